"""Components: `:::name … :::` becomes what the template `components/name.html` makes of it.

Parsing gives the first and last lines as tokens. Here they are paired, whatever is wrong with them is said, and in the end the
HTML between two lines is handed to the template, innermost first.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from generator.errors import ProblemError, did_you_mean, error
from generator.highlight import highlight
from generator.markdown.attributes import REFUSED, Attributes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    from generator.compose.work import Work

KINDS = {
    "note": "note", "info": "note", "abstract": "note", "summary": "note", "seealso": "note", "tip": "tip", "success": "tip", "check": "tip",
    "hint": "tip", "important": "important", "question": "important", "example": "important", "help": "important", "faq": "important",
    "quote": "important", "warning": "warning", "attention": "warning", "caution": "caution", "danger": "caution", "error": "caution",
    "failure": "caution", "bug": "caution",
}  # fmt: skip
"""Kind of admonition → the one of GitHub's five whose looks it has."""
MOST_NESTED = 16
"""Components within each other."""
ALWAYS = {
    "attributes", "classes", "content", "element", "highlighted", "id", "ink", "kind", "name", "number", "parts", "published", "required",
    "say", "site", "source", "title", "url",
}  # fmt: skip
"""What each template is given; all else that one asks for is an attribute."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A component whose end was not met yet."""

    token: Token
    depth: int
    """Of the list or quote in which it stands."""
    colons: frozenset[int]
    """How many of them the components have that are open in that list or quote, this one's too."""


@dataclass(slots=True)
class Frame:
    """A component while what stands in it is written."""

    token: Token | None
    """Its first line; None for the page itself."""
    tokens: list[Token] = field(default_factory=list)
    """What stands in it; components in it are HTML already."""
    parts: list[dict[str, Any]] = field(default_factory=list)
    """The components directly in it, for templates such as that of tabs."""


# ---------------------------------------------------------------- pairing


def pair(work: Work, tokens: list[Token], env: Mapping[str, Any]) -> list[Token]:
    """Give the tokens with each beginning of a component followed by its own end; what does not fit is a problem."""
    if "components" not in env:
        return tokens
    made: list[Token] = []
    opened: list[Opened] = []
    depth, is_left_title = 0, False
    last = max(
        (t.map[0] for t in tokens if t.type == "component_close" and t.meta["colons"] and t.map), default=-1
    )
    for token in tokens:
        if token.type == "component_open":
            place(work, token)
            can_end = token.meta["colons"] < 3 or (token.map is not None and token.map[0] < last)
            if not known(work, token) and not can_end:  # text of another tool's
                made += as_text(token)
                is_left_title = True
                continue
            beside = opened[-1].colons if opened and opened[-1].depth == depth else frozenset[int]()
            opened.append(Opened(token, depth, beside | {token.meta["colons"]}))
            if len(opened) > MOST_NESTED:  # each would be copied into all around it
                if len(opened) == MOST_NESTED + 1:
                    report(work, token, f"more than {MOST_NESTED} components within each other")
                continue
        elif token.type == "component_close":
            if not end(work, token, opened, depth, made) or len(opened) >= MOST_NESTED:
                continue
        elif token.nesting:
            depth += token.nesting
            while opened and opened[-1].depth > depth:
                unclosed(work, opened, made)
        elif token.type == "inline" and is_left_title:
            is_left_title = False
            if token.meta.get("title"):
                continue
        made.append(token)
    while opened:
        unclosed(work, opened, made)
    return grouped(made) if "loose tabs" in env else made


def end(work: Work, token: Token, opened: list[Opened], depth: int, made: list[Token]) -> bool:
    """Take the component off that a last line ends; False when there is none."""
    colons = token.meta["colons"]
    if not opened or opened[-1].depth != depth:
        line, column = position(work, token)
        message = f"“{':' * colons}” ends nothing; no component has begun here"
        work.problems.append(error(work.path, message, line=line, column=column))
        return False
    if colons in opened[-1].colons:
        while opened[-1].token.meta["colons"] != colons:
            unclosed(work, opened, made)
    opened.pop()
    return True


