// What the theme adds where scripts run: the switch of light and dark, "Copy" on code and on pages, the mark in "On this
// page". Every page reads well without it.
(() => {
  // What is said; a page in another language tells its own words (generator/words.py).
  const WORDS = {
    colour_scheme_is: "Colour scheme: {choice}", automatic: "automatic", light: "light", dark: "dark",
    copy: "Copy", copied: "Copied", not_copied: "Failed",
  };
  Object.assign(WORDS, JSON.parse(document.currentScript.dataset.words ?? "{}"));
  const root = document.documentElement;
  const all = (selector) => document.querySelectorAll(selector);

  // Light and dark. Three states, in this order; "auto" follows the system and stores nothing.
  const states = ["auto", "light", "dark"];
  const state = () => root.dataset.theme ?? "auto";
  const label = () => {
    const choice = WORDS[root.dataset.theme ?? "automatic"];
    for (const button of all("[data-theme-switch]"))
      for (const name of ["title", "aria-label"]) button.setAttribute(name, WORDS.colour_scheme_is.replace("{choice}", choice));
  };
  const change = () => {
    const next = states[(states.indexOf(state()) + 1) % states.length];
    try {
      if (next === "auto") localStorage.removeItem("pressrun-theme");
      else localStorage.setItem("pressrun-theme", next);
    } catch { return; }
    dispatchEvent(new Event("pressrun:theme"));
    label(); // not as a listener: early.js may have come after this script, and would be told later
  };
  for (const kind of ["load", "storage"]) addEventListener(kind, () => setTimeout(label));
  label();

  // Of a session in a console what was typed is copied, not the prompts and not what was printed.
  const source = (pre) => {
    if (!pre.querySelector(".gp")) return pre.textContent;
    const typed = pre.cloneNode(true);
    for (const part of typed.querySelectorAll(".gp, .go, .gt, .gr")) part.remove();
    return typed.textContent.replace(/\n{2,}/g, "\n").trimStart();
  };

  // "Copy"; the clipboard exists on safe origins only. A text that has yet to be fetched is promised to it at once,
  // since it can be written to only while a click is being handled.
  const copy = async (button, text) => {
    const words = button.textContent;
    try {
      if (typeof text === "string") await navigator.clipboard.writeText(text);
      else await navigator.clipboard.write([new ClipboardItem({ "text/plain": text })]);
      button.textContent = WORDS.copied;
    } catch { button.textContent = WORDS.not_copied; }
    setTimeout(() => { button.textContent = words; }, 1500);
  };
  const fetched = async (url) => {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(answer.status);
    return new Blob([await answer.text()], { type: "text/plain" });
  };
  const addButtons = () => {
    for (const block of all(".prose .code:not(:has(> .copy))")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = WORDS.copy;
      block.append(button);
    }
  };
  if (navigator.clipboard) addButtons();

  // Search is fetched when it is asked for: by its button, "/" outside of fields, Ctrl-K or ⌘K.
  const button = document.querySelector("[data-search]");
  const search = () => import(button.dataset.search).then((it) => it.open());
  button?.addEventListener("click", search);
  if (button) addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!slash && !(event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey)) return;
    event.preventDefault();
    search();
  });

  // A footnote shows itself beside its number when one points at it or comes to it by the keyboard.
  const preview = document.createElement("div");
  preview.className = "preview";
  preview.id = "footnote-preview";
  preview.role = "tooltip";
  preview.hidden = true;
  const show = (event) => {
    const link = event.target.closest?.(".footnote-ref a");
    const note = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    preview.hidden = !note;
    if (!note) return;
    preview.replaceChildren(...note.cloneNode(true).childNodes);
    for (const back of preview.querySelectorAll(".footnote-backref")) back.remove();
    link.setAttribute("aria-describedby", preview.id);
    document.body.append(preview);
    const at = link.getBoundingClientRect();
    preview.style.left = `${Math.max(8, Math.min(at.left, innerWidth - preview.offsetWidth - 8))}px`;
    preview.style.top = `${at.bottom + scrollY + 6}px`;
  };
  if (document.querySelector(".footnote-ref")) for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, show);
  addEventListener("keydown", (event) => { if (event.key === "Escape") preview.hidden = true; });

  // A tab that is chosen is chosen wherever the page has one of that title, and on the pages that are read next.
  const choose = (title) => {
    for (const tab of document.querySelectorAll(".tabs > .tab"))
      if (tab.textContent.trim() === title) tab.firstElementChild.checked = true;
  };
  document.addEventListener("change", (event) => {
    const tab = event.target.closest(".tabs > .tab");
    if (!tab) return;
    const before = tab.getBoundingClientRect().top;
    choose(tab.textContent.trim());
    scrollBy({ top: tab.getBoundingClientRect().top - before, behavior: "instant" });
    try { localStorage.setItem("pressrun-tab", tab.textContent.trim()); } catch { /* the choice lasts as long as the page */ }
  });
  try { choose(localStorage.getItem("pressrun-tab")); } catch { /* likewise */ }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    const page = at("[data-copy-page]");
    if (at("[data-theme-switch]")) change();
    else if (at(".code > .copy")) copy(at(".copy"), source(at(".code").querySelector("pre")));
    else if (page && navigator.clipboard && window.ClipboardItem && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      copy(page, fetched(page.href));
    }
    // A folded menu has done its work when a link in it was followed.
    const link = at(".toc a, .side a");
    if (link) link.closest(".fold").open = false;
  });

  // The place in the contents that is being read: the last heading above the upper third; at the end of the page the last one.
  all('.side [aria-current="page"]')[0]?.scrollIntoView({ block: "nearest" });
  let links = new Map();
  let headings = [];
  const above = new Set();
  let current = null;
  let atEnd = false;
  const mark = () => {
    const last = atEnd ? headings.at(-1) : headings.findLast((heading) => above.has(heading));
    const link = links.get(last?.id) ?? null;
    if (link === current) return;
    current?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "location");
    current = link;
  };
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting, boundingClientRect, rootBounds } of entries)
      above[isIntersecting || boundingClientRect.top < (rootBounds?.top ?? 0) ? "add" : "delete"](target);
    mark();
  }, { rootMargin: "0px 0px -70% 0px" });
  const read = () => {
    watch.disconnect();
    above.clear();
    links = new Map([...all(".toc a")].map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
    headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
    for (const heading of headings) watch.observe(heading);
  };
  read();
  // The dev server has changed the page in place: its new blocks and headings are taken in.
  document.addEventListener("pressrun:updated", () => {
    if (navigator.clipboard) addButtons();
    read();
  });
  const foot = document.querySelector("body > .foot");
  if (foot) new IntersectionObserver((entries) => {
    atEnd = entries.at(-1).isIntersecting && scrollY > 0;
    mark();
  }, { threshold: 1 }).observe(foot);
})();
