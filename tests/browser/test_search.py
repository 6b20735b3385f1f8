"""Search in a real browser, under the strict policy, below a path: keys, results, filters, nothing fetched before."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from harness import Project
from playwright.sync_api import Page, expect

from generator import search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

CONFIG = "[tool.pressrun]\nbase_url = 'https://site.example/below/'\n[tool.pressrun.search]\nenabled = true\n"


@pytest.fixture
def page(
    project: Project, chromium: Browser, static_server: Callable[[Path], str], tmp_path: Path
) -> Iterator[Page]:
    """The guide of a small site, published below a path; what was fetched stands in `page.fetched`, troubles fail the test."""
    project.write("pyproject.toml", CONFIG)
    project.write(
        "content/guide.md",
        "# The guide\n\n<input aria-label='Field'>\n\n## Install it\n\nWith care, on *Café* machines.\n",
    )
    project.write(
        "content/markup.md",
        "---\ntitle: <img src=x onerror=alert(1)> markup\n---\nHostile `<script>alert(1)</script>` words.\n",
    )
    for number in range(12):
        project.write(
            f"blog/p{number:02}.md",
            f"---\ntitle: Post {number}\ndate: 2026-01-{number + 1:02}\ntags: [{'odd' if number % 2 else 'even'}]\n---\nCommon installation words.\n",
        )
    project.build(out=tmp_path / "www/below")
    assert project.problems == []
    context = chromium.new_context()
    page = context.new_page()
    troubles: list[str] = []
    page.on(
        "console",
        lambda message: troubles.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda wrong: troubles.append(str(wrong)))
    page.on("dialog", lambda dialog: troubles.append("a dialog"))
    page.fetched = []  # type: ignore[attr-defined]
    page.on("request", lambda request: page.fetched.append(request.url))  # type: ignore[attr-defined]
    page.goto(static_server(tmp_path / "www") + "/below/guide/")
    yield page
    context.close()
    assert troubles == []


def titles(page: Page) -> list[str]:
    return page.locator(".search-results > li > a").all_inner_texts()


def test_nothing_is_fetched_before_it_is_opened_and_then_only_what_is_asked(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    assert not [url for url in page.fetched if "search" in url]  # type: ignore[attr-defined]
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("dialog", name="Search")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("care")
    expect(page.locator(".search-status")).to_have_text("1 page.")
    names = sorted(url.rpartition("/")[2] for url in page.fetched if "/assets/search/" in url)  # type: ignore[attr-defined]
    assert names == ["index.json", "p-.json", "w-c.json"]


def test_keys_open_walk_follow_and_close(page: Page) -> None:
    """A slash in a field is a slash."""
    page.get_by_role("textbox", name="Field").press("/")
    expect(page.get_by_role("textbox", name="Field")).to_have_value("/")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("textbox", name="Field")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("install it")
    first = page.locator(".search-results a").first
    expect(first).to_have_text("The guide")
    page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    section = page.get_by_role("link", name="Install it")
    expect(section).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("searchbox")).to_be_focused()
    section.click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.url.endswith("/below/guide/#install-it")
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill("post 7")
    expect(page.locator(".search-results > li > a").first).to_have_text("Post 7")
    page.keyboard.press("Enter")
    page.wait_for_url("**/below/blog/p07/")


def test_words_are_found_by_their_beginning_their_stem_and_without_accents(page: Page) -> None:
    page.keyboard.press("/")
    field, status = page.get_by_role("searchbox"), page.locator(".search-status")
    for question, count in (
        ("cafe", "1 page."),
        ("CAFÉ", "1 page."),
        ("inst", "13 pages, the best 10 of them here."),
        ("installing it", "1 page."),
        ("zebra", "Nothing found for “zebra”."),
        ("", ""),
    ):
        field.fill(question)
        expect(status).to_have_text(count)
    field.fill("café")
    expect(page.locator(".search-results mark")).to_have_text(["Café"])


def test_results_can_be_narrowed_to_a_part_of_the_site_and_to_a_tag(page: Page) -> None:
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill("install")
    page.get_by_role("combobox", name="In which part of the site").select_option(label="Content")
    expect(page.locator(".search-status")).to_have_text("1 page.")
    assert titles(page) == ["The guide"]
    page.get_by_role("combobox", name="In which part of the site").select_option(label="Everywhere")
    page.get_by_role("combobox", name="With which tag").select_option("odd")
    expect(page.locator(".search-status")).to_have_text("6 pages.")
    assert sorted(titles(page)) == ["Post 1", "Post 11", "Post 3", "Post 5", "Post 7", "Post 9"]


def test_words_of_pages_are_text_and_never_markup(page: Page) -> None:
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill("markup hostile")
    expect(page.locator(".search-results > li > a")).to_have_text("<img src=x onerror=alert(1)> markup")
    assert page.locator(".search-results img, .search-results script").count() == 0
    page.get_by_role("searchbox").fill("<script>")
    expect(page.locator(".search-results > li p").first).to_contain_text("<script>alert(1)</script>")


def test_a_reader_of_a_translation_finds_pages_of_that_language(
    project: Project, chromium: Browser, static_server: Callable[[Path], str], tmp_path: Path
) -> None:
    """And the originals that have none; their links lead there."""
    project.write(
        "pyproject.toml", CONFIG.replace("[tool.pressrun]\n", "[tool.pressrun]\nlanguages = ['de']\n")
    )
    for path, title in (
        ("index", "Home"),
        ("index.de", "Start"),
        ("ink", "Ink"),
        ("ink.de", "Tinte"),
        ("only", "Only"),
    ):
        project.write(f"content/{path}.md", f"---\ntitle: {title}\n---\nCommonword.\n")
    project.build(out=tmp_path / "www/below")
    page = chromium.new_page()
    base = static_server(tmp_path / "www") + "/below"
    for begin, hrefs in (
        ("/de/ink/", ["/below/de/", "/below/de/ink/", "/below/only/"]),
        ("/ink/", ["/below/", "/below/ink/", "/below/only/"]),
    ):
        page.goto(base + begin)
        page.keyboard.press("/")
        page.get_by_role("searchbox").fill("commonword")
        links = page.locator(".search-results > li > a")
        expect(links).to_have_count(3)
        assert sorted(str(one.get_attribute("href")) for one in links.all()) == hrefs
    page.close()


def test_the_browser_cuts_words_as_the_build_does() -> None:
    """The same texts through the function of `search.js`, in Node."""
    texts = [
        "Hello, World",
        "press_sheet(x1)",
        "Ärger ﬁne ÉTÉ İstanbul",
        "東京 in 한국",
        "x" * 50,
        "don't — stop…",
        "naïve Σίσυφος",
        "٣ ½ x²",
    ]
    script = (search_script().partition("const fetched")[0].partition("const SIGN")[2]).join(
        ["const SIGN", f"console.log(JSON.stringify({json.dumps(texts)}.map(terms)))"]
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [search.terms(text) for text in texts]


def search_script() -> str:
    from generator.assets import BUILT_IN_ALONE

    return BUILT_IN_ALONE.assets()["search.js"].decode()
