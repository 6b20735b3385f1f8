"""The headers that a deploy writes, sent by a server to a real browser: all pages work, and nothing else does."""

from __future__ import annotations

import http.server
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from harness import Project
from targets import deploy

from generator.targets import Target
from tests.browser.demo_page import visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.long

DEMO = """\
# Counter

```python demo exec
from pressrun import State
from pressrun.components import button, hstack, text


class Counter(State):
    count: int = 0

    def up(self):
        self.count += 1


def counter():
    return hstack(button("Up", on_click=Counter.up), text(Counter.count))
```
"""
PLAIN = """\
# Plain

<p id="styled" style="color: rgb(1, 2, 3)">styled</p>
<script>document.getElementById("styled").textContent = "run"</script>
<style>#styled { border-top-width: 7px; border-top-style: solid }</style>
<img id="dot" alt="a dot" src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">
"""


def headers_of(folder: Path) -> dict[str, str]:
    """What `_headers` says of all paths."""
    found: dict[str, str] = {}
    for row in (folder / "_headers").read_text().splitlines()[1:]:
        if not row.startswith("  "):
            break
        name, _, value = row.strip().partition(": ")
        found[name] = value
    return found


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder as its host would."""
    headers = headers_of(folder)

    class Handler(http.server.SimpleHTTPRequestHandler):
        extensions_map = {
            **http.server.SimpleHTTPRequestHandler.extensions_map,
            ".mjs": "text/javascript",
            ".wasm": "application/wasm",
        }

        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(folder))  # type: ignore[arg-type]

        def end_headers(self) -> None:
            for name, value in headers.items():
                if name != "Strict-Transport-Security":
                    self.send_header(name, value)
            super().end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def www(project: Project, tmp_path: Path) -> Path:
    """A site with a live demo and with a page of inline things, deployed for Netlify."""
    project.write("pyproject.toml", '[tool.pressrun]\ntitle = "T"\n')
    project.write("content/index.md", "# Home\n").write("content/demo.md", DEMO).write(
        "content/plain.md", PLAIN
    )
    project.write("blog/post.md", "---\ndate: 2026-01-01\n---\n# Post\n\n```python\nx = 1\n```\n")
    deploy(project, Target("n", "folder", str(tmp_path / "www"), host="netlify"))
    return tmp_path / "www"


def test_no_page_breaks_under_the_policy_that_was_worked_out_for_it(www: Path, chromium: Browser) -> None:
    with served(www) as address:
        for path in ("/", "/demo/", "/plain/", "/blog/", "/blog/post/", "/404.html"):
            with visit(chromium, address + path) as seen:
                seen.page.wait_for_load_state()
                if path == "/demo/":
                    seen.ready()
                    seen.page.get_by_role("button", name="Up").click()
                    seen.page.wait_for_function(
                        "document.querySelector('[data-demo]').textContent.includes('1')"
                    )
                if path == "/plain/":
                    about = "getComputedStyle(document.getElementById('styled'))"
                    assert seen.page.text_content("#styled") == "run"
                    assert seen.page.evaluate(f"[{about}.color, {about}.borderTopWidth]") == [
                        "rgb(1, 2, 3)",
                        "7px",
                    ]
                    assert seen.page.evaluate("document.getElementById('dot').naturalWidth") == 1
                assert seen.complaints == [], path


def test_what_is_smuggled_into_a_page_afterwards_does_not_run(www: Path, chromium: Browser) -> None:
    page = www / "blog/post/index.html"
    page.write_text(page.read_text().replace("</main>", '<script>document.title = "taken"</script></main>'))
    with served(www) as address, visit(chromium, address + "/blog/post/") as seen:
        seen.page.wait_for_load_state()
        assert seen.page.title() != "taken"
        assert any("Content Security Policy" in complaint for complaint in seen.complaints)
