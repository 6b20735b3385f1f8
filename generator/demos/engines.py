"""The engines of the browser: MicroPython, which comes along, and Pyodide, for demos that need more, where it is installed."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from generator.cache import digest
from generator.fingerprint import pyodide_record

if TYPE_CHECKING:
    from collections.abc import Mapping

MICROPYTHON, PYODIDE = "micropython", "pyodide"
NAMES: Mapping[str, str] = {MICROPYTHON: "MicroPython", PYODIDE: "Pyodide"}
INSTALL = "pip install 'pressrun[pyodide]'"


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine as modules see it that are to run there."""

    name: str
    """`micropython` or `pyodide`."""
    modules: frozenset[str] = frozenset()
    """What can be imported in Pyodide of the standard library (of MicroPython's there is a finer table)."""
    packages: frozenset[str] = frozenset()
    """What else can be imported there: top-level names of the packages that travel with the demo."""

    @property
    def is_small(self) -> bool:
        """Whether it is the one that has only a part of Python."""
        return self.name == MICROPYTHON


@dataclass(frozen=True, slots=True)
class Pyodide:
    """The second engine, as it is installed."""

    folder: str
    """Where its files are."""
    published: str
    """The folder of the site where they go; it changes when they do: `assets/pyodide.0123456789`."""
    files: Mapping[str, str]
    """What its worker loads: names, which stay as they are, and digests."""
    modules: frozenset[str]
    """What can be imported of Python's standard library."""
    lock: Mapping[str, Any]
    """What Pyodide wants to know about itself: its version, and no packages."""


@cache
def pyodide() -> Pyodide | None:
    """Give the second engine; None when it is not installed."""
    path = pyodide_record()
    if not path:
        return None
    with open(path, encoding="utf-8") as stream:
        record = json.load(stream)
    stamp = digest(json.dumps(record["files"], sort_keys=True).encode())[:10]
    modules = frozenset(record["modules"])
    return Pyodide(os.path.dirname(path), f"assets/pyodide.{stamp}", record["files"], modules, record["lock"])
