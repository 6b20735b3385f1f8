"""Looks: props that become classes of the style sheet, and props that are CSS."""

from __future__ import annotations

from typing import Any

from pressrun.expr import Var

from .node import ViewError

CLASSES = {"spacing": "pr-gap-", "gap": "pr-gap-", "align": "pr-align-", "justify": "pr-justify-", "size": "pr-size-",
           "wrap": "pr-wrap-", "variant": "pr-", "weight": "pr-weight-", "text_align": "pr-text-",
           "direction": "pr-dir-", "columns": "pr-cols-"}  # fmt: skip
"""Props of looks: each becomes a class, `spacing="4"` → `pr-gap-4`."""
VALUES = {
    "spacing": ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
    "gap": ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
    "align": ("start", "center", "end", "stretch", "baseline"),
    "justify": ("start", "center", "end", "between"),
    "size": ("1", "2", "3", "4", "5", "6", "7", "8", "9"),
    "wrap": ("wrap", "nowrap"),
    "variant": ("solid", "soft", "outline", "surface", "ghost", "classic"),
    "weight": ("light", "regular", "medium", "bold"),
    "text_align": ("left", "center", "right", "start", "end"),
    "direction": ("row", "column", "row-reverse", "column-reverse"),
    "columns": ("1", "2", "3", "4", "5", "6"),
}
"""The values for which there is a class; of `gap`, `columns` and `text_align` any other is CSS."""
TONES = {
    "accent": "accent", "pink": "accent", "crimson": "accent", "plum": "violet", "ruby": "danger", "red": "danger",
    "tomato": "danger", "danger": "danger", "green": "green", "grass": "green", "jade": "green", "mint": "green",
    "lime": "green", "teal": "teal", "cyan": "teal", "sky": "teal", "blue": "blue", "indigo": "blue", "iris": "blue",
    "violet": "violet", "purple": "violet", "amber": "amber", "orange": "amber", "yellow": "amber", "gold": "amber",
    "brown": "amber", "bronze": "amber", "gray": "muted", "grey": "muted", "mauve": "muted", "slate": "muted",
    "sage": "muted", "olive": "muted", "sand": "muted", "muted": "muted",
}  # fmt: skip
"""`color_scheme=`: names that Reflex users know, and the theme's ink for each."""
INKS = ("accent", "accent-text", "text", "muted", "danger", "surface", "bg", "line", "edge", "blue", "teal", "green", "violet", "amber",
        "mark")  # fmt: skip
"""Colours that mean the theme's token, readable in light and dark."""
COLOURS = ("color", "background", "background-color", "border-color", "fill", "stroke", "outline-color")
"""CSS properties whose values may be such colours."""
SHORT = {
    "bg": ("background",), "p": ("padding",), "m": ("margin",),
    "px": ("padding-inline",), "py": ("padding-block",), "mx": ("margin-inline",), "my": ("margin-block",),
    "pt": ("padding-top",), "pr": ("padding-right",), "pb": ("padding-bottom",), "pl": ("padding-left",),
    "mt": ("margin-top",), "mr": ("margin-right",), "mb": ("margin-bottom",), "ml": ("margin-left",),
    "padding_x": ("padding-inline",), "padding_y": ("padding-block",),
    "margin_x": ("margin-inline",), "margin_y": ("margin-block",), "bg_color": ("background-color",),
}  # fmt: skip
"""Short names of CSS properties."""
STEPS = ("0", ".25rem", ".5rem", ".75rem", "1rem", "1.5rem", "2rem", "2.5rem", "3rem", "4rem")
"""`padding="4"`: the theme's steps, the same as those of `spacing`."""
PLAIN_NUMBERS = ("opacity", "z-index", "flex", "flex-grow", "flex-shrink", "order", "line-height", "font-weight",
                 "aspect-ratio", "column-count", "scale", "zoom")  # fmt: skip
"""CSS properties whose numbers have no unit; others are pixels."""
CSS = frozenset(
    """align-content align-items align-self animation aspect-ratio background background-clip background-color
    background-image background-position background-repeat background-size block-size border border-block
    border-block-end border-block-start border-bottom border-collapse border-color border-inline border-inline-end
    border-inline-start border-left border-radius border-right border-spacing border-style border-top border-width bottom
    box-shadow box-sizing break-inside caret-color clip-path color column-count column-gap cursor display fill filter flex
    flex-basis flex-direction flex-flow flex-grow flex-shrink flex-wrap float font font-family font-size font-style
    font-variant-numeric font-weight gap grid-area grid-auto-flow grid-auto-rows grid-column grid-row
    grid-template-areas grid-template-columns grid-template-rows height hyphens inline-size inset inset-block inset-inline
    isolation justify-content justify-items justify-self left letter-spacing line-height list-style list-style-type margin
    margin-block margin-block-end margin-block-start margin-bottom margin-inline margin-inline-end margin-inline-start
    margin-left margin-right margin-top max-block-size max-height max-inline-size max-width min-block-size min-height
    min-inline-size min-width mix-blend-mode object-fit object-position opacity order outline outline-color outline-offset
    overflow overflow-wrap overflow-x overflow-y padding padding-block padding-block-end padding-block-start padding-bottom
    padding-inline padding-inline-end padding-inline-start padding-left padding-right padding-top place-content place-items
    place-self pointer-events position resize right rotate row-gap scale scroll-behavior stroke stroke-width tab-size
    text-align text-decoration text-indent text-overflow text-shadow text-transform text-wrap top transform
    transform-origin transition translate user-select vertical-align visibility white-space width word-break z-index
    zoom""".split()
)
"""CSS properties that are props of every component, with `_` for `-`."""
WIDTHS = {"initial": "", "xs": "30em", "sm": "48em", "md": "62em", "lg": "80em", "xl": "96em"}
"""`width=["100%", "50%"]`: from which width of the window each value of such a list holds; the first always does."""
STEPPED = {"spacing": "gap", "gap": "gap", "align": "align-items", "justify": "justify-content", "wrap": "flex-wrap",
           "direction": "flex-direction", "columns": "grid-template-columns", "text_align": "text-align"}  # fmt: skip
