"""Which folders may be an output folder, and what of ours and of others stands in one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cache import digest, read_regular
from generator.config import DEFAULT_COLLECTIONS
from generator.errors import Problem, error

if TYPE_CHECKING:
    from generator.config import Config


def refusal(config: Config) -> Problem | None:
    """Say why a folder can never be an output folder, if so."""
    folder, root = config.out, config.root
    real = Path(os.path.realpath(folder))
    name = shown(folder)
    if folder.is_symlink():
        return error(name, "is a symbolic link; an output folder must be a folder of its own")
    if real == Path(real.anchor) or real == Path.home():
        return error(name, "cannot be an output folder", hint="choose an empty or new folder with --out")
    if real == root or real in root.parents:
        return error(name, "contains the site's sources, so it cannot be its output folder")
    sources = [root / c.folder for c in config.collections if c.folder != "."]
    sources += [root / name for name in (*DEFAULT_COLLECTIONS, "templates", "static")] + (
        [] if config.serving else [config.state]
    )
    if any(real == s or s in real.parents for s in sources):
        return error(name, "lies among the site's sources, so it cannot be its output folder")
    if os.path.lexists(folder / ".git"):
        return error(name, "is a git work tree, so it cannot be an output folder")
    if ".git" in real.parts:
        return error(name, "lies inside a git repository's own folder, so it cannot be an output folder")
    above = next(parent for parent in real.parents if os.path.lexists(parent))
    if not above.is_dir():
        return error(name, f"cannot be made: {shown(above)} is no folder")
    return None


def foreign_file(folder: str, files: Mapping[str, str]) -> str:
    """Name one file in a folder that is not among these (path → digest, "" when it may be any), if there is one.

    It reads all of them: a folder with another inode may hold the author's own `index.html`, or be a copy.
    """
    for where, folders, names in os.walk(folder):
        folders.sort()
        links = [name for name in folders if os.path.islink(os.path.join(where, name))]
        for name in sorted([*names, *links]):
            full = os.path.join(where, name)
            path = os.path.relpath(full, folder).replace(os.sep, "/")
            expected = files.get(path)
            if expected is None or (expected and (os.path.islink(full) or file_digest(full) != expected)):
                return path
    return ""


def file_digest(path: str) -> str | None:
    """Give the digest of a file; None when it cannot be read."""
    try:
        data = read_regular(path)
    except OSError:
        return None
    return None if data is None else digest(data)


def shown(path: Path) -> str:
    """Give a path as the user would type it: relative when it lies below the current folder."""
    try:
        return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
    except OSError:
        return str(path)
