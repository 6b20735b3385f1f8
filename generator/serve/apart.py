"""Apart: a whole build in a process of its own, so that edits which come meanwhile can be shown at once.

The process is forked from the builder, which has no threads; it knows what the builder knows, and what it builds reaches the builder
through the cache, the output folder, and the message in which it says how it went.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from generator.build import build
from generator.errors import BusyError, Problem, ProblemError, error
from generator.processes import become_servant, read_frame, take_frames, write_frame
from generator.serve.messages import CHUNK, Channel, News, Request, decode_news, framed

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.config import Config
    from generator.serve.ahead import Ahead


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a build went."""

    problems: tuple[Problem, ...] = ()
    """Of the whole site, or what made the build impossible."""
    failed: bool = False
    """Whether it was impossible; then the site is as it was."""
    troubled: tuple[str, ...] = ()
    """Sources of pages that lack what could not be made."""
    ran: int = 0
    """Units."""
    files: int = 0
    """Written or removed."""


def attempt(config: Config, context: Ahead) -> Outcome:
    """Build; whatever goes wrong is an answer too, since an author can mend it only while the server lives."""
    try:
        made = build(config, context=context, progress=context.step)
    except ProblemError as wrong:
        return Outcome(tuple(wrong.problems), failed=True)
    except (BusyError, OSError) as wrong:
        return Outcome((error(str(config.root), f"was not built: {wrong}"),), failed=True)
    except Exception as wrong:  # noqa: BLE001  (an author can mend it only while the server lives)
        message = f"Pressrun failed: {type(wrong).__name__}: {wrong}"
        return Outcome((error(str(config.root), message),), failed=True)
    files = len(made.written) + len(made.removed)
    return Outcome(tuple(made.problems), False, tuple(made.troubled), len(made.ran), files)


def attempt_apart(
    config: Config, context: Ahead, take: Callable[[Request], None], tell: Callable[[News], None]
) -> Outcome:
    """Do the same in a forked process; `take` gets the requests that come meanwhile, `tell` what is built of them first."""
    ours, theirs = socket.socketpair()
    reader, writer = os.pipe()
    process = os.fork()
    if not process:
        try:
            become_servant()
            ours.close()
            context.leave(Channel(theirs))
            with os.fdopen(writer, "wb") as stream:
                write_frame(stream, msgspec.msgpack.encode(attempt(config, context)))
            context.close()
        finally:
            os._exit(0)
    theirs.close()
    os.close(writer)
    with ours, os.fdopen(reader, "rb") as stream:
        watch(context.channel, ours, stream.fileno(), take, tell)
        if not context.channel.open:
            os.kill(process, signal.SIGKILL)
        answer = read_frame(stream)
    _, status = os.waitpid(process, 0)
    if answer is None:
        message = f"the process that built ended by itself (status {status})"
        return Outcome((error(str(config.root), message),), failed=True)
    return msgspec.msgpack.decode(answer, type=Outcome)


def watch(
    channel: Channel,
    built: socket.socket,
    done: int,
    take: Callable[[Request], None],
    tell: Callable[[News], None],
) -> None:
    """Hand on what comes, until the build is done or the server is gone."""
    received = bytearray()
    while channel.open:
        sources: list[socket.socket | int] = [channel.wire, built, done]
        ready, _, _ = select.select(sources, [], [])
        if channel.wire in ready:
            for one in channel.requests(0):
                take(one)
                if one.wanted:
                    with contextlib.suppress(OSError):  # it may just have ended
                        built.sendall(framed(one))
        if built in ready:
            data = built.recv(CHUNK)
            received += data
            for frame in take_frames(received):
                tell(decode_news(frame))
            if not data:
                return
        elif done in ready:
            return
