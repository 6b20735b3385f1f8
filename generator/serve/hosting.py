"""Hosting: which file of a site answers a path, as static hosts decide it. Nothing here touches the disk.

A path is answered only from the names that the site has, so nothing outside can be reached, however a path is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from generator.serve.rules import FILES, Rules

NOT_FOUND = "404.html"
MOST_HOPS = 3
"""Rewrites that follow each other."""
LONGEST = 4096
"""Letters of a path; no file system has longer ones."""
TYPES = {
    "": "application/octet-stream", "html": "text/html; charset=utf-8", "htm": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "mjs": "text/javascript; charset=utf-8",
    "json": "application/json", "map": "application/json", "webmanifest": "application/manifest+json", "wasm": "application/wasm",
    "xml": "application/xml", "atom": "application/atom+xml", "rss": "application/rss+xml", "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8", "csv": "text/csv; charset=utf-8", "ics": "text/calendar; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8", "py": "text/x-python; charset=utf-8", "svg": "image/svg+xml", "png": "image/png",
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp", "avif": "image/avif", "ico": "image/x-icon",
    "bmp": "image/bmp", "woff": "font/woff", "woff2": "font/woff2", "ttf": "font/ttf", "otf": "font/otf", "mp4": "video/mp4",
    "webm": "video/webm", "ogv": "video/ogg", "mp3": "audio/mpeg", "ogg": "audio/ogg", "wav": "audio/wav", "m4a": "audio/mp4",
    "flac": "audio/flac", "pdf": "application/pdf", "zip": "application/zip", "gz": "application/gzip", "epub": "application/epub+zip",
}  # fmt: skip
"""Suffix → type: the same on every machine, whatever its own table says."""


class Files(Protocol):
    """The names of a site's files."""

    def __contains__(self, path: object) -> bool:
        """Say whether there is such a file."""


@dataclass(frozen=True, slots=True)
class Found:
    """What answers a path."""

    status: int
    """Of the answer."""
    file: str = ""
    """Path of the file below the output folder; empty: no file answers."""
    location: str = ""
    """Where a redirect leads."""


def type_of(path: str) -> str:
    """Give the media type of a file."""
    name = path.rpartition("/")[2]
    return TYPES.get(name.rpartition(".")[2].lower() if "." in name else "", TYPES[""])


def is_plain(path: str) -> bool:
    """Say whether a path could name a published file at all: no climbing, no hidden names but `.well-known`, nothing odd."""
    if len(path) > LONGEST or "\0" in path or "\\" in path or "//" in path:
        return False
    return not any(part.startswith(".") and part != ".well-known" for part in path.split("/"))


def find(path: str, query: str, files: Files, rules: Rules, base: str) -> Found:
    """Say what answers a path (decoded, with its leading slash); `base` is the path that all URLs of the site begin with."""
    if path in ("/", base.rstrip("/")) and base != "/":
        return Found(307, location=base + (f"?{query}" if query else ""))
    if not path.startswith(base):
        return Found(404)
    return within(path[len(base) - 1 :], query, files, rules, base, MOST_HOPS)


def within(path: str, query: str, files: Files, rules: Rules, base: str, hops: int) -> Found:
    """Say what answers a path of the site itself."""
    direct = file_at(path, files) if is_plain(path) else Found(404)
    moved = rules.redirect(path, query, is_file=direct.status != 404) if len(path) <= LONGEST else None
    if moved is None:
        if direct.status == 301:
            return Found(301, location=address(base, direct.location, query))
        return direct if direct.status != 404 else not_found(files)
    status, target = moved
    if status in (200, 404, 410):
        if "://" in target:
            return Found(501)
        inside = target if base == "/" else "/" + target.removeprefix(base).lstrip("/")
        if not hops:
            return Found(508)
        there = within(inside.partition("?")[0], "", files, rules, base, hops - 1)
        return there if status == 200 or not there.file else Found(status, there.file)
    return Found(
        status, location=target if "://" in target or "?" in target or not query else f"{target}?{query}"
    )


def file_at(path: str, files: Files) -> Found:
    """Find the file of a path: the page of a folder, a file as it is named, a page without its `.html`; 301 to a folder's slash."""
    name = path[1:]
    if not name or name.endswith("/"):
        page = f"{name}index.html"
        return Found(200, page) if page in files else Found(404)
    if name in FILES:
        return Found(404)
    if name in files:
        return Found(200, name)
    if f"{name}.html" in files:
        return Found(200, f"{name}.html")
    return Found(301, location=path + "/") if f"{name}/index.html" in files else Found(404)


def not_found(files: Files) -> Found:
    """Give the site's own page for what is not there."""
    return Found(404, NOT_FOUND if NOT_FOUND in files else "")


def address(base: str, path: str, query: str) -> str:
    """Give the URL of a path of the site; never `//…`, which would be another host."""
    made = quote(base.rstrip("/") + "/" + path.lstrip("/"), safe="/:@!$&'()*+,;=~-._")
    return f"{made}?{query}" if query else made
