"""Live demos: from a view and its State classes to a finished page and what its worker needs.

A demo is compiled when the site is built: `DemoCompiler.add` gives the HTML of the first view, `finish` the JSON that the
workers load, a part for each group of demos: the modules that travel, their manifests, the views' tables, the first values. No
address of the site is in any of it.
"""

from __future__ import annotations

import ast
import asyncio
import json
import os
import re
import traceback
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pressrun
from generator.config import ENGINES
from generator.config import Demos as Settings
from generator.errors import Problem, did_you_mean, meant_by, warning
from generator.words import IN_DEMOS, english
from pressrun.components import NODES, ViewError
from pressrun.components.node import Fragment
from pressrun.events import ASYNC, ASYNC_GENERATOR
from pressrun.expr import VarTypeError
from pressrun.live import Demos
from pressrun.state import State
from pressrun.tracked import plain

from .engines import MICROPYTHON, Engine, pyodide
from .groups import Demo, Group, Grouping
from .markup import Sheet, html_of, sprite
from .packages import Package, packages_of, used
from .shipping import browser_files, extras_of, runtime_files
from .travel import DemoError, Module, travelling
from .views import View, compile_view

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["RESET", "DemoCompiler", "DemoError", "browser_files", "html_of", "pyodide", "runtime_files"]

SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character: no text may hold it, but a str can."""


FRAME = '<div class="demo" data-demo="{number}"{parts} role="group" aria-label="{label}">'
RESET = '<button type="button" class="demo-reset" hidden>{}</button>'
"""The page's script shows it once something was done."""


