"""Cache: what earlier builds found out, kept as long as everything they looked at is the same.

The laws:

1. A unit's value depends only on what it read through `Reads`; so the record of its reads says when it is still right.
2. Values are immutable data (msgpack), never pickles: a cache that was tampered with can be wrong, it cannot run code.
3. Absence is a fact too: a file that was looked for and missing is a key with the digest `MISSING`.
4. When in doubt, record more: over-building is slow, under-building is a lie.
5. A damaged, foreign or newer cache is a cold build, never an error and never a wrong page.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import importlib.machinery
import os
import sqlite3
import stat
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path


MISSING = ""
"""Digest of what is not there."""
DIGEST = 32
"""Letters of a digest."""
RACY = 2_000_000_000
"""Nanoseconds; more than a tick of any file system's clock."""
CACHE_FILE = "cache.db"
INDEX = "index:"
"""Name under which the index of files is stored."""
FACTS = "facts:"
"""Name under which the facts of the site are stored that a page may ask for when it alone is built."""
LISTS = "lists:"
"""Name under which those are stored that list pages ask for besides."""
OUTSIDE = ("file", "folder", "kind", "stat", "module", "dist", "env", "unforeseen")
"""Kinds of keys that the world outside answers; all others follow from these and from the configuration."""
FORMAT = 1
"""Version of the cache's tables; another one means a cold build."""

SOURCES = "src"
"""The folder below the root that may hold the project's packages, as many projects have it."""
MADE_BY_BUILDS = {".pressrun", "__pycache__"}
"""Names that come and go in folders by themselves."""
STAT, LSTAT = os.stat, os.lstat
"""Bound here, because where page code runs the functions of `os` are replaced by ones that record."""

encode = msgspec.msgpack.Encoder(order="deterministic").encode


def digest(data: bytes) -> str:
    """Give the 128-bit fingerprint that stands for bytes in keys and file names."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


class Unreadable(OSError):
    """A file exists and cannot be read as a regular file."""


def read_regular(path: str) -> bytes | None:
    """Read a regular file; None when there is none. Never waits on a FIFO or a device.

    Raises Unreadable with the system's sentence when it is there and cannot be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as wrong:
        raise Unreadable(wrong.strerror or str(wrong)) from None
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        if stat.S_ISDIR(mode):
            return None
        raise Unreadable("not a regular file")
    with os.fdopen(handle, "rb") as file:
        return file.read()


def stamp(status: os.stat_result) -> str:
    """Give what changes whenever a file is written, replaced or given other times: size, times, inode."""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def is_settled(stamp_text: str, instant: int) -> bool:
    """Say whether a file was last touched so long before an instant (ns) that its stamp proves its content.

    A file that is written twice within one tick of the clock keeps its stamp; git calls such a file racily clean.
    """
    return int(stamp_text.split()[2]) < instant - RACY


