// What holds together the parts of MicroPython's own script that a worker needs (PARTS, put in by generator/demos/glue.py): its
// memory, its functions, its texts. Emscripten's script, in which they stand otherwise, is ten times as large; most of it is for what
// a worker has not. These names are the parts' own. `Module.env` is what they give to WebAssembly, `Module.api` what they give to us.
{
  let wasm, bytes, words, doubles;
  const entries = [];
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const MP_JS_EPOCH = Date.now();
  const UTF8ToString = (at, size = bytes.indexOf(0, at) - at) => decoder.decode(bytes.subarray(at, at + size));
  const getValue = (at, kind) => (kind === "i32" ? words[at >> 2] : doubles[at >> 3]);
  const getWasmTableEntry = (number) => (entries[number] ??= wasm.__indirect_function_table.get(number));
  const stackSave = () => wasm.emscripten_stack_get_current();
  const stackRestore = (top) => wasm._emscripten_stack_restore(top);
  const _setThrew = (one, other) => wasm.setThrew(one, other);
  const Module = (self.Module = {
    UTF8ToString,
    getValue,
    setValue: (at, value, kind) => {
      if (kind === "i32") words[at >> 2] = value;
      else doubles[at >> 3] = value;
    },
    lengthBytesUTF8: (text) => encoder.encode(text).length,
    stringToUTF8: (text, at) => {
      bytes[at + encoder.encodeInto(text, bytes.subarray(at)).written] = 0;
    },
    _malloc: (size) => wasm.malloc(size),
    _free: (at) => wasm.free(at),
    ccall: (name, gives, kinds, given) => {
      const top = stackSave();
      const put = (text) => {
        const at = wasm._emscripten_stack_alloc(3 * text.length + 1);
        Module.stringToUTF8(text, at);
        return at;
      };
      const result = wasm[name](...given.map((one, at) => (kinds[at] === "string" ? put(one) : one)));
      stackRestore(top);
      return result;
    },
    // The module that was instantiated; again whenever its memory has grown.
    take: (exports) => {
      const { buffer } = exports.memory;
      wasm = exports;
      bytes = new Uint8Array(buffer);
      words = new Int32Array(buffer);
      doubles = new Float64Array(buffer);
      return [bytes, words];
    },
    env: { ENV },
    api: { API },
  });
  // Of Python's objects only functions, numbers and texts reach JavaScript: nothing stands for the others.
  const PyProxy = class {};
  const py_proxy_handler = {};
  PROXIES;
  proxy_js_init();
}
