"""The record of what a page's code looks at: files, folders, whether something is there, variables, what is installed.

CPython tells of each file that is opened and each folder that is listed (audit events). It says nothing when code
only asks whether a path exists, how large it is, or what a variable of the environment holds; so these functions are
replaced in the child. What no record can follow (other programs, the network, processes that the code forks) is noted
as `unforeseen`: such a page is composed in every build. The clock and randomness are not noted: they have no place in
a page that shall come out the same twice.
"""

from __future__ import annotations

import functools
import os
import sys
import sysconfig
from typing import TYPE_CHECKING, Any

from generator.cache import LOOKUPS, MISSING, digest, distribution_digest, module_digest
from generator.config import FIXED_ENVIRONMENT, STATE_FOLDER, environment
from generator.execute.project import ProjectFinder, file_digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PATH_LIBRARIES = {"genericpath", "posixpath", "ntpath", "pathlib"}
"""Modules that look at paths on behalf of their callers."""
ASKS_KIND = {
    "exists", "lexists", "isfile", "isdir", "islink", "ismount", "realpath", "is_file", "is_dir", "is_symlink",
    "is_mount", "resolve", "glob", "rglob", "iterdir", "walk", "mkdir",
}  # fmt: skip
"""Functions of these modules whose answer depends only on what stands at a path, and not on its size or times."""
WATCHED = ("stat", "lstat", "access", "readlink")
"""Functions of `os` that look at a path and of which CPython tells nobody."""
UNFORESEEN = {
    "subprocess.Popen": "another program",
    "os.system": "another program",
    "os.exec": "another program",
    "os.posix_spawn": "another program",
    "os.fork": "a forked process",
    "os.forkpty": "a forked process",
    "socket.connect": "the network",
    "socket.getaddrinfo": "the network",
    "socket.sendto": "the network",
}
"""Audit event → what code depends on that does this."""
KERNELS = ("/proc", "/dev", "/sys")
INSTALLED = {"site-packages", "dist-packages"}
"""Folders of distributions; their files are known by the distribution's version."""
OURS = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Record:
    """What the code of one page has looked at, as keys with the digests of that moment."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.keys: dict[str, str] = {}
        self.finder = ProjectFinder(root, self.keys)
        self.own: set[str] = set()
        """Absolute paths that the code has made itself: what stands there follows from the code."""
        self.before: set[str] = set()
        """Modules that were there before any code of the page ran; they are part of the generator's fingerprint."""
        self.over = False
        names = ("stdlib", "platstdlib", "purelib", "platlib")
        self.prefixes = {
            os.path.realpath(p)
            for p in (sys.prefix, sys.base_prefix, *map(sysconfig.get_path, names), *KERNELS)
        }

    def begin(self) -> None:
        """Watch from now on; this process runs nothing but the page's code."""
        self.before = set(sys.modules)
        sys.meta_path.insert(0, self.finder)
        for name in WATCHED:
            self.watch(name)
        self.watch_environment()
        sys.addaudithook(self.notice)

    def end(self) -> dict[str, str]:
        """Stop, add what the imported modules are, and give all keys."""
        self.over = True
        imported: dict[str, str] = {}
        for name, module in list(sys.modules.items()):
            origin = getattr(getattr(module, "__spec__", None), "origin", None)
            if name in self.before or not isinstance(origin, str) or not os.path.isabs(origin):
                continue
            if INSTALLED & set(origin.split(os.sep)):
                imported.setdefault(name.partition(".")[0], origin)
            elif self.below_root(origin) is None and (path := self.place(origin)):
                self.keys["file:" + path] = file_digest(path)
        for name, origin in imported.items():
            found = distributions(name, origin)
            self.keys |= {f"dist:{one}": distribution_digest(one) for one in found}
            if not found:
                self.keys["file:" + origin] = file_digest(origin)
        for name in self.finder.asked - set(sys.modules) - sys.stdlib_module_names:
            self.keys["module:" + name] = module_digest(self.root, name)
        return self.keys

    def unforeseen(self, what: str) -> None:
        """Note that the page must be composed in every build; no fact has this digest."""
        self.keys["unforeseen:" + what] = "once"

    # -- what CPython tells

    def notice(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Record the files and folders that the page's code opens."""
        if event in UNFORESEEN and not self.over:
            self.unforeseen(UNFORESEEN[event])
        if event not in ("open", "os.listdir", "os.scandir", "os.mkdir", "sqlite3.connect") or self.over:
            return
        name = arguments[0] if arguments else None
        if name is None and event in ("os.listdir", "os.scandir"):
            name = "."
        if not isinstance(name, (str, bytes, os.PathLike)):
            return
        if sys._getframe(1).f_code.co_filename.startswith("<frozen importlib"):
            return  # `ProjectFinder` has recorded what imports look at
        full = absolute(os.fsdecode(name))
        if event == "os.mkdir":
            if ("kind:" + (self.place(full) or "")) not in self.keys:
                self.own.add(full)
        elif event == "open":
            flags = arguments[2] if isinstance(arguments[2], int) else 0
            if flags & (os.O_TRUNC | os.O_EXCL):
                if "file:" + (self.place(full) or "") not in self.keys:
                    self.own.add(full)
            elif flags & (os.O_WRONLY | os.O_RDWR) != os.O_WRONLY:
                self.look("file", full)
        elif event == "sqlite3.connect":
            self.look("file", absolute(os.fsdecode(name).removeprefix("file:").partition("?")[0]))
        else:
            self.look("folder", full, installed=True)

    def look(self, kind: str, full: str, *, installed: bool = False) -> None:
        """Record one look at an absolute path, at the first time that it happens."""
        path = full if installed and INSTALLED & set(full.split(os.sep)) else self.place(full)
        key = f"{kind}:{path}"
        if path is None or key in self.keys or self.is_own(full):
            return
        self.keys[key] = "…"  # so that the look below is not noticed again
        self.keys[key] = file_digest(full) if kind == "file" else LOOKUPS[kind](full)

    def is_own(self, full: str) -> bool:
        """Say whether the code has made what stands at a path."""
        return bool(self.own) and any(full == one or full.startswith(one + os.sep) for one in self.own)

    # -- what it does not tell

    def watch(self, name: str) -> None:
        """Replace a function of `os` by one that records the path before it looks."""
        plain = getattr(os, name)

        @functools.wraps(plain)
        def looking(path: Any, *arguments: Any, **options: Any) -> Any:
            if not self.over and isinstance(path, (str, bytes, os.PathLike)):
                if options.get("dir_fd") is not None:
                    self.unforeseen("paths below an open folder")
                else:
                    kind = "kind" if name == "readlink" or asks_kind(sys._getframe(1)) else "stat"
                    self.look(kind, absolute(os.fsdecode(path)))
            return plain(path, *arguments, **options)

        for able in (
            os.supports_dir_fd,
            os.supports_fd,
            os.supports_follow_symlinks,
            os.supports_effective_ids,
        ):
            if plain in able:
                able.add(looking)
        setattr(os, name, looking)

    def watch_environment(self) -> None:
        """Make the environment record the variables that are asked for, found or not."""
        record, first = self, {name: os.fsencode(value) for name, value in environment().items()}

        class Watched(type(os.environ)):  # type: ignore[misc]
            """The environment's mapping; a variable that the code sets itself is no fact about the world."""

            def __getitem__(self, name: Any) -> Any:
                text = os.fsdecode(name) if isinstance(name, bytes) else name
                if text not in FIXED_ENVIRONMENT and not record.over:
                    record.keys[f"env:{text}"] = digest(first[text]) if text in first else MISSING
                return super().__getitem__(name)

            def __iter__(self) -> Iterator[Any]:
                record.keys["env:"] = digest(
                    b"\0".join(os.fsencode(name) + b"=" + first[name] for name in sorted(first))
                )
                return iter(super().__iter__())

        os.environ.__class__ = Watched
        if hasattr(os, "environb"):
            os.environb.__class__ = Watched

    # -- how keys call paths

    def below_root(self, name: str) -> str | None:
        """Give a path below the root in POSIX form; None for what is no part of the project."""
        path = os.path.relpath(absolute(name), self.root).replace(os.sep, "/")
        parts = path.split("/")
        if parts[0] in ("..", STATE_FOLDER) or "__pycache__" in parts or INSTALLED & set(parts):
            return None
        return path

    def place(self, full: str) -> str | None:
        """Give how keys call a path: below the root in POSIX form, else absolute; None for Python's own files and ours."""
        if is_below(full, self.root):
            inner = any(is_below(full, p) and not is_below(self.root, p) for p in self.prefixes)
            return None if inner else self.below_root(full)
        theirs = is_below(full, OURS) and not is_below(self.root, OURS)
        if theirs or is_below(self.root, full) or any(is_below(full, p) for p in self.prefixes):
            return None
        return None if "__pycache__" in full.split(os.sep) else full


def asks_kind(frame: Any) -> bool:
    """Say whether the answer to a look depends only on what stands at the path, from the function that wanted it."""
    asker = ""
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] in PATH_LIBRARIES:
        asker, frame = frame.f_code.co_name, frame.f_back
    return asker in ASKS_KIND


def absolute(name: str) -> str:
    """Give an absolute path as the code means it now: it may have changed the working folder."""
    return os.path.abspath(name)


def is_below(path: str, folder: str) -> bool:
    """Say whether a path is a folder or lies below it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def distributions(name: str, origin: str) -> Sequence[str]:
    """Give the distributions that a top-level module comes from: the one of that name, or else all that name it."""
    from importlib.metadata import packages_distributions

    parts = origin.split(os.sep)
    at = max(index for index, part in enumerate(parts) if part in INSTALLED)
    wanted = normal(name)
    for entry in os.listdir(os.sep.join(parts[: at + 1])):
        stem, dot, _ = entry.rpartition(".dist-info")
        if dot and normal(stem.rpartition("-")[0]) == wanted:
            return [stem.rpartition("-")[0]]
    return sorted(set(packages_distributions().get(name, ())))


def normal(name: str) -> str:
    """Give a distribution's name as names are compared."""
    return name.casefold().replace("-", "_").replace(".", "_")
