"""Nodes: what a view is made of, before it is compiled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from pressrun.events import Event


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
    """The function's name, for messages; `table.row` is the function `row` of `table`."""
    tag: str
    """The HTML element, unless `as_` says another."""
    props: tuple[str, ...] = ()
    """HTML attributes it accepts, by their HTML names (in Python `_` stands for `-`, and a trailing `_` is dropped)."""
    live: tuple[str, ...] = ()
    """Those of them that are set as DOM properties (`value`, `checked`): what the reader changes by hand."""
    change: tuple[str, str] = ("change", "")
    """`on_change`: the DOM event behind it, and what the handler gets (`value`, `checked`, `pressed`)."""
    fixed: tuple[tuple[str, str], ...] = ()
    """Attributes it always has, unless its author gives them."""
    also: tuple[str, ...] = ()
    """Props beside HTML attributes that its function takes, for help and the manual."""
    named: str = ""
    """Key of the site's words that name it, unless its author does (`aria_label=`)."""
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
    style: dict[str, Any] = field(default_factory=dict)
    """CSS property → value or Var; `:hover` and the like → such a dict."""
    key: Any = None
    """What tells a row of a `foreach` from others."""


@dataclass(frozen=True, slots=True)
class Cond:
    """One of several components, or none."""

    tests: tuple[list[Any], ...]
    """The trees of the conditions; at most one holds at a time."""
    branches: tuple[Any, ...]
    """What is shown while the condition of the same place holds."""


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


@dataclass(frozen=True, slots=True, eq=False)
class Unique:
    """A name that nothing else in the page has: what ties a label to its control, or radio buttons to one another."""

    use: str
    """What it is for; the name begins with it."""


NODES = (Component, Cond, Foreach, Fragment)
"""What a view can be made of at its root."""
