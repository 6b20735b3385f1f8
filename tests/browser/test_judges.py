"""Judges that nobody here wrote, on this project's own site: the Nu checker, html-validate, axe, Lighthouse; and a page's budgets."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from harness import Project

from tests.browser.conftest import Compressing
from tests.browser.demo_page import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser

TOOLS = ROOT / "tests/node_modules"
RULES = {
    "root": True,
    "extends": ["html-validate:standard", "html-validate:a11y"],
    # what is a matter of taste, or of the length of a title
    "rules": {
        "no-trailing-whitespace": "off",
        "void-style": "off",
        "long-title": "off",
        "attribute-boolean-style": "off",
        "doctype-style": "off",
        "require-sri": "off",
    },
}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KINDS = ["/", "/theme/", "/deploy/", "/blog/", "/blog/2026/", "/blog/three_inks/", "/blog/readable_colours/", "/tags/", "/tags/theme/", "/languages/",
         "/comparison/", "/changelog/", "/404.html"]  # fmt: skip
"""A page of each kind."""
MEASURED = ["/", "/theme/", "/blog/", "/blog/three_inks/", "/blog/background_tasks/", "/tags/", "/api/"]
"""For Lighthouse, which takes its time."""
SCREENS: dict[str, Any] = {
    "light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
}
FIRST_SIGHT = """
new MutationObserver(() => { window.themed ??= performance.now(); })
  .observe(document, {attributes: true, subtree: true, attributeFilter: ["data-theme"]});
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project's own site."""
    root = tmp_path_factory.mktemp("own") / "project"
    for name in ("content", "blog", "bench", "generator", "pressrun"):
        left_out = shutil.ignore_patterns("__pycache__", "engines", "peers", "site")
        shutil.copytree(ROOT / name, root / name, ignore=left_out)
    for name in ("pyproject.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, root / name)
    with (root / "pyproject.toml").open("a") as file:
        file.write("\n[tool.pressrun.execute]\ntimeout = 300\n")  # the machine may be busy
    project = Project(root).build(jobs=2)
    assert [one for one in project.last.problems if one.level != "info"] == []
    return root / "site"


TRANSLATED = """
[tool.pressrun]
title = "Werkstatt"
description = "Notizen aus der Werkstatt"
base_url = "https://example.org/"
language = "de"
languages = ["en", "ar", "ja"]
author = "Ada Lovelace"
edit_url = "https://example.org/edit/{path}"
[tool.pressrun.search]
enabled = true
[tool.pressrun.collections.blog]
taxonomies = ["tags", "series", "authors"]
page_size = 2
[tool.pressrun.versions]
canonical = "latest"
"""
POST = """---
title: "{word} {number}"
date: 2026-01-0{number}
author: [Ada Lovelace, "{word}"]
tags: ["{word}", papier]
series: "{word}"
---
---
from pressrun import State
from pressrun.components import button

class Count(State):
    n: int = 0
    def up(self):
        self.n += 1
---
{word} und mehr.

## {word} {{#more}}

```python demo
button(Count.n, on_click=Count.up)
```

```python exec show=both
print("{word}")
```

> [!NOTE]
> {word}

=== "{word}"

    eins

=== "2"

    zwei

```mermaid
graph LR; a --> b
```

| {word} | 2 |
|---|---|
| a | b |
"""
WORDS = {"": "Tinte", "en": "Ink", "ar": "حبر", "ja": "インク"}
"""Language → a word of it; the site's own has no suffix."""


@pytest.fixture(scope="module")
def translated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site in four languages, one of them written from right to left, with everything that pages and lists can show."""
    project = Project(tmp_path_factory.mktemp("translated")).write("pyproject.toml", TRANSLATED)
    for language, word in WORDS.items():
        suffix = f".{language}.md" if language else ".md"
        for number in (1, 2, 3):
            project.write(f"blog/p{number}{suffix}", POST.format(word=word, number=number))
        project.write(f"content/index{suffix}", f"---\ntitle: {word}\n---\n{word}\n")
        project.write(f"content/guide/a{suffix}", f"---\ntitle: {word} a\n---\n## {word}\n\n{word}\n")
    project.build()
    assert [one for one in project.last.problems if one.level != "info"] == []
    return project.root / "site"


@pytest.fixture(params=["site", "translated"])
def any_site(request: pytest.FixtureRequest) -> Path:
    """This project's own site, then one in four languages."""
    return request.getfixturevalue(request.param)


@pytest.mark.long
def test_html_validate_finds_nothing(any_site: Path) -> None:
    site = any_site
    (site.parent / "rules.json").write_text(json.dumps(RULES))
    program = TOOLS / "html-validate/bin/html-validate.mjs"
    command = ["node", program, "--config", site.parent / "rules.json", "--formatter", "text", site]
    done = subprocess.run(command, cwd=TOOLS.parent, capture_output=True, text=True, timeout=300, check=False)
    assert (done.stdout, done.returncode) == ("", 0)


@pytest.mark.long
def test_the_nu_html_checker_finds_nothing(any_site: Path) -> None:
    """The checker of the W3C, on each page, style sheet and drawing; warnings count."""
    site = any_site
    java = shutil.which("java")
    if java is None:
        pytest.skip("no Java on PATH: the Nu Html Checker needs it (apt-get install default-jre-headless)")
    program = TOOLS / "vnu-jar/build/dist/vnu.jar"
    kinds = ["--skip-non-html", "--also-check-css", "--also-check-svg", "--Werror"]
    command = [java, "-Xss4m", "-jar", program, *kinds, "--format", "gnu", site]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert (done.stderr, done.stdout, done.returncode) == ("", "", 0)


@pytest.mark.long
def test_lighthouse_gives_full_marks_to_each_kind_of_page(
    site: Path, static_server: Callable[..., str]
) -> None:
    """Accessibility, best practices and search engines on an emulated phone; performance is for quiet machines: see `lighthouse.mjs`."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium on PATH: Lighthouse needs one (apt-get install chromium)")
    address = static_server(site, Compressing)
    command = ["node", "lighthouse.mjs", chromium, "quick", *(address + url for url in MEASURED)]
    done = subprocess.run(
        command, cwd=TOOLS.parent, capture_output=True, text=True, timeout=1200, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {url: one["scores"][1:] for url, one in found.items()} == {
        url: [100, 100, 100] for url in MEASURED
    }


@pytest.mark.long
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    site: Path, chromium: Browser, static_server: Callable[[Path], str], screen: str
) -> None:
    """WCAG 2.2 AA and best practices, on a page of each kind."""
    look(chromium, static_server(site), screen, KINDS)


@pytest.mark.long
def test_axe_finds_nothing_on_pages_in_four_languages(
    translated: Path, chromium: Browser, static_server: Callable[[Path], str]
) -> None:
    pages = [path.relative_to(translated).as_posix() for path in sorted(translated.rglob("*.html"))]
    assert len(pages) > 80
    look(
        chromium,
        static_server(translated),
        "phone",
        [f"/{path.removesuffix('index.html')}" for path in pages],
    )


def look(chromium: Browser, address: str, screen: str, urls: list[str]) -> None:
    """Ask axe about pages, and whether they scroll sideways or report errors."""
    axe = (TOOLS / "axe-core/axe.min.js").read_text("utf-8")
    context = chromium.new_context(**SCREENS[screen], reduced_motion="reduce")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda wrong: said.append(str(wrong)))
    found = []
    for url in urls:
        page.goto(address + url)
        page.evaluate(axe)
        violations = page.evaluate("tags => axe.run(document, {runOnly: tags}).then(r => r.violations)", TAGS)
        found += [(url, one["id"], one["nodes"][0]["target"]) for one in violations]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((url, "scrolls sideways", ""))
    context.close()
    assert found == []
    assert said == []


@pytest.mark.long
def test_a_stored_choice_of_light_or_dark_is_there_before_the_first_paint(
    site: Path, chromium: Browser, static_server: Callable[[Path], str]
) -> None:
    """Without a script that holds the page up: it is asked for first, and kept by the browser from the page before."""
    address = static_server(site)
    context = chromium.new_context(color_scheme="light")
    context.add_init_script(FIRST_SIGHT)
    page = context.new_page()
    page.goto(address + "/")
    page.evaluate("localStorage.setItem('pressrun-theme', 'dark')")
    late = []
    for url in ["/theme/", "/blog/", "/blog/three_inks/", "/comparison/", "/"] * 2:
        page.goto(address + url)
        for _ in range(100):
            if page.evaluate("performance.getEntriesByName('first-paint').length"):
                break
            page.wait_for_timeout(50)
        themed, painted = page.evaluate(
            "[window.themed, performance.getEntriesByName('first-paint')[0].startTime]"
        )
        if themed is None or themed > painted:
            late.append((url, themed, painted))
    context.close()
    assert late == []


@pytest.mark.long
def test_a_page_that_is_left_while_its_worker_begins_harms_nothing(
    site: Path, chromium: Browser, static_server: Callable[[Path], str]
) -> None:
    """At any instant. (Chromium crashed in one of twenty when the worker was put away with its page.)"""
    address = static_server(site)
    context = chromium.new_context()
    page = context.new_page()
    for pause in (0, 20, 60, 120, 250, 400) * 8:
        page.goto(address + "/", wait_until="commit")
        page.wait_for_timeout(pause)
        page.goto(address + "/blog/")
        assert page.evaluate("1") == 1
    context.close()


@pytest.mark.long
def test_a_post_without_a_demo_keeps_to_its_budget(site: Path) -> None:
    """At most 40 KB compressed in all, 6 KB of scripts, 12 KB of style."""
    html = (site / "blog/three_inks/index.html").read_text("utf-8")
    tags = re.findall(r"<script\b[^>]*\bsrc=\"([^\"]+)\"[^>]*>", html)
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)

    def weight(urls: list[str]) -> int:
        return sum(len(gzip.compress((site / url.lstrip("/")).read_bytes())) for url in urls)

    assert tags
    assert sheets
    assert weight(tags) <= 6_000
    assert weight(sheets) <= 12_000
    assert len(gzip.compress(html.encode())) + weight(tags) + weight(sheets) <= 40_000
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)


@pytest.mark.long
def test_no_script_holds_a_page_up(site: Path) -> None:
    """Neither the theme's nor those of demos, diagrams and search."""
    waits = r"<script(?![^>]*\b(?:async|defer|type=\"(?:module|application/(?:ld\+)?json)\"))[^>]*>"
    assert [page for page in site.rglob("*.html") if re.search(waits, page.read_text("utf-8"))] == []
