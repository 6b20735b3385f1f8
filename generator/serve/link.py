"""Link: the server's end of the wire to its builder, which is started anew when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.processes import LENGTH
from generator.serve.messages import News, Request, decode_news, framed

if TYPE_CHECKING:
    from collections.abc import Callable

PAUSE = 1.0
"""Seconds before a builder that died is followed by another."""
GRACE = 2.0
"""Seconds that it has to end."""


@dataclass(slots=True)
class Link:
    """Requests go out, news come in."""

    root: Path
    """The site."""
    drafts: bool
    """Whether drafts are shown."""
    take: Callable[[News], None]
    """Told of all news."""
    asked: int = 0
    """Number of the last request."""
    done: int = -1
    """Number of the last one that was answered; 0: the first build."""
    process: subprocess.Popen[bytes] | None = None
    """The builder."""
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    """Set, and replaced, whenever news came."""
    unsent: list[Request] = field(default_factory=list)
    """Requests made before there was a wire."""
    _wire: socket.socket | None = None
    _writer: asyncio.StreamWriter | None = None
    _reader: asyncio.StreamReader | None = None

    @property
    def busy(self) -> bool:
        """Whether something was asked for that is not done."""
        return self.done < self.asked

    def start(self) -> None:
        """Start the builder; it may be called before there is an event loop, so that both begin at once."""
        self._wire, other = socket.socketpair()
        command = "import sys; from generator.serve.builder import main; main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))"
        path = os.pathsep.join(p for p in sys.path if p)
        with other:
            self.process = subprocess.Popen(  # noqa: S603  (our own command)
                [
                    sys.executable,
                    "-P",
                    "-c",
                    command,
                    str(other.fileno()),
                    str(self.root),
                    str(int(self.drafts)),
                ],
                pass_fds=(other.fileno(),),
                env={**os.environ, "PYTHONPATH": path},
            )

    async def run(self, stop: asyncio.Event) -> None:
        """Take news until told to stop."""
        while not stop.is_set():
            if self.process is None:
                self.start()
            self._reader, self._writer = await asyncio.open_connection(sock=self._wire)
            began, unsent, self.unsent = time.monotonic(), self.unsent, []
            for request in unsent:
                self.send(request)
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                while True:
                    size = LENGTH.unpack(await self._reader.readexactly(LENGTH.size))[0]
                    news = decode_news(await self._reader.readexactly(size))
                    self.done = max(self.done, news.number)
                    self.take(news)
                    self.moved.set()
                    self.moved = asyncio.Event()
            if stop.is_set():
                break
            status = await asyncio.to_thread(self.end)
            click.echo(
                f"pressrun: the process that builds ended by itself ({status}); another one takes over",
                err=True,
            )
            await asyncio.sleep(max(0.0, PAUSE - (time.monotonic() - began)))
            self.asked, self.done = 0, -1  # the first build of the next one sees all that was asked for
        await asyncio.to_thread(self.end)

    def end(self) -> str:
        """End the builder; say how it ended."""
        if self._wire is not None:
            with contextlib.suppress(OSError):
                self._wire.shutdown(socket.SHUT_RDWR)
        if self._writer is not None:
            self._writer.transport.abort()
        process, self.process = self.process, None
        if process is None:
            return ""
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        return f"status {process.returncode}"

    def ask(self, changed: tuple[str, ...], first: tuple[str, ...] = ()) -> None:
        """Ask for a build because of some files; because of whatever there is, when none are named."""
        self.asked += 1
        self.send(Request(self.asked, changed, first=first))

    def send(self, request: Request) -> None:
        """Send a request; one that a dead builder misses is answered by the first build of the next."""
        if self._writer is None:
            self.unsent.append(request)
        elif not self._writer.is_closing():
            self._writer.write(framed(request))