"""Props of looks that may be such lists: the CSS property that each is then."""
STATES = {"_hover": ":hover", "_focus": ":focus", "_focus_visible": ":focus-visible", "_active": ":active",
          "_disabled": ":disabled", "_checked": ":checked", "_first": ":first-child",
          "_last": ":last-child", "_even": ":nth-child(even)", "_odd": ":nth-child(odd)"}  # fmt: skip
"""Props whose dict holds only in a state of the element."""


def class_of(prop: str, value: Any) -> str:
    """The class that a prop of looks becomes; empty when its value is CSS of its own."""
    words = str(value)
    if words in VALUES[prop]:
        return CLASSES[prop] + words
    if prop in ("gap", "columns", "text_align"):
        return ""
    known = ", ".join(f"{one!r}" for one in VALUES[prop])
    raise ViewError(f"There is no {prop}={value!r}.", f"There are {known}.")


def stepped(prop: str, values: Any) -> tuple[Any, ...]:
    """The values of a prop of looks that is a list: CSS, where a class would hold at every width."""
    if prop not in STEPPED:
        raise ViewError(
            f"{prop} cannot be a list.", f"These can: {', '.join(STEPPED)}, and the properties of CSS."
        )
    for value in values:
        if value is not None and not isinstance(value, Var):
            class_of(prop, value)  # an error for what it does not know
    return css_steps(STEPPED[prop], [css_of(prop, value) for value in values])


def css_of(prop: str, value: Any) -> Any:
    """What the class of a prop of looks says, as CSS."""
    if prop == "columns" and str(value) in VALUES[prop]:
        return f"repeat({value}, minmax(0, 1fr))"
    if prop == "spacing" and value is not None:
        return str(value)
    return "space-between" if prop == "justify" and value == "between" else value


def css_steps(name: str, values: Any) -> tuple[Any, ...]:
    """The value of a CSS property for each of `WIDTHS`; None where the one before goes on."""
    if not values or len(values) > len(WIDTHS) or values[0] is None:
        names = ", ".join(WIDTHS)
        raise ViewError(
            f"{name} cannot be {values!r} in CSS.",
            f"A list has a value for each width of the window, from the first on ({names}); None: as before.",
        )
    if any(isinstance(value, Var) for value in values):
        raise ViewError(
            f"{name}: a value for a width of the window cannot be an expression.",
            "Use `cond` between two components, or one expression for all widths.",
        )
    return tuple(None if value is None else css_value(name, value) for value in values)


def css_name(prop: str) -> str:
    """The CSS property that a prop is, by any of its names; empty when it is none."""
    if prop in SHORT:
        return SHORT[prop][0]
    words = "".join("-" + letter.lower() if letter.isupper() else letter for letter in prop).replace("_", "-")
    return words if words in CSS or words.startswith("--") else ""


def css_value(name: str, value: Any) -> Any:
    """The value of a CSS property: numbers are pixels or the theme's steps, colours the theme's, Vars stay."""
    if isinstance(value, Var):
        return value
    if isinstance(value, (list, tuple)):
        return css_steps(name, value)
    if isinstance(value, (bool, dict)) or value is None:
        raise ViewError(f"{name} cannot be {value!r} in CSS.", "Give a text or a number.")
    if isinstance(value, (int, float)):
        return f"{value:g}" if name in PLAIN_NUMBERS or not value else f"{value:g}px"
    words = str(value)
    if name.startswith(("padding", "margin", "gap", "row-gap", "column-gap")) and words in "0123456789":
        return STEPS[int(words)]
    if name in COLOURS and (words in INKS or words in TONES):
        return f"var(--pr-{words if words in INKS else TONES[words]})"
    if any(letter in words for letter in "{};<\\\n") or "/*" in words:
        raise ViewError(f"{name}: {words!r} is no value in CSS.", "A value stands without `;` and braces.")
    return words


def style_of(name: str, given: Any) -> dict[str, Any]:
    """The CSS of a `style=` prop: property → value, state → such a dict."""
    if not isinstance(given, dict):
        raise ViewError(
            f"{name}(style=…) needs a dict, not {type(given).__name__}.", 'Write `{"color": "red"}`.'
        )
    found: dict[str, Any] = {}
    for prop, value in given.items():
        state = STATES.get(prop, prop if str(prop).startswith(":") else "")
        if state and isinstance(value, dict):
            found[state] = style_of(name, value)
            continue
        known = css_name(str(prop))
        if not known:
            raise ViewError(f"{name}(style=…): CSS has no property {prop!r} for a demo.", near_css(str(prop)))
        found[known] = css_value(known, value)
    return found


def near_css(prop: str) -> str:
    """The hint for a CSS property that nobody knows."""
    import difflib

    near = difflib.get_close_matches(prop.replace("_", "-"), CSS, 1, 0.6)
    return f"Did you mean {near[0].replace('-', '_')!r}?" if near else "Use class_name= and a stylesheet."
