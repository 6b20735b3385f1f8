"""Formats: problems as lines for people, as JSON, and as annotations that GitHub shows beside the lines of a change."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.errors import Problem

LEVELS = {"error": "error", "warning": "warning", "info": "notice"}
"""Our word for a problem's weight → GitHub's."""


def as_json(problems: Sequence[Problem], pages: int) -> str:
    """Write one object: `pages` and `problems`."""
    return json.dumps({"pages": pages, "problems": [asdict(one) for one in problems]}, ensure_ascii=False)


def as_github(problems: Sequence[Problem]) -> str:
    """Write workflow commands, one a line."""
    return "\n".join(annotation(one) for one in problems)


def annotation(problem: Problem) -> str:
    """Write one workflow command."""
    place = {"file": problem.path, "line": problem.line, "col": problem.column}
    properties = ",".join(
        f"{name}={escaped(str(value), inside=True)}" for name, value in place.items() if value
    )
    text = escaped("\n".join(part for part in (problem.message, problem.hint) if part), inside=False)
    return f"::{LEVELS[problem.level]} {properties}::{text}"


def escaped(text: str, *, inside: bool) -> str:
    """Escape what ends a workflow command or, inside of it, one of its properties."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if inside else text
