"""A release: the files of one build, staged one by one and published together.

What a crash leaves: staged files, and a spare tree that is half brought up to date. `Change` says so, and the next
build throws both away; the published folder is whole at every instant. A kill needs no more than that. For a power
cut, the data of new files and of the manifest are on the disk before the trees are exchanged (`settle`), if there
is an old site to lose; a file system keeps the order of its own names. Where files are replaced one by one, each
is old or new, and the names in `Change` let the next build take up where this one ended.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from dataclasses import dataclass, field
from pathlib import Path

from generator.cache import digest
from generator.errors import Problem, ProblemError, error
from generator.output import calls
from generator.output.calls import IMPOSSIBLE, drop, make_file, make_folder, make_folders, speaking_of
from generator.output.folders import shown
from generator.output.manifest import (
    FORMAT,
    UNSURE,
    Change,
    Entry,
    Manifest,
    Seen,
    identity,
    manifest_of,
    pack,
    place,
    read,
    write_manifest,
)
from generator.output.tree import Plan, Survey, above, bring_up, conflicts, folders_of, mtimes, survey

FOREIGN = "was not written by Pressrun, and a page wants this path; nothing was overwritten"

CROSSING = "would be a file of the site, and a folder in which “{}” lies; the site was not published"


@dataclass(frozen=True, slots=True)
class Output:
    """One file of the finished site."""

    path: str
    """POSIX path below the output folder."""
    owner: str
    """The source (or the part of Pressrun) that made it; named when two want one path."""
    data: bytes
    """Its bytes."""
    digest: str = ""
    """Of the bytes, where it is known already."""


@dataclass(slots=True)
class Release:
    """The published folder as its manifest knows it, and what is to become of it."""

    folder: Path
    """Absolute path of the output folder."""
    home: str
    """Where its manifests, the staged files and the spare tree are; outside the output."""
    known: dict[str, Entry] = field(default_factory=dict)
    """Files that an earlier build left → what they were."""
    serial: int = 0
    """Number of the last release."""
    unsettled: bool = True
    """Whether the manifest on the disk says something else than `known`."""
    kept: dict[str, Entry] = field(default_factory=dict)
    """Files that belong to this build → what they are."""
    written: list[str] = field(default_factory=list)
    """Paths whose bytes changed in this build."""
    removed: list[str] = field(default_factory=list)
    """Paths that an earlier build wrote and this one does not have."""
    fresh: dict[str, str] = field(default_factory=dict)
    """Path → where the bytes that this build made are staged."""
    clear: set[str] = field(default_factory=set)
    """Folders of the published tree that were looked at and are folders."""
    staged: int = -1
    """Number of the last staged file; -1: there is no place for them yet."""
    refused: bool = False
    """Whether a file could not be written because something that is not ours stands in its place."""

    @property
    def manifest(self) -> Path:
        """Where the list of published files is kept."""
        return Path(place(self.home, identity(str(self.folder)) or (0, 0)))

    @property
    def spare(self) -> str:
        """The place of the spare tree."""
        return os.path.join(self.home, "spare")

    def at(self, path: str) -> str:
        """Give the absolute path of a published file."""
        return f"{self.folder}/{path}"

    def intact(self, path: str, value_digest: str) -> bool:
        """Keep a file if it still is what an earlier build wrote with that digest."""
        entry = self.known.get(path)
        if entry is None or entry[0] != value_digest:
            return False
        try:
            status = os.lstat(self.at(path))
        except OSError:
            return False
        if (status.st_size, status.st_mtime_ns) != entry[1:] or not stat.S_ISREG(status.st_mode):
            return False
        self.kept[path] = entry
        self.fresh.pop(path, None)
        return True

    def write(self, output: Output) -> None:
        """Take in one file; nobody sees it before `finish`."""
        path, value_digest = output.path, output.digest or digest(output.data)
        if self.intact(path, value_digest):
            return
        if self.known or self.folder.exists():
            stranger = self.in_the_way(path)
            if stranger is not None:
                hint = f"move it away, or rename {output.owner}"
                raise ProblemError(error(shown(self.folder / stranger), FOREIGN, hint=hint))
            status = same_bytes(self.at(path), output.data)
            if status is not None and path in self.known:
                self.kept[path] = (value_digest, status.st_size, status.st_mtime_ns)
                self.fresh.pop(path, None)
                return
        staging = os.path.join(self.home, "fresh")
        if self.staged < 0:
            make_folders(self.home)
            make_folder(staging)
        self.staged += 1
        target = f"{staging}/{self.staged}"
        with speaking_of(self.at(path)):
            status = make_file(target, output.data)
        self.fresh[path] = target
        self.kept[path] = (value_digest, status.st_size, status.st_mtime_ns)

    def in_the_way(self, path: str) -> str | None:
        """Name what is not ours and stands where a file, or a folder above it, must be."""
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder in self.clear:
                continue
            try:
                mode = os.lstat(self.at(folder)).st_mode
            except FileNotFoundError:
                return None
            if not stat.S_ISDIR(mode):
                return None if folder in self.known else folder
            self.clear.add(folder)
        try:
            mode = os.lstat(self.at(path)).st_mode
        except FileNotFoundError:
            return None
        if not stat.S_ISDIR(mode):
            return None if path in self.known else path
        inside = {name[len(path) + 1 :]: UNSURE for name in self.known if name.startswith(path + "/")}
        return path if survey(self.at(path), inside, Seen()).seen.foreign or not inside else None

    def close(self) -> None:
        """Throw away what was staged and not published."""
        if self.staged >= 0:
            shutil.rmtree(os.path.join(self.home, "fresh"), ignore_errors=True)
            self.staged = -1

    def finish(self) -> list[Problem]:
        """Publish: all that was written and nothing that was not kept. Give what could not be published.

        Raises OSError with the old site untouched.
        """
        try:
            return self.publish()
        finally:
            self.close()

    def publish(self) -> list[Problem]:
        """Do what `finish` says; what was staged may be left over."""
        gone = [path for path in self.known if path not in self.kept and stands(str(self.folder), path)]
        if not (self.fresh or gone or identity(str(self.folder)) is None):
            if self.unsettled or self.kept != self.known:
                self.record(str(self.folder))
                self.settled()
            return []
        self.refuse_crossings()
        problems: list[Problem] = []
        if not (self.can_exchange() and self.exchange(problems)):
            self.one_by_one(gone)
        self.written, self.removed = sorted(self.fresh), sorted(gone)
        return problems

    def refuse_crossings(self) -> None:
        """Find a new file that stands where another one needs a folder, or the other way round. Raises ProblemError."""
        for path in self.fresh:
            folder = above(path)
            while folder and folder not in self.kept:
                folder = above(folder)
            below = path if folder else ""
            if not below and os.path.isdir(self.at(path)):
                below = next((one for one in self.kept if one.startswith(path + "/")), "")
            if below:
                file = folder or path
                raise ProblemError(error(file, CROSSING.format(below), hint="give one of them another name"))

    def record(self, tree: str) -> str:
        """Write the manifest of a tree that holds, or is to hold, this release; give its place."""
        make_folders(self.home)
        which = identity(tree) or (0, 0)
        return write_manifest(self.home, Manifest(FORMAT, which, self.serial + 1, self.kept))

    def announce(self, tree: str, names: list[str], *, sync: bool) -> None:
        """Say that a tree is being changed, before it is."""
        make_folders(self.home)
        which = identity(tree) or (0, 0)
        calls.replace_file(os.path.join(self.home, "change"), pack(Change(which, names)), sync=sync)

    def settled(self) -> None:
        """Say that all is done, and forget trees that are no more. The site is published, so nothing here may fail."""
        trees = (identity(str(self.folder)), identity(self.spare))
        alive = {os.path.basename(place(self.home, t, kind)) for t in trees if t for kind in ("json", "seen")}
        with contextlib.suppress(OSError):
            drop(os.path.join(self.home, "change"))
            for name in os.listdir(self.home):
                if name.endswith((".json", ".seen", ".new")) and name not in alive:
                    drop(os.path.join(self.home, name))

    # ------------------------------------------------------------ both trees at once

    def can_exchange(self) -> bool:
        """Say whether the folder and the spare tree can change places, as far as can be seen beforehand."""
        make_folders(self.home)
        nearest = self.folder
        while not os.path.lexists(nearest):
            nearest = nearest.parent
        same = os.lstat(nearest).st_dev == os.lstat(self.home).st_dev
        return same and not os.path.ismount(self.folder) and calls.can_exchange()

    def exchange(self, problems: list[Problem]) -> bool:
        """Bring the spare tree up to date and let it change places with the published one. False where that cannot be."""
        published = str(self.folder)
        foreign: dict[str, int] = {}
        old = identity(published)
        if old is not None:
            foreign = self.look(published, self.known).seen.foreign
            problems += self.give_way(foreign)
        else:
            make_folders(os.path.dirname(published))
        had, seen = self.open_spare()
        self.announce(self.spare, [], sync=old is not None)
        manifest = self.record(self.spare)
        if old is not None:
            calls.settle([*self.fresh.values(), manifest], self.home)
        try:
            now = bring_up(self.spare, Plan(self.kept, self.fresh, foreign, published), had, seen)
            self.save(self.spare, now)
            if old is None:
                os.rename(self.spare, published)
            else:
                calls.exchange(self.spare, published)
        except OSError as wrong:
            if wrong.errno in IMPOSSIBLE:
                return False
            raise
        if not self.known:  # the next build shall cost what it changes, not the size of the site
            with contextlib.suppress(OSError):
                self.prepare()
        self.settled()
        return True

    def prepare(self) -> None:
        """Make the spare tree for the next build."""
        published = str(self.folder)
        self.drop_spare()
        had, seen = self.open_spare()
        self.announce(self.spare, [], sync=False)
        foreign = self.look(published, self.kept).seen.foreign
        now = bring_up(self.spare, Plan(self.kept, {}, foreign, published), had, seen)
        self.save(self.spare, now)
        self.record(self.spare)

    def look(self, tree: str, files: dict[str, Entry]) -> Survey:
        """Survey a tree, and remember what was seen."""
        path = place(self.home, identity(tree) or (0, 0), "seen")
        last = read(path, Seen) or Seen()
        moment = self.clock()
        found = survey(tree, files, last)
        seen = mtimes(tree, found.seen, found.listed, moment)
        if seen != last:
            calls.replace_file(path, pack(seen))
        return found

    def save(self, tree: str, seen: Seen) -> None:
        """Remember what was put into a tree."""
        path = place(self.home, identity(tree) or (0, 0), "seen")
        doubtful = [folder for folder, mtime in seen.folders.items() if not mtime]
        calls.replace_file(path, pack(mtimes(tree, seen, doubtful, self.clock())))

    def clock(self) -> int:
        """Give the time by which this file system stamps files."""
        path = os.path.join(self.home, "clock.new")
        drop(path)
        moment = make_file(path, b"").st_mtime_ns
        drop(path)
        return moment

    def open_spare(self) -> tuple[dict[str, Entry], Seen]:
        """Give what stands in the spare tree; one that nothing is known about is made anew."""
        which = identity(self.spare)
        manifest = manifest_of(self.home, which) if which else None
        if which is None or manifest is None:
            self.drop_spare()
            make_folder(self.spare)
            return {}, Seen()
        return manifest.files, read(place(self.home, which, "seen"), Seen) or Seen()

    def drop_spare(self) -> None:
        """Remove the spare tree; what is linked stays in the published one."""
        which = identity(self.spare)
        if which is not None:  # the next tree may get the same inode
            drop(place(self.home, which))
            drop(place(self.home, which, "seen"))
            shutil.rmtree(self.spare)

    def give_way(self, foreign: dict[str, int]) -> list[Problem]:
        """Leave out the files that cannot be where something foreign is."""
        places = conflicts(self.kept, folders_of(self.kept), foreign)
        for path in [p for p in self.kept if places and any(p == c or p.startswith(c + "/") for c in places)]:
            del self.kept[path]
            self.fresh.pop(path, None)
        return [error(shown(self.folder / one), FOREIGN, hint="move it away") for one in sorted(places)]

    # ------------------------------------------------------------ one by one

    def one_by_one(self, gone: list[str]) -> None:
        """Bring the published folder itself up to date: each file is old or new, the site as a whole is not."""
        published = str(self.folder)
        make_folders(published)
        half_made = read(os.path.join(self.home, "change"), Change)
        self.announce(published, [*self.fresh], sync=False)
        folders = folders_of(self.fresh)
        first = [p for p in gone if p in folders or any(a in self.fresh for a in folders_of([p]))]
        for path in first:
            remove(published, path)
        for path, source in self.fresh.items():
            make_folders(os.path.dirname(self.at(path)))
            with speaking_of(self.at(path)):
                put(source, temporary(self.at(path)), self.at(path))
        for path in gone:
            remove(published, path)
        for path in self.fresh:  # a file that was copied to another file system has another mtime
            status = os.lstat(self.at(path))
            self.kept[path] = (self.kept[path][0], status.st_size, status.st_mtime_ns)
        self.record(published)
        if half_made is not None:
            with contextlib.suppress(OSError):
                self.drop_spare()
        self.settled()


def stands(root: str, path: str) -> bool:
    """Say whether a file stands in a tree itself, and not behind a link that somebody put in a folder's place."""
    folder = above(path)
    while folder:
        if os.path.islink(f"{root}/{folder}"):
            return False
        folder = above(folder)
    try:
        return not stat.S_ISDIR(os.lstat(f"{root}/{path}").st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def remove(root: str, path: str) -> bool:
    """Remove a file that an earlier build wrote, and the folders that it leaves empty."""
    if not stands(root, path):
        return False
    os.unlink(f"{root}/{path}")
    folder = above(path)
    with contextlib.suppress(OSError):
        while folder:
            os.rmdir(f"{root}/{folder}")
            folder = above(folder)
    return True


def temporary(target: str) -> str:
    """Give the name under which a file is made in the published folder itself."""
    folder, name = os.path.split(target)
    return f"{folder}/.pressrun-{digest(os.fsencode(name))[:16]}"


def put(source: str, between: str, target: str) -> None:
    """Put a staged file into the published folder, whole or not at all."""
    drop(between)
    try:
        try:
            os.link(source, between)
        except OSError:
            with open(source, "rb") as file:
                make_file(between, file.read())
        os.replace(between, target)
    except BaseException:
        with contextlib.suppress(OSError):
            drop(between)
        raise


def same_bytes(path: str, data: bytes) -> os.stat_result | None:
    """Give the status of a regular file that holds exactly these bytes, else None."""
    try:
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode) or status.st_size != len(data):
            return None
        with open(path, "rb") as file:
            return status if file.read() == data else None
    except OSError:
        return None


def clear_away(release: Release, change: Change | None, names: list[str], *, exchanged: bool) -> None:
    """Remove what a killed build left; the names of files stay on record until a manifest lists them."""
    staging = os.path.join(release.home, "fresh")
    if os.path.lexists(staging):
        shutil.rmtree(staging)
    flag = os.path.join(release.home, "change")
    if change is None and not os.path.lexists(flag):
        return
    for name in names:
        drop(temporary(release.at(name)))
    if change is None or not exchanged:
        release.drop_spare()
    if not names:
        release.settled()
