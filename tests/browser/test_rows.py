"""Rows in a real browser: what is sent and touched when one of a thousand changes, and what moved rows keep."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.demo_page import visit, write_page
from tests.browser.rows import many, notes, shelf

pytestmark = pytest.mark.long

Server = Callable[[Path], str]
SPY = """
window.messages = [];
const plain = Worker;
window.Worker = class extends plain {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => data.news && window.messages.push(data.news));
  }
};
"""
"""Put into the page before its own scripts: keeps what the worker says."""


def count_mutations(page: Page, selector: str) -> None:
    """Begin to count what changes below an element."""
    page.evaluate(
        """(selector) => {
            window.touched = [];
            window.observer?.disconnect();
            window.observer = new MutationObserver((list) => { for (const one of list) {
                const row = (one.target.nodeType === 1 ? one.target : one.target.parentElement).closest("li");
                window.touched.push([one.type, row ? [...row.parentElement.children].indexOf(row) : -1]);
            } });
            window.observer.observe(document.querySelector(selector),
                                    { childList: true, subtree: true, characterData: true, attributes: true });
        }""",
        selector,
    )


def test_of_a_thousand_rows_only_the_changed_one_is_sent_and_touched(
    tmp_path: Path, chromium: Browser, static_server: Server
) -> None:
    """One row's change is a short message and one mutation; a dropped row takes its own nodes alone."""
    write_page(tmp_path, many)
    with visit(chromium, static_server(tmp_path), before=SPY) as seen:
        page = seen.ready().page
        rows = page.locator("#many > li")
        expect(rows).to_have_count(1000)
        count_mutations(page, "#many")
        page.evaluate("window.messages.length = 0")
        page.get_by_role("button", name="Hit 500").click()
        expect(rows.nth(500)).to_have_text("row 500: 1")
        assert page.evaluate("window.touched") == [["childList", 501]]  # the template stands before the rows
        views = [json.loads(text)["d"]["1"] for text in page.evaluate("window.messages") if '"d":{"' in text]
        assert len(views) == 1
        (rows_sent,) = views[0].values()
        assert rows_sent[0] == [[0, 1000]]
        assert list(rows_sent[1]) == ["500"]
        assert len(json.dumps(rows_sent)) < 200
        rows.nth(3).click()
        expect(rows.nth(3)).to_have_text("row 3: 1")
        assert page.evaluate("window.touched.length") == 2
        page.get_by_role("button", name="Grow").click()
        expect(rows).to_have_count(1001)
        assert page.evaluate("window.touched.slice(2).map((one) => one[1])") == [-1]
        assert seen.complaints == []


def test_many_changes_between_two_frames_all_arrive(
    tmp_path: Path, chromium: Browser, static_server: Server
) -> None:
    """Changes of rows build on one another: forty of them in one go leave nothing out."""
    write_page(tmp_path, many)
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.ready().page
        page.get_by_role("button", name="Burst").click()
        expect(page.locator("#extra > li")).to_have_text([str(number) for number in range(40)])
        rows = page.locator("#many > li")
        for index in (0, 20, 39):
            expect(rows.nth(index)).to_have_text(f"row {index}: 1")
        expect(rows.nth(40)).to_have_text("row 40: 0")
        assert seen.complaints == []


def eventually(page: Page, wanted: object, look: Callable[[], object]) -> None:
    """Wait for something that only Python can see."""
    for _ in range(200):
        if look() == wanted:
            return
        page.wait_for_timeout(20)
    assert look() == wanted


def order(page: Page) -> str:
    return str(
        page.evaluate("[...document.querySelectorAll('#notes input')].map((one) => one.dataset.id).join('')")
    )


