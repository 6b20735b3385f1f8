// The page's part of the live demos. It knows no state: it binds what the HTML says is live (`data-bind`, see
// generator/demos/views.py), sends events to the worker, and puts the values that come back where they belong.
//
// - Nothing is fetched before a demo comes near the viewport or is touched; events until then are kept and replayed.
// - What is being typed is never overwritten: an element is held from the first keystroke until its event is answered.
// - There is one worker for each engine, and one for each demo that is `isolated` (`host`).
// - A worker that does not answer for two seconds can be stopped, and starts again from the last state.

const settings = document.querySelector("script[data-payload]").dataset;
const PATIENCE = 2000; // milliseconds without an answer; five times as long while it starts
const frames = new Map(); // number → {root, table, host}
let tickets = 0;
const holds = new WeakMap(); // element → how many answers it waits for
const timers = new Map(); // element → {event number: {timer, send}}

// ---------------------------------------------------------------- binding

let more; // rows, tabs, dialogs and the like: only some pages need them
const parts = async () => (more = await import(settings.parts));
const tokensOf = (element) => (element.dataset.bind ? element.dataset.bind.split(" ") : []);

const bind = (element, table) => {
  for (const token of tokensOf(element)) {
    const at = token.lastIndexOf("=");
    const [kind, name] = token.slice(0, at).split(":");
    const [number, ...rest] = token.slice(at + 1).split(";");
    if (kind === "on") {
      listen(element, name, number, rest, table);
      continue;
    }
    const entry = { element, kind, name, missed: false };
    if (name === "checked") entry.value = element.checked = element.defaultChecked; // not what the browser remembers
    if (name === "aria-checked") entry.value = element.getAttribute(name) === "true";
    if (kind === "each" || kind === "cond") {
      entry.rounds = [];
      let next = element;
      for (let count = Number(rest[0] ?? 0); count > 0; count--) {
        next = next.nextElementSibling;
        entry.rounds.push(bindRound(next, table.demo));
      }
    }
    table.entries.set(number, entry);
  }
};

const bindRound = (element, demo) => {
  element.demoRound = true;
  return { element, table: bindAll(element, demo) };
};

const bindAll = (root, demo) => {
  const table = { demo, entries: new Map(), events: new Map() };
  const walk = (element) => {
    bind(element, table);
    for (const child of [...element.children]) if (!child.demoRound) walk(child);
  };
  walk(root);
  return table;
};

const unsafe = (address) => /^(javascript|vbscript|data):/i.test(address.replace(/[\0- ]/g, ""));
const ADDRESSES = ["href", "src", "action", "formaction", "poster"];
const shown = (value) => (value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value));

const apply = (table, values) => {
  for (const number in values) {
    const entry = table.entries.get(number);
    if (entry) put(entry, values[number], table.demo);
    else table.events.set(number, values[number]);
  }
};

const put = (entry, value, demo) => {
  const { element, kind, name } = entry;
  entry.value = value;
  if (kind === "text") {
    if (element.textContent !== shown(value)) element.textContent = shown(value);
  } else if (kind === "prop") {
    const wanted = name === "checked" ? Boolean(value) : shown(value);
    entry.missed = Boolean(holds.get(element));
    if (!entry.missed && element[name] !== wanted) element[name] = wanted;
  } else if (entry.rounds) {
    const act = kind === "each" ? more.repeat : branch;
    for (let at = 0; at < value.length; at += 2) act(entry, value[at], value[at + 1], demo, bindRound, apply);
  } else if (kind === "css") {
    element.style.setProperty(name, shown(value));
  } else if (kind === "open") {
    more.open(element, value);
  } else {
    const spoken = typeof value === "boolean" && /^(aria|data)-/.test(name) ? String(value) : value;
    if (spoken === null || spoken === false || (ADDRESSES.includes(name) && unsafe(shown(spoken)))) {
      element.removeAttribute(name);
    } else {
      const text = spoken === true ? "" : shown(spoken);
      if (element.getAttribute(name) !== text) element.setAttribute(name, text);
    }
  }
};

// A branch is there once or not at all; rows are work for parts.js.
const branch = (entry, [run], changes, demo) => {
  let [round] = entry.rounds;
  if (round && run?.[0] !== 0) {
    round.element.remove();
    round = null;
  }
  if (run) {
    const fresh = !round && (round = bindRound(copy(entry), demo));
    apply(round.table, changes[0]);
    if (fresh) entry.element.after(round.element);
  }
  entry.rounds = round ? [round] : [];
};
const copy = (entry) => entry.element.content.firstElementChild.cloneNode(true);

// ---------------------------------------------------------------- events

