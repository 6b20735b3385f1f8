"""Scenes: what is measured of live demos, each in a real Chromium; a scene gives raw values, `report` makes figures of them.

Times are of the page's own clock, from the start of its navigation. A cold visit has an empty cache (a new browser context),
a second one the cache of the first. Where two things are compared, they take turns.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from bench.run import held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from bench.live.server import Server

LOADS = 50
"""How often a page is loaded to see whether an early click is lost."""
CLICKS = 100
"""How many clicks are timed in each round."""
PATIENCE = 60_000
"""Milliseconds after which a page is given up."""
DEMO_FILES = ("start.", "demo.", "parts.", "worker.", "micropython.", "pyodide", "demos/")
"""How names of files begin (below `/assets/`) that only demos need."""
ENGINE = "/floor/engine.js"
"""What is the engine's own of the worker's script, as it is when it travels alone."""

CLICK = """addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector(".demo .add"), shown = document.querySelector(".demo .count");
  if (!button || !shown) return;
  const before = shown.textContent;
  new MutationObserver(() => {
    if (shown.textContent !== before) window.answered ??= performance.now();
  }).observe(shown, { childList: true, characterData: true, subtree: true });
  button.click();
});"""
"""Clicks when the page's HTML is there, as the quickest of readers, and notes when the answer can be read."""
ANSWERED = """async () => {
  while (!window.answered) await new Promise((resolve) => setTimeout(resolve, 5));
  return window.answered;
}"""
PAINTED = """async () => {
  const paints = () => performance.getEntriesByName("first-contentful-paint");
  while (!paints().length) await new Promise((resolve) => setTimeout(resolve, 5));
  return paints()[0].startTime;
}"""
SHIFT = """window.shift = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.shift += one.value;
}).observe({ type: "layout-shift", buffered: true });"""
TIMED = """async ([target, text, count]) => {
  const shown = document.querySelector(text), out = [];
  for (let number = 0; number < count; number++) {
    await new Promise((resolve) => setTimeout(resolve, 30 + 40 * Math.random()));
    const started = performance.now();
    await new Promise((resolve) => {
      const observer = new MutationObserver(() => (observer.disconnect(), resolve()));
      observer.observe(shown, { childList: true, characterData: true, subtree: true });
      document.querySelector(target).click();
    });
    out.push(performance.now() - started);
  }
  return out;
}"""
"""Clicks, and notes after how many milliseconds the text changed."""
FLOOD = """async ([count, seconds]) => {
  const shown = document.querySelector(count), read = () => Number(shown.textContent);
  let frames = 0, going = true;
  const frame = () => { frames++; if (going) requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  const before = read(), started = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const took = (performance.now() - started) / 1000;
  going = false;
  return { updates: (read() - before) / took, frames: frames / took };
}"""
ROWS = """async (target) => {
  const list = document.querySelector(".demo ul");
  let records = [];
  const observer = new MutationObserver((news) => records.push(...news));
  observer.observe(list, { childList: true, characterData: true, attributes: true, subtree: true });
  const started = performance.now();
  document.querySelector(target).click();
  while (!records.length) await new Promise((resolve) => setTimeout(resolve, 1));
  const took = performance.now() - started;
  await new Promise((resolve) => setTimeout(resolve, 100));
  observer.disconnect();
  const row = (node) => { while (node && node.parentNode !== list) node = node.parentNode; return node; };
  const moved = (record) => [...record.addedNodes, ...record.removedNodes].filter((node) => node.parentNode === list || record.target === list);
  const touched = new Set(records.flatMap((one) => (one.target === list ? moved(one) : [row(one.target)])));
  return { took, records: records.length, rows: touched.size };
}"""
RESTART = """async () => {
  const shown = document.querySelector(".demo .count"), before = shown.textContent;
  const started = performance.now();
  document.querySelector(".demo-stop").click();
  document.querySelector(".demo .add").click();
  while (shown.textContent === before) await new Promise((resolve) => setTimeout(resolve, 1));
  return performance.now() - started;
}"""


