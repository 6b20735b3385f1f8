// What only some demos need: rows, tabs, dialogs, tooltips that can be put away, short messages. demo.js loads it for them.

// What is said; a page in another language tells its own words (generator/words.py).
const WORDS = {
  stop: "Stop", restart: "Restart", dismiss: "Dismiss", demo_ended: "This demo has ended.",
  demo_failed: "This demo could not be started.",
};
Object.assign(WORDS, JSON.parse(document.querySelector("script[data-payload]")?.dataset.words ?? "{}"));
const said = (text) => (Object.hasOwn(WORDS, text) ? WORDS[text] : text);

const tabsOf = (root, role) =>
  [...root.querySelectorAll(`[role=${role}]`)].filter((one) => one.closest(".pr-tabs-root") === root);

// Tabs that no state holds: the part of the trigger's value comes to the front.
const choose = (root, tab) => {
  for (const one of tabsOf(root, "tab")) {
    one.setAttribute("aria-selected", one === tab);
    one.tabIndex = one === tab ? 0 : -1;
  }
  for (const panel of tabsOf(root, "tabpanel")) panel.hidden = panel.dataset.value !== tab.dataset.value;
};

document.addEventListener("click", ({ target, clientX, clientY }) => {
  const part = target.closest("[data-part]");
  const tab = target.closest("[role=tab]");
  if (tab && part?.dataset.part === "tabs") choose(part, tab);
  else if (part?.dataset.part === "open") open(part.closest(".pr-dialog-root").querySelector("dialog"), true);
  else if (part?.dataset.part === "close") part.closest("dialog").close();
  else if (target === part && part.dataset.part === "dialog") {
    // A click beside the dialog, on what it darkens, closes it.
    const { left, right, top, bottom } = target.getBoundingClientRect();
    if (clientX < left || clientX > right || clientY < top || clientY > bottom) target.close();
  }
});

document.addEventListener("keydown", (event) => {
  const tab = event.target.closest("[role=tab]");
  const root = tab?.closest(".pr-tabs-root");
  if (root) {
    const all = tabsOf(root, "tab").filter((one) => !one.disabled);
    const forth = getComputedStyle(root).direction === "rtl" ? -1 : 1;
    const at = all.indexOf(tab);
    const to = { ArrowRight: at + forth, ArrowLeft: at - forth, Home: 0, End: -1 };
    if (!(event.key in to)) return;
    event.preventDefault();
    const next = all.at(to[event.key] % all.length);
    next.focus();
    next.click();
  } else if (event.key === "Escape") {
    for (const tip of document.querySelectorAll(".pr-tooltip:is(:hover, :focus-within)")) {
      tip.dataset.off = "";
      for (const end of ["pointerleave", "focusout"]) tip.addEventListener(end, () => delete tip.dataset.off, { once: true });
    }
  }
});

// Rows: new ones are made, those that stay are moved as little as may be, and never the one that has the focus.
const repeat = (entry, runs, changes, demo, bind, apply) => {
  const old = entry.rounds;
  const fresh = () => bind(entry.element.content.firstElementChild.cloneNode(true), demo);
  const rounds = runs.flatMap(([first, count]) =>
    first < 0 ? Array.from({ length: count }, fresh) : old.slice(first, first + count),
  );
  for (const at in changes) apply(rounds[at].table, changes[at]);
  const kept = new Set(rounds);
  for (const round of old) if (!kept.has(round)) round.element.remove();
  const rows = rounds.map((round) => round.element);
  const still = rows.findIndex((row) => row.contains(document.activeElement));
  for (let at = still; at > 0; at--) {
    if (rows[at].previousElementSibling !== rows[at - 1]) rows[at].before(rows[at - 1]);
  }
  for (let at = still + 1; at < rows.length; at++) {
    const before = rows[at - 1] ?? entry.element;
    const between = before.nextElementSibling;
    // What has come between, as when the first becomes the last, is taken out and finds its place later.
    if (between?.demoRound && between.nextElementSibling === rows[at]) between.remove();
    else if (between !== rows[at]) before.after(rows[at]);
  }
  entry.rounds = rounds;
};

// The state says whether a dialog is open.
const open = (dialog, value) => {
  if (!value) dialog.close();
  else if (!dialog.open) dialog.showModal();
};

const control = (name, text, act) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = name;
  button.textContent = text;
  button.onclick = act;
  return button;
};

// What went wrong in a demo is said in its frame, its traceback in the console.
const tell = (root, text, trace, offered = "dismiss", act) => {
  if (trace) console.error(trace);
  root.querySelector(":scope > .demo-error")?.remove();
  const message = document.createElement("p");
  message.className = "demo-error";
  message.setAttribute("role", "alert");
  message.append(said(text) + " ", control("", said(offered), act ?? (() => message.remove())));
  root.append(message);
};

const offer = (root, text, act) => {
  if (!root.querySelector(":scope > .demo-stop")) root.append(control("demo-stop", said(text), act));
};

// A short message in a corner; it goes by itself, but not while it is pointed at or has the focus.
const toast = (text, level) => {
  let corner = document.querySelector(".pr-toasts");
  if (!corner) {
    corner = document.createElement("div");
    corner.className = "pr-toasts";
    corner.setAttribute("role", "status");
    document.body.append(corner);
  }
  const message = document.createElement("p");
  message.className = `pr-toast pr-toast-${level || "plain"}`;
  const close = control("", "×", () => message.remove());
  close.setAttribute("aria-label", WORDS.dismiss);
  message.append(String(text), close);
  corner.append(message);
  const go = () => (message.matches(":is(:hover, :focus-within)") ? setTimeout(go, 1000) : message.remove());
  setTimeout(go, 6000);
};

export { offer, open, repeat, tell, toast };
