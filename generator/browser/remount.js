// Live demos on a page that has changed: those whose program is the same run on; the others are mounted anew, with their state.

const READY = 4000; // milliseconds after which the new demo is shown, started or not

// Lines of the page's own Python keep their numbers, so prose above it moves them; that is no change of the program.
const lead = (text) => text.replace(/\n\s*(?=\n)/g, "").trim();
const same = (one, other) => {
  const bare = (group) => JSON.stringify({ ...group, modules: group.modules.map(([name, path, source]) => [name, path, lead(source)]) });
  return bare(one) === bare(other);
};

const groupsAt = async (payload) => {
  const answer = await fetch(payload);
  if (!answer.ok) throw new Error(`${payload}: ${answer.status}`);
  return answer.json();
};

// Keep what the page's demos are made of: once the page has changed, it can no longer be asked for.
export const prepare = async (state) => {
  const script = document.querySelector("script[data-payload]");
  if (state.demos || !script) return;
  const groups = await groupsAt(script.dataset.payload);
  const words = script.dataset.workers.split(" ");
  const parts = groups.map((group, index) => ({ group, word: words[index], key: `0:${index}` }));
  state.demos = { parts, settings: [script], instances: 1, src: script.src };
};

// Before the page changes: what its demos will be made of.
export const fetched = async (state, next) => {
  await prepare(state);
  const script = next.querySelector("script[data-payload]");
  if (!script) return;
  const groups = await groupsAt(script.getAttribute("data-payload"));
  const words = script.getAttribute("data-workers").split(" ");
  script.parts = groups.map((group, index) => ({ group, word: words[index], key: "" }));
};

export const remount = async (state, next, pairs) => {
  const script = next.querySelector("script[data-payload]");
  if (!state.demos) return first(state, script);
  const { demos } = state;
  if (script && new URL(script.getAttribute("src"), location.href).href !== demos.src) return location.reload();
  const partner = new Map(pairs.map(([old, fresh]) => [fresh.dataset.demo, old]));
  const frames = new Map(pairs.map(([, fresh]) => [fresh.dataset.demo, fresh.outerHTML]));
  // What is constant in a view stands in the page and not in the program: the frames have to be the same as well.
  const stays = (part) =>
    part.word.split(":")[1].split(",").every((number) => {
      const old = partner.get(number);
      return old?.dataset.demo === number && state.sent.get(old)?.outerHTML === frames.get(number);
    });
  const wanted = script?.parts ?? [];
  const free = new Set(demos.parts);
  for (const [index, part] of wanted.entries()) {
    const old = stays(part) && [...free].find((one) => one.word === part.word && same(one.group, part.group));
    if (!old) continue;
    free.delete(old);
    part.key = old.key;
    const slot = state.slots.get(old.key);
    if (slot) slot.index = index;
    else state.slots.set(old.key, { index, rest: {}, known: {}, tickets: new Set(), kept: null });
  }
  const pool = new Map(); // what the demos that go knew when nothing ran: name of a field → its default and its value
  const ran = new Set();
  for (const old of free) {
    const slot = state.slots.get(old.key);
    if (slot?.worker) {
      for (const number of old.word.split(":")[1].split(",")) ran.add(number);
      for (const [at, first] of fieldsOf(old.group)) if (at in slot.rest) pool.set(at, [first, slot.rest[at]]);
      retire(slot);
    }
    state.slots.delete(old.key);
  }
  demos.parts = wanted;
  if (script) for (const one of demos.settings) put(one, script);
  const fresh = wanted.filter((part) => !part.key);
  for (const [old, one] of pairs) {
    const part = wanted.find(({ word }) => word.split(":")[1].split(",").includes(one.dataset.demo));
    if (part?.key) state.sent.set(old, one);
  }
  if (fresh.length) await mount(state, script, fresh, pairs, pool, ran);
};

// The first demos of a page: their script is new to it.
const first = async (state, script) => {
  const tags = [...script.ownerDocument.querySelectorAll("script")].filter((one) => one.getAttribute("src") === script.getAttribute("src"));
  const added = [];
  for (const tag of tags) {
    const made = document.createElement("script");
    for (const { name, value } of tag.attributes) made.setAttribute(name, value);
    state.sent.set(made, tag);
    added.push(made);
    await new Promise((done) => {
      made.onload = made.onerror = done;
      document.head.append(made);
    });
  }
  const parts = script.parts.map((part, index) => ({ ...part, key: `0:${index}` }));
  state.demos = { parts, settings: added.slice(0, 1), instances: 1, src: added[0].src };
};

