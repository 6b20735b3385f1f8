"""Words: a plan as a person reads it, and as a program does."""

from __future__ import annotations

import re
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.deploy.plan import Plan, Step
    from generator.errors import Problem

SIGNS = {"add": "+", "change": "~", "delete": "-", "record": "*"}
FOLDED = re.compile(r"(?:[^/]+/)?assets/(?:[^/]+/)?")
"""The folder of assets, of the site or of a version of it, in which a file stands or below which it does."""
MOST_ROWS = 3
"""Of files of one such folder; more are one row."""
UNITS = ("bytes", "KiB", "MiB", "GiB")


def lines(plan: Plan) -> list[str]:
    """Give a plan as rows: each step in the order in which it is taken, of assets those of one folder together, then the sums."""
    rows = [
        row for (do, folder), steps in groupby(plan.steps, key=fold) for row in told(do, folder, [*steps])
    ]
    rows += [
        f"  {path} stays for a while (dropped {since[:16]})" for path, since in sorted(plan.staying.items())
    ]
    return [*rows, summary(plan)]


def fold(step: Step) -> tuple[str, str]:
    """Give what steps have in common that may be told in one row; pages and deletions have no folder."""
    found = None if step.do == "delete" or step.path.endswith((".html", ".htm")) else FOLDED.match(step.path)
    return step.do, found[0] if found else ""


def told(do: str, folder: str, steps: list[Step]) -> Iterator[str]:
    """Give the rows of neighbouring steps."""
    if folder and len(steps) > MOST_ROWS:
        yield f"{SIGNS[do]} {len(steps)} files below {folder} ({size(sum(s.size for s in steps))})"
        return
    for step in steps:
        yield f"{SIGNS[do]} {step.path}" + (f" ({size(step.size)})" if do != "record" else "")


def summary(plan: Plan) -> str:
    """Give the sums of a plan."""
    if not plan.steps:
        return f"{plan.target}: nothing to do, {plan.same} files are there already"
    parts = []
    for do, what in (("add", "new"), ("change", "changed"), ("delete", "to delete")):
        of_kind = [step for step in plan.steps if step.do == do]
        parts.append(
            f"{len(of_kind)} {what}" + (f" ({size(sum(s.size for s in of_kind))})" if of_kind else "")
        )
    return f"{plan.target}: {', '.join(parts)}, {plan.same} the same"


def size(count: int) -> str:
    """Give bytes as people say them."""
    amount, unit = float(count), 0
    while amount >= 1024 and unit < len(UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    return f"{amount:.0f} {UNITS[unit]}" if not unit or amount >= 100 else f"{amount:.1f} {UNITS[unit]}"


def as_data(
    plan: Plan, *, done: bool, seconds: float, headers: dict[str, str], problems: Iterable[Problem] = ()
) -> dict[str, object]:
    """Give the object that `pressrun deploy --json` prints."""
    return {
        "target": plan.target,
        "done": done,
        "steps": [{"do": step.do, "path": step.path, "size": step.size} for step in plan.steps],
        "same": plan.same,
        "staying": plan.staying,
        "headers": headers,
        "problems": [asdict(problem) for problem in problems],
        "seconds": round(seconds, 4),
    }
