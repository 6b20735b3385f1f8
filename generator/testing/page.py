"""Page: a demo's HTML as a tree in which elements are found by role, name and id, as a reader finds them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from generator.demos.views import VOID

from .mirror import SERIAL

if TYPE_CHECKING:
    from collections.abc import Iterator

INPUT_ROLES = {"number": "spinbutton", "range": "slider", "checkbox": "checkbox", "radio": "radio", "search": "searchbox",
               "submit": "button", "button": "button", "reset": "button", "hidden": ""}  # fmt: skip
ROLES = {"button": "button", "summary": "button", "textarea": "textbox", "option": "option", "ul": "list", "ol": "list",
         "li": "listitem", "progress": "progressbar", "meter": "meter", "img": "img", "dialog": "dialog", "table": "table",
         "tr": "row", "td": "cell", "th": "columnheader", "form": "form", "output": "status", "details": "group",
         "article": "article", "hr": "separator", "p": "paragraph", "code": "code",
         **{f"h{level}": "heading" for level in range(1, 7)}}  # fmt: skip
"""Element → the role it has by itself."""
CONTROLS = frozenset(
    ["button", "link", "textbox", "searchbox", "spinbutton", "slider", "checkbox", "switch", "radio", "combobox",
     "listbox", "tab", "menuitem"]
)  # fmt: skip
"""Roles that a reader operates."""
NAMED_BY_CONTENT = CONTROLS - {"textbox", "searchbox", "spinbutton", "slider", "combobox", "listbox"} | {
    "heading", "option", "cell", "columnheader", "row", "tooltip"
}  # fmt: skip
"""Roles whose words are their names."""
INLINE = frozenset(["a", "abbr", "b", "button", "cite", "code", "em", "i", "img", "input", "kbd", "label", "mark", "meter", "output", "progress", "s", "select", "small", "span", "strong", "sub", "sup", "textarea", "time", "u", "var"])  # fmt: skip
"""Elements that do not begin a line of their own."""
APART = frozenset(["button", "label", "input", "select", "textarea", "progress", "meter"])
"""Inline elements with a space around them: words in two of them are not one word."""
UNSEEN = frozenset(["template", "script", "style", "select", "textarea", "svg"])
"""Elements whose text is no text of the page."""
LABELLED = frozenset(["input", "select", "textarea", "button", "meter", "progress", "output"])
"""Elements that a `<label>` can name."""


@dataclass(slots=True, eq=False)
class Node:
    """One element of the page as it is now."""

    tag: str
    """Its name."""
    attributes: dict[str, str]
    """Its attributes; one that is only present is empty."""
    parent: Node | None = None
    """The element around it."""
    children: list[Node | str] = field(default_factory=list)
    """Elements and texts."""
    address: tuple[Any, ...] = ()
    """The rounds of repeated parts that it stands in, and its place within the innermost: what makes it the same
    element after a change of the page."""
    values: dict[str, Any] = field(default_factory=dict)
    """The values of the numbers in its `data-bind`."""

    def elements(self) -> Iterator[Node]:
        """Give this element and all inside it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.elements()

    def around(self) -> Iterator[Node]:
        """Give this element and all around it, from the inside out."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent

    def tokens(self) -> Iterator[tuple[str, str, str, list[str]]]:
        """Give what `data-bind` says: kind, name, number, options (see `generator/demos/views.py`)."""
        for token in self.attributes.get("data-bind", "").split():
            head, _, tail = token.rpartition("=")
            kind, _, name = head.partition(":")
            number, *options = tail.split(";")
            yield kind, name, number, options

    @property
    def hidden(self) -> bool:
        """Whether a reader cannot see it."""
        inside: Node | None = None
        for node in self.around():
            folded = node.tag in ("dialog", "details") and "open" not in node.attributes
            if node.tag == "details" and (inside is None or inside.tag == "summary"):
                folded = False
            if folded or "hidden" in node.attributes or node.attributes.get("type") == "hidden":
                return True
            inside = node
        return False


class _Reader(HTMLParser):
    """Reads the HTML that a view makes: every element is closed, none overlap."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.at = self.root = Node("div", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(node)
        if tag not in VOID:
            self.at = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.at.children.append(Node(tag, {name: value or "" for name, value in attrs}, self.at))

    def handle_endtag(self, tag: str) -> None:
        if self.at.parent is not None and self.at.tag == tag:
            self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def read_page(html: str, values: dict[str, Any]) -> Node:
    """Give the page of a demo's HTML; `values` by number, those of repeated parts in lists, as the worker sends them."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    _bind(reader.root, values, (), [0])
    return reader.root


def _bind(node: Node, values: dict[str, Any], path: tuple[Any, ...], count: list[int]) -> None:
    """Give every element its address and values, as the page's script finds them; templates go."""
    node.values, node.address = values, (*path, count[0])
    count[0] += 1
    children, node.children = node.children, []
    rounds: Iterator[tuple[tuple[Any, ...], dict[str, Any]]] = iter(())
    left = 0
    for child in children:
        if isinstance(child, str):
            node.children.append(child)
        elif child.tag == "template":
            _, _, number, options = next(child.tokens())
            left = int(options[0])
            rounds = iter([((*path, number, row[SERIAL]), row) for row in values.get(number) or []])
        else:
            node.children.append(child)
            if left:
                left -= 1
                inner, own = next(rounds)
                _bind(child, own, inner, [0])
            else:
                _bind(child, values, path, count)


