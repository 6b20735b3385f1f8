// The worker of a page's demos: one interpreter, which only ever sees JSON text.
//
// From the page: {start: {…}} once, then {event: "[demo, number, given, bound, ticket]"} and {ping: n}.
// To the page: {ready}, {news: "{…}"} (see pressrun/live.py), {pong: n}, {log: "…"}, {broken: "…"}.

const page = { data: "", receive: null };

// A turn of the event loop for `asyncio.sleep(0)`: a message to ourselves, which no timer clamp delays.
const channel = new MessageChannel();
const waiting = [];
channel.port1.onmessage = () => waiting.shift()();
page.turn = () =>
  new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(0);
  });
let here = "";
// Tracebacks name the page's own Python by the page.
page.post = (text) => postMessage({ news: text.includes('"x":') ? text.replaceAll("__page__.py", here) : text });
page.ready = () => postMessage({ ready: true });

const write = (files, path, text) => {
  const parts = path.split("/");
  for (let depth = 1; depth < parts.length; depth++) {
    const folder = "/" + parts.slice(0, depth).join("/");
    if (!files.analyzePath(folder).exists) files.mkdir(folder);
  }
  files.writeFile("/" + path, text);
};

const start = async ({ engine, wasm, runtime, payload, saved }) => {
  const json = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  };
  const log = (text) => postMessage({ log: text });
  const engineLoads = import(engine).then(({ loadMicroPython }) =>
    loadMicroPython({ url: wasm, heapsize: 4 * 1024 * 1024, stdout: log, stderr: log, linebuffer: true }),
  );
  const [python, sources, data] = await Promise.all([engineLoads, json(runtime), json(payload)]);
  for (const path in sources) write(python.FS, path, sources[path]);
  for (const [name, path, source] of data.modules) {
    if (name === "__page__") here = path;
    write(python.FS, name.replaceAll(".", "/") + ".py", source);
  }
  if (saved) {
    data.saved = saved;
    data.first = {};
  }
  delete data.modules;
  page.data = JSON.stringify(data);
  python.registerJsModule("_page", page);
  python.runPython("import _page, pressrun.live\npressrun.live.boot(_page)");
};

onmessage = ({ data }) => {
  if (data.ping !== undefined) postMessage({ pong: data.ping });
  else if (data.event) page.receive(data.event);
  else start(data.start).catch((error) => postMessage({ broken: String(error.message ?? error) }));
};