def unclosed(work: Work, opened: list[Opened], made: list[Token]) -> None:
    """Complain of the innermost component, which has no end, and end it."""
    token = opened.pop().token
    if token.meta["colons"] and token.meta["template"]:
        colons = ":" * token.meta["colons"]
        report(
            work, token, f"“{colons}{token.meta['name']}” is not closed; expected a line “{colons}” after it"
        )
    if len(opened) < MOST_NESTED:
        made.append(type(token)("component_close", "", 0, map=token.map, meta={"colons": 0}))


def place(work: Work, token: Token) -> None:
    """Note where a component begins: its tokens may end up in another page."""
    token.meta["place"] = (work.path, *position(work, token))


def position(work: Work, token: Token) -> tuple[int, int]:
    """Give line and column of a token that stands on a line of its own."""
    row = work.row(token.map[0]) if token.map else ""
    start = next((at for at, letter in enumerate(row) if letter in ":!?=-"), 0)
    return work.header.body_line + (token.map[0] if token.map else 0), start + 1


def report(work: Work, token: Token, message: str, hint: str = "") -> None:
    """Complain at the place of a component."""
    path, line, column = token.meta["place"]
    work.problems.append(error(path, message, line=line, column=column, hint=hint))


def known(work: Work, token: Token) -> bool:
    """Find a component's template; say so when there is none but one of a like name, or when an end follows."""
    name = token.meta["name"]
    if token.meta["attributes"].wrong:
        message = f"the attributes of “{name}” cannot be read from “{token.meta['attributes'].wrong}”"
        report(work, token, f'{message}; expected for example {{#id .class key="value"}}')
        token.meta["attributes"] = Attributes()
    for candidate in (name, "admonition" if name in KINDS else ""):
        if candidate and work.templates.has_component(work.reads, candidate):
            token.meta["template"] = f"components/{candidate}.html"
            return True
    token.meta["template"] = ""
    return bool(did_you_mean(name, [*KINDS, *work.templates.component_names(work.reads)]))


def as_text(token: Token) -> list[Token]:
    """Give a line that begins no component as the paragraph that it is."""
    kind = type(token)
    text = kind("text", "", 0, content=token.meta["written"])
    inline = kind("inline", "", 0, map=token.map, content=token.meta["written"], children=[text], level=1)
    return [
        kind("paragraph_open", "p", 1, map=token.map, block=True),
        inline,
        kind("paragraph_close", "p", -1, block=True),
    ]


def grouped(tokens: list[Token]) -> list[Token]:
    """Put neighbouring tabs that stand in no set of their own into one."""
    made: list[Token] = []
    names: list[str] = []
    for at, token in enumerate(tokens):
        if token.type == "component_open":
            if token.meta["name"] == "tab" and names[-1:] != ["tabs"]:
                joined = made and made[-1].type == "component_close" and made[-1].meta.get("set")
                if joined and "new" not in token.meta["attributes"].values:
                    made.pop()
                else:
                    meta = {
                        **token.meta,
                        "name": "tabs",
                        "attributes": Attributes(),
                        "template": "components/tabs.html",
                    }
                    made.append(type(token)("component_open", "", 0, map=token.map, meta=meta))
                given = token.meta["attributes"]
                token.meta["attributes"] = replace(
                    given, values={k: v for k, v in given.values.items() if k != "new"}
                )
                token.meta["loose"] = True
            names.append(token.meta["name"] if "loose" not in token.meta else "loose")
        made.append(token)
        if token.type == "component_close" and names.pop() == "loose":
            made.append(type(token)("component_close", "", 0, map=token.map, meta={"colons": 0, "set": at}))
    return made


# ---------------------------------------------------------------- writing


def write(work: Work, parser: MarkdownIt, tokens: Sequence[Token], env: dict[str, Any]) -> str:
    """Write the page, components by their templates."""
    frames = [Frame(None)]
    for token in tokens:
        if token.type == "component_open":
            frames.append(Frame(token))
        elif token.type == "component_close" and len(frames) > 1:
            frame = frames.pop()
            assert frame.token is not None
            html, part = written(work, frame, frame.token, token, parser, env)
            frames[-1].tokens.append(type(token)("html_block", "", 0, content=html))
            frames[-1].parts.append(part)
        else:
            frames[-1].tokens.append(token)
    return str(parser.renderer.render(frames[0].tokens, parser.options, env))


