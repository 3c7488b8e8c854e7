// Runs pack.py in the Python that the pages will have, so that it is compiled by the version that reads it.
// node pack.mjs FOLDER-OF-THE-RUNTIME FOLDER-OF-THE-PARTS FOLDER-FOR-THE-ARCHIVES
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [runtime, parts, made] = process.argv.slice(2).map((name) => path.resolve(name));
const { loadPyodide } = await import(pathToFileURL(path.join(runtime, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: runtime + path.sep, env: { PYTHONHASHSEED: "0", HOME: "/" } });
for (const [place, folder] of [["/parts", parts], ["/made", made]]) python.mountNodeFS(place, folder);
try {
  python.runPython(fs.readFileSync(new URL("pack.py", import.meta.url), "utf8"));
} catch (error) {
  process.stderr.write(`${error.message}\n`); // without the line of code it comes from, which is a million letters long
  process.exitCode = 1;
}
