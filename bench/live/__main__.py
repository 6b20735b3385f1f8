"""Measures live demos in a real Chromium on loopback, prints the figures, and writes `bench/live/results.json`.

    python -m bench.live [--rounds 7] [--scenes start,latency] [--work FOLDER]

A scene that is not asked for keeps what an earlier run measured, so that a long run can be cut in pieces.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from bench.live import report
from bench.live.scenes import SCENES
from bench.live.server import Server, compress, served
from bench.run import machine
from generator.build import build
from generator.config import load_config
from generator.demos import runtime_files
from generator.demos.shipping import engine_script

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
FLOOR = '<!doctype html><meta charset="utf-8"><title>Floor</title><script type="module" src="/floor/floor.js"></script>'
LOCK = ROOT / "engines" / "pyodide"
"""Where the version of Pyodide is pinned."""


def prepare(folder: Path, *, stock: bool) -> str:
    """Build the site that is measured, and put the floor and stock Pyodide beside it. Says what is missing."""
    project, site = folder / "project", folder / "site"
    if not project.exists():
        shutil.copytree(HERE / "site", project)
        (project / "blog").mkdir()
        for name in ("background_tasks.md", "background_tasks.py"):
            shutil.copy(ROOT / "blog" / name, project / "blog" / name)
        if find_spec("pressrun_pyodide"):
            page = (HERE / "site/content/counter.md").read_text("utf-8")
            tuned = page.replace("python demo", "python demo engine=pyodide")
            (project / "content/counter-pyodide.md").write_text(tuned, "utf-8")
        made = build(load_config(project, out=site), jobs=1)
        errors = [str(problem) for problem in made.problems if problem.level == "error"]
        if errors:
            raise SystemExit("\n".join(errors))
        floor = site / "floor"
        floor.mkdir()
        (floor / "index.html").write_text(FLOOR, "utf-8")
        shutil.copy(HERE / "browser" / "floor.js", floor / "floor.js")
        shutil.copy(HERE / "browser" / "floor-worker.js", floor / "worker.js")
        for name in ("micropython.mjs", "micropython.wasm"):
            shutil.copy(ROOT / "generator" / "engines" / name, floor / name)
        (floor / "engine.js").write_text(engine_script(), "utf-8")  # only weighed
    missing = ""
    if stock and not (site / "stock").exists():
        missing = put_stock(folder, site)
    compress(site)
    return missing


def put_stock(folder: Path, site: Path) -> str:
    """Put a page with the counter on Pyodide as its npm package has it. Says why not."""
    npm = shutil.which("npm")
    if npm is None:
        return "stock Pyodide: no npm on PATH"
    if not LOCK.is_dir():
        return f"stock Pyodide: {LOCK.relative_to(ROOT)}, which pins its version, is not there"
    packages = folder / "npm"
    packages.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(LOCK / name, packages / name)
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=packages, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        return f"stock Pyodide: {done.stderr.strip().splitlines()[-1]}"
    stock = site / "stock"
    stock.mkdir()
    for one in (packages / "node_modules" / "pyodide").iterdir():
        if one.suffix in (".mjs", ".wasm", ".zip") or one.name == "pyodide-lock.json":
            shutil.copy(one, stock / one.name)
    shutil.copy(HERE / "browser" / "stock-worker.js", stock / "worker.js")
    page = (site / "counter" / "index.html").read_text("utf-8")
    own = next(path.name for path in (site / "assets").glob("worker.*.js"))
    page = page.replace(f"/assets/{own}", "/stock/worker.js")
    page = re.sub(r' data-micropython-wasm="[^"]*"', "", page)  # its worker loads another engine
    (stock / "runtime.json").write_text(json.dumps(runtime_files()), "utf-8")
    (stock / "index.html").write_text(page, "utf-8")
    return ""


def measure(folder: Path, scenes: Sequence[str], rounds: int) -> tuple[dict[str, Any], str]:
    """Run scenes; gives their raw values and the browser's name."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("no Chromium on PATH")
    found = {}
    with sync_playwright() as play, Server(served(folder / "site")) as server:
        browser = play.chromium.launch(executable_path=program, args=ARGUMENTS)
        for scene in scenes:
            print(f"{scene} …", file=sys.stderr, flush=True)
            found[scene] = SCENES[scene](browser, server, rounds)
        name = f"Chromium {browser.version}"
        browser.close()
    return found, name


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, write the results; the exit status says whether a figure was missed."""
    parser = argparse.ArgumentParser(prog="make bench-live", description="Measure live demos.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--scenes", default=",".join(SCENES), help=f"some of {', '.join(SCENES)}")
    parser.add_argument(
        "--work", type=Path, help="folder that is kept between runs; a temporary one by default"
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="file to write")
    chosen = parser.parse_args(arguments)
    scenes = chosen.scenes.split(",")
    unknown = [scene for scene in scenes if scene not in SCENES]
    if unknown:
        parser.error(f"no scene is called {unknown[0]}; there are {', '.join(SCENES)}")
    with tempfile.TemporaryDirectory(prefix="pressrun-bench-") as temporary:
        folder = chosen.work or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        missing = prepare(folder, stock="pyodide" in scenes)
        if missing:
            print(missing, file=sys.stderr)
        before = machine()
        found, browser = measure(folder, scenes, chosen.rounds)
    kept = json.loads(chosen.results.read_text("utf-8"))["scenes"] if chosen.results.exists() else {}
    results = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": before,
        "browser": browser,
        "rounds": chosen.rounds,
        "scenes": {**kept, **rounded(found)},
    }
    chosen.results.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", "utf-8")
    print(report.text(results))
    return int(any(row[3] == "MISSED" for row in report.table(results)))


def rounded(value: Any) -> Any:
    """Give raw values with two places: more would be noise."""
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return round(value, 2) if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main())
