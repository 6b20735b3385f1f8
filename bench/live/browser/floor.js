// The floor: a worker, the bare engine in it, and one message back. The page has nothing else to do.
const worker = new Worker("/floor/worker.js", { type: "module" });
worker.onmessage = () => {
  window.answered = performance.now();
};
