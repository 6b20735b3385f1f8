// node play.mjs ENGINE.mjs SCENE.json: writes the scene's files into MicroPython's file system and runs its main module.
import fs from "node:fs";
import { pathToFileURL } from "node:url";

const [engine, scene] = process.argv.slice(2);
const { files, main } = JSON.parse(fs.readFileSync(scene, "utf8"));
const { loadMicroPython } = await import(pathToFileURL(engine).href);
const python = await loadMicroPython({
  heapsize: 4 * 1024 * 1024,
  stdout: (text) => console.log(text),
  stderr: (text) => console.error(text),
});
for (const path in files) {
  const parts = path.split("/");
  for (let depth = 1; depth < parts.length; depth++) {
    const folder = "/" + parts.slice(0, depth).join("/");
    if (!python.FS.analyzePath(folder).exists) python.FS.mkdir(folder);
  }
  python.FS.writeFile("/" + path, files[path]);
}
await python.runPythonAsync(main);