@contextmanager
def reader(browser: Browser, *scripts: str) -> Iterator[BrowserContext]:
    """Open a context with an empty cache, in which each page runs these scripts first."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    for script in scripts:
        context.add_init_script(script)
    yield context
    context.close()


def visit(context: BrowserContext, address: str) -> Page:
    """Open a page in a new tab, and wait until its demos answer (until it is loaded, when it has none)."""
    page = context.new_page()
    page.goto(address)
    if page.locator("[data-demo]").count():
        page.wait_for_selector("html[data-demos=ready]")
    return page


def answered(context: BrowserContext, address: str) -> float:
    """Give the milliseconds from the start of the navigation to the answer of the first click."""
    page = context.new_page()
    page.goto(address)
    took = float(page.evaluate(ANSWERED))
    page.close()
    return took


def weight(browser: Browser, server: Server) -> dict[str, Any]:
    """What a first visit loads, compressed: a page with the Collatz demo, one with a counter, one without a demo."""
    found = {}
    for name, url in (
        ("collatz", "/blog/background_tasks/"),
        ("plain", "/plain/"),
        ("pyodide", "/counter-pyodide/"),
    ):
        if url not in server.files:
            continue
        server.log.clear()
        with reader(browser, SHIFT) as context:
            page = visit(context, server.address + url)
            time.sleep(0.3)
            shift = page.evaluate("window.shift")
        loaded = dict(server.log)
        own = {path: size for path, size in loaded.items() if of_demos(path)}
        found[name] = {
            "bytes": sum(loaded.values()),
            "requests": len(server.log),
            "demo_bytes": sum(own.values()),
            "demo_requests": len(own),
            "ours": sum(size - engine_in(path, server) for path, size in own.items() if is_ours(path)),
            "shift": shift,
            "files": loaded,
        }
    return found


def of_demos(path: str) -> bool:
    """Say whether a file is there for demos alone."""
    return path.removeprefix("/assets/").startswith(DEMO_FILES)


def is_ours(path: str) -> bool:
    """Say whether a file of the demos is the page's script, the worker's, or the runtime."""
    name = path.removeprefix("/assets/")
    return (
        name.startswith(("start.", "demo.", "parts.", "worker.", "pyodide."))
        and name.endswith(".js")
        and "/" not in name
    )


def engine_in(path: str, server: Server) -> int:
    """Give how many of a file's bytes are the engine's, as it is when it travels alone."""
    return len(server.files[ENGINE][1]) if path.startswith("/assets/worker.") else 0


def start(browser: Browser, server: Server, rounds: int) -> dict[str, Any]:
    """Cold start, the floor below it, and the second view, in turns."""
    found: dict[str, list[float]] = {"floor": [], "cold": [], "second": []}
    for turn in range(rounds + 1):
        with reader(browser, CLICK) as context:
            floor = answered(context, server.address + "/floor/")
        with reader(browser, CLICK) as context:
            cold = answered(context, server.address + "/counter/")
            second = answered(context, server.address + "/counter/")
        if turn:  # the first round warms the browser up
            found["floor"].append(floor)
            found["cold"].append(cold)
            found["second"].append(second)
    return found


def pyodide(browser: Browser, server: Server, rounds: int) -> dict[str, Any]:
    """The same demo on Pyodide: as its npm package has it, and as we ship it; and on MicroPython, in turns."""
    pages = {"cold": "/counter/", "stock": "/stock/", "tuned": "/counter-pyodide/"}
    found: dict[str, list[float]] = {name: [] for name, url in pages.items() if url in server.files}
    for turn in range(rounds + 1):
        for name, times in found.items():
            with reader(browser, CLICK) as context:
                took = answered(context, server.address + pages[name])
            if turn:
                times.append(took)
    return found


def restart(browser: Browser, server: Server, rounds: int) -> dict[str, Any]:
    """From the press on Stop to the next answer, while a handler loops for ever."""
    found: dict[str, list[float]] = {"cold": [], "restart": []}
    for _ in range(rounds):
        with reader(browser, CLICK) as context:
            found["cold"].append(answered(context, server.address + "/counter/"))
            page = visit(context, server.address + "/counter/")
            page.locator(".hang").first.click()
            page.wait_for_selector(".demo-stop")
            found["restart"].append(float(page.evaluate(RESTART)))
    return found


def latency(browser: Browser, server: Server, rounds: int) -> dict[str, Any]:
    """From a click to the changed text: alone, and while a task sends updates without a pause."""
    clicks, flooded, updates, frames = [], [], [], []
    for _ in range(rounds):
        with reader(browser) as context:
            page = visit(context, server.address + "/counter/")
            clicks += page.evaluate(TIMED, [".bump", ".bumps", CLICKS])
            page.locator(".flood").click()
            time.sleep(0.3)
            seen = page.evaluate(FLOOD, [".count", 2])
            updates.append(seen["updates"])
            frames.append(seen["frames"])
            flooded += page.evaluate(TIMED, [".bump", ".bumps", CLICKS // 5])
            page.locator(".rest").click()
    return {"clicks": clicks, "flooded": flooded, "updates": updates, "frames": frames}


def many(browser: Browser, server: Server, rounds: int) -> dict[str, Any]:
    """Twenty demos on a page beside one and none: first paint, all live, memory, number of workers."""
    paint: dict[str, list[float]] = {"plain": [], "one": [], "twenty": []}
    live: dict[str, list[float]] = {"one": [], "twenty": []}
    memory: dict[str, list[float]] = {"one": [], "twenty": []}
    workers = 0
    pages = {"plain": "/plain/", "one": "/counter/", "twenty": "/twenty/"}
    for turn in range(rounds + 1):
        for name, url in pages.items():
            with reader(browser) as context:
                page = context.new_page()
                page.goto(server.address + url)
                shown = page.evaluate(PAINTED)
                if turn:
                    paint[name].append(float(shown))
            if name == "plain":
                continue
            with reader(browser, CLICK) as context:
                took = answered(context, server.address + url)
                page = visit(context, server.address + url)
                if turn:
                    live[name].append(took)
                    memory[name].append(renderer_memory(browser, page))
                if name == "twenty":
                    workers = len(page.workers)
                    last = page.locator(".demo").last
                    last.locator(".bump").click()
                    expect(last.locator(".bumps")).to_have_text("1")
    return {"paint": paint, "live": live, "memory": memory, "workers": workers}


def renderer_memory(browser: Browser, page: Page) -> float:
    """Give the bytes that the page's process holds, after its garbage was collected."""
    page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return float(sum(held(one["id"]) for one in processes if one["type"] == "renderer"))


