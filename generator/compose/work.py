"""Work: one page while it is composed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from generator.cache import Facts, Reads
from generator.content import Link
from generator.editions import words_for
from generator.errors import Problem
from generator.execute import Step
from generator.fences import Fence
from generator.frontmatter import Header
from generator.highlighter import Highlighter
from generator.plugins import NO_PLUGINS, Plugins
from generator.words import Words

LINE_END = re.compile("\n")


@dataclass(slots=True)
class Work:
    """One page while it is composed."""

    path: str
    header: Header
    body: str
    highlighter: Highlighter
    reads: Reads
    find_templates: Callable[[Facts], Any]
    """Gives what renders templates; asked only when a page uses one in its text."""
    dialect: str = "pressrun"
    """Of its Markdown."""
    plugins: Plugins = NO_PLUGINS
    """The site's plug-ins."""
    doors: tuple[Callable[[Any], object], ...] = ()
    """What changes the parser for this page."""
    fences: dict[int, Fence] = field(default_factory=dict)
    """`id(token)` → its fence."""
    holes: list[tuple[str, str, int, int]] = field(default_factory=list)
    """Number → (as written, expression, line, column)."""
    steps: list[Step] = field(default_factory=list)
    places: dict[object, int] = field(default_factory=dict)
    """`id(token)` of a fence, or number of a hole → index of its step."""
    problems: list[Problem] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictures: dict[str, None] = field(default_factory=dict)
    """Image files that the page shows, in its order."""
    searched: dict[str, int] = field(default_factory=dict)
    """Destination → offset in the body up to which it was found already."""
    lines: tuple[str, list[int]] = ("", [0])
    """A body, and where its lines begin."""
    diagrams: bool = False
    """Whether the page has one that a script of ours draws."""
    number: int = 0
    """Of components, so that each has a name of its own where it needs one."""
    said: Words | None = None
    """The theme's words in the page's language, once they were asked for."""

    @property
    def words(self) -> Words:
        """The theme's words in the page's language."""
        self.said = self.said or words_for(self.reads, self.path)
        return self.said

    def line_starts(self) -> list[int]:
        """Give where the lines of the body begin; counted once, since a page may have thousands of broken links."""
        if self.lines[0] is not self.body:
            self.lines = (self.body, [0, *(found.end() for found in LINE_END.finditer(self.body))])
        return self.lines[1]

    def row(self, index: int) -> str:
        """Give a line of the body."""
        starts = self.line_starts()
        end = starts[index + 1] - 1 if index + 1 < len(starts) else len(self.body)
        return self.body[starts[index] : end]

    def place(self, offset: int) -> tuple[int, int]:
        """Give line of the file and column of an offset in the body."""
        starts = self.line_starts()
        index = bisect_right(starts, offset) - 1
        return self.header.body_line + index, offset - starts[index] + 1

    @property
    def templates(self) -> Any:
        """What renders templates."""
        return self.find_templates(self.reads.facts)
