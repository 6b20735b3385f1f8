"""From a view's component tree to finished HTML and the table of what is live in it.

Two steps. `compile_view` turns the tree into parts: literal HTML, and slots that have numbers. `html_of` prints the parts
with the slots' values: the very values that the browser would compute, so the first paint is what hydration expects.

What the page's script finds in the HTML is one attribute, `data-bind`, a list of tokens:

    text=3             the element's text is value 3
    attr:href=4        the attribute is value 4 (true: present, false and null: absent; aria-* and data-* say true, false)
    prop:value=5       the DOM property is value 5
    on:input=6;value;d500    the event is number 6 and gives the element's value; d: debounce, t: throttle, p:
                             prevent default, s: stop propagation
    each=7;2           a template; the two elements after it are its instances
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pressrun.components import Component, Cond, Foreach, Fragment, ViewError
from pressrun.expr import Var, tree
from pressrun.values import shown

if TYPE_CHECKING:
    from pressrun.events import Event

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
PHRASING = frozenset(["a", "abbr", "b", "button", "cite", "code", "em", "i", "img", "input", "kbd", "label", "mark", "meter", "output", "progress", "s", "select", "small", "span", "strong", "sub", "sup", "textarea", "time", "u", "var"])  # fmt: skip
ADDRESSES = frozenset(("href", "src", "action", "formaction", "poster"))
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
class EachSlot:
    """A part that is there once for each item (a condition: once or not at all)."""

    number: str
    """Its number in the table."""
    parts: tuple[Any, ...]
    """What one instance consists of: exactly one element."""


@dataclass(slots=True)
class View:
    """A view that is being compiled."""

    table: dict[str, Any] = field(default_factory=dict)
    """Number → node: see `pressrun.live`."""
    handlers: list[Any] = field(default_factory=list)
    """The event handlers it names."""
    count: int = 0
    """The last number given."""
    loops: int = 0
    """The last loop variable given."""

    def number(self) -> str:
        """Give the next slot its number."""
        self.count += 1
        return str(self.count)


def compile_view(root: Any) -> tuple[View, tuple[Any, ...]]:
    """Give the table and the parts of a view. Raises ViewError for what cannot stand in a view."""
    view = View()
    return view, tuple(_parts(view, root, view.table))


def _parts(view: View, node: Any, table: dict[str, Any]) -> list[Any]:
    if isinstance(node, Component):
        return _element(view, node, table)
    if isinstance(node, Fragment):
        return [part for child in node.children for part in _parts(view, child, table)]
    if isinstance(node, Cond):
        slots = [_each(view, node.test._tree, 0, node.yes, table)]
        if node.no is not None:
            slots.append(_each(view, ["~", node.test._tree], 0, node.no, table))
        return slots
    if isinstance(node, Foreach):
        loop = view.loops + 1
        view.loops += 2
        variables = [Var(["loop", loop]), Var(["loop", loop + 1])]
        body = node.render(*variables[: node.render.__code__.co_argcount])
        return [_each(view, node.items._tree, loop, body, table)]
    if isinstance(node, (list, tuple)):
        return [part for child in node for part in _parts(view, child, table)]
    if _is_live(node):
        number = view.number()
        table[number] = ["text", tree(node)]
        return [f'<span data-bind="text={number}">', TextSlot(number), "</span>"]
    if node is None:
        return []
    if isinstance(node, (str, int, float)):
        return [html.escape(shown(node), quote=False)]
    raise ViewError(
        f"A {type(node).__name__} cannot stand in a view.",
        "Components, texts, numbers and Vars can."
        + (" Did you forget to call it?" if callable(node) else ""),
    )


def _is_live(node: Any) -> bool:
    return isinstance(node, Var) or (isinstance(node, str) and tree(node)[0] != "=")


def _each(view: View, items: Any, loop: int, body: Any, table: dict[str, Any]) -> EachSlot:
    number, inner = view.number(), dict[str, Any]()
    parts = _parts(view, body, inner)
    if not isinstance(body, Component):
        roots = body.children if isinstance(body, Fragment) else [body]
        block = any(isinstance(root, Component) and root.tag not in PHRASING for root in roots)
        tag = "div" if block else "span"
        parts = [f'<{tag} class="pr-each">', *parts, f"</{tag}>"]
    table[number] = ["each", items, loop, inner]
    return EachSlot(number, tuple(parts))


def _element(view: View, node: Component, table: dict[str, Any]) -> list[Any]:
    parts: list[Any] = [f"<{node.tag}"]
    tokens: list[str] = []
    attributes, children = dict(node.attributes), node.children
    if node.kind.name == "switch":
        attributes["aria-checked"] = attributes.pop("checked", False)
    if node.kind.name == "label":
        children = _named(children)
    if node.kind.name == "select" and "value" in attributes:
        children = tuple(_chosen(child, attributes["value"]) for child in children)
    if node.kind.name == "text_area" and "value" in attributes:
        children = (attributes["value"],)
    for name, value in attributes.items():
        if not _is_live(value):
            if not (name == "value" and node.tag in ("select", "textarea")):
                parts.append(attribute(name, value, strict=True))
            continue
        number = view.number()
        table[number] = tree(value)
        tokens.append(f"{'prop' if name in node.kind.live else 'attr'}:{name}={number}")
        if not (name == "value" and node.tag in ("select", "textarea")):
            parts.append(AttributeSlot(number, name))
    for dom, gives, calls, options in node.events.values():
        number = view.number()
        table[number] = ["on", [_call(view, call) for call in calls]]
        tokens.append(f"on:{dom}={number};{gives}" + _options(calls, options))
    flat = [child for child in children if child is not None]
    alone = flat and not any(
        isinstance(child, (Component, Cond, Foreach, Fragment, list, tuple)) for child in flat
    )
    inside: list[Any] = []
    if alone and any(_is_live(child) for child in flat):
        number = view.number()
        nodes = [tree(child) if _is_live(child) else ["=", shown(child)] for child in flat]
        table[number] = ["text", nodes[0]] if len(nodes) == 1 else ["join", nodes]
        inside.append(TextSlot(number))
        if node.kind.name != "text_area":
            tokens.append(f"text={number}")
    else:
        inside = [part for child in flat for part in _parts(view, child, table)]
    if tokens:
        parts.append(f' data-bind="{html.escape(" ".join(tokens))}"')
    if node.tag in VOID:
        if inside:
            raise ViewError(f"{node.kind.name}() takes no children.")
        return [*parts, ">"]
    return [*parts, ">", *inside, f"</{node.tag}>"]


def _named(children: tuple[Any, ...]) -> tuple[Any, ...]:
    """Give the children of a label, a switch among them named by its words: as a button it has no text of its own."""
    words = " ".join(child for child in children if isinstance(child, str) and not _is_live(child)).strip()
    return tuple(
        replace(child, attributes={"aria-label": words, **child.attributes})
        if words and isinstance(child, Component) and child.kind.name == "switch"
        else child
        for child in children
    )


def _chosen(child: Any, value: Any) -> Any:
    """Give an option of a select, selected when it is the select's value."""
    if isinstance(child, Component) and child.tag == "option":
        own = child.attributes.get("value", child.children[0] if child.children else "")
        chosen = value == own
        return Component(
            child.kind, child.tag, {**child.attributes, "selected": chosen}, child.events, child.children
        )
    return child