class Facts:
    """Everything that units can ask about, each thing under its key.

    `file:PATH` and `LOOKUPS` are answered from the disk (and remembered for the rest of the build; a path outside the
    root is absolute), `module:` and `dist:` from Python's installation, everything else from what stages have put in.
    """

    def __init__(self, root: str | os.PathLike[str], known: Mapping[str, bytes] | None = None) -> None:
        self.root = os.fspath(root)
        self.known: dict[str, bytes] = dict(known or {})
        self.digests: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.index: dict[str, tuple[str, str]] = {}
        self.stamps: dict[str, str] = {}
        self.shared: dict[str, tuple[dict[str, str], Any]] = {}
        """What is made once for many units: name → the keys that making it looked at, and what was made."""

    def put(self, key: str, value: object) -> None:
        """State a fact; the value must be plain data."""
        self.put_bytes(key, encode(value))

    def put_bytes(self, key: str, value: bytes) -> None:
        """State a fact whose value is encoded already."""
        self.known[key] = value
        if self.shared and any(key in looked_at for looked_at, _ in self.shared.values()):
            self.shared.clear()
        self.digests.pop(key, None)
        self.texts.pop(key, None)

    def digest(self, key: str) -> str:
        """Give the digest of a key as things stand now; `MISSING` when there is no such thing."""
        found = self.digests.get(key)
        if found is None:
            found = self.digests[key] = self._digest(key)
        return found

    def _digest(self, key: str) -> str:
        kind, _, name = key.partition(":")
        if kind == "file":
            return self._file_digest(name)
        if kind in LOOKUPS:
            return LOOKUPS[kind](os.path.join(self.root, name))
        if kind == "module":
            return module_digest(self.root, name)
        if kind == "dist":
            return distribution_digest(name)
        known = self.known.get(key)
        return MISSING if known is None else digest(known)

    def _file_digest(self, path: str) -> str:
        if path not in self.stamps:
            with contextlib.suppress(OSError):
                self.stamps[path] = stamp(os.stat(os.path.join(self.root, path)))
        known = self.index.get(path)
        if known is not None and known[0] == self.stamps.get(path):
            return known[1]
        try:
            data = read_regular(os.path.join(self.root, path))
        except Unreadable as wrong:
            return "unreadable " + str(wrong)
        return MISSING if data is None else digest(data)

    def settled(self, instant: int) -> dict[str, tuple[str, str]]:
        """Give path → (stamp, digest) of the files that need not be read again while their stamps stay."""
        return {
            path: (stamp_text, self.digests[f"file:{path}"])
            for path, stamp_text in self.stamps.items()
            if len(self.digests.get(f"file:{path}", "")) == DIGEST and is_settled(stamp_text, instant)
        }

    def file(self, path: str) -> bytes | None:
        """Read a file of the project and remember its digest."""
        data = read_regular(os.path.join(self.root, path))
        self.digests["file:" + path] = MISSING if data is None else digest(data)
        return data


def folder_digest(path: str) -> str:
    """Give the digest of the names in a folder, and of which of them are folders; what builds make there is left out."""
    try:
        with os.scandir(path) as entries:
            names = sorted(
                entry.name + ("/" if entry.is_dir() else "")
                for entry in entries
                if entry.name not in MADE_BY_BUILDS
            )
    except OSError:
        return MISSING
    return digest("\0".join(names).encode("utf-8", "surrogateescape"))


def kind_digest(path: str) -> str:
    """Say what stands at a path: nothing, a file, a folder, and where a link leads."""
    found = []
    for look in (LSTAT, STAT):
        try:
            mode = look(path).st_mode
            found.append(f"{stat.S_IFMT(mode):o}" + (os.readlink(path) if stat.S_ISLNK(mode) else ""))
        except (OSError, ValueError):
            found.append("")
    return " ".join(found) if any(found) else MISSING


def status_digest(path: str) -> str:
    """Give all of a path's status that can matter: kind, rights, size, time of change."""
    found = []
    for look in (LSTAT, STAT):
        try:
            status = look(path)
            found.append(f"{status.st_mode:o} {status.st_size} {status.st_mtime_ns}")
        except (OSError, ValueError):
            found.append("")
    return " ".join(found) if any(found) else MISSING


def import_folders(root: str) -> list[str]:
    """Give the folders in which the project's modules are looked for, in this order."""
    return [root, os.path.join(root, SOURCES)]


def module_digest(root: str, name: str) -> str:
    """Say whether a module or package of this name can be imported; nothing of it is run."""
    importlib.invalidate_caches()
    path = [*import_folders(root), *(p for p in sys.path if p)]
    return "there" if importlib.machinery.PathFinder.find_spec(name, path) else MISSING


