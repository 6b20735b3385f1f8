"""Components: what a view is made of.

A view is an ordinary function of no arguments that puts components together, once, when the site is built. Names and
props are those that Reflex users know; a prop nobody knows is an error that says which was meant.
"""

from __future__ import annotations

from typing import Any

from . import parts as _parts
from .flow import cond, foreach, fragment, match
from .kinds import DOM_EVENTS as DOM_EVENTS
from .kinds import KINDS as KINDS
from .kinds import events_of as events_of
from .kinds import python_name as python_name
from .making import AnyElement
from .node import NODES as NODES
from .node import Component as Component
from .node import Cond as Cond
from .node import Foreach as Foreach
from .node import Fragment as Fragment
from .node import Kind as Kind
from .node import Unique as Unique
from .node import ViewError as ViewError
from .parts import Family, component

__all__ = [
    "accordion", "avatar", "badge", "box", "button", "callout", "card", "center", "checkbox", "code", "code_block",
    "cond", "dialog", "divider", "el", "flex", "foreach", "form", "fragment", "grid", "heading", "hstack", "icon",
    "icon_button", "image", "input", "label", "link", "list_item", "match", "option", "ordered_list", "progress",
    "radio", "radio_group", "select", "slider", "spacer", "span", "spinner", "switch", "table", "tabs", "text", "text_area",
    "tooltip", "unordered_list", "vstack",
]  # fmt: skip

accordion = Family("accordion", _parts.accordion, {
    "root": _parts.accordion, "item": _parts.accordion_item,
    "trigger": component("accordion.trigger"), "content": component("accordion.content"),
})  # fmt: skip
avatar = _parts.avatar
badge = component("badge")
box = component("box")
button = _parts.button
callout = Family("callout", _parts.callout, {
    "root": component("callout"), "icon": component("span"), "text": component("text"),
})  # fmt: skip
card = component("card")
center = component("center")
checkbox = _parts.checkbox
code = component("code")
code_block = _parts.code_block
dialog = Family("dialog", _parts.dialog, {
    "root": _parts.dialog,
    **{name: component(f"dialog.{name}") for name in ("trigger", "content", "title", "description", "close")},
})  # fmt: skip
divider = component("divider")
el = AnyElement()
flex = component("flex")
form = Family("form", _parts.form, {"root": _parts.form})
grid = _parts.grid
heading = component("heading")
hstack = component("hstack")
icon = _parts.icon
icon_button = _parts.icon_button
image = component("image")
input = component("input")  # noqa: A001
label = component("label")
link = _parts.link
list_item = component("list_item")
option = _parts.option
ordered_list = _parts.listed("ordered_list")
progress = component("progress")
radio_group = Family("radio_group", _parts.radio_group, {
    "root": _parts.radio_group, "item": _parts.radio_item,
})  # fmt: skip
radio = radio_group
select = Family("select", _parts.select, {
    "root": _parts.select, "trigger": _parts.select_trigger, "content": _parts.select_content,
    "group": component("select.group"), "label": component("span"), "item": _parts.option,
})  # fmt: skip
slider = component("slider")
spacer = component("spacer")
span = component("span")
spinner = component("spinner")
switch = component("switch")
table = Family("table", component("table.root"), {
    name: component(f"table.{name}")
    for name in ("root", "header", "body", "row", "column_header_cell", "row_header_cell", "cell")
})  # fmt: skip
tabs = Family("tabs", _parts.tabs, {
    "root": _parts.tabs, "list": component("tabs.list"),
    "trigger": _parts.with_value("tabs.trigger"), "content": _parts.with_value("tabs.content"),
})  # fmt: skip
text = component("text")
text_area = component("text_area")
tooltip = _parts.tooltip
unordered_list = _parts.listed("unordered_list")
vstack = component("vstack")

OTHERS: dict[str, Any] = {
    "list": Family("list", unordered_list, {
        "ordered": ordered_list, "unordered": unordered_list, "item": list_item,
    }),
}  # fmt: skip
"""Names that `import pressrun as …` finds and `from pressrun.components import *` does not, since Python means others."""


def named(name: str) -> Any:
    """The component of a name. Raises KeyError."""
    return globals()[name] if name in __all__ else OTHERS[name]
