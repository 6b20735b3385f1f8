"""Themes: a look in a Python package that one installs: templates, assets and settings, over the built-in theme and below the site's own.

A theme is data: it is found without being imported, and none of its code runs (its templates do, as the site's own).
"""

from __future__ import annotations

import os
import sys
import tomllib
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from generator.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FACT = "config:theme"
"""The fact that holds the folder of the installed theme, where there is one."""
GROUP = "pressrun.themes"
"""Entry points under which packages give their themes names: `name = "package"`."""
SETTINGS = "theme.toml"
"""The file of a theme that says what holds unless the site's configuration says something else: a table `look`."""
FOLDERS = ("templates", "assets", "words")
"""What a theme can have besides."""
STYLE = "look.css"
"""The file of `assets` that is added to the built-in style sheet; a `theme.css` takes its place."""
BUILT_IN = Path(__file__).parent / "theme"


class Missing(LookupError):
    """There is no such theme; its words say so, `hint` what may have been meant."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Layers:
    """The folders that a site's looks come from, besides its own."""

    folders: tuple[Path, ...] = (BUILT_IN,)
    """The installed theme, then the built-in one."""

    def template(self, name: str, *, built_in: bool = False) -> Path | None:
        """Find a template by its plain name; with `built_in` in the built-in theme alone."""
        for folder in self.folders[-1:] if built_in else self.folders:
            path = folder / "templates" / name
            if path.is_file():
                return path
        return None

    def names(self, below: str = "") -> set[str]:
        """Name all templates, with `/` between folders, or those in one folder."""
        return {
            path.relative_to(folder / "templates" / below).as_posix()
            for folder in self.folders
            for path in (folder / "templates" / below).rglob("*.html")
        }

    def assets(self) -> dict[str, bytes]:
        """Give the bytes of all assets by name."""
        found = {}
        for folder in reversed(self.folders):
            for path in sorted((folder / "assets").glob("*")):
                if path.is_file():
                    found[path.name] = path.read_bytes()
        return found

    def files(self) -> Iterator[str]:
        """Give the absolute paths of all files of the installed theme."""
        for folder in self.folders[:-1]:
            for where, folders, names in os.walk(folder):
                folders[:] = sorted(name for name in folders if name != "__pycache__")
                yield from (os.path.join(where, name) for name in sorted(names))

    def listed(self) -> Iterator[str]:
        """Give the absolute paths of its folders: a file that is added counts too."""
        for folder in self.folders[:-1]:
            for where, folders, _ in os.walk(folder):
                folders[:] = sorted(name for name in folders if name != "__pycache__")
                yield where


def layers(folder: str) -> Layers:
    """Give the layers of a site whose theme is in a folder; an empty one stands for the built-in theme alone."""
    return Layers((Path(folder), BUILT_IN)) if folder else Layers()


def layers_of(facts: Mapping[str, bytes]) -> Layers:
    """Give the layers of the site that is being built; all of the theme's files are part of the cache's fingerprint."""
    folder = facts.get(FACT)
    return layers(msgspec.msgpack.decode(folder, type=str)) if folder else Layers()


def located(name: str, root: str) -> Path:
    """Find the folder of a theme: a package of this name, also one beside the site, or one with such an entry point. Raises Missing."""
    paths = [root, *sys.path]
    folder = package_folder(name, paths)
    if folder is None or not is_theme(folder):
        from importlib.metadata import distributions

        every = (one for found in distributions(path=paths) for one in found.entry_points)
        named = {one.name: one.module for one in every if one.group == GROUP}
        if name in named:
            folder = package_folder(named[name], paths)
        elif folder is None:
            hint = did_you_mean(name, named) or "install the package that has it with pip"
            raise Missing(f"there is no theme “{name}”", hint)
    if folder is None or not is_theme(folder):
        raise Missing(f"the package “{name}” is no theme; expected {', '.join(FOLDERS)} or {SETTINGS} in it")
    return folder


def is_theme(folder: Path) -> bool:
    """Say whether a package has anything that a theme can have."""
    return any((folder / part).exists() for part in (*FOLDERS, SETTINGS))


def package_folder(module: str, paths: list[str]) -> Path | None:
    """Give the folder of a package without importing it, nor those around it."""
    folder = None
    for part in module.split("."):
        spec = PathFinder.find_spec(part, paths) if part.isidentifier() else None
        if spec is None or not spec.submodule_search_locations:
            return None
        folder = os.path.abspath(next(iter(spec.submodule_search_locations)))
        paths = [folder]
    return Path(folder) if folder else None


def settings(folder: Path) -> tuple[str, dict[str, Any]]:
    """Read what a theme says unless the site does: the text of its file, and its tables. Raises ValueError in words."""
    try:
        text = (folder / SETTINGS).read_text("utf-8")
        return text, tomllib.loads(text)
    except FileNotFoundError:
        return "", {}
    except OSError as wrong:
        raise ValueError(wrong.strerror) from None
    except RecursionError as wrong:
        raise ValueError(str(wrong)) from None
