// Fetch and instantiate the engine, run nothing, answer.
import { loadMicroPython } from "/floor/micropython.mjs";

await loadMicroPython({ url: "/floor/micropython.wasm", heapsize: 4 * 1024 * 1024 });
postMessage(1);
