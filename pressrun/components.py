"""Components: what a view is made of.

A view is an ordinary function of no arguments that puts components together, once, when the site is built. Names and
props are those that Reflex users know; a prop nobody knows is an error that says which was meant.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .events import Event, EventHandler
from .expr import REPR, Var, VarTypeError, tree

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "box", "button", "checkbox", "code", "cond", "divider", "el", "foreach", "form", "fragment", "heading", "hstack",
    "image", "input", "label", "link", "list_item", "option", "ordered_list", "progress", "select", "slider", "span",
    "spinner", "switch", "text", "text_area", "unordered_list", "vstack",
]  # fmt: skip


class ViewError(Exception):
    """A view cannot be made as it is written."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        """What is wrong, in one sentence."""
        self.hint = hint
        """What to write instead."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of component: the element it becomes and the props it knows beside the common ones."""

    name: str
    """The function's name, for messages."""
    tag: str
    """The HTML element, unless `as_` says another."""
    props: tuple[str, ...] = ()
    """HTML attributes it accepts, by their HTML names (in Python `_` stands for `-`, and a trailing `_` is dropped)."""
    live: tuple[str, ...] = ()
    """Those of them that are set as DOM properties (`value`, `checked`): what the reader changes by hand."""
    change: tuple[str, str] = ("change", "value")
    """`on_change`: the DOM event behind it, and what the handler gets (`value`, `checked`, `pressed`)."""
    fixed: tuple[tuple[str, str], ...] = ()
    """Attributes it always has, unless its author gives them."""
    purpose: str = ""
    """What it is for, in one sentence."""


@dataclass(frozen=True, slots=True)
class Component:
    """One node of a view."""

    kind: Kind
    """What it is."""
    tag: str
    """The element's name."""
    attributes: dict[str, Any]
    """HTML attribute → value or Var."""
    events: dict[str, tuple[str, str, list[Event], dict[str, Any]]]
    """Prop → DOM event, what the handlers get, the handlers' calls, options (debounce and the like)."""
    children: tuple[Any, ...]
    """Components, texts, Vars."""


@dataclass(frozen=True, slots=True)
class Cond:
    """One of two components, by a condition."""

    test: Any
    """A Var."""
    yes: Any
    """Shown while it is true."""
    no: Any
    """Shown while it is false; None: nothing."""