// All that a demo's script is told, but which of the page's workers are its own.
const put = (settings, script) => {
  for (const { name, value } of script.attributes) {
    if (name.startsWith("data-") && name !== "data-workers") settings.setAttribute(name, value);
  }
};

// A worker that is not needed any more; the script that waits for it is told that all is done.
const retire = (slot) => {
  const { worker } = slot;
  worker.onmessage?.({ data: { pong: 1 } });
  worker.onmessage?.({ data: { news: JSON.stringify({ b: false, a: [...slot.tickets] }) } });
  worker.terminate();
};

const mount = async (state, script, fresh, pairs, pool, ran) => {
  const { demos } = state;
  const instance = demos.instances++;
  const numbers = new Set(fresh.flatMap(({ word }) => word.split(":")[1].split(",")));
  fresh.forEach((part, at) => {
    part.key = `${instance}:${at}`;
    state.slots.set(part.key, {
      index: demos.parts.indexOf(part),
      rest: {},
      known: {},
      tickets: new Set(),
      kept: keptOf(part.group, pool),
    });
  });
  const settings = document.createElement("script");
  settings.type = "application/json"; // it only holds settings
  put(settings, script);
  settings.dataset.workers = fresh.map(({ word }) => word).join(" ");
  settings.dataset.instance = instance;
  demos.settings.push(settings);
  document.head.prepend(settings);

  const changes = [];
  for (const [old, one] of pairs) {
    if (!numbers.has(one.dataset.demo)) continue;
    const made = document.importNode(one, true);
    state.pair(made, one);
    const starts = ran.has(old.dataset.demo);
    old.removeAttribute("data-demo");
    if (starts) made.style.display = "none"; // until it shows the state that the old one had
    old.after(made);
    if (starts) changes.push([old, made]);
    else old.remove();
  }
  // The script binds what it finds; the demos that run on are none of its business.
  const others = [...document.querySelectorAll("[data-demo]")].filter((root) => !numbers.has(root.dataset.demo));
  const named = others.map((root) => [root, root.dataset.demo]);
  for (const [root] of named) root.removeAttribute("data-demo");
  try {
    await import(`${demos.src}?mount=${instance}`);
    await new Promise((done) => setTimeout(done));
  } finally {
    for (const [root, number] of named) root.dataset.demo = number;
    settings.remove();
  }
  await Promise.all(changes.map(([old, made]) => change(old, made)));
};

// What the new program can take over: fields of the same name whose first value is written as it was.
const keptOf = (group, pool) => {
  const kept = {};
  for (const [at, first] of fieldsOf(group)) {
    const [before, value] = pool.get(at) ?? [];
    if (before === first) kept[at] = value;
  }
  return Object.keys(kept).length ? kept : null;
};

// Name → first value, of all fields of a group's State classes: from the manifest, else as the class's body has it.
const fieldsOf = (group) => {
  const found = new Map();
  for (const { key, name, module, fields } of group.states) {
    const rows = (group.modules.find(([one]) => one === module)?.[2] ?? "").split("\n");
    const body = rows.slice(rows.findIndex((row) => row.startsWith(`class ${name}`)) + 1);
    for (const [field, first] of fields) {
      const at = body.findIndex((row) => row.trimStart().startsWith(`${field} = `));
      const indent = body[at]?.search(/\S/);
      const end = body.findIndex((row, number) => number > at && row.trim() && row.search(/\S/) <= indent);
      const written = at < 0 ? "" : body.slice(at, end < 0 ? undefined : end).join("\n").trim();
      found.set(`${key}.${field}`, first.length ? JSON.stringify(first) : written);
    }
  }
  return found;
};

// Start the new demo, and let it take the old one's place once it shows what that one did.
const change = async (old, made) => {
  const path = [];
  for (let at = document.activeElement; at !== old && old.contains(at); at = at.parentElement) {
    path.unshift([...at.parentElement.children].indexOf(at));
  }
  made.dispatchEvent(new Event("touchstart"));
  await new Promise((done) => {
    const ready = () => (made.dataset.live || made.querySelector(":scope > .demo-error")) && done();
    new MutationObserver(ready).observe(made, { attributes: true, childList: true });
    setTimeout(done, READY);
    ready();
  });
  old.remove();
  made.style.removeProperty("display");
  if (!made.getAttribute("style")) made.removeAttribute("style");
  if (path.length) path.reduce((at, index) => at?.children[index], made)?.focus();
};
