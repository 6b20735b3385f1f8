// MicroPython, for worker.js: what its WebAssembly module asks of the world. Files are for its imports only;
// -44 says that there is none.

const files = new Map(); // path, as an import asks for it → what is read there
const opened = []; // what is left to read of each file that was opened
const output = new TextDecoder();
let said = ""; // of a line that is not at its end
let engine; // what the WebAssembly module exports
let bytes;
let words; // its memory

const look = () => ([bytes, words] = Module.take(engine));
const write = (python, path, text) => files.set(path, new TextEncoder().encode(text));

const world = {
  // A demo that allocates without end gets an error of its own, long before the reader's machine suffers.
  emscripten_resize_heap: (size) => {
    const more = Math.max(size >>> 0, 1.2 * bytes.length) - bytes.length;
    if (bytes.length + more > 5e8) return 0;
    engine.memory.grow(Math.ceil(more / 65536));
    look();
    return 1;
  },
  __syscall_stat64: (path, out) => {
    const name = Module.UTF8ToString(path);
    const file = files.has(name);
    words[out / 4 + 1] = 16384 << file; // a folder or a file
    return file || [...files].some(([one]) => one.startsWith(name + "/")) ? 0 : -44;
  },
  __syscall_openat: (folder, path) => {
    const data = files.get(Module.UTF8ToString(path));
    return data ? opened.push(data) + 2 : -44;
  },
  // Of the places to read into or to write from, the first: it is asked again for what is left.
  fd_read: (file, places, count, out) => {
    const [at, most] = words.subarray(places / 4);
    const part = opened[file - 3].subarray(0, most);
    bytes.set(part, at);
    opened[file - 3] = opened[file - 3].subarray(most);
    words[out / 4] = part.length;
    return 0;
  },
  fd_write: (file, places, count, out) => {
    const [at, size] = words.subarray(places / 4);
    const whole = (said + output.decode(bytes.subarray(at, at + size), { stream: true })).split("\n");
    said = whole.pop();
    whole.forEach(log);
    words[out / 4] = size;
    return 0;
  },
  fd_close: () => 0,
};

const load = async (settings) => {
  const env = new Proxy({ ...Module.env, ...world }, { get: (known, name) => known[name] ?? (() => -44) });
  const instance = await WebAssembly.instantiate(settings.wasm, { env, wasi_snapshot_preview1: env });
  engine = instance.exports;
  look();
  engine.__wasm_call_ctors();
  engine.mp_js_init(2048, 4 << 20); // the words of its stack, the bytes of its heap
  engine.proxy_c_init();
  return Module.api;
};
