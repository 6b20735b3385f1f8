"""Components that are put together of several: their functions give trees of the plain ones."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pressrun.expr import Var, tree

from .flow import cond, foreach
from .icons import ALSO, ICONS, icon_name
from .kinds import KINDS, NAMELESS
from .making import calls, help_of, live, make
from .node import Component, Cond, Foreach, Fragment, Unique, ViewError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

UNDRAWN = {"viewBox": "0 0 24 24", "width": 20, "height": 20, "aria-hidden": "true", "focusable": "false"}
"""Attributes of every icon."""


def helped(name: str) -> Callable[[Any], Any]:
    """Give a function the words that `help()` says of its component: props, events and all."""

    def with_help(function: Any) -> Any:
        function.__doc__ = help_of(KINDS[name])
        return function

    return with_help


def component(name: str) -> Callable[..., Any]:
    """The function of a component that is one element."""
    kind = KINDS[name]

    def make_it(*children: Any, **props: Any) -> Component:
        return make(kind, children, props)

    make_it.__name__ = make_it.__qualname__ = name.rpartition(".")[2]
    make_it.__doc__ = help_of(kind)
    return make_it


class Family:
    """Functions with one first name: `table.row`; some can be called themselves, as `select(…)` can."""

    def __init__(self, name: str, itself: Callable[..., Any], members: Mapping[str, Any]) -> None:
        self._name, self._itself, self._members = name, itself, members
        self.__doc__ = itself.__doc__

    def __call__(self, *children: Any, **props: Any) -> Any:
        """The component of the family's own name, which is its `root` as a rule."""
        return self._itself(*children, **props)

    def __getattr__(self, name: str) -> Any:
        if name in self._members:
            return self._members[name]
        near = difflib.get_close_matches(name, self._members, 1, 0.5)
        if name.startswith("__"):
            raise AttributeError(name)
        raise ViewError(
            f"There is no {self._name}.{name}.",
            f"Did you mean {self._name}.{near[0]}?" if near else f"There are {', '.join(self._members)}.",
        )


def adapted(node: Any, change: Callable[[Component], Component]) -> Any:
    """The same tree with every component in it changed, those of branches and rows too."""
    if isinstance(node, Component):
        node = change(node)
        return replace(node, children=tuple(adapted(child, change) for child in node.children))
    if isinstance(node, Fragment):
        return Fragment(tuple(adapted(child, change) for child in node.children))
    if isinstance(node, Cond):
        return Cond(node.tests, tuple(adapted(branch, change) for branch in node.branches))
    if isinstance(node, Foreach):
        return Foreach(node.items, lambda item, index: adapted(node.render(item, index), change))
    if isinstance(node, (list, tuple)):
        return tuple(adapted(child, change) for child in node)
    return node


def with_attributes(node: Component, **more: Any) -> Component:
    """The component with more attributes, by their HTML names with `_` for `-`."""
    return replace(node, attributes={**node.attributes, **{k.replace("_", "-"): v for k, v in more.items()}})


def same(one: Any, other: Any) -> Any:
    """Whether two values are equal: a value, or a Var."""
    return one == other


def in_label(control: Component, words: tuple[Any, ...]) -> Component:
    """A control with the words beside it as its label; alone when there are none."""
    return make(KINDS["label"], (control, *words), {"key": control.key}) if words else control


def of_items(items: Any, one: Callable[[Any], Any]) -> tuple[Any, ...]:
    """Something for each item of a list of texts, which may be a Var."""
    if isinstance(items, Var):
        return (foreach(items, one),)
    return tuple(one(item if isinstance(item, Var) else str(item)) for item in items)


@helped("checkbox")
def checkbox(*words: Any, **props: Any) -> Component:
    """A box to tick, with words beside it."""
    return in_label(make(KINDS["checkbox"], (), props), words)


@helped("link")
def link(*children: Any, **props: Any) -> Component:
    """A link; with `is_external=True` it opens a page of its own."""
    if props.pop("is_external", False):
        props = {"target": "_blank", "rel": "noopener", **props}
    return make(KINDS["link"], children, props)


@helped("button")
def button(*children: Any, **props: Any) -> Component:
    """A button."""
    return make(KINDS["button"], children, props)


