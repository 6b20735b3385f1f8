"""Finished: what the last build did, and whether a new one would do just the same.

A build that has nothing to do should cost little more than looking at each file's stamp. So after a build that
went through, one record is kept: the stamps of all files that were looked at, those of the output, the
configuration, and the result. When all of that still holds, the result is given again and nothing else is loaded;
when only pages were edited, the record says which, and `edits.py` looks whether the rest of the site can stay.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.cache import CACHE_FILE, FORMAT, OUTSIDE, Facts, digest, is_settled, stamp
from generator.config import Serve, environment
from generator.errors import Problem
from generator.fingerprint import pyodide_record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from generator.cache import Trace
    from generator.config import Config
    from generator.output import Release
    from generator.sources import Scan

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FAR = "9999-12-31T00:00:00+00:00"
YOUNG = "?"
"""Before a digest: the file was touched so lately that it could be written again and keep its stamp."""


@dataclass(frozen=True, slots=True)
class Build:
    """What a build did."""

    pages: int = 0
    """Published pages."""
    outputs: int = 0
    """Files of the site."""
    written: tuple[str, ...] = ()
    """Those whose bytes changed."""
    removed: tuple[str, ...] = ()
    """Those that are no longer part of the site."""
    ran: dict[str, str] = field(default_factory=dict)
    """Unit → the key because of which it ran."""
    problems: tuple[Problem, ...] = ()
    """By path and line, old ones from the cache too."""
    left: tuple[str, ...] = ()
    """Pages whose code was not run (`--no-exec`)."""
    withheld: dict[str, str] = field(default_factory=dict)
    """Page → why it is not published."""
    troubled: tuple[str, ...] = ()
    """Pages with errors of their own or of what they import: they lack what could not be made."""
    seconds: float = 0.0
    """Wall time."""

    def failed(self, *, strict: bool) -> bool:
        """Say whether the exit status is 1."""
        return any(p.level == "error" or (strict and p.level == "warning") for p in self.problems)


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of a build that went through."""

    made_by: list[str]
    """Format, generator and configuration: with another one nothing here means anything."""
    fingerprint: str
    """Of the generator, as the cache knows it."""
    cache: str
    """The cache's stamp."""
    since: str
    """When the build was."""
    until: str
    """When pages come or go by themselves, or the year changes."""
    sources: dict[str, str]
    """Path → stamp of all that the scan saw; where a stamp proves nothing, `YOUNG` and the digest."""
    complaints: str
    """Digest of the problems that the scan found."""
    outside: dict[str, str]
    """All else that units asked the world outside: key → digest; of files as in `sources`."""
    outputs: dict[str, str]
    """Published path → digest of its bytes."""
    shared: list[str]
    """Pages whose file other units read too."""
    result: Build
    """What is said when nothing changed."""


def path_of(config: Config) -> Path:
    """Give the file that holds the record."""
    return config.state / "finished"


def record(
    config: Config,
    made: Build,
    scan: Scan,
    traces: Mapping[str, Trace],
    release: Release,
    *,
    fingerprint: str,
    digests: Mapping[str, str],
    instant: int,
    changes_at: Iterable[datetime],
) -> bytes:
    """Make the record of a build from the traces of its units; `changes_at`: when pages come or go by themselves.

    Nothing (an empty record) is made when something that was looked at is no longer as it was.
    """
    outside = asked(config, traces, scan, instant)
    if outside is None:
        return b""
    upcoming = [moment.isoformat() for moment in changes_at if moment > config.now]
    return pack(
        Record(
            made_by(config),
            fingerprint,
            cache_stamp(config),
            config.now.isoformat(),
            min([*upcoming, next_year(config.now)]),
            {path: seasoned(s, instant, digests.get(f"file:{path}", "")) for path, s in scan.stamps.items()},
            complaints(scan),
            outside,
            {path: entry[0] for path, entry in release.kept.items()},
            sorted(read_by_others(traces, scan)),
            replace(made, written=(), removed=(), ran={}),
        )
    )


def asked(
    config: Config, traces: Mapping[str, Trace], scan: Scan, instant: int, known: Collection[str] = ()
) -> dict[str, str] | None:
    """Give what units asked the world outside, without what is known; None when something is no longer as it was."""
    facts = Facts(config.root)
    state_environment(facts)
    keys: dict[str, str] = {}
    for trace in traces.values():
        keys.update(trace.keys)
    found: dict[str, str] = {}
    for key, was in keys.items():
        kind, _, path = key.partition(":")
        if kind in OUTSIDE and key not in known and not (kind == "file" and path in scan.stamps):
            if facts.digest(key) != was:
                return None
            found[key] = seasoned(facts.stamps.get(path, ""), instant, was) if kind == "file" and was else was
    return found