def rows(browser: Browser, server: Server, rounds: int) -> dict[str, Any]:
    """One of a thousand rows changes, then two change places: how many rows are touched, and how long it takes."""
    changed, swapped = [], []
    for _ in range(rounds):
        with reader(browser) as context:
            page = visit(context, server.address + "/rows/")
            page.evaluate(ROWS, ".add")
            changed.append(page.evaluate(ROWS, ".add"))
            swapped.append(page.evaluate(ROWS, ".swap"))
    return {"changed": changed, "swapped": swapped}


def early(browser: Browser, server: Server, loads: int = LOADS) -> dict[str, Any]:
    """A click at DOMContentLoaded, before anything of the demo is there: how often it is answered, and exactly once."""
    kept = 0
    with reader(browser, CLICK) as context:
        page = context.new_page()
        for number in range(loads):
            page.goto(f"{server.address}/counter/?{number}")
            page.evaluate(ANSWERED)
            time.sleep(0.02)
            kept += page.locator(".demo .count").text_content() == "1"
    return {"loads": loads, "kept": kept}


SCENES: dict[str, Callable[[Browser, Server, int], dict[str, Any]]] = {
    "weight": lambda browser, server, _: weight(browser, server),
    "start": start,
    "pyodide": pyodide,
    "restart": restart,
    "latency": latency,
    "many": many,
    "rows": rows,
    "early": lambda browser, server, _: early(browser, server),
}
"""Everything that is measured, by name."""


def ratio(times: list[float], base: list[float]) -> float:
    """Give the median of the rounds' own ratios: a busy second falls on both sides of the fraction."""
    return float(median(one / other for one, other in zip(times, base, strict=True)))
