"""Packages: wheels among the site's files whose Python travels with the demos that import it, to Pyodide.

A wheel's modules travel as text, as the project's own do: compressed by the server they are smaller than the wheel, and nothing
has to be unpacked or installed in the browser.
"""

from __future__ import annotations

import ast
import posixpath
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .travel import DemoError, Module

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

CONFIGURED = (
    "Name wheels of pure Python, by their paths below the site's root, in packages of [tool.pressrun.demos]."
)


@dataclass(frozen=True, slots=True)
class Package:
    """What a wheel brings along."""

    names: frozenset[str]
    """What can be imported of it."""
    modules: tuple[Module, ...]
    """Its Python; `name.__init__` for packages."""


def packages_of(root: Path, paths: Iterable[str]) -> list[Package]:
    """Read wheels. Raises DemoError for what is none, or has more than Python in it."""
    return [read(root, path) for path in paths]


def read(root: Path, path: str) -> Package:
    """Read one wheel."""
    try:
        with zipfile.ZipFile(root / path) as wheel:
            files = [name for name in sorted(wheel.namelist()) if ".dist-info/" not in name]
            built = next((name for name in files if name.endswith((".so", ".pyd", ".dylib"))), "")
            if built:
                raise DemoError(
                    f"{path} has more than Python in it ({posixpath.basename(built)})", CONFIGURED
                )
            texts = {name: wheel.read(name).decode() for name in files if name.endswith(".py")}
    except FileNotFoundError:
        raise DemoError(f"there is no package {path}", CONFIGURED) from None
    except OSError as error:
        raise DemoError(f"the package {path} cannot be read: {error.strerror}", CONFIGURED) from None
    except (zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise DemoError(f"the package {path} cannot be read: {error}", CONFIGURED) from None
    modules = tuple(
        Module(name.removesuffix(".py").replace("/", "."), f"{path}/{name}", text)
        for name, text in texts.items()
    )
    return Package(frozenset(name.partition("/")[0].removesuffix(".py") for name in texts), modules)


def used(packages: Sequence[Package], sources: Iterable[str]) -> list[Module]:
    """Give the modules of the packages that these sources import, and of those that they import in turn."""
    wanted = {name for source in sources for name in imports(source)}
    found: list[Package] = []
    while more := [one for one in packages if one not in found and one.names & wanted]:
        found += more
        wanted |= {name for one in more for module in one.modules for name in imports(module.source)}
    return [module for one in packages if one in found for module in one.modules]


def imports(source: str) -> Iterator[str]:
    """Give the first names of all that a source imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
