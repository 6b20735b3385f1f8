// Starts the worker of a page's first demo while the page is still being read. Only pages whose first screen holds a demo have
// it, at the top of their head. What the worker says meanwhile is kept for demo.js, which goes on from here.

(() => {
  const tag = document.currentScript;
  const start = JSON.parse(tag.dataset.start);
  const worker = new Worker(start.worker, { type: "module" });
  const kept = [];
  worker.onmessage = worker.onerror = (event) => kept.push(event);
  worker.postMessage({ start });
  tag.begun = { worker, kept };
  // What it will ask for is on its way by then. A page that is left before the worker has said a word takes nothing with it, and
  // begins again when it is come back to: Chromium's process of the pages crashes now and then when such a worker is put away.
  let early = new AbortController();
  for (const address of start.ahead) {
    fetch(address, { signal: early.signal }).then((answer) => answer.blob()).catch(() => {});
  }
  worker.addEventListener("message", () => (early = null));
  addEventListener("pagehide", () => {
    if (!early) return;
    early.abort();
    worker.terminate();
    addEventListener("pageshow", () => location.reload());
  });
})();
