"""The table of components: names that Reflex users know, and the HTML elements they become."""

from __future__ import annotations

from .node import Kind

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
_OFF = ("autocomplete", "off")
_BUTTON = ("disabled", "name", "value", "type", "form")

KINDS = {
    kind.name: kind
    for kind in (
        Kind("box", "div",
             purpose="A block around other components."),
        Kind("vstack", "div",
             purpose="Components below one another."),
        Kind("hstack", "div",
             purpose="Components beside one another."),
        Kind("flex", "div", also=("direction",),
             purpose='Components in a row, or with `direction="column"` below one another.'),
        Kind("grid", "div", also=("columns", "rows"),
             purpose='Components in columns: `columns="3"`; fewer where there is no room.'),
        Kind("center", "div",
             purpose="Components in the middle."),
        Kind("spacer", "div",
             purpose="Takes the room that is left, so that its neighbours stand apart."),
        Kind("divider", "hr",
             purpose="A line between parts."),
        Kind("heading", "h2",
             purpose='A heading; `as_="h3"` says its level.'),
        Kind("text", "p",
             purpose="A paragraph."),
        Kind("span", "span",
             purpose="Words within a text."),
        Kind("code", "code",
             purpose="Words in the type of code."),
        Kind("code_block", "div", also=("language",),
             purpose="Lines of code; what is known when the site is built has its colours."),
        Kind("link", "a", ("href", "target", "rel", "hreflang", "download"), also=("is_external",),
             purpose="A link: `href=` says where to."),
        Kind("image", "img", ("src", "alt", "width", "height", "loading"), fixed=(("alt", ""),),
             purpose="A picture: `src=`, and `alt=` for those who do not see it."),
        Kind("icon", "svg", also=("tag",),
             purpose="A small drawing by its name; with `aria_label=` it speaks, without it is only ornament."),
        Kind("avatar", "span", ("src", "alt"), also=("fallback",),
             purpose="Somebody's picture, or the letters that stand for it."),
        Kind("badge", "span",
             purpose="A word that stands out, such as a state or a number."),
        Kind("card", "div",
             purpose="A frame around what belongs together."),
        Kind("callout", "div", also=("icon",), fixed=(("role", "note"),),
             purpose="A remark that stands out, with an icon."),
        Kind("tooltip", "span", also=("content",),
             purpose="More words about what it stands around, when that is pointed at or has the focus."),
        Kind("button", "button", _BUTTON, fixed=(("type", "button"),), also=("loading",),
             purpose="A button."),
        Kind("icon_button", "button", _BUTTON, fixed=(("type", "button"),), also=("loading",),
             purpose="A button with an icon alone; `aria_label=` is its name."),
        Kind("form", "form", ("name", "autocomplete"), also=("reset_on_submit",),
             purpose="Controls that are sent together."),
        Kind("label", "label", ("for",),
             purpose="The name of a control, around it or with `html_for=`."),
        Kind("input", "input", _INPUT, ("value", "checked"), ("input", "value"), (("type", "text"), _OFF),
             purpose="A field for one line; `type=` makes it one for numbers, dates and so on."),
        Kind("text_area", "textarea", (*_FIELD, "rows", "cols", "maxlength", "minlength"), ("value",),
             ("input", "value"), (_OFF,),
             purpose="A field for several lines."),
        Kind("checkbox", "input", _INPUT, ("checked",), ("change", "checked"), (("type", "checkbox"),),
             purpose="A box to tick; words given to it become its label."),
        Kind("switch", "button", ("checked", "disabled", "name"), (), ("click", "pressed"),
             (("type", "button"), ("role", "switch")),
             purpose="A switch that is on or off: `checked=`."),
        Kind("slider", "input", _INPUT, ("value",), ("input", "value"), (("type", "range"), _OFF),
             purpose="A number that is chosen by sliding."),
        Kind("select", "select", (*_FIELD, "multiple"), ("value",), ("change", "value"), (_OFF,),
             purpose="A choice of options, or of one list of texts."),
        Kind("select.trigger", "option", (), fixed=(("value", ""),), also=("placeholder",),
             purpose="What a select says before anything is chosen."),
        Kind("select.group", "optgroup", ("label", "disabled"),
             purpose="Options that belong together."),
        Kind("option", "option", ("value", "selected", "disabled", "label"),
             purpose="One option of a select; `select.item` is another name of it."),
        Kind("radio_group", "div", ("name", "disabled", "required"), ("value",), ("change", "value"),
             (("role", "radiogroup"),), also=("value", "direction"),
             purpose="A choice of one: a list of texts, or items."),
        Kind("radio_group.item", "input", ("value", "disabled", "required"), ("checked",), ("change", "value"),
             (("type", "radio"),),
             purpose="One of the things that can be chosen; words given to it become its label."),
        Kind("progress", "progress", ("value", "max"), named="demo_progress",
             purpose="A bar that says how much is done."),
        Kind("spinner", "span", (), fixed=(("role", "status"),), named="demo_waiting",
             purpose="A sign of waiting."),
        Kind("unordered_list", "ul", also=("items",),
             purpose="A list with dots; `list.unordered` is another name of it."),
        Kind("ordered_list", "ol", ("start", "reversed"), also=("items",),
             purpose="A list with numbers; `list.ordered` is another name of it."),
        Kind("list_item", "li", ("value",),
             purpose="One item of a list; `list.item` is another name of it."),
        Kind("table.root", "table",
             purpose="A table."),
        Kind("table.header", "thead",
             purpose="Its heading rows."),
        Kind("table.body", "tbody",
             purpose="Its rows."),
        Kind("table.row", "tr",
             purpose="One row."),
        Kind("table.column_header_cell", "th", ("colspan", "rowspan"), fixed=(("scope", "col"),),
             purpose="The heading of a column."),
        Kind("table.row_header_cell", "th", ("colspan", "rowspan"), fixed=(("scope", "row"),),
             purpose="The heading of a row."),
        Kind("table.cell", "td", ("colspan", "rowspan"),
             purpose="One cell."),
        Kind("accordion.root", "div", (), (), ("click", "value"), also=("type", "value", "default_value"),
             purpose='Parts that unfold; with `type="multiple"` several at a time.'),
        Kind("accordion.item", "details", ("open",), also=("header", "content", "value"),
             purpose="One part: `header=` and `content=`, or a trigger and a content."),
        Kind("accordion.trigger", "summary",
             purpose="What is always seen of it."),
        Kind("accordion.content", "div",
             purpose="What unfolds."),
        Kind("tabs.root", "div", (), (), ("click", "value"), also=("value", "default_value"),
             purpose="Parts of which one is seen at a time."),
        Kind("tabs.list", "div", fixed=(("role", "tablist"),),
             purpose="The row of triggers."),
        Kind("tabs.trigger", "button", ("disabled",), fixed=(("type", "button"), ("role", "tab")), also=("value",),
             purpose="Brings the part of the same `value=` to the front."),
        Kind("tabs.content", "div", fixed=(("role", "tabpanel"), ("tabindex", "0")), also=("value",),
             purpose="One part."),
        Kind("dialog.root", "div", also=("open", "on_open_change"),
             purpose="A trigger and what it opens."),
        Kind("dialog.trigger", "span",
             purpose="Around the button that opens it."),
        Kind("dialog.content", "dialog", ("open",), ("open",),
             purpose="What opens above the page."),
        Kind("dialog.title", "h2",
             purpose="Its heading."),
        Kind("dialog.description", "p",
             purpose="What it is about."),
        Kind("dialog.close", "span",
             purpose="Around a button that closes it."),
    )
}  # fmt: skip
"""Name → kind, in the order in which the manual shows them."""
NAMELESS = Kind("el", "", purpose="Any HTML element, with any attribute: `el.mark(…)`.")
"""What `el` makes."""
COMMON = ("id", "class", "role", "title", "hidden", "tabindex", "lang", "dir")
"""Attributes of all components."""
RENAMED = {"class_name": "class", "html_for": "for", "tab_index": "tabindex", "default_value": "value",
           "default_checked": "checked", "default_open": "open", "read_only": "readonly", "auto_focus": "autofocus",
           "max_length": "maxlength", "min_length": "minlength", "input_mode": "inputmode",
           "auto_complete": "autocomplete", "is_disabled": "disabled", "is_checked": "checked",
           "row_span": "rowspan", "col_span": "colspan"}  # fmt: skip
