"""The manual's page of components in a real browser: its own examples, driven by mouse and keyboard, under the strict policy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from harness import Project
from playwright.sync_api import Browser, expect

from tests.browser.demo_page import ROOT, Visit, visit

pytestmark = pytest.mark.long

SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shift += one.value; })
  .observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The manual's examples, built as a site of one page."""
    text = (ROOT / "content/components.md").read_text("utf-8")
    parts = re.findall(r"^## .*?(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    kept = [
        re.sub(r"^```python (eval|demo)\n.*?^```\n", "", part, flags=re.DOTALL | re.MULTILINE)
        for part in parts
    ]
    project = Project(tmp_path_factory.mktemp("gallery"))
    project.write("content/index.md", "---\ntitle: Gallery\n---\n# Gallery\n\n" + "".join(kept)).build()
    assert project.problems == []
    return project.root / "site"


@pytest.fixture
def reader(gallery: Path, chromium: Browser, static_server: Callable[[Path], str]) -> Iterator[Visit]:
    """The page, open; afterwards nothing has been complained about and nobody else was asked."""
    address = static_server(gallery)
    with visit(chromium, address + "/", before=SHIFTS) as seen:
        yield seen.ready()
        assert seen.complaints == []
        assert all(request.startswith(address) for request in seen.requests)


def test_nothing_moves_when_the_demos_come_to_life(reader: Visit) -> None:
    """No layout shift, from the top of the page to its end."""
    for top in range(0, reader.page.evaluate("document.documentElement.scrollHeight"), 900):
        reader.page.evaluate("(top) => scrollTo(0, top)", top)
        reader.page.wait_for_timeout(30)
    assert reader.page.evaluate("window.shift") == 0


def test_without_javascript_the_first_view_looks_the_same(
    gallery: Path, chromium: Browser, static_server: Callable[[Path], str]
) -> None:
    """Every demo's pixels, its styles among them, are those of the built HTML."""
    address = static_server(gallery)
    pictures = []
    for enabled in (False, True):
        context = chromium.new_context(java_script_enabled=enabled, viewport={"width": 1000, "height": 900})
        page = context.new_page()
        page.goto(address + "/")
        if enabled:
            page.wait_for_selector("html[data-demos=ready]")
        boxes = [demo.bounding_box() for demo in page.locator(".demo").all()]
        pictures.append([page.screenshot(full_page=True, clip=box) for box in boxes if box])
        context.close()
    still, living = pictures
    assert len(still) > 6
    assert [index for index, pair in enumerate(zip(still, living, strict=True)) if pair[0] != pair[1]] == []


def test_a_form_is_filled_in_and_sent(reader: Visit) -> None:
    """Field, text area, slider, box, switch; the button waits for a name; the answer is a message and a short note."""
    page = reader.page
    order = page.get_by_role("button", name="Order")
    expect(order).to_be_disabled()
    page.get_by_label("Name").fill("Ada")
    expect(order).to_be_enabled()
    page.get_by_label("Note", exact=True).fill("Urgent")
    page.get_by_label("Copies: 3").press("ArrowRight")
    expect(page.get_by_text("Copies: 4")).to_be_visible()
    page.get_by_label("In colour").check()
    page.get_by_role("switch", name="Signed").press("Space")
    expect(page.get_by_role("switch", name="Signed")).to_have_attribute("aria-checked", "false")
    page.get_by_label("Note", exact=True).press("Tab")
    order.click()
    expect(page.get_by_text("Urgent, 4 copies")).to_be_visible()
    expect(page.locator(".pr-toast-success")).to_have_text("Sent×")


def test_choices_are_made_with_the_keyboard(reader: Visit) -> None:
    """Radio buttons go on with the arrow keys, as the browser has it; the select follows the state."""
    page = reader.page
    page.get_by_role("radio", name="A5").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("A6 on laid paper")).to_be_visible()
    page.get_by_label("Paper", exact=True).select_option("wove")
    expect(page.get_by_text("A6 on wove paper")).to_be_visible()
    assert page.get_by_role("radio", name="A6").is_checked()


def test_a_task_moves_the_bar_and_the_button_waits(reader: Visit) -> None:
    """`loading=` keeps the button from being pressed again; `match` words it."""
    page = reader.page
    button = page.get_by_role("button", name="Print")
    button.click()
    expect(button).to_be_disabled()
    expect(page.get_by_text("All printed")).to_be_visible(timeout=10_000)
    expect(button).to_be_enabled()
    page.get_by_role("button", name="Say hello").click()
    expect(page.locator(".pr-toast")).to_have_text("Hello×")


def test_a_tooltip_is_seen_with_the_focus_and_put_away_with_escape(reader: Visit) -> None:
    """It describes what it stands around."""
    page = reader.page
    button = page.get_by_role("button", name="Print")
    tip = page.get_by_text("It takes two seconds", exact=True)
    expect(tip).to_be_hidden()
    button.focus()
    expect(tip).to_be_visible()
    assert button.get_attribute("aria-describedby") == tip.get_attribute("id")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_a_turned_table_keeps_what_was_typed(reader: Visit) -> None:
    """Rows with keys are moved."""
    page = reader.page
    page.get_by_label("Note on ink").fill("two bottles")
    page.get_by_role("button", name="One more type").click()
    page.get_by_role("button", name="Turn round").click()
    expect(page.locator("tbody th")).to_have_text(["type", "paper", "ink"])
    expect(page.locator("tbody tr").first.locator("td").first).to_have_text("3")
    assert page.get_by_label("Note on ink").input_value() == "two bottles"