const listen = (element, name, number, [gives, ...options], table) => {
  const wait = Number(options.find((option) => /^d\d/.test(option))?.slice(1) ?? 0);
  const pause = Number(options.find((option) => /^t\d/.test(option))?.slice(1) ?? 0);
  const act = (event) => {
    if (options.includes("p") || name === "submit") event.preventDefault();
    if (options.includes("s")) event.stopPropagation();
    const given = [];
    if (gives === "value") given.push(element.value);
    else if (gives === "checked") given.push(element.checked);
    else if (gives === "key") given.push(event.key);
    else if (gives === "form") given.push(Object.fromEntries(new FormData(element)));
    else if (gives === "pressed") {
      given.push(element.getAttribute("aria-checked") !== "true");
      element.setAttribute("aria-checked", given[0]);
    }
    const bound = table.events.get(number) ?? JSON.parse(element.getAttribute("data-on" + number));
    const send = () => dispatch(element, table.demo, number, given, bound, name);
    if (wait || pause) later(element, number, wait, pause, send);
    else send();
    if (options.includes("r")) element.reset();
  };
  if (name === "mount") queueMicrotask(() => act(new Event(name)));
  else element.addEventListener(name, act);
};

// Debounced (the last one counts, after a silence) and throttled (the first one, then silence) events.
const later = (element, number, wait, pause, send) => {
  const own = timers.get(element) ?? {};
  timers.set(element, own);
  if (pause) {
    if (own[number]) return;
    send();
    own[number] = { timer: setTimeout(() => delete own[number], pause), send: null };
    return;
  }
  if (own[number]) clearTimeout(own[number].timer);
  else hold(element, 1);
  const fire = () => {
    delete own[number];
    send();
    hold(element, -1);
  };
  own[number] = { timer: setTimeout(fire, wait), send: fire };
};

const flush = (event) => {
  if (event.type === "keydown" && event.key !== "Enter") return;
  for (const pending of Object.values(timers.get(event.target) ?? {})) {
    clearTimeout(pending.timer);
    pending.send?.();
  }
};

const hold = (element, change) => holds.set(element, (holds.get(element) ?? 0) + change);

const dispatch = (element, demo, number, given, bound, name) => {
  const { root, host } = frames.get(demo);
  const lazy = name === "mount";
  // Whoever has done something may want to begin anew.
  const again = root.querySelector(":scope > .demo-reset");
  again.onclick = host.reset;
  again.hidden &&= lazy;
  hold(element, 1);
  host.send(element, [demo, number, given, bound, ++tickets], lazy);
};

const release = (element) => {
  hold(element, -1);
  if (!holds.get(element)) settle(element);
};

// The element is free again: show what the state says, which may have changed meanwhile (or refused the change).
const settle = (element) => {
  const again = (table) => {
    for (const entry of table.entries.values()) {
      if (entry.element === element && (entry.missed || /checked$/.test(entry.name))) put(entry, entry.value);
      for (const round of entry.rounds ?? []) again(round.table);
    }
  };
  for (const frame of frames.values()) again(frame.table);
};

// ---------------------------------------------------------------- workers

const got = async (url) => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer;
};
// The engine, compiled; it takes longer where the host does not say what it is.
const compiled = (url) =>
  url &&
  WebAssembly.compileStreaming(fetch(url)).catch(async () => WebAssembly.compile(await (await got(url)).arrayBuffer()));

