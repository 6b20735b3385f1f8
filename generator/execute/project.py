"""The project as page code sees it: modules from recorded text, and every place that was looked at is a key."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import linecache
import os
from typing import TYPE_CHECKING, Any

from generator.cache import MISSING, digest, import_folders, kind_digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType


def file_digest(path: str) -> str:
    """Give the digest of a file as it is now."""
    try:
        with open(path, "rb") as file:
            return digest(file.read())
    except OSError:
        return MISSING


def remember_source(path: str, text: str) -> None:
    """Make `inspect` and tracebacks read this very text."""
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)


NO_NAME = {"/", "\\", "\0"}
"""What no name of a module holds; `importlib.import_module` takes any text."""


class ProjectFinder(importlib.machinery.PathFinder):
    """Finds modules of the project: from recorded text, and every place that was looked at is a key."""

    def __init__(self, root: str, keys: dict[str, str]) -> None:
        self.root = root
        self.keys = keys
        self.asked: set[str] = set()
        """Modules at the top level that were looked for and are not the project's."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> Any:  # type: ignore[override]
        """Look below the root; what is not there is left to Python's other finders."""
        last = name.rpartition(".")[2]
        if NO_NAME & {*last}:  # a path would lead out of the folder to which it is joined
            return None
        folders = import_folders(self.root) if path is None else [p for p in path if self.is_project(p)]
        for folder in folders:
            base = os.path.join(folder, last)
            for candidate, is_package in ((os.path.join(base, "__init__.py"), True), (base + ".py", False)):
                text = self.read(candidate)
                if text is not None:
                    loader: Any = ProjectLoader(name, candidate, text)
                    locations = [base] if is_package else None
                    return importlib.util.spec_from_file_location(
                        name, candidate, loader=loader, submodule_search_locations=locations
                    )
            if os.path.isdir(base) and path is not None:
                spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
                spec.submodule_search_locations = [base]
                return spec
            if path is not None:  # a folder may come to stand there
                self.keys["kind:" + os.path.relpath(base, self.root).replace(os.sep, "/")] = kind_digest(base)
        if path is None:
            self.asked.add(name)
        return None

    def is_project(self, folder: str) -> bool:
        """Say whether a folder is a part of the project and not of an environment inside it."""
        relative = os.path.relpath(folder, self.root).replace(os.sep, "/")
        parts = relative.split("/")
        return (
            parts[0] != ".."
            and not any(p.startswith(".") and p != "." for p in parts)
            and "site-packages" not in parts
        )

    def read(self, path: str) -> bytes | None:
        """Read a module's bytes and record what they were, or that there are none."""
        key = "file:" + os.path.relpath(path, self.root).replace(os.sep, "/")
        try:
            with open(path, "rb") as file:
                data = file.read()
        except OSError:
            self.keys[key] = MISSING
            return None
        self.keys[key] = digest(data)
        return data


class ProjectLoader:
    """Runs a module from the text that was recorded."""

    def __init__(self, name: str, path: str, data: bytes) -> None:
        self.name, self.path, self.data = name, path, data

    def create_module(self, spec: Any) -> None:
        """Let Python make the module object."""

    def exec_module(self, module: ModuleType) -> None:
        """Compile and run; the text stays readable for `inspect`."""
        try:
            text = importlib.util.decode_source(self.data)
            remember_source(self.path, text)
            code = compile(text, self.path, "exec", dont_inherit=True)
        except (
            SyntaxError,
            ValueError,
        ) as wrong:  # a NUL or another encoding: such errors do not know the file
            if isinstance(wrong, SyntaxError) and wrong.filename == self.path:
                raise
            line = self.data.count(b"\n", 0, max(0, self.data.find(0))) + 1
            raise SyntaxError(getattr(wrong, "msg", str(wrong)), (self.path, line, 0, "")) from None
        exec(code, module.__dict__)  # noqa: S102

    def get_source(self, name: str) -> str:
        """Give the text, as `inspect` and `linecache` ask for it."""
        return importlib.util.decode_source(self.data)
