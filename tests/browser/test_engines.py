"""Engines and workers: two engines on one page, demos with a worker of their own, workers that rest, hang or die."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import iniconfig
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.demo_page import ROOT, visit, write_page
from tests.browser.greedy import greedy, hostile, modern, reading, ticker
from tests.browser.sampler import counter, mirror

pytestmark = pytest.mark.long

Server = Callable[[Path], str]
ENGINES = pytest.mark.parametrize("engine", ["micropython", "pyodide"])


def frame(page: Page, number: int) -> Any:
    return page.locator(f"[data-demo='{number}']")


def gone(page: Page) -> None:
    """Wait until the page has no worker any more; one that is busy takes a moment to die."""
    for _ in range(100):
        if not page.workers:
            return
        page.wait_for_timeout(50)
    raise AssertionError(page.workers)


def test_two_engines_serve_one_page(tmp_path: Path, chromium: Browser, static_server: Server) -> None:
    """Each demo gets the engine that it needs; each engine has its worker."""
    write_page(tmp_path, counter, modern)
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.page
        page.wait_for_selector("[data-demo='1'][data-live=micropython]")
        page.wait_for_selector("[data-demo='2'][data-live=pyodide]")
        frame(page, 2).get_by_role("button", name="Sort").click()
        expect(frame(page, 2).locator("#kind")).to_have_text("many: ink, paper, type (mean 4)")
        frame(page, 1).get_by_role("button", name="Add ten").click()
        expect(frame(page, 1).locator("h2")).to_have_text("Count: 10")
        assert len(page.workers) == 2
        assert seen.complaints == []


def test_a_package_is_there_with_the_demo_that_imports_it(
    tmp_path: Path, chromium: Browser, static_server: Server
) -> None:
    """A package of several modules, from its wheel, in the browser."""
    wheel = tmp_path / "iniconfig-2-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as files:
        for path in sorted(Path(iniconfig.__file__).parent.glob("*.py")):
            files.write(path, f"iniconfig/{path.name}")
    write_page(tmp_path, reading, packages=(os.path.relpath(wheel, ROOT),))
    with visit(chromium, static_server(tmp_path)) as seen:
        seen.page.get_by_role("button", name="Read").click()
        expect(seen.page.locator("#sections")).to_have_text("ink, paper")
        assert seen.complaints == []


@ENGINES
def test_isolated_demos_have_a_state_of_their_own(
    tmp_path: Path, chromium: Browser, static_server: Server, engine: str
) -> None:
    """What happens in one is not seen in the other, though both show the same class."""
    write_page(tmp_path, counter, mirror, mirror, engine=engine, options={2: {"isolated": "true"}})
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.page
        for number in (1, 2, 3):
            page.wait_for_selector(f"[data-demo='{number}'][data-live]")
        page.get_by_role("button", name="Add ten").click()
        expect(frame(page, 2).locator("#mirror")).to_have_text("10")
        assert frame(page, 3).locator("#mirror").text_content() == "0"
        assert len(page.workers) == 2
        assert seen.complaints == []


@ENGINES
def test_a_demo_that_pauses_rests_while_its_page_is_hidden(
    tmp_path: Path, chromium: Browser, static_server: Server, engine: str
) -> None:
    """Only the one whose author wants it so; when the page is shown again it goes on where it stood."""
    write_page(tmp_path, ticker, ticker, engine=engine, options={1: {"pause_hidden": "true"}})
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.page
        ticks = [frame(page, number).locator("#ticks") for number in (1, 2)]
        for number in (1, 2):
            page.wait_for_selector(f"[data-demo='{number}'][data-live]")
            frame(page, number).get_by_role("button", name="Tick").click()
            expect(ticks[number - 1]).not_to_have_text("0")
        hide(page, hidden=True)
        page.wait_for_timeout(300)
        before = [int(one.text_content() or "") for one in ticks]
        page.wait_for_timeout(1000)
        after = [int(one.text_content() or "") for one in ticks]
        assert after[0] > before[0]
        assert after[1] == before[1]
        hide(page, hidden=False)
        expect(ticks[1]).not_to_have_text(str(before[1]))
        assert seen.complaints == []


def hide(page: Page, *, hidden: bool) -> None:
    """Make the page believe that it is hidden; a headless browser always shows it."""
    page.evaluate(
        "(hidden) => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')) }",
        hidden,
    )


@ENGINES
def test_a_worker_that_eats_all_memory_is_ended_and_can_be_restarted(
    tmp_path: Path, chromium: Browser, static_server: Server, engine: str
) -> None:
    """The frame says so, the page stays awake, and Restart goes on from the last state."""
    write_page(tmp_path, greedy, engine=engine)
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.ready().page
        page.get_by_role("button", name="Count").click()
        expect(page.locator("#count")).to_have_text("1")
        page.get_by_role("button", name="Eat").click()
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("This demo has ended.", timeout=60_000)
        gone(page)
        alert.get_by_role("button", name="Restart").click()
        expect(alert).to_have_count(0)
        page.get_by_role("button", name="Count").click()
        expect(page.locator("#count")).to_have_text("2")
        assert any("MemoryError" in one and "greedy.py" in one for one in seen.complaints)


@ENGINES
def test_a_module_that_loops_when_it_is_imported_can_be_stopped(
    tmp_path: Path, chromium: Browser, static_server: Server, engine: str
) -> None:
    """The page stays awake; after ten seconds there is a Stop, after Stop a Restart."""

    def endless(parts: list[dict[str, Any]]) -> None:
        parts[0]["modules"][0][2] = "while True: pass\n"

    write_page(tmp_path, counter, engine=engine, change=endless)
    with visit(chromium, static_server(tmp_path)) as seen:
        stop = seen.page.get_by_role("button", name="Stop")
        expect(stop).to_be_visible(timeout=40_000)
        stop.click()
        expect(stop).to_have_count(0)
        alert = seen.page.get_by_role("alert")
        expect(alert).to_contain_text("This demo could not be started.")
        expect(alert.get_by_role("button", name="Restart")).to_be_visible()
        gone(seen.page)


@ENGINES
def test_a_module_that_fails_when_it_is_imported_says_so(
    tmp_path: Path, chromium: Browser, static_server: Server, engine: str
) -> None:
    """One message in the frame, the traceback in the console, the first view stays."""

    def broken(parts: list[dict[str, Any]]) -> None:
        parts[0]["modules"][0][2] = "1 / 0\n"

    write_page(tmp_path, counter, engine=engine, change=broken)
    with visit(chromium, static_server(tmp_path)) as seen:
        expect(seen.page.get_by_role("alert")).to_contain_text("This demo could not be started.")
        assert seen.page.locator("h2").text_content() == "Count: 0"
        assert len(seen.complaints) == 1
        assert "ZeroDivisionError" in seen.complaints[0]


@ENGINES
def test_tasks_survive_going_away_and_coming_back(
    tmp_path: Path, chromium: Browser, static_server: Server, engine: str
) -> None:
    """T7: a page that the browser keeps goes on where it stood, nothing lost and nothing twice."""
    write_page(tmp_path, ticker, engine=engine)
    (tmp_path / "other.txt").write_text("somewhere else")
    address = static_server(tmp_path)
    with visit(chromium, address) as seen:
        page = seen.ready().page
        page.evaluate("window.kept = true")
        page.get_by_role("button", name="Tick").click()
        expect(page.locator("#ticks")).not_to_have_text("0")
        page.goto(address + "/other.txt")
        page.wait_for_timeout(500)
        page.evaluate("history.back()")
        page.wait_for_selector("#ticks")
        assert page.evaluate("window.kept"), "the browser did not keep the page"
        first = int(page.locator("#ticks").text_content() or "")
        expect(page.locator("#ticks")).not_to_have_text(str(first))
        page.get_by_role("button", name="Tick").click()  # supersedes: still one task
        values = page.evaluate(
            """async () => { const seen = []; for (let n = 0; n < 60; n++) {
                seen.push([performance.now(), Number(document.querySelector("#ticks").textContent)]);
                await new Promise((resolve) => setTimeout(resolve, 10)); } return seen; }"""
        )
        assert all(sooner[1] <= later[1] for sooner, later in pairwise(values)), values
        assert values[-1][1] - values[0][1] <= (values[-1][0] - values[0][0]) / 20 + 5, values
        assert page.locator(".demo-stop").count() == 0
        assert seen.complaints == []


@ENGINES
def test_hostile_values_are_values(
    tmp_path: Path, chromium: Browser, static_server: Server, engine: str
) -> None:
    """Markup, addresses that run, half characters, control characters, 10 MB: text, and the demo goes on."""
    write_page(tmp_path, hostile, engine=engine)
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.ready().page
        value, size = page.locator("#value"), page.locator("#size")
        press = lambda name: page.get_by_role("button", name=name).click()
        press("Markup")
        expect(size).to_have_text("87")
        assert "<script>" in (value.text_content() or "")
        press("Script")
        expect(page.locator("#link")).not_to_have_attribute("href", "https://example.org/")
        assert page.locator("#link").get_attribute("href") is None
        press("Control")
        expect(size).to_have_text("34")
        shown = "".join(chr(code) for code in range(1, 32)) + '"\\\u2028'
        assert page.evaluate("document.querySelector('#value').textContent") == shown
        press("Half")
        expect(size).to_have_text("3")
        press("Great")
        expect(size).to_have_text("10000000", timeout=120_000)  # MicroPython looks through it for seconds
        assert page.evaluate("document.querySelector('#value').textContent.length") == 10_000_000
        page.get_by_role("textbox").fill("back")
        expect(value).to_have_text("back")
        page.evaluate(
            """() => { const field = document.querySelector("input"); field.value = "\\ud800";
                field.dispatchEvent(new Event("input", { bubbles: true })); }"""
        )
        expect(value).not_to_have_text("back")
        page.get_by_role("textbox").fill("again")
        expect(value).to_have_text("again")
        assert page.title() == "Demo"
        assert seen.complaints == []
