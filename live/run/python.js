// Python with Keras, as the worker of a page and the tests start it: one way, so that what is tested is what readers get.

const SITE = "/lib/python3.12/site-packages";
const LARGEST = 1024 ** 3; // bytes that Python may take: beyond that a cell gets Python's own MemoryError

/** Let the memory grow up to `LARGEST` and no further. */
function boundMemory() {
  const Memory = WebAssembly.Memory;
  WebAssembly.Memory = function ({ maximum, ...settings }) {
    return new Memory({ ...settings, maximum: Math.min(maximum, LARGEST / 65536) });
  };
  WebAssembly.Memory.prototype = Memory.prototype;
}

/**
 * Start Python and load Keras.
 * @param {Function} loadPyodide from pyodide.mjs
 * @param {string} indexURL where its files are
 * @param {Promise<ArrayBuffer>} packages the archive packages.tar
 * @returns {Promise<{run: (source: string, say: (text: string) => void) => object, forget: () => void, python: object}>}
 */
export async function start(loadPyodide, indexURL, packages) {
  boundMemory();
  const python = await loadPyodide({ indexURL, env: { KERAS_BACKEND: "numpy", HOME: "/home/pyodide", PYTHONHASHSEED: "0" } });
  python.unpackArchive(await packages, "tar", { extractDir: SITE });
  const page = python.pyimport("book_page");
  page.start();
  const forget = () => page.forget();
  const run = (source, say) => {
    const outcome = page.run(source, say);
    try {
      return outcome.toJs({ dict_converter: Object.fromEntries });
    } finally {
      outcome.destroy();
    }
  };
  return { run, forget, python };
}

// What leads out of a worker, or to code that could. A page's content security policy does not bind its workers.
const WAYS_OUT = [
  "fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource", "importScripts", "Worker",
  "SharedWorker", "BroadcastChannel", "caches", "cookieStore", "indexedDB", "FontFace", "fonts", "eval", "Function",
];

/** Take from Python, for good, the ways out of the worker that it runs in. */
export function close(python) {
  // import() cannot be taken away, but without these nobody can make a program that says it
  const functions = [() => {}, async () => {}, function* () {}, async function* () {}];
  for (const one of functions)
    Object.defineProperty(Object.getPrototypeOf(one), "constructor", { value: undefined, writable: false, configurable: false });
  const closed = function () {
    throw new TypeError("This is not available in this page");
  };
  closed.prototype = Function.prototype; // Pyodide asks what is an instance of Function
  for (const name of WAYS_OUT) {
    for (let holder = self; holder; holder = Object.getPrototypeOf(holder)) delete holder[name];
    Object.defineProperty(self, name, { value: closed, writable: false, configurable: false });
  }
  for (const name of ["js", "pyodide_js"]) python.unregisterJsModule(name);
  python.runPython("import sys\nfor name in ('js', 'pyodide_js'):\n    sys.modules.pop(name, None)"); // imported at the start
}
