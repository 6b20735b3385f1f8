"""Problems: what an author (or the machine) got wrong, with its place and the way out."""

from __future__ import annotations

import builtins
import contextlib
import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Level = Literal["error", "info", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One sentence about one place; the unit in which Pressrun complains."""

    path: str
    """The file, as a POSIX path below the site's root (or as the user gave it, outside)."""
    line: int
    """Counted from 1 by `\\n` alone; 0 when the whole file is meant."""
    column: int
    """Counted from 1 in characters; 0 when the whole line is meant."""
    level: Level
    """Errors make the exit status 1; warnings do so with `--strict`; infos, which only tell what was decided, never do."""
    message: str
    """What is wrong, and what was expected."""
    hint: str = ""
    """How to mend it (did you mean …), possibly several lines such as a traceback."""

    def place(self) -> str:
        """Give `path:line:column` as editors and terminals understand it."""
        return ":".join([self.path, *(str(n) for n in (self.line, self.column) if n)])

    def moved(self, lines: int) -> Problem:
        """Give the same problem further down in the same file."""
        return replace(self, line=self.line + lines)

    def __str__(self) -> str:
        text = f"{self.place()}: {self.level}: {self.message}"
        return text + "".join(f"\n    {line}" for line in self.hint.splitlines())


class ProblemError(Exception):
    """Stops what is being done because of problems that make going on senseless."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class BusyError(Exception):
    """Another build holds the project's lock (exit status 75)."""


def error(path: str, message: str, *, line: int = 0, column: int = 0, hint: str = "") -> Problem:
    """Make a problem of level error."""
    return Problem(path, line, column, "error", message, hint)


def warning(path: str, message: str, *, line: int = 0, column: int = 0, hint: str = "") -> Problem:
    """Make a problem of level warning."""
    return Problem(path, line, column, "warning", message, hint)


def did_you_mean(word: str, choices: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Give `did you mean “x”?` for the nearest choice, or nothing when none is near."""
    near = difflib.get_close_matches(word, list(choices), n=1, cutoff=cutoff)
    return f"did you mean “{near[0]}”?" if near else ""


def meant_by(wrong: BaseException) -> str:
    """Give `did you mean “x”?` for the name or attribute that an exception says is missing, or nothing."""
    name, known = getattr(wrong, "name", None), list[str]()
    if not isinstance(name, str):
        return ""
    if isinstance(wrong, AttributeError):
        with contextlib.suppress(Exception):  # an author's own __dir__
            known = dir(wrong.obj)
    elif isinstance(wrong, NameError) and (trace := wrong.__traceback__):
        while trace.tb_next:
            trace = trace.tb_next
        known = [*trace.tb_frame.f_locals, *trace.tb_frame.f_globals, *dir(builtins)]
    return did_you_mean(name, [one for one in known if not one.startswith("__")], cutoff=0.8)
