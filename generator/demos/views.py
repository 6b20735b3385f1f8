"""From a view's component tree to the table of what is live in it, and the parts of its HTML.

What the page's script finds in the HTML is one attribute, `data-bind`, a list of tokens:

    text=3             the element's text is value 3
    attr:href=4        the attribute is value 4 (true: present, false and null: absent; aria-* and data-* say true, false)
    prop:value=5       the DOM property is value 5
    css:width=5        the CSS property is value 5
    open:open=5        whether the dialog is open is value 5
    on:input=6;value;d500    the event is number 6 and gives the element's value; d: debounce, t: throttle, p:
                             prevent default, s: stop propagation, r: reset the form afterwards
    each=7;2           a template; the two elements after it are its rows
    cond=7;1           a template; the one element after it is its instance
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from generator.highlight import highlight
from pressrun.components import NODES, Component, Cond, Foreach, Fragment, Unique, ViewError
from pressrun.components.icons import ICONS, icon_name
from pressrun.components.making import joined, live
from pressrun.events import Effect
from pressrun.expr import Var, tree
from pressrun.values import shown

from .markup import AttributeSlot, EachSlot, GivenSlot, Sheet, StyleSlot, TextSlot, attribute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pressrun.events import Event

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
PHRASING = frozenset(["a", "abbr", "b", "button", "cite", "code", "em", "i", "img", "input", "kbd", "label", "mark", "meter", "output", "progress", "s", "select", "small", "span", "strong", "sub", "sup", "svg", "textarea", "time", "u", "var"])  # fmt: skip
ONLY_IN = {"li": "list_item", "tr": "table.row", "td": "table.cell", "th": "table.cell", "option": "option",
           "optgroup": "select.group", "thead": "table.header", "tbody": "table.body"}  # fmt: skip
"""Elements that cannot stand in a `<div>`, and the component that makes them."""


@dataclass(slots=True)
class View:
    """A view that is being compiled."""

    name: str
    """What the names that are made for it begin with: the demo's number."""
    words: Mapping[str, str]
    """What names components that have no words of their own."""
    sheet: Sheet = field(default_factory=Sheet)
    """Where its styles and icons are kept."""
    table: dict[str, Any] = field(default_factory=dict)
    """Number → node: see `pressrun.live`."""
    handlers: list[Any] = field(default_factory=list)
    """The event handlers it names."""
    count: int = 0
    """The last number given."""
    loops: int = 0
    """The last loop variable given."""
    rows: list[list[Any]] = field(default_factory=list)
    """What tells the rows apart in which the compiler is: a tree for each loop."""
    names: dict[Unique, int] = field(default_factory=dict)
    """The names made so far, by what asked for them."""

    def number(self) -> str:
        """Give the next slot its number."""
        self.count += 1
        return str(self.count)

    def unique(self, wanted: Unique) -> Any:
        """Give the name that stands for a Unique: a text, or in rows a Var."""
        number = self.names.setdefault(wanted, len(self.names) + 1)
        name = f"pr-{wanted.use}-{self.name}-{number}"
        parts = [part for row in self.rows for part in (["=", "-"], row)]
        return Var(["join", [["=", name], *parts]]) if parts else name


def compile_view(root: Any, name: str, words: Mapping[str, str]) -> tuple[View, tuple[Any, ...]]:
    """Give the table and the parts of a view. Raises ViewError for what cannot stand in a view."""
    view = View(name, words)
    return view, tuple(_parts(view, root, view.table))


