"""App: what the dev server answers, over HTTP and on its socket."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.websockets import WebSocket

from generator.assets import carries_digest
from generator.cache import digest
from generator.serve import tabs
from generator.serve.answers import Answer, answer, moved, plain
from generator.serve.guard import COOKIE, PREFIX, Guard
from generator.serve.hosting import Found, type_of
from generator.serve.messages import Request
from generator.serve.newest import Finished, Newest

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from generator.serve.link import Link
    from generator.serve.tabs import Tabs

HERE = Path(__file__).parents[1]
CLIENT = {
    "client.js": HERE / "browser" / "serve.js",
    "morph.js": HERE / "browser" / "morph.js",
    "remount.js": HERE / "browser" / "remount.js",
    "problems.js": HERE / "browser" / "problems.js",
    "idiomorph.js": HERE / "engines" / "idiomorph.esm.js",
}
"""What open pages need to follow the site; it is added to answers and never written."""
HEAD = re.compile(rb"<head(?:\s[^>]*)?>|<!doctype[^>]*>", re.IGNORECASE)
LASTING = "public, max-age=31536000, immutable"
PATIENCE = 1.5
"""Seconds that a page of the last run waits for the first build, which mostly takes less; then it is shown as it was."""
LONGEST = 600.0
"""Seconds that one waits for a page that is not built yet."""
LONGEST_TARGET, MOST_HEADERS = 8192, 32_768
"""Bytes; what is longer is nobody's honest wish."""
BIG = 200_000
"""Bytes that are compressed beside the event loop."""
EMPTY = b"<!doctype html><html lang=en><head><title>Not built</title></head><body><main><h1>There is no page yet</h1></main></body></html>"
"""What stands under the problems of a site that could not be built even once."""
OWN_SOURCES = ("script-src", "connect-src")
"""What of a site's own policy the client needs."""