class DemoCompiler:
    """The demos of one page, in the order in which they stand in it."""

    def __init__(
        self,
        root: Path,
        page_path: str,
        page_source: str,
        settings: Settings = Settings(),  # noqa: B008 - it is frozen
        words: Mapping[str, str] | None = None,
    ) -> None:
        """`page_source`: the page's own Python, every line where it stands in the page, all other lines blank.

        `words`: what is said in demos (`IN_DEMOS`), in English unless they are given.
        """
        self.words = words or {key: english().text(key) for key in IN_DEMOS}
        self.root = root
        self.settings = settings
        self.page_path = page_path
        self.page_source = page_source
        self.problems: list[Problem] = []
        self.demos: list[Demo] = []
        self.classes: dict[str, type[State]] = {}
        self.sheet = Sheet()
        self.packages: list[Package] = []

    def add(self, view: object, options: Mapping[str, str], line: int) -> str:
        """Give the HTML of a demo's first view, in its frame.

        `view`: a component, or a function of no arguments that gives one. Raises DemoError, with the author's place.
        """
        engine = options.get("engine") or self.settings.engine
        if engine not in ENGINES:
            message = f"engine={engine} is unknown; expected one of {', '.join(ENGINES)}"
            raise DemoError(message, did_you_mean(engine, ENGINES), self.page_path, line)
        number = str(len(self.demos) + 1)
        try:
            compiled, parts, classes = self.compiled(view, number)
            values = self._first_values(compiled, number)
        except DemoError:
            raise
        except Exception as error:  # whatever the author's code raises, with the author's place
            raise self._problem(error, line) from error
        html = SURROGATE.sub("\ufffd", html_of(parts, values, self.sheet))
        names = frozenset((cls.__module__, cls.__qualname__) for cls in classes.values())
        pauses = _is_on(options, "pause_hidden")
        alone = pauses or _is_on(options, "isolated")
        self.demos.append(Demo(number, line, compiled.table, plain(values), names, engine, alone, pauses))
        drawings = sprite(compiled.sheet.icons - self.sheet.icons)
        self.sheet.icons |= compiled.sheet.icons
        self.sheet.rules.update(compiled.sheet.rules)
        parts_too = " data-parts" if compiled.sheet.parts else ""
        frame = FRAME.format(number=number, parts=parts_too, label=escape(self.words["live_demo"]))
        reset = RESET.format(escape(self.words["reset"], quote=False))
        return f"{frame}{drawings}{html}{reset}</div>"

    def compiled(self, view: object, number: str) -> tuple[View, tuple[Any, ...], dict[str, type[State]]]:
        """Give the compiled view, its HTML's parts, and the State classes that it uses."""
        made = view() if callable(view) and not isinstance(view, NODES) else view
        if isinstance(made, list | tuple) and made and all(isinstance(one, NODES) for one in made):
            made = Fragment(tuple(made))
        if not isinstance(made, NODES):
            raise ViewError(
                f"a demo shows a component, not {type(made).__name__}.",
                "Give an expression such as `counter()`, where `counter` is a function that returns components.",
            )
        compiled, parts = compile_view(made, number, self.words)
        classes: dict[str, type[State]] = {}
        for key, name in _fields_in(compiled.table):
            cls = _class_of(key)
            if name not in cls._fields and name not in cls._vars:
                raise ViewError(f"{cls.__name__} has no field {name!r}.")
            if name.startswith("_"):
                raise ViewError(
                    f"{cls.__name__}.{name} is a backend field.", "Make a computed var of what may be shown."
                )
            _take(cls, classes)
        for handler in compiled.handlers:
            _take(handler.owner, classes)
        self.classes.update(classes)
        return compiled, parts, classes

    def _first_values(self, compiled: View, number: str) -> dict[str, Any]:
        demos = Demos(self.classes, {number: compiled.table}, _nowhere)
        if _has_async(self.classes):
            asyncio.run(demos.prepare())
        return demos.values(compiled.table, {})

    def finish(self) -> bytes | None:
        """Give what the page's workers load, as canonical JSON; None when the page has no demo."""
        if not self.demos:
            return None
        self.packages = packages_of(self.root, self.settings.packages)
        names = frozenset(name for package in self.packages for name in package.names)
        grouping = Grouping(self.page_path, self._travel, self._states_in, names)
        groups, notes = grouping.groups(self.demos)
        self.problems += notes
        text = json.dumps(
            [self._part(group) for group in groups],
            ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_encodable,
        )  # fmt: skip
        payload = SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text).encode()
        if len(payload) > self.settings.limit * 1000:
            message = f"the page's demos load {len(payload) / 1000:.0f} kB of code and values, more than {self.settings.limit} kB"
            hint = "Keep great tables out of State classes, or raise limit in [tool.pressrun.demos]."
            self.problems.append(warning(self.page_path, message, line=self.demos[0].line, hint=hint))
        return payload

    def _travel(self, names: frozenset[tuple[str, str]], engine: Engine) -> list[Module]:
        return travelling(set(names), self.root, self.page_path, self.page_source, engine)

    def _states_in(self, module: Module) -> list[str]:
        return [manifest["key"] for manifest in self._manifests(module.name, module.source)]

    def _part(self, group: Group) -> dict[str, Any]:
        """Give what one worker loads."""
        states = [one for module in group.modules for one in self._manifests(module.name, module.source)]
        if group.engine == MICROPYTHON:
            for manifest in states:
                for handler in manifest["handlers"]:
                    handler[1] = ASYNC if handler[1] == ASYNC_GENERATOR else handler[1]
        extras: dict[str, str] = {}
        for demo in group.demos:
            extras.update(extras_of(demo.table, [module.source for module in group.modules]))
        modules = [[name, name.replace(".", "/") + ".py", source] for name, source in extras.items()]
        sent = list(group.modules)
        if group.engine != MICROPYTHON:
            sent += used(self.packages, [module.source for module in group.modules])
        return {
            "engine": group.engine,
            "first": {demo.number: demo.first for demo in group.demos},
            "modules": modules + [[module.name, module.path, module.source] for module in sent],
            "pauses": group.demos[0].pauses,
            "saved": None,
            "states": states,
            "views": {demo.number: demo.table for demo in group.demos},
        }

    def _manifests(self, module: str, source: str) -> list[dict[str, Any]]:
        """Give the manifests of all State classes in what is left of a module, in the order of their definition."""
        found = {f"{cls.__module__}.{cls.__name__}": cls for cls in _subclasses(State)}
        found.update(self.classes)
        manifests = []
        for node in ast.parse(source).body:
            cls = found.get(f"{module}.{node.name}") if isinstance(node, ast.ClassDef) else None
            if cls is None:
                continue
            manifest = cls.__dict__["_manifest"]
            manifests.append(
                {
                    "key": manifest["key"],
                    "module": module,
                    "name": cls.__name__,
                    "fields": [[name, default] for name, default in manifest["fields"]],
                    "handlers": [list(one) for one in manifest["handlers"]],
                    "vars": [list(one) for one in manifest["vars"]],
                }
            )
        return manifests

    def _problem(self, error: Exception, line: int) -> DemoError:
        path, place = self._place(error)
        if path is None:
            path, place = self.page_path, line
        shown_by = "" if path == self.page_path else f"The demo stands at {self.page_path}:{line}."
        if isinstance(error, (ViewError, VarTypeError)):
            return DemoError(error.message, f"{error.hint} {shown_by}".strip(), path, place)
        hint = f"{meant_by(error)} {shown_by}".strip()
        return DemoError(f"{type(error).__name__}: {error}", hint, path, place)

    def _place(self, error: BaseException) -> tuple[str | None, int | None]:
        """Give the last line of the author's on the way to an error."""
        found: tuple[str | None, int | None] = (None, None)
        ours = (
            os.path.dirname(str(pressrun.__file__)),
            os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
        )
        root = os.path.abspath(self.root)
        for frame in traceback.extract_tb(error.__traceback__):
            file = os.path.abspath(os.path.join(root, frame.filename))
            if file.startswith(root + os.sep) and not file.startswith(tuple(part + os.sep for part in ours)):
                found = Path(file).relative_to(root).as_posix(), frame.lineno
        return found


