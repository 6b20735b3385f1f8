// Draws the diagrams of a page that a reader comes near. Their sources stand in it as code, and stay there where a diagram cannot be drawn.
//
// Mermaid writes `style` attributes and a <style> element, which a strict Content-Security-Policy refuses; the same through
// the CSSOM is allowed. So while Mermaid draws, such attributes become `element.style`, and its sheet an adopted one.
const settings = document.querySelector("script[data-mermaid]").dataset;
const home = new URL(settings.mermaid, location);
// What is said; a page in another language tells its own words (generator/words.py).
const WORDS = {
  diagram: "Diagram", diagram_failed: "This diagram cannot be drawn. {reason}",
};
Object.assign(WORDS, JSON.parse(settings.words ?? "{}"));
const setAttribute = Element.prototype.setAttribute;
const Parser = window.DOMParser;
const TAG = /<[a-z](?:"[^"]*"|[^">])*>/gi;
const VALUE_OR_STYLE = /"[^"]*"|\sstyle(?==")/g;

// What is parsed keeps its styles under another name, until they can be given.
const disarmed = (html) =>
  String(html).replace(TAG, (tag) => tag.replace(VALUE_OR_STYLE, (part) => (part[0] === '"' ? part : " data-style")));
const rearm = (root) => {
  for (const one of root.querySelectorAll("[data-style]")) {
    one.style.cssText = one.dataset.style;
    delete one.dataset.style;
  }
};

let engine;
const load = async () => {
  window.DOMParser = class extends Parser {
    parseFromString(text, type) { return super.parseFromString(disarmed(text), type); }
  };
  try {
    return (await import(home)).default; // its sanitizer takes the parser that it finds now
  } finally {
    window.DOMParser = Parser;
  }
};

// The page's own inks, as Mermaid's mathematics of colours understands them. What is not said in red, green and blue (oklch and the
// like) is painted and looked at.
const parts = (colour) => {
  const said = /^rgba?\((\d+), (\d+), (\d+)/.exec(colour);
  if (said) return said.slice(1).map(Number);
  const ink = document.createElement("canvas").getContext("2d");
  ink.fillStyle = colour;
  ink.fillRect(0, 0, 1, 1);
  return [...ink.getImageData(0, 0, 1, 1).data.slice(0, 3)];
};
const looks = () => {
  const probe = document.body.appendChild(document.createElement("i"));
  const colour = (name) => {
    probe.style.color = `var(--pr-${name})`;
    return `#${parts(getComputedStyle(probe).color).map((one) => one.toString(16).padStart(2, "0")).join("")}`;
  };
  probe.style.fontFamily = "var(--pr-ui)";
  const [paper, surface, text, edge, mark] = ["bg", "surface", "text", "edge", "mark"].map(colour);
  const fontFamily = getComputedStyle(probe).fontFamily;
  probe.remove();
  const darkMode = Number.parseInt(paper.slice(3, 5), 16) < 128;
  return {
    startOnLoad: false, suppressErrorRendering: true, securityLevel: "strict", theme: "base", fontFamily,
    themeVariables: {
      darkMode, fontFamily, background: paper, mainBkg: surface, primaryColor: surface, primaryTextColor: text, primaryBorderColor: edge,
      secondaryColor: mark, tertiaryColor: paper, textColor: text, lineColor: edge, edgeLabelBackground: paper, noteBkgColor: mark,
      noteTextColor: text, noteBorderColor: edge, titleColor: text,
    },
  };
};

const sheets = new Map(); // id of a drawing → its style sheet
const ALWAYS = ".__________cytoscape_container { position: relative; }\n"; // a rule that a library of Mermaid's writes once for all
const drawing = async (id, source, place) => {
  const sheet = new CSSStyleSheet();
  Element.prototype.setAttribute = function (name, value) {
    if (name === "style" && this.style) this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
  document.createElement = (name, options) => {
    if (name !== "style") return Document.prototype.createElement.call(document, name, options);
    const made = document.createElementNS("http://www.w3.org/2000/svg", "defs");
    Object.defineProperty(made, "innerHTML", { set: (css) => sheet.replaceSync(ALWAYS + css) });
    return made;
  };
  const older = sheets.get(id);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets.filter((one) => one !== older), sheet];
  sheets.set(id, sheet);
  try {
    return (await engine.render(id, source, place)).svg;
  } finally {
    Element.prototype.setAttribute = setAttribute;
    delete document.createElement;
  }
};

const part = (figure, name, kind = "div") => {
  const found = figure.querySelector(`:scope > .${name}`);
  if (found) return found;
  const made = document.createElement(kind);
  made.className = name;
  figure.prepend(made);
  return made;
};

const drawn = new WeakMap(); // figure → what its drawing shows
let count = 0;
const draw = async (figure) => {
  const code = figure.querySelector(":scope > .code");
  const source = code.querySelector("code").textContent;
  if (drawn.get(figure)?.source === source) return;
  const id = drawn.get(figure)?.id ?? `pressrun-diagram-${++count}`;
  drawn.set(figure, { id, source });
  const place = part(figure, "drawing");
  place.hidden = false; // what is hidden cannot be measured
  try {
    place.innerHTML = disarmed(await drawing(id, source, place));
    rearm(place);
    const svg = place.firstElementChild;
    if (!svg.hasAttribute("aria-labelledby"))
      svg.setAttribute("aria-label", figure.querySelector(":scope > figcaption")?.textContent ?? WORDS.diagram);
    figure.querySelector(":scope > .diagram-error")?.remove();
    code.hidden = true;
  } catch (wrong) {
    place.replaceChildren();
    place.hidden = true;
    code.hidden = false;
    const said = part(figure, "diagram-error", "p");
    said.role = "alert";
    const reason = String(wrong.message ?? wrong).split("\n", 2).join(" ");
    said.textContent = WORDS.diagram_failed.replace("{reason}", () => reason);
  }
};

const reached = new WeakSet(); // figures that a reader came near; nothing is loaded for others
const near = new IntersectionObserver((seen) => {
  const fresh = seen.filter((one) => one.isIntersecting);
  for (const one of fresh) reached.add(one.target);
  if (fresh.length) all();
}, { rootMargin: "1000px" });
const look = () => {
  for (const figure of document.querySelectorAll("figure.diagram")) near.observe(figure);
  all();
};

let turn = Promise.resolve(); // one after the other
const all = () => {
  turn = turn.then(async () => {
    const figures = [...document.querySelectorAll("figure.diagram")].filter((one) => reached.has(one));
    if (!figures.length) return;
    engine ??= await load();
    engine.initialize(looks());
    for (const figure of figures) await draw(figure);
  }).catch((wrong) => console.error(wrong));
};
const again = () => {
  for (const figure of document.querySelectorAll("figure.diagram"))
    if (drawn.has(figure)) drawn.get(figure).source = null;
  all();
};
addEventListener("pressrun:theme", again);
addEventListener("storage", (event) => { if (event.key === null || event.key === "pressrun-theme") again(); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
document.addEventListener("pressrun:updated", look);
look();
