// Turns the page that is open into the page that the server has now, by changing what differs and nothing else.
//
// Three versions are compared: what the server sent, what scripts and the reader made of it, what the server sends now. Where the server's
// two versions are equal, the page's own stays, whatever that is: scroll, focus, open <details>, buttons that scripts added, running demos.

import { Idiomorph } from "./idiomorph.js";

const STYLES_WAIT = 500; // milliseconds that a new style sheet may take before the page changes without it
const RUNS = new Set(["", "module", "text/javascript", "application/javascript"]);

const sheet = (element) => element.localName === "link" && element.relList.contains("stylesheet");
const ofDemos = (script, root) => {
  const demo = root.querySelector("script[data-payload]");
  return demo && script.getAttribute("src") === demo.getAttribute("src");
};
const scriptsOf = (root) =>
  [...root.querySelectorAll("script")]
    .filter((one) => RUNS.has(one.type) && !ofDemos(one, root))
    .map((one) => `${one.getAttribute("src") ?? one.textContent} ${one.type}`);

// Fetch the page as it is now and become it.
export const update = async (state) => {
  const answer = await fetch(location.pathname + location.search, { headers: { accept: "text/html" }, cache: "no-cache" });
  const there = new URL(answer.url);
  if (answer.redirected && there.pathname !== location.pathname) return location.replace(there);
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  const tag = next.querySelector("script[data-page]");
  if (!tag) return location.reload();
  tag.remove();
  for (const one of next.querySelectorAll("noscript")) one.textContent = one.innerHTML; // as a page with scripts reads it
  const before = state.sent.get(document.documentElement);
  const had = new Set(scriptsOf(before));
  if (scriptsOf(next).some((one) => !had.has(one))) return location.reload(); // a script cannot be taken back
  const remount = before.querySelector("script[data-payload]") || next.querySelector("script[data-payload]");
  const demos = remount && (await import("./remount.js"));
  if (demos) await demos.fetched(state, next);
  await head(state, next);
  for (const { name, value } of next.documentElement.attributes) {
    if (before.getAttribute(name) !== value) document.documentElement.setAttribute(name, value);
  }
  const pairs = body(state, next);
  state.sent.set(document.documentElement, next.documentElement);
  state.page = tag.dataset.page;
  state.serial = Math.max(state.serial, Number(tag.dataset.serial));
  if (demos) await demos.remount(state, next, pairs);
  document.dispatchEvent(new CustomEvent("pressrun:updated"));
};

// ---------------------------------------------------------------- head

const head = async (state, next) => {
  const live = new Map(); // text of an element as it was sent → the elements of this page
  for (const one of document.head.children) {
    const text = state.sent.get(one)?.outerHTML;
    if (text) live.set(text, [...(live.get(text) ?? []), one]);
  }
  const loads = [];
  let after = null;
  for (const fresh of [...next.head.children]) {
    const same = live.get(fresh.outerHTML)?.shift();
    if (same) {
      state.sent.set(same, fresh);
      after = same;
    } else if (fresh.localName !== "script" || !RUNS.has(fresh.type)) {
      const added = document.importNode(fresh, true);
      state.sent.set(added, fresh);
      if (sheet(added)) loads.push(new Promise((done) => (added.onload = added.onerror = done)));
      if (after) after.after(added);
      else document.head.prepend(added);
      after = added;
    }
  }
  await Promise.race([Promise.all(loads), new Promise((done) => setTimeout(done, loads.length ? STYLES_WAIT : 0))]);
  for (const old of [...live.values()].flat()) if (old.localName !== "script" || !RUNS.has(old.type)) old.remove();
};

// ---------------------------------------------------------------- body

const MARK = "pressrun-same-";

