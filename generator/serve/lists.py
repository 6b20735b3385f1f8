"""Lists: an open page that shows an edited one has its new words at once, before the build that puts everything right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from generator.cache import encode
from generator.content import Content
from generator.output import Output
from generator.pages import Loaded
from generator.routes import url_of
from generator.site.listings import Listing
from generator.units import Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from generator.units import Units

SHOWN = ("title", "description", "author", "image", "updated")
"""What a list shows of a page and no order or address hangs on: a change of anything else waits for the build."""


@dataclass(slots=True)
class Lists:
    """The pages that show others, while one of those is being edited."""

    work: Units
    """With the facts that the last build left, and the edited pages as they are now."""
    known: Mapping[str, bytes]
    """The facts that list pages ask for."""
    value: Callable[[str], bytes | None]
    """Gives what the last build stored of a unit."""

    def showing(self, edited: Iterable[str], opened: Iterable[str]) -> list[Output]:
        """Make those of the opened pages that show an edited one."""
        rows = {path: row for path in edited if (row := self.row(path))}
        return [made for page in opened if rows and (made := self.made(page, rows))]

    def row(self, path: str) -> dict[str, Any]:
        """Give what lists show of an edited page, and note what they ask for besides."""
        facts = self.work.facts.known
        loaded = (
            msgspec.msgpack.decode(facts[f"load:{path}"], type=Loaded) if f"load:{path}" in facts else None
        )
        composed = self.work.cache.unsaved.get(f"compose:{path}")
        if loaded is None or loaded.page is None or composed is None or f"route:{path}" not in facts:
            return {}
        matter = loaded.page.front_matter
        summary = msgspec.msgpack.decode(composed, type=Content).summary
        excerpt = "" if matter.description else summary.excerpt
        self.work.facts.put(f"about:{path}", {"excerpt": excerpt, "minutes": summary.minutes})
        url = msgspec.msgpack.decode(facts[f"route:{path}"], type=str)
        if f"card:{path}" in facts:
            about = matter.description or summary.excerpt
            self.work.facts.put(f"card:{path}", {"title": matter.title, "url": url, "description": about})
        return {"url": url, **{key: getattr(matter, key) for key in SHOWN}}

    def made(self, page: str, rows: Mapping[str, Mapping[str, Any]]) -> Output | None:
        """Make one opened page when it shows an edited one; None when it does not, or when that is work for the build."""
        facts, url = self.work.facts, url_of(page)
        if f"listing:{url}" in self.known:
            facts.put_bytes(f"listing:{url}", self.known[f"listing:{url}"])
            return self.run(Unit(f"list:{url}"), page) if self.is_slice(url, rows) else None
        source = self.source(url)
        front = facts.known.get(f"front:{source}")
        if front is not None:
            shows = self.is_slice(msgspec.msgpack.decode(front, type=Listing).url, rows)
        else:
            related = msgspec.msgpack.decode(facts.known.get(f"related:{source}", encode([])))
            shows = self.is_neighbour(source, rows) or not rows.keys().isdisjoint(related)
        if not shows:
            return None
        loaded, composed = self.value(f"load:{source}"), self.value(f"compose:{source}")
        if loaded is None or composed is None:
            return None
        facts.put_bytes(f"load:{source}", loaded)
        return self.run(Unit(f"render:{source}", ((f"compose:{source}", composed),)), page)

    def source(self, url: str) -> str:
        """Give what a page is made of; nothing when that is no source."""
        owner = self.work.facts.known.get(f"url:{url}")
        return msgspec.msgpack.decode(owner, type=str) if owner else ""

    def is_slice(self, url: str, rows: Mapping[str, Mapping[str, Any]]) -> bool:
        """Say whether a list page shows an edited page; if so, with its new words."""
        key = f"slice:{url}"
        found: list[dict[str, Any]] = msgspec.msgpack.decode(self.known.get(key, encode([])))
        shows = False
        for row in found:
            new = rows.get(row["path"])
            if new is not None:
                row.update({name: new[name] for name in SHOWN if name in row})
                shows = True
        if shows:
            self.work.facts.put(key, found)
        return shows

    def is_neighbour(self, source: str, rows: Mapping[str, Mapping[str, Any]]) -> bool:
        """Say whether a page leads on to an edited one; if so, with its new title."""
        key = f"neighbours:{source}"
        found: list[dict[str, str] | None] = msgspec.msgpack.decode(
            self.work.facts.known.get(key, encode([]))
        )
        titles = {row["url"]: row["title"] for row in rows.values()}
        shows = False
        for one in found:
            if one and one["url"] in titles:
                one["title"] = titles[one["url"]]
                shows = True
        if shows:
            self.work.facts.put(key, found)
        return shows

    def run(self, unit: Unit, page: str) -> Output | None:
        """Run a unit that makes a page."""
        outcome = next(iter(self.work.run([unit], 1, keep=False)))
        return Output(page, unit.name, outcome.value, outcome.digest) if outcome.value is not None else None
