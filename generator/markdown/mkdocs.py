"""MkDocs: the block syntax of Python-Markdown and its extensions, where `dialect = "mkdocs"` asks for it.

`!!! note "Title"`, `??? note`, `=== "Tab"` with their indented bodies give the tokens of components, `--8<--` those of includes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator.markdown.attributes import Attributes
from generator.markdown.blocks import close_component, line_at, open_component

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.rules_block import StateBlock

ADMONITION = re.compile(r"(!!!|\?\?\?\+?)[ \t]*([A-Za-z][\w -]*?)(?:[ \t]+\"(.*)\")?")
TAB = re.compile(r"===([!+]*)[ \t]+\"(.+)\"")
SNIPPET = re.compile(r"-{1,}8<-{1,}[ \t]+[\"'](.+)[\"']")
PLACING = ("inline", "end")
"""Words behind the kind that say where a box stands."""


def admonition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`!!! kind "title"`, and `???` for one that folds."""
    match = ADMONITION.fullmatch(line_at(state, start))
    if not match:
        return False
    if not silent:
        kind, *words = match[2].split()
        placing = tuple(word for word in words if word in PLACING)
        classes = (*placing, *(w.lower() for w in words if w not in PLACING))
        values = {"kind": kind.lower()}
        if match[3] == "":
            values["untitled"] = "true"
        if match[1].startswith("?"):
            values["fold"] = "true"
        if match[1].endswith("+"):
            values["open"] = "true"
        indented(state, start, end, "admonition", match[3] or "", Attributes("", classes, values))
    return True


def tab(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`=== "Title"`; neighbours make one set."""
    match = TAB.fullmatch(line_at(state, start))
    if not match:
        return False
    if not silent:
        values = {name: "true" for letter, name in (("!", "new"), ("+", "open")) if letter in match[1]}
        state.env["loose tabs"] = True
        indented(state, start, end, "tab", match[2], Attributes(values=values))
    return True


def indented(state: StateBlock, start: int, end: int, name: str, title: str, given: Attributes) -> None:
    """Push a component whose body is what stands four columns deeper."""
    indent, last_line = state.blkIndent, state.lineMax
    inner = state.sCount[start] + 4
    line = start + 1
    while line < end and (state.isEmpty(line) or state.sCount[line] >= inner):
        line += 1
    while line > start + 1 and state.isEmpty(line - 1):
        line -= 1
    open_component(state, start, name, 0, title, given, line_at(state, start))
    state.tokens[-2 if title else -1].meta["end"] = line
    state.blkIndent, state.lineMax = inner, line
    state.md.block.tokenize(state, start + 1, line)
    state.blkIndent, state.lineMax = indent, last_line
    close_component(state, line - 1, 0)
    state.line = line


def snippet(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`--8<-- "file.md"` on a line of its own."""
    match = SNIPPET.fullmatch(line_at(state, start))
    if not match:
        return False
    if not silent:
        token = state.push("include", "", 0)
        token.map = [start, start + 1]
        token.meta = {
            "attributes": Attributes(values={"file": match[1], "shift": "0"}),
            "written": match[0],
        }
        state.env["includes"] = True
        state.line = start + 1
    return True


MKDOCS_RULES: dict[str, Callable[[Any, int, int, bool], bool]] = {
    "mkdocs_admonition": admonition,
    "mkdocs_tab": tab,
    "mkdocs_snippet": snippet,
}
"""Name → rule, as `letters.py` knows it."""
