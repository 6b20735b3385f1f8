"""Demos that need the greater engine, run for ever, or take all memory there is."""

import asyncio
import statistics
from dataclasses import dataclass

from pressrun import State, event, var
from pressrun.components import button, hstack, input, link, text


@dataclass
class Thing:
    """A dataclass, which MicroPython has not."""

    name: str
    size: int = 4


class Modern(State):
    """What Python 3.11 has and MicroPython has not: `match`, dataclasses, statistics, async generators."""

    names: list[str] = ["type", "ink", "paper"]

    async def sort(self):
        async def ordered():
            for name in sorted(self.names):
                yield Thing(name)

        self.names = [*[thing.name async for thing in ordered()]]
        yield
        assert Thing("x").size == 4

    @var
    def kind(self) -> str:
        match self.names:
            case []:
                return "none"
            case ["ink", *_]:
                mean = statistics.mean(len(name) for name in self.names)
                return f"many: {', '.join(self.names)} (mean {mean})"
            case _:
                return "not sorted"


class Ticker(State):
    """Counts until its page is gone."""

    ticks: int = 0

    @event(background=True, supersedes=True)
    async def run(self):
        while True:
            async with self:
                self.ticks += 1
            await asyncio.sleep(0.02)


class Greedy(State):
    """Takes all memory there is."""

    count: int = 0
    _kept: list = []

    def add(self):
        self.count += 1

    def eat(self):
        kept = []
        while True:
            kept.append(bytearray(1_000_000))


class Hostile(State):
    """Values that nobody wishes for."""

    value: str = "-"
    address: str = "https://example.org/"

    @var
    def size(self) -> str:
        return str(len(self.value))

    def markup(self):
        self.value = "<img src=x onerror=document.title='hacked'></p><script>document.title='hacked'</script>"

    def script(self):
        self.address = " java\nscript:document.title='hacked'"

    def half(self):
        self.value = "a\ud800b"

    def control(self):
        self.value = "".join([chr(code) for code in range(1, 32)]) + '"\\\u2028'

    def great(self):
        self.value = "x" * 10_000_000

    def take(self, value: str):
        self.value = value

    def _private(self):
        self.value = "private"


def hostile():
    return hstack(
        button("Markup", on_click=Hostile.markup),
        button("Script", on_click=Hostile.script),
        button("Half", on_click=Hostile.half),
        button("Control", on_click=Hostile.control),
        button("Great", on_click=Hostile.great),
        input(on_change=Hostile.take, aria_label="Value"),
        link("link", href=Hostile.address, id="link"),
        text(Hostile.value, id="value"),
        text(Hostile.size, id="size"),
    )


class Reading(State):
    """Imports what is installed here, and travels there in a wheel."""

    sections: str = ""

    def read(self):
        from iniconfig import IniConfig

        self.sections = ", ".join(
            section.name for section in IniConfig("x.ini", data="[ink]\na = 1\n[paper]\n")
        )


def reading():
    return hstack(button("Read", on_click=Reading.read), text(Reading.sections, id="sections"))


def modern():
    return hstack(button("Sort", on_click=Modern.sort), text(Modern.kind, id="kind"))


def ticker():
    return hstack(button("Tick", on_click=Ticker.run), text(Ticker.ticks, id="ticks"))


def greedy():
    return hstack(
        button("Count", on_click=Greedy.add),
        button("Eat", on_click=Greedy.eat),
        text(Greedy.count, id="count"),
    )
