"""Each demo of this project's own site does the same on both engines: the same events bring the same messages."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from harness import Project

from generator.demos import browser_files
from tests.runtime.test_cases import engine_file

ROOT = Path(__file__).resolve().parents[2]
GIVEN: dict[str, list[Any]] = {
    "": [], "value": ["6"], "checked": [True], "pressed": [True], "key": ["Enter"], "form": [{"name": "6"}],
}  # fmt: skip
"""What an event of each kind brings along."""
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
async def quick(seconds, result=None):
    await real(0.001 if seconds <= 0.1 else 0.02)
    return result
asyncio.sleep = quick
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
import pressrun.live
pressrun.live.boot(page)
asyncio.sleep = quick
async def main():
    for ticket, (demo, event, given) in enumerate(json.loads(open("/events.json").read())):
        for turn in range(100):
            if "ready" in page.messages:
                break
            await real(0.01)
        bound = None
        for message in page.messages:
            if message != "ready" and event in message.get("d", {}).get(demo, {}):
                bound = message["d"][demo][event]
        page.receive(json.dumps([demo, event, given, bound, ticket + 1]))
        for turn in range(60):
            await real(0.01)
            if not page.messages[-1].get("b"):
                break
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


def pages(project: Project) -> dict[str, tuple[list[dict[str, Any]], list[Any]]]:
    """The pages that hold demos: their payload, and an event for each element that has one."""
    found = {}
    for path, data in sorted(project.tree().items()):
        html = data.decode(errors="replace") if path.endswith(".html") else ""
        payload = re.search(r'data-payload="/([^"]+)"', html)
        if payload:
            part = json.loads(project.file(payload[1]))
            handlers = dict(re.findall(r"\bon:\w+=(\d+);(\w*)", html))
            events = [
                [demo, number, GIVEN[handlers[number]]]
                for one in part
                for demo, view in one["views"].items()
                for number, node in view.items()
                if node[0] == "on" and number in handlers
            ]
            found[path] = (part, events)
    return found


def replayed(engine: str, payload: list[dict[str, Any]], events: list[Any], folder: Path) -> list[Any]:
    """What the worker of a page says to these events."""
    files = json.loads(browser_files()["runtime.json"])
    assert len(payload) == 1
    for name, _, source in payload[0]["modules"]:
        files[name.replace(".", "/") + ".py"] = source
    files["payload.json"] = json.dumps(payload[0])
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


def test_every_demo_of_the_site_says_the_same_on_both_engines(tmp_path: Path) -> None:
    """Same events, same deltas, in the same order."""
    small, great = (pages(built(tmp_path / name, name)) for name in ("micropython", "pyodide"))
    assert list(small) == list(great)
    assert any("background_tasks" in path for path in small)
    for path, (payload, events) in small.items():
        assert events, path
        one = deltas(replayed("micropython", payload, events, tmp_path / "a"))
        other = deltas(replayed("pyodide", great[path][0], events, tmp_path / "b"))
        assert one == other, path
        assert one, path
