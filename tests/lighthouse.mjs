// Judges pages by Lighthouse as on a phone: node lighthouse.mjs CHROMIUM CONTROL URL…; CONTROL is the URL of a page with nothing on it,
// or `quick`. Prints one JSON object: for each page its four scores (medians of three runs; of one when it is to be quick, without
// performance), what failed, and what the empty page scored in the same minute when a page's performance was not the best.
import { mkdtempSync } from "node:fs";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [chromePath, control, ...urls] = process.argv.slice(2);
const KINDS = ["performance", "accessibility", "best-practices", "seo"];
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];

const chrome = await launch({ chromePath, chromeFlags: FLAGS, logLevel: "error" });
const options = { port: chrome.port, output: "json", logLevel: "error" };
const judged = async (url, kinds) => (await lighthouse(url, { ...options, onlyCategories: kinds })).lhr;
const score = (report, kind) => Math.round(100 * (report.categories[kind].score ?? 0));
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const missed = (report) => KINDS.flatMap((kind) => report.categories[kind].auditRefs
  .filter((audit) => audit.weight > 0 && (report.audits[audit.id].score ?? 1) < 0.9).map((audit) => audit.id));

const found = {};
for (const url of urls) {
  const runs = [];
  if (control === "quick") {
    const report = await judged(url, KINDS.slice(1));
    found[new URL(url).pathname] = { scores: [null, ...KINDS.slice(1).map((kind) => score(report, kind))], missed: [] };
    continue;
  }
  // Two perfect runs of three decide.
  while (runs.length < 3 && !(runs.length === 2 && runs.every((one) => KINDS.every((kind) => score(one, kind) === 100))))
    runs.push(await judged(url, KINDS));
  if (runs.length === 2) runs.push(runs[0]);
  const scores = KINDS.map((kind) => median(runs.map((one) => score(one, kind))));
  const bare = scores[0] < 100 ? score(await judged(control, ["performance"]), "performance") : null;
  found[new URL(url).pathname] = { scores, missed: [...new Set(runs.flatMap(missed))], bare };
}
await chrome.kill();
console.log(JSON.stringify(found));