@dataclass(slots=True)
class App:
    """The ASGI application."""

    site: Newest | Finished
    """What is shown."""
    guard: Guard
    """Whom it is shown to."""
    tabs: Tabs | None = None
    """Open pages; None where nothing is watched."""
    link: Link | None = None
    """The builder; likewise."""
    files: dict[str, bytes] = field(default_factory=dict)
    """The client's, by name."""

    def __post_init__(self) -> None:
        if self.tabs is not None:
            self.files = {name: path.read_bytes() for name, path in CLIENT.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket":
            await self.socket(WebSocket(scope, receive, send))
            return
        if scope["type"] != "http":
            return
        given = await self.answer(scope)
        rows = [
            (name.encode("latin-1"), value.encode("latin-1", "replace"))
            for name, value in given.headers.items()
        ]
        await send({"type": "http.response.start", "status": given.status, "headers": rows})
        await send({"type": "http.response.body", "body": given.body})

    @property
    def own(self) -> str:
        """The path below which the server's own addresses are."""
        return f"{self.site.base}{PREFIX}{self.guard.token}/"

    async def socket(self, socket: WebSocket) -> None:
        """Take an open page in, if it is one of ours; what is refused is not told why."""
        asked = headers_of(socket.scope)
        wrong = self.guard.refusal(asked, own=True) or not asked.get("origin") or not self.guard.knows(asked)
        if self.tabs is None or wrong or socket.scope["path"] != self.own + "socket":
            await socket.close(code=1008)
            return
        await self.tabs.serve(socket)

    async def answer(self, scope: Scope) -> Answer:
        """Decide what is sent."""
        if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_TARGET:
            return plain(414, "The address is too long.")
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEADERS:
            return plain(431, "The headers are too long.")
        asked = headers_of(scope)
        path, query = scope["path"], scope["query_string"].decode("latin-1")
        own = path.startswith(self.site.base + PREFIX)
        refused = self.guard.refusal(asked, own=own)
        if refused:
            return plain(403, f"Refused: {refused}.")
        if not self.guard.knows(asked):
            return self.admit(path, query)
        if scope["method"] not in ("GET", "HEAD"):
            return plain(405, "Only GET and HEAD.", allow="GET, HEAD")
        head = scope["method"] == "HEAD"
        if own:
            name = path.removeprefix(self.own)
            if name not in self.files:
                return plain(404, "There is nothing here.")
            return answer(
                200, self.files[name], type_of(name), digest(self.files[name]), asked, {}, head=head
            )
        found = self.site.find(path, query)
        if self.link is not None and self.tabs is not None:
            found = await self.awaited(path, query, found)
        return await self.file(found, path, asked, head=head)

    def admit(self, path: str, query: str) -> Answer:
        """Let somebody in who brings the token: it goes into a cookie, and out of the address."""
        rest = self.guard.without_token(query)
        if rest is None:
            return plain(
                403,
                "Open the address that the terminal has printed: it has the token that this server asks for.",
            )
        there = moved(303, "/" + path.lstrip("/") + (f"?{rest}" if rest else ""))
        there.headers["set-cookie"] = f"{COOKIE}={self.guard.token}; Path=/; HttpOnly; SameSite=Strict"
        return there

    async def awaited(self, path: str, query: str, found: Found) -> Found:
        """Give what answers a path once it can be said: what is not built yet is built first, and waited for."""
        link = self.link
        assert link is not None
        end = asyncio.get_running_loop().time() + (LONGEST if found.status == 404 else PATIENCE)
        if link.busy and found.status == 404:
            below = path.removeprefix(self.site.base)
            link.send(
                Request(
                    wanted=below if below.endswith(".html") else f"{below.rstrip('/')}/index.html".lstrip("/")
                )
            )
        while (link.done < 0 or found.status == 404) and link.busy:
            left = end - asyncio.get_running_loop().time()
            moved_on = link.moved
            if left <= 0:
                break
            try:
                await asyncio.wait_for(moved_on.wait(), left)
            except (TimeoutError, asyncio.CancelledError):  # cancelled: the server stops
                break
            found = self.site.find(path, query)
        return found

    async def file(self, found: Found, path: str, asked: dict[str, str], *, head: bool) -> Answer:
        """Send a file with what the site's rules say of it."""
        if found.location:
            return moved(found.status, found.location)
        body = await asyncio.to_thread(self.site.read, found.file) if found.file else None
        if body is None and isinstance(self.site, Newest) and not self.site.digests:
            shell = with_client(EMPTY, self.own, tabs.mark(self.site, found), self.site.serial)
            return answer(503, shell, type_of("index.html"), "", asked, {}, head=head)
        if body is None:
            says = {
                404: "Not found.",
                501: "The dev server does not fetch from other hosts.",
                508: "These redirects go in a circle.",
            }
            status = found.status if found.status in says else 404
            hint = (
                f" The site begins at {self.site.base}"
                if status == 404 and not path.startswith(self.site.base)
                else ""
            )
            return plain(status, says[status] + hint)
        media_type, tag = type_of(found.file), self.site.tag(found.file)
        extra = self.site.rules.headers_of("/" + path.removeprefix(self.site.base))
        if carries_digest(found.file, tag or "-" * 10):
            extra = {"cache-control": LASTING, **extra}
        if self.tabs is not None and media_type.startswith("text/html"):
            assert isinstance(self.site, Newest)
            what = tabs.mark(self.site, found)
            body = with_client(body, self.own, what, self.site.serial)
            tag = f"{what}-{self.guard.token[:8]}"
            extra = {
                name: opened(value) if name.startswith("content-security-policy") else value
                for name, value in extra.items()
            }
        extra.pop("content-length", None)
        if len(body) > BIG:
            return await asyncio.to_thread(
                answer, found.status, body, media_type, tag, asked, extra, head=head
            )
        return answer(found.status, body, media_type, tag, asked, extra, head=head)


def headers_of(scope: Scope) -> dict[str, str]:
    """Give a request's headers, names in lower case."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def with_client(page: bytes, own: str, what: str, serial: int) -> bytes:
    """Put the client first into a page's head: what other scripts do, it must have seen."""
    tag = f'<script src="{own}client.js" data-page="{escape(what)}" data-serial="{serial}"></script>'.encode()
    places = {match[0][1:5].lower(): match.end() for match in reversed(list(HEAD.finditer(page[:20_000])))}
    at = places.get(b"head", places.get(b"!doc", 0))
    return page[:at] + tag + page[at:]


def opened(policy: str) -> str:
    """Let a site's Content-Security-Policy allow the client: scripts of this very origin, and its socket."""
    rows: dict[str, list[str]] = {}
    for row in policy.split(";"):
        if row.split():
            name, *sources = row.split()
            rows[name.lower()] = sources
    for name in OWN_SOURCES:
        allowed = rows.get(name, rows.get("default-src"))
        if allowed is not None and "'self'" not in allowed:
            rows[name] = [source for source in allowed if source != "'none'"] + ["'self'"]
    return "; ".join(" ".join([name, *sources]) for name, sources in rows.items())
