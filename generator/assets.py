"""Assets: the theme's files under names that carry their digest, the demos' engine, and files published as they are."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generator import cards, looks, pictures, themes
from generator.cache import Facts, Unreadable, digest
from generator.errors import Problem, error
from generator.output import Output, Release
from generator.themes import Layers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.site import Site
    from generator.sources import Source

BUILT_IN_ALONE, PLAIN = Layers(), looks.Look()
FOLDER = "assets"
MADE = (f"{pictures.FOLDER}/", f"{cards.FOLDER}/")
"""Folders of images' smaller copies and of cards, whose names carry the digest of what they are made of."""
ASSET_URL = re.compile(rb"""url\((["']?)([\w.-]+)\1\)""")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
OF_DEMOS = "demo."
"""How the names of those of the theme's files begin that only pages with live demos need."""
STYLE, ICON = "theme.css", "favicon.svg"
OF_VERSIONS = "versions.css"
"""What is added to it where a site has versions."""
OWNERS = {
    "worker.js": "micropython",
    "micropython.wasm": "micropython",
    "pyodide.js": "pyodide",
    "search.js": "search",
    "search.css": "search",
    "diagram.js": "diagrams",
    "versions.js": "versions",
}
"""File → what alone needs it: the demos of an engine, search, diagrams, or versions."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of ours that pages ask for by its plain name."""

    name: str
    """`theme.css`."""
    path: str
    """`assets/theme.0123456789.css`: changes when the bytes do, so that it can be cached for ever."""
    data: bytes
    """Its bytes."""
    engine: str = ""
    """What alone needs it (`OWNERS`); empty: whoever needs the others."""
    integrity: str = ""
    """What a browser compares its bytes with (Subresource Integrity)."""


def theme_assets(
    look: looks.Look = PLAIN, *, versions: bool = False, layers: Layers = BUILT_IN_ALONE
) -> list[Asset]:
    """Give the files of the theme that every page may need, as a site's own `look` changes them."""
    files = {name: data for name, data in layers.assets().items() if not name.startswith(OF_DEMOS)}
    more = files.pop(OF_VERSIONS)
    own = files.pop(themes.STYLE, b"")
    files[STYLE] += (more if versions else b"") + own + looks.style(look).encode()
    files[ICON] = looks.tinted(files[ICON], look)
    if len(layers.folders) > 1:
        files |= linked(files)
    return [asset(name, data) for name, data in files.items()]


def linked(files: dict[str, bytes]) -> dict[str, bytes]:
    """Give style sheets in which `url(name)` of another asset is its fingerprinted name."""
    at = {
        name.encode(): fingerprinted(name, data).rpartition("/")[2].encode() for name, data in files.items()
    }
    return {
        name: ASSET_URL.sub(lambda match: b"url(" + at.get(match[2], match[2]) + b")", data)
        for name, data in files.items()
        if name.endswith(".css")
    }


def demo_assets(layers: Layers = BUILT_IN_ALONE) -> list[Asset]:
    """Give the files that live demos need; making the browser's Python small takes longer than many a build."""
    from generator.demos import browser_files

    style = {name: data for name, data in layers.assets().items() if name.startswith(OF_DEMOS)}
    return [asset(name, data) for name, data in {**style, **dict(sorted(browser_files().items()))}.items()]


def asset(name: str, data: bytes) -> Asset:
    """Give a file its fingerprinted path."""
    if name.endswith(".css"):
        data = squeezed(data.decode()).encode()
    seal = "sha384-" + b64encode(hashlib.sha384(data).digest()).decode()
    return Asset(name, fingerprinted(name, data), data, OWNERS.get(name, ""), seal)


def squeezed(css: str) -> str:
    """Take comments, indentation and empty lines out of one of our own style sheets, whose strings hold none of these."""
    rows = (row.strip() for row in COMMENT.sub("", css).split("\n"))
    return "\n".join(row for row in rows if row) + "\n"


def pyodide_folder() -> str:
    """Give the published folder of the second engine's files; empty when it is not installed."""
    from generator.demos import pyodide

    found = pyodide()
    return found.published + "/" if found else ""


def pyodide_files(release: Release) -> Iterator[Output]:
    """Give the second engine's files, 14 MB, which are read only when they are not published yet."""
    from generator.demos import pyodide

    found = pyodide()
    assert found is not None
    for name, known in found.files.items():
        path = f"{found.published}/{name}"
        if not release.intact(path, known):
            yield Output(path, "Pyodide", Path(found.folder, name).read_bytes())


def fingerprinted(name: str, data: bytes) -> str:
    """Give the published path of an asset."""
    stem, _, suffix = name.partition(".")
    return f"{FOLDER}/{stem}.{digest(data)[:10]}.{suffix}"


def carries_digest(path: str, data_digest: str) -> bool:
    """Say whether a file's name changes with its bytes, so that it can be cached for ever and is nobody's permalink."""
    return data_digest[:10] in path.rpartition("/")[2] or path.startswith(MADE)


def copied(
    site: Site, sources: list[Source], release: Release, facts: Facts, problems: list[Problem]
) -> Iterator[Output]:
    """Give the files beside pages, as they are."""
    for source in sources:
        if source.is_page:
            continue
        path = site.routes[source.path].output
        if release.intact(path, facts.digest(f"file:{source.path}")):
            continue
        try:
            data = facts.file(source.path)
        except Unreadable as wrong:
            problems.append(error(source.path, f"cannot be read: {wrong}"))
            continue
        if data is not None:
            yield Output(site.routes[source.path].output, source.path, data)
