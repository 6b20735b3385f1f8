"""What a demo does beside walking to one: lists, conditions, errors, endless loops, text that stays text, lazy start."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, Worker, expect

from tests.browser.demo_page import visit, write_page
from tests.browser.sampler import counter, mirror, tasks

pytestmark = pytest.mark.long

Server = Callable[[Path], str]


@pytest.fixture(params=["micropython", "pyodide"])
def engine(request: pytest.FixtureRequest) -> str:
    """Everything here holds for both engines."""
    return str(request.param)


def test_clicks_change_every_demo_that_shows_the_state(
    tmp_path: Path, chromium: Browser, static_server: Server, engine: str
) -> None:
    """One instance of a State class serves all demos of a page; arguments, conditions and computed vars follow."""
    write_page(tmp_path, counter, mirror, engine=engine)
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.ready().page
        assert page.locator("#sentence").text_content() == "It is even, ratio 3."
        expect(page.locator("#few")).to_have_count(1)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("h2")).to_have_text("Count: 1")
        expect(page.locator("#sentence")).to_have_text("It is odd, ratio 3.")
        expect(page.locator("#word")).to_have_text("some")
        page.get_by_role("button", name="Add ten").click()
        expect(page.locator("#mirror")).to_have_text("11")
        expect(page.locator("progress")).to_have_attribute("value", "11")
        expect(page.locator("#many")).to_have_count(1)
        expect(page.locator("#few")).to_have_count(0)
        page.locator("#twice").click()
        expect(page.locator("#mirror")).to_have_text("23")
        page.get_by_role("button", name="Stream").click()
        expect(page.locator("#mirror")).to_have_text("26")
        page.get_by_role("button", name="Flood").click()
        expect(page.locator("#mirror")).to_have_text("526")
        assert seen.complaints == []


def test_text_from_state_is_text_and_no_address_runs(
    tmp_path: Path, chromium: Browser, static_server: Server, engine: str
) -> None:
    """Markup in a field is shown as it is; a `javascript:` address never becomes one."""
    write_page(tmp_path, counter, engine=engine)
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.ready().page
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("#evil")).to_have_text("<img src=x onerror=alert(1)>")
        assert page.locator("#address").get_attribute("href") is None
        assert page.locator(".demo img").count() == 0
        assert seen.complaints == []


def test_lists_grow_and_shrink(tmp_path: Path, chromium: Browser, static_server: Server, engine: str) -> None:
    """Rows are there once for each item; a row's event names the item that the reader saw."""
    write_page(tmp_path, tasks, engine=engine)
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.ready().page
        expect(page.locator("li")).to_have_count(2)
        page.get_by_role("button", name="More").click()
        expect(page.locator("li")).to_have_text(["ink Remove", "paper Remove", "type Remove"])
        page.get_by_role("button", name="Remove paper").click()
        expect(page.locator("li")).to_have_text(["ink Remove", "type Remove"])
        for name in ("ink", "type"):
            page.get_by_role("button", name=f"Remove {name}").click()
        expect(page.locator("#nothing")).to_be_visible()
        page.get_by_role("textbox").fill("c")
        expect(page.locator("select")).to_have_value("c")
        expect(page.get_by_role("checkbox")).to_be_checked()
        page.locator("select").select_option("a")
        expect(page.get_by_role("textbox")).to_have_value("a")
        assert seen.complaints == []


def test_an_exception_is_one_message_and_a_traceback(
    tmp_path: Path, chromium: Browser, static_server: Server, engine: str
) -> None:
    """What was changed stays, the author's lines go to the console, the message can be dismissed, the queue goes on."""
    write_page(tmp_path, counter, mirror, engine=engine)
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.ready().page
        for _ in range(2):
            page.get_by_role("button", name="Crash").click()
        alert = page.locator("[data-demo='1'] [role=alert]")
        expect(alert).to_contain_text("ValueError: it broke")
        expect(alert).to_have_count(1)
        expect(page.locator("#mirror")).to_have_text("2")
        alert.get_by_role("button", name="Dismiss").click()
        expect(alert).to_have_count(0)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("#mirror")).to_have_text("3")
        assert len(seen.complaints) == 2
        lines = seen.complaints[0].split("\n")
        source = Path(__file__).with_name("sampler.py").read_text().split("\n")
        line = 1 + next(number for number, text in enumerate(source) if "it broke" in text)
        assert lines[0] == "error: Traceback (most recent call last):"
        assert f'File "tests/browser/sampler.py", line {line}, in crash' in lines[1]
        shown = {"micropython": [], "pyodide": ['    raise ValueError("it broke")']}[engine]
        assert lines[2:] == [*shown, "ValueError: it broke"]