def words(text: str) -> str:
    """Give text with one space between words."""
    return " ".join(text.split())


def text_of(node: Node) -> str:
    """Give what a reader can read in an element: a line for each block, one space between words."""
    out: list[str] = []
    _write(node, out)
    lines = (words(line) for line in re.split(r"\n+", "".join(out)))
    return "\n".join(line for line in lines if line)


def _write(node: Node, out: list[str]) -> None:
    if node.hidden:
        return
    if node.tag in UNSEEN:
        out.append(" ")
        return
    edge = " " if node.tag in APART else "" if node.tag in INLINE else "\n"
    out.append("\n" if node.tag == "br" else edge)
    for child in node.children:
        if isinstance(child, str):
            out.append(child.replace("\n", " "))
        else:
            _write(child, out)
    out.append(edge)


def html_without_bindings(node: Node) -> str:
    """Give an element as HTML, without what only the page's script reads."""
    given = "".join(
        f' {name}="{escape(value)}"' if value else f" {name}"
        for name, value in node.attributes.items()
        if name != "data-bind"
    )
    if node.tag in VOID:
        return f"<{node.tag}{given}>"
    inside = "".join(
        escape(child, quote=False) if isinstance(child, str) else html_without_bindings(child)
        for child in node.children
    )
    return f"<{node.tag}{given}>{inside}</{node.tag}>"


def role_of(node: Node) -> str:
    """Give an element's role: its own `role=`, or what its kind has by itself; empty when it has none."""
    if "role" in node.attributes:
        return node.attributes["role"]
    if node.tag == "a":
        return "link" if "href" in node.attributes else ""
    if node.tag == "input":
        return INPUT_ROLES.get(node.attributes.get("type", "text"), "textbox")
    if node.tag == "select":
        return "listbox" if "multiple" in node.attributes else "combobox"
    return ROLES.get(node.tag, "")


def name_of(root: Node, node: Node) -> str:
    """Give the name by which a screen reader calls an element."""
    given = node.attributes
    if "aria-labelledby" in given:
        wanted = given["aria-labelledby"].split()
        found = {one.attributes.get("id"): one for one in root.elements()}
        return words(" ".join(text_of(found[one]) for one in wanted if one in found))
    if given.get("aria-label"):
        return words(given["aria-label"])
    if node.tag in LABELLED:
        named = words(" ".join(words(text_of(label)) for label in labels_of(root, node)))
        if named:
            return named
    if given.get("alt"):
        return words(given["alt"])
    inside = words(text_of(node)) if role_of(node) in NAMED_BY_CONTENT else ""
    pictures = " ".join(one.attributes.get("alt", "") for one in node.elements() if one.tag == "img")
    return inside or words(pictures) or words(given.get("title") or given.get("placeholder") or "")


def labels_of(root: Node, node: Node) -> Iterator[Node]:
    """Give the labels of a control: those that name its id, and the one around it."""
    for label in root.elements():
        if label.tag == "label":
            wanted = label.attributes.get("for")
            own = node.attributes.get("id")
            if wanted == own if wanted is not None else any(label is one for one in node.around()):
                yield label
