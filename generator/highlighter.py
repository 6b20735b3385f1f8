"""Highlighter: highlighting with an end, because some lexers need longer than anyone waits for code that does not suit them.

The kernel keeps the time: a timer of processor time whose signal ends the process, also in the middle of one match
of a regular expression, and however busy the machine is. So highlighting is done in processes that may be ended:

- a worker that has others to take its place highlights where it is, which costs two system calls for each block; when the
  timer ends it, the page is composed again in a fresh worker;
- all others, that one too, have it done in a process of its own (`Apart`), which costs a message each way, and where the timer
  costs one block its colours.
"""

from __future__ import annotations

import contextlib
import os
import signal
from typing import Any, Protocol

import msgspec

from generator.cache import encode
from generator.highlight import highlight
from generator.processes import become_servant, in_words, keep_only, quiet, read_frame, write_frame

LONGEST = 2.0
"""Seconds of processor time that highlighting one block may take."""


class Highlighter(Protocol):
    """What composing asks to colour its code."""

    def highlight(self, code: str, language: str) -> tuple[str, str]:
        """Give the HTML of a block, and nothing; or nothing, and why it was given up."""

    def start(self) -> None:
        """Start what is needed, unless it is there; to be called before this process has threads."""

    def close(self) -> None:
        """End what was started."""


def timed(code: str, language: str) -> str:
    """Highlight in this process, which the kernel ends when that takes too long."""
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    try:
        return highlight(code, language)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


class InPlace:
    """For workers whose end costs nothing but another try."""

    def highlight(self, code: str, language: str) -> tuple[str, str]:
        """Highlight, or end with this process."""
        return timed(code, language), ""

    def start(self) -> None:
        """There is nothing to start."""

    def close(self) -> None:
        """There is nothing to end."""


class Apart:
    """Has blocks highlighted by a process of its own, started on first need.

    That process only forks the one that does it, and another one when the timer has ended that; so the
    dev server, which has threads and should not fork, need not do so when a block was cut off.
    """

    def __init__(self) -> None:
        self.process = 0
        self.blocks: Any = None
        self.made: Any = None

    def start(self) -> None:
        """Fork the process, unless it is there."""
        if self.process:
            return
        blocks, blocks_to = os.pipe()
        made_from, made = os.pipe()
        self.process = os.fork()
        if not self.process:
            try:
                keep_only(blocks, made)
                serve_blocks(blocks, made)
            finally:
                os._exit(1)
        os.close(blocks)
        os.close(made)
        self.blocks, self.made = os.fdopen(blocks_to, "wb"), os.fdopen(made_from, "rb")

    def highlight(self, code: str, language: str) -> tuple[str, str]:
        """Give the HTML of a block, and nothing; or nothing, and why it was given up."""
        block = encode((code, language))
        for _ in range(2):
            self.start()
            with contextlib.suppress(OSError, OverflowError, msgspec.MsgspecError):
                write_frame(self.blocks, block)
                frame = read_frame(self.made)
                if frame is not None:
                    return msgspec.msgpack.decode(frame, type=tuple[str, str])
            self.close()
        return "", "ended its process twice"

    def close(self) -> None:
        """End the process; the one that it forked ends with it."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
            for stream in (self.blocks, self.made):
                with contextlib.suppress(OSError):  # what could not be written is lost with the process
                    stream.close()
            self.process = 0


def serve_blocks(blocks: int, made: int) -> None:
    """Keep one process that highlights; when it was ended, say so in its place and fork the next."""
    become_servant()
    quiet()
    while True:
        child = os.fork()
        if not child:
            try:
                status = 1
                become_servant()
                highlight_all(blocks, made)
                status = 0
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        if status == 0:
            os._exit(0)
        late = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF
        why = f"took longer than {LONGEST:g} s" if late else f"ended its process ({in_words(status)})"
        with os.fdopen(os.dup(made), "wb") as stream:
            write_frame(stream, encode(("", why)))


def highlight_all(blocks: int, made: int) -> None:
    """Highlight block after block until nobody sends any."""
    with os.fdopen(blocks, "rb") as source, os.fdopen(made, "wb") as target:
        while (frame := read_frame(source)) is not None:
            code, language = msgspec.msgpack.decode(frame, type=tuple[str, str])
            write_frame(target, encode((timed(code, language), "")))