def distribution_digest(name: str) -> str:
    """Give the version of an installed distribution."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return MISSING


LOOKUPS: dict[str, Callable[[str], str]] = {
    "folder": folder_digest,
    "kind": kind_digest,
    "stat": status_digest,
}
"""Kinds of key, apart from `file`, that are answered from the disk → how."""


class Reads:
    """The only way by which a unit learns anything; what it learnt is recorded in `keys`."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.keys: dict[str, str] = {}

    def file(self, path: str) -> bytes | None:
        """Give the bytes of a file of the project (a POSIX path below the root), None when it is missing."""
        key = "file:" + path
        try:
            data = self.facts.file(path)
        except Unreadable as wrong:
            self.keys[key] = "unreadable " + str(wrong)
            raise
        self.keys[key] = self.facts.digests[key]
        return data

    def exists(self, path: str) -> bool:
        """Say whether a file of the project exists (its content counts as looked at)."""
        key = "file:" + path
        self.keys[key] = self.facts.digest(key)
        return self.keys[key] != MISSING

    def names(self, folder: str) -> list[str]:
        """Give the names of what stands in a folder of the project; none when there is no such folder."""
        key = f"folder:{folder}"
        self.keys[key] = self.facts.digest(key)
        if self.keys[key] == MISSING:
            return []
        try:
            return sorted(set(os.listdir(os.path.join(self.facts.root, folder))) - MADE_BY_BUILDS)
        except OSError:
            return []

    def fact(self, key: str, kind: Any = None) -> Any:
        """Give the value of a key that an earlier stage has put in, None when there is none."""
        facts = self.facts
        if key not in self.keys:
            self.keys[key] = facts.digest(key)
        if key in facts.texts:
            return facts.texts[key]
        known = facts.known.get(key)
        if known is None:
            return None
        if kind is str:  # the base path is asked for a hundred times a page
            text = facts.texts[key] = msgspec.msgpack.decode(known, type=str)
            return text
        return msgspec.msgpack.decode(known) if kind is None else msgspec.msgpack.decode(known, type=kind)

    def note(self, keys: Mapping[str, str]) -> None:
        """Record what another process has looked at for this unit."""
        self.keys.update(keys)


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of a unit without looking at its value."""

    keys: dict[str, str]
    """Each key that it read, and the digest that it had."""
    value_digest: str
    """Digest of its value: itself a fact for others."""


@dataclass(slots=True)
class Cache:
    """The store of traces and values: one SQLite file below `.pressrun/`."""

    path: Path
    """The database; made when missing."""
    fingerprint: str
    """Of the generator; another one drops everything."""
    traces: dict[str, Trace] = field(default_factory=dict)
    """Of all units that the store holds."""
    unsaved: dict[str, bytes] = field(default_factory=dict)
    """Values of this build that could not be stored."""
    _database: sqlite3.Connection | None = None

    def open(self) -> bool:
        """Load the traces. False when there was something that could not be used (the build is then cold)."""
        try:
            return self._open() and self._load()
        except (sqlite3.Error, msgspec.MsgspecError, OSError, UnicodeDecodeError):
            self.close()
            with contextlib.suppress(OSError):
                self.path.unlink()
            self.traces = {}
            with contextlib.suppress(sqlite3.Error, OSError):
                self._open()
            return False

    def open_for(self, units: Iterable[str]) -> bool:
        """Load the traces of a few units alone. False when one of them is missing or damaged, or the cache cannot be used."""
        try:
            return self._open() and all(self._load(unit) and unit in self.traces for unit in units)
        except (sqlite3.Error, msgspec.MsgspecError, OSError, UnicodeDecodeError):
            return False

    def _open(self) -> bool:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(self.path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = MEMORY")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("CREATE TABLE IF NOT EXISTS about (fingerprint TEXT)")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS units (unit TEXT PRIMARY KEY, keys BLOB, value BLOB, seal BLOB) WITHOUT ROWID"
        )
        self._database.execute(
            "SELECT unit, keys, value, seal FROM units LIMIT 0"
        )  # fails on a stranger's table
        self._database.execute("BEGIN")
        stamp = f"{FORMAT} {self.fingerprint}"
        row = self._database.execute("SELECT fingerprint FROM about").fetchone()
        if (
            row is not None and row[0] != stamp
        ):  # a new file: rows that are deleted would be kept in memory to the end
            self._database.close()
            self.path.unlink()
            return self._open()
        if row is None:
            self._database.execute("INSERT INTO about VALUES (?)", (stamp,))
        return True

    def _load(self, only: str = "") -> bool:
        """Load the traces of all units, or of one. False when a damaged one was left out."""
        assert self._database is not None
        where, which = ("WHERE unit = ?", (only,)) if only else ("", ())
        decode = msgspec.msgpack.Decoder(dict[str, str]).decode
        healthy = True
        for unit, keys, seal in self._database.execute(f"SELECT unit, keys, seal FROM units {where}", which):  # noqa: S608  (one of two literals)
            if not (isinstance(unit, str) and isinstance(keys, bytes) and isinstance(seal, bytes)):
                healthy = False
            elif seal[32:] == digest(unit.encode() + seal[:32] + keys).encode():
                self.traces[unit] = Trace(shared(decode(keys)), seal[:32].decode("ascii"))
            else:
                healthy = False
        return healthy

    def value(self, unit: str) -> bytes | None:
        """Give the stored value of a unit; None when it is not there or is damaged."""
        if unit in self.unsaved:
            return self.unsaved[unit]
        if self._database is None or unit not in self.traces:
            return None
        try:
            row = self._database.execute("SELECT value FROM units WHERE unit = ?", (unit,)).fetchone()
        except sqlite3.Error:
            return None
        if row is None or not isinstance(row[0], bytes) or digest(row[0]) != self.traces[unit].value_digest:
            return None
        return row[0]

    def values(self, kind: str) -> dict[str, bytes]:
        """Give the stored values of all units of a kind (`load:`) that are not damaged."""
        rows: dict[str, bytes] = {}
        if self._database is not None:
            question = "SELECT unit, value FROM units WHERE unit >= ? AND unit < ?"
            with contextlib.suppress(sqlite3.Error):
                for unit, value in self._database.execute(question, (kind, kind[:-1] + ";")):
                    trace = self.traces.get(unit)
                    if trace and isinstance(value, bytes) and digest(value) == trace.value_digest:
                        rows[unit] = value
        rows.update({unit: value for unit, value in self.unsaved.items() if unit.startswith(kind)})
        return rows

    def put(
        self, unit: str, keys: dict[str, str], value: bytes, value_digest: str = "", *, keep: bool = True
    ) -> None:
        """Store a unit; without `keep` only what it read and its value's digest (the value stands in the output)."""
        value_digest = value_digest or digest(value)
        self.traces[unit] = Trace(shared(keys), value_digest)
        if self._database is None:
            self.unsaved.update({unit: value} if keep else {})
            return
        packed = encode(keys)
        sealed = value_digest.encode()
        seal = sealed + digest(unit.encode() + sealed + packed).encode()
        try:
            stored = value if keep else b""
            self._database.execute("REPLACE INTO units VALUES (?, ?, ?, ?)", (unit, packed, stored, seal))
        except sqlite3.Error:  # the disk may be full; the rest of this build needs the value all the same
            self.unsaved.update({unit: value} if keep else {})

    def index(self) -> dict[str, tuple[str, str]]:
        """Give path → (stamp, digest) of files, as the last build left it."""
        value = self.value(INDEX)
        try:
            return msgspec.msgpack.decode(value, type=dict[str, tuple[str, str]]) if value else {}
        except msgspec.MsgspecError:
            return {}

    def known(self, name: str = FACTS) -> dict[str, bytes]:
        """Give the facts of the last build that pages may ask for, or lists, as `keep` left them."""
        value = self.value(name)
        try:
            return msgspec.msgpack.decode(value, type=dict[str, bytes]) if value else {}
        except msgspec.MsgspecError:
            return {}

    def keep(self, name: str, data: object) -> None:
        """Store the index or the facts for the next build."""
        value = encode(data)
        if name not in self.traces or self.traces[name].value_digest != digest(value):
            self.put(name, {}, value)

    def changed_key(self, unit: str, facts: Facts) -> str | None:
        """Say why a unit must run: the first key whose digest changed, `new` when it never ran; None when it need not."""
        trace = self.traces.get(unit)
        if trace is None:
            return "new"
        current, known_already = facts.digest, facts.digests.get
        for key, known in trace.keys.items():
            if known_already(key) != known and current(key) != known:
                return key
        return None

    def sweep(self, alive: Iterable[str]) -> None:
        """Forget the units that no longer exist."""
        dead = self.traces.keys() - {*alive, INDEX, FACTS, LISTS}
        for unit in dead:
            del self.traces[unit]
        if self._database is not None and dead:
            with contextlib.suppress(sqlite3.Error):
                self._database.executemany("DELETE FROM units WHERE unit = ?", [(unit,) for unit in dead])

    def close(self, *, keep: bool = True) -> None:
        """Write everything out; without `keep`, leave the cache as it was."""
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.execute("COMMIT" if keep else "ROLLBACK")
            self._database.close()
            self._database = None


def shared(keys: dict[str, str]) -> dict[str, str]:
    """Give the same keys as strings that all traces share: most are read by every page."""
    return dict(zip(map(sys.intern, keys), map(sys.intern, keys.values()), strict=True))
