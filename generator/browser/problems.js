// The author's problems, on the page: those that keep this page from being right in a panel that comes by itself, all of the site behind a
// badge. In a shadow root of its own, so that neither the page's styles nor ours leak; its styles are made by script, as a strict policy allows.

const STYLE = `
:host { all: initial; position: fixed; inset: 0; z-index: 2147483647; pointer-events: none; color-scheme: dark; }
@media print { :host { display: none; } }
* { box-sizing: border-box; }
.badge, .panel { pointer-events: auto; font: 15px/1.5 system-ui, sans-serif; color: #f4f4f6; background: #1b1c22; }
.badge { position: absolute; inset-inline-start: 1rem; inset-block-end: 1rem; border: 2px solid #ff8a80; border-radius: 2rem; padding: .35rem 1rem;
  font-weight: 600; cursor: pointer; box-shadow: 0 2px 12px #0008; }
.badge.mild { border-color: #ffd54f; }
.panel { position: absolute; inset-inline: 0; inset-block-end: 0; max-block-size: 70%; overflow: auto; padding: 1rem 1.5rem 1.5rem;
  border-block-start: 4px solid #ff8a80; box-shadow: 0 -4px 30px #000a; }
.panel header { display: flex; justify-content: space-between; align-items: center; gap: 1rem; }
h2 { font-size: 1.1rem; margin: 0; }
h3 { font-size: 1rem; margin: 0 0 .25rem; font-family: ui-monospace, monospace; font-weight: 400; overflow-wrap: anywhere; }
ol { list-style: none; margin: 0; padding: 0; }
li { margin-block-start: 1rem; padding-block-start: 1rem; border-block-start: 1px solid #ffffff38; }
p { margin: 0 0 .4rem; font-size: 1.05rem; overflow-wrap: anywhere; }
.error { color: #ffb4ab; } .warning { color: #ffe08a; }
a { color: #a8c7fa; }
pre { margin: .4rem 0; padding: .5rem .75rem; background: #0d0e12; border-radius: .4rem; overflow: auto; font: 13px/1.5 ui-monospace, monospace; white-space: pre; }
pre.hint { white-space: pre-wrap; }
mark { display: block; background: #ff8a8033; color: inherit; margin-inline: -.75rem; padding-inline: .75rem; }
button.close { font: inherit; color: inherit; background: none; border: 1px solid #ffffff80; border-radius: .4rem; padding: .2rem .8rem; cursor: pointer; }
:focus-visible { outline: 3px solid #a8c7fa; outline-offset: 2px; }
[hidden] { display: none !important; }
`;

const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") element.onclick = value;
    else if (value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
};
const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

const host = make("pressrun-problems");
const root = host.attachShadow({ mode: "open" });
const style = new CSSStyleSheet();
style.replaceSync(STYLE);
root.adoptedStyleSheets = [style];
const title = make("h2", { id: "title" });
const list = make("ol");
const close = make("button", { class: "close", type: "button", onclick: () => open(false) }, "Close");
const panel = make("section", { class: "panel", id: "panel", "aria-labelledby": "title", tabindex: "-1", hidden: true }, make("header", {}, title, close), list);
const badge = make("button", { class: "badge", type: "button", "aria-controls": "panel", "aria-expanded": "false", hidden: true, onclick: () => open(panel.hidden, true) });
const spoken = make("div", { role: "status" });
const style2 = new CSSStyleSheet();
style2.replaceSync(`[role=status] { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }`);
root.adoptedStyleSheets = [style, style2];
root.append(badge, panel, spoken);
root.addEventListener("keydown", (event) => event.key === "Escape" && open(false));
document.addEventListener("keydown", (event) => event.key === "Escape" && open(false));

let all = [];
let own = [];
let seen = "";

const open = (wanted, byHand = false) => {
  if (panel.hidden !== wanted) return;
  const inside = root.activeElement && panel.contains(root.activeElement);
  draw(byHand && !own.length ? all : own.length ? [...own, ...all.filter((one) => !own.includes(one))] : all);
  panel.hidden = !wanted;
  badge.setAttribute("aria-expanded", String(wanted));
  if (wanted && byHand) panel.focus();
  if (!wanted && inside) badge.focus();
};

const draw = (problems) => {
  title.textContent = own.length ? "This page cannot be shown as it is written" : "Problems of this site";
  list.replaceChildren(...problems.map(entry));
};

const entry = ({ place, level, message, hint, excerpt, line, link }) => {
  const where = link ? make("a", { href: link, title: "Open in your editor" }, place) : place;
  const made = make("li", {}, make("h3", {}, where), make("p", {}, make("strong", { class: level }, `${level}: `), message));
  if (excerpt.length) {
    const width = String(excerpt.at(-1)[0]).length;
    const rows = excerpt.map(([number, text]) => {
      const row = `${String(number).padStart(width)} │ ${text}`;
      return number === line ? make("mark", {}, row) : row + "\n";
    });
    made.append(make("pre", { tabindex: "0", role: "region", "aria-label": `Lines around ${place}` }, ...rows));
  }
  if (hint) made.append(make("pre", { class: "hint" }, hint));
  return made;
};

// Show what is wrong now; `here` are the numbers of those that concern this page.
export const show = (problems, here) => {
  all = problems;
  own = here.map((at) => problems[at]);
  const errors = all.filter((one) => one.level === "error").length;
  const warnings = all.length - errors;
  const words = [errors && counted(errors, "error"), warnings && counted(warnings, "warning")].filter(Boolean).join(", ");
  badge.textContent = words;
  badge.hidden = !all.length;
  badge.classList.toggle("mild", !errors);
  spoken.textContent = all.length ? words : seen ? "All problems are mended." : "";
  const text = JSON.stringify(own);
  if (own.length && text !== seen) {
    open(false);
    open(true);
  } else if (!own.length && (seen || !all.length)) {
    open(false);
  } else if (!panel.hidden) draw(own.length ? own : all);
  seen = own.length ? text : "";
  if (all.length) document.documentElement.append(host);
  else host.remove();
};

// Say whether the server is there.
export const connected = (there) => {
  if (there) return show(all, own.map((one) => all.indexOf(one)));
  badge.textContent = "The dev server has stopped";
  badge.hidden = false;
  document.documentElement.append(host);
};
