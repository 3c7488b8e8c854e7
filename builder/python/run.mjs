// Runs cells of chapters in the Python of the pages and prints what came of them.
// node run.mjs FOLDER-OF-THE-BUNDLE live/run/python.js < [[source, ...], ...] > [[{text, error, ...}, ...], ...]
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import zlib from "node:zlib";
import { pathToFileURL } from "node:url";

const [bundle, program] = process.argv.slice(2).map((name) => path.resolve(name));
const chapters = JSON.parse(fs.readFileSync(0, "utf8"));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "python-"));
const answer = process.stdout.write.bind(process.stdout);
try {
  for (const name of fs.readdirSync(bundle)) {
    const content = fs.readFileSync(path.join(bundle, name));
    if (name.endsWith(".gz")) fs.writeFileSync(path.join(folder, name.slice(0, -3)), zlib.gunzipSync(content));
    else fs.writeFileSync(path.join(folder, name), content);
  }
  const { loadPyodide } = await import(pathToFileURL(path.join(folder, "pyodide.mjs")).href);
  const { start } = await import(pathToFileURL(program).href);
  const packages = fs.readFileSync(path.join(folder, "packages.tar"));
  const begun = performance.now();
  const { run, forget, python } = await start(loadPyodide, folder + path.sep, new Uint8Array(packages).buffer);
  const ready = performance.now() - begun;
  const outcomes = chapters.map((cells) => {
    forget();
    return cells.map((source) => {
      let text = "";
      const from = performance.now();
      const outcome = run(source, (part) => (text += part));
      return { ...outcome, text, ms: performance.now() - from };
    });
  });
  answer(JSON.stringify({ ready, memory: python._module.HEAPU8.length, outcomes }));
} catch (error) {
  process.stderr.write(`${error.message}\n`); // without the line of code it comes from, which is a million letters long
  process.exitCode = 1;
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
