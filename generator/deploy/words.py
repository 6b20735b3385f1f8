"""Words: a plan as a person reads it, and as a program does."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.deploy.plan import Plan
    from generator.errors import Problem

SIGNS = {"add": "+", "change": "~", "delete": "-", "record": "*"}
UNITS = ("bytes", "KiB", "MiB", "GiB")


def lines(plan: Plan) -> list[str]:
    """Give a plan as rows: each step in the order in which it is taken, then the sums."""
    rows = [
        f"{SIGNS[s.do]} {s.path}" + (f" ({size(s.size)})" if s.do != "record" else "") for s in plan.steps
    ]
    rows += [
        f"  {path} stays for a while (dropped {since[:16]})" for path, since in sorted(plan.staying.items())
    ]
    return [*rows, summary(plan)]


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
