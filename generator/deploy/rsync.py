"""Rsync: a folder on another machine, over SSH or to an rsync daemon; files are compared by their checksums."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import time
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from generator.cache import digest, read_regular
from generator.config import environment
from generator.deploy.carry import carry_out
from generator.deploy.plan import Published
from generator.deploy.record import RECORD, Record, parse
from generator.deploy.secrets import hidden
from generator.errors import ProblemError, error
from generator.output import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.config import Config
    from generator.deploy.carry import Progress
    from generator.deploy.items import Item
    from generator.deploy.plan import Plan
    from generator.targets import Target

FLAGS = ("--recursive", "--checksum", "--8-bit-output", "--from0", "--no-motd", "--protect-args")
NETWORK = {5, 10, 12, 30, 35, 255}
"""Exit statuses of rsync (and ssh) after which it is worth while to try again: the connection failed."""
MISSING = ("No such file or directory", "chdir failed")
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
LISTED = re.compile(r"^(?P<mode>\S{10,11})\s+(?P<size>[\d,.]+) \d{4}/\d\d/\d\d \d\d:\d\d:\d\d (?P<path>.*)$")
"""A line of `rsync --list-only`."""


class Rsync:
    """A folder that rsync reaches."""

    def __init__(self, config: Config, target: Target) -> None:
        self.config, self.target = config, target
        self.to = target.to.rstrip("/") + "/"
        self.stage = config.state / "deploy" / f"{target.name}.rsync"

    def run(self, *arguments: str, names: Iterable[str] = (), empty: bool = False) -> str | None:
        """Run rsync, again for a while when the connection fails. None when `empty` allows the folder to be missing."""
        end, pause = time.monotonic() + self.target.patience, FIRST_PAUSE
        limit = [f"--bwlimit={self.target.rate:g}"] if self.target.rate else []
        data = b"\0".join(os.fsencode(name) for name in names)
        while True:
            command = ["rsync", *FLAGS, *limit, *arguments]
            try:
                done = subprocess.run(  # noqa: S603
                    command, input=data, capture_output=True, env={**os.environ, "LC_ALL": "C"}, check=False
                )
            except FileNotFoundError:
                raise self.problem("the program rsync is not installed") from None
            told = " ".join(done.stderr.decode("utf-8", "replace").split())
            if not done.returncode:
                return os.fsdecode(done.stdout)
            if empty and any(words in told for words in MISSING):
                return None
            if done.returncode not in NETWORK or time.monotonic() + pause > end:
                raise self.problem(
                    f"rsync failed: {hidden(told, environment()) or f'status {done.returncode}'}"
                )
            time.sleep(pause * random.uniform(0.75, 1.25))  # noqa: S311
            pause = min(2 * pause, LONGEST_PAUSE)

    def problem(self, message: str) -> ProblemError:
        """Make the error that ends a deploy."""
        return ProblemError(error(self.target.name, message))

    def published(self, items: Mapping[str, Item]) -> Published:
        """List what is there, fetch the record, and let both sides compare checksums."""
        listed = self.run("--list-only", "--no-human-readable", self.to, empty=True)
        sizes: dict[str, int] = {}
        for row in (listed or "").splitlines():
            match = LISTED.match(row)
            if match and match["mode"][0] != "d":
                path = match["path"].partition(" -> ")[0] if match["mode"][0] == "l" else match["path"]
                sizes[path] = int(re.sub(r"\D", "", match["size"]))
        try:
            self.lay_out(items.values())
            record = self.record() if RECORD in sizes else Record()
            there = [path for path in items if path in sizes]
            same = frozenset(there) - self.differing(there)
        finally:
            self.clear()
        state = digest(f"{listed}\0{sorted(same)}".encode("utf-8", "surrogateescape"))
        return Published(record, sizes, same, state)

    def differing(self, paths: list[str]) -> set[str]:
        """Give which of these files have other bytes there."""
        if not paths:
            return set()
        here = f"{self.stage}/files/"
        told = self.run("--dry-run", "--out-format=%n", "--files-from=-", here, self.to, names=paths)
        return set((told or "").splitlines())

    def record(self) -> Record:
        """Fetch the record."""
        place = self.stage / "record"
        place.mkdir(exist_ok=True)
        self.run(f"{self.to}{RECORD}", f"{place}/")
        return parse(read_regular(str(place / RECORD)), self.target.name)

    def lay_out(self, items: Iterable[Item]) -> None:
        """Lay out the files as they are to stand there: links to the site's own, and what is made for the target."""
        self.clear()
        (self.stage / "files").mkdir(parents=True)
        (self.stage / "nothing").mkdir()
        for item in items:
            self.lay(item)

    def lay(self, item: Item) -> None:
        """Lay out one file."""
        place = self.stage / "files" / item.path
        place.parent.mkdir(parents=True, exist_ok=True)
        if item.source:
            try:
                os.link(item.source, place)
            except OSError:
                shutil.copyfile(item.source, place)
        else:
            replace_file(str(place), item.data)

    def clear(self) -> None:
        """Remove what was laid out."""
        if Path(self.stage).exists():
            shutil.rmtree(self.stage)

    def publish(
        self, plan: Plan, items: Mapping[str, Item], found: Published, progress: Progress | None
    ) -> None:
        """Do what a plan says."""
        try:
            self.lay_out(items.values())
            if not found.sizes:
                self.run("--mkpath", "--dirs", "--files-from=-", f"{self.stage}/nothing/", self.to)
            carry_out(self, plan, items, found)
        finally:
            self.clear()

    def put(self, items: list[Item]) -> dict[str, str]:
        """Send files; each is whole or not there, because rsync renames when it has all of one."""
        for item in items:
            if not item.source:
                self.lay(item)
        self.run("--files-from=-", f"{self.stage}/files/", self.to, names=[item.path for item in items])
        return {}

    def delete(self, paths: list[str]) -> None:
        """Delete exactly these files, and folders that are empty then: to rsync they are missing on this side.

        Without `--force` or `--delete` it never removes a folder that holds anything.
        """
        self.remove(paths)
        emptied = {str(folder) for path in paths for folder in PurePosixPath(path).parents} - {"."}
        for depth in sorted({folder.count("/") for folder in emptied}, reverse=True):
            self.remove([folder for folder in sorted(emptied) if folder.count("/") == depth])

    def remove(self, names: list[str]) -> None:
        """Remove names at the target whose folders, but not they themselves, stand on this side."""
        nothing = self.stage / "nothing"
        shutil.rmtree(nothing)
        nothing.mkdir()
        for name in names:
            (nothing / name).parent.mkdir(parents=True, exist_ok=True)
        self.run("--delete-missing-args", "--files-from=-", f"{nothing}/", self.to, names=names)
