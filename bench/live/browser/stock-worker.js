// A page's worker as generator/browser/worker.js is, on Pyodide as its npm package has it.
import { loadPyodide } from "/stock/pyodide.mjs";

const page = { data: "", receive: null };
const channel = new MessageChannel();
const waiting = [];
channel.port1.onmessage = () => waiting.shift()();
page.due = () => true;
page.turn = () =>
  new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(0);
  });
page.post = (text) => postMessage({ news: text });
page.ready = () => postMessage({ ready: true });

const start = async ({ groups, index }) => {
  const json = async (address) => (await fetch(address)).json();
  const [python, sources] = await Promise.all([loadPyodide({ indexURL: "/stock/" }), json("/stock/runtime.json")]);
  const data = groups[index];
  const write = (path, text) => {
    const at = "/home/pyodide/" + path;
    python.FS.mkdirTree(at.slice(0, at.lastIndexOf("/")));
    python.FS.writeFile(at, text);
  };
  for (const path in sources) write(path, sources[path]);
  for (const [name, , source] of data.modules) write(name.replaceAll(".", "/") + ".py", source);
  delete data.modules;
  page.data = JSON.stringify(data);
  python.registerJsModule("_page", page);
  python.runPython("import _page, pressrun\npressrun.boot(_page)");
};

onmessage = ({ data }) => {
  if (data.ping !== undefined) postMessage({ pong: data.ping });
  else if (data.event) page.receive(data.event);
  else start(data.start);
};
