// Search: a dialog over the page, fetched when it is first opened. It reads the small files that `generator/search.py` writes: of
// words those that begin like a word of the question, of pages those that are shown.

const settings = document.querySelector("[data-search]").dataset;
const MOST = 10; // pages
// What is said; a page in another language tells its own words (generator/words.py).
const WORDS = {
  search: "Search", search_site: "Search this site", search_results: "Results", search_close: "Close",
  search_where: "In which part of the site", search_everywhere: "Everywhere", search_tag: "With which tag", search_any_tag: "Any tag",
  search_nothing: "Nothing found for “{question}”.", search_found: { one: "{count} page.", other: "{count} pages." },
  search_best: { one: "{count} page, the best {most} of them here.", other: "{count} pages, the best {most} of them here." },
  search_failed: "The index could not be loaded. Is there a connection?",
};
Object.assign(WORDS, JSON.parse(settings.words ?? "{}"));
let form = new Intl.PluralRules("en");
try { form = new Intl.PluralRules(document.documentElement.lang || "en"); } catch { /* no language that the browser knows */ }
const say = (words, given) =>
  (words[form.select(given.count)] ?? words.other ?? words).replace(/\{(\w+)\}/g, (all, name) => given[name] ?? all);
const SIGN = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/g;

const terms = (text) =>
  text.normalize("NFKD").replace(/\p{M}+/gu, "").normalize("NFC").replace(SIGN, " $& ").toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)?.map((word) => word.slice(0, 40)) ?? [];

const fetched = new Map();
const load = (name) => {
  if (!fetched.has(name)) {
    fetched.set(name, fetch(settings.index + name + ".json").then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
      return answer.json();
    }));
    fetched.get(name).catch(() => fetched.delete(name));
  }
  return fetched.get(name);
};
const shardOf = (word, letters) =>
  [...word].slice(0, letters).map((c) => (c < "\x80" ? c : (c.codePointAt(0) >> 6).toString(16) + "-")).join("");

// ---------------------------------------------------------------- finding

// Gives page → section → weight, of pages that hold a word which begins so; the whole word counts more.
const findWord = async (word, about) => {
  const name = shardOf(word, about.letters);
  const short = word.length < about.letters; // then several shards may hold what begins so
  const found = new Map();
  const add = (shard, own, factor) => {
    const rows = shard.words[own];
    const rare = Math.log(1 + (3 * about.pages) / rows.length);
    for (let at = 0; at < rows.length; at += 3) {
      const page = shard.pages[rows[at]];
      if (!found.has(page)) found.set(page, new Map());
      const sections = found.get(page);
      sections.set(rows[at + 1], Math.max(sections.get(rows[at + 1]) ?? 0, rows[at + 2] * rare * factor));
    }
  };
  for (const key of about.shards.filter((one) => one === name || (short && one.startsWith(name)))) {
    const shard = await load("w-" + key);
    for (const own of Object.keys(shard.words)) {
      if (own === word) add(shard, own, 2);
      else if (own.startsWith(word)) add(shard, own, word.length / own.length);
    }
  }
  return found;
};

// A word that nothing begins with is tried with fewer letters: "installing" finds "install".
const findLike = async (word, about) => {
  let found = await findWord(word, about);
  for (let end = word.length - 1; !found.size && end >= 4; end--) found = await findWord(word.slice(0, end), about);
  return found;
};

const find = async (question, filters) => {
  const about = await load("index");
  const words = [...new Set(terms(question))];
  const rounds = await Promise.all(words.map((word) => findLike(word, about)));
  if (!rounds.length) return [];
  let pages = [...rounds[0].keys()].filter((page) => rounds.every((found) => found.has(page)));
  for (const [kind, value] of Object.entries(filters)) {
    if (!value) continue;
    const those = new Set((await load("facets"))[kind][value]);
    pages = pages.filter((page) => those.has(page));
  }
  const scored = pages.map((page) => {
    const sections = new Map();
    for (const found of rounds)
      for (const [section, weight] of found.get(page)) sections.set(section, (sections.get(section) ?? 0) + weight);
    return { page, sections, score: Math.max(...sections.values()) + 0.1 * rounds.reduce((sum, found) => sum + found.get(page).size, 0) };
  });
  scored.sort((a, b) => b.score - a.score || (a.page < b.page ? -1 : 1));
  const shown = await Promise.all(scored.slice(0, MOST).map(async ({ page, sections }) => {
    const [url, title, parts] = (await load("p-" + page.slice(0, about.chunk)))[page];
    const best = [...sections].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 3);
    const hits = best.filter(([number], place) => number > 0 || place === 0).map(([number]) => parts[number]);
    return { url: settings.base + url.slice(1), title, text: hits[0][0] ? "" : hits[0][2], parts: hits.filter(([anchor]) => anchor) };
  }));
  return Object.assign(shown, { total: scored.length, words });
};

