"""Problems on the page: each with an excerpt of its file and the link that opens it in the author's editor."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.errors import Problem

AROUND = 2
"""Lines shown above and below the one that is meant."""
WIDEST = 200
"""Letters of a line that are shown."""
MOST = 50
"""Problems that are sent."""
THEME = Path(__file__).parents[1] / "theme" / "templates"


@dataclass(frozen=True, slots=True)
class Editor:
    """How a place is opened in the author's editor."""

    root: str
    """The site's folder."""
    link: str
    """The configured URL with `{path}`, `{line}` and `{column}`; empty: no links."""

    def url(self, problem: Problem) -> str:
        """Give the link of a problem; nothing where no file is meant."""
        file = self.file(problem.path)
        if not self.link or not file:
            return ""
        path = quote(file, safe="/:")
        line, column = str(problem.line or 1), str(problem.column or 1)
        return self.link.replace("{path}", path).replace("{line}", line).replace("{column}", column)

    def file(self, path: str) -> str:
        """Give the absolute path of a file of the site or of the theme; nothing for what is none."""
        if path.startswith("theme/") and (THEME / path[6:]).is_file():
            return str(THEME / path[6:])
        full = os.path.realpath(os.path.join(self.root, path))
        inside = full.startswith(os.path.realpath(self.root) + os.sep)
        return full if inside and os.path.isfile(full) else ""


def shown(problems: Iterable[Problem], editor: Editor) -> list[dict[str, Any]]:
    """Give problems as the page gets them, errors first; what only tells a decision is left out."""
    order = {"error": 0, "warning": 1}
    found = sorted((p for p in problems if p.level in order), key=lambda p: order[p.level])
    return [
        {
            "path": p.path,
            "place": p.place(),
            "level": p.level,
            "message": p.message,
            "hint": p.hint,
            "excerpt": excerpt(editor.file(p.path), p.line),
            "line": p.line,
            "link": editor.url(p),
        }
        for p in found[:MOST]
    ]


def excerpt(file: str, line: int) -> list[tuple[int, str]]:
    """Give number and text of the lines around a place; none when no line is meant."""
    if not file or not line:
        return []
    try:
        with open(file, "rb") as stream:
            rows = stream.read(1_000_000).decode("utf-8", "replace").split("\n")
    except OSError:
        return []
    first = max(1, line - AROUND)
    return [(n, rows[n - 1].rstrip("\r")[:WIDEST]) for n in range(first, min(line + AROUND, len(rows)) + 1)]
