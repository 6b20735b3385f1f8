// Pyodide, for worker.js. LOCK is replaced when the site is built: what Pyodide wants to know about itself, and no packages.

// A demo that allocates without end gets an error of its own, long before the reader's machine suffers.
const MOST = 1e9;
const memory = WebAssembly.Memory.prototype;
const { grow } = memory;
memory.grow = function (pages) {
  if (this.buffer.byteLength + pages * 65536 > MOST) throw new RangeError("too much memory");
  return grow.call(this, pages);
};

const load = async (settings) => {
  const folder = new URL(settings.pyodideFolder, location).href;
  const { loadPyodide } = await import(folder + "pyodide.mjs");
  const python = await loadPyodide({
    indexURL: folder,
    packageBaseUrl: folder,
    lockFileContents: LOCK,
    stdout: log,
    stderr: log,
  });
  // Our modules lie at the root. Tracebacks read as MicroPython's do; the standard library's lines are left out.
  python.runPython(`
import sys, traceback
sys.path.insert(0, "/")
sys.print_exception = lambda error, out: out.write(
    "".join(traceback.format_exception(error)).replace('File "/lib/', 'File "<').replace('File "/', 'File "'))
`);
  return python;
};
const write = ({ FS }, path, text) => {
  FS.mkdirTree(("/" + path).replace(/\/[^/]*$/, ""));
  FS.writeFile("/" + path, text);
};
