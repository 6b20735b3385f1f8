"""The manifest of a tree: which files a build wrote there; and what was seen there last."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from generator.output.calls import replace_file

FORMAT = 2
"""Of manifests; another one counts as none."""
Entry = tuple[str, int, int]
"""Digest, size, and mtime in nanoseconds of a file."""
UNSURE: Entry = ("", 0, 0)
"""Of a file that a build which was cut short may have made."""
Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files that a build wrote to one tree. It belongs to the tree, wherever that stands, and needs no word when trees are exchanged."""

    format: int
    """Version of this record."""
    folder: tuple[int, int]
    """Device and inode of the tree's root."""
    serial: int
    """Grows with each release; the newest counts when a project was copied and no inode is what it was."""
    files: dict[str, Entry]
    """POSIX path below the root → what stands there."""


@dataclass(frozen=True, slots=True)
class Change:
    """Says that a tree is being changed: it is there only meanwhile, or after a build that was cut short."""

    folder: tuple[int, int]
    """Device and inode of the tree's root."""
    names: list[str]
    """When it is the published one: the files that are replaced or made in it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What else is in a tree. Losing it costs time, nothing else."""

    folders: dict[str, int] = field(default_factory=dict)
    """Each folder → its mtime when its entries were listed; 0: list them again."""
    foreign: dict[str, int] = field(default_factory=dict)
    """What no build wrote → its inode; the names of folders end in `/`."""


def identity(folder: str) -> tuple[int, int] | None:
    """Give what stays the same of a folder when it is moved; None when there is no folder."""
    try:
        status = os.lstat(folder)
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISDIR(status.st_mode) else None


def place(home: str, folder: tuple[int, int], kind: str = "json") -> str:
    """Give the place of a tree's record."""
    return os.path.join(home, f"{folder[0]:x}-{folder[1]:x}.{kind}")


def pack(record: Any) -> bytes:
    """Encode a record; names that are no Unicode are escaped."""
    try:
        return msgspec.json.encode(record)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(record)).encode()


def read(path: str, kind: type[Kind]) -> Kind | None:
    """Read a record; None when there is none that can be used."""
    try:
        with open(path, "rb") as file:
            data = file.read()
        try:
            return msgspec.json.decode(data, type=kind)
        except msgspec.MsgspecError:
            return msgspec.convert(json.loads(data), type=kind)
    except (OSError, ValueError, msgspec.MsgspecError, RecursionError):
        return None


def read_manifest(path: str) -> Manifest | None:
    """Read a manifest; None when there is none that can be used."""
    found = read(path, Manifest)
    return None if found is None or found.format != FORMAT or unsafe(found.files) else found


def manifest_of(home: str, folder: tuple[int, int]) -> Manifest | None:
    """Read the manifest of a tree."""
    found = read_manifest(place(home, folder))
    return found if found is not None and found.folder == folder else None


def newest_manifest(home: str) -> Manifest | None:
    """Read the manifest of the last release, whatever tree it belongs to."""
    try:
        names = [name for name in os.listdir(home) if name.endswith(".json")]
    except OSError:
        return None
    found = [read_manifest(os.path.join(home, name)) for name in names]
    return max((one for one in found if one is not None), key=lambda one: one.serial, default=None)


def write_manifest(home: str, manifest: Manifest) -> str:
    """Write a tree's manifest; give its place."""
    path = place(home, manifest.folder)
    replace_file(path, pack(manifest))
    return path


def unsafe(names: Iterable[str]) -> bool:
    """Say whether one of a record's names could lead out of a tree."""
    text = "\n" + "\n".join(names) + "\n"
    if not any(part in text for part in ("..", "\\", "\0", "\n/", "\n\n")):
        return False  # the common case, at the cost of a few searches
    return any(
        not name or name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/")
        for name in names
    )
