"""Serve: the dev server. It has no rebuild logic of its own; it runs the same build in a loop.

What it serves is byte for byte what `build` writes; the live-reload script is added to answers and never
written. It listens on loopback, answers only requests that name it as their host, and the socket of the
live reload stands at a path that no other site can guess.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from watchfiles import DefaultFilter, awatch

from generator.build import Context, build
from generator.config import STATE_FOLDER, Config, load_config
from generator.errors import BusyError, ProblemError, error
from generator.finished import Build
from generator.terminal import print_problems

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.types import Scope
    from starlette.websockets import WebSocket

LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
PORTS_TRIED = 50
SCRIPT = """\
const url = new URL(document.currentScript.dataset.live, location.href);
url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
let lost = false;
function listen() {
  const socket = new WebSocket(url);
  socket.onopen = () => { if (lost) location.reload(); };
  socket.onmessage = () => location.reload();
  socket.onclose = () => { lost = true; setTimeout(listen, 1000); };
}
listen();
"""


class Live:
    """The browsers that wait for news of a rebuild."""

    def __init__(self) -> None:
        self.sockets: set[WebSocket] = set()

    async def endpoint(self, socket: WebSocket) -> None:
        """Hold one browser's socket open; other origins are refused."""
        origin = urlsplit(socket.headers.get("origin", "")).netloc
        if origin != socket.headers.get("host"):
            await socket.close(code=1008)
            return
        await socket.accept()
        self.sockets.add(socket)
        try:
            while (await socket.receive())["type"] != "websocket.disconnect":
                pass
        finally:
            self.sockets.discard(socket)

    async def tell(self) -> None:
        """Tell every browser that the site has changed."""
        for one in list(self.sockets):
            with contextlib.suppress(RuntimeError, OSError):
                await one.send_text("reload")


class SiteFiles(StaticFiles):
    """The output folder as a static host would serve it, with the live-reload script added to pages."""

    def __init__(self, folder: Path, script: bytes) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)
        self.script = script

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a request; hidden files do not exist."""
        if (
            any(part.startswith(".") and part not in (".", ".well-known") for part in path.split("/"))
            or "\0" in path
        ):
            path = "404.html"
        answer = await super().get_response(path, scope)
        if isinstance(answer, FileResponse) and str(answer.media_type).startswith("text/html"):
            data = await asyncio.to_thread(Path(answer.path).read_bytes)
            status = 404 if Path(answer.path).name == "404.html" else answer.status_code
            answer = Response(
                data.replace(b"</body>", self.script + b"</body>", 1), status, media_type="text/html"
            )
        answer.headers["Cache-Control"] = "no-cache"
        return answer


def application(config: Config, live: Live, hosts: list[str]) -> Starlette:
    """Make the server's application."""
    token = secrets.token_urlsafe(16)
    base = config.base_path
    tag = f'<script src="{base}__pressrun/live.js" data-live="{base}__pressrun/{token}"></script>'

    async def script(_: Request) -> Response:
        return Response(SCRIPT, media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    async def to_base(_: Request) -> Response:
        return RedirectResponse(base)

    routes: list[Any] = [
        Route(f"{base}__pressrun/live.js", script),
        WebSocketRoute(f"{base}__pressrun/{token}", live.endpoint),
        Mount(base.rstrip("/"), SiteFiles(config.out, tag.encode())),
    ]
    if base != "/":
        routes.insert(0, Route("/", to_base))
    return Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=hosts)])


