"""Fingerprint: what of ourselves can change a page; with another one, nothing of the cache is used."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from generator.cache import digest

LIBRARIES = (
    "markdown-it-py", "mdit-py-plugins", "linkify-it-py", "pyyaml", "jinja2", "pygments", "msgspec", "math-core", "nh3", "rich", "pillow",
    "griffelib",
)  # fmt: skip
"""Distributions whose version can change a page."""
UNREAD = {"__pycache__", "mermaid"}
"""Folders among our own files that are left out: of Mermaid's files `engines.json` has the digests."""


def generator_fingerprint() -> str:
    """Give the digest of all that computes pages: our own files, Python, the libraries' versions."""
    from importlib.metadata import version

    parts = [sys.version, *(f"{name} {version(name)}" for name in LIBRARIES)]
    here = Path(__file__).parent
    for folder in (here, here.parent / "pressrun"):
        files = [p for p in sorted(folder.rglob("*")) if p.is_file() and not UNREAD.intersection(p.parts)]
        parts += [f"{p.relative_to(here.parent).as_posix()} {digest(p.read_bytes())}" for p in files]
    pyodide = pyodide_record()
    parts += [digest(Path(pyodide).read_bytes())] if pyodide else []
    return digest("\n".join(parts).encode())


def pyodide_record() -> str:
    """Give the file that describes the second browser engine; empty when that is not installed."""
    from importlib.util import find_spec

    found = find_spec("pressrun_pyodide")
    folders = (found.submodule_search_locations or []) if found else []
    paths = [os.path.join(folder, "engine", "engine.json") for folder in folders]
    return next((path for path in paths if os.path.isfile(path)), "")