// ---------------------------------------------------------------- showing

const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

// Text with the words of the question marked.
const marked = (text, words) => {
  const made = [];
  for (const piece of text.split(/([\p{L}\p{N}\p{M}]+)/u)) {
    const plain = terms(piece).join("");
    const hit = plain && words.some((word) => plain.startsWith(word) || (word.length > 4 && plain.length > 3 && word.startsWith(plain)));
    made.push(hit ? make("mark", {}, piece) : piece);
  }
  return made;
};

const input = make("input", {
  type: "search", id: "search-input", "aria-label": WORDS.search_site, "aria-controls": "search-results", placeholder: WORDS.search,
  autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "search",
});
const status = make("p", { class: "search-status", role: "status" });
const results = make("ol", { id: "search-results", class: "search-results", "aria-label": WORDS.search_results });
const filters = make("div", { class: "search-filters" });
const close = make("button", { type: "button", class: "search-close" }, WORDS.search_close);
const dialog = make("dialog", { class: "search-dialog", "aria-label": WORDS.search },
  make("form", { role: "search", method: "dialog" }, input, close), filters, status, results);

const row = (result, words) => {
  const link = make("a", { href: result.url }, ...marked(result.title, words));
  const item = make("li", {}, link);
  if (result.text) item.append(make("p", {}, ...marked(result.text, words)));
  if (result.parts.length)
    item.append(make("ul", {}, ...result.parts.map(([anchor, heading, text]) => make("li", {},
      make("a", { href: `${result.url}#${encodeURIComponent(anchor)}` }, ...marked(heading, words)), make("p", {}, ...marked(text, words))))));
  return item;
};

let asked = 0;
const ask = async () => {
  const ticket = ++asked;
  const question = input.value.trim();
  const chosen = Object.fromEntries([...filters.querySelectorAll("select")].map((select) => [select.name, select.value]));
  try {
    const found = question ? await find(question, chosen) : [];
    if (ticket !== asked) return; // another letter was typed meanwhile
    results.replaceChildren(...found.map((result) => row(result, found.words)));
    status.textContent = !question ? "" : !found.length ? say(WORDS.search_nothing, { question })
      : say(found.total > MOST ? WORDS.search_best : WORDS.search_found, { count: found.total, most: MOST });
  } catch {
    if (ticket === asked) status.textContent = WORDS.search_failed;
  }
};

const choice = (name, label, all, options) => {
  const select = make("select", { name, "aria-label": label }, make("option", { value: "" }, all),
    ...options.map(([value, text]) => make("option", { value }, text)));
  select.addEventListener("change", ask);
  return select;
};

// The arrow keys walk through the field and all links; Enter in the field follows the first.
const walk = (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const stops = [input, ...results.querySelectorAll("a")];
  const at = stops.indexOf(document.activeElement);
  if (step && at >= 0) {
    event.preventDefault();
    stops[Math.min(Math.max(at + step, 0), stops.length - 1)].focus();
  }
};

const begin = async () => {
  const style = make("link", { rel: "stylesheet", href: settings.style });
  const ready = new Promise((done) => { style.onload = style.onerror = done; });
  document.head.append(style);
  document.body.append(dialog);
  dialog.addEventListener("keydown", walk);
  dialog.addEventListener("click", (event) => { if (event.target === dialog || event.target.closest("a")) dialog.close(); });
  close.addEventListener("click", () => dialog.close());
  dialog.firstChild.addEventListener("submit", (event) => {
    event.preventDefault();
    results.querySelector("a")?.click();
  });
  input.addEventListener("input", ask);
  await ready; // an unstyled dialog would flash
  try {
    const about = await load("index");
    if (about.collections.length > 1) filters.append(choice("collections", WORDS.search_where, WORDS.search_everywhere, about.collections));
    if (about.tags.length) filters.append(choice("tags", WORDS.search_tag, WORDS.search_any_tag, about.tags.map((tag) => [tag, tag])));
  } catch { status.textContent = WORDS.search_failed; }
};

const begun = begin();
export const open = async () => {
  await begun;
  if (!dialog.open) dialog.showModal();
  input.focus();
  input.select();
};
