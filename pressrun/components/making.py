"""Making: what an author writes as props and children becomes a component, or an error that says what was meant."""

from __future__ import annotations

import difflib
import inspect
from typing import Any

from pressrun.events import Effect, Event, EventHandler
from pressrun.expr import REPR, Var, tree

from .kinds import COMMON, DOM_EVENTS, NAMELESS, OPTIONS, RENAMED, events_of, python_name
from .looks import (
    CLASSES,
    CSS,
    SHORT,
    STATES,
    STEPPED,
    TONES,
    class_of,
    css_name,
    css_value,
    stepped,
    style_of,
)
from .node import Component, Kind, ViewError

FORBIDDEN = ("script", "style", "iframe", "object", "embed", "template", "base", "meta", "link")
"""Elements that could run, load or style what the page's policy forbids."""


def make(
    kind: Kind, children: tuple[Any, ...], props: dict[str, Any], *, any_attribute: bool = False
) -> Component:
    """The component of a kind, from what its author wrote.

    Raises ViewError for a prop that the kind does not know, and for an event prop that is no handler.
    """
    attributes: dict[str, Any] = dict(kind.fixed)
    classes: list[Any] = [f"pr-{kind.name.replace('.', '-')}"] if not any_attribute else []
    events: dict[str, tuple[str, str, list[Event], dict[str, Any]]] = {}
    style: dict[str, Any] = {}
    options = {name: props.pop(name) for name in OPTIONS if name in props}
    tag, key = str(props.pop("as_", kind.tag)), props.pop("key", None)
    if tag.lower() in FORBIDDEN:
        raise ViewError(f"{kind.name}() does not make <{tag}>: it could run or load what the page forbids.")
    for given in (*children, *props.values()):
        if isinstance(given, str) and REPR in given:
            raise ViewError(
                f"{kind.name}() is given a text that was made by `repr()`, `!r` or `=` of a Var: {given!r}.",
                'Give the Var as it is, or in an f-string: `f"… {State.field}"`.',
            )
    if "loading" in props and "loading" in kind.also:
        waiting = props.pop("loading")
        props = {**props, "aria_busy": waiting, "disabled": either(waiting, props.get("disabled", False))}
    for name, value in (props.pop("custom_attrs", None) or {}).items():
        attributes[name.replace("_", "-")] = value
    for prop, given in props.items():
        value = live(given)
        name = RENAMED.get(prop) or prop.removesuffix("_").replace("_", "-")
        if prop in DOM_EVENTS:
            dom, gives = kind.change if prop in ("on_change", "on_value_change") else DOM_EVENTS[prop]
            events[prop] = (dom, gives, calls(kind, prop, given, [Var(["$", 0])] if gives else []), options)
        elif value is None:
            continue
        elif prop == "style":
            style.update(style_of(kind.name, value))
        elif prop in STATES:
            style[STATES[prop]] = style_of(kind.name, value)
        elif prop == "color_scheme":
            classes.append(tone(kind, value))
        elif name in kind.props or name in COMMON or name.startswith(("aria-", "data-")) or any_attribute:
            if name == "class":
                classes.append(" ".join(value) if isinstance(value, (list, tuple)) else value)
            else:
                attributes[name] = value
        elif prop in CLASSES and isinstance(value, (list, tuple)):
            style[STEPPED.get(prop, prop)] = stepped(prop, value)
        elif prop in CLASSES and not isinstance(value, Var) and class_of(prop, value):
            classes.append(class_of(prop, value))
        elif prop == "columns":
            style["grid-template-columns"] = css_value("grid-template-columns", value)
        elif css_name(prop):
            style[css_name(prop)] = css_value(css_name(prop), value)
        elif prop in CLASSES:
            raise ViewError(
                f"{kind.name}({prop}=…) cannot be an expression.",
                f"Use `cond(…, {kind.name}({prop}=…), {kind.name}({prop}=…))`, or a style.",
            )
        else:
            raise unknown(kind, prop)
    if isinstance(attributes.get("type"), str) and attributes["type"] in ("checkbox", "radio"):
        attributes.pop("autocomplete", None)
    if options and not events:
        raise ViewError(f"{kind.name}() has `{next(iter(options))}=` but no event that it could hold back.")
    if classes:
        attributes["class"] = classes[0] if len(classes) == 1 else joined(classes)
    return Component(kind, tag, attributes, events, children, style, key)


