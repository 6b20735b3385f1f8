"""Finished: what the last build did, and whether a new one would do just the same.

A build that has nothing to do should cost little more than looking at each file's stamp. So after a build that
went through, one record is kept: the stamps of all files that were looked at, those of the output, the
configuration, and the result. When all of that still holds, the result is given again and nothing else is loaded.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.cache import CACHE_FILE, FORMAT, OUTSIDE, Facts, digest, is_settled, pyodide_record, stamp
from generator.config import environment
from generator.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.config import Config
    from generator.output import Release
    from generator.sources import Scan

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FAR = "9999-12-31T00:00:00+00:00"


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
    seconds: float = 0.0
    """Wall time."""

    def failed(self, *, strict: bool) -> bool:
        """Say whether the exit status is 1."""
        return any(p.level == "error" or (strict and p.level == "warning") for p in self.problems)


def path_of(config: Config) -> Path:
    """Give the file that holds the record."""
    return config.state / "finished.json"


def record(
    config: Config,
    made: Build,
    scan: Scan,
    keys: Mapping[str, str],
    release: Release,
    *,
    instant: int,
    changes_at: Iterable[datetime],
) -> bytes:
    """Make the record of a build. `keys`: all that its units read; `changes_at`: when pages come or go by themselves.

    Nothing (an empty record) is kept when a file was touched so lately that its stamp proves nothing.
    """
    facts = Facts(config.root)
    state_environment(facts)
    outside = {}
    for key, known in keys.items():
        kind, _, path = key.partition(":")
        if kind in OUTSIDE and not (kind == "file" and path in scan.stamps):
            if facts.digest(key) != known:
                return b""
            outside[key] = facts.stamps.get(path, "") if kind == "file" and known else known
    young = [
        s
        for s in (*scan.stamps.values(), *outside.values())
        if s.count(" ") == 3 and not is_settled(s, instant)
    ]
    if young:
        return b""
    upcoming = [moment.isoformat() for moment in changes_at if moment > config.now]
    body = {
        "format": [FORMAT, generator_stamp(), configuration(config)],
        "cache": cache_stamp(config),
        "now": [config.now.isoformat(), min([*upcoming, next_year(config.now)])],
        "sources": sources_digest(scan),
        "outside": outside,
        "outputs": {path: entry[0] for path, entry in release.kept.items()},
        "result": asdict(replace(made, written=(), removed=(), ran={})),
    }
    text = json.dumps(body, ensure_ascii=True).encode()
    return digest(text).encode() + text


def read(config: Config) -> dict[str, Any] | None:
    """Read the record of the last build; None when there is none, or a damaged one, or one of another generator."""
    try:
        data = path_of(config).read_bytes()
        body = json.loads(data[32:])
        if data[:32] != digest(data[32:]).encode():
            return None
        if body["format"] != [FORMAT, generator_stamp(), configuration(config)]:
            return None
        if body["cache"] != cache_stamp(config):  # what happened to it is for a real build to say
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return body  # type: ignore[no-any-return]


def still_true(body: Mapping[str, Any], config: Config, scan: Scan, release: Release) -> Build | None:
    """Give the last build's result if a new build would give the same and write nothing."""
    before, until = body["now"]
    if not before <= config.now.isoformat() < until or body["sources"] != sources_digest(scan):
        return None
    facts = Facts(config.root)
    state_environment(facts)
    for key, known in body["outside"].items():
        if " " in known:
            try:
                if stamp(os.stat(os.path.join(config.root, key.partition(":")[2]))) != known:
                    return None
            except OSError:
                return None
        elif facts.digest(key) != known:
            return None
    if len(release.known) != len(body["outputs"]):
        return None
    if not all(release.intact(path, value) for path, value in body["outputs"].items()):
        return None
    result = body["result"]
    problems = tuple(Problem(**problem) for problem in result.pop("problems"))
    return Build(
        **{**result, "problems": problems, "written": (), "removed": (), "left": tuple(result["left"])}
    )


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


def sources_digest(scan: Scan) -> str:
    """Give the digest of all that the scan saw."""
    rows = [f"{path}\0{text}" for path, text in scan.stamps.items()]
    rows += [repr(problem) for problem in scan.problems]
    return hashlib.blake2b("\n".join(rows).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def configuration(config: Config) -> str:
    """Give the digest of a configuration, the moment left out."""
    return digest(repr(replace(config, now=EPOCH)).encode())


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
