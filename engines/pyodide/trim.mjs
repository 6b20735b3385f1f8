// node trim.mjs PYODIDE-FOLDER OUT-FOLDER: runs trim.py in Pyodide; writes python_stdlib.zip and the names that demos can import.
// Code without columns (lines are enough for tracebacks) is a quarter smaller.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [engine, out] = process.argv.slice(2).map((folder) => path.resolve(folder));
const { loadPyodide } = await import(pathToFileURL(path.join(engine, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: engine, env: { PYTHONNODEBUGRANGES: "1" } });
const names = python.runPython(fs.readFileSync(new URL("trim.py", import.meta.url), "utf8"));
fs.writeFileSync(path.join(out, "python_stdlib.zip"), python.FS.readFile("/python_stdlib.zip"));
fs.writeFileSync(path.join(out, "modules.json"), names);
