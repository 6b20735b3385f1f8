// What the theme adds where scripts run: the switch of light and dark, "Copy" on code, the mark in "On this page".
// Every page reads well without it.
(() => {
  const root = document.documentElement;

  // Light and dark. Three states, in this order; "auto" follows the system and stores nothing.
  const states = ["auto", "light", "dark"];
  const names = { auto: "automatic", light: "light", dark: "dark" };
  const state = () => root.dataset.theme ?? "auto";
  const label = () => {
    for (const button of document.querySelectorAll("[data-theme-switch]"))
      for (const name of ["title", "aria-label"]) button.setAttribute(name, `Colour scheme: ${names[state()]}`);
  };
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const next = states[(states.indexOf(state()) + 1) % states.length];
    try {
      if (next === "auto") localStorage.removeItem("pressrun-theme");
      else localStorage.setItem("pressrun-theme", next);
    } catch { return; }
    dispatchEvent(new Event("pressrun:theme"));
  });
  addEventListener("pressrun:theme", label);
  addEventListener("storage", label);
  label();

  // "Copy" on every block of code; the clipboard exists on safe origins only.
  // Of a session in a console what was typed is copied, not the prompts and not what was printed.
  const source = (pre) => {
    if (!pre.querySelector(".gp")) return pre.textContent;
    const typed = pre.cloneNode(true);
    for (const part of typed.querySelectorAll(".gp, .go, .gt, .gr")) part.remove();
    return typed.textContent.replace(/\n{2,}/g, "\n").trimStart();
  };
  if (navigator.clipboard) {
    for (const block of document.querySelectorAll(".prose .code")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      block.append(button);
    }
    document.addEventListener("click", async (event) => {
      const button = event.target.closest(".code > .copy");
      if (!button) return;
      try {
        await navigator.clipboard.writeText(source(button.parentElement.querySelector("pre")));
        button.textContent = "Copied";
      } catch { button.textContent = "Failed"; }
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
  }

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

  // A folded menu has done its work when a link in it was followed.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".toc a, .side a");
    if (link) link.closest(".fold").open = false;
  });

  // The place in the contents that is being read; and the contents scrolled so that this place is seen.
  document.querySelector('.side [aria-current="page"]')?.scrollIntoView({ block: "nearest" });
  const links = new Map([...document.querySelectorAll(".toc a")].map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
  const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  if (headings.length) {
    let current = null;
    let asked = false;
    const mark = () => {
      asked = false;
      const line = innerHeight * 0.25;
      const atEnd = innerHeight + scrollY >= root.scrollHeight - 2 && scrollY > 0;
      const above = headings.filter((h) => atEnd ? h.getBoundingClientRect().top < innerHeight : h.getBoundingClientRect().top < line);
      const link = links.get(above.at(-1)?.id) ?? null;
      if (link === current) return;
      current?.removeAttribute("aria-current");
      link?.setAttribute("aria-current", "location");
      current = link;
    };
    const ask = () => { if (!asked) { asked = true; requestAnimationFrame(mark); } };
    addEventListener("scroll", ask, { passive: true });
    addEventListener("resize", ask, { passive: true });
    mark();
  }
})();
