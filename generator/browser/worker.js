// The worker of a group of demos: one interpreter, which only ever sees JSON text. What differs between the engines, the
// functions `load` and `write`, stands in micropython.js and pyodide.js, one of which is put before this text. RUNTIME is
// replaced when the site is built: the Python of ours that travels, path → text. The page fetches the rest while a worker comes to life.
//
// From the page: {start: {…}} once, then {event: "[demo, number, given, bound, ticket]"}, {ping: n} and {pause: true}.
// To the page: {ready}, {news: "{…}"} (see pressrun/live.py), {pong: n}, {log: "…"}, {broken: "…"}.

const page = {}; // what pressrun/live.py knows of us: `boot`
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
let here; // tracebacks name the page's own Python by the page
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

const start = async (settings) => {
  const python = await load(settings);
  const data = settings.groups[settings.index];
  const sources = RUNTIME;
  for (const path in sources) write(python, path, sources[path]);
  for (const [name, path, source] of data.modules) {
    if (name === "__page__") here = path;
    write(python, name.replaceAll(".", "/") + ".py", source);
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
