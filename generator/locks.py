"""Locks: one build at a time touches a project's cache and output."""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING

from generator.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def lock(state: Path, patience: float) -> Iterator[int]:
    """Hold the project's lock while a build touches cache and output; give the instant by the file system's clock (ns).

    Raises BusyError, naming the process that holds it, when it is not free after `patience` seconds.
    """
    import fcntl

    state.mkdir(parents=True, exist_ok=True)
    with open(state / "lock", "a+b") as file:
        end = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    file.seek(0)
                    holder = file.read(200).decode("utf-8", "replace").strip() or "another process"
                    raise BusyError(f"another build holds the lock of this site: {holder}") from None
                time.sleep(0.05)
        file.truncate(0)
        file.write(f"process {os.getpid()}".encode())
        file.flush()
        try:
            yield os.fstat(file.fileno()).st_ctime_ns
        finally:
            file.truncate(0)
