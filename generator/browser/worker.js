// The worker of a group of demos: one interpreter, which only ever sees JSON text. What differs between the engines, the
// function `load` and MOST, the bytes of memory it may take, stands in micropython.js and pyodide.js, one of which is put
// before this text. RUNTIME is replaced when the site is built: the Python of ours that travels, path → text. So a worker
// has all but the engine itself and the page's payload when it begins.
//
// From the page: {start: {…}} once, then {event: "[demo, number, given, bound, ticket]"}, {ping: n} and {pause: true}.
// To the page: {ready}, {news: "{…}"} (see pressrun/live.py), {pong: n}, {log: "…"}, {broken: "…"}.

const page = { data: "", receive: null };
const log = (text) => postMessage({ log: text });

// A turn of the event loop for `asyncio.sleep(0)`: a message to ourselves, which no timer clamp delays; one is due 8
// milliseconds after the last, half a frame. While the page is hidden and the demo's author wants it to rest, nobody gets a turn.
const channel = new MessageChannel();
const waiting = [];
let paused = false;
let turned = 0;
channel.port1.onmessage = () => paused || waiting.shift()?.();
page.due = () => paused || performance.now() - turned > 8;
page.turn = async () => {
  await new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(0);
  });
  turned = performance.now();
};
let here = "";
// Tracebacks name the page's own Python by the page.
let saving = 0;
page.post = (text) => {
  // Lists and dicts are remembered in a quiet moment, and before each event: a long one takes its time.
  saving ||= setTimeout(() => {
    saving = 0;
    page.save();
  }, 300);
  postMessage({ news: text.includes('"x":') ? text.replaceAll("__page__.py", here) : text });
};
page.ready = () => postMessage({ ready: true });

// A demo that allocates without end gets an error of its own, long before the reader's machine suffers.
const memory = WebAssembly.Memory.prototype;
const { grow } = memory;
memory.grow = function (pages) {
  if (this.buffer.byteLength + pages * 65536 > MOST) throw new RangeError("too much memory");
  return grow.call(this, pages);
};

const write = (files, path, text) => {
  files.mkdirTree(("/" + path).replace(/\/[^/]*$/, ""));
  files.writeFile("/" + path, text);
};

const start = async (settings) => {
  const [answer, python] = await Promise.all([fetch(settings.payload), load(settings)]);
  if (!answer.ok) throw new Error(`${settings.payload}: ${answer.status}`);
  const data = (await answer.json())[settings.index];
  const sources = RUNTIME;
  for (const path in sources) write(python.FS, path, sources[path]);
  for (const [name, path, source] of data.modules) {
    if (name === "__page__") here = path;
    write(python.FS, name.replaceAll(".", "/") + ".py", source);
  }
  if (settings.saved) {
    data.saved = settings.saved;
    data.first = {};
  }
  delete data.modules;
  page.data = JSON.stringify(data);
  python.registerJsModule("_page", page);
  python.runPython("import _page, pressrun\npressrun.boot(_page)");
};

onmessage = ({ data }) => {
  if (data.ping) postMessage({ pong: 1 });
  else if (data.event) page.receive(data.event);
  else if (data.start) start(data.start).catch((error) => postMessage({ broken: String(error.message ?? error) }));
  else {
    paused = data.pause;
    if (!paused) for (const resolve of waiting.splice(0)) resolve();
  }
};