// What happens in one worker, and to the frames of its demos. `word`: "engine:numbers" or "engine:numbers:p" (it pauses).
const host = (word, index) => {
  const [engine, numbers, pauses] = word.split(":");
  const mine = numbers.split(",").map((number) => frames.get(number)); // the frames of its demos
  const open = new Map(); // ticket → element that waits for the answer
  let saved = {};
  let early = []; // events that came before the worker was ready
  let news = null; // values that wait for the next frame
  let painted = 0; // when values were shown last
  let worker, ready, busy, timer;
  let anew; // how it began last; undefined before it has
  let unanswered = 0; // time of the first ping without an answer

  const start = (again) => {
    if (worker) return;
    anew = again ?? false;
    const own = (worker = new Worker(settings[engine], { type: "module" }));
    worker.onmessage = ({ data }) => receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      end(event.message);
    };
    // While it comes to life, what it works with is fetched.
    Promise.all([got(settings.payload).then((answer) => answer.json()), compiled(settings[engine + "Wasm"])]).then(
      ([groups, wasm]) => own.postMessage({ start: { ...settings, index, groups, wasm, saved: again ? saved : null } }),
      (error) => own === worker && end(error.message),
    );
    watch();
  };

  const send = (element, call, lazy) => {
    open.set(call[4], element);
    const text = JSON.stringify(call);
    if (ready) {
      worker.postMessage({ event: text });
      watch();
    } else {
      early.push(text);
      if (!lazy) start();
    }
  };

  const receive = (data) => {
    if (data.news) {
      take(JSON.parse(data.news));
    } else if (data.ready) {
      ready = true;
      for (const { root } of mine) root.dataset.live = engine;
      document.documentElement.dataset.demos = "ready";
      for (const text of early) worker.postMessage({ event: text });
      early = [];
    } else if (data.pong) {
      unanswered = 0;
      clear(".demo-stop");
    } else if (data.broken) {
      end(data.broken);
    } else {
      console.log(data.log);
    }
  };

  const take = (message) => {
    busy = message.b;
    Object.assign(saved, message.s);
    for (const [demo, text, trace] of message.x ?? []) {
      if (/^Memory/.test(text)) end(trace);
      else tell(frames.get(demo).root, text, trace);
    }
    for (const [name, values] of message.f ?? []) {
      if (name === "log") console.log(...values);
      else parts().then(() => more[name](...values));
    }
    if (message.d || message.a) {
      const waits = news;
      news ??= { values: {}, done: [] };
      for (const demo in message.d) merge((news.values[demo] ??= {}), message.d[demo], frames.get(demo).table.entries);
      news.done.push(...(message.a ?? []));
      // What comes first is shown at once; what follows within a frame, with the next one.
      if (!waits && (!message.d || performance.now() - painted > 16)) show();
      else if (!waits) (document.hidden ? setTimeout : requestAnimationFrame)(show);
    }
    if (busy) watch();
  };

  // Of a value, the last one counts; changes of rows build on one another.
  const merge = (waiting, values, entries) => {
    for (const number in values) {
      const steps = entries.get(number)?.rounds && waiting[number];
      waiting[number] = steps ? steps.concat(values[number]) : values[number];
    }
  };

  const show = () => {
    if (!more && mine.some(({ root }) => "parts" in root.dataset)) {
      parts().then(show);
      return;
    }
    const { values, done } = news;
    news = null;
    for (const demo in values) {
      apply(frames.get(demo).table, values[demo]);
      painted = performance.now();
    }
    done.forEach(answered);
  };

  const answered = (ticket) => {
    const element = open.get(ticket);
    open.delete(ticket);
    if (element) release(element);
  };

  // While something runs, ask every half second whether the worker still answers.
  const watch = () => {
    timer ||= setTimeout(ask, 50);
  };
  const ask = () => {
    timer = 0;
    if (ready && !busy && !open.size && !unanswered) return;
    const now = performance.now();
    if (unanswered && now - unanswered > (ready ? PATIENCE : 5 * PATIENCE)) offerStop();
    unanswered ||= now;
    worker.postMessage({ ping: 1 });
    timer = setTimeout(ask, 500);
  };

  const offerStop = async () => {
    await parts();
    const act = () => (ready ? restart() : end("It was stopped."));
    if (unanswered) for (const { root } of mine) more.offer(root, "stop", act);
  };

  const close = () => {
    worker.terminate();
    clearTimeout(timer);
    ready = busy = false;
    timer = unanswered = 0;
    for (const ticket of [...open.keys()]) answered(ticket);
    clear(".demo-stop, .demo-error");
  };

  const restart = () => {
    close();
    worker = null;
    start(true);
  };

  const reset = () => {
    saved = {};
    restart();
  };

  // The worker is of no more use. What is done meanwhile is kept for the next one.
  const end = (trace) => {
    const text = ready ? "demo_ended" : "demo_failed";
    close();
    early = [];
    for (const { root } of mine) tell(root, text, trace, "restart", restart);
  };

  const clear = (what) => {
    for (const { root } of mine) for (const one of root.querySelectorAll(what)) one.remove();
  };

  if (pauses) {
    document.addEventListener("visibilitychange", () => worker?.postMessage({ pause: document.hidden }));
  }
  // A worker that has not said a word does not outlive the page that is left, and begins again when one comes back to it:
  // Chromium's process of the pages crashes now and then when it has to put such a worker away itself.
  addEventListener("pagehide", () => {
    if (!worker || ready) return;
    close();
    worker = null;
  });
  addEventListener("pageshow", () => {
    unanswered = 0; // the clock went on while the page was frozen
    if (anew !== undefined) start(anew);
  });
  for (const frame of mine) frame.host = { start, send, reset };
};

// What is said in a frame, and the buttons there, are work for parts.js as well.
const tell = (...given) => parts().then(() => more.tell(...given));

// ---------------------------------------------------------------- beginning

const near = new IntersectionObserver(
  (seen) => {
    for (const one of seen) if (one.isIntersecting) frames.get(one.target.dataset.demo).host.start();
  },
  { rootMargin: "300px" },
);

for (const root of document.querySelectorAll("[data-demo]")) frames.set(root.dataset.demo, { root });
settings.workers.split(" ").forEach(host);
for (const frame of frames.values()) {
  const { root } = frame;
  frame.table = bindAll(root, root.dataset.demo);
  if ("parts" in root.dataset) parts();
  for (const kind of ["focusin", "pointerdown", "touchstart"]) {
    root.addEventListener(kind, () => frame.host.start(), { capture: true, passive: true });
  }
  for (const kind of ["keydown", "focusout"]) root.addEventListener(kind, flush, true);
  near.observe(root);
  // What was typed before this script came.
  for (const field of root.querySelectorAll("input, textarea")) {
    if (field.type !== "checkbox" && field.type !== "radio" && field.value !== field.defaultValue) {
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}
