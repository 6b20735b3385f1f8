"""Processes: what all of ours need that work for another one: messages on pipes, and an end together."""

from __future__ import annotations

import os
import signal
import struct
import sys
from typing import Any

LENGTH = struct.Struct("<Q")
"""What stands before each message: its length in bytes."""
END_WITH_PARENT = 1
"""Option of `prctl`, from Linux's `sys/prctl.h`."""
MOST_DESCRIPTORS = 65_536
"""Beyond the number of any open file."""


def write_frame(stream: Any, data: bytes) -> None:
    """Write one message with its length."""
    stream.write(LENGTH.pack(len(data)) + data)
    stream.flush()


def read_frame(stream: Any) -> bytes | None:
    """Read one message; None at the end of the stream."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    size = LENGTH.unpack(head)[0]
    data: bytes = stream.read(size)
    return data if len(data) == size else None


def take_frames(received: bytearray) -> list[bytes]:
    """Take the whole messages off the beginning of what was received."""
    frames = []
    while len(received) >= LENGTH.size:
        end = LENGTH.size + LENGTH.unpack_from(received)[0]
        if len(received) < end:
            break
        frames.append(bytes(received[LENGTH.size : end]))
        del received[:end]
    return frames


def system_call(option: int, value: int) -> None:
    """Call Linux's `prctl`; elsewhere nothing happens."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def become_servant() -> None:
    """Make a forked process end when its parent does, and leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    system_call(END_WITH_PARENT, signal.SIGKILL)


def keep_only(*kept: int) -> None:
    """Close all descriptors but these: a lock that a child has inherited would stay locked while the child lives."""
    low = 3
    for descriptor in sorted(kept):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, MOST_DESCRIPTORS)


def quiet() -> None:
    """Take the terminal away: nothing is read from it and nothing printed by accident."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)


def in_words(status: int) -> str:
    """Say how a process ended, from its wait status."""
    if os.WIFSIGNALED(status):
        return f"signal {signal.Signals(os.WTERMSIG(status)).name}"
    return f"exit status {os.WEXITSTATUS(status)}"