@helped("icon")
def icon(tag: Any, **props: Any) -> Component:
    """A drawing by its name: `icon("check", size=16)`; the name may be an expression, such as `cond(…, "play", "pause")`."""
    tag, size = live(tag), props.pop("size", None)
    if not isinstance(tag, Var):
        drawn = icon_name(str(tag))
        if not drawn:
            near = difflib.get_close_matches(str(tag).lower().replace("_", "-"), [*ICONS, *ALSO], 1, 0.5)
            raise ViewError(
                f"There is no icon {tag!r}.",
                f"Did you mean {near[0]!r}?" if near else f"There are {', '.join(ICONS)}.",
            )
        tag = drawn
    if size is not None:
        size = {"1": 16, "2": 20, "3": 24, "4": 32}.get(str(size), size)
        props = {"width": size, "height": size, **props}
    attributes = dict(UNDRAWN)
    for name in ("width", "height"):
        if name in props:
            attributes[name] = props.pop(name)
    made = make(KINDS["icon"], (), props)
    if "aria-label" in made.attributes:
        del attributes["aria-hidden"]
        attributes["role"] = "img"
    href = Var(["join", [["=", "#pr-i-"], tree(tag)]]) if isinstance(tag, Var) else f"#pr-i-{tag}"
    drawing = make(replace(NAMELESS, name="icon", tag="use"), (), {"href": href}, any_attribute=True)
    return replace(made, attributes={**attributes, **made.attributes}, children=(drawing,))


@helped("icon_button")
def icon_button(*children: Any, **props: Any) -> Component:
    """A button with an icon alone."""
    shown = tuple(icon(child) if isinstance(child, str) and icon_name(child) else child for child in children)
    return make(KINDS["icon_button"], shown, props)


@helped("avatar")
def avatar(*children: Any, **props: Any) -> Component:
    """A picture, or letters in its place."""
    letters, source = props.pop("fallback", None), props.get("src")
    if source is not None:
        return make(KINDS["avatar"], (), {"alt": "" if letters is None else letters, **props, "as_": "img"})
    name = props.pop("alt", letters)
    return make(KINDS["avatar"], children or (letters,), {"role": "img", "aria_label": name, **props})


@helped("callout")
def callout(*children: Any, **props: Any) -> Component:
    """A remark; `icon="info"` puts a drawing before it."""
    drawn = props.pop("icon", None)
    first = (icon(drawn),) if drawn is not None else ()
    return make(
        KINDS["callout"], (*first, make(KINDS["box"], children, {"class_name": "pr-callout-text"})), props
    )


@helped("tooltip")
def tooltip(*children: Any, **props: Any) -> Component:
    """Words that are seen while what they stand around is pointed at or has the focus."""
    words, name = props.pop("content", ""), Unique("tip")
    around = tuple(
        with_attributes(child, aria_describedby=name) if isinstance(child, Component) else child
        for child in children
    )
    tip = make(KINDS["span"], (words,), {"class_name": "pr-tip", "role": "tooltip"})
    return make(KINDS["tooltip"], (*around, with_attributes(tip, id=name)), props)


@helped("code_block")
def code_block(code: Any, **props: Any) -> Component:
    """Lines of code."""
    language = props.pop("language", "")
    return with_attributes(make(KINDS["code_block"], (code,), props), data_language=language or None)


@helped("form")
def form(*children: Any, **props: Any) -> Component:
    """Controls that are sent together: `on_submit=` gets a dict of their names and values."""
    again = props.pop("reset_on_submit", False)
    made = make(KINDS["form"], children, props)
    for _, _, _, options in made.events.values():
        options["reset"] = again
    return made


@helped("grid")
def grid(*children: Any, **props: Any) -> Component:
    """Components in columns."""
    rows = props.pop("rows", None)
    more = {"grid_template_rows": f"repeat({rows}, 1fr)" if str(rows).isdigit() else rows} if rows else {}
    return make(KINDS["grid"], children, {**props, **more})


def listed(name: str) -> Callable[..., Any]:
    """The function of a list: items as children, or texts as `items=`."""

    def make_it(*children: Any, **props: Any) -> Component:
        items = props.pop("items", ())
        made = of_items(items, lambda item: make(KINDS["list_item"], (item,), {}))
        return make(KINDS[name], (*children, *made), props)

    make_it.__name__ = make_it.__qualname__ = name
    make_it.__doc__ = help_of(KINDS[name])
    return make_it


# Choices


@helped("option")
def option(*words: Any, **props: Any) -> Component:
    """One option of a select; its value is its words unless `value=` says another."""
    return make(KINDS["option"], words, props)


