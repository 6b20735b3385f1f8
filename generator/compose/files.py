"""Files: what a page takes in from other files of the site: the whole of one, some lines, or a named region."""

from __future__ import annotations

import os
import posixpath
import re
from typing import TYPE_CHECKING

from generator.errors import did_you_mean, error
from generator.fences import line_numbers
from generator.pages import read_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.compose.work import Work

MARKER = re.compile(
    r"^[^\w\n]*(?:"
    r"-+8<-+ *\[ *(?P<edge>start|end) *: *(?P<name>[\w.-]+) *\]"
    r"|\#?[ ]?(?P<region>region|endregion)\b[: ]*(?P<named>[\w.-]*)"
    r")[^\w\n]*$",
    re.MULTILINE,
)
"""The line of a comment, in whatever language, that begins or ends a region."""


def included(work: Work, written: str, options: Mapping[str, str], line: int) -> tuple[str, str, int] | None:
    """Give path, text and first line of what is included; None with a problem when there is no such thing."""
    path = find(work, written, line)
    if path is None:
        return None
    text, problem = read_page(path, work.reads)
    if text is None:
        work.problems += [problem] if problem else []
        return None
    first = 1
    if options.get("region"):
        found = region(text, options["region"])
        if found is None:
            names = [name for name, _, _ in regions(text)]
            message = f"there is no region “{options['region']}” in {path}"
            complain(work, message, line, did_you_mean(options["region"], names) or known_regions(names))
            return None
        text, first = found
    if not options.get("lines"):  # numbers are those that an editor shows
        text = without_markers(text, every=bool(options.get("region")))
    return path, text, first


def complain(work: Work, message: str, line: int, hint: str = "") -> None:
    """Note an error at a line of the page."""
    work.problems.append(error(work.path, message, line=line, hint=hint))


def known_regions(names: list[str]) -> str:
    """Say which regions a file has."""
    return (
        f"it has {', '.join(sorted(names))}"
        if names
        else "mark one with “--8<-- [start:NAME]” and “--8<-- [end:NAME]”"
    )


def find(work: Work, written: str, line: int) -> str | None:
    """Give the file of the site that a path means: beside the page, else below the root."""
    folder = posixpath.dirname(work.path)
    wanted = [posixpath.normpath(written.lstrip("/"))]
    if not written.startswith("/"):
        wanted.insert(0, posixpath.normpath(posixpath.join(folder, written)))
    inside = [path for path in dict.fromkeys(wanted) if stays_inside(work, path)]
    if not written or not inside:
        complain(
            work, f"“{written}” is no file of this site" if written else "expected the name of a file", line
        )
        return None
    for path in inside:
        if work.reads.exists(path):
            return path
    near = [(path, did_you_mean(posixpath.basename(path), names_beside(work, path))) for path in inside]
    tried = " or ".join(inside)
    complain(
        work, f"there is no file “{written}”; looked for {tried}", line, next((h for _, h in near if h), "")
    )
    return None


def stays_inside(work: Work, path: str) -> bool:
    """Say whether a path is one of the site's own, links followed."""
    if path in ("", ".", "..") or path.startswith(("../", "/")) or "\0" in path:
        return False
    root = os.path.realpath(work.reads.facts.root)
    return os.path.realpath(os.path.join(root, path)).startswith(root + os.sep)


def names_beside(work: Work, path: str) -> list[str]:
    """Give the files of the folder where one was expected."""
    return work.reads.names(posixpath.dirname(path))


# ---------------------------------------------------------------- regions


def regions(text: str) -> Iterator[tuple[str, int, int]]:
    """Give the named regions of a text with the offsets of their first and last letter; those left open reach to the end."""
    opened: list[tuple[str, int]] = []
    for match in MARKER.finditer(text):
        name = match["name"] or match["named"] or ""
        if match["edge"] == "start" or match["region"] == "region":
            opened.append((name, min(match.end() + 1, len(text))))
            continue
        at = next((i for i in range(len(opened) - 1, -1, -1) if not name or opened[i][0] == name), None)
        if at is not None:
            begun, start = opened.pop(at)
            yield begun, start, match.start()
    yield from ((name, start, len(text)) for name, start in opened)


def region(text: str, name: str) -> tuple[str, int] | None:
    """Give a region's text and the number of its first line."""
    found = next(((start, end) for one, start, end in regions(text) if one == name), None)
    return (text[found[0] : found[1]], text.count("\n", 0, found[0]) + 1) if found else None


def without_markers(text: str, *, every: bool) -> str:
    """Leave out the lines that mark regions; `#region` belongs to the code unless regions were asked for."""
    if "8<" not in text and not (every and "region" in text):
        return text
    rows = text.splitlines(keepends=True)
    found = ((row, MARKER.fullmatch(row.rstrip("\r\n"))) for row in rows)
    return "".join(row for row, marker in found if not marker or not (every or marker["edge"]))


def lines_of(text: str, spec: str) -> str:
    """Give the lines that `1-5,9` names; ValueError when it names none."""
    rows = text.splitlines(keepends=True)
    wanted = line_numbers(spec, len(rows))
    return "".join(row for number, row in enumerate(rows, 1) if number in wanted)
