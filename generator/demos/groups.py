"""Groups: which demos of a page share an interpreter, and which engine each group has.

Demos share one interpreter for each engine, and so the page's one instance of each State class; an `isolated` demo has an
interpreter of its own. MicroPython runs what keeps to its part of Python. What needs more runs on Pyodide, and with it all
demos that share a State class with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from generator.errors import Problem

from .engines import INSTALL, MICROPYTHON, NAMES, PYODIDE, Engine, pyodide
from .travel import DemoError, LackingError, Module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Names = frozenset[tuple[str, str]]
    Travel = Callable[[Names, Engine], list[Module]]


@dataclass(frozen=True, slots=True)
class Demo:
    """One demo of a page, as compiled."""

    number: str
    """Its place in the page, from 1."""
    line: int
    """Where it stands."""
    table: Mapping[str, Any]
    """Its view's bindings."""
    first: Mapping[str, Any]
    """Its first values."""
    names: Names
    """Module and name of the State classes that its view shows or calls."""
    engine: str
    """What its author asks for: `auto` or an engine's name."""
    isolated: bool
    """Whether it has an interpreter and a state of its own."""
    pauses: bool
    """Whether its tasks rest while the page is hidden; such a demo is always isolated."""


@dataclass(frozen=True, slots=True)
class Group:
    """Demos that share an interpreter."""

    engine: str
    """Its name."""
    demos: tuple[Demo, ...]
    """In the order of the page."""
    modules: Sequence[Module]
    """What travels to it."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """A demo with the engine that it gets."""

    demo: Demo
    engine: str
    states: frozenset[str]
    """Keys of all State classes that its modules define: what it could share with others."""
    note: Problem | None


class Grouping:
    """Makes the groups of one page."""

    def __init__(
        self,
        page_path: str,
        travel: Travel,
        states_of: Callable[[Module], Iterable[str]],
        packages: frozenset[str],
    ) -> None:
        """`travel`: the modules of some names, for an engine; `states_of`: keys of the State classes in a module."""
        self.page_path = page_path
        self.travel = travel
        self.states_of = states_of
        self.packages = packages

    def groups(self, demos: Iterable[Demo]) -> tuple[list[Group], list[Problem]]:
        """Give the groups, and what the author should know. Raises DemoError when a demo cannot run as asked."""
        choices = self.settled([self.choice(demo) for demo in demos])
        together: dict[tuple[str, str], list[Demo]] = {}
        for one in choices:
            key = (one.engine, one.demo.number if one.demo.isolated else "")
            together.setdefault(key, []).append(one.demo)
        groups = []
        for (name, _), members in together.items():
            names = frozenset(pair for demo in members for pair in demo.names)
            groups.append(Group(name, tuple(members), self.travel(names, self.engine(name))))
        return groups, [one.note for one in choices if one.note]

    def engine(self, name: str) -> Engine:
        """Give an engine by its name; Pyodide must be installed."""
        found = pyodide() if name == PYODIDE else None
        return Engine(name, found.modules, self.packages) if found else Engine(MICROPYTHON)

    def choice(self, demo: Demo) -> _Choice:
        """Choose a demo's engine by what it alone uses."""
        name, note = demo.engine, None
        if name == PYODIDE and pyodide() is None:
            raise DemoError(
                "Pyodide is not installed", f"Install it: `{INSTALL}`.", self.page_path, demo.line
            )
        if name != PYODIDE:
            try:
                modules = self.travel(demo.names, Engine(MICROPYTHON))
                name = MICROPYTHON
            except LackingError as lacking:
                if name == MICROPYTHON:
                    raise
                name, note = PYODIDE, self.note(lacking, demo)
        if name == PYODIDE:
            modules = self.travel(demo.names, self.engine(PYODIDE))
        states = frozenset(key for module in modules for key in self.states_of(module))
        return _Choice(demo, name, states, note)

    def note(self, lacking: LackingError, demo: Demo) -> Problem:
        """Say why a demo needs the greater engine; an error when that is not installed."""
        if pyodide() is None:
            message = f"{lacking.what} in the browser's small Python (MicroPython), and Pyodide, which has all, is not installed"
            hint = f"{lacking.hint} Or install Pyodide: `{INSTALL}`."
            raise DemoError(message, hint, lacking.path, lacking.line)
        place = lacking.path or self.page_path
        message = f"{lacking.what} in MicroPython, so this demo runs on Pyodide, which readers wait longer for (3.8 MB instead of 0.2)"
        elsewhere = "" if place == self.page_path else f" The demo stands at {self.page_path}:{demo.line}."
        hint = f"To stay with MicroPython: {lacking.hint} To settle it: `engine=pyodide`.{elsewhere}"
        return Problem(place, lacking.line or demo.line, 0, "info", message, hint)

    def settled(self, choices: list[_Choice]) -> list[_Choice]:
        """Put demos that share a State class on one engine, the greater one."""
        while True:
            greater = [one for one in choices if one.engine == PYODIDE and not one.demo.isolated]
            drawn = {
                one.demo.number: other
                for one in choices
                if one.engine == MICROPYTHON and not one.demo.isolated
                for other in greater
                if one.states & other.states
            }
            if not drawn:
                return choices
            for one in choices:
                other = drawn.get(one.demo.number)
                if other is not None and one.demo.engine == MICROPYTHON:
                    shared = min(one.states & other.states).rpartition(".")[2]
                    raise DemoError(
                        f"this demo is to run on {NAMES[MICROPYTHON]}, and shares {shared} with the one at line {other.demo.line}, "
                        f"which runs on {NAMES[PYODIDE]}",
                        "Give both the same engine, or make one of them `isolated`.",
                        self.page_path,
                        one.demo.line,
                    )
            choices = [replace(one, engine=PYODIDE) if one.demo.number in drawn else one for one in choices]
