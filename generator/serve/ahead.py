"""Ahead: while a long build runs, the pages that somebody is waiting for or looking at are built first."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import msgspec

from generator.content import Content
from generator.context import Context
from generator.edits import is_wrong
from generator.pages import Loaded
from generator.routes import route
from generator.serve.messages import Channel, News, Request
from generator.stages import COMPUTE
from generator.units import Unit, run_unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.cache import Facts
    from generator.highlighter import Highlighter

GLANCE = 0.02
"""Seconds between two looks at what has come."""


class Aside(Context):
    """A context for previews, also between two units of a build: templates of its own, all else the build's."""

    def __init__(self, whole: Context) -> None:
        super().__init__()
        self.whole = whole

    @property
    def plugins(self) -> Any:
        """The plug-ins of the build."""
        return self.whole.plugins

    def runner(self) -> Any:
        """Give the helper process that runs page code."""
        return self.whole.runner()

    def highlighter(self) -> Highlighter:
        """Give what colours code."""
        return self.whole.highlighter()


class Ahead(Context):
    """The builder's context: told of every unit, it looks between two of them for what is wanted."""

    def __init__(self, channel: Channel) -> None:
        super().__init__()
        self.channel = channel
        self.facts: Facts | None = None
        self.waiting: list[Request] = []
        self.first: list[str] = []
        self.wanted: list[str] = []
        self.sources: dict[str, str] = {}
        self.ran = False
        self.looked = 0.0
        self.sent: dict[str, str] = {}
        self.tell: Callable[[News], None] = channel.send

    def begin(self, facts: Facts, *, expendable: bool = False) -> None:
        """Note the facts of the build that begins."""
        super().begin(facts, expendable=expendable)
        self.facts, self.sources, self.ran, self.wanted = facts, {}, True, []

    def leave(self, channel: Channel) -> None:
        """Go on in a process that was forked for a build: it tells and asks another one, and has helpers of its own."""
        self.channel.wire.close()
        self.channel, self.tell = channel, channel.send
        self._runner = self._highlighter = None
        self._owner = os.getpid()

    def kept(self) -> list[Request]:
        """Give the requests that came during a build and ask for another one."""
        found, self.waiting = self.waiting, []
        return found

    def owners(self) -> dict[str, str]:
        """Give page → its source."""
        if not self.sources and self.facts is not None:
            for key, value in self.facts.known.items():
                if key.startswith("route:"):
                    path = key[6:]
                    self.sources[route(msgspec.msgpack.decode(value, type=str), path).output] = path
        return self.sources

    def step(self, _: str) -> None:
        """Look, between two units, whether a page is wanted, and build it."""
        now = time.monotonic()
        if now - self.looked < GLANCE or self.facts is None:
            return
        self.looked = now
        for one in self.channel.requests(0):
            if one.wanted:
                self.wanted.append(one.wanted)
            if one.number:
                self.waiting.append(one)
        if (self.wanted or self.first) and "asset:theme.css" in self.facts.known:
            pages = list(dict.fromkeys([*self.wanted, *self.first]))
            self.wanted, self.first = [], []
            for page in pages:
                self.build(page)

    def build(self, page: str) -> None:
        """Build one page and send it; nothing when it cannot be built yet, or is none."""
        facts, source = self.facts, self.owners().get(page)
        if facts is None or source is None or f"front:{source}" in facts.known:
            return
        loaded = facts.known.get(f"load:{source}")
        front = msgspec.msgpack.decode(loaded, type=Loaded).page if loaded else None
        if front is None or (front.front_matter.template and f"template-of:{source}" not in facts.known):
            return
        compose = f"compose:{source}"
        had = facts.known.get(compose)
        composed = run_unit(self, facts, COMPUTE, Unit(compose))
        if composed.value is None or is_wrong(msgspec.msgpack.decode(composed.value, type=Content).summary):
            return
        made = run_unit(self, facts, COMPUTE, Unit(f"render:{source}", ((compose, composed.value),)))
        if had is not None:
            facts.known[compose] = had
        facts.digests.pop(compose, None)
        if made.value is not None:
            self.sent[page] = made.digest
            self.tell(News(-1, digests={page: made.digest}, pages={page: made.value}))
