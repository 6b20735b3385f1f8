"""Preview: an edited page as it is now, made from what the last build knew of the site, before anything is written.

What a page needs of the others changes seldom; so most edits are on the screen after building one page in a process that has all it
needs at hand, in a time that does not grow with the site. Nothing of it is kept: the cache and the output folder stay as the last build
left them, and the next build, which comes at once when others may be concerned, finds the edit by itself.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from generator import cache, edits, finished
from generator.cache import Cache, Facts
from generator.content import Content
from generator.output import Output
from generator.serve.lists import Lists
from generator.stages import COMPUTE
from generator.units import Units

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.config import Config
    from generator.context import Context

KINDS = ("load", "compose", "summary", "render")
"""Units of a page."""


@dataclass(slots=True)
class Desk:
    """What is at hand between two builds."""

    config: Config
    """Of the last build."""
    fingerprint: str
    """Of the generator, as the cache knows it."""
    context: Context
    """With the compiled templates of this state of the site."""
    known: dict[str, bytes]
    """The facts of the site that pages may ask for."""
    pages: frozenset[str]
    """Sources that pages are made of."""
    troubled: frozenset[str]
    """Those with problems, or whose file others read."""
    there: frozenset[str]
    """All files that the last build looked at and found."""
    store: Cache = field(init=False)
    """Traces and values of the pages that were edited since; in memory alone."""
    of_lists: dict[str, bytes] | None = None
    """The facts that list pages ask for, once somebody has."""
    edits: tuple[Units, list[str]] | None = None
    """The pages edited last, and what built them, when others may show them."""

    def __post_init__(self) -> None:
        self.store = Cache(self.config.state / cache.CACHE_FILE, self.fingerprint)

    def edited(self, paths: list[str]) -> tuple[list[Output], bool] | None:
        """Build edited pages; say whether nothing else can look different. None when this is work for a build."""
        paths = [path for path in paths if self.matters(path)]
        if not paths:
            return [], True
        if len(paths) > edits.MOST or not self.pages.issuperset(paths):
            return None
        if not all(os.path.isfile(os.path.join(self.config.root, path)) for path in paths):
            return None
        if not all(self.take(path) for path in paths):
            return None
        work = self.work()
        made: list[Output] = []
        alone = self.troubled.isdisjoint(paths)
        for path in paths:
            if edits.is_other(work, path):
                output, private = edits.remade(work, path, shown_anyway=True)
                alone = alone and private
                made += [output, *self.demos_of(path)] if output is not None else []
        self.edits = (work, paths) if made and not alone else None
        return made, alone

    def showing(self, opened: Iterable[str]) -> list[Output]:
        """Build those of the opened pages that show the pages edited last."""
        if self.edits is None:
            return []
        work, paths = self.edits
        return Lists(work, self.lists(), self.stored).showing(paths, opened)

    def warm(self) -> None:
        """Build a page for nothing, so that the first edit need not wait for compiled templates and started helpers."""
        path = min(self.pages - self.troubled, default="")
        if path and self.take(path):
            edits.remade(self.work(), path, shown_anyway=True)

    def work(self) -> Units:
        """Give what runs units by what the last build knew."""
        return Units(self.store, Facts(self.config.root, self.known), self.context, COMPUTE, 1)

    def lists(self) -> dict[str, bytes]:
        """Give the facts that list pages ask for."""
        if self.of_lists is None:
            kept = Cache(self.store.path, self.fingerprint)
            try:
                self.of_lists = kept.known(cache.LISTS) if kept.open_for([cache.LISTS]) else {}
            finally:
                kept.close(keep=False)
        return self.of_lists

    def stored(self, unit: str) -> bytes | None:
        """Give what the last build stored of a unit."""
        kept = Cache(self.store.path, self.fingerprint)
        try:
            return kept.value(unit) if kept.open_for([unit]) else None
        finally:
            kept.close(keep=False)

    def demos_of(self, path: str) -> list[Output]:
        """Give the data that the live demos of a page which was just built ask for."""
        content = msgspec.msgpack.decode(self.store.unsaved[f"compose:{path}"], type=Content)
        data = {
            f"{content.summary.demos}.json": content.payload,
            f"{content.summary.style}.css": content.style,
        }
        return [Output(f"assets/demos/{name}", path, value) for name, value in data.items() if value]

    def matters(self, path: str) -> bool:
        """Say whether a change of a path can mean anything: not of what came and went between two builds."""
        if os.path.lexists(os.path.join(self.config.root, path)) or path in self.there:
            return True
        return any(one.startswith(path + "/") for one in self.there)

    def take(self, path: str) -> bool:
        """Have what the last build knew of a page; False when it knew nothing."""
        names = [f"{kind}:{path}" for kind in KINDS]
        if names[0] in self.store.traces:
            return True
        kept = Cache(self.store.path, self.fingerprint)
        try:
            if not kept.open_for(names):
                return False
            value = kept.value(f"summary:{path}")
            if value is None:
                return False
            self.store.traces.update(kept.traces)
            self.store.unsaved[f"summary:{path}"] = value
        finally:
            kept.close(keep=False)
        return True


def desk(config: Config, context: Context) -> Desk | None:
    """Lay out what the last build left; None when it did not go through."""
    last = finished.read(config)
    if last is None:
        return None
    store = Cache(config.state / cache.CACHE_FILE, last.fingerprint)
    try:
        known = store.known() if store.open_for([cache.FACTS]) else {}
    finally:
        store.close(keep=False)
    if not known:
        return None
    context.begin(Facts(config.root, known))
    pages = frozenset(key[7:] for key in known if key.startswith("source:"))
    troubled = frozenset({problem.path for problem in last.result.problems} | set(last.shared))
    there = last.sources.keys() | {
        key[5:] for key, known_digest in last.outside.items() if key.startswith("file:") and known_digest
    }
    return Desk(
        config, last.fingerprint, context, known, pages & last.sources.keys(), troubled, frozenset(there)
    )
