"""Markup: the parts of a compiled view, literal HTML and slots that have numbers, and how they are printed.

The values come from the very code that the browser runs, so the first paint is what hydration expects. What is printed
without JavaScript is whole: styles that depend on values are there as rules for their first values.
"""

from __future__ import annotations

import hashlib
import html
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pressrun.components import ViewError
from pressrun.components.icons import ICONS
from pressrun.components.looks import WIDTHS
from pressrun.values import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESSES = frozenset(
    ("href", "src", "action", "formaction", "poster", "cite", "background", "ping", "xlink:href")
)
"""Attributes in which a scheme could run something."""


@dataclass(frozen=True, slots=True)
class TextSlot:
    """Text that is live."""

    number: str
    """Its number in the table."""


@dataclass(frozen=True, slots=True)
class AttributeSlot:
    """An attribute that is live."""

    number: str
    """Its number in the table."""
    name: str
    """The HTML attribute."""


@dataclass(frozen=True, slots=True)
class StyleSlot:
    """CSS properties of one element that are live."""

    numbers: tuple[tuple[str, str], ...]
    """Property and its number in the table."""


@dataclass(frozen=True, slots=True)
class GivenSlot:
    """The arguments of an event as the reader sees them, so that a click before the worker is there has them."""

    number: str
    """The event's number in the table."""


@dataclass(frozen=True, slots=True)
class EachSlot:
    """A part that is there once for each item (a condition: once or not at all)."""

    number: str
    """Its number in the table."""
    parts: tuple[Any, ...]
    """What one instance consists of: exactly one element."""
    kind: str
    """`each`: for each item; `cond`: once or not at all."""


@dataclass(slots=True)
class Sheet:
    """What the demos of a page need beside their HTML."""

    rules: dict[str, str] = field(default_factory=dict)
    """Selector → declarations: the styles that views give as props."""
    icons: set[str] = field(default_factory=set)
    """Names of the drawings in use."""
    parts: bool = False
    """Whether tabs, dialogs or the like are among them."""

    def css(self) -> str:
        """Give the style sheet."""
        return "".join(f"{selector}{{{declarations}}}\n" for selector, declarations in self.rules.items())

    def class_of(self, style: dict[str, Any]) -> str:
        """Give the class that stands for constant styles, and keep its rules."""
        name = "s-" + hashlib.sha256(json.dumps(style, sort_keys=True).encode()).hexdigest()[:8]
        selector = f".demo .{name}.{name}"
        for state, part in [
            ("", style),
            *((key, part) for key, part in style.items() if isinstance(part, dict)),
        ]:
            rules = ";".join(declared(part))
            if rules:
                self.rules[selector + state] = rules
        return name

    def first_look(self, slot: StyleSlot, values: dict[str, Any]) -> str:
        """Give the attribute that stands for the first values of live styles, and keep their rule."""
        pairs = [(name, shown(values.get(number))) for name, number in slot.numbers]
        rules = ";".join(
            f"{name}:{value}" for name, value in pairs if value and not set(value) & set("{};<\\\n\"'")
        )
        if not rules:
            return ""
        name = hashlib.sha256(rules.encode()).hexdigest()[:8]
        self.rules[f'.demo [data-look="{name}"][data-look]'] = rules
        return f' data-look="{name}"'


def declared(style: dict[str, Any]) -> Iterator[str]:
    """Give the declarations of a style; those that hold from a width of the window on stand last."""
    flat = {name: value for name, value in style.items() if not isinstance(value, dict)}
    for name, value in flat.items():
        yield f"{name}:{value[0] if isinstance(value, tuple) else value}"
    for step, width in enumerate(WIDTHS.values()):
        wide = [
            (name, value[step])
            for name, value in flat.items()
            if isinstance(value, tuple) and len(value) > step
        ]
        rules = ";".join(f"{name}:{value}" for name, value in wide if value is not None)
        if width and rules:
            yield f"@media (min-width:{width}){{{rules}}}"


def attribute(name: str, value: Any, *, strict: bool = False) -> str:
    """Give an attribute as HTML, with the space before it; empty when the value says that it is absent."""
    if isinstance(value, bool) and name.startswith(("aria-", "data-")):
        value = "true" if value else "false"
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    text = shown(value)
    if name in ADDRESSES and is_unsafe(text):
        if strict:
            raise ViewError(f"{name}={text!r} could run a script.", "Use an address, or an event handler.")
        return ""
    return f' {name}="{html.escape(text)}"'


def is_unsafe(address: str) -> bool:
    """Whether an address has a scheme that runs what it holds (browsers skip control characters in it)."""
    bare = "".join(letter for letter in address if letter > " ").lower()
    return bare.startswith(("javascript:", "vbscript:", "data:"))


def html_of(parts: tuple[Any, ...], values: dict[str, Any] | None, sheet: Sheet | None = None) -> str:
    """Give the HTML of a view, or of one instance of a part of it, with its slots' values; without values, what rows are made of.

    There dots stand for the words that come, since a heading or a button without any is no valid HTML, not even in a template.
    """
    out = []
    words, values = ("" if values is not None else "…"), values or {}
    for part in parts:
        if isinstance(part, str):
            out.append(part)
        elif isinstance(part, TextSlot):
            out.append(words or html.escape(shown(values.get(part.number)), quote=False))
        elif isinstance(part, AttributeSlot):
            given = words if words and part.name == "aria-label" else values.get(part.number)
            out.append(attribute(part.name, given))
        elif isinstance(part, StyleSlot):
            out.append(sheet.first_look(part, values) if sheet else "")
        elif isinstance(part, GivenSlot):
            if part.number in values:
                given = json.dumps(values[part.number], ensure_ascii=False, separators=(",", ":"))
                out.append(f' data-on{part.number}="{html.escape(given)}"')
        else:
            rounds = values.get(part.number) or []
            blank = html_of(part.parts, None)
            out.append(f'<template data-bind="{part.kind}={part.number};{len(rounds)}">{blank}</template>')
            out.extend(html_of(part.parts, inner, sheet) for inner in rounds)
    return "".join(out)


def sprite(names: set[str]) -> str:
    """Give the drawings that `<use>` refers to: those in use, once in the page."""
    if not names:
        return ""
    symbols = "".join(
        f'<symbol id="pr-i-{name}" viewBox="0 0 24 24"><path d="{ICONS[name]}"/></symbol>'
        for name in sorted(names)
    )
    return f'<svg class="pr-sprite" width="0" height="0" aria-hidden="true">{symbols}</svg>'
