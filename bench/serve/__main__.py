"""Measures dev servers in a real Chromium, prints the table, and writes `bench/serve/results.json`.

    python -m bench.serve [--sizes 100,1000] [--tools pressrun,hugo] [--rounds 7] [--scenes start,edits,crowd,memory] [--work FOLDER]

A script in each page looks at every change of its text, and notes the time when a mark of the edit is there; so a page that is
loaded anew and one that is changed in place are measured alike. What is not asked for keeps what an earlier run measured.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Error, sync_playwright

from bench import peers
from bench.run import Place, family, held, machine, written
from bench.serve import report
from bench.serve.servers import TOOLS, Running, Tool, peer_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser, BrowserContext, Page

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
LOOK = """
(() => {
  const seen = new Set();
  const look = () => {
    for (const mark of document.body?.textContent.match(/Mark-\\w+-\\d+/g) ?? []) {
      if (seen.has(mark)) continue;
      seen.add(mark);
      window.noteMark(mark, performance.timeOrigin + performance.now());
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
})();
"""
LONGEST = 120.0
"""Seconds after which an edit is given up."""
LIST_PATIENCE = 15.0
"""Seconds that a list may be behind its page; some servers do not reload it at all."""
PAUSE = 0.7
"""Seconds between an edit that was seen and the next one."""
TABS, BROWSERS = 30, 10
"""Of the crowd."""


class Marks:
    """Which mark was seen when, by page."""

    def __init__(self, context: BrowserContext) -> None:
        self.times: dict[str, list[float]] = {}
        context.expose_function("noteMark", lambda mark, when: self.times.setdefault(mark, []).append(when))
        context.add_init_script(LOOK)

    def wait(self, page: Page, mark: str, count: int = 1, patience: float = LONGEST) -> float | None:
        """Give the time (ms since 1970) when the mark had been seen so many times; None when it never was."""
        end = time.time() + patience
        while len(self.times.get(mark, ())) < count:
            if time.time() > end:
                return None
            page.wait_for_timeout(2)
        return sorted(self.times[mark])[count - 1]


def measure_edits(browser: Browser, running: Running, rounds: int) -> dict[str, list[float]]:
    """Edit a paragraph, then a title, again and again."""
    place, made, own = running.place, dict[str, list[float]](), f"{time.time_ns():x}"
    context = browser.new_context()
    marks = Marks(context)
    post, newest = context.new_page(), context.new_page()
    number = place.size // 2
    post.goto(running.url(place.page(number)))
    newest.goto(running.url(place.page(0)))
    pages = [newest]
    if place.peer.front:
        pages.append(context.new_page())
        pages[1].goto(running.url(place.peer.front))
    pages[-1].wait_for_timeout(2000)
    for turn in range(rounds + 1):  # the first one warms up
        for scene, page in (("body", post), ("title", newest)):
            mark = f"Mark-{scene}{own}-{turn}"  # no earlier run left it in a folder that is kept
            began = time.time() * 1000
            if scene == "body":
                place.edit(number, body_mark=mark)
            else:
                place.edit(0, title_mark=f" {mark}")
            seen = marks.wait(page, mark)
            if seen is None:
                made.setdefault(scene, [])
                continue
            if turn:
                made.setdefault(scene, []).append(round(seen - began, 1))
            if scene == "title" and len(pages) > 1:
                whole = marks.wait(pages[1], mark, count=2, patience=LIST_PATIENCE)
                if whole is not None and turn:
                    made.setdefault("list", []).append(round(whole - began, 1))
            page.wait_for_timeout(PAUSE * 1000)
    context.close()
    return made


def measure_crowd(browser: Browser, running: Running, rounds: int) -> list[float]:
    """Let many tabs and browsers look at one page."""
    place = running.place
    number = place.size // 3
    contexts = [browser.new_context() for _ in range(BROWSERS + 1)]
    marks = [Marks(context) for context in contexts]
    for at, context in enumerate(contexts):
        for _ in range(TABS if at == 0 else 1):
            context.new_page().goto(running.url(place.page(number)))
    some = contexts[0].pages[0]
    some.wait_for_timeout(2000)
    made = []
    for turn in range(rounds):
        began = time.time() * 1000
        mark = f"Mark-crowd{began:.0f}-{turn}"
        place.edit(number, body_mark=mark)
        times = [one.wait(some, mark, count=TABS if at == 0 else 1) for at, one in enumerate(marks)]
        if None not in times:
            made.append(round(max(one for one in times if one is not None) - began, 1))
        some.wait_for_timeout(PAUSE * 1000)
    for context in contexts:
        context.close()
    return made


def measure_memory(browser: Browser, running: Running, edits: int) -> list[float]:
    """Edit very often; give megabytes after 50 edits and at the end."""
    place, found, own = running.place, [], f"{time.time_ns():x}"
    context = browser.new_context()
    marks = Marks(context)
    page = context.new_page()
    page.goto(running.url(place.page(1)))
    page.wait_for_timeout(1500)
    for turn in range(1, edits + 1):
        place.edit(1, body_mark=f"Mark-memory{own}-{turn}")
        marks.wait(page, f"Mark-memory{own}-{turn}")
        if turn in (50, edits):
            found.append(round(sum(map(held, family(running.process.pid))) / 2**20, 1))
    context.close()
    return found


def measure(
    tool: Tool, size: int, scenes: Sequence[str], rounds: int, edits: int, work: Path, browser: Browser
) -> list[dict[str, Any]]:
    """Measure one server at one size; crowd and memory are Pressrun's alone."""
    place = Place(peer_of(tool), work / f"{tool.name}-{size}", size)
    if not place.folder.exists():
        place.prepare()
    found: dict[str, list[float]] = {}
    if tool.name == "pressrun":  # a warm cache is what an author starts with
        with Running(tool, place):
            while not (place.folder / ".pressrun/served/finished").exists():
                time.sleep(0.1)
    with Running(tool, place) as running:
        if "start" in scenes:
            found["start"] = [round(running.started * 1000)]
        if "edits" in scenes:
            found |= measure_edits(browser, running, rounds)
        if tool.name == "pressrun" and "crowd" in scenes:
            found["crowd"] = measure_crowd(browser, running, rounds)
        if tool.name == "pressrun" and "memory" in scenes:
            found["memory"] = measure_memory(browser, running, edits)
    more: dict[str, dict[str, Any]] = {"crowd": {"pages": TABS + BROWSERS}, "memory": {"edits": edits}}
    return [
        {"size": size, "tool": tool.name, "scene": scene, "values": values, **more.get(scene, {})}
        for scene, values in found.items()
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, write the results; the exit status says whether a goal was missed."""
    parser = argparse.ArgumentParser(prog="make bench-serve", description="Measure dev servers.")
    parser.add_argument("--sizes", default="100,10000", help="numbers of posts")
    parser.add_argument("--tools", default=",".join(tool.name for tool in TOOLS))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--scenes", default="start,edits,crowd,memory", help="some of these")
    parser.add_argument("--edits", type=int, default=1000, help="edits after which memory is measured")
    parser.add_argument("--work", type=Path, help="folder of the sites, kept; a temporary one by default")
    parser.add_argument("--results", type=Path, default=RESULTS)
    chosen = parser.parse_args(arguments)
    try:
        kept = json.loads(chosen.results.read_text("utf-8"))
    except (OSError, ValueError):
        kept = {"measured": [], "versions": {}, "titles": {}}
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("no Chromium on PATH")
    kept |= {"date": datetime.now(UTC).date().isoformat(), "machine": machine(), "rounds": chosen.rounds}
    with tempfile.TemporaryDirectory() as own, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=ARGUMENTS)
        kept["browser"] = f"Chromium {browser.version}"
        for size in map(int, chosen.sizes.split(",")):
            for tool in TOOLS:
                if tool.name not in chosen.tools.split(",") or size > tool.most:
                    continue
                print(f"{size} posts: {peer_of(tool).title} …", file=sys.stderr, flush=True)
                try:
                    versions = peers.install(peer_of(tool))
                    scenes, work = chosen.scenes.split(","), chosen.work or Path(own)
                    rows = measure(tool, size, scenes, chosen.rounds, chosen.edits, work, browser)
                except (peers.NotInstalledError, RuntimeError, Error) as reason:
                    print(f"  not measured: {reason}", file=sys.stderr, flush=True)
                    continue
                keep(kept, tool, rows, versions)
                chosen.results.write_text(written(kept), "utf-8")
        browser.close()
    words = report.text(kept)
    print(words)
    return int("MISSED" in words)


def keep(kept: dict[str, Any], tool: Tool, rows: list[dict[str, Any]], versions: dict[str, str]) -> None:
    """Put what was measured in the place of what an earlier run had."""
    done = {(row["size"], row["tool"], row["scene"]) for row in rows}
    others = [row for row in kept["measured"] if (row["size"], row["tool"], row["scene"]) not in done]
    order = [one.name for one in TOOLS]
    kept["measured"] = sorted([*others, *rows], key=lambda row: (row["size"], order.index(row["tool"])))
    tools = {row["tool"] for row in kept["measured"]}
    kept["titles"] = {one.name: peer_of(one).title for one in TOOLS if one.name in tools}
    if versions:
        kept["versions"][tool.name] = versions


if __name__ == "__main__":
    sys.exit(main())
