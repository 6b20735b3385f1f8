"""The Collatz demo as a reader meets it: in a real browser, under the strict policy, with real half seconds."""

from __future__ import annotations

import itertools
import re
import shutil
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from harness import Project
from playwright.sync_api import Browser, Locator, expect

from tests.browser.demo_page import ROOT, Visit, visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

STEP = 0.5
SLACK = 0.35
"""Seconds by which a busy machine may be late."""


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The post of this project's own blog, built as a site."""
    root = tmp_path_factory.mktemp("post") / "project"
    (root / "blog").mkdir(parents=True)
    for name in ("background_tasks.md", "background_tasks.py"):
        shutil.copy(ROOT / "blog" / name, root / "blog" / name)
    project = Project(root).build()
    assert project.problems == []
    (root / "site/blog/background_tasks/other.txt").write_text("somewhere else")
    (root / "site/favicon.ico").write_bytes(b"")  # which browsers ask for beside a plain text
    return root / "site"


@pytest.fixture
def reader(post: Path, chromium: Browser, static_server: Callable[[Path], str]) -> Iterator[Visit]:
    """The built post, open; afterwards nothing was complained about and nobody else was asked."""
    address = static_server(post)
    with visit(chromium, address + "/blog/background_tasks/") as seen:
        yield seen.ready()
        assert seen.complaints == []
        assert all(request.startswith(address) for request in seen.requests)


def passes(reader: Visit, value: str) -> None:
    """Wait until the walk comes by a number; it stays there for half a second only."""
    there = "value => document.querySelector('#collatz-number').value === value"
    reader.page.wait_for_function(there, arg=value, polling="raf")


def field(reader: Visit) -> Locator:
    return reader.page.get_by_role("textbox", name="Enter a number below")


def switch(reader: Visit) -> Locator:
    return reader.page.get_by_role("switch", name="Running")


def watch(reader: Visit) -> None:
    """Record, in the page, when number and switch change: (milliseconds, number, on)."""
    reader.page.evaluate(
        """() => {
            const field = document.querySelector("input"), control = document.querySelector("[role=switch]");
            window.seen = []; let last = "";
            const look = () => {
                const now = field.value + " " + control.ariaChecked;
                if (now !== last) { last = now; window.seen.push([performance.now(), field.value, control.ariaChecked]); }
                requestAnimationFrame(look);
            };
            look();
        }"""
    )


def seen(reader: Visit) -> list[tuple[float, str, bool]]:
    return [(at / 1000, value, on == "true") for at, value, on in reader.page.evaluate("window.seen")]


def wait_for_end(reader: Visit) -> None:
    reader.page.wait_for_selector("[role=switch][aria-checked=true]")
    reader.page.wait_for_selector("[role=switch][aria-checked=false]")


def test_six_walks_down_to_one_at_every_half_second(reader: Visit) -> None:
    """Switch on at once, a step every half second, and half a second after 1 the switch goes off."""
    field(reader).click()
    watch(reader)
    field(reader).press_sequentially("6")
    field(reader).press("Enter")
    wait_for_end(reader)
    story = seen(reader)
    on = next(index for index, (_, _, running) in enumerate(story) if running)
    assert [value for _, value, _ in story[on:]] == ["6", "3", "10", "5", "16", "8", "4", "2", "1", "1"]
    assert [running for _, _, running in story[on:]] == [True] * 9 + [False]
    times = [at for at, _, _ in story[on:]]
    assert times[0] - story[1][0] < SLACK
    assert [round(later - sooner) for sooner, later in zip(times[:-1:2], times[2::2], strict=False)] == [
        1
    ] * 4


def test_typing_alone_starts_it_after_the_debounce(reader: Visit) -> None:
    """Nobody needs to press Enter: half a second of silence is enough, and less is not."""
    watch(reader)
    field(reader).press_sequentially("12", delay=100)
    wait_for_end(reader)
    story = seen(reader)
    assert ("1", True) not in [(value, on) for _, value, on in story[:4]]
    typed = next(at for at, value, _ in story if value == "12")
    started = next(at for at, _, on in story if on)
    assert STEP - 0.05 < started - typed < STEP + SLACK


def test_leaving_the_field_starts_it_at_once(reader: Visit) -> None:
    """Blur flushes what is held back."""
    field(reader).press_sequentially("4")
    field(reader).blur()
    reader.page.wait_for_selector("[role=switch][aria-checked=true]", timeout=400)