def live(value: Any) -> Any:
    """The Var that an f-string with Vars in it is; anything else as it is."""
    return Var(tree(value)) if isinstance(value, str) and tree(value)[0] != "=" else value


def either(one: Any, other: Any) -> Any:
    """Whether one of two holds: values or Vars."""
    if isinstance(one, Var):
        return Var(["|", tree(one), tree(other)])
    return True if one else other


def tone(kind: Kind, value: Any) -> str:
    """The class of a `color_scheme=`."""
    if isinstance(value, Var) or value not in TONES:
        near = difflib.get_close_matches(str(value), TONES, 1, 0.6) if not isinstance(value, Var) else []
        raise ViewError(
            f"{kind.name}(color_scheme={value!r}): there is no such scheme.",
            f"Did you mean {near[0]!r}?" if near else f"There are {', '.join(sorted(set(TONES.values())))}.",
        )
    return f"pr-tone-{TONES[value]}"


def joined(classes: list[Any]) -> Any:
    """One `class` attribute of several classes, some of which may be Vars."""
    if any(isinstance(item, Var) for item in classes):
        parts = [part for item in classes for part in (["=", " "], tree(item))][1:]
        return Var(["join", parts])
    return " ".join(str(item) for item in classes)


def unknown(kind: Kind, prop: str) -> ViewError:
    """The error for a prop that a component does not have."""
    known = [
        *kind.props,
        *kind.also,
        *COMMON,
        *RENAMED,
        *DOM_EVENTS,
        *OPTIONS,
        *CLASSES,
        *CSS,
        *SHORT,
        "as_",
        "key",
    ]
    near = difflib.get_close_matches(prop, [name.replace("-", "_") for name in known], 1, 0.6)
    own = ", ".join(sorted({python_name(name) for name in (*kind.props, *kind.also, *COMMON)}))
    return ViewError(
        f"{kind.name}() has no prop {prop!r}.",
        f"Did you mean {near[0]!r}?" if near else f"It knows: {own}, and the properties of CSS.",
    )


def calls(kind: Kind, prop: str, value: Any, given: list[Any]) -> list[Any]:
    """The calls that an event prop stands for; `given` is what the event gives: a Var `["$", 0]`, or a value known now."""
    if isinstance(value, EventHandler):
        value = value(*given[: room_in(value)])
    elif callable(value) and not isinstance(value, (Event, Var)):
        value = value(*given[: room_of(value)])
    if isinstance(value, (list, tuple)):
        return [call for item in value for call in calls(kind, prop, item, given)]
    if isinstance(value, Effect):
        return [value]
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
            f"{prop} gives {'one' if given else 'no'} argument; more can be given as {name}(…).",
        )
    return [value]


def room_of(function: Any) -> int:
    """How many positional arguments a function takes."""
    try:
        kinds = [one.kind for one in inspect.signature(function).parameters.values()]
    except (TypeError, ValueError):
        return 1
    return (
        99
        if inspect.Parameter.VAR_POSITIONAL in kinds
        else sum(
            kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
            for kind in kinds
        )
    )


def room_in(handler: EventHandler) -> int:
    """How many positional arguments a handler takes, without self."""
    code = handler.function.__code__
    return 99 if code.co_flags & 0x04 else int(code.co_argcount) - 1


def needed_in(handler: EventHandler) -> int:
    """How many arguments a handler must be given."""
    code = handler.function.__code__
    return int(code.co_argcount) - 1 - len(handler.function.__defaults__ or ())


def help_of(kind: Kind) -> str:
    """What `help()` says of a component."""
    props = ", ".join(
        dict.fromkeys(
            python_name(prop) for prop in (*kind.props, *kind.also, *COMMON, *CLASSES, "as_", "key")
        )
    )
    element = f" Becomes `<{kind.tag}>`." if kind.tag else ""
    return (
        f"{kind.purpose}{element}\n\n"
        f"Props: {props}; style and the properties of CSS; any aria_… and data_….\n"
        f"Events: {', '.join(events_of(kind))}; with them {', '.join(OPTIONS)}."
    )


class AnyElement:
    """Any HTML element, with any attribute: `el("mark", …)` or `el.mark(…)`."""

    def __call__(self, tag: str, *children: Any, **props: Any) -> Component:
        """The element of that name."""
        kind = Kind(tag, tag, purpose=NAMELESS.purpose)
        return make(kind, children, props, any_attribute=True)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *children, **props: self(name.removesuffix("_").replace("_", "-"), *children, **props)
