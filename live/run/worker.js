// The worker in which a page runs Python. It loads the bundle, hands its way out of the page away, and then runs cells.
import { close, start } from "./python.js";

const fetchFile = self.fetch.bind(self);

/** An error that has a sentence of its own. */
const trouble = (kind, error) => Object.assign(new Error(error), { kind });
const cutOff = (error) => Promise.reject(trouble("network", error.message));

/** Where the browser keeps the bundle of a version; null where nothing can be kept. */
async function storage(version) {
  try {
    for (const name of await self.caches.keys())
      if (name.startsWith("python-") && name !== `python-${version}`) await self.caches.delete(name);
    return await self.caches.open(`python-${version}`);
  } catch {
    return null; // switched off, not there, or broken
  }
}

/** The bytes of a file of the bundle: kept by the browser under its version, else from the site, and then kept. */
async function load(base, { version, files }, kept, name, progress) {
  const file = files[name].compressed ? `${name}.gz` : name;
  const address = `${base}${file}?v=${version}`;
  const found = await kept?.match(address).catch(() => null);
  if (found) {
    const bytes = await found.arrayBuffer();
    progress(files[name].bytes);
    return bytes;
  }
  const answer = await fetchFile(address).catch(cutOff);
  if (!answer.ok) throw trouble("server", `${answer.status} ${file}`);
  const parts = [];
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read().catch(cutOff);
    if (done) break;
    parts.push(value);
    if (files[name].compressed) progress(value.length);
  }
  if (!files[name].compressed) progress(files[name].bytes); // what came through the network is not what is counted here
  const bytes = await new Blob(parts).arrayBuffer();
  await kept?.put(address, new Response(bytes)).catch(() => {}); // no room: it is loaded again next time
  return bytes;
}

const unpacked = (bytes) => new Response(bytes).body.pipeThrough(new DecompressionStream("gzip"));

/** Load the files, and let Pyodide find them as if it fetched them. */
async function begin({ base, bundle }) {
  let done = 0;
  const progress = (bytes) => postMessage({ loading: (done += bytes) });
  const kept = await storage(bundle.version);
  const names = Object.keys(bundle.files).filter((name) => !name.endsWith("js")); // programs come by import
  const loaded = await Promise.all(names.map((name) => load(base, bundle, kept, name, progress)));
  const content = new Map(names.map((name, number) => [name, loaded[number]]));
  postMessage({ state: "starting" });
  const body = (name) => (bundle.files[name].compressed ? unpacked(content.get(name)) : content.get(name));
  self.fetch = async (address) => {
    const name = new URL(address.url ?? address, base).pathname.split("/").at(-1);
    if (!content.has(name)) throw new TypeError(`${name} is not part of this Python`);
    const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
    return new Response(body(name), { headers: { "content-type": type } });
  };
  const { loadPyodide } = await import(`${base}pyodide.mjs?v=${bundle.version}`).catch(cutOff);
  const packages = new Response(body("packages.tar")).arrayBuffer();
  const { run, python } = await start(loadPyodide, base, packages);
  content.clear();
  close(python);
  return run;
}

let run;

self.onmessage = async ({ data }) => {
  if (data.bundle) {
    try {
      run = await begin(data);
      postMessage({ state: "ready" });
    } catch (error) {
      // pyodide.mjs imports a program more; only the words of its error, in each browser others, say that this broke off
      const broken = error instanceof TypeError && /fetch|network|load|import/i.test(error.message);
      postMessage({ failed: error.kind ?? (broken ? "network" : "server"), error: String(error.message).trim().split("\n").at(-1).slice(0, 300) });
    }
    return;
  }
  try {
    const outcome = run(data.source, (text) => data.quiet || postMessage({ text }));
    postMessage({ outcome });
  } catch (error) {
    // not a mistake of the cell, which is part of the outcome: Python itself has ended
    postMessage({ failed: "crashed", error: String(error.message).trim().split("\n").at(-1).slice(0, 300) });
  }
};
