"""Demos that need the greater engine, run for ever, or take all memory there is."""

import asyncio
import statistics
from dataclasses import dataclass

from pressrun import State, event, var
from pressrun.components import button, hstack, text


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
