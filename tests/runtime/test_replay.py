"""Each demo of this project's own site does the same on both engines: the same events bring the same messages."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from harness import Project

from generator.demos import runtime_files
from tests.runtime.test_cases import engine_file

ROOT = Path(__file__).resolve().parents[2]
GIVEN: dict[str, list[Any]] = {
    "": [], "value": ["6"], "checked": [True], "pressed": [True], "key": ["Enter"],
}  # fmt: skip
"""What an event of each kind brings along; a form, a value for each of its fields."""
DRIVER = """
import asyncio, json, sys
class Dice:
    number = 7
    def draw(self):
        self.number = self.number * 16807 % 2147483647
        return self.number
    def random(self):
        return self.draw() / 2147483647
    def randint(self, low, high):
        return low + self.draw() % (high - low + 1)
    def randrange(self, low, high=None):
        return self.draw() % low if high is None else low + self.draw() % (high - low)
    def choice(self, items):
        return items[self.draw() % len(items)]
sys.modules["random"] = Dice()
real = asyncio.sleep
class Clock:
    # Time goes on when nothing else is to be done: engines differ in how much they do in a second, not in what.
    now = count = 0
    sleepers = []
    async def sleep(self, seconds, result=None):
        waker = asyncio.Event()
        self.count += 1
        self.sleepers.append((self.now + max(seconds, 0), self.count, waker))
        await waker.wait()
        return result
    async def tick(self):
        for turn in range(20):
            await real(0)
        if self.sleepers:
            first = min([one[:2] for one in self.sleepers])
            self.now, place = first
            for one in self.sleepers:
                if one[:2] == first:
                    waker = one[2]
            self.sleepers = [one for one in self.sleepers if one[2] is not waker]
            waker.set()
clock = Clock()
asyncio.sleep = clock.sleep
class Page:
    data = open("/payload.json").read()
    messages = []
    def post(self, text):
        self.messages.append(json.loads(text))
    def ready(self):
        self.messages.append("ready")
    async def turn(self):
        await real(0)
page = Page()
import pressrun
pressrun.boot(page)
asyncio.sleep = clock.sleep
async def main():
    for ticket, (demo, event, given) in enumerate(json.loads(open("/events.json").read())):
        while "ready" not in page.messages:
            await clock.tick()
        bound = None
        for message in page.messages:
            if message != "ready" and event in message.get("d", {}).get(demo, {}):
                bound = message["d"][demo][event]
        page.receive(json.dumps([demo, event, given, bound, ticket + 1]))
        for turn in range(20):
            await clock.tick()
    print(json.dumps(page.messages))
asyncio.create_task(main())
"""


def built(folder: Path, engine: str) -> Project:
    """This project's own pages, for one engine alone."""
    project = Project(folder)
    for name in ("content", "blog"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    text = (ROOT / "pyproject.toml").read_text()
    project.write("pyproject.toml", text + f'\n[tool.pressrun.demos]\nengine = "{engine}"\n')
    return project.build()


def groups(project: Project) -> dict[str, tuple[dict[str, Any], list[Any]]]:
    """What each worker of a page is given, by page and number, and an event for each element that has one."""
    found = {}
    for path, data in sorted(project.tree().items()):
        html = data.decode(errors="replace") if path.endswith(".html") else ""
        payload = re.search(r'data-payload="/([^"]+)"', html)
        if payload:
            handlers = dict(re.findall(r"\bon:\w+=(\d+);(\w*)", html))
            fields = dict.fromkeys(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', html), "6")
            given = {**GIVEN, "form": [fields]}
            for index, group in enumerate(json.loads(project.file(payload[1]))):
                events = [
                    [demo, number, given[handlers[number]]]
                    for demo, view in group["views"].items()
                    for number, node in view.items()
                    if node[0] == "on" and number in handlers
                ]
                found[f"{path} {index}"] = (group, events)
    return found


def replayed(engine: str, group: dict[str, Any], events: list[Any], folder: Path) -> list[Any]:
    """What the worker of a page says to these events."""
    files = runtime_files()
    for name, _, source in group["modules"]:
        files[name.replace(".", "/") + ".py"] = source
    files["payload.json"] = json.dumps(group)
    files["events.json"] = json.dumps(events)
    folder.mkdir(exist_ok=True)
    (folder / "scene.json").write_text(json.dumps({"files": files, "main": DRIVER}))
    done = subprocess.run(
        ["node", str(ROOT / "tests/runtime/play.mjs"), str(engine_file(engine)), str(folder / "scene.json")],
        check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.stdout, done.stderr
    messages: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return messages


def deltas(messages: list[Any]) -> list[Any]:
    """The new values of each message, and its failures without their tracebacks."""
    return [
        [message.get("d"), [failure[:2] for failure in message.get("x", [])]]
        for message in messages
        if message != "ready" and (message.get("d") or message.get("x"))
    ]


@pytest.mark.long
def test_every_demo_of_the_site_says_the_same_on_both_engines(tmp_path: Path) -> None:
    """Same events, same deltas, in the same order."""
    small, great = (groups(built(tmp_path / name, name)) for name in ("micropython", "pyodide"))
    assert list(small) == list(great)
    assert any("background_tasks" in path for path in small)
    for place, (group, events) in small.items():
        assert events, place
        one = deltas(replayed("micropython", group, events, tmp_path / "a"))
        other = deltas(replayed("pyodide", great[place][0], events, tmp_path / "b"))
        assert one == other, place
        assert one, place