def _parts(view: View, node: Any, table: dict[str, Any]) -> list[Any]:
    if isinstance(node, Component):
        return _element(view, node, table)
    if isinstance(node, Fragment):
        return [part for child in node.children for part in _parts(view, child, table)]
    if isinstance(node, Cond):
        return [
            _each(view, test, 0, branch, table)
            for test, branch in zip(node.tests, node.branches, strict=True)
        ]
    if isinstance(node, Foreach):
        loop = view.loops + 1
        view.loops += 2
        body = node.render(Var(["loop", loop]), Var(["loop", loop + 1]))
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
    key = tree(live(body.key)) if isinstance(body, Component) and body.key is not None else None
    if loop:
        view.rows.append(key or ["loop", loop + 1])
    parts = _parts(view, body, inner)
    if loop:
        view.rows.pop()
    if not isinstance(body, Component):
        tag = "div" if _is_block(body) else "span"
        parts = [f'<{tag} class="pr-each">', *parts, f"</{tag}>"]
    table[number] = ["each", items, loop, inner] + ([key] if key and loop else [])
    if loop:
        view.sheet.parts = True
    return EachSlot(number, tuple(parts), "each" if loop else "cond")


def _is_block(body: Any) -> bool:
    """Whether what stands in a row or a branch needs a `<div>` around it. Raises ViewError for what can have none."""
    if isinstance(body, Component):
        if body.tag in ONLY_IN:
            raise ViewError(
                f"A <{body.tag}> in `cond`, `match` or `fragment` has nowhere to stand inside of `foreach` or a branch.",
                f"Give one {ONLY_IN[body.tag]}() there, and put the `cond` or `match` inside of it.",
            )
        return body.tag not in PHRASING
    if isinstance(body, Foreach):
        return _is_block(body.render(Var(["loop", 0]), Var(["loop", 0])))
    inside = (
        body.branches if isinstance(body, Cond) else body.children if isinstance(body, Fragment) else body
    )
    return (
        max((_is_block(one) for one in inside), default=False) if isinstance(inside, (list, tuple)) else False
    )


def _element(view: View, node: Component, table: dict[str, Any]) -> list[Any]:
    if node.kind.name == "code_block":
        return _code_block(view, node, table)
    parts: list[Any] = [f"<{node.tag}"]
    tokens: list[str] = []
    attributes, children = dict(node.attributes), node.children
    _note(view, node)
    if node.kind.named and "aria-label" not in attributes:
        attributes = {"aria-label": view.words[node.kind.named], **attributes}
    if node.kind.name == "switch":
        attributes["aria-checked"] = attributes.pop("checked", False)
    if node.kind.name == "label":
        children = _named(children)
    if node.kind.name == "text_area" and "value" in attributes:
        children = (attributes["value"],)
    _style(view, node, attributes, parts, tokens, table)
    for name, given in attributes.items():
        value = view.unique(given) if isinstance(given, Unique) else given
        inside_instead = name == "value" and node.tag in ("select", "textarea")
        if not _is_live(value):
            if not inside_instead:
                parts.append(attribute(name, value, strict=True))
            continue
        number = view.number()
        table[number] = tree(value)
        kind = "attr" if name not in node.kind.live else "open" if node.tag == "dialog" else "prop"
        tokens.append(f"{kind}:{name}={number}")
        if not inside_instead:
            parts.append(AttributeSlot(number, name))
    for dom, gives, calls, options in node.events.values():
        number = view.number()
        made = [_call(view, call) for call in calls]
        varies = any(arg[0] not in ("=", "$") for call in made for arg in call[2])
        table[number] = ["on", made, 1] if varies else ["on", made]
        tokens.append(f"on:{dom}={number};{gives}" + _options(calls, options))
        if varies:
            parts.append(GivenSlot(number))
    flat = [child for child in children if child is not None]
    alone = flat and not any(isinstance(child, (*NODES, list, tuple)) for child in flat)
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


def _note(view: View, node: Component) -> None:
    """Note what a component needs beside its HTML: its drawing, the script of tabs and dialogs."""
    if node.tag == "use":
        href = node.attributes["href"]
        names = _texts(tree(href)) if isinstance(href, Var) else [href.removeprefix("#pr-i-")]
        view.sheet.icons |= {name for name in names if name in ICONS} or set(ICONS)
        wrong = [name for name in names if icon_name(name) not in ("", name)]
        if wrong:
            raise ViewError(
                f"In an expression, icon() takes {icon_name(wrong[0])!r} for {wrong[0]!r}.",
                "Write that name.",
            )
    if "data-part" in node.attributes:
        view.sheet.parts = True


