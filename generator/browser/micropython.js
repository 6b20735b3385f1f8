// MicroPython, for worker.js.

const MOST = 500e6;
const load = async (settings) => {
  const { loadMicroPython } = await import(settings.micropythonEngine);
  return loadMicroPython({
    url: settings.micropythonWasm,
    heapsize: 4 * 1024 * 1024,
    stdout: log,
    stderr: log,
    linebuffer: true,
  });
};
