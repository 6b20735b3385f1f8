"""Clock: an event loop whose time is virtual. It never waits: when nothing can run, time moves to the next timer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

FREE_TURNS = 1000
"""How many turns of the loop may happen at one instant. Something that runs on (`sleep(0)` in a loop) then takes time."""
TURN = 0.001
"""Seconds that each further turn takes."""


class Clock:
    """Stands where an event loop has its selector: is asked to wait, and moves the time instead."""

    def __init__(self) -> None:
        self.now = 0.0
        self.turns = 0
        self.waiting: list[asyncio.Future[float | None]] = []

    def idle(self) -> asyncio.Future[float | None]:
        """Come true when nothing more can run at this instant: seconds to the next timer, or None when there is none."""
        future: asyncio.Future[float | None] = asyncio.get_running_loop().create_future()
        self.waiting.append(future)
        return future

    def select(self, timeout: float | None) -> Sequence[object]:
        """What the loop calls between two turns: `timeout` is 0 while something can run, None when nothing ever will."""
        if timeout is None or timeout > 0:
            self.turns = 0
            if self.waiting:
                self._tell(timeout)
            elif timeout is None:
                raise RuntimeError("nothing will ever happen here")
            else:
                self.now += timeout
        else:
            self.turns += 1
            if self.turns > FREE_TURNS:
                self.now += TURN
                self._tell(0.0)
        return ()

    def _tell(self, wait: float | None) -> None:
        waiting, self.waiting = self.waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(wait)

    def close(self) -> None:
        """Loops close their selectors; there is nothing to close."""


class VirtualLoop(asyncio.BaseEventLoop):
    """An event loop without files, sockets and threads, and with a clock of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = self._selector = Clock()
        self.strays: list[BaseException] = []
        self.set_exception_handler(self._heard)

    def time(self) -> float:
        """Seconds since the demo was mounted."""
        return self.clock.now

    def _heard(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Keep what a task that nobody waits for raised; say nothing of tasks that are left when a test ends."""
        if isinstance(context.get("exception"), BaseException):
            self.strays.append(context["exception"])

    def _process_events(self, event_list: object) -> None:
        """Take no events of files: there are none."""

    def _write_to_self(self) -> None:
        """Wake nobody: the loop never waits."""

    def __del__(self, *_: object) -> None:
        """Go without a warning: a test need not close its demos."""
