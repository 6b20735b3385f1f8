"""Sources: the scan of the collections' folders, once, sorted, confined to the site's root."""

from __future__ import annotations

import fnmatch
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.cache import stamp
from generator.config import CONFIG_FILE, LEDGER_FILE, STATE_FOLDER
from generator.errors import Problem, error, warning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.config import Config

PAGE_SUFFIXES = (".md", ".markdown")
SKIPPED_FOLDERS = {"__pycache__", "node_modules", STATE_FOLDER}
SKIPPED_SUFFIXES = (".py", ".pyc", ".map", "~", ".swp", ".swo", ".bak", ".orig", ".tmp", ".pem", ".key")
"""Files beside pages that are never published: code, editors' leftovers, keys."""
OWN_FILES = {CONFIG_FILE, LEDGER_FILE}
"""Beside the pages where the whole folder is one collection."""
PUBLISHED_DOT_NAMES = {".well-known"}
SETTINGS = ("_defaults.yml", "_nav.yml")
"""Files beside pages that say something of their folder; they are read and not published."""


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """One file of a collection."""

    path: str
    """POSIX path below the root."""
    collection: str
    """Name of its collection; `static` for files published as they are at the site's root."""
    is_page: bool
    """Whether it becomes a page; otherwise it is published as it is."""
    language: str = ""
    """Of a page that is a translation; empty for one in the site's own language."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What the walk of the collections found."""

    sources: list[Source]
    """Sorted by path."""
    problems: list[Problem]
    """With what cannot be a source."""
    settings: list[str]
    """Files that say something of their folder's pages, sorted."""
    stamps: dict[str, str]
    """Path → what the file system said of the file before anybody read it (see `cache.stamp`)."""


def scan(config: Config) -> Scan:
    """List the sources of all collections, and the problems with what cannot be one."""
    stamps: dict[str, str] = {}
    sources: dict[str, Source] = {}
    settings: set[str] = set()
    problems: list[Problem] = []
    for collection in sorted(config.collections, key=lambda one: -depth(one.folder)):  # a folder inside wins
        whole = collection.folder == "."
        if not os.path.isdir(os.path.join(config.root, collection.folder)):
            message = (
                f"the collection “{collection.name}” has no pages: there is no folder “{collection.folder}”"
            )
            problems.append(warning(CONFIG_FILE, message))
        for path in walk(config, collection.folder, problems, stamps):
            suffix = os.path.splitext(path)[1].lower()
            is_page = suffix in PAGE_SUFFIXES
            if whole and not is_page and (path.startswith(("static/", "templates/")) or path in OWN_FILES):
                continue
            if path.rpartition("/")[2] in SETTINGS:
                settings.add(path)
            elif is_page or not path.lower().endswith(SKIPPED_SUFFIXES):
                language = language_of(path, config.languages) if is_page and config.languages else ""
                sources.setdefault(path, Source(path, collection.name, is_page, language))
    for path in walk(config, "static", problems, stamps):
        if not path.lower().endswith(("~", ".swp", ".swo")):
            sources.setdefault(path, Source(path, "static", is_page=False))
    known = {path: stamps[path] for path in (*sources, *sorted(settings))}
    return Scan(sorted(sources.values()), sorted(set(problems)), sorted(settings), known)


def depth(folder: str) -> int:
    """Give how many folders down a collection's folder stands; 0 for the root."""
    return 0 if folder == "." else folder.count("/") + 1


def original_path(path: str, language: str) -> str:
    """Give the path of the page that a translation belongs to."""
    if not language:
        return path
    stem, _, suffix = path.rpartition(".")
    return f"{stem.removesuffix('.' + language)}.{suffix}"


def variant(path: str, language: str) -> str:
    """Give the path of a file's translation."""
    stem, dot, suffix = path.rpartition(".")
    return f"{stem}.{language}.{suffix}" if dot else f"{path}.{language}"


def language_of(path: str, languages: Sequence[str]) -> str:
    """Give the language that a page's name bears (`page.fr.md`), when the site has that language."""
    parts = path.rpartition("/")[2].split(".")
    return parts[-2] if len(parts) > 2 and parts[-2] in languages else ""


def walk(config: Config, folder: str, problems: list[Problem], stamps: dict[str, str]) -> list[str]:
    """Give the files below a folder as POSIX paths below the root; what lies outside the site is a problem."""
    root = os.path.realpath(config.root)
    outs = {os.path.realpath(config.out), *([os.path.join(root, "site")] if config.serving else [])}
    outs |= {os.path.realpath(os.path.join(root, t.to)) for t in config.deploy if t.kind == "folder"}
    start = os.path.join(root, folder) if folder != "." else root
    found: list[str] = []
    pending: list[tuple[str, str, tuple[str, ...]]] = [
        (start, "" if folder == "." else folder + "/", (os.path.realpath(start),))
    ]
    while pending:
        here, prefix, ancestors = pending.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda e: e.name)
        except FileNotFoundError:
            continue
        except OSError as wrong:
            problems.append(error(relative(root, here), f"cannot be read: {wrong.strerror}"))
            continue
        for entry in entries:
            path = prefix + entry.name
            if is_skipped(entry.name) or any(fnmatch.fnmatch(path, pattern) for pattern in config.exclude):
                continue
            problem = odd_name(path)
            if problem is None and entry.is_symlink():
                problem = odd_link(root, entry.path, path, ancestors)
            if problem:
                problems.append(problem)
                continue
            try:
                status = entry.stat()
            except OSError as wrong:
                problems.append(error(path, f"cannot be read: {wrong.strerror}"))
                continue
            if stat.S_ISDIR(status.st_mode):
                real = os.path.realpath(entry.path)
                environment = os.path.exists(os.path.join(entry.path, "pyvenv.cfg"))
                if entry.name not in SKIPPED_FOLDERS and real not in outs and not environment:
                    pending.append((entry.path, path + "/", (*ancestors, real)))
            elif stat.S_ISREG(status.st_mode):
                found.append(path)
                stamps[path] = stamp(status)
            else:
                problems.append(warning(path, "is not a regular file; it was left out"))
    return sorted(found)


def relative(root: str, path: str) -> str:
    """Give a path below the root in POSIX form."""
    return os.path.relpath(path, root).replace(os.sep, "/")


def is_skipped(name: str) -> bool:
    """Say whether a name is hidden from sites (dot files; secrets are among them)."""
    return name.startswith(".") and name not in PUBLISHED_DOT_NAMES


def odd_name(path: str) -> Problem | None:
    """Complain about names that no URL can be made of."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        printable = path.encode("utf-8", "backslashreplace").decode()
        return error(printable, "the file's name is not UTF-8; rename it")
    if any(ord(letter) < 32 or letter in "\x7f\\" for letter in path):
        return error(repr(path)[1:-1], "the file's name has control characters or a backslash; rename it")
    return None


def odd_link(root: str, full: str, path: str, ancestors: tuple[str, ...]) -> Problem | None:
    """Complain about symbolic links that leave the site, lead nowhere or run in a circle."""
    real = os.path.realpath(full)
    if not os.path.exists(real):
        return error(path, "is a symbolic link that leads nowhere or to itself; it was left out")
    if real != root and not real.startswith(root + os.sep):
        return error(path, "is a symbolic link that leaves the site; it was left out")
    if os.path.isdir(real) and real in ancestors:
        return error(path, "is a symbolic link to a folder that contains it; it was left out")
    if any(is_skipped(part) for part in os.path.relpath(real, root).split(os.sep) if part != "."):
        return error(path, "is a symbolic link to a hidden file; it was left out")
    return None