@helped("select")
def select(*options: Any, **props: Any) -> Component:
    """A choice: options, or one list of texts."""
    first = props.pop("placeholder", None)
    if len(options) == 1 and isinstance(options[0], (list, tuple, Var)):
        options = of_items(options[0], lambda item: option(item, value=item))
    if first is not None:
        options = (make(KINDS["select.trigger"], (first,), {}), *options)
    value = props.get("value", props.get("default_value"))
    if value is None:
        return make(KINDS["select"], options, props)

    def chosen(node: Component) -> Component:
        if node.tag != "option":
            return node
        own = node.attributes.get("value", node.children[0] if node.children else "")
        return with_attributes(node, selected=same(live(value), own))

    return make(KINDS["select"], tuple(adapted(one, chosen) for one in options), props)


@helped("select.trigger")
def select_trigger(*words: Any, **props: Any) -> Any:
    """What is said before anything is chosen: `placeholder=`."""
    words = words or ((props.pop("placeholder"),) if "placeholder" in props else ())
    return make(KINDS["select.trigger"], words, props) if words else Fragment()


def select_content(*children: Any) -> Fragment:
    """The options of a `select.root`."""
    return Fragment(children)


@helped("radio_group.item")
def radio_item(*words: Any, **props: Any) -> Component:
    """One of the things that can be chosen."""
    value = props.get("value", words[0] if words else "")
    return in_label(make(KINDS["radio_group.item"], (), {**props, "value": value}), words)


@helped("radio_group")
def radio_group(*children: Any, **props: Any) -> Component:
    """A choice of one: `radio_group(["a", "b"], value=State.choice, on_change=State.choose)`."""
    if len(children) == 1 and isinstance(children[0], (list, tuple, Var)):
        children = of_items(children[0], lambda item: radio_item(item, value=item))
    value = live(props.pop("value", props.pop("default_value", None)))
    name, kind = props.pop("name", Unique("radio")), KINDS["radio_group"]
    common: dict[str, Any] = {prop: props.pop(prop) for prop in ("disabled", "required") if prop in props}
    handlers: dict[str, Any] = {
        prop: props.pop(prop) for prop in ("on_change", "on_value_change") if prop in props
    }

    def member(node: Component) -> Component:
        if node.kind.name != "radio_group.item":
            return node
        own = make(node.kind, (), {**common, **handlers}).events
        chosen = {} if value is None else {"checked": same(value, node.attributes["value"])}
        node = with_attributes(node, **{**common, "name": name, **chosen})
        return replace(node, events={**own, **node.events})

    props = {"direction": "column", **props}
    return make(kind, tuple(adapted(child, member) for child in children), props)


# What unfolds, changes places, or opens


@helped("accordion.root")
def accordion(*items: Any, **props: Any) -> Component:
    """Parts that unfold, one at a time unless `type="multiple"`; with `value=` the state says which one is open."""
    several, first = props.pop("type", "single") == "multiple", props.pop("default_value", ())
    props.pop("collapsible", None)
    value, kind = live(props.pop("value", None)), KINDS["accordion.root"]
    handlers: dict[str, Any] = {
        prop: props.pop(prop) for prop in ("on_change", "on_value_change") if prop in props
    }
    if several and (value is not None or handlers):
        raise ViewError(
            'accordion(type="multiple") does not know one value.',
            "Give each item `open=` and its trigger `on_click=` with `prevent_default=True`.",
        )
    if handlers and value is None:
        raise ViewError("accordion(on_change=…) needs a value.", "Write `value=State.field` beside it.")
    opened, name = ([first] if isinstance(first, str) else list(first)), Unique("fold")

    def member(node: Component) -> Component:
        if node.kind.name != "accordion.item":
            return node
        own = node.attributes.get("data-value")
        if value is None:
            more = {} if several else {"name": name}
            return with_attributes(node, **more, **({"open": True} if own in opened else {}))
        if own is None:
            raise ViewError("accordion.item() needs a value here.", 'Write `accordion.item(…, value="one")`.')
        seen = same(value, own)
        events: dict[str, Any] = {
            prop: ("click", "", calls(kind, prop, handler, [cond(seen, "", own)]), {"prevent_default": True})
            for prop, handler in handlers.items()
        }
        parts = tuple(
            replace(part, events={**events, **part.events})
            if isinstance(part, Component) and part.kind.name == "accordion.trigger"
            else part
            for part in node.children
        )
        return replace(with_attributes(node, open=seen), children=parts)

    return make(KINDS["accordion.root"], tuple(adapted(item, member) for item in items), props)


