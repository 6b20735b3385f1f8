"""Serve: the dev server. It has no rebuild logic of its own; it runs the same build in a loop, in a process beside it.

What it serves is byte for byte what `build` writes (or will write, a moment later: preview.py); the script that keeps open pages up to date
is added to answers and never written. It listens on loopback, answers only its own pages to its own origin (guard.py), and only from
the names that the site has (hosting.py).

    watch    → paths that changed, each burst once
    builder  → news: what is different, what is wrong       (a process of its own)
    newest   → the newest finished state
    tabs     → what each open page is told                  (a socket each)
    app      → what is answered
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.config import load_config
from generator.errors import ProblemError, error
from generator.serve.guard import Guard
from generator.serve.link import Link
from generator.serve.newest import Finished, Newest, published

if TYPE_CHECKING:
    import uvicorn

    from generator.config import Config
    from generator.serve.messages import News
    from generator.serve.tabs import Tabs
    from generator.serve.watch import Watcher

PORTS_TRIED = 50
HEADS = 32_768
"""Bytes that the head of a request may take."""


def run(
    root: Path, *, host: str, port: int, open_browser: bool, drafts: bool, poll: bool, built: bool
) -> None:
    """Serve a site until interrupted; all but what was `built` is built again when a file changes."""
    config = load_config(root, drafts=drafts, serving=not built)
    cloudflare = any(target.host == "cloudflare" for target in config.deploy)
    guard = Guard(host)
    one = listen(host, port)
    if built:
        if not config.out.is_dir():
            raise ProblemError(error(str(config.out), "there is no built site; run `pressrun build` first"))
        from generator.serve.app import App

        site = Finished(config.out, config.base_path, cloudflare)
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(
                serve(
                    server(App(site, guard)), one, announcement(config, one, guard), open_browser=open_browser
                )
            )
        return
    Live(config, guard, Newest(config.out, cloudflare, config.base_path), drafts=drafts, poll=poll).run(
        one, open_browser=open_browser
    )


class Live:
    """A site that is watched, built and shown."""

    def __init__(self, config: Config, guard: Guard, newest: Newest, *, drafts: bool, poll: bool) -> None:
        self.config, self.guard, self.newest = config, guard, newest
        self.link = Link(config.root, drafts, self.take)
        self.poll = poll
        self.tabs: Tabs | None = None
        self.watcher: Watcher | None = None

    def run(self, one: socket.socket, *, open_browser: bool) -> None:
        """Serve until interrupted."""
        self.link.start()  # it works while this process loads what it needs
        from generator.serve.app import App
        from generator.serve.messages import News
        from generator.serve.tabs import Tabs

        self.tabs = Tabs(self.newest, str(self.config.root))
        self.newest.take(News(-1, digests=published(self.config), base=self.config.base_path))
        app = App(self.newest, self.guard, self.tabs, self.link)
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(self.work(server(app), one, open_browser=open_browser))

    async def work(self, runs: uvicorn.Server, one: socket.socket, *, open_browser: bool) -> None:
        """Serve, build and watch side by side."""
        stop = asyncio.Event()
        jobs = [asyncio.create_task(self.link.run(stop)), asyncio.create_task(self.watch(stop))]
        try:
            await serve(runs, one, announcement(self.config, one, self.guard), open_browser=open_browser)
        finally:
            stop.set()
            self.link.end()
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)

    async def watch(self, stop: asyncio.Event) -> None:
        """Ask for a build after each burst of changes."""
        from generator.serve.watch import Watcher

        assert self.tabs is not None
        self.watcher = Watcher(str(self.config.root), self.poll)
        async for burst in self.watcher.bursts(stop):
            self.link.ask(burst, self.tabs.pages())

    def take(self, news: News) -> None:
        """Go over to the next state and tell the open pages."""
        self.newest.take(news)
        if self.tabs is not None:
            self.tabs.tell(news.editor)
        if self.watcher is not None and news.written:
            self.watcher.look_at(news.outside, news.ignored)


def listen(host: str, port: int) -> socket.socket:
    """Open the first free port from `port` on. Raises ProblemError when there is none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, port + PORTS_TRIED if port else 1):
        # Named, or asyncio takes it for something else and leaves Nagle's algorithm on: 40 milliseconds for each answer.
        one = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, candidate))
            one.listen(128)  # a request made as soon as the address is printed waits instead of failing
        except OSError as wrong:
            one.close()
            if wrong.errno not in (98, 48):  # anything but "address in use"
                raise ProblemError(
                    error(f"--host {host}", f"cannot listen there: {wrong.strerror}")
                ) from None
        else:
            return one
    raise ProblemError(error(f"--port {port}", f"no free port among {PORTS_TRIED} from there on"))


def server(app: object) -> uvicorn.Server:
    """Make the HTTP server."""
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(
            app,  # type: ignore[arg-type]
            log_level="warning",
            lifespan="off",
            ws="websockets-sansio",
            ws_max_size=1 << 20,
            h11_max_incomplete_event_size=HEADS,
            server_header=False,
            timeout_keep_alive=60,
            timeout_graceful_shutdown=1,
        )
    )


def announcement(config: Config, one: socket.socket, guard: Guard) -> str:
    """Give the address to open."""
    name = "localhost" if not guard.is_open else guard.host
    name = f"[{name}]" if ":" in name else name
    key = f"?token={guard.token}" if guard.is_open else ""
    return f"http://{name}:{one.getsockname()[1]}{config.base_path}{key}"


async def serve(runs: uvicorn.Server, one: socket.socket, address: str, *, open_browser: bool) -> None:
    """Say where, and serve until interrupted."""
    if "?token=" in address:
        words = "warning: this is not this machine alone; whoever has the address below can read the site"
        click.echo(words, err=True)
    click.echo(f"serving on {address} (Ctrl-C stops)")
    sys.stdout.flush()
    if open_browser:
        click.launch(address)
    gc.freeze()
    await runs.serve(sockets=[one])
