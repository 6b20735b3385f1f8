"""Terminal: what builds and problems look like for a person, and the JSON object for a program."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Self

    from rich.status import Status

    from generator.errors import Problem
    from generator.finished import Build


STYLES = {"error": "bold red", "warning": "bold yellow", "info": "bold blue"}


def report(made: Build, *, as_json: bool, explain: bool, out: str) -> None:
    """Print what a build did."""
    if as_json:
        click.echo(json.dumps(as_data(made), ensure_ascii=False))
        return
    print_problems(made.problems)
    if not out:
        return
    if explain:
        from generator.units import explain as in_words

        for unit, reason in made.ran.items():
            kind, _, subject = unit.partition(":")
            click.echo(f"{subject or kind}: {kind} ran because {in_words(reason)}")
    if made.left:
        click.echo(f"code not run (--no-exec), so its blocks are shown as they stand: {', '.join(made.left)}")
    held = f", {len(made.withheld)} not published ({held_back(made.withheld)})" if made.withheld else ""
    change = f"{counted(len(made.written), 'file')} written, {len(made.removed)} removed, {counted(len(made.ran), 'unit')} ran"
    wrong = {p.path for p in made.problems if p.level == "error"}
    failed = f", with errors in {counted(len(wrong), 'file')}" if wrong else ""
    click.echo(f"{counted(made.pages, 'page')} in {out}{held}{failed}: {change} ({made.seconds:.2f} s)")


def counted(number: int, noun: str) -> str:
    """Give `1 page` or `2 pages`."""
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"


def held_back(withheld: Mapping[str, str]) -> str:
    """Name some pages that are not published, and why."""
    named = [f"{path}: {why}" for path, why in sorted(withheld.items())[:5]]
    return ", ".join(named) + (", …" if len(withheld) > 5 else "")


def as_data(made: Build) -> dict[str, object]:
    """Give the object that `--json` prints."""
    return {
        "pages": made.pages,
        "outputs": made.outputs,
        "written": list(made.written),
        "removed": list(made.removed),
        "ran": made.ran,
        "problems": [
            {
                "path": p.path,
                "line": p.line,
                "column": p.column,
                "level": p.level,
                "message": p.message,
                "hint": p.hint,
            }
            for p in made.problems
        ],
        "seconds": round(made.seconds, 4),
    }


def print_problems(problems: Iterable[Problem]) -> None:
    """Print problems to standard error, in colour on a terminal."""
    problems = list(problems)
    if not problems:
        return
    if not sys.stderr.isatty():
        for problem in problems:
            click.echo(str(problem), err=True)
    else:
        from rich.console import Console
        from rich.text import Text

        console = Console(stderr=True, highlight=False, soft_wrap=True)
        for problem in problems:
            style = STYLES[problem.level]
            console.print(
                Text.assemble((problem.place(), "bold"), ": ", (problem.level, style), ": ", problem.message)
            )
            for row in problem.hint.splitlines():
                console.print(Text("    " + row, style="dim"))
    errors = sum(p.level == "error" for p in problems)
    warnings = sum(p.level == "warning" for p in problems)
    if errors or warnings:
        click.echo(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}", err=True)


class Progress:
    """Shows on a terminal how far a build is, or an upload."""

    def __init__(self, *, enabled: bool, doing: str = "building", of: str = "units") -> None:
        self.enabled = enabled
        self.doing, self.of = doing, of
        self.status: Status | None = None
        self.count = 0

    def __enter__(self) -> Self:
        if self.enabled:
            from rich.console import Console

            self.status = Console(stderr=True).status(f"{self.doing} …")
            self.status.start()
        return self

    def step(self, unit: str) -> None:
        """Count one unit."""
        self.count += 1
        if self.status and self.count % 10 == 0:
            self.status.update(f"{self.doing} … {self.count} {self.of}, {unit.partition(':')[0]}")

    def __exit__(self, *_: object) -> None:
        if self.status:
            self.status.stop()