@helped("accordion.item")
def accordion_item(*children: Any, **props: Any) -> Component:
    """One part: `header=` and `content=`, or a trigger and a content."""
    header, content, value = props.pop("header", None), props.pop("content", None), props.pop("value", None)
    if header is not None:
        children = (make(KINDS["accordion.trigger"], (header,), {}), *children)
    if content is not None:
        children = (*children, make(KINDS["accordion.content"], (content,), {}))
    return with_attributes(make(KINDS["accordion.item"], children, props), data_value=value)


def with_value(name: str) -> Callable[..., Any]:
    """The function of a part that belongs to a value, as triggers and contents of tabs do."""

    def make_it(*children: Any, **props: Any) -> Component:
        if "value" not in props:
            raise ViewError(f"{name}() needs a value.", f'Write `{name}("Words", value="one")`.')
        value = props.pop("value")
        return with_attributes(make(KINDS[name], children, props), data_value=value)

    make_it.__name__ = make_it.__qualname__ = name
    make_it.__doc__ = help_of(KINDS[name])
    return make_it


@helped("tabs.root")
def tabs(*children: Any, **props: Any) -> Component:
    """Parts of which one is seen; the arrow keys go from trigger to trigger."""
    value, kind = live(props.pop("value", None)), KINDS["tabs.root"]
    handlers: dict[str, Any] = {
        prop: props.pop(prop) for prop in ("on_change", "on_value_change") if prop in props
    }
    words: dict[Any, Any] = {}
    panels: dict[Any, Unique] = {}

    def note(node: Component) -> Component:
        if node.kind.name == "tabs.content" and "id" not in node.attributes:
            panels[node.attributes["data-value"]] = Unique("panel")
        if node.kind.name == "tabs.trigger":
            words[node.attributes["data-value"]] = " ".join(
                one for one in node.children if isinstance(one, str)
            )
        return node

    for child in children:
        adapted(child, note)
    first = props.pop("default_value", None)
    current = value if value is not None else first if first is not None else next(iter(words), None)

    def member(node: Component) -> Component:
        own = node.attributes.get("data-value")
        if node.kind.name == "tabs.trigger":
            events: dict[str, Any] = {
                prop: ("click", "", calls(kind, prop, handler, [own]), {})
                for prop, handler in handlers.items()
            }
            chosen = same(current, own)
            node = with_attributes(node, aria_selected=chosen, tabindex=cond(chosen, "0", "-1"))
            if own in panels:
                node = with_attributes(node, aria_controls=panels[own])
            return replace(node, events={**events, **node.events})
        if node.kind.name == "tabs.content":
            seen = same(current, own)
            named: dict[str, Any] = {"aria_label": words[own]} if words.get(own) else {}
            if own in panels:
                named["id"] = panels[own]
            hidden = ~seen if isinstance(seen, Var) else not seen
            return with_attributes(node, **{**named, "hidden": hidden})
        return node

    made = make(kind, tuple(adapted(child, member) for child in children), props)
    return with_attributes(made, data_part="tabs" if value is None else "keys")


@helped("dialog.root")
def dialog(*children: Any, **props: Any) -> Component:
    """A trigger and what it opens; with `open=` the state says whether it is open."""
    opened, handler, name = live(props.pop("open", None)), props.pop("on_open_change", None), Unique("dialog")
    kind = KINDS["dialog.root"]

    def told(event: str, value: bool) -> dict[str, Any]:
        if handler is None:
            return {}
        return {"on_open_change": (event, "", calls(kind, "on_open_change", handler, [value]), {})}

    def member(node: Component) -> Component:
        if node.kind.name == "dialog.trigger":
            waits = {} if isinstance(opened, Var) else {"data_part": "open"}
            return replace(with_attributes(node, **waits), events={**told("click", True), **node.events})
        if node.kind.name == "dialog.close":
            return with_attributes(node, data_part="close")
        if node.kind.name == "dialog.title":
            return with_attributes(node, id=name)
        if node.kind.name == "dialog.content":
            state = {} if opened is None else {"open": opened}
            node = with_attributes(node, aria_labelledby=name, data_part="dialog", **state)
            return replace(node, events={**told("close", False), **node.events})
        return node

    return make(kind, tuple(adapted(child, member) for child in children), props)