const body = (state, next) => {
  const { sent, pair } = state;
  const pairs = [];
  const partner = new WeakMap();
  const marked = [];
  align(sent, document.body, next.body, marked);
  let added;
  const attribute = (node, name) => (node?.getAttribute && !marked.includes(node) ? node.getAttribute(name) : null);
  try {
    Idiomorph.morph(document.body, next.body, {
      morphStyle: "outerHTML",
      ignoreActiveValue: false,
      restoreFocus: true,
      head: { style: "none" },
      callbacks: {
        beforeNodeMorphed: (old, fresh) => {
          if (old.nodeType === 1 && old.hasAttribute("data-demo") && fresh.hasAttribute("data-demo")) {
            pairs.push([old, fresh]);
            return false;
          }
          if (sent.get(old)?.isEqualNode(fresh)) return demosIn(old, fresh, pairs);
          partner.set(old, fresh);
          return true;
        },
        afterNodeMorphed: (old, fresh) => sent.set(old, fresh),
        beforeNodeRemoved: (node) => sent.has(node), // what scripts have added is not ours to remove
        beforeNodeAdded: (fresh) => ((added = fresh), true),
        afterNodeAdded: (node) => sent.has(node) || pair(node, added),
        beforeAttributeUpdated: (name, node) => {
          if (name === "id" && node.id.startsWith(MARK)) return false;
          return attribute(sent.get(node), name) !== attribute(partner.get(node), name);
        },
      },
    });
  } finally {
    for (const one of marked) one.removeAttribute("id");
    for (const one of document.body.querySelectorAll(`[id^=${MARK}]`)) one.removeAttribute("id");
  }
  return pairs;
};

// An unchanged part is left as it is; the demos in it are noted, since their programs may have changed all the same.
const demosIn = (old, fresh, pairs) => {
  if (old.nodeType !== 1) return false;
  const fresher = fresh.querySelectorAll("[data-demo]");
  old.querySelectorAll("[data-demo]").forEach((root, at) => pairs.push([root, fresher[at]]));
  return false;
};

// Where parts came or went, those that stayed the same get a name for the while, so that each is matched with itself.
const align = (sent, old, fresh, marked) => {
  const olds = [...old.children].filter((one) => sent.has(one));
  const news = [...fresh.children];
  const texts = olds.map((one) => sent.get(one).outerHTML);
  const wanted = news.map((one) => one.outerHTML);
  let start = 0;
  while (start < olds.length && start < news.length && texts[start] === wanted[start]) start += 1;
  if (start === olds.length && start === news.length) return;
  const where = new Map();
  for (let at = olds.length - 1; at >= start; at--) where.set(texts[at], [at, ...(where.get(texts[at]) ?? [])]);
  const rest = [];
  const taken = new Set();
  for (let at = start; at < news.length; at++) {
    const match = where.get(wanted[at])?.shift();
    if (match === undefined) rest.push(news[at]);
    else {
      taken.add(match);
      if (olds.length !== news.length || match !== at) name(olds[match], news[at], marked);
    }
  }
  const left = olds.slice(start).filter((_, at) => !taken.has(start + at));
  if (left.length !== rest.length) return;
  left.forEach((one, at) => {
    if (one.localName !== rest[at].localName) return;
    if (olds.length !== news.length) name(one, rest[at], marked);
    align(sent, one, rest[at], marked);
  });
};
const name = (old, fresh, marked) => {
  if (old.id || fresh.id) return;
  old.id = fresh.id = MARK + marked.length;
  marked.push(old, fresh);
};

// ---------------------------------------------------------------- files

// Style sheets, pictures and sounds under the same name as before: load them again, without loading the page.
export const refresh = (state, files) => {
  const names = new Set(files);
  const at = (url) => url && new URL(url, location.href).pathname;
  if ([...document.querySelectorAll("script[src]")].some((one) => names.has(at(one.src)))) return location.reload();
  const anew = (url) => {
    const made = new URL(url, location.href);
    made.searchParams.set("pressrun", Date.now());
    return made.pathname + made.search;
  };
  const links = [...document.querySelectorAll("link[rel~=stylesheet]")].filter((one) => new URL(one.href).origin === location.origin);
  const direct = links.filter((one) => names.delete(at(one.href)));
  for (const one of document.querySelectorAll("img, source, video, audio, link[rel~=icon]")) {
    const key = one.localName === "link" ? "href" : "src";
    const found = files.includes(at(one[key]));
    if (found) one[key] = anew(one[key]);
    if (found) names.delete(at(one[key]));
  }
  // What no element names is asked for by style sheets: pictures, fonts, other sheets.
  for (const old of names.size ? links : direct) {
    const fresh = old.cloneNode();
    fresh.href = anew(old.href);
    fresh.onload = fresh.onerror = () => old.remove();
    old.after(fresh);
    state.sent.set(fresh, state.sent.get(old));
  }
};
// Have at hand what an update will need.
export const prepare = async (state) => {
  if (document.querySelector("script[data-payload]")) await (await import("./remount.js")).prepare(state);
};
