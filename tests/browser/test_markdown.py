"""What readers do with tabs, code and footnotes, with scripts and without, under the strict policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from harness import Project
from playwright.sync_api import Browser, Page, expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TABS = ":::tabs\n:::tab[One]\nfirst {0}\n:::\n:::tab[Two]\nsecond {0}\n:::\n:::\n\n"
PAGE = f"""# A

{TABS.format("a")}{TABS.format("b")}
```console
$ ls -a
one
$ pwd
/tmp
```

```text linenos hl=1 notes=2 collapse=2
a
b
c
```

1. On b.

:::warning[Mind the *press* now]
Hot.
:::

:::cards
:::card[Tables]{{href=tables.md}}
Wide ones. [A tab](#a).
:::
:::

A note[^n].

[^n]: Of *the* foot.
"""

PROSE = "Words that go on for as long as somebody who explains a thing well needs to be understood."
TABLES = f"""# Tables

| I want to have | I write |
|---|---|
| something in the foot | `templates/components/footer.html` |

| key | meaning |
|---|---|
| `edit_url` | `https://code.example/somebody/library/edit/main/content/{{path}}` |

| key | type | meaning | default |
|---|---|---|---|
| `toc_depth` | whole number | {PROSE} | `2` |

| something that is counted | load | compose |
|---|--:|--:|
| a function of the module that the guide does not show | 1 | 1 |
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of one page."""
    project = Project(tmp_path_factory.mktemp("markdown"))
    project.write("content/a.md", PAGE).write("content/tables.md", TABLES).build()
    assert project.problems == []
    return project.root / "site"


@pytest.fixture
def page(chromium: Browser, site: Path, static_server: Callable[[Path], str]) -> Iterator[Page]:
    """The page, where scripts run; nothing it says in the console is overlooked."""
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{static_server(site)}/a/")
    yield page
    context.close()
    assert said == []


def test_a_tab_is_chosen_wherever_it_has_that_title_and_stays_chosen(page: Page) -> None:
    expect(page.get_by_text("first a")).to_be_visible()
    page.locator(".tab", has_text="Two").first.click()
    for words, shown in {"second a": True, "second b": True, "first a": False, "first b": False}.items():
        expect(page.get_by_text(words)).to_be_visible(visible=shown)
    page.reload()
    expect(page.get_by_text("second b")).to_be_visible()


def test_the_arrow_keys_choose_a_tab(page: Page) -> None:
    page.locator(".tab > input").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("second a")).to_be_visible()


def test_of_a_session_what_was_typed_is_copied(page: Page) -> None:
    block = page.locator(".code", has_text="ls -a")
    block.hover()
    block.locator(".copy").click()
    expect(block.locator(".copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "ls -a\npwd\n"


def test_numbers_and_notes_are_not_copied_and_what_is_folded_is(page: Page) -> None:
    block = page.locator(".code.numbered")
    block.hover()
    block.locator(".copy").click()
    expect(block.locator(".copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "a\nb\nc\n"


def test_a_footnote_shows_itself_at_its_number_and_goes_with_escape(page: Page) -> None:
    page.locator(".footnote-ref a").hover()
    expect(page.locator(".preview")).to_have_text("Of the foot.")
    page.keyboard.press("Escape")
    expect(page.locator(".preview")).to_be_hidden()
    page.locator(".footnote-ref a").focus()
    expect(page.locator(".preview")).to_be_visible()


def test_tabs_and_folds_work_without_scripts(
    chromium: Browser, site: Path, static_server: Callable[[Path], str]
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{static_server(site)}/a/")
    page.locator(".tab", has_text="Two").first.click()
    expect(page.get_by_text("second a")).to_be_visible()
    expect(page.get_by_text("first b")).to_be_visible()
    rest = page.locator(".rest")
    expect(rest).to_be_hidden()
    page.get_by_label("All 3 lines").check()
    expect(rest).to_be_visible()
    context.close()


def test_the_columns_of_a_table_can_be_read_on_a_phone(
    chromium: Browser, site: Path, static_server: Callable[[Path], str]
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{static_server(site)}/tables/")
    widths = page.evaluate(
        "[...document.querySelectorAll('table')].map((t) => [...t.querySelectorAll('td')].map((c) => c.clientWidth))"
    )
    lines = page.evaluate(
        "[...document.querySelectorAll('td:not(:has(code))')].map((c) => Math.round((c.clientHeight - 18) / 21))"
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator("td code").first.evaluate("one => one.getClientRects().length") == 1
    context.close()
    (wish, written), (name, address), (key, kind, prose, usual), (counted, *numbers) = widths
    assert wish >= 120
    assert wish + written <= 380
    assert (name, address) == (96, 272)  # which is broken, being longer than the page is wide
    assert prose == 208
    assert key < 120
    assert kind < 130
    assert usual < 80
    assert counted >= 144
    assert counted + sum(numbers) == 328  # all that there is, without a scroll bar
    assert max(lines) <= 5


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_words_of_an_alert_s_title_stand_as_close_as_in_a_sentence(page: Page, direction: str) -> None:
    """Emphasis opens no hole, and the mark stands before the words, whichever way they are read."""
    page.evaluate("(direction) => (document.documentElement.dir = direction)", direction)
    title = page.locator(".alert-title")
    assert title.inner_text() == "Mind the press now"
    holes = title.evaluate("""(title) => {
        const range = document.createRange();
        const boxes = [...title.childNodes].map((node) => (range.selectNodeContents(node), range.getBoundingClientRect()));
        return boxes.slice(1).map((box, at) => Math.abs(box.left - boxes[at].right));
    }""")
    assert len(holes) == 2
    assert max(holes) < 1
    before = title.evaluate("""(title) => {
        const range = document.createRange();
        range.selectNodeContents(title);
        const [words, box] = [range.getBoundingClientRect(), title.getBoundingClientRect()];
        return getComputedStyle(title).direction === "ltr" ? words.left - box.left : box.right - words.right;
    }""")
    mark = title.evaluate("(title) => parseFloat(getComputedStyle(title, '::before').width)")
    assert 0 < mark < before


def test_a_card_leads_to_its_page_wherever_it_is_pressed_and_its_other_links_work(page: Page) -> None:
    page.locator(".card p:not(.card-title) a").click()
    assert page.url.endswith("/a/#a")
    box = page.locator(".card").bounding_box()
    assert box is not None
    page.locator(".card").click(position={"x": box["width"] - 4, "y": box["height"] - 4})
    page.wait_for_url("**/tables/")
