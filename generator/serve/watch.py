"""Watch: which files changed, each burst of changes once. What builds write, and what editors leave behind, never counts.

An edit should be noticed within milliseconds, and a checkout of a thousand files as one change. So single files are passed on as soon as
their folder has been quiet for one step; when there are many, or git is at work, quiet for longer is waited for.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click
from watchfiles import awatch

from generator.config import STATE_FOLDER
from generator.sources import PUBLISHED_DOT_NAMES, SKIPPED_FOLDERS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

THEME = Path(__file__).parents[1] / "theme"
"""Its author edits it while serving."""
STEP, DEBOUNCE = 4, 40
"""Milliseconds: of quiet after which what was seen is passed on (watchfiles looks as often), and the most that it waits for quiet."""
FEW = 4
"""Paths; more of them are a burst."""
QUIET, LONGEST = 0.1, 10.0
"""Seconds: of quiet that end a burst, and the most that one may take."""
HALF_WRITTEN = 0.05
"""Seconds that an empty page is given to be filled: some editors empty a file before they write it."""
POLL = 300
"""Milliseconds between two looks at all files, with `--poll`."""
EDITORS = re.compile(r"~$|\.sw[a-z]$|^\.#|^#.*#$|___jb_\w+___$|\.py[cod]$|^4913$|\.kate-swp$|\.crdownload$")
"""Names of files that editors make for themselves."""
APART = SKIPPED_FOLDERS | {STATE_FOLDER, "site"}
"""Folders of the root that hold no sources."""


@dataclass(slots=True)
class Watcher:
    """Looks at a site's folders, and at those outside that its pages read."""

    root: str
    """The site's folder, real."""
    poll: bool = False
    """Whether files are looked at again and again, as network file systems need it."""
    outside: tuple[str, ...] = ()
    """Folders elsewhere; only files that lie in them directly count."""
    ignored: tuple[str, ...] = ()
    """Folders in the root, by their names, that hold outputs."""
    pending: set[str] = field(default_factory=set)
    """Paths that changed and were not passed on yet."""
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when there are some, or when folders must be gathered anew."""
    stale: bool = False
    """Whether the folders that are watched are no longer all that should be."""

    def look_at(self, outside: tuple[str, ...], ignored: tuple[str, ...]) -> None:
        """Say which other folders are to be watched, and which not."""
        if (outside, ignored) != (self.outside, self.ignored):
            self.outside, self.ignored, self.stale = outside, ignored, True
            self.wake.set()

    def folders(self) -> tuple[list[str], list[str]]:
        """Give the folders that are watched alone, and those with all below them."""
        deep = [str(THEME)]
        with contextlib.suppress(OSError), os.scandir(self.root) as entries:
            deep += [
                entry.path
                for entry in entries
                if entry.is_dir() and self.counts(entry.path) and not is_environment(entry.path)
            ]
        return [self.root, *(folder for folder in self.outside if os.path.isdir(folder))], sorted(deep)

    def counts(self, path: str) -> bool:
        """Say whether a change of a path can matter."""
        name = os.path.basename(path)
        if EDITORS.search(name):
            return False
        parts = os.path.relpath(path, self.root).split(os.sep)
        if parts[0] == os.pardir:
            return "__pycache__" not in path
        if parts[0] in APART or parts[0] in self.ignored or "/".join(parts[:-1]) in self.ignored:
            return False
        return not any(
            part in SKIPPED_FOLDERS or (part.startswith(".") and part not in PUBLISHED_DOT_NAMES)
            for part in parts
        )

    async def bursts(self, stop: asyncio.Event) -> AsyncIterator[tuple[str, ...]]:
        """Give the paths of each burst; none when anything may have changed unseen."""
        while not stop.is_set():
            self.stale = False
            flat, deep = self.folders()
            ended = asyncio.Event()
            tasks = [asyncio.create_task(self.group(flat, ended, recursive=False))]
            tasks += [asyncio.create_task(self.group(deep, ended, recursive=True))]
            stopped = asyncio.create_task(stop.wait())
            stopped.add_done_callback(lambda _: self.wake.set())
            try:
                yield ()
                while not stop.is_set() and not self.stale:
                    await self.wake.wait()
                    self.wake.clear()
                    if stop.is_set() or not self.pending:
                        continue
                    await self.settle()
                    burst, self.pending = tuple(sorted(self.pending)), set()
                    self.stale = self.stale or self.folders() != (flat, deep)
                    yield burst
            finally:
                ended.set()
                stopped.cancel()
                await asyncio.gather(*tasks)

    async def settle(self) -> None:
        """Wait for the end of what is more than one save."""
        end = time.monotonic() + LONGEST
        if any(is_empty(path) for path in self.pending):
            await asyncio.sleep(HALF_WRITTEN)
        while (len(self.pending) > FEW or git_is_at_work(self.root)) and time.monotonic() < end:
            self.wake.clear()
            try:
                await asyncio.wait_for(self.wake.wait(), QUIET)
            except TimeoutError:
                if not git_is_at_work(self.root):
                    break

    async def group(self, folders: list[str], ended: asyncio.Event, *, recursive: bool) -> None:
        """Collect the changes below some folders."""
        poll = self.poll
        while not ended.is_set():
            try:
                async for found in awatch(
                    *folders,
                    watch_filter=lambda _, path: self.counts(path),
                    step=STEP, debounce=DEBOUNCE, stop_event=ended, recursive=recursive,
                    force_polling=poll or None, poll_delay_ms=POLL, ignore_permission_denied=True,
                ):  # fmt: skip
                    self.pending.update(path for _, path in found)
                    self.wake.set()
            except FileNotFoundError:  # a folder went while it was being looked at
                self.stale = True
                self.wake.set()
                return
            except OSError as wrong:
                if poll:
                    raise
                message = f"warning: the system watches no more files ({wrong}); they are looked at three times a second now"
                click.echo(message, err=True)
                poll = True


def is_environment(path: str) -> bool:
    """Say whether a folder is a virtual environment."""
    return os.path.isfile(os.path.join(path, "pyvenv.cfg"))


def is_empty(path: str) -> bool:
    """Say whether a file holds nothing."""
    try:
        return os.path.getsize(path) == 0
    except OSError:
        return False


def git_is_at_work(root: str) -> bool:
    """Say whether git is changing the work tree that the site is in."""
    return any(
        os.path.exists(os.path.join(above, ".git", "index.lock")) for above in (root, os.path.dirname(root))
    )
