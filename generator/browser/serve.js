// What the dev server puts first into each page's head: it keeps the page as its author has just saved it. Never part of a built site.
//
// - The page is remembered as the server sent it, before other scripts change it: what they changed stays when the page is morphed.
// - Workers are remembered, so that a demo whose program changed can go on from its state.
// - A socket brings what concerns this very page; order does not matter, since each piece of news says what is, not what happened.
(() => {
  const script = document.currentScript;
  const own = script.src.replace(/client\.js$/, "");
  const state = {
    own,
    page: script.dataset.page,
    serial: Number(script.dataset.serial),
    sent: new WeakMap(), // node of this page → the node that the server sent
    slots: new Map(), // "instance:index" → a group of demos and its worker
    demos: null, // what the page's demos are made of; see remount.js
  };
  script.remove(); // a page without us is what the author wrote

  // ---------------------------------------------------------------- the page as it was sent

  const pair = (live, sent) => {
    state.sent.set(live, sent);
    let [one, other] = [live.firstChild, sent.firstChild];
    for (; one && other; [one, other] = [one.nextSibling, other.nextSibling]) pair(one, other);
    if (live.content instanceof DocumentFragment) pair(live.content, sent.content);
  };
  state.pair = pair;
  const read = new Promise((resolve) => {
    const look = () => {
      if (document.readyState === "loading") return;
      document.removeEventListener("readystatechange", look);
      pair(document.documentElement, document.documentElement.cloneNode(true));
      resolve();
    };
    document.addEventListener("readystatechange", look);
    look();
  });

  // ---------------------------------------------------------------- workers of live demos

  const PlainWorker = window.Worker;
  window.Worker = class extends PlainWorker {
    #slot = null;
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => this.#slot && note(this.#slot, data));
    }
    postMessage(data, ...rest) {
      if (data?.start?.payload) {
        this.#slot = slotOf(data.start);
        this.#slot.worker = this;
        data = { start: begun(this.#slot, data.start) };
      } else if (data?.event && this.#slot) {
        this.#slot.tickets.add(JSON.parse(data.event)[4]);
      }
      super.postMessage(data, ...rest);
    }
  };

  const slotOf = (start) => {
    const key = `${start.instance ?? 0}:${start.index}`;
    if (!state.slots.has(key)) state.slots.set(key, { index: start.index, rest: {}, known: {}, tickets: new Set(), kept: null });
    return state.slots.get(key);
  };
  // A demo that takes the place of another begins with that one's state, once; the page may have other numbers by now.
  const begun = (slot, start) => {
    const saved = start.saved ?? slot.kept;
    slot.kept = null;
    slot.known = { ...saved };
    slot.rest = { ...saved };
    return { ...start, index: slot.index, saved };
  };
  // What its fields were when nothing ran is kept apart: a task ends with its worker, and what it had set would be wrong without it.
  const note = (slot, data) => {
    if (!data.news || !/"[as]":|"b":false/.test(data.news)) return;
    const { s, a, b } = JSON.parse(data.news);
    Object.assign(slot.known, s);
    if (!b) slot.rest = { ...slot.known };
    for (const ticket of a ?? []) slot.tickets.delete(ticket);
  };

  // ---------------------------------------------------------------- news

  let socket, news = read, lost = 0;

  const paths = () => {
    const found = performance.getEntriesByType("resource").map((entry) => entry.name);
    for (const one of document.querySelectorAll("link[href], img[src], script[src], source[src], video[src], audio[src]")) {
      found.push(one.src || one.href);
    }
    const urls = found.map((url) => URL.parse?.(url, location.href) ?? new URL(url, location.href));
    const ours = urls.filter((url) => url.origin === location.origin && !url.href.startsWith(own));
    return [...new Set(ours.map((url) => url.pathname))].slice(-2000);
  };

  const hello = () => {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({ path: location.pathname, page: state.page, serial: state.serial, uses: paths() }));
  };

  const problems = async (...given) => (await import(own + "problems.js")).show(...given);

  const take = async (told) => {
    if (told.moved) return location.replace(told.moved + location.hash);
    if (told.problems) await problems(told.problems, told.here);
    const { update, refresh } = await import(own + "morph.js");
    if (told.files) refresh(state, told.files);
    if (told.page && told.page !== state.page) await update(state);
    state.serial = Math.max(state.serial, told.serial);
    if (told.page || told.files) hello();
  };

  const listen = () => {
    socket = new WebSocket(own.replace(/^http/, "ws") + "socket");
    socket.onopen = async () => {
      if (lost > 2) (await import(own + "problems.js")).connected(true);
      lost = 0;
      await read;
      hello();
    };
    socket.onmessage = ({ data }) => {
      news = news.then(() => take(JSON.parse(data))).catch((error) => {
        console.error(error);
        location.reload(); // whatever went wrong in updating, a fresh page is right
      });
    };
    socket.onclose = async () => {
      lost += 1;
      await new Promise((resolve) => setTimeout(resolve, Math.min(200 * lost, 1000)));
      // A server that was started anew has other addresses: it answers, but knows nothing of this page.
      const there = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
      const same = there && (await fetch(own + "client.js", { method: "HEAD", cache: "no-store" }).catch(() => null))?.ok;
      if (there && !same) return location.reload();
      if (lost === 3) (await import(own + "problems.js").catch(() => null))?.connected(false);
      listen();
    };
  };

  addEventListener("pageshow", ({ persisted }) => persisted && hello());
  read.then(() => {
    listen();
    const ready = () => {
      import(own + "morph.js").then(({ prepare }) => prepare(state)).catch(() => {});
      import(own + "problems.js").catch(() => {});
    };
    if (document.readyState === "complete") ready();
    else addEventListener("load", ready);
  });
})();
