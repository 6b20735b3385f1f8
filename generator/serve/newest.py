"""Newest: the newest finished state of the site, as the server shows it. Never half of one build and half of another."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from generator.assets import carries_digest
from generator.cache import digest, read_regular
from generator.output.manifest import identity, manifest_of
from generator.output.opening import home_of
from generator.serve.hosting import Found, find, is_plain
from generator.serve.rules import Rules, rules

if TYPE_CHECKING:
    from generator.config import Config
    from generator.errors import Problem
    from generator.serve.messages import News


@dataclass(slots=True)
class Newest:
    """What there is, and since when."""

    folder: Path
    """The output folder."""
    cloudflare: bool = False
    """Whether `_redirects` win over files, as they do there."""
    base: str = "/"
    """The path that all URLs begin with."""
    serial: int = 0
    """Counts states."""
    digests: dict[str, str] = field(default_factory=dict)
    """Path below the output folder → digest."""
    changed: dict[str, int] = field(default_factory=dict)
    """Path → the state in which it came or changed last; of files whose name stays the same when their bytes change."""
    pages: dict[str, bytes] = field(default_factory=dict)
    """What is newer than the output folder."""
    owners: dict[str, str] = field(default_factory=dict)
    """Page → its source."""
    problems: tuple[Problem, ...] = ()
    """Of the whole site."""
    troubled: frozenset[str] = frozenset()
    """Sources of pages that lack what could not be made."""
    rules: Rules = field(default_factory=Rules)
    """Of its `_redirects` and `_headers`."""
    renamed: tuple[str, str] = ("", "")
    """The page that went in the last state and the one that came in its place, when it was one and one."""

    def take(self, news: News) -> bool:
        """Go over to the next state; False when nothing of the files differs."""
        told = {path: value for path, value in news.digests.items() if self.digests.get(path) != value}
        gone = (
            [path for path in self.digests if path not in news.digests]
            if news.all
            else [p for p in news.gone if p in self.digests]
        )
        came = [path for path in told if path not in self.digests and path.endswith(".html")]
        went = [path for path in gone if path.endswith(".html")]
        self.base = news.base
        if news.problems is not None:
            self.problems, self.troubled = news.problems, frozenset(news.troubled)
        self.owners = news.owners or self.owners
        self.pages = {} if news.written else self.pages
        self.pages.update(news.pages)
        if not told and not gone:
            return False
        self.serial += 1
        self.renamed = (went[0], came[0]) if len(went) == len(came) == 1 else ("", "")
        self.digests.update(told)
        for path in gone:
            del self.digests[path]
            self.pages.pop(path, None)
        same_name = [
            p for p, value in told.items() if not p.endswith(".html") and not carries_digest(p, value)
        ]
        self.changed.update(dict.fromkeys(same_name, self.serial))
        if not {"_redirects", "_headers"}.isdisjoint({*told, *gone}):
            self.rules = rules(self.read("_redirects"), self.read("_headers"), win=self.cloudflare)
        return True

    def find(self, path: str, query: str = "") -> Found:
        """Say what answers a path."""
        return find(path, query, self.digests, self.rules, self.base)

    def read(self, path: str) -> bytes | None:
        """Give the bytes of a file that is part of the site; None when it is not (or is just going)."""
        if path not in self.digests:
            return None
        return self.pages[path] if path in self.pages else read_inside(str(self.folder), path)

    def tag(self, path: str) -> str:
        """Give what stands for the bytes of a file."""
        return self.digests.get(path, "")


@dataclass(slots=True)
class Finished:
    """A finished output folder as it lies there (`--built`): each request looks at the disk."""

    folder: Path
    """The output folder."""
    base: str
    """The path that all URLs begin with."""
    cloudflare: bool = False
    """Whether `_redirects` win over files."""
    serial: int = 0
    """It has no states."""

    def __contains__(self, path: object) -> bool:
        """Say whether a file can be served: a regular one, inside, behind no link."""
        if not isinstance(path, str) or not is_plain("/" + path):
            return False
        try:
            full = os.path.join(os.path.realpath(self.folder), path)
            return os.path.isfile(full) and os.path.realpath(full) == full
        except (OSError, ValueError):
            return False

    @property
    def rules(self) -> Rules:
        """The rules of its files as they are now."""
        return rules(self.read("_redirects"), self.read("_headers"), win=self.cloudflare)

    def find(self, path: str, query: str = "") -> Found:
        """Say what answers a path."""
        return find(path, query, self, self.rules, self.base)

    def read(self, path: str) -> bytes | None:
        """Give the bytes of a file."""
        return read_inside(str(self.folder), path) if path in self else None

    def tag(self, path: str) -> str:
        """Give what stands for the bytes of a file."""
        data = self.read(path)
        return "" if data is None else digest(data)


def read_inside(folder: str, path: str) -> bytes | None:
    """Read a published file; a path that became something else meanwhile is no file."""
    try:
        return read_regular(os.path.join(folder, path))
    except (OSError, ValueError):
        return None


def published(config: Config) -> dict[str, str]:
    """Give path → digest of what stands in the output folder by its manifest; nothing when there is none."""
    which = identity(str(config.out))
    manifest = manifest_of(home_of(config), which) if which else None
    return {path: entry[0] for path, entry in manifest.files.items()} if manifest else {}