def _texts(node: Any) -> list[str]:
    """Give the constant texts in a tree."""
    if node[0] == "=":
        return [node[1]] if isinstance(node[1], str) else []
    return [
        text for part in node[1:] if isinstance(part, list) and part
        for text in (_texts(part) if isinstance(part[0], str) else [t for one in part for t in _texts(one)])
    ]  # fmt: skip


def _style(
    view: View,
    node: Component,
    attributes: dict[str, Any],
    parts: list[Any],
    tokens: list[str],
    table: dict[str, Any],
) -> None:
    """Turn styles into a class of the page's style sheet, and live ones into bindings."""
    moving = {name: value for name, value in node.style.items() if _is_live(value)}
    fixed = {name: value for name, value in node.style.items() if name not in moving}
    for state, inner in fixed.items():
        if isinstance(inner, dict) and any(_is_live(value) for value in inner.values()):
            raise ViewError(
                f"{node.kind.name}(): the style for {state} cannot hold expressions.",
                "Use `cond` between two class names, or a CSS variable in style=.",
            )
    if fixed:
        own = view.sheet.class_of(fixed)
        attributes["class"] = joined([attributes["class"], own]) if "class" in attributes else own
    if moving:
        numbers = {name: view.number() for name in moving}
        table.update((numbers[name], tree(value)) for name, value in moving.items())
        tokens.extend(f"css:{name}={number}" for name, number in numbers.items())
        parts.append(StyleSlot(tuple(numbers.items())))


def _code_block(view: View, node: Component, table: dict[str, Any]) -> list[Any]:
    """Give a block of code; what is known now in colours."""
    language = str(node.attributes.get("data-language") or "")
    (code,) = node.children
    if _is_live(code):
        number = view.number()
        table[number] = ["text", tree(code)]
        inside = [f'<code data-bind="text={number}">', TextSlot(number), "</code>"]
    else:
        inside = ["<code>", highlight(shown(code), language), "</code>"]
    around = replace(node, kind=replace(node.kind, name="box"), children=())
    *opening, closing = _element(view, around, table)
    return [*opening, '<pre tabindex="0">', *inside, "</pre>", closing]


def _named(children: tuple[Any, ...]) -> tuple[Any, ...]:
    """Give the children of a label, a switch among them named by its words: as a button it has no text of its own."""
    words = " ".join(child for child in children if isinstance(child, str) and not _is_live(child)).strip()
    return tuple(
        replace(child, attributes={"aria-label": words, **child.attributes})
        if words and isinstance(child, Component) and child.kind.name == "switch"
        else child
        for child in children
    )


def _call(view: View, call: Event | Effect) -> list[Any]:
    if isinstance(call, Effect):
        return ["", call.name, [tree(value) for value in call.args], {}]
    view.handlers.append(call.handler)
    kwargs = {name: tree(value) for name, value in call.kwargs.items()}
    if any(value[0] != "=" for value in kwargs.values()):
        raise ViewError(
            f"{call.handler.owner.__name__}.{call.handler.name}({next(iter(kwargs))}=…) is given a Var by name.",
            "Give it by position.",
        )
    fixed = {name: value[1] for name, value in kwargs.items()}
    return [call.handler.owner._key, call.handler.name, [tree(value) for value in call.args], fixed]


def _options(calls: list[Any], options: dict[str, Any]) -> str:
    merged: dict[str, Any] = {}
    for call in calls:
        if not isinstance(call, Effect):
            merged.update(call.handler.options)
    merged.update(options)
    out = ""
    if merged.get("debounce"):
        out += f";d{int(merged['debounce'])}"
    if merged.get("throttle"):
        out += f";t{int(merged['throttle'])}"
    for letter, name in (("p", "prevent_default"), ("s", "stop_propagation"), ("r", "reset")):
        out += f";{letter}" * bool(merged.get(name))
    return out