def written(
    work: Work, frame: Frame, token: Token, last: Token, parser: MarkdownIt, env: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Give the HTML of a component, and what the one around it may know of it."""
    meta, title = token.meta, Markup("")
    attributes: Attributes = meta["attributes"]
    if frame.tokens and frame.tokens[0].meta.get("title"):
        title = Markup(parser.renderer.render([frame.tokens.pop(0)], parser.options, env))  # noqa: S704
    content = Markup(parser.renderer.render(frame.tokens, parser.options, env))  # noqa: S704
    values = {
        key.replace("-", "_"): value_of(value) for key, value in attributes.values.items() if key != "title"
    }
    work.number += 1
    given = {
        **values,
        "attributes": attributes.values,
        "name": meta["name"],
        "id": attributes.id,
        "classes": " ".join(attributes.classes),
        "title": title,
        "content": content,
        "source": source_of(work, token, last),
        "number": work.number,
        "say": work.words,
        "parts": frame.parts,
        "kind": str(values.get("kind", meta["name"])),
        "ink": KINDS.get(str(values.get("kind", meta["name"])), "note"),
        "element": lambda *classes: element(attributes, classes),
        "required": lambda key: required(token, values, key),
        "highlighted": lambda text, language: Markup(highlight(str(text), language)),  # noqa: S704
    }
    part = {**given, "html": content}
    if not meta["template"]:
        hint = did_you_mean(meta["name"], [*KINDS, *work.templates.component_names(work.reads)])
        report(
            work,
            token,
            f"there is no component “{meta['name']}”; expected a template components/{meta['name']}.html",
            hint,
        )
        return content, part
    if not fits(work, token, given):
        return content, part
    asker = f"{meta['place'][0]}:{meta['place'][1]}"
    try:
        part["html"] = Markup(work.templates.part(work.reads, meta["template"], asker, given))  # noqa: S704
    except ProblemError as wrong:
        work.problems += wrong.problems
    return part["html"], part


def fits(work: Work, token: Token, given: Mapping[str, Any]) -> bool:
    """Say whether a template knows all that it is given; complain of the rest."""
    meta = token.meta
    asked = work.templates.variables(work.reads, meta["template"])
    if "attributes" in asked:
        return True
    able = asked - ALWAYS | {"kind" if meta["template"].endswith("/admonition.html") else "title"} | {"title"}
    strange = [
        key for key in meta["attributes"].values if key.replace("-", "_") not in able or REFUSED.match(key)
    ]
    for key in strange:
        choices = sorted(able - {"title"} | ({"title"} if "title" in asked else set()))
        expected = f"expected one of {', '.join(choices)}" if choices else "it has none"
        report(
            work, token, f"“{meta['name']}” has no attribute “{key}”; {expected}", did_you_mean(key, choices)
        )
    if given["title"] and "title" not in asked:
        report(work, token, f"“{meta['name']}” has no title")
    return not strange


def element(attributes: Attributes, classes: Iterable[str]) -> Markup:
    """Give the attributes of the element that stands for a component: id and classes, its own and the author's."""
    names = " ".join(name for name in (*classes, *attributes.classes) if name)
    identifier = Markup(' id="{}"').format(attributes.id) if attributes.id else ""
    return Markup("{}{}").format(identifier, Markup(' class="{}"').format(names) if names else "")


def required(token: Token, values: Mapping[str, Any], key: str) -> Any:
    """Give an attribute that a component cannot do without."""
    if key not in values:
        path, line, column = token.meta["place"]
        message = f"“{token.meta['name']}” needs “{key}”; expected for example {{{key}=…}}"
        raise ProblemError(error(path, message, line=line, column=column))
    return values[key]


def value_of(text: str) -> Any:
    """Give an attribute's value as templates see it."""
    return {"true": True, "false": False}.get(text, text)


def source_of(work: Work, token: Token, last: Token) -> str:
    """Give the Markdown in a component as its author wrote it."""
    if not token.map or not last.map or token.meta["place"][0] != work.path:
        return ""
    rows = [work.row(index) for index in range(token.map[1], token.meta.get("end", last.map[0]))]
    return textwrap.dedent("\n".join(rows)) + "\n"
