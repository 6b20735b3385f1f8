"""Two builds side by side under a real server: the menu of versions, the bar on old pages, search that stays in its version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from harness import EPOCH, Project
from playwright.sync_api import expect

from generator.config import load_config
from generator.deploy import prepared, target_of
from tests.browser.demo_page import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.long

CONFIG = """
[tool.pressrun]
title = "Lathe"
base_url = "https://docs.example.org/docs/"

[tool.pressrun.search]
enabled = true

[tool.pressrun.deploy.www]
kind = "folder"
to = "../www/docs"
"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def www(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Versions 1.0, 2.0 and dev; the page `old` is in 1.0 alone."""
    project = Project(tmp_path_factory.mktemp("versions") / "project")
    project.write("pyproject.toml", CONFIG + "\n").write(
        "content/guide.md", "# Guide\n\nA guide for turners.\n"
    )
    project.write("content/index.md", "# Lathe\n\nAll of it.\n").write(
        "content/old.md", "# Old\n\nChucks of then.\n"
    )
    for version in ("1.0", "2.0", "dev"):
        config = load_config(project.root, version=version, environ={"SOURCE_DATE_EPOCH": EPOCH})
        with prepared(config, target_of(config, "www"), jobs=1) as ready:
            ready.carry_out()
        (project.root / "permalinks.json").unlink()
        if version == "1.0":
            project.delete("content/old.md").write("content/index.md", "# Lathe\n\nNothing but lathes.\n")
    return project.root.parent / "www"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda wrong: said.append(str(wrong)))
    yield page
    context.close()
    assert said == []


def test_an_old_version_says_so_and_leads_to_the_same_page_of_the_newest(
    www: Path, page: Page, static_server: Callable[[Path], str]
) -> None:
    address = static_server(www)
    page.goto(f"{address}/docs/1.0/guide/")
    bar = page.get_by_role("complementary", name="About this version")
    expect(bar).to_have_text("You are reading about version 1.0, which is an old one. Go to version 2.0")
    expect(bar.get_by_role("link")).to_have_attribute("href", "/docs/2.0/guide/")
    bar.get_by_role("link").click()
    page.wait_for_url(f"{address}/docs/2.0/guide/")
    page.wait_for_load_state("networkidle")
    assert bar.count() == 0


def test_a_page_that_the_newest_has_not_leads_to_its_front_page(
    www: Path, page: Page, static_server: Callable[[Path], str]
) -> None:
    page.goto(f"{static_server(www)}/docs/1.0/old/")
    bar = page.get_by_role("complementary", name="About this version")
    expect(bar).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(bar.get_by_role("link")).to_have_attribute("href", "/docs/2.0/")


def test_a_version_that_is_not_finished_says_so(
    www: Path, page: Page, static_server: Callable[[Path], str]
) -> None:
    page.goto(f"{static_server(www)}/docs/dev/")
    bar = page.get_by_role("complementary", name="About this version")
    expect(bar).to_have_text("You are reading about dev, which is not finished yet. Go to version 2.0")


def test_the_menu_leads_to_this_page_of_other_versions_where_they_have_it(
    www: Path, page: Page, static_server: Callable[[Path], str]
) -> None:
    """1.0 was built before the others, and lists them."""
    page.goto(f"{static_server(www)}/docs/1.0/guide/")
    menu = page.locator(".versions")
    menu.locator("summary").click()
    expect(menu.locator("li")).to_have_text(["dev", "2.0 (newest)", "1.0"])
    expect(menu.get_by_role("link", name="dev")).to_have_attribute("href", "/docs/dev/guide/")
    expect(menu.locator("[aria-current]")).to_have_text("1.0")
    page.keyboard.press("Escape")
    expect(menu.locator("ul")).to_be_hidden()
    page.goto(page.url.replace("guide", "old"))
    menu.locator("summary").click()
    page.wait_for_load_state("networkidle")
    expect(menu.get_by_role("link", name="2.0")).to_have_attribute("href", "/docs/2.0/")


def test_without_scripts_the_menu_leads_to_the_list_of_all(
    www: Path, chromium: Browser, static_server: Callable[[Path], str]
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{static_server(www)}/docs/1.0/guide/")
    page.locator(".versions summary").click()
    page.get_by_role("link", name="All versions").click()
    assert page.get_by_role("listitem").all_text_contents() == ["dev", "2.0 (newest)", "1.0"]
    page.get_by_role("link", name="2.0").click()
    assert page.url.endswith("/docs/2.0/")
    context.close()


def test_search_stays_in_its_version(www: Path, page: Page, static_server: Callable[[Path], str]) -> None:
    address = static_server(www)
    for version, found in (("1.0", 1), ("2.0", 0)):
        page.goto(f"{address}/docs/{version}/")
        page.keyboard.press("/")
        page.get_by_role("searchbox").fill("chucks")
        expect(page.get_by_role("status")).to_have_text("1 page." if found else "Nothing found for “chucks”.")
        links = page.locator("#search-results a").evaluate_all("all => all.map(a => a.pathname)")
        assert links == [f"/docs/{version}/old/"] * found


@pytest.mark.parametrize("path", ["1.0/guide/", "versions/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_moves(
    www: Path, chromium: Browser, static_server: Callable[[Path], str], path: str, scheme: str
) -> None:
    axe = (ROOT / "tests/node_modules/axe-core/axe.min.js").read_text("utf-8")
    context = chromium.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)  # type: ignore[arg-type]
    context.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => { for (const one of list.getEntries()) moved += one.value; })"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    page = context.new_page()
    page.goto(f"{static_server(www)}/docs/{path}")
    page.wait_for_load_state("networkidle")
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags}).then(r => r.violations)", TAGS)
    assert [(one["id"], one["nodes"][0]["target"]) for one in found] == []
    assert page.evaluate("moved") == 0
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()
