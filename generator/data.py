"""Data: the site's own data files (`data/*.yml`, `.json`, `.toml`, `.csv`), for templates and for the code of pages."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from generator.cache import MISSING, Unreadable
from generator.errors import ProblemError, did_you_mean, error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.cache import Reads

FOLDER = "data"
MOST_NODES = 1_000_000
"""Values in one YAML file, aliases expanded."""


class Disk(Protocol):
    """What can be asked of the project's files; who answers also records the question."""

    def file(self, path: str) -> bytes | None:
        """Give the bytes of a file, None when there is none."""

    def is_folder(self, path: str) -> bool:
        """Say whether there is such a folder."""

    def names(self, path: str) -> list[str]:
        """List a folder, sorted."""


class Data:
    """`data.authors` is what `data/authors.yml` (or `.json`, `.toml`, `.csv`) holds, `data.team.ada` is in a folder."""

    def __init__(self, disk: Disk, folder: str = FOLDER) -> None:
        self._disk, self._folder = disk, folder

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> Any:
        found = self.get(name, self)
        if found is self:
            known = [each.partition(".")[0] for each in self._disk.names(self._folder)]
            message = f"there is no data file “{self._folder}/{name}” (.yml, .json, .toml or .csv)"
            raise ProblemError(error(f"{self._folder}/{name}", message, hint=did_you_mean(name, known)))
        return found

    def __contains__(self, name: object) -> bool:
        return self.get(str(name), self) is not self

    def __iter__(self) -> Iterator[str]:
        """Give the names that there are, without suffixes."""
        names = self._disk.names(self._folder)
        return iter(sorted({each.rpartition(".")[0] or each for each in names}))

    def get(self, name: str, default: Any = None) -> Any:
        """Give what a file holds, or the folder of that name; else the default."""
        base = f"{self._folder}/{name}"
        if not name or name.startswith(".") or "/" in name or "\\" in name or "\0" in name:
            return default
        found = {
            path: data for path in map(base.__add__, PARSERS) if (data := self._disk.file(path)) is not None
        }
        if len(found) > 1:
            first, second = [*found][:2]
            raise ProblemError(error(second, f"two data files have one name: {first} has it already"))
        for path, data in found.items():
            return parsed(path, data)
        return Data(self._disk, base) if self._disk.is_folder(base) else default


class Recorded:
    """The disk as units see it: each look is a key of theirs."""

    def __init__(self, reads: Reads) -> None:
        self.reads = reads

    def file(self, path: str) -> bytes | None:
        """Give the bytes of a file of the project; links that leave the site lead nowhere."""
        root = os.path.realpath(self.reads.facts.root)
        if not os.path.realpath(os.path.join(root, path)).startswith(root + os.sep):
            self.reads.exists(path)
            return None
        try:
            return self.reads.file(path)
        except Unreadable as wrong:
            raise ProblemError(error(path, f"cannot be read: {wrong}")) from None

    def is_folder(self, path: str) -> bool:
        """Say whether there is such a folder."""
        key = f"folder:{path}"
        self.reads.note({key: self.reads.facts.digest(key)})
        return self.reads.keys[key] != MISSING

    def names(self, path: str) -> list[str]:
        """List a folder, sorted."""
        return sorted(os.listdir(os.path.join(self.reads.facts.root, path))) if self.is_folder(path) else []


class Plain:
    """The disk as page code sees it, in whose process all that is opened is recorded."""

    def __init__(self, root: str) -> None:
        self.root = root

    def file(self, path: str) -> bytes | None:
        """Give the bytes of a file of the project."""
        try:
            with open(os.path.join(self.root, path), "rb") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def is_folder(self, path: str) -> bool:
        """Say whether there is such a folder."""
        return os.path.isdir(os.path.join(self.root, path))

    def names(self, path: str) -> list[str]:
        """List a folder, sorted."""
        full = os.path.join(self.root, path)
        return sorted(os.listdir(full)) if os.path.isdir(full) else []


@lru_cache(maxsize=128)
def parsed(path: str, data: bytes) -> Any:
    """Give what a data file holds. Raises ProblemError with the place of what is wrong in it."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        message = f"not UTF-8: byte 0x{data[wrong.start]:02x}"
        raise ProblemError(error(path, message, line=line, hint="save it as UTF-8")) from None
    return PARSERS["." + path.rpartition(".")[2]](path, text)


def yaml_data(path: str, text: str) -> Any:
    """Read YAML by the same rules as front matter: text stays what was written."""
    from generator.frontmatter.values import Block, Counter, Wrong, compose_yaml, placed, plain

    block = Block(text, 1, 0, 0)
    try:
        node = compose_yaml(text)
        return None if node is None else plain(node, Counter(MOST_NODES))
    except Wrong as wrong:
        raise ProblemError(placed(path, block, wrong)) from None


def json_data(path: str, text: str) -> Any:
    """Read JSON."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as wrong:
        message = f"not valid JSON: {wrong.msg[:1].lower()}{wrong.msg[1:]}"
        raise ProblemError(error(path, message, line=wrong.lineno, column=wrong.colno)) from None
    except (ValueError, RecursionError) as wrong:
        raise ProblemError(error(path, f"not valid JSON: {wrong}")) from None


def toml_data(path: str, text: str) -> Any:
    """Read TOML."""
    import tomllib

    from generator.config import place_in_message, plain_message

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as wrong:
        line, column = place_in_message(str(wrong), text)
        message = f"not valid TOML: {plain_message(wrong)}"
        raise ProblemError(error(path, message, line=line, column=column)) from None


def csv_data(path: str, text: str) -> list[dict[str, str]]:
    """Read CSV whose first row has the names: a list of rows, all values text."""
    import csv

    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    rows: list[dict[str, str]] = []
    names: list[str] = []
    try:
        for row in reader:
            if not names:
                names = row
            elif row:
                if len(row) != len(names):
                    message = f"this row has {len(row)} values; expected {len(names)}, as in the first row"
                    raise ProblemError(error(path, message, line=reader.line_num))
                rows.append(dict(zip(names, row, strict=True)))
    except csv.Error as wrong:
        raise ProblemError(error(path, f"not valid CSV: {wrong}", line=reader.line_num)) from None
    return rows


PARSERS: dict[str, Callable[[str, str], Any]] = {
    ".yml": yaml_data,
    ".yaml": yaml_data,
    ".json": json_data,
    ".toml": toml_data,
    ".csv": csv_data,
}
"""Suffix → how such a file is read."""
