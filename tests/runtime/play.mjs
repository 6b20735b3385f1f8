// node play.mjs ENGINE.mjs SCENE.json: writes the scene's files into an engine's file system and runs its main module.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [engine, scene] = process.argv.slice(2);
const { files, main } = JSON.parse(fs.readFileSync(scene, "utf8"));
const module = await import(pathToFileURL(engine).href);
const stdout = (text) => console.log(text);
const stderr = (text) => console.error(text);
const folder = path.dirname(engine);

const loads = {
  "micropython.mjs": () => module.loadMicroPython({ heapsize: 4 * 1024 * 1024, stdout, stderr }),
  "pyodide.mjs": async () => {
    const { lock } = JSON.parse(fs.readFileSync(path.join(folder, "engine.json"), "utf8"));
    const python = await module.loadPyodide({
      indexURL: folder,
      packageBaseUrl: folder,
      lockFileContents: lock,
      stdout,
      stderr,
    });
    // What a page's worker does before all else.
    const worker = fs.readFileSync(new URL("../../generator/browser/pyodide.js", import.meta.url), "utf8");
    python.runPython(worker.match(/runPython\(`([^`]*)`\)/)[1]);
    return python;
  },
};
const python = await loads[path.basename(engine)]();
for (const name in files) {
  python.FS.mkdirTree(("/" + name).replace(/\/[^/]*$/, ""));
  python.FS.writeFile("/" + name, files[name]);
}
await python.runPythonAsync(main);
