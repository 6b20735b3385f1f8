"""The Collatz demo of "Background tasks": a number that walks by itself while the page stays awake."""

import asyncio

from pressrun import State, event
from pressrun.components import heading, input, label, link, switch, text, vstack


class FirstCollatz(State):
    """The obvious way. Switch it off and on within half a second, and two tasks run."""

    number: int = 6
    running: bool = False

    def switch(self, on: bool):
        self.running = on
        if on:
            return FirstCollatz.run

    @event(background=True)
    async def run(self):
        while self.running:
            await asyncio.sleep(0.5)
            async with self:
                self.number = 3 * self.number + 1 if self.number % 2 else self.number // 2
                self.running = self.running and self.number > 1


class Collatz(State):
    """Halve what is even; triple what is odd and add one. Has every number a way down to 1?"""

    number: int | None = None
    running: bool = False
    message: str = ""

    def enter(self, words: str):
        try:
            self.number = abs(int(words))
        except ValueError:
            self.message = f"“{words}” is no whole number." if words else "Please enter a whole number."
        else:
            self.message = ""
            return Collatz.switch(True)

    def switch(self, on: bool):
        self.running = on and bool(self.number)
        if self.running:
            return Collatz.run

    @event(background=True, supersedes=True)
    async def run(self):
        while self.running:
            await asyncio.sleep(0.5)
            async with self:
                if not self.running or self.number == 1:
                    self.running = False
                else:
                    self.number = 3 * self.number + 1 if self.number % 2 else self.number // 2


def collatz():
    return vstack(
        heading(link("Collatz conjecture", href="https://en.wikipedia.org/wiki/Collatz_conjecture")),
        label("Enter a number below", html_for="collatz-number"),
        input(
            id="collatz-number",
            value=Collatz.number,
            on_change=Collatz.enter,
            debounce=500,
            input_mode="numeric",
        ),
        label(switch(checked=Collatz.running, on_change=Collatz.switch), "Running"),
        text(Collatz.message, role="status"),
    )
