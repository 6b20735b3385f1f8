"""The demos of "What blocks and what does not": the same page by chained events and by a background task."""

import asyncio
import random

from pressrun import State, event
from pressrun.components import (
    badge,
    button,
    cond,
    foreach,
    hstack,
    label,
    option,
    select,
    slider,
    spinner,
    switch,
    text,
    vstack,
)  # fmt: skip


class Numbers(State):
    """What both versions share: a range, a delay, the last ten numbers and their total."""

    low: int = -10
    high: int = 20
    delay: str = "1"
    running: bool = False
    waiting: bool = False
    last: list[int] = []
    total: int = 0

    def set_low(self, value: str):
        self.low = int(value)
        self.high = max(self.high, self.low)

    def set_high(self, value: str):
        self.high = int(value)
        self.low = min(self.low, self.high)

    def balance(self):
        self.high = max(abs(self.low), abs(self.high))
        self.low = -self.high

    def set_delay(self, seconds: str):
        self.delay = seconds

    def clear(self):
        self.last = []
        self.total = 0

    def _draw(self):
        number = random.randint(self.low, self.high)
        self.last = [number] + self.last[:9]  # noqa: RUF005 - the browser's Python has no [number, *more]
        self.total += number


class Chained(Numbers):
    """Each step is an event, and asks for the next one."""

    def switch(self, on: bool):
        self.running = on
        if on:
            return Chained.step

    async def step(self):
        self.waiting = True
        yield
        await asyncio.sleep(float(self.delay))
        self._draw()
        self.waiting = False
        if self.running:
            yield Chained.step


class Beside(Numbers):
    """One task takes all the steps, beside the events."""

    def switch(self, on: bool):
        self.running = self.waiting = on
        if on:
            return Beside.run

    def step(self):
        self.waiting = True
        return Beside.run

    @event(background=True, supersedes=True)
    async def run(self):
        while self.waiting:
            await asyncio.sleep(float(self.delay))
            async with self:
                if self.waiting:
                    self._draw()
                    self.waiting = self.running


def page(state):
    return vstack(
        label(slider(value=state.low, min=-50, max=50, on_change=state.set_low), "Lowest"),
        label(slider(value=state.high, min=-50, max=50, on_change=state.set_high), "Highest"),
        hstack(text("From ", state.low, " to ", state.high), button("Balance", on_click=state.balance)),
        hstack(
            label(switch(checked=state.running, on_change=state.switch), "Run"),
            label(
                "Delay",
                select(
                    option("half a second", value="0.5"),
                    option("a second", value="1"),
                    option("two seconds", value="2"),
                    value=state.delay,
                    on_change=state.set_delay,
                ),
            ),
            button("Single step", on_click=state.step, disabled=state.waiting | state.running),
            cond(state.waiting, spinner()),
        ),
        hstack(text("Total ", state.total, role="status"), button("Clear", on_click=state.clear)),
        hstack(
            text("The last ten:"),
            foreach(state.last, badge),
            aria_label="The last ten",
            role="group",
        ),
    )


def chained():
    return page(Chained)


def beside():
    return page(Beside)