def test_tabs_go_by_click_and_by_arrow(reader: Visit) -> None:
    """One tab is in the way of the Tab key; the arrows, Home and End go from one to the next and round."""
    page = reader.page
    recto, verso = page.get_by_role("tab", name="Recto"), page.get_by_role("tab", name="Verso")
    panel = page.get_by_role("tabpanel")
    expect(panel).to_have_text("The side that is read first.")
    verso.click()
    expect(panel).to_have_text("The side behind it.")
    page.keyboard.press("ArrowRight")
    expect(recto).to_be_focused()
    expect(recto).to_have_attribute("aria-selected", "true")
    expect(verso).to_have_attribute("tabindex", "-1")
    page.keyboard.press("End")
    expect(panel).to_have_text("The side behind it.")


def test_an_accordion_opens_one_at_a_time(reader: Visit) -> None:
    """The browser's own `<details>` of one name."""
    page = reader.page
    quire, colophon = (
        page.get_by_text("Some sheets, folded together.", exact=True),
        page.get_by_text("A book's last words, about itself.", exact=True),
    )
    page.get_by_text("What is a quire?", exact=True).click()
    expect(quire).to_be_visible()
    page.get_by_text("What is a colophon?", exact=True).click()
    expect(colophon).to_be_visible()
    expect(quire).to_be_hidden()


def test_the_state_says_which_part_is_unfolded(reader: Visit) -> None:
    """A click asks the state; the open part gives nothing, so it closes."""
    page = reader.page
    spine, edge = page.locator("details[data-value=spine]"), page.locator("details[data-value=edge]")
    expect(spine).to_have_attribute("open", "")
    for header, unfolded in (
        ("The fore edge", "edge"),
        ("The spine", "spine"),
        ("The spine", "nothing"),
        ("The spine", "spine"),
    ):
        page.get_by_text(header, exact=True).click()
        expect(page.get_by_text(f"Unfolded: {unfolded}")).to_be_visible()
        assert [one.evaluate("one => one.open") for one in (spine, edge)] == [
            unfolded == "spine",
            unfolded == "edge",
        ]


def test_the_state_opens_and_closes_a_dialog(reader: Visit) -> None:
    """By its trigger, its buttons, Escape and a handler; it has a name, and the focus goes back."""
    page = reader.page
    trigger = page.get_by_role("button", name="Burn a leaf …")
    dialog = page.get_by_role("dialog", name="Burn it?")
    for close in ("Keep it", "Escape"):
        trigger.click()
        expect(dialog).to_be_visible()
        if close == "Escape":
            page.keyboard.press("Escape")
        else:
            dialog.get_by_role("button", name=close).click()
        expect(dialog).to_be_hidden()
        expect(trigger).to_be_focused()
    trigger.click()
    dialog.get_by_role("button", name="Burn", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("Burnt: 1")).to_be_visible()


def test_a_style_follows_the_state(reader: Visit) -> None:
    """Set through the style sheet's interface, which the policy allows."""
    page = reader.page
    bar = page.get_by_text("40 %").locator("..")
    wide = bar.bounding_box()
    page.get_by_label("Width").press("End")
    expect(page.get_by_text("100 %")).to_be_visible()
    after = page.get_by_text("100 %").locator("..").bounding_box()
    assert wide
    assert after
    assert 2 < after["width"] / wide["width"] < 3


def test_reset_begins_anew(reader: Visit) -> None:
    """It is offered once something was done, and puts every field of the page's states back."""
    page = reader.page
    assert page.get_by_role("button", name="Reset").count() == 0
    page.get_by_role("radio", name="A6").check()
    expect(page.get_by_text("A6 on laid paper")).to_be_visible()
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_text("A5 on laid paper")).to_be_visible()
    assert page.get_by_role("radio", name="A5").is_checked()
    page.get_by_role("radio", name="A4").check()
    expect(page.get_by_text("A4 on laid paper")).to_be_visible()


def test_on_a_phone_view_and_code_take_turns(
    gallery: Path, chromium: Browser, static_server: Callable[[Path], str]
) -> None:
    """Radio buttons that need no script; on a wide screen both are seen and the choice is not."""
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(static_server(gallery) + "/")
    example = page.locator(".example").nth(3)
    demo, code = example.locator(".demo"), example.locator(".code").first
    expect(demo).to_be_visible()
    expect(code).to_be_hidden()
    example.get_by_text("Code", exact=True).click()
    expect(code).to_be_visible()
    expect(demo).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.set_viewport_size({"width": 1200, "height": 800})
    expect(demo).to_be_visible()
    expect(code).to_be_visible()
    expect(example.locator(".leaves")).to_be_hidden()
    context.close()
