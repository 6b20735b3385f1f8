"""Output: the one place where bytes of a site are written, and where anything is ever removed.

Only paths that an earlier build wrote (the manifest says which) are overwritten or pruned; a folder
that Pressrun did not make is refused before anything in it is touched.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from generator.cache import digest
from generator.config import DEFAULT_COLLECTIONS
from generator.errors import Problem, ProblemError, error

if TYPE_CHECKING:
    from generator.config import Config

MANIFEST_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Output:
    """One file of the finished site."""

    path: str
    """POSIX path below the output folder."""
    owner: str
    """The source (or the part of Pressrun) that made it; named when two want one path."""
    data: bytes
    """Its bytes."""


@dataclass(slots=True)
class Release:
    """The output folder as the manifest knows it, brought up to date file by file."""

    folder: Path
    """Absolute path of the output folder."""
    manifest: Path
    """Where the list of written files is kept; outside the output."""
    known: dict[str, list[object]] = field(default_factory=dict)
    """Path → [digest, size, mtime in ns], of the files that an earlier build left."""
    kept: dict[str, list[object]] = field(default_factory=dict)
    """The same, of the files that belong to this build."""
    written: list[str] = field(default_factory=list)
    """Paths whose bytes changed in this build."""
    removed: list[str] = field(default_factory=list)
    """Paths that an earlier build wrote and this one does not have."""
    announcing: TextIO | None = None
    """The journal: files that are new in this build, before they are made."""

    def intact(self, path: str, value_digest: str) -> bool:
        """Keep a file if it still is what an earlier build wrote with that digest."""
        entry = self.known.get(path)
        if entry is None or entry[0] != value_digest or stamp(self.folder / path) != entry[1:]:
            return False
        self.kept[path] = entry
        return True

    def write(self, output: Output) -> None:
        """Bring one file up to date; its bytes are on the disk wholly or not at all."""
        target = self.folder / output.path
        value_digest = digest(output.data)
        if self.intact(output.path, value_digest):
            return
        for place in self.in_the_way(output.path):
            if place not in self.known or is_folder(self.folder / place):
                raise ProblemError(
                    error(
                        shown(self.folder / place),
                        "was not written by Pressrun, and a page wants this path; nothing was overwritten",
                        hint=f"move it away, or rename {output.owner}",
                    )
                )
            if place != output.path:
                self.remove(place)
        if output.path not in self.known:
            self.announce(output.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not same_bytes(target, output.data):
            replace_file(target, output.data)
            self.written.append(output.path)
        self.kept[output.path] = [value_digest, *(stamp(target) or [])]

    def in_the_way(self, path: str) -> list[str]:
        """Give what stands where a file, or a folder above it, must be; files of ours below it are removed."""
        parts = path.split("/")
        above = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
        found = [
            place
            for place in above
            if os.path.lexists(self.folder / place) and not is_folder(self.folder / place)
        ]
        if found:
            return found[:1]
        if is_folder(self.folder / path):  # a page was moved up: x/y/ is gone, and x is a file now
            for place in [
                known for known in self.known if known.startswith(path + "/") and known not in self.kept
            ]:
                self.remove(place)
        return [path] if os.path.lexists(self.folder / path) else []

    def remove(self, path: str) -> None:
        """Remove a file that an earlier build wrote, and the folders that it leaves empty."""
        target = self.folder / path
        parents = [
            parent
            for parent in target.parents
            if parent.is_relative_to(self.folder) and parent != self.folder
        ]
        if any(parent.is_symlink() for parent in parents):
            return  # somebody put a link in the place of our folder; what it leads to is not ours
        if target.is_symlink() or target.is_file():
            target.unlink()
            self.removed.append(path)
        for parent in parents:
            try:
                parent.rmdir()
            except OSError:
                break

    def announce(self, path: str) -> None:
        """Record that a file is about to be made, so that it is known as ours if the build is cut short."""
        if self.announcing is None:
            self.manifest.parent.mkdir(parents=True, exist_ok=True)
            self.announcing = open(journal_of(self.manifest), "a", encoding="utf-8")  # noqa: SIM115
        self.announcing.write(json.dumps(path) + "\n")
        self.announcing.flush()

    def close(self) -> None:
        """Let go of the journal."""
        if self.announcing is not None:
            self.announcing.close()
            self.announcing = None

    def finish(self) -> None:
        """Remove what only earlier builds wrote, then record what this one wrote."""
        for path in sorted(self.known.keys() - self.kept.keys()):
            self.remove(path)
        self.folder.mkdir(parents=True, exist_ok=True)
        body = {
            "format": MANIFEST_FORMAT,
            "folder": identity(self.folder),
            "files": dict(sorted(self.kept.items())),
        }
        self.manifest.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self.manifest, json.dumps(body, ensure_ascii=True).encode())
        self.close()
        journal_of(self.manifest).unlink(missing_ok=True)


def open_release(config: Config) -> Release:
    """Check that the output folder is ours (or new), and load its manifest.

    Raises ProblemError, with nothing touched, when it is not.
    """
    folder = config.out
    manifest = config.state / "outputs" / (digest(os.fsencode(folder)) + ".json")
    if problem := refusal(config):
        raise ProblemError(problem)
    state = read_manifest(manifest)
    files: dict[str, list[object]] = state["files"] if state else {}
    files = {**{path: ["", 0, 0] for path in announced(journal_of(manifest))}, **files}
    if folder.exists():
        if not folder.is_dir():
            raise ProblemError(error(shown(folder), "is no folder; expected the output folder of a site"))
        if not (state and state["folder"] == identity(folder)):
            foreign = foreign_files(folder, files)
            if foreign:
                raise ProblemError(
                    error(
                        shown(folder),
                        f"holds files that Pressrun did not write ({foreign}); nothing was touched",
                        hint="remove the folder yourself, or choose another one with --out",
                    )
                )
    else:
        files = {}
    return Release(folder, manifest, files)


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


def remove_release(config: Config) -> list[str]:
    """Remove the files that builds wrote to the output folder (`pressrun clean`); give their paths."""
    release = open_release(config)
    release.kept = {}
    release.finish()
    release.manifest.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        release.folder.rmdir()
    return release.removed


def read_manifest(path: Path) -> dict[str, Any] | None:
    """Read a manifest; None when there is none that can be used."""
    try:
        state: dict[str, Any] = json.loads(path.read_bytes())
        if state["format"] != MANIFEST_FORMAT or "folder" not in state:
            return None
        if any(unsafe(name) or len(entry) != 3 for name, entry in state["files"].items()):
            return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return state


def journal_of(manifest: Path) -> Path:
    """Give the place of the journal; it is there only while a build runs, or after one that was cut short."""
    return manifest.with_suffix(".journal")


def announced(journal: Path) -> list[str]:
    """Give the files that a build which was cut short may have made; a last line that is not whole counts for nothing."""
    try:
        rows = journal.read_text("utf-8").split("\n")[:-1]
        names = [json.loads(row) for row in rows]
    except (OSError, ValueError, RecursionError):
        return []
    return [name for name in names if isinstance(name, str) and not unsafe(name)]


def unsafe(path: str) -> bool:
    """Say whether a manifest's path could lead out of the folder."""
    return path.startswith("/") or "\\" in path or ".." in path.split("/") or not path


