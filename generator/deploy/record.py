"""The record at the target: which files there are ours, and what they were when they were put there.

Whatever is not in it is foreign and never touched. It is written before the first file of a deploy with all that is about
to come, so that a deploy which is cut short leaves nothing behind that a later one would not know.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import msgspec

from generator.errors import ProblemError, error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.deploy.items import Item

RECORD = ".pressrun.json"
"""Its name at the target. It names files that are public anyway."""
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of ours at a target."""

    digest: str
    """Of its bytes as published."""
    size: int
    """Of its bytes as published."""
    headers: str
    """Digest of the headers that it is served with, where the target keeps any."""
    stamp: str = ""
    """What the target calls this version (an ETag); empty until it is known to have arrived."""
    asset: bool = False
    """Whether its name changes with its bytes."""
    since: str = ""
    """When the site dropped it, if it stays for a while."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a site that has several side by side."""

    name: str
    """`2.1`."""
    title: str
    """What readers see."""
    places: tuple[str, ...]
    """Folders below the root that it stands in: its name, aliases."""


@dataclass(frozen=True, slots=True)
class Record:
    """All files of ours at a target."""

    format: int = FORMAT
    """Version of the record."""
    files: dict[str, Entry] = field(default_factory=dict)
    """POSIX path below the target's root → what was put there."""
    versions: tuple[Version, ...] = ()
    """The newest first; none where the site is one whole."""

    def data(self) -> bytes:
        """Write it."""
        return msgspec.json.encode(self, order="sorted") + b"\n"


def parse(data: bytes | None, where: str) -> Record:
    """Read a record; none is an empty one. Raises ProblemError when it is damaged: then nobody knows what is ours."""
    if data is None:
        return Record()
    try:
        record = msgspec.json.decode(data, type=Record)
    except (msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        hint = (
            "remove that file there; with --adopt, the next deploy then takes over what stands at its paths"
        )
        raise ProblemError(
            error(where, f"the record {RECORD} there is damaged: {wrong}", hint=hint)
        ) from None
    if record.format != FORMAT:
        message = f"the record {RECORD} there has format {record.format}; this Pressrun knows {FORMAT}"
        raise ProblemError(error(where, message, hint="install a newer Pressrun"))
    return record


def entry_of(item: Item, stamp: str) -> Entry:
    """Give the entry of an item that has arrived (or, without a stamp, that is about to be sent)."""
    return Entry(item.digest, item.size, item.headers_digest, stamp, item.asset)


def intended(old: Record, coming: Iterable[Item]) -> Record:
    """Give the record to write before anything is sent: the old one, and all that is about to come."""
    files = dict(old.files)
    for item in coming:
        before = old.files.get(item.path)
        unsure = entry_of(item, "")
        if before is not None and before.digest == item.digest:  # its headers change: its bytes will not tell
            unsure = replace(unsure, headers="")
        files[item.path] = unsure
    return replace(old, files=files)


def together(one: Record, beside: Record) -> Record:
    """Give a record with the files of another one, which has the versions that count."""
    return Record(FORMAT, {**beside.files, **one.files}, beside.versions)


def arrived(
    before: Record, items: Iterable[Item], stamps: Mapping[str, str], dropped: Mapping[str, str]
) -> Record:
    """Give the record after all was sent. `dropped`: path of what stays for a while → since when."""
    files = {item.path: entry_of(item, stamps.get(item.path, "")) for item in items}
    for path, since in dropped.items():
        files[path] = replace(before.files[path], since=since)
    return Record(FORMAT, files)