@dataclass(frozen=True, slots=True)
class Foreach:
    """One component for each item of a list."""

    items: Any
    """A Var."""
    render: Callable[..., Any]
    """item (and index) → component."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """Several components without an element around them."""

    children: tuple[Any, ...] = field(default=())
    """The components."""


COMMON = ("id", "class", "role", "title", "hidden", "tabindex", "lang", "dir")
RENAMED = {"class_name": "class", "html_for": "for", "tab_index": "tabindex", "default_value": "value",
           "default_checked": "checked", "read_only": "readonly", "auto_focus": "autofocus",
           "max_length": "maxlength", "min_length": "minlength", "input_mode": "inputmode",
           "auto_complete": "autocomplete", "is_disabled": "disabled", "is_checked": "checked",
           "row_span": "rowspan", "col_span": "colspan"}  # fmt: skip
"""Props whose HTML name is another."""
CLASSES = {"spacing": "pr-gap-", "align": "pr-align-", "justify": "pr-justify-", "size": "pr-size-", "wrap": "pr-wrap-",
           "variant": "pr-"}  # fmt: skip
"""Props of looks: each becomes a class, `spacing="4"` → `pr-gap-4`."""
DOM_EVENTS = {"on_click": ("click", ""), "on_double_click": ("dblclick", ""), "on_focus": ("focusin", "value"),
              "on_blur": ("focusout", "value"), "on_input": ("input", "value"), "on_key_down": ("keydown", "key"),
              "on_key_up": ("keyup", "key"), "on_mouse_enter": ("mouseenter", ""), "on_mouse_leave": ("mouseleave", ""),
              "on_mouse_down": ("mousedown", ""), "on_mouse_up": ("mouseup", ""), "on_scroll": ("scroll", ""),
              "on_submit": ("submit", "form"), "on_mount": ("mount", ""), "on_change": ("", "")}  # fmt: skip
"""Event props: the DOM event, and what of it the handler gets."""
OPTIONS = ("debounce", "throttle", "prevent_default", "stop_propagation")
_BARE = "`style=` would need inline styles, which a strict Content-Security-Policy forbids"

_FIELD = (
    "value",
    "name",
    "disabled",
    "required",
    "readonly",
    "placeholder",
    "autofocus",
    "autocomplete",
    "form",
)
_INPUT = (
    *_FIELD,
    "type",
    "min",
    "max",
    "step",
    "pattern",
    "maxlength",
    "minlength",
    "inputmode",
    "checked",
    "list",
)
KINDS = {
    kind.name: kind
    for kind in (
        Kind("box", "div",
             purpose="A block around other components."),
        Kind("vstack", "div",
             purpose="Components below one another."),
        Kind("hstack", "div",
             purpose="Components beside one another."),
        Kind("span", "span",
             purpose="Words within a text."),
        Kind("heading", "h2",
             purpose='A heading; `as_="h3"` says its level.'),
        Kind("text", "p",
             purpose="A paragraph."),
        Kind("code", "code",
             purpose="Words in the type of code."),
        Kind("divider", "hr",
             purpose="A line between parts."),
        Kind("link", "a", ("href", "target", "rel", "hreflang", "download"),
             purpose="A link: `href=` says where to."),
        Kind("image", "img", ("src", "alt", "width", "height", "loading"),
             purpose="A picture: `src=` and `alt=`."),
        Kind("button", "button", ("disabled", "name", "value", "type", "form"), fixed=(("type", "button"),),
             purpose="A button."),
        Kind("label", "label", ("for",),
             purpose="The name of a control, around it or with `html_for=`."),
        Kind("form", "form", ("name", "autocomplete"),
             purpose="Controls that are sent together."),
        Kind("input", "input", _INPUT, ("value", "checked"), ("input", "value"),
             (("type", "text"), ("autocomplete", "off")),
             purpose="A field for one line; `type=` makes it one for numbers, dates and so on."),
        Kind("slider", "input", _INPUT, ("value",), ("input", "value"), (("type", "range"), ("autocomplete", "off")),
             purpose="A number that is chosen by sliding."),
        Kind("checkbox", "input", _INPUT, ("checked",), ("change", "checked"),
             (("type", "checkbox"), ("autocomplete", "off")),
             purpose="A box to tick."),
        Kind("text_area", "textarea", (*_FIELD, "rows", "cols", "maxlength", "minlength"), ("value",),
             ("input", "value"), (("autocomplete", "off"),),
             purpose="A field for several lines."),
        Kind("select", "select", (*_FIELD, "multiple"), ("value",), ("change", "value"), (("autocomplete", "off"),),
             purpose="A choice of options, or of one list of texts."),
        Kind("option", "option", ("value", "selected", "disabled", "label"),
             purpose="One option of a select."),
        Kind("switch", "button", ("checked", "disabled", "name"), (), ("click", "pressed"),
             (("type", "button"), ("role", "switch")),
             purpose="A switch that is on or off: `checked=`."),
        Kind("progress", "progress", ("value", "max"),
             purpose="A bar that says how much is done."),
        Kind("spinner", "span", (), fixed=(("role", "status"), ("aria-label", "Waiting")),
             purpose="A sign of waiting."),
        Kind("unordered_list", "ul",
             purpose="A list with dots."),
        Kind("ordered_list", "ol", ("start", "reversed"),
             purpose="A list with numbers."),
        Kind("list_item", "li", ("value",),
             purpose="One item of a list."),
    )
}  # fmt: skip


def make(
    kind: Kind, children: tuple[Any, ...], props: dict[str, Any], *, any_attribute: bool = False
) -> Component:
    """The component of a kind, from what its author wrote.

    Raises ViewError for a prop that the kind does not know, for an event prop that is no handler, and for `style`.
    """
    attributes: dict[str, Any] = dict(kind.fixed)
    classes: list[Any] = [f"pr-{kind.name}"] if not any_attribute else []
    events: dict[str, tuple[str, str, list[Event], dict[str, Any]]] = {}
    options = {name: props.pop(name) for name in OPTIONS if name in props}
    tag = str(props.pop("as_", kind.tag))
    for given in (*children, *props.values()):
        if isinstance(given, str) and REPR in given:
            raise ViewError(
                f"{kind.name}() is given a text that was made by `repr()`, `!r` or `=` of a Var: {given!r}.",
                'Give the Var as it is, or in an f-string: `f"… {State.field}"`.',
            )
    for prop, value in props.items():
        name = RENAMED.get(prop) or prop.removesuffix("_").replace("_", "-")
        if prop in DOM_EVENTS:
            dom, gives = kind.change if prop == "on_change" else DOM_EVENTS[prop]
            events[prop] = (dom, gives, calls(kind, prop, value, gives), options)
        elif prop == "key" or value is None:
            continue
        elif prop in CLASSES and name not in kind.props and not isinstance(value, Var):
            classes.append(f"{CLASSES[prop]}{value}")
        elif name == "class":
            classes.append(" ".join(value) if isinstance(value, (list, tuple)) else value)
        elif name in kind.props or name in COMMON or name.startswith(("aria-", "data-")) or any_attribute:
            attributes[name] = value
        else:
            raise unknown(kind, prop)
    if options and not events:
        raise ViewError(f"{kind.name}() has `{next(iter(options))}=` but no event that it could hold back.")
    if classes:
        attributes["class"] = classes[0] if len(classes) == 1 else _joined(classes)
    return Component(kind, tag, attributes, events, children)


def _joined(classes: list[Any]) -> Any:
    if any(isinstance(item, Var) for item in classes):
        parts = [part for item in classes for part in (["=", " "], tree(item))][1:]
        return Var(["join", parts])
    return " ".join(str(item) for item in classes)


def unknown(kind: Kind, prop: str) -> ViewError:
    """The error for a prop that a component does not have."""
    known = [*kind.props, *COMMON, *RENAMED, *DOM_EVENTS, *OPTIONS, *CLASSES, "as_", "key"]
    if prop == "style":
        return ViewError(f"{kind.name}() has no prop 'style': {_BARE}.", "Use class_name= and a stylesheet.")
    near = difflib.get_close_matches(prop, [name.replace("-", "_") for name in known], 1, 0.6)
    return ViewError(
        f"{kind.name}() has no prop {prop!r}.",
        f"Did you mean {near[0]!r}?" if near else f"It knows: {', '.join(sorted(set(kind.props + COMMON)))}.",
    )


def calls(kind: Kind, prop: str, value: Any, gives: str) -> list[Event]:
    """The calls that an event prop stands for; what the event gives is a Var `["$", 0]` in their arguments."""
    given = [Var(["$", 0])] if gives else []
    if isinstance(value, EventHandler):
        value = value(*given[: room_in(value)])
    elif callable(value) and not isinstance(value, (Event, Var)):
        code = getattr(value, "__code__", None)
        value = value(*given[: code.co_argcount if code else None])
    if isinstance(value, (list, tuple)):
        return [call for item in value for call in calls(kind, prop, item, gives)]
    if not isinstance(value, Event):
        raise ViewError(
            f"{kind.name}({prop}=…) needs an event handler, not {type(value).__name__}.",
            "Write `State.handler`, `State.handler(argument)`, a list of these, or a lambda that gives one.",
        )
    needed, space = needed_in(value.handler), room_in(value.handler)
    name = f"{value.handler.owner.__name__}.{value.handler.name}"
    count = len(value.args) + len(value.kwargs)
    if count < needed and len(value.args) + len(given) >= needed:
        return [Event(value.handler, (*value.args, *given), value.kwargs)]
    if count < needed or len(value.args) > space:
        raise ViewError(
            f"{prop} calls {name} with {count} argument{'s' * (count != 1)}, but it takes "
            f"{needed if needed == space else f'{needed} to {space}'}.",
            f"{prop} gives {'one' if gives else 'no'} argument; more can be given as {name}(…).",
        )
    return [value]


def room_in(handler: EventHandler) -> int:
    """How many positional arguments a handler takes, without self."""
    code = handler.function.__code__
    return 99 if code.co_flags & 0x04 else int(code.co_argcount) - 1


def needed_in(handler: EventHandler) -> int:
    """How many arguments a handler must be given."""
    code = handler.function.__code__
    return int(code.co_argcount) - 1 - len(handler.function.__defaults__ or ())


def python_name(attribute: str) -> str:
    """How a prop is written in Python."""
    return {"class": "class_name", "for": "html_for"}.get(attribute, attribute.replace("-", "_"))


def events_of(kind: Kind) -> dict[str, str]:
    """The events that make sense for a component: event prop → what the handler gets ("": nothing)."""
    control = bool(kind.live) or kind.name in ("select", "switch")
    found = {name: gives for name, (_, gives) in DOM_EVENTS.items() if name not in ("on_change", "on_submit")}
    if kind.name == "form":
        found = {"on_submit": "form", **found}
    return {"on_change": kind.change[1], **found} if control else found


def _help(kind: Kind) -> str:
    """What `help()` says of a component."""
    props = ", ".join(python_name(prop) for prop in (*kind.props, *COMMON, *CLASSES, "as_", "key"))
    return (
        f"{kind.purpose} Becomes `<{kind.tag}>`.\n\n"
        f"Props: {props}; any aria_… and data_….\n"
        f"Events: {', '.join(events_of(kind))}; with them {', '.join(OPTIONS)}."
    )


def _component(name: str) -> Callable[..., Component]:
    kind = KINDS[name]

    def component(*children: Any, **props: Any) -> Component:
        return make(kind, children, props)

    component.__name__ = component.__qualname__ = name
    component.__doc__ = _help(kind)
    return component


box, vstack, hstack, span = _component("box"), _component("vstack"), _component("hstack"), _component("span")
heading, text, code, divider = (
    _component("heading"),
    _component("text"),
    _component("code"),
    _component("divider"),
)
link, image, button, label = (
    _component("link"),
    _component("image"),
    _component("button"),
    _component("label"),
)
form, input, slider = _component("form"), _component("input"), _component("slider")  # noqa: A001
checkbox, text_area, option = _component("checkbox"), _component("text_area"), _component("option")
switch, progress, spinner = _component("switch"), _component("progress"), _component("spinner")
unordered_list, ordered_list = _component("unordered_list"), _component("ordered_list")
list_item = _component("list_item")


def select(*options: Any, **props: Any) -> Component:
    """A choice: options, or one list of texts."""
    if len(options) == 1 and isinstance(options[0], (list, tuple)):
        items = [item if isinstance(item, Var) else str(item) for item in options[0]]
        options = tuple(option(item, value=item) for item in items)
    return make(KINDS["select"], options, props)


select.__doc__ = _help(KINDS["select"])


def el(tag: str, *children: Any, **props: Any) -> Component:
    """Any HTML element, with any attribute."""
    if tag in ("script", "style", "iframe", "object", "embed", "template"):
        raise ViewError(f"el() does not make <{tag}>: it could run or load what the page forbids.")
    return make(Kind(tag, tag), children, props, any_attribute=True)


def fragment(*children: Any) -> Fragment:
    """Several components without an element around them."""
    return Fragment(children)


def cond(test: Any, yes: Any, no: Any = None) -> Any:
    """`yes` while the condition is true, else `no`: components, or values to be used as text or prop."""
    if not isinstance(test, Var):
        return yes if test else no
    if any(isinstance(branch, (Component, Cond, Foreach, Fragment)) for branch in (yes, no)):
        return Cond(test, yes, no)
    return Var(["?", test._tree, tree(yes), tree(no)])


def foreach(items: Any, render: Callable[..., Any]) -> Any:
    """One component for each item: `foreach(State.items, lambda item: text(item))`, or `lambda item, index: …`."""
    if not isinstance(items, Var):
        try:
            return Fragment(tuple(render(item) for item in items))
        except VarTypeError as error:
            raise ViewError(error.message, error.hint) from error
    return Foreach(items, render)
