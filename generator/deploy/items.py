"""Items: each file that is to stand at a target, with its bytes, its headers, and its place in the order of things."""

from __future__ import annotations

import gzip
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.assets import carries_digest
from generator.cache import digest
from generator.errors import ProblemError, error
from generator.output import open_release, replace_file, shown
from generator.routes import url_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.config import Config
    from generator.permalinks import Current
    from generator.targets import Target

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".htm": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/xml",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/vnd.microsoft.icon",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".gz": "application/gzip",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".vtt": "text/vtt; charset=utf-8",
}
FEEDS = {
    "feed.xml": "application/atom+xml",
    "atom.xml": "application/atom+xml",
    "rss.xml": "application/rss+xml",
}
COMPRESSIBLE = ("text/", "application/json", "application/xml", "application/atom", "application/rss",
                "application/manifest", "application/wasm", "image/svg")  # fmt: skip
SMALLEST = 512
"""Bytes below which compressing a file gains a reader nothing."""
SUFFIXES = {"gzip": ".gz", "brotli": ".br"}
CODINGS = {"gzip": "gzip", "brotli": "br"}
"""What HTTP calls them."""
FOR_EVER = "public, max-age=31536000, immutable"
REVALIDATE = "public, max-age=0, must-revalidate"
AN_HOUR = "public, max-age=3600"
ASSETS, PAGES, LISTS = "asset", "page", "list"
"""The order in which files are published: what pages need, pages, what leads to pages."""
LISTED = {"404.html", "robots.txt", "sitemap.xml", "index.html"}


@dataclass(frozen=True, slots=True)
class Item:
    """One file to be published."""

    path: str
    """POSIX path below the target's root."""
    digest: str
    """Of its bytes as they are published."""
    size: int
    """Of its bytes as they are published."""
    kind: str
    """`asset`, `page` or `list`."""
    headers: tuple[tuple[str, str], ...] = ()
    """Name and value, where a target keeps them."""
    asset: bool = False
    """Whether its name changes with its bytes, so that it is good for ever."""
    source: str = ""
    """Absolute path of its bytes; empty when they are in `data`."""
    data: bytes = b""
    """Its bytes, when no file holds them."""

    @property
    def headers_digest(self) -> str:
        """The digest of its headers; empty without any."""
        return digest(repr(self.headers).encode())[:16] if self.headers else ""

    def read(self) -> bytes:
        """Give its bytes. Raises ProblemError when they are no longer what was planned."""
        if not self.source:
            return self.data
        with open(self.source, "rb") as file:
            data = file.read()
        if digest(data) != self.digest:
            raise ProblemError(error(self.source, "was changed after the plan was made", hint="deploy again"))
        return data


def made_item(path: str, data: bytes, kind: str = LISTS, headers: tuple[tuple[str, str], ...] = ()) -> Item:
    """Make an item of bytes that are no part of the site itself."""
    return Item(path, digest(data), len(data), kind, headers, data=data)


def site_items(config: Config, target: Target, now: Current) -> Iterator[Item]:
    """Give the files that the last build wrote, and nothing else that may stand in its folder.

    Raises ProblemError when one was changed by hand since.
    """
    release = open_release(config)
    release.close()
    for path, entry in sorted(release.known.items()):
        full = release.at(path)
        try:
            status = os.lstat(full)
            with open(full, "rb") as file:
                intact = (status.st_size, status.st_mtime_ns) == entry[1:] or digest(file.read()) == entry[0]
        except OSError:
            intact = False
        if not intact:
            raise ProblemError(
                error(shown(config.out / path), "was changed since the build", hint="deploy again")
            )
        lasting = carries_digest(path, entry[0])
        headers = headers_of(path, lasting=lasting) if target.kind == "store" else ()
        yield Item(path, entry[0], status.st_size, kind_of(path, now), headers, lasting, full)


def content_type(path: str) -> str:
    """Give the media type of a file by its name."""
    name = path.rpartition("/")[2]
    return FEEDS.get(name) or TYPES.get(os.path.splitext(name)[1].lower(), "application/octet-stream")


def headers_of(path: str, *, lasting: bool) -> tuple[tuple[str, str], ...]:
    """Give the headers of a file: its type, and how long it may be kept."""
    kind = content_type(path)
    documents = (
        "text/html",
        "application/atom",
        "application/rss",
        "application/xml",
        "text/plain",
        "application/json",
    )
    age = FOR_EVER if lasting else REVALIDATE if kind.startswith(documents) else AN_HOUR
    return (("Content-Type", kind), ("Cache-Control", age))


def kind_of(path: str, now: Current) -> str:
    """Say when a file is published: what leads to pages comes after them."""
    if path in LISTED or path.endswith(tuple(FEEDS)) or url_of(path) in now.lists:
        return LISTS
    return PAGES if path.endswith((".html", ".htm")) else ASSETS


def compressible(item: Item) -> bool:
    """Say whether compressing a file helps a reader."""
    return item.size >= SMALLEST and content_type(item.path).startswith(COMPRESSIBLE)


def compressed(config: Config, item: Item, how: str) -> tuple[str, bytes] | None:
    """Give place and bytes of an item's compressed copy; None when it is no smaller. Copies are kept between deploys."""
    folder = config.state / "deploy" / "twins"
    place = str(folder / f"{item.digest}{SUFFIXES[how]}")
    try:
        with open(place, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        data = compress(item.read(), how)
        os.makedirs(folder, exist_ok=True)
        replace_file(place, data)
    return (place, data) if len(data) < item.size else None


def compress(data: bytes, how: str) -> bytes:
    """Compress bytes; the same bytes give the same bytes. Raises ProblemError without the library."""
    if how == "gzip":
        return gzip.compress(data, 9, mtime=0)
    try:
        import brotli  # type: ignore[import-untyped]
    except ImportError:
        raise ProblemError(
            error("brotli", "the library is not installed", hint='pip install "pressrun[deploy]"')
        ) from None
    packed: bytes = brotli.compress(data, quality=9)
    return packed


def with_twins(config: Config, target: Target, items: Iterable[Item]) -> Iterator[Item]:
    """Give items with compressed copies beside them, or, where the target says so, in their place."""
    for item in items:
        if target.encoding and compressible(item):
            found = compressed(config, item, target.encoding)
            if found:
                headers = (*item.headers, ("Content-Encoding", CODINGS[target.encoding]))
                yield Item(
                    item.path, digest(found[1]), len(found[1]), item.kind, headers, item.asset, found[0]
                )
                continue
        yield item
        for how in target.twins:
            found = compressed(config, item, how) if compressible(item) else None
            if found:
                path = item.path + SUFFIXES[how]
                yield Item(path, digest(found[1]), len(found[1]), item.kind, (), item.asset, found[0])


def forget_twins(config: Config, items: Iterable[Item]) -> None:
    """Remove the compressed copies that the site no longer needs."""
    folder = config.state / "deploy" / "twins"
    needed = {os.path.basename(item.source) for item in items}
    if folder.is_dir():
        for name in os.listdir(folder):
            if name not in needed:
                os.unlink(folder / name)
