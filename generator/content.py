"""Content: what composing makes of a page, and what other stages may know of it; plain data."""

from __future__ import annotations

import json
from dataclasses import dataclass

from generator.errors import Problem


@dataclass(frozen=True, slots=True)
class TocEntry:
    """One heading of the table of contents."""

    id: str
    """Its anchor."""
    title: str
    """Its text."""
    level: int
    """2 for `##` and so on."""
    children: tuple[TocEntry, ...] = ()
    """The headings below it."""


@dataclass(frozen=True, slots=True)
class Link:
    """One destination in a page, as far as this page alone can resolve it."""

    written: str
    """As the author wrote it."""
    line: int
    column: int
    source: str = ""
    """Path of the page or file that it leads to; empty when none was found."""
    fragment: str = ""
    """Anchor within that page, decoded."""
    is_image: bool = False
    found: bool = True
    """Whether the path leads anywhere (the anchor is checked when all pages are composed)."""
    meant: tuple[str, ...] = ()
    """The pages that a name may mean, when there are several."""
    withheld: str = ""
    """Why the target is not published (“draft”), when it is not."""
    file: str = ""
    """The file in which it stands, when the page includes it; empty for the page itself."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What other stages may know of a composed page without its HTML."""

    path: str
    """The page."""
    ids: tuple[str, ...] = ()
    """All anchors in it."""
    links: tuple[Link, ...] = ()
    """All internal links and images."""
    problems: tuple[Problem, ...] = ()
    """What its author should know."""
    excerpt: str = ""
    """Beginning of its text, for lists without a description."""
    minutes: int = 1
    """Reading time."""
    demos: str = ""
    """Digest of its demos' payload; empty without demos."""
    workers: str = ""
    """The workers that its script starts: `micropython:1,3 pyodide:2`."""
    style: str = ""
    """Digest of the style sheet of its demos' own looks; empty without any."""
    left: bool = False
    """Whether it holds code that was not run (`--no-exec`)."""
    pictures: tuple[str, ...] = ()
    """Image files that it shows."""
    diagrams: bool = False
    """Whether it has one that a script of ours draws."""


@dataclass(frozen=True, slots=True)
class Content:
    """The value of a `compose` unit."""

    summary: Summary
    """See there."""
    html: str
    """The page's own body."""
    toc: tuple[TocEntry, ...] = ()
    """Its headings from the second level on."""
    payload: bytes = b""
    """What its demos need in the browser."""
    style: bytes = b""
    """The style sheet of its demos' own looks."""
    markdown: str = ""
    """Its text as Markdown, where it runs code and is published so too; else its file has it."""


def engines_of(workers: str) -> set[str]:
    """Name the engines among such workers."""
    return {word.partition(":")[0] for word in workers.split()}


def workers_of(payload: bytes) -> str:
    """Say in a few letters which workers a page's script starts: `micropython:1,3 pyodide:2`, `:p` for those that pause."""
    return " ".join(
        f"{part['engine']}:{','.join(part['views'])}{':p' * part['pauses']}" for part in json.loads(payload)
    )
