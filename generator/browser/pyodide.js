// Pyodide, for worker.js. LOCK is replaced when the site is built: what Pyodide wants to know about itself, and no packages.

const MOST = 1e9;
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
