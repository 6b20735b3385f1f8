"""The other demos of our blog as a reader meets them: in a real browser, under the strict policy, in real time."""

from __future__ import annotations

import re
import shutil
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from harness import Project
from playwright.sync_api import Browser, Locator, expect

from tests.browser.demo_page import ROOT, Visit, visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Open = Callable[[str], Visit]

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The posts of this project's own blog, built as a site."""
    root = tmp_path_factory.mktemp("posts") / "project"
    shutil.copytree(ROOT / "blog", root / "blog", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(
        ROOT / "content", root / "content", ignore=shutil.ignore_patterns("__pycache__", "[!r]*.md")
    )
    project = (
        Project(root)
        .write("content/testing.md", "# Testing\n")
        .write("content/theme.md", "# Theme\n## Look\n")
    )
    project.write("content/live-demos.md", "# Live\n## What travels {#what-travels}\n").build()
    assert project.problems == []
    return root / "site"


@pytest.fixture
def read(blog: Path, chromium: Browser, static_server: Callable[[Path], str]) -> Iterator[Open]:
    """Opens a built post; afterwards nothing was complained about and nobody else was asked."""
    address = static_server(blog)
    with ExitStack() as stack:

        def open_page(url: str) -> Visit:
            seen = stack.enter_context(visit(chromium, f"{address}/{url}/"))
            opened.append(seen)
            seen.page.locator(".demo").first.scroll_into_view_if_needed()
            return seen.ready()

        opened: list[Visit] = []
        yield open_page
        for seen in opened:
            assert seen.complaints == []
            assert all(request.startswith(address) for request in seen.requests)


def numbers(demo: Locator) -> list[int]:
    return [
        int(text)
        for text in demo.get_by_role("group", name="The last ten").locator(".pr-badge").all_text_contents()
    ]


def test_chained_steps_hold_up_everything_else(read: Open) -> None:
    """A slider's value and Clear are heard of after the step; the spinner turns meanwhile."""
    demo = read("blog/random_numbers").page.locator(".demo").first
    demo.get_by_label("Delay").select_option("two seconds")
    demo.get_by_role("button", name="Single step").click()
    expect(demo.get_by_role("status", name="Waiting")).to_be_visible()
    expect(demo.get_by_role("button", name="Single step")).to_be_disabled()
    demo.get_by_label("Lowest").fill("20")
    time.sleep(0.7)
    expect(demo).to_contain_text("From -10 to 20")
    assert demo.get_by_label("Lowest").input_value() == "20"
    expect(demo).to_contain_text("From 20 to 20", timeout=4000)
    expect(demo.get_by_role("status", name="Waiting")).to_have_count(0)
    assert len(numbers(demo)) == 1


def test_beside_the_queue_everything_answers_at_once(read: Open) -> None:
    """The number that is drawn afterwards is of the new range; the switch stops it before the number comes."""
    demo = read("blog/random_numbers").page.locator(".demo").nth(1)
    demo.get_by_label("Delay").select_option("two seconds")
    switch = demo.get_by_role("switch", name="Run")
    switch.click()
    expect(demo.get_by_role("status", name="Waiting")).to_be_visible()
    demo.get_by_label("Lowest").fill("20")
    expect(demo).to_contain_text("From 20 to 20", timeout=700)
    expect(demo.get_by_role("group", name="The last ten").locator(".pr-badge")).to_have_text(
        ["20"], timeout=4000
    )
    expect(demo).to_contain_text("Total 20")
    switch.click()
    expect(demo.get_by_role("status", name="Waiting")).to_have_count(0, timeout=700)
    time.sleep(2.2)
    assert numbers(demo) == [20]
    demo.get_by_role("button", name="Clear").click()
    expect(demo).to_contain_text("Total 0")
    assert numbers(demo) == []
    demo.get_by_role("button", name="Balance").click()
    expect(demo).to_contain_text("From -20 to 20")


def test_numbers_come_one_each_delay_and_ten_are_kept(read: Open) -> None:
    """Each within its range, and the total is their sum."""
    demo = read("blog/random_numbers").page.locator(".demo").nth(1)
    demo.get_by_label("Delay").select_option("half a second")
    demo.get_by_role("switch", name="Run").click()
    expect(demo.get_by_role("group", name="The last ten").locator(".pr-badge").nth(3)).to_be_visible(
        timeout=8000
    )
    demo.get_by_role("switch", name="Run").click()
    drawn = numbers(demo)
    assert all(-10 <= number <= 20 for number in drawn)
    expect(demo).to_contain_text(f"Total {sum(drawn)}")


def progress(card: Locator) -> int:
    return int(card.get_by_role("progressbar").get_attribute("value") or 0)


AT_LEAST_TWO = re.compile(r"^([2-9]|1[0-2])$")


def test_cards_write_side_by_side(read: Open) -> None:
    """Three words a step, each card at its own pace; a paused one stands still, a removed one is gone, the others go on."""
    demo = read("blog/lorem_stream").page.locator(".demo")
    for _ in range(3):
        demo.get_by_role("button", name="New task").click()
    headings = demo.get_by_role("heading")
    expect(headings).to_have_text(["Task 1", "Task 2", "Task 3"])

    def card(number: int) -> Locator:
        return demo.get_by_role("heading", name=f"Task {number}").locator("xpath=..")

    for number in (1, 2, 3):
        expect(card(number).get_by_role("progressbar")).to_have_attribute("value", AT_LEAST_TWO, timeout=9000)
    steps = int(card(1).get_by_role("progressbar").get_attribute("max") or 0)
    assert 7 <= steps <= 12
    demo.get_by_role("button", name="Pause task 2").click()
    expect(demo.get_by_role("button", name="Resume task 2")).to_be_visible()
    at = progress(card(2))
    demo.get_by_role("button", name="Remove task 1").click()
    expect(headings).to_have_text(["Task 2", "Task 3"])
    before = progress(card(3))
    on = re.compile(rf"^({'|'.join(str(n) for n in range(before + 1, 13))})$")
    expect(card(3).get_by_role("progressbar")).to_have_attribute("value", on, timeout=6000)
    assert progress(card(2)) == at
    assert len((card(2).locator("p").text_content() or "").split()) == 3 * at
    for _ in range(2):
        demo.get_by_role("button", name="Resume task 2").click()
        demo.get_by_role("button", name="Pause task 2").click()
    demo.get_by_role("button", name="Resume task 2").click()
    time.sleep(1.7)
    assert at + 2 <= progress(card(2)) <= at + 4  # two tasks on it would be twice as fast
    demo.get_by_role("button", name="Restart task 3").click()
    expect(card(3).get_by_role("progressbar")).to_have_attribute("value", "0", timeout=450)
    last = int(card(2).get_by_role("progressbar").get_attribute("max") or 0)
    expect(card(2).get_by_role("progressbar")).to_have_attribute("value", str(last), timeout=8000)
    expect(demo.get_by_role("button", name="Pause task 2")).to_have_count(0)
    assert len((card(2).locator("p").text_content() or "").split()) == 3 * last


def test_reflex_examples_run_after_one_changed_line(read: Open) -> None:
    """Each program of the page does what its author would expect; two of them share a state."""
    demos = read("reflex-examples").page.locator(".demo")
    counter, todo, paper, proof, press, borrow = (demos.nth(number) for number in range(6))
    counter.get_by_role("button", name="More").click(click_count=3)
    counter.get_by_role("button", name="Less").click()
    expect(counter.get_by_role("heading")).to_have_text("2")
    borrow.get_by_role("button", name="Double it").click()
    expect(counter.get_by_role("heading")).to_have_text("4")
    expect(borrow).to_contain_text("The counter stands at 4, and was 2 before")
    todo.get_by_role("textbox", name="What else?").fill("Clean up")
    todo.get_by_role("textbox", name="What else?").press("Enter")
    expect(todo.get_by_role("status")).to_have_text("4 left")
    todo.get_by_role("button", name="Done: Ink the rollers").click()
    expect(todo.get_by_role("listitem")).to_have_text(
        ["Set the type Done", "Pull a proof Done", "Clean up Done"]
    )
    paper.get_by_role("button", name="Fold").click()
    expect(paper).to_contain_text("148 mm by 210 mm, ratio 1.4189")
    paper.get_by_label("Paper").select_option("200")
    expect(paper.get_by_role("status")).to_have_text("A sheet weighs 6.22 g")
    paper.get_by_role("button", name="Start again").click()
    expect(paper.get_by_role("status")).to_have_text("A sheet weighs 4.99 g")
    expect(paper.get_by_label("Paper")).to_have_value("80")
    press.get_by_role("switch", name="Press").click()
    expect(press).to_contain_text(re.compile(r"[1-9]\d sheets"), timeout=8000)
    press.get_by_role("switch", name="Press").click()
    proof.get_by_role("button", name="Pull a proof").click()
    expect(proof.get_by_role("status").last).to_have_text("Inking …")
    expect(proof.get_by_role("button", name="Pull a proof")).to_be_disabled()
    expect(proof.get_by_role("status").last).to_have_text("A fine proof.", timeout=5000)
    expect(proof.get_by_role("button", name="Pull a proof")).to_be_enabled()
