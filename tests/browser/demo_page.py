"""A page with demos, put together as a built page is, without the rest of the generator."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import generator
from generator.config import Demos
from generator.content import workers_of
from generator.demos import DemoCompiler, browser_files, pyodide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(os.path.abspath(generator.__file__)).parents[1]
TOKENS = """:root { --pr-bg: #fff; --pr-surface: #f6f6f4; --pr-text: #1c1b19; --pr-muted: #5c5a55; --pr-line: #d5d2ca;
--pr-accent: #0b57a4; --pr-accent-text: #fff; --pr-danger: #a3201d; --pr-radius: 6px; --pr-font: sans-serif;
--pr-mono: monospace; --pr-shadow: 0 1px 3px #0003; --pr-focus: #0b57a4; }
body { font: 16px/1.5 var(--pr-font); color: var(--pr-text); background: var(--pr-bg); margin: 2rem; }
"""


@dataclass(slots=True)
class Visit:
    """An open page, and what the browser had to say about it."""

    page: Page
    """The page."""
    complaints: list[str] = field(default_factory=list)
    """Console messages, page errors, failed requests."""
    requests: list[str] = field(default_factory=list)
    """Every address asked for."""

    def ready(self) -> Visit:
        """Wait until the demos answer."""
        self.page.wait_for_selector("html[data-demos=ready]")
        return self


def write_page(
    folder: Path,
    *views: Callable[[], object],
    root: Path = ROOT,
    before: str = "",
    source: str = "",
    engine: str = "auto",
    packages: tuple[str, ...] = (),
    options: dict[int, dict[str, str]] | None = None,
    change: Callable[[list[dict[str, Any]]], None] | None = None,
) -> bytes:
    """Write index.html with a demo for each view, and all that it loads; gives the demos' payload.

    `packages`: wheels, by their paths from `root`; `options`: of the fences, by the view's number from 0; `change`: does something to the payload before it is written.
    """
    compiler = DemoCompiler(root, "index.md", source, Demos(engine=engine, packages=packages))
    frames = [compiler.add(view, (options or {}).get(number, {}), 1) for number, view in enumerate(views)]
    payload = compiler.finish()
    assert payload is not None
    if change:
        parts = json.loads(payload)
        change(parts)
        payload = json.dumps(parts).encode()
    for name, data in browser_files().items():
        (folder / name).write_bytes(data)
    second = pyodide()
    if "pyodide" in workers_of(payload):
        assert second is not None
        (folder / "pyodide").symlink_to(second.folder)
    (folder / "payload.json").write_bytes(payload)
    (folder / "demo.css").write_bytes((ROOT / "generator/theme/assets/demo.css").read_bytes())
    (folder / "page.css").write_text(TOKENS)
    (folder / "own.css").write_text(compiler.sheet.css())
    (folder / "favicon.ico").write_bytes(b"")
    addresses = {
        "payload": "/payload.json",
        "micropython": "/worker.js",
        "pyodide": "/pyodide.js",
        "micropython-wasm": "/micropython.wasm",
        "pyodide-folder": "/pyodide/",
        "parts": "/parts.js",
    }
    attributes = " ".join(f'data-{name}="{address}"' for name, address in addresses.items())
    (folder / "index.html").write_text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Demo</title>'
        f'<meta name="viewport" content="width=device-width">'
        '<link rel="stylesheet" href="/page.css"><link rel="stylesheet" href="/demo.css">'
        '<link rel="stylesheet" href="/own.css">'
        f'<script type="module" src="/demo.js" data-workers="{workers_of(payload)}" {attributes}></script>'
        f"</head><body><main><h1>Demo</h1>{before}{''.join(frames)}</main></body></html>"
    )
    return payload


@contextmanager
def visit(browser: Browser, address: str, before: str = "") -> Iterator[Visit]:
    """Open a page, `before` whose scripts another may run; at the end, nothing may have been complained about and nobody else asked for anything."""
    context = browser.new_context()
    context.set_default_timeout(30_000)
    page = context.new_page()
    if before:
        page.add_init_script(before)
    seen = Visit(page)
    page.on("console", lambda message: seen.complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("requestfailed", lambda request: seen.complaints.append(f"failed: {request.url}"))
    page.on("request", lambda request: seen.requests.append(request.url))
    page.goto(address)
    yield seen
    context.close()
