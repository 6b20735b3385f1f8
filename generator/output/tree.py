"""A release tree: what stands in it, and bringing it up to date by what changed.

A folder's mtime says whether entries came or went since they were listed, so a tree is surveyed with one `lstat`
for each folder. An mtime is trusted only when it is older than the clock's tick at the time of listing.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.output.calls import drop, link, make_folder, speaking_of
from generator.output.manifest import Entry, Seen

TICK = 100_000_000
"""Nanoseconds; kernels stamp files by ticks of at most 10 ms."""
COARSE = 2_000_000_000
"""The same where mtimes are whole seconds."""


def above(path: str) -> str:
    """Give the folder that a path stands in; "" is the root."""
    return path.rpartition("/")[0]


def folders_of(paths: Iterable[str]) -> set[str]:
    """Give the folders that these files need, the root too."""
    direct = {path.rpartition("/")[0] for path in paths}
    found = {""}
    for lowest in direct:
        folder = lowest
        while folder not in found:
            found.add(folder)
            folder = above(folder)
    return found


def trusted(mtime: int, now: int) -> int:
    """Give an mtime if a later change of the folder is bound to have another one, else 0."""
    return mtime if now - mtime > (TICK if mtime % 1_000_000_000 else COARSE) else 0


@dataclass(frozen=True, slots=True)
class Survey:
    """What stands in a tree."""

    seen: Seen
    """Its folders and what is foreign in it."""
    listed: set[str]
    """Folders whose entries had to be listed: files may have come or gone there."""


def survey(root: str, files: Mapping[str, Entry], last: Seen) -> Survey:
    """Look at a tree that holds these files of ours."""
    ours = folders_of(files)
    expected = ours | last.folders.keys()
    foreign_in: dict[str, list[str]] = {}
    for path in last.foreign:
        foreign_in.setdefault(above(path.rstrip("/")), []).append(path)
    found, listed, waiting = Seen(), set[str](), sorted(expected, reverse=True)
    while waiting:
        folder = waiting.pop()
        if folder and above(folder) not in found.folders:
            continue  # the folder above is gone, or somebody put a link in its place
        try:
            status = os.lstat(f"{root}/{folder}" if folder else root)
        except (FileNotFoundError, NotADirectoryError):
            continue
        if not stat.S_ISDIR(status.st_mode):
            continue
        found.folders[folder] = status.st_mtime_ns
        if last.folders.get(folder) == status.st_mtime_ns:
            found.foreign.update((path, last.foreign[path]) for path in foreign_in.get(folder, ()))
            continue
        listed.add(folder)
        with os.scandir(f"{root}/{folder}") as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if path not in ours:
                        found.foreign[path + "/"] = entry.inode()
                    if path not in expected:
                        waiting.append(path)
                elif path not in files:
                    found.foreign[path] = entry.inode()
    return Survey(found, listed)


def conflicts(files: Iterable[str], folders: set[str], foreign: Mapping[str, int]) -> set[str]:
    """Name what is foreign and stands where files or their folders must be."""
    wanted = set(files)
    found = set()
    for name in foreign:
        path = name.rstrip("/")
        if path in wanted or (path in folders and name == path):
            found.add(path)
        inside = above(path)
        while inside:
            if inside in wanted:
                found.add(inside)
            inside = above(inside)
    return found


@dataclass(slots=True)
class Plan:
    """What a tree is to become."""

    files: dict[str, Entry]
    """All files of ours."""
    fresh: dict[str, str]
    """Those of them that this build made → where they are; kept up to date when they are moved."""
    foreign: dict[str, int]
    """What stands in the published tree and is not ours."""
    published: str
    """The tree with which the others are shared."""


def bring_up(tree: str, plan: Plan, had: Mapping[str, Entry], last: Seen) -> Seen:
    """Make a tree that nobody looks at hold what the plan says; mtimes of folders that were touched are given as 0.

    `had` are the files that its manifest lists. What turned up in it since (a shell may have stood in the folder when
    it was exchanged) stays.
    """
    now = survey(tree, had, last)
    folders = folders_of(plan.files) | {name[:-1] for name in plan.foreign if name.endswith("/")}
    folders |= folders_of(plan.foreign)
    touched = set(now.listed)
    stale = [path for path in had if path not in plan.files]
    stale += [p for p, n in now.seen.foreign.items() if plan.foreign.get(p) != n and last.foreign.get(p) == n]
    stale += [p for p in now.seen.foreign if p in folders]
    for path in stale:
        if not path.endswith("/"):
            drop(f"{tree}/{path}")
            touched.add(above(path))
    for folder in sorted(now.seen.folders.keys() - folders, reverse=True):
        with contextlib.suppress(OSError):
            os.rmdir(f"{tree}/{folder}")
        touched |= {folder, above(folder)}
    for folder in sorted(folders - now.seen.folders.keys()):
        make_folder(f"{tree}/{folder}")
        if folder + "/" in plan.foreign:
            same_owner(f"{plan.published}/{folder}", f"{tree}/{folder}")
        touched |= {folder, above(folder)}
    for path, source in list(plan.fresh.items()):
        with speaking_of(f"{plan.published}/{path}"):
            os.rename(source, f"{tree}/{path}")
        plan.fresh[path] = f"{tree}/{path}"
        touched.add(above(path))
    for path, entry in plan.files.items():
        if path not in plan.fresh:
            same = had.get(path) == entry
            if not same or (above(path) in now.listed and not same_file(plan.published, tree, path)):
                link(f"{plan.published}/{path}", f"{tree}/{path}")
                touched.add(above(path))
    for path, inode in plan.foreign.items():
        if not path.endswith("/") and now.seen.foreign.get(path) != inode:
            link(f"{plan.published}/{path}", f"{tree}/{path}")
            touched.add(above(path))
    left = {p: n for p, n in now.seen.foreign.items() if last.foreign.get(p) != n}
    seen = {folder: now.seen.folders.get(folder, 0) for folder in folders}
    return Seen({**seen, **dict.fromkeys(touched & folders, 0)}, {**left, **plan.foreign})


def same_file(one: str, other: str, path: str) -> bool:
    """Say whether two trees share a file."""
    try:
        first, second = os.lstat(f"{one}/{path}"), os.lstat(f"{other}/{path}")
    except OSError:
        return False
    return (first.st_dev, first.st_ino) == (second.st_dev, second.st_ino)


def same_owner(source: str, target: str) -> None:
    """Give a folder that is not ours the mode and the owner that it has in the published tree."""
    status, own = os.lstat(source), os.lstat(target)
    if (status.st_uid, status.st_gid) != (own.st_uid, own.st_gid):
        os.chown(target, status.st_uid, status.st_gid)
    os.chmod(target, stat.S_IMODE(status.st_mode))


def mtimes(root: str, seen: Seen, doubtful: Iterable[str], now: int) -> Seen:
    """Give what was seen, the mtimes of some folders only as far as they can be trusted; `now` is no later than they were read."""
    folders = dict(seen.folders)
    for folder in doubtful:
        mtime = folders.get(folder, 0)
        if not mtime:
            with contextlib.suppress(OSError):
                mtime = os.lstat(f"{root}/{folder}" if folder else root).st_mtime_ns
        folders[folder] = trusted(mtime, now)
    return Seen(folders, seen.foreign)
