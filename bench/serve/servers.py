"""Servers: how each tool's dev server is started, and where it shows a post and the list of posts."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench import corpus, peers

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from bench.run import Place

ROOT = Path(__file__).parents[2]
PATIENCE = 500.0
"""Seconds that a server may take to its first page."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A dev server that is measured."""

    name: str
    """Of its peer."""
    command: tuple[str, ...]
    """What starts it, in the site's folder; `{home}` and `{port}` are filled in."""
    most: int = 10_000
    """The largest site that it is measured on: beyond, one edit takes minutes."""


TOOLS = (
    Tool("pressrun", (sys.executable, "-m", "generator", "serve", "--port", "{port}")),
    Tool("hugo", ("{home}/hugo", "server", "--quiet", "--port", "{port}")),
    Tool("eleventy", ("node", "{home}/node_modules/@11ty/eleventy/cmd.cjs", "--serve", "--quiet", "--port={port}")),
    Tool("zensical", ("{home}/bin/python", "-m", "zensical", "serve", "-a", "127.0.0.1:{port}"), most=1000),
    # since click 8.3 its default is no reload, against its own help
    Tool("mkdocs", ("{home}/bin/python", "-m", "mkdocs", "serve", "--quiet", "--livereload", "-a", "127.0.0.1:{port}"), most=1000),
)  # fmt: skip


def peer_of(tool: Tool) -> peers.Peer:
    """Give the peer that a server belongs to."""
    return next(one for one in (peers.PRESSRUN, *peers.PEERS) if one.name == tool.name)


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Running:
    """A dev server while it is open; `started` is the time from its start to its first whole page, in seconds."""

    def __init__(self, tool: Tool, place: Place) -> None:
        self.place = place
        self.port = free_port()
        home = peers.home(place.peer)
        self.command = [part.format(home=home, port=self.port) for part in tool.command]
        self.started = 0.0

    def url(self, path: str) -> str:
        """Give the address of a file of the output, as a reader asks for it."""
        return f"http://localhost:{self.port}/{path.removesuffix('index.html')}"

    def __enter__(self) -> Self:
        began = time.perf_counter()
        self.process = subprocess.Popen(
            self.command,
            cwd=self.place.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wanted = corpus.title(0).encode()
        while True:
            if self.process.poll() is not None or time.perf_counter() - began > PATIENCE:
                self.__exit__(None, None, None)
                raise RuntimeError(f"{self.command[0]} did not come up")
            try:
                with urllib.request.urlopen(self.url(self.place.page(0)), timeout=PATIENCE) as answer:  # noqa: S310
                    if wanted in answer.read():
                        break
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(0.01)
        self.started = time.perf_counter() - began
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for how in (signal.SIGINT, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, how)
                self.process.wait(5)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