def _take(cls: type[State], classes: dict[str, type[State]]) -> None:
    """Add a State class and those that it is made of."""
    if "<locals>" in cls.__qualname__ or "." in cls.__qualname__:
        raise ViewError(
            f"{cls.__qualname__} stands inside something else.", "Move the State class to module level."
        )
    for base in reversed(cls.__mro__):
        if issubclass(base, State) and base is not State:
            classes.setdefault(base._key, base)


def _is_on(options: Mapping[str, str], name: str) -> bool:
    return options.get(name, "false") not in ("false", "no")


def _nowhere(message: object) -> None:
    """Take what would go to the page: there is none while a site is built."""


def _encodable(value: object) -> object:
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=repr)
    raise TypeError(f"a {type(value).__name__} cannot travel to the browser")


def _subclasses(cls: type[Any]) -> list[type[Any]]:
    return [each for child in cls.__subclasses__() for each in (child, *_subclasses(child))]


def _class_of(key: str) -> type[State]:
    """Give the newest class of a key: each page sees freshly imported modules."""
    found = [cls for cls in _subclasses(State) if cls.__dict__.get("_key") == key]
    return found[-1]


def _has_async(classes: Mapping[str, type[State]]) -> bool:
    return any(one._is_async for cls in classes.values() for one in cls._vars.values())


def _fields_in(node: Any) -> list[tuple[str, str]]:
    """Give the (class key, field) pairs that a table or a node of it reads."""
    if isinstance(node, dict):
        return [pair for part in node.values() for pair in _fields_in(part)]
    if isinstance(node, list) and node and node[0] == "field":
        return [(node[1], node[2])]
    if isinstance(node, list) and node and node[0] != "=":
        return [pair for part in node for pair in _fields_in(part)]
    return []
