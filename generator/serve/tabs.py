"""Tabs: the pages that are open in browsers, each told only what concerns it.

What a tab is told follows from what it shows and what there is now, never from what it was told before. So nothing can be missed, doubled
or come out of order, however slow a browser is, and after the connection was lost.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from generator.serve.problems import Editor, shown

if TYPE_CHECKING:
    from generator.serve.hosting import Found
    from generator.serve.newest import Newest

MOST_USED = 2000
"""Files that one page names."""


class Hello(msgspec.Struct):
    """What a page says of itself, when it opens the socket and when it has changed."""

    path: str
    """`location.pathname`."""
    page: str
    """What it shows (`mark`)."""
    serial: int
    """The state of the site that it was made of."""
    uses: list[str] = msgspec.field(default_factory=list)
    """Paths of the style sheets, pictures and scripts that it shows."""


@dataclass(slots=True, eq=False)
class Tab:
    """One page that is open."""

    wake: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when there may be something to tell."""
    said: Hello | None = None
    """What it said last; None until it has."""
    problems: str = "[[], []]"
    """What it was told of problems."""


@dataclass(slots=True)
class Tabs:
    """All open pages."""

    newest: Newest
    """What there is."""
    root: str
    """The site's folder."""
    editor: str = ""
    """The URL of the author's editor."""
    open: set[Tab] = field(default_factory=set)
    """The tabs."""
    problems: list[dict[str, Any]] = field(default_factory=list)
    """Of the site, as pages show them."""

    def tell(self, editor: str) -> None:
        """Wake all tabs: there is a new state."""
        self.editor = editor
        self.problems = shown(self.newest.problems, Editor(self.root, editor))
        for tab in self.open:
            tab.wake.set()

    def pages(self) -> tuple[str, ...]:
        """Give the pages that are open, below the output folder."""
        found = (self.newest.find(unquote(tab.said.path)).file for tab in self.open if tab.said)
        return tuple(dict.fromkeys(path for path in found if path))

    async def serve(self, socket: WebSocket) -> None:
        """Hold one page's socket."""
        await socket.accept()
        tab = Tab()
        self.open.add(tab)
        writer = asyncio.create_task(self.write(tab, socket))
        try:
            while True:
                tab.said = msgspec.json.decode(await socket.receive_text(), type=Hello)
                tab.said.uses = tab.said.uses[:MOST_USED]
                tab.wake.set()
        except (WebSocketDisconnect, msgspec.MsgspecError, KeyError, RuntimeError):
            pass
        finally:
            self.open.discard(tab)
            writer.cancel()

    async def write(self, tab: Tab, socket: WebSocket) -> None:
        """Tell one page its news, one after the other."""
        try:
            while True:
                await tab.wake.wait()
                tab.wake.clear()
                news = self.news(tab)
                if news:
                    await socket.send_text(json.dumps(news, ensure_ascii=False))
        except (WebSocketDisconnect, RuntimeError, OSError):
            pass

    def news(self, tab: Tab) -> dict[str, Any]:
        """Give what a page is to be told now; nothing when nothing concerns it."""
        if tab.said is None:
            return {}
        newest, said, made = self.newest, tab.said, dict[str, Any]()
        found = newest.find(unquote(said.path))
        owner = newest.owners.get(found.file, "")
        here = [
            i
            for i, p in enumerate(self.problems)
            if p["level"] == "error" and self.concerns(p["path"], owner)
        ]
        problems = json.dumps([self.problems, here], ensure_ascii=False)
        if problems != tab.problems:
            tab.problems = problems
            made |= {"problems": self.problems, "here": here}
        broken = owner in newest.troubled or any(self.problems[i]["path"] == owner for i in here)
        if mark(newest, found) != said.page and not broken:  # while it is broken, the last good one stays
            said.page = made["page"] = mark(newest, found)
            gone, came = newest.renamed
            if found.status == 404 and gone == index_of(said.path, newest.base):
                made["moved"] = newest.base + quote(came.removesuffix("index.html"))
        files = [url for url in said.uses if newest.changed.get(self.file(url), 0) > said.serial]
        if files:
            made["files"] = files
        said.serial = newest.serial
        return {**made, "serial": newest.serial} if made else {}

    def file(self, url: str) -> str:
        """Give the file that answers a URL of the site."""
        return self.newest.find(unquote(urlsplit(url).path)).file

    def concerns(self, path: str, owner: str) -> bool:
        """Say whether an error in a file keeps a page from being what its author wrote.

        Its own does; a template's and the configuration's do for all; a module's for the pages that import it.
        """
        if path == owner or path in set(self.newest.owners.values()):
            return path == owner
        return owner in self.newest.troubled or not path.endswith(".py")


def mark(newest: Newest, found: Found) -> str:
    """Give what stands for what a browser sees at a path: the bytes of its page, or where it leads."""
    if found.file:
        return f"{found.status}-{newest.tag(found.file)}"
    return f"{found.status}-{found.location}"


def index_of(path: str, base: str) -> str:
    """Give the file of a page below the output folder."""
    below = unquote(path).removeprefix(base)
    return below if below.endswith(".html") else f"{below.rstrip('/')}/index.html".lstrip("/")
