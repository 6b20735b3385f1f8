"""Folder: another folder of this machine, exchanged as a whole where its file system can (see `generator.output`)."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cache import digest, read_regular
from generator.deploy.carry import final, record_item
from generator.deploy.plan import Published
from generator.deploy.record import RECORD, parse
from generator.errors import ProblemError
from generator.output import Output, open_release, refusal, take_over

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.config import Config
    from generator.deploy.carry import Progress
    from generator.deploy.items import Item
    from generator.deploy.plan import Plan
    from generator.targets import Target


class Folder:
    """A folder, such as the one that a web server shows."""

    def __init__(self, config: Config, target: Target) -> None:
        self.config, self.target = config, target
        self.folder = Path(os.path.abspath(os.path.join(config.root, os.path.expanduser(target.to))))
        self.digests: dict[str, str] = {}

    def published(self, items: Mapping[str, Item]) -> Published:
        """Read all that stands there."""
        if problem := refusal(replace(self.config, out=self.folder)):
            raise ProblemError(problem)
        self.digests, sizes = {}, {}
        for where, folders, names in os.walk(self.folder):
            folders.sort()
            for name in sorted(names):
                full = os.path.join(where, name)
                path = os.path.relpath(full, self.folder).replace(os.sep, "/")
                data = None if os.path.islink(full) else read_regular(full)
                sizes[path] = len(data or b"")
                self.digests[path] = digest(data) if data is not None else ""
        record = parse(read_regular(str(self.folder / RECORD)), str(self.folder))
        same = frozenset(path for path, item in items.items() if self.digests.get(path) == item.digest)
        rows = [f"{path}\0{found}" for path, found in sorted(self.digests.items())]
        state = digest("\n".join(rows).encode("utf-8", "surrogateescape"))
        return Published(record, sizes, same, state)

    def publish(
        self, plan: Plan, items: Mapping[str, Item], found: Published, progress: Progress | None
    ) -> None:
        """Stage all that is new, then show the whole new folder at once; foreign files move along."""
        there = replace(self.config, out=self.folder)
        changed = {*plan.paths("change"), RECORD}
        beside = [p for p in found.beside.files if p in self.digests]
        ours = {p for p in self.digests if p in found.record.files or p in items or p in changed}
        if self.folder.is_dir():
            take_over(there, {path: self.digests[path] for path in [*ours, *beside]})
        release = open_release(there)
        try:
            for path in [*(p for p in items if p in found.same), *plan.staying, *beside]:
                release.intact(path, self.digests[path])
            for item in [
                *(items[p] for p in items if p not in found.same),
                record_item(final(plan, items, found, {})),
            ]:
                release.write(Output(item.path, "the deploy", item.read()))
            left_over = release.finish()
        finally:
            release.close()
        if left_over:
            raise ProblemError(*left_over)