def test_an_endless_loop_can_be_stopped(
    tmp_path: Path, chromium: Browser, static_server: Server, engine: str
) -> None:
    """The page stays awake, Stop appears after two seconds, and the demo goes on from its last state."""
    write_page(tmp_path, counter, engine=engine)
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.ready().page
        page.get_by_role("button", name="Add ten").click()
        expect(page.locator("h2")).to_have_text("Count: 10")
        page.get_by_role("button", name="Forever").click()
        stop = page.get_by_role("button", name="Stop")
        expect(stop).to_be_visible(timeout=5000)
        stop.click()
        expect(stop).to_have_count(0)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("h2")).to_have_text("Count: 11")
        assert seen.complaints == []


def test_after_a_stop_lists_are_still_lists(
    tmp_path: Path, chromium: Browser, static_server: Server, engine: str
) -> None:
    """The last state comes back whole: what grew stays, and can go on growing."""
    write_page(tmp_path, tasks, engine=engine)
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.ready().page
        page.get_by_role("button", name="More").click()
        expect(page.locator("li")).to_have_count(3)
        page.get_by_role("button", name="Loop").click()
        page.get_by_role("button", name="Stop").click()
        page.get_by_role("button", name="More").click()
        expect(page.locator("li")).to_have_count(4)
        page.get_by_role("button", name="Remove paper").click()
        expect(page.locator("li")).to_have_text(["ink Remove", "type Remove", "type Remove"])
        assert seen.complaints == []


def test_a_switch_that_the_state_refuses_goes_back(
    tmp_path: Path, chromium: Browser, static_server: Server, engine: str
) -> None:
    """What a control shows is what the state says."""
    write_page(tmp_path, counter, engine=engine)
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.ready().page
        page.get_by_role("switch", name="Refuses").click()
        expect(page.get_by_role("switch", name="Refuses")).to_have_attribute("aria-checked", "false")
        assert seen.complaints == []


def test_nothing_is_fetched_before_a_demo_is_near_and_no_early_click_is_lost(
    tmp_path: Path, chromium: Browser, static_server: Server, engine: str
) -> None:
    """Far below the fold a demo costs its script alone; the first clicks are kept until the engine is there."""
    (tmp_path / "tall.css").write_text("#tall { height: 9000px }")
    before = '<link rel="stylesheet" href="/tall.css"><div id="tall"></div>'
    write_page(tmp_path, counter, before=before, engine=engine)
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.page
        time.sleep(0.5)
        assert not [request for request in seen.requests if "worker" in request or "wasm" in request]
        page.evaluate("for (let n = 0; n < 3; n++) document.querySelector('.demo button').click()")
        expect(page.locator("h2")).to_have_text("Count: 3")
        assert seen.complaints == []


def test_a_demo_that_was_left_while_it_began_begins_again_and_loses_no_click(
    tmp_path: Path, chromium: Browser, static_server: Server, engine: str
) -> None:
    """Its first worker is put away with the page, and asks for nothing when one comes back; the second one does."""
    write_page(tmp_path, counter, engine=engine)
    held: list[Route] = []
    context = chromium.new_context()
    page = context.new_page()
    workers: list[Worker] = []
    page.on("worker", lambda worker: workers.extend([worker]))  # playwright sets attributes on it
    page.route("**/payload.json", lambda route: route.fallback() if held else held.append(route))
    page.goto(static_server(tmp_path))
    page.get_by_role("button", name="Add", exact=True).first.click()
    page.wait_for_timeout(500)
    assert len(held) == 1
    expect(page.locator("h2")).to_have_text("Count: 0")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(page.locator("h2")).to_have_text("Count: 1")
    assert len(workers) == 2
    context.close()


def test_hydration_changes_no_pixel(
    tmp_path: Path, chromium: Browser, static_server: Server, engine: str
) -> None:
    """The built HTML and the live page look the same, and so does the page without JavaScript."""
    write_page(tmp_path, counter, tasks, engine=engine)
    address = static_server(tmp_path)
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    still = page.screenshot(full_page=True)
    context.close()
    with visit(chromium, address) as seen:
        page = seen.ready().page
        assert page.screenshot(full_page=True) == still
        assert seen.complaints == []


def test_no_layout_shift(tmp_path: Path, chromium: Browser, static_server: Server, engine: str) -> None:
    """The browser itself saw nothing move while the demos came to life."""
    write_page(tmp_path, counter, tasks, engine=engine)
    with visit(chromium, static_server(tmp_path)) as seen:
        page = seen.page
        page.evaluate(
            "() => { window.shift = 0; new PerformanceObserver((list) => { for (const one of list.getEntries()) "
            "window.shift += one.value }).observe({ type: 'layout-shift', buffered: true }) }"
        )
        seen.ready()
        time.sleep(0.2)
        assert page.evaluate("window.shift") == 0