def _call(view: View, call: Event) -> list[Any]:
    view.handlers.append(call.handler)
    kwargs = {name: tree(value) for name, value in call.kwargs.items()}
    if any(value[0] != "=" for value in kwargs.values()):
        raise ViewError(
            f"{call.handler.owner.__name__}.{call.handler.name}({next(iter(kwargs))}=…) is given a Var by name.",
            "Give it by position.",
        )
    fixed = {name: value[1] for name, value in kwargs.items()}
    return [call.handler.owner._key, call.handler.name, [tree(value) for value in call.args], fixed]


def _options(calls: list[Event], options: dict[str, Any]) -> str:
    merged: dict[str, Any] = {}
    for call in calls:
        merged.update(call.handler.options)
    merged.update(options)
    out = ""
    if merged.get("debounce"):
        out += f";d{int(merged['debounce'])}"
    if merged.get("throttle"):
        out += f";t{int(merged['throttle'])}"
    return out + ";p" * bool(merged.get("prevent_default")) + ";s" * bool(merged.get("stop_propagation"))


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


def html_of(parts: tuple[Any, ...], values: dict[str, Any]) -> str:
    """Give the HTML of a view, or of one instance of a part of it, with its slots' values."""
    out = []
    for part in parts:
        if isinstance(part, str):
            out.append(part)
        elif isinstance(part, TextSlot):
            out.append(html.escape(shown(values.get(part.number)), quote=False))
        elif isinstance(part, AttributeSlot):
            out.append(attribute(part.name, values.get(part.number)))
        else:
            rounds = values.get(part.number) or []
            blank = html_of(part.parts, {})
            out.append(f'<template data-bind="each={part.number};{len(rounds)}">{blank}</template>')
            out.extend(html_of(part.parts, inner) for inner in rounds)
    return "".join(out)