def listen(host: str, port: int) -> socket.socket:
    """Open the first free port from `port` on. Raises ProblemError when there is none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, port + PORTS_TRIED if port else 1):
        one = socket.socket(family, socket.SOCK_STREAM)
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


class SourceFilter(DefaultFilter):
    """Ignores what a build itself writes, and environments."""

    def __init__(self, config: Config) -> None:
        super().__init__(ignore_paths=[str(config.state), str(config.root / "site")])

    def __call__(self, change: Any, path: str) -> bool:
        """Say whether a change counts."""
        parts = Path(path).parts
        return super().__call__(change, path) and STATE_FOLDER not in parts


def run(root: Path, *, host: str, port: int, open_browser: bool, drafts: bool) -> None:
    """Build, serve and rebuild until interrupted."""
    config = load_config(root, drafts=drafts, serving=True)
    context = Context()
    try:
        context.highlighter().start()  # while there are no threads yet
        tell(build(config, context=context), "built")
        serve_site(root, config, context, host=host, port=port, open_browser=open_browser, drafts=drafts)
    finally:
        context.close()


def serve_site(
    root: Path, config: Config, context: Context, *, host: str, port: int, open_browser: bool, drafts: bool
) -> None:
    """Serve the site that was built, and rebuild until interrupted."""
    one = listen(host, port)
    if host not in LOOPBACK:
        click.echo(
            f"warning: {host} is not this machine alone; whoever reaches it can read the site", err=True
        )
    number = one.getsockname()[1]
    address = f"http://{'localhost' if host in LOOPBACK else host}:{number}{config.base_path}"
    click.echo(f"serving on {address} (Ctrl-C stops)")
    sys.stdout.flush()
    if open_browser:
        click.launch(address)
    live = Live()
    hosts = ["*"] if host in ("0.0.0.0", "::") else [*LOOPBACK, host]  # noqa: S104
    server = uvicorn.Server(
        uvicorn.Config(
            application(config, live, hosts),
            log_level="warning",
            ws="websockets-sansio",
            timeout_graceful_shutdown=1,
        )
    )
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve_and_watch(server, one, Loop(root, config, context, live, drafts)))


@dataclass(slots=True)
class Loop:
    """Rebuilds one after the other; a broken site never ends the server."""

    root: Path
    config: Config
    context: Context
    live: Live
    drafts: bool
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def rebuild(self, names: str) -> None:
        """Build again because of some files; tell the terminal and the browsers."""
        async with self.turn:
            try:
                made = await asyncio.to_thread(rebuild, self.root, self.context, drafts=self.drafts)
            except ProblemError as wrong:
                print_problems(wrong.problems)
                return
            except (BusyError, OSError) as wrong:
                click.echo(f"pressrun: {wrong}", err=True)
                return
            if names or made.ran:
                tell(made, names or "files that changed meanwhile")
            if made.written or made.removed:
                await self.live.tell()

    async def watch(self, stop: asyncio.Event) -> None:
        """Rebuild after each burst of changes."""
        async for names in changes(self.config, stop):
            await self.rebuild(names)


async def serve_and_watch(server: uvicorn.Server, one: socket.socket, loop: Loop) -> None:
    """Serve, and rebuild on changes, until the server stops."""
    stop = asyncio.Event()
    watcher = asyncio.create_task(loop.watch(stop))
    # The watcher sees what happens from its first step on; this catches what happened since the first build.
    catching_up = asyncio.create_task(loop.rebuild(""))
    await server.serve(sockets=[one])
    stop.set()
    await catching_up
    await watcher


async def changes(config: Config, stop: asyncio.Event) -> AsyncIterator[str]:
    """Give the names of the files of each burst of changes."""
    async for burst in awatch(
        config.root, watch_filter=SourceFilter(config), step=10, debounce=200, stop_event=stop
    ):
        names = sorted({Path(path).name for _, path in burst})
        yield ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def rebuild(root: Path, context: Context, *, drafts: bool) -> Build:
    """Build again; in this process alone, since forking a process with threads is unsafe."""
    return build(load_config(root, drafts=drafts, serving=True), jobs=1, context=context)


def tell(made: Build, what: str) -> None:
    """Print one line for a build, and its problems."""
    print_problems(made.problems)
    clock = time.strftime("%H:%M:%S")
    files = "1 file" if len(made.written) == 1 else f"{len(made.written)} files"
    well = "" if made.problems else ", no problems"
    click.echo(
        f"{clock} {what}: {len(made.ran)} units ran, {files} changed{well} ({made.seconds * 1000:.0f} ms)"
    )
    sys.stdout.flush()
