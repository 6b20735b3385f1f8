"""Environments: virtual environments that hold what a user would install, and nothing of this working copy."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PIP = ("--disable-pip-version-check",)
"""What pip is always told."""


def wheel_of(sources: list[Path], folder: Path) -> Path:
    """Build wheels into a folder; give that of Pressrun."""
    for source in sources:
        words = ["-m", "pip", *PIP, "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(source)]
        subprocess.run([sys.executable, *words], check=True, timeout=400)
    [wheel] = folder.glob("pressrun-*.whl")
    return wheel


def fresh_tools(folder: Path, wheels: Path, *packages: str) -> Path:
    """Make a virtual environment and install packages there, some from a folder; give the folder of its commands."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=200)
    words = [*PIP, "install", "--quiet", "--find-links", str(wheels), *packages]
    subprocess.run([folder / "bin/pip", *words], check=True, timeout=400)
    return folder / "bin"


def fresh_environ() -> dict[str, str]:
    """Give the variables of such an environment: what is found beside this working copy is not found there."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
