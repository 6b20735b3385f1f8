// MicroPython, for worker.js. Its own script, which gives `loadMicroPython`, is put before this text.

const MOST = 500e6;
const load = (settings) => {
  // Its module is asked for before its script sets itself up, which would do so only then.
  const { fetch: own } = self;
  const wasm = own(settings.micropythonWasm);
  self.fetch = () => {
    self.fetch = own;
    return wasm;
  };
  return loadMicroPython({
    url: settings.micropythonWasm,
    heapsize: 4 * 1024 * 1024,
    stdout: log,
    stderr: log,
    linebuffer: true,
  });
};
