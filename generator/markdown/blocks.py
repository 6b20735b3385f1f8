"""Blocks: rules for what stands on lines of its own: components, attributes of blocks, abbreviations.

A component's first and last line are tokens of their own; what belongs together is found afterwards (compose/components.py).
So a rule looks at one line alone, and parsing stays linear whatever is opened and never closed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator.markdown.attributes import LIST, Attributes, read_attributes

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.rules_block import StateBlock

INTERRUPTING = ["paragraph", "reference", "blockquote", "list"]
"""The kinds of block that such a line ends, as fences do."""
OPENING = re.compile(r"(:{2,})( ?)([a-z][a-z0-9-]*)(?=[ \t\[{]|$)(.*)")
CLOSING = re.compile(r":{3,}")
SPACED = {
    "admonition", "caution", "danger", "details", "important", "info", "note", "success", "tip", "warning", "card", "cards", "figure",
    "include", "quote", "steps", "tab", "tabs", "video",
}  # fmt: skip
"""Names that may stand a space behind the colons, as other tools write them; other words there stay text."""
ABBREVIATION = re.compile(r"\*\[([^\[\]]+)\]:[ \t]*(.*)")
INCLUDE = "include"
"""The one component without a template and without an end: a file's Markdown in its place."""


def line_at(state: StateBlock, line: int) -> str:
    """Give a line without its indentation; nothing when it is indented as code is."""
    if state.sCount[line] - state.blkIndent >= 4:
        return ""
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()


def component(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The first or last line of a component: `:::name[title]{attributes}`, `:::`; `::name{…}` is one without a body."""
    text = line_at(state, start)
    if CLOSING.fullmatch(text):
        return closing(state, start, text, silent=silent)
    match = OPENING.fullmatch(text)
    if not match or text.endswith("::"):
        return False
    colons, space, name, rest = match.groups()
    alone = len(colons) == 2
    if (space and (alone or name not in SPACED)) or (alone and rest[:1] not in ("{", "[")):
        return False
    if silent:
        return True
    title, attributes = head(rest)
    if name == INCLUDE:
        if title and "file" not in attributes.values:
            attributes = Attributes(
                attributes.id, attributes.classes, {**attributes.values, "file": title}, attributes.wrong
            )
        token = state.push("include", "", 0)
        token.map = [start, start + 1]
        token.meta = {"attributes": attributes, "written": text}
        state.env["includes"] = True
    else:
        open_component(state, start, name, len(colons), title, attributes, text)
        if alone:
            close_component(state, start, 0)
    state.line = start + 1
    return True


def closing(state: StateBlock, line: int, text: str, *, silent: bool) -> bool:
    """The last line of a component; text when none has begun."""
    if "components" not in state.env:
        return False
    if not silent:
        close_component(state, line, len(text))
        state.line = line + 1
    return True


def head(rest: str) -> tuple[str, Attributes]:
    """Take apart what follows a component's name: `[title]`, `{attributes}`, or a title in plain words."""
    title, rest = "", rest.strip()
    if rest.startswith("["):
        depth = 0
        for at, letter in enumerate(rest):
            depth += (letter == "[") - (letter == "]")
            if not depth:
                title, rest = rest[1:at], rest[at + 1 :].strip()
                break
    elif not rest.startswith("{"):
        at = rest.find(" {") if rest.endswith("}") else -1
        title, rest = (rest, "") if at < 0 else (rest[:at].strip(), rest[at + 1 :])
    if not rest:
        return title, Attributes()
    if not (rest.startswith("{") and rest.endswith("}")):
        return title, Attributes(wrong=rest)
    attributes = read_attributes(rest[1:-1])
    if not title and "title" in attributes.values:
        title = attributes.values["title"]
    return title, attributes


def open_component(
    state: StateBlock,
    line: int,
    name: str,
    colons: int,
    title: str,
    attributes: Attributes,
    written: str,
) -> None:
    """Push the token of a component's beginning, and that of its title, which is Markdown."""
    token = state.push("component_open", "", 0)
    token.map = [line, line + 1]
    token.meta = {"name": name, "colons": colons, "attributes": attributes, "written": written}
    state.env["components"] = True
    if title:
        inline = state.push("inline", "", 0)
        inline.map, inline.content, inline.children = [line, line + 1], title, []
        inline.meta = {"title": True}


def close_component(state: StateBlock, line: int, colons: int) -> None:
    """Push the token of a component's end; without colons it ends what has begun last."""
    token = state.push("component_close", "", 0)
    token.map = [line, line + 1]
    token.meta = {"colons": colons}


def attribute_line(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line of nothing but attributes belongs to the block that it touches: the one above, else the one below."""
    match = LIST.fullmatch(line_at(state, start))
    if not match:
        return False
    if not silent:
        token = state.push("attributes", "", 0)
        token.map = [start, start + 1]
        token.meta = {"attributes": read_attributes(match[1])}
        state.env["attribute lines"] = True
        state.line = start + 1
    return True


def abbreviation(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`*[HTML]: Hypertext Markup Language`: from then on the word explains itself."""
    match = ABBREVIATION.fullmatch(line_at(state, start))
    if not match or not match[1].strip():
        return False
    if not silent:
        term, text = match[1].strip(), match[2].strip()
        state.env.setdefault("abbreviations", {}).setdefault(term, text)
        if "glossary" in state.env:
            list_term(state, start, term, text)
        state.line = start + 1
    return True


def list_term(state: StateBlock, line: int, term: str, text: str) -> None:
    """Show an abbreviation where it is explained, on the page that is the site's glossary; neighbours make one list."""
    if state.tokens and state.tokens[-1].type == "dl_close" and state.tokens[-1].markup == "*[":
        state.tokens.pop()
        state.level += 1
    else:
        state.push("dl_open", "dl", 1).attrs = {"class": "glossary"}
    for tags, words in ((("dt", "dfn"), term), (("dd",), text)):
        for tag in tags:
            opening = state.push(f"{tag}_open", tag, 1)
            opening.block, opening.markup = False, "*["
        inline = state.push("inline", "", 0)
        inline.content, inline.children, inline.map = words, [], [line, line + 1]
        for tag in reversed(tags):
            state.push(f"{tag}_close", tag, -1).block = tag != "dfn"
    state.push("dl_close", "dl", -1).markup = "*["


def table_caption(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`Table: words` directly before a table, or behind it."""
    text = line_at(state, start)
    if silent:  # a row of a table ends it; no paragraph does
        return state.parentType == "table" and text.startswith("Table: ")
    if not text.startswith("Table: "):
        return False
    after = start + 1
    while after < end and state.isEmpty(after):
        after += 1
    behind = bool(state.tokens) and state.tokens[-1].type == "table_close"
    if not behind and not (after < end and line_at(state, after).startswith("|")):
        return False
    token = state.push("inline", "", 0)
    token.map, token.content, token.children = [start, start + 1], text.removeprefix("Table: "), []
    token.meta = {"caption": "behind" if behind else "before"}
    state.env["captions"] = True
    state.line = start + 1
    return True


BLOCK_RULES: dict[str, Callable[[Any, int, int, bool], bool]] = {
    "component": component,
    "attribute_line": attribute_line,
    "abbreviation": abbreviation,
    "table_caption": table_caption,
}
"""Name → rule, as `letters.py` knows it."""