def test_a_moved_row_keeps_focus_selection_and_half_typed_words(
    tmp_path: Path, chromium: Browser, static_server: Server
) -> None:
    """With `key=`, rows are moved and not written anew, and the one with the focus stays where the caret is."""
    write_page(tmp_path, notes)
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.ready().page
        assert order(page) == "abcde"
        page.get_by_label("b", exact=True).fill("for b")
        page.get_by_role("button", name="Turn later").click()
        field = page.get_by_label("d", exact=True)
        field.fill("half a word")
        field.evaluate("(one) => { window.field = one; one.setSelectionRange(2, 5) }")
        page.evaluate("window.blurs = 0; window.field.addEventListener('blur', () => window.blurs++)")
        eventually(page, "edcba", lambda: order(page))
        assert page.evaluate(
            "[document.activeElement === window.field, window.blurs, field.value, field.selectionStart, field.selectionEnd]"
        ) == [True, 0, "half a word", 2, 5]
        assert page.get_by_label("b", exact=True).input_value() == "for b"
        page.evaluate("document.querySelector('.pr-button').click()")
        eventually(page, "abcde", lambda: order(page))
        assert page.evaluate("[document.activeElement === window.field, window.blurs]") == [True, 0]
        assert seen.complaints == []


def test_rows_go_to_their_new_places(tmp_path: Path, chromium: Browser, static_server: Server) -> None:
    """Last to first, first to last, one between, one away: with no more moves than rows that moved."""
    write_page(tmp_path, notes)
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.ready().page
        page.get_by_label("c", exact=True).evaluate("(one) => { window.c = one }")
        for name, result, moves in [
            ("Last first", "eabcd", 2),
            ("First last", "abcde", 2),
            ("Add", "abzcde", 1),
            ("Drop d", "abzce", 1),
            ("Turn", "eczba", 8),
        ]:
            count_mutations(page, "#notes")
            page.get_by_role("button", name=name, exact=True).evaluate("(one) => one.click()")
            eventually(page, result, lambda: order(page))
            assert page.evaluate("window.touched.length") <= moves, name
        assert page.get_by_label("c", exact=True).evaluate("(one) => one === window.c")
        assert seen.complaints == []


def test_a_rows_first_click_has_the_rows_own_arguments(
    tmp_path: Path, chromium: Browser, static_server: Server
) -> None:
    """Before the worker has ever spoken, an event in a row knows its item; after a move too."""
    write_page(tmp_path, notes)
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.page
        page.evaluate("document.querySelectorAll('#notes button')[2].click()")
        eventually(page, "abde", lambda: order(page))
        page.get_by_role("button", name="Turn", exact=True).click()
        eventually(page, "edba", lambda: order(page))
        page.get_by_label("d", exact=True).fill("words")
        page.get_by_label("d", exact=True).press("Enter")
        expect(page.locator("#written")).to_have_text("d=words")
        page.get_by_role("button", name="Drop d").click()
        eventually(page, "eba", lambda: order(page))
        assert seen.complaints == []


def test_rows_in_rows_dicts_and_branches(tmp_path: Path, chromium: Browser, static_server: Server) -> None:
    """Inner rows follow outer ones; a dict gives keys and values; `match` shows one of its cases; effects work in a view."""
    write_page(tmp_path, shelf)
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.page
        things = page.locator(".thing")
        expect(things).to_have_text(["0.0 ink", "0.1 paper"])
        expect(page.locator(".empty")).to_have_count(1)
        things.nth(1).click()
        expect(page.locator("#picked")).to_have_text("0.1 paper")
        page.get_by_role("button", name="Put 1").click()
        expect(things).to_have_text(["0.0 ink", "0.1 paper", "1.0 type"])
        expect(page.locator(".empty")).to_have_count(0)
        things.nth(2).click()
        expect(page.locator("#picked")).to_have_text("1.0 type")
        stock = page.locator("#stock > li")
        expect(stock).to_have_text(["ink: 2", "paper: 0 (none)"])
        stock.nth(1).click()
        expect(stock).to_have_text(["ink: 2", "paper: 1", "glue: 1"])
        expect(page.locator("#mode")).to_have_text("As rows")
        page.get_by_role("button", name="grid").click()
        expect(page.locator("#mode")).to_have_text("As a grid")
        expect(page.locator(".pr-toast-success")).to_have_text("Now grid×")
        page.get_by_role("button", name="else").click()
        expect(page.locator("#mode")).to_have_text("Otherwise")
        page.get_by_role("button", name="Say").click()
        expect(page.locator(".pr-toast-plain")).to_have_text("Said×")
        page.get_by_role("button", name="Dismiss").first.click()
        expect(page.locator(".pr-toast")).to_have_count(2)
        time.sleep(0.1)
        assert seen.complaints == ["log: changed", "log: changed", "log: said"]