def read_by_others(traces: Mapping[str, Trace], scan: Scan) -> set[str]:
    """Give the sources that the code of another page opens; only composing a page can do that."""
    return {
        path
        for unit, trace in traces.items()
        if unit.startswith("compose:")
        for key in trace.keys
        if key.startswith("file:") and (path := key[5:]) in scan.stamps and path != unit[8:]
    }


def seasoned(stamp_text: str, instant: int, known: str) -> str:
    """Give a stamp if it proves a file's content (the file was touched well before the build's instant, ns), else its digest."""
    return stamp_text if stamp_text and is_settled(stamp_text, instant) else YOUNG + known


def seasoned_later(kept: Record, scan: Scan, instant: int, edited: Collection[str]) -> Record:
    """Give the record with stamps for the files that were young, are unchanged, and are no longer young."""
    older = {
        path: scan.stamps[path]
        for path, text in kept.sources.items()
        if text.startswith(YOUNG) and path not in edited and is_settled(scan.stamps[path], instant)
    }
    return replace(kept, sources={**kept.sources, **older}) if older else kept


def pack(kept: Record) -> bytes:
    """Give the bytes of a record, its digest before it."""
    data = msgspec.msgpack.encode(kept)
    return digest(data).encode() + data


def read(config: Config) -> Record | None:
    """Read the record of the last build; None when there is none, or a damaged one, or one of another generator."""
    try:
        data = path_of(config).read_bytes()
        if data[:32] != digest(data[32:]).encode():
            return None
        kept = msgspec.msgpack.decode(data[32:], type=Record)
    except (OSError, msgspec.MsgspecError):
        return None
    # what happened to the cache is for a real build to say
    return kept if kept.made_by == made_by(config) and kept.cache == cache_stamp(config) else None


def made_by(config: Config) -> list[str]:
    """Give what must be the same for a record to mean anything."""
    return [str(FORMAT), generator_stamp(), configuration(config)]


def edited(kept: Record, config: Config, scan: Scan, release: Release) -> list[str] | None:
    """Give the sources that may hold other bytes than at the last build; None when there is more to do than that."""
    if not kept.since <= config.now.isoformat() < kept.until or kept.complaints != complaints(scan):
        return None
    if kept.sources.keys() != scan.stamps.keys():
        return None
    facts = Facts(config.root)
    state_environment(facts)
    for key, known in kept.outside.items():
        if key.startswith("file:") and known and not known.startswith(YOUNG):
            try:
                if stamp(os.stat(os.path.join(config.root, key.partition(":")[2]))) != known:
                    return None
            except OSError:
                return None
        elif facts.digest(key) != known.removeprefix(YOUNG):
            return None
    if len(release.known) != len(kept.outputs):
        return None
    if not all(release.intact(path, value) for path, value in kept.outputs.items()):
        return None
    return [
        path
        for path, text in scan.stamps.items()
        if kept.sources[path] != text and kept.sources[path] != YOUNG + facts.digest(f"file:{path}")
    ]


def complaints(scan: Scan) -> str:
    """Give the digest of the problems that a scan found."""
    return digest(repr(scan.problems).encode("utf-8", "surrogateescape"))


def cache_stamp(config: Config) -> str:
    """Give the stamp of the cache, nothing when there is none."""
    try:
        return stamp(os.stat(config.state / CACHE_FILE))
    except OSError:
        return ""


def state_environment(facts: Facts) -> None:
    """Put the environment's variables, for pages whose code asks for them; `env:` is all of them together."""
    found = {name: os.fsencode(value) for name, value in environment().items()}
    for name, value in found.items():
        facts.put_bytes(f"env:{name}", value)
    facts.put_bytes("env:", b"\0".join(os.fsencode(name) + b"=" + found[name] for name in sorted(found)))


def configuration(config: Config) -> str:
    """Give the digest of a configuration, the moment left out."""
    return digest(repr(replace(config, now=EPOCH, deploy=(), serve=Serve())).encode())


def next_year(now: datetime) -> str:
    """Give the next New Year: pages show the year."""
    return datetime(now.year + 1, 1, 1, tzinfo=UTC).isoformat() if now.year < 9999 else FAR


def generator_stamp() -> str:
    """Give what changes when the generator or one of its libraries is replaced; cheaper than the fingerprint."""
    here = Path(__file__).parent
    rows = [sys.version, sys.executable]
    for folder in (here, here.parent / "pressrun"):
        for where, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            rows += [f"{name} {stamp(os.stat(os.path.join(where, name)))}" for name in sorted(names)]
    for path in sys.path:
        if path.endswith(("site-packages", "dist-packages")) and os.path.isdir(path):
            rows.append(f"{path} {os.stat(path).st_mtime_ns}")
    pyodide = pyodide_record()
    rows += [f"{pyodide} {stamp(os.stat(pyodide))}"] if pyodide else []
    return digest("\n".join(rows).encode("utf-8", "surrogateescape"))