def foreign_files(folder: Path, files: dict[str, list[object]]) -> str:
    """Name one file in a folder that is not in the manifest, if there is any."""
    for where, folders, names in os.walk(folder):
        folders.sort()
        links = [name for name in folders if os.path.islink(os.path.join(where, name))]
        for name in sorted([*names, *links]):
            path = os.path.relpath(os.path.join(where, name), folder).replace(os.sep, "/")
            if path not in files:
                return path
    return ""


def identity(folder: Path) -> list[int]:
    """Give what stays the same of a folder as long as nobody replaces it."""
    status = folder.stat()
    return [status.st_dev, status.st_ino]


def stamp(path: Path) -> list[object] | None:
    """Give size and mtime of a regular file; None when there is none."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns]


def same_bytes(path: Path, data: bytes) -> bool:
    """Say whether a regular file holds exactly these bytes."""
    try:
        return not path.is_symlink() and path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Say whether there is a folder itself, not a link to one."""
    return path.is_dir() and not path.is_symlink()


def replace_file(path: Path, data: bytes) -> None:
    """Write a file atomically: under another name first, then renamed over the old one."""
    handle, temporary = tempfile.mkstemp(prefix=".pressrun-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def shown(path: Path) -> str:
    """Give a path as the user would type it: relative when it lies below the current folder."""
    try:
        return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
    except OSError:
        return str(path)
