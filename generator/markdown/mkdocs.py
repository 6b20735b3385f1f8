"""MkDocs: the syntax of Python-Markdown and its extensions, where `dialect = "mkdocs"` asks for it.

`!!! note "Title"`, `??? note`, `=== "Tab"` with their indented bodies give the tokens of components, `--8<--` those of includes.
Within a line there are `^^inserted^^`, the changes of CriticMarkup and the short codes of icons.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator.markdown.attributes import LIST, Attributes
from generator.markdown.blocks import close_component, line_at, open_component
from generator.markdown.inlines import doubled

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

ADMONITION = re.compile(r"(!!!|\?\?\?\+?)[ \t]*([A-Za-z][\w -]*?)(?:[ \t]+\"(.*)\")?")
TAB = re.compile(r"===([!+]*)[ \t]+\"(.+)\"")
SNIPPET = re.compile(r"-{1,}8<-{1,}[ \t]+[\"'](.+)[\"']")
PLACING = ("inline", "end")
"""Words behind the kind that say where a box stands."""
CHANGES = {"++": "ins", "--": "del", "==": "mark", ">>": "span", "~~": "del"}
"""What stands behind the brace of a change → its element; the last one holds what was there, `~>` and what took its place."""
ENDS = {mark: f"{mark.replace('>>', '<<')}}}" for mark in CHANGES}
ICON = re.compile(r":(?:material|octicons|fontawesome|simple)-([a-z0-9-]+):(?!\w)")
STYLE_OF_ICON = re.compile(r"^(?:solid|regular|brands)-|-\d+$")
"""What says how an icon of a name is drawn."""
SIGNS = {
    "check": "✓", "check-all": "✓", "check-bold": "✓", "check-circle": "✓", "close": "✗", "close-circle": "✗", "x": "✗", "xmark": "✗",
    "arrow-right": "→", "arrow-left": "←", "arrow-up": "↑", "arrow-down": "↓", "plus": "+", "minus": "-", "alert": "⚠", "star": "★",
    "heart": "♥", "dots-horizontal": "…", "dots-vertical": "⋮",
}  # fmt: skip
"""Icon → the letter that says the same. There are no others: no icons come with Pressrun."""


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


def change_of_blocks(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`{++` on a line of its own, and the blocks up to `++}`."""
    first = line_at(state, start)
    mark = first[1:]
    if first[:1] != "{" or mark not in ("++", "--", "==") or state.env.get(first) == end:
        return False
    line = start + 1
    while line < end and line_at(state, line) != ENDS[mark]:
        line += 1
    if line >= end:
        state.env[first] = end  # none of this kind ends before that line
        return False
    if not silent:
        tag, last_line = CHANGES[mark], state.lineMax
        tag = "div" if tag == "mark" else tag  # which holds no blocks
        state.push(f"{tag}_block_open", tag, 1).attrs = {"class": "marked" if tag == "div" else "change"}
        state.lineMax = line
        state.md.block.tokenize(state, start + 1, line)
        state.lineMax = last_line
        state.push(f"{tag}_block_close", tag, -1)
        state.line = line + 1
    return True


def insertion(state: StateInline, silent: bool) -> bool:
    """`^^inserted^^`."""
    return doubled(state, "^", silent)


def change(state: StateInline, silent: bool) -> bool:
    """`{++added++}`, `{--deleted--}`, `{~~old~>new~~}`, `{==marked==}` and `{>>a comment<<}`."""
    start, limit = state.pos, state.posMax
    mark = state.src[start + 1 : start + 3]
    closing = ENDS.get(mark) if state.src[start] == "{" else None
    if closing is None or state.env.get(closing) is state.src:  # no end was found from an earlier place
        return False
    close = state.src.find(closing, start + 3, limit)
    if close < 0:
        state.env[closing] = state.src
        return False
    if not silent:
        middle = state.src.find("~>", start + 3, close) if mark == "~~" else -1
        parts = [(CHANGES[mark], start + 3, close)]
        if middle >= 0:
            parts = [("del", start + 3, middle), ("ins", middle + 2, close)]
        for tag, begin, stop in parts:
            opening = state.push(f"{tag}_open", tag, 1)
            if tag == "span":
                opening.attrs = {"class": "comment"}
            state.pos, state.posMax = begin, stop
            state.md.inline.tokenize(state)
            state.push(f"{tag}_close", tag, -1)
    state.pos, state.posMax = close + 3, limit
    return True


def icon(state: StateInline, silent: bool) -> bool:
    """`:material-check:`: a sign where one says the same, else nothing, which the page's author is told.

    A link that consists of icons alone gets the name of the first as its text, since it would have none: “github”.
    """
    match = ICON.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    given = LIST.match(state.src, match.end(), state.posMax)
    if not silent:
        name = STYLE_OF_ICON.sub("", STYLE_OF_ICON.sub("", match[1]))
        sign = SIGNS.get(name, "")
        state.pending += sign
        if not sign and is_all_of_a_link(state, given.end() if given else match.end()):
            state.pending += name.replace("-", " ")
        elif not sign:
            state.env["icons"] = True
            state.push("text", "", 0)  # stars on both sides must not become neighbours
    state.pos = given.end() if given else match.end()
    return True


def is_all_of_a_link(state: StateInline, end: int) -> bool:
    """Say whether an icon that ends there is the first thing in a link, and nothing but other icons follows."""
    before = state.pos - 1
    while before >= 0 and state.src[before].isspace():
        before -= 1
    if not state.linkLevel or state.tokens[-1].type != "link_open" or state.src[before] != "[":
        return False
    return not LIST.sub("", ICON.sub("", state.src[end : state.posMax])).strip()


MKDOCS_RULES: dict[str, Callable[[Any, int, int, bool], bool]] = {
    "mkdocs_admonition": admonition,
    "mkdocs_tab": tab,
    "mkdocs_snippet": snippet,
    "mkdocs_change": change_of_blocks,
}
"""Name → rule of blocks, as `letters.py` knows it."""
MKDOCS_INLINES: dict[str, Callable[[Any, bool], bool]] = {
    "mkdocs_insert": insertion,
    "mkdocs_change": change,
    "mkdocs_icon": icon,
}
"""Name → rule within a line, likewise."""
