"""Messages: what the server and its builder, a process of its own, tell each other."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

import msgspec

from generator.errors import Problem
from generator.processes import LENGTH, take_frames

CHUNK = 1 << 20
"""Bytes read at a time."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the server asks for."""

    number: int = 0
    """Counts requests; the answer that has it was made after them all. 0: nothing is to be built."""
    changed: tuple[str, ...] = ()
    """Absolute paths that came, went or were written; none: look for yourself."""
    wanted: str = ""
    """Path of a page, below the output folder, that somebody waits for."""
    first: tuple[str, ...] = ()
    """Pages that are open in browsers; when much is to be built, they are built first."""


@dataclass(frozen=True, slots=True)
class News:
    """What the builder has done."""

    number: int
    """Of the last request that this is the answer to; 0: the first build, -1: the builder is still at work."""
    digests: dict[str, str] = field(default_factory=dict)
    """Path below the output folder → digest of what changed or came."""
    gone: tuple[str, ...] = ()
    """What is no longer there."""
    all: bool = False
    """Whether `digests` holds the whole site."""
    pages: dict[str, bytes] = field(default_factory=dict)
    """Bytes of what is not in the output folder yet."""
    written: bool = False
    """Whether all that was sent in `pages` before this is in the output folder now."""
    problems: tuple[Problem, ...] | None = None
    """Of the whole site; None: as before."""
    troubled: tuple[str, ...] = ()
    """Sources of pages that lack what could not be made; sent with `problems`."""
    owners: dict[str, str] = field(default_factory=dict)
    """Page below the output folder → the source that it was made of; sent with `all`, and when one came or went."""
    base: str = "/"
    """The path that all URLs of the site begin with."""
    editor: str = ""
    """The URL of the author's editor."""
    outside: tuple[str, ...] = ()
    """Folders outside the site's root whose files it reads."""
    ignored: tuple[str, ...] = ()
    """Folders in the root that hold outputs."""


encode = msgspec.msgpack.Encoder().encode
decode_news = msgspec.msgpack.Decoder(News).decode
decode_request = msgspec.msgpack.Decoder(Request).decode


def framed(message: Request | News) -> bytes:
    """Give a message as it is sent."""
    data = encode(message)
    return LENGTH.pack(len(data)) + data


class Channel:
    """The builder's end of the wire: it waits, or looks whether something has come."""

    def __init__(self, wire: socket.socket) -> None:
        self.wire = wire
        self.received = bytearray()
        self.open = True

    def send(self, news: News) -> None:
        """Tell the server; when it is gone, there is nobody to tell."""
        try:
            self.wire.settimeout(None)
            self.wire.sendall(framed(news))
        except OSError:
            self.open = False

    def requests(self, wait: float | None) -> list[Request]:
        """Give what has come, after waiting for at most so many seconds (None: for ever); empty when nothing did."""
        found: list[Request] = []
        while self.open and not found:
            self.wire.settimeout(wait)
            try:
                data = self.wire.recv(CHUNK)
            except (TimeoutError, BlockingIOError):
                break
            except OSError:
                data = b""
            self.open = bool(data)
            self.received += data
            found = [decode_request(frame) for frame in take_frames(self.received)]
        return found
