"""What the worker's entry point makes of messages that no page of ours would send."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from generator.demos import DemoCompiler
from pressrun import live
from tests.browser.demo_page import ROOT
from tests.browser.greedy import hostile
from tests.browser.sampler import counter


class FakePage:
    """The JavaScript side."""

    def __init__(self, data: str) -> None:
        self.data = data
        self.receive: Any = None
        self.messages: list[Any] = []

    def post(self, text: str) -> None:
        self.messages.append(json.loads(text))

    def ready(self) -> None:
        self.messages.append("ready")

    def due(self) -> bool:
        return True

    async def turn(self) -> None:
        pass


@pytest.mark.parametrize(
    ("event", "failure"),
    [
        (["1", "999", [], None, 1], "KeyError: '999'"),
        (["2", "1", [], None, 1], "KeyError: '2'"),
        (["1", "_private", [], None, 1], "KeyError: '_private'"),
        (["1", "Hostile._private", [], None, 1], "KeyError: 'Hostile._private'"),
        (["1", "7", [], None, 1], "KeyError: '7'"),
        (["1", "1", [], [[["$", 5]]], 1], "IndexError: list index out of range"),
    ],
)
def test_events_that_no_element_bears_are_refused(
    event: list[Any], failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event is a number of the view's table: no handler can be called by name, no other number does anything."""
    made = DemoCompiler(ROOT, "index.md", "")
    made.add(hostile, {}, 1)
    payload = json.loads(made.finish() or b"")[0]
    assert payload["views"]["1"]["7"][0] != "on"
    page = FakePage(json.dumps(payload))
    monkeypatch.setattr(asyncio, "sleep", asyncio.sleep)  # which `boot` replaces
    monkeypatch.setattr(live, "setup", lambda cls, manifest: None)  # CPython has done it

    async def play() -> None:
        live.boot(page)
        page.messages.clear()
        page.receive(json.dumps(event))

    asyncio.run(play())
    assert len(page.messages) == 1, page.messages
    message = page.messages[0]
    assert message["x"][0][:2] == [event[0], failure]
    assert message["a"] == [1]
    assert "d" not in message


def test_the_page_is_told_when_nothing_runs_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the last word of a handler or of a task: a page that thinks that something runs asks twice a second."""
    made = DemoCompiler(ROOT, "index.md", "")
    made.add(counter, {}, 1)
    payload = json.loads(made.finish() or b"")[0]
    calls = {
        call[1]: number
        for number, node in payload["views"]["1"].items()
        if node[0] == "on"
        for call in node[1]
    }
    page = FakePage(json.dumps(payload))
    monkeypatch.setattr(asyncio, "sleep", asyncio.sleep)
    monkeypatch.setattr(live, "setup", lambda cls, manifest: None)

    async def play() -> None:
        live.boot(page)
        for name in ("crash", "stream", "flood", "nothing"):
            page.messages.clear()
            page.receive(json.dumps(["1", calls[name], [True], None, 1]))
            for _ in range(300):
                if page.messages and not page.messages[-1]["b"]:
                    break
                await asyncio.sleep(0.01)
            states = [message["b"] for message in page.messages]
            assert states[-1] is False, name
            assert states[:-1] == [True] * (len(states) - 1), name

    asyncio.run(play())
