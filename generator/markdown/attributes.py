"""Attributes: what stands in braces, `{#id .class key="value"}`, behind headings, links, images, code and blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from markdown_it.token import Token

ONE = r"""(?:[#.][\w:.-]+|[\w:-]+=(?:"[^"{}]*"|'[^'{}]*'|[^\s"'{}]+))"""
LIST = re.compile(rf"\{{:?[ \t]*((?:{ONE}(?:[ \t]+|(?=\}})))+)\}}")
"""A whole list; braces that hold anything else stay what they are."""
WORD = re.compile(
    r"""\s*(?:\#(?P<id>[\w:.-]+)|\.(?P<class>[\w:.-]+)
      |(?P<key>[A-Za-z_][\w:.-]*)=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'=]+))
      |(?P<flag>[A-Za-z_][\w:-]*))(?=\s|$)""",
    re.VERBOSE,
)
REFUSED = re.compile(r"on|style$|srcdoc$", re.IGNORECASE)
"""Attributes that run script or hold style: the Content-Security-Policy of each page forbids them."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """A list in braces, taken apart."""

    id: str = ""
    """What follows the `#`."""
    classes: tuple[str, ...] = ()
    """What follows the dots."""
    values: Mapping[str, str] = field(default_factory=dict)
    """`key=value`; a word alone is `true`."""
    wrong: str = ""
    """The rest that cannot be read, when there is any."""


def read_attributes(text: str) -> Attributes:
    """Take apart what stands between braces."""
    identifier, classes, values = "", [], {}
    at = 0
    while match := WORD.match(text, at):
        at = match.end()
        if match["id"]:
            identifier = match["id"]
        elif match["class"]:
            classes.append(match["class"])
        elif match["flag"]:
            values[match["flag"]] = "true"
        else:
            values[match["key"]] = match["double"] or match["single"] or match["bare"] or ""
    return Attributes(identifier, tuple(classes), values, text[at:].strip())


def give(token: Token, given: Attributes, env: MutableMapping[str, Any]) -> None:
    """Give a token what a list says; what a page may not have is noted."""
    if given.id:
        token.attrSet("id", given.id)
    for name in given.classes:
        token.attrJoin("class", name)
    for key, value in given.values.items():
        if REFUSED.match(key):
            env.setdefault("refused", []).append(key)
        else:
            token.attrSet(key, value)
    env["attributes"] = True