def test_switched_off_it_stops_and_switched_on_it_goes_on(reader: Visit) -> None:
    """Off: no further step. On again: from where it stood."""
    field(reader).fill("27")
    field(reader).press("Enter")
    passes(reader, "41")
    switch(reader).click()
    assert switch(reader).get_attribute("aria-checked") == "false"
    before = field(reader).input_value()
    time.sleep(1.2)
    assert field(reader).input_value() == before
    switch(reader).click()
    walked = 3 * int(before) + 1 if int(before) % 2 else int(before) // 2
    passes(reader, str(walked))


def test_off_and_on_within_half_a_second_runs_one_task(reader: Visit) -> None:
    """After a quick off and on, steps still come one every half second."""
    field(reader).fill("27")
    field(reader).press("Enter")
    passes(reader, "82")
    for _ in range(3):
        switch(reader).click()
        time.sleep(0.05)
        switch(reader).click()
        time.sleep(0.05)
    watch(reader)
    time.sleep(2.6)
    values = [value for _, value, on in seen(reader) if on]
    assert 5 <= len(values) <= 7, values


def test_another_number_during_a_run_takes_over(reader: Visit) -> None:
    """Typing 8 changes the number, starts no second task, and is not overwritten while it is being typed."""
    field(reader).fill("27")
    field(reader).press("Enter")
    passes(reader, "82")
    watch(reader)
    field(reader).fill("8")
    wait = seen(reader)
    assert wait[-1][1] in ("8", "82")
    reader.page.wait_for_selector("[role=switch][aria-checked=false]")
    values = [value for _, value, _ in seen(reader)]
    assert values[values.index("8") :] == ["8", "4", "2", "1", "1"]
    steps = [at for at, _, _ in seen(reader)][values.index("4") :]
    assert all(STEP - 0.1 < later - sooner < STEP + SLACK for sooner, later in itertools.pairwise(steps))


@pytest.mark.parametrize("words", ["", "abc"])
def test_what_is_no_number_gets_a_message(reader: Visit, words: str) -> None:
    """The message says so, the number stays: switched on, it goes on from there."""
    field(reader).fill("1024")
    field(reader).press("Enter")
    expect(field(reader)).not_to_have_value("1024")
    switch(reader).click()
    expect(switch(reader)).not_to_be_checked()
    stays = int(field(reader).input_value())
    field(reader).fill(words)
    field(reader).press("Enter")
    expect(reader.page.get_by_role("status")).to_contain_text("whole number")
    switch(reader).click()
    expect(field(reader)).to_have_value(re.compile(r"\d"))
    assert int(field(reader).input_value()) in {stays >> step for step in range(1, 11)}


def test_a_negative_number_loses_its_sign(reader: Visit) -> None:
    """Minus six is taken as 6, and the field says so, even when the number was 6 before."""
    for _ in range(2):
        field(reader).fill("-6")
        field(reader).press("Enter")
        passes(reader, "6")
        switch(reader).click()


def test_a_page_that_is_left_and_come_back_to_goes_on(reader: Visit) -> None:
    """From the browser's back-forward cache the walk goes on where it was: nothing lost, nothing doubled."""
    field(reader).fill("27")
    field(reader).press("Enter")
    expect(field(reader)).not_to_have_value("27")
    reader.page.evaluate("addEventListener('pageshow', (event) => { window.persisted = event.persisted })")
    reader.page.goto(reader.page.url + "other.txt")
    time.sleep(1.2)
    reader.page.evaluate("setTimeout(() => history.back(), 50)")
    reader.page.wait_for_url("**/background_tasks/", wait_until="commit")
    expect(field(reader)).to_be_visible()
    assert reader.page.evaluate("window.persisted")
    watch(reader)
    time.sleep(2.2)
    values = [int(value) for _, value, _ in seen(reader)]
    assert 5 <= len(values) <= 6
    assert all(later == (3 * sooner + 1 if sooner % 2 else sooner // 2) for sooner, later in pairwise(values))


def test_zero_stops_at_once(reader: Visit) -> None:
    """Typed during a run, 0 ends it; and 0 cannot be started."""
    field(reader).fill("27")
    field(reader).press("Enter")
    reader.page.wait_for_selector("[role=switch][aria-checked=true]")
    field(reader).fill("0")
    field(reader).press("Enter")
    reader.page.wait_for_selector("[role=switch][aria-checked=false]", timeout=300)
    switch(reader).click()
    time.sleep(0.3)
    assert switch(reader).get_attribute("aria-checked") == "false"
    time.sleep(0.5)
    assert field(reader).input_value() == "0"