"""Props whose HTML name is another."""
DOM_EVENTS = {"on_click": ("click", ""), "on_double_click": ("dblclick", ""), "on_context_menu": ("contextmenu", ""),
              "on_focus": ("focusin", "value"), "on_blur": ("focusout", "value"), "on_input": ("input", "value"),
              "on_key_down": ("keydown", "key"), "on_key_up": ("keyup", "key"),
              "on_mouse_enter": ("mouseenter", ""), "on_mouse_leave": ("mouseleave", ""),
              "on_mouse_down": ("mousedown", ""), "on_mouse_up": ("mouseup", ""), "on_mouse_move": ("mousemove", ""),
              "on_mouse_over": ("mouseover", ""), "on_mouse_out": ("mouseout", ""), "on_scroll": ("scroll", ""),
              "on_submit": ("submit", "form"), "on_mount": ("mount", ""), "on_change": ("", ""),
              "on_value_change": ("", ""), "on_value_commit": ("change", "value")}  # fmt: skip
"""Event props: the DOM event, and what of it the handler gets."""
OPTIONS = ("debounce", "throttle", "prevent_default", "stop_propagation")
"""Props that say how events are sent."""


def python_name(attribute: str) -> str:
    """How a prop is written in Python."""
    return {"class": "class_name", "for": "html_for"}.get(attribute, attribute.replace("-", "_"))


def events_of(kind: Kind) -> dict[str, str]:
    """The events that make sense for a component: event prop → what the handler gets ("": nothing)."""
    own = ("on_change", "on_value_change", "on_value_commit", "on_submit")
    found = {name: gives for name, (_, gives) in DOM_EVENTS.items() if name not in own}
    if kind.name == "form":
        return {"on_submit": "form", **found}
    return {"on_change": kind.change[1], **found} if kind.change[1] else found
