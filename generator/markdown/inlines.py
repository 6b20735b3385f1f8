"""Inlines: rules for what stands within a line: marked text, sub- and superscripts, keys, emoji, math, attributes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markdown_it.rules_inline import image as library_image
from markdown_it.rules_inline.state_inline import Delimiter

from generator.markdown.attributes import LIST, give, read_attributes

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

SCRIPT = re.compile(r"([~^])([\w(+\-\u2212](?:[\w()+\-\u2212=.,*/]|\\[ ])*)(?<![-,./])\1")
"""What is lowered or raised; no spaces but escaped ones, and only behind a letter."""
KEYS = re.compile(r"\+\+(\w[\w-]*|\"[^\"+]+\")(?:\+(?:\w[\w-]*|\"[^\"+]+\"))*\+\+")
EMOJI = re.compile(r":([+-]1|[a-z0-9_]*[a-z][a-z0-9_]*):(?![\w:])")
MATH = re.compile(r"\$\$((?:[^$\\]|\\.)+)\$\$|\$(?![\s$])((?:[^$\\`]|\\.)+)(?<![\s\\])\$(?![\w$])", re.DOTALL)
BEFORE_MATH = "([{*_~\"',;:-\u2013\u2014|"
KEY_NAMES = {
    "ctrl": "Ctrl", "control": "Ctrl", "alt": "Alt", "shift": "Shift", "cmd": "Cmd", "command": "Cmd", "meta": "Meta", "win": "Win",
    "windows": "Win", "super": "Super", "option": "Option", "fn": "Fn", "enter": "Enter", "return": "Return", "esc": "Esc", "escape": "Esc",
    "tab": "Tab", "space": "Space", "backspace": "Backspace", "del": "Del", "delete": "Del", "ins": "Ins", "insert": "Ins",
    "home": "Home", "end": "End", "page-up": "Page Up", "pageup": "Page Up", "pgup": "Page Up", "page-down": "Page Down", "pagedown": "Page Down",
    "pgdn": "Page Down", "up": "↑", "down": "↓", "left": "←", "right": "→", "arrow-up": "↑", "arrow-down": "↓", "arrow-left": "←",
    "arrow-right": "→", "caps-lock": "Caps Lock", "print-screen": "Print Screen", "scroll-lock": "Scroll Lock", "pause": "Pause", "plus": "+",
    "minus": "-", "comma": ",", "period": ".", "dot": ".", "slash": "/", "backslash": "\\", "equal": "=", "semicolon": ";", "colon": ":",
    "quote": "'", "backtick": "`", "grave": "`", "question": "?", "bang": "!", "pipe": "|", "tilde": "~", "hash": "#", "at": "@",
    "lalt": "Left Alt", "ralt": "Right Alt", "lctrl": "Left Ctrl", "rctrl": "Right Ctrl", "lshift": "Left Shift", "rshift": "Right Shift",
}  # fmt: skip
"""Name → what stands on the key; letters, digits and F1 to F24 stand for themselves."""
FUNCTION_KEY = re.compile(r"f([1-9]|1\d|2[0-4])")
PAIRED = {"=": "mark", "^": "ins"}
"""Letter → the element that two of it on each side make."""


def mark(state: StateInline, silent: bool) -> bool:
    """`==marked==`, paired as emphasis is; comparisons in prose stay text."""
    return doubled(state, "=", silent)


def doubled(state: StateInline, letter: str, silent: bool) -> bool:
    """Note two of a letter that may begin or end an element."""
    if silent or not state.src.startswith(letter * 2, state.pos):
        return False
    scanned = state.scanDelims(state.pos, False)
    if scanned.length != 2:
        state.pending += letter * scanned.length
        state.pos += scanned.length
        return True
    token = state.push("text", "", 0)
    token.content = letter * 2
    state.delimiters.append(
        Delimiter(ord(letter), 0, len(state.tokens) - 1, -1, scanned.can_open, scanned.can_close)
    )
    state.pos += 2
    return True


def pair_marks(state: StateInline) -> None:
    """Make elements of the pairs that were found."""
    lists = [state.delimiters, *(m["delimiters"] for m in state.tokens_meta if m and "delimiters" in m)]
    for delimiters in lists:
        for one in delimiters:
            if one.end >= 0 and (tag := PAIRED.get(chr(one.marker))):
                for at, kind, nesting in ((one.token, "open", 1), (delimiters[one.end].token, "close", -1)):
                    token = state.tokens[at]
                    token.markup, token.content = token.content, ""
                    token.type, token.tag, token.nesting = f"{tag}_{kind}", tag, nesting


def script(state: StateInline, silent: bool) -> bool:
    """`H~2~O` and `x^2^`."""
    match = SCRIPT.match(state.src, state.pos, state.posMax)
    if not match or not state.pos or state.src[state.pos - 1].isspace():
        return False
    if not silent:
        tag = "sub" if match[1] == "~" else "sup"
        enclosed(state, tag, match[2].replace("\\ ", " "), match[1])
    state.pos = match.end()
    return True


def enclosed(state: StateInline, tag: str, text: str, markup: str) -> None:
    """Push an element that holds text alone."""
    state.push(f"{tag}_open", tag, 1).markup = markup
    state.push("text", "", 0).content = text
    state.push(f"{tag}_close", tag, -1).markup = markup


def keys(state: StateInline, silent: bool) -> bool:
    """`++ctrl+k++`: keys that are pressed together; words that are no keys stay text."""
    match = KEYS.match(state.src, state.pos, state.posMax)
    names = [key_name(word) for word in match[0][2:-2].split("+")] if match else []
    if not match or "" in names:
        return False
    if not silent:
        for number, name in enumerate(names):
            if number:
                state.push("text", "", 0).content = "+"
            enclosed(state, "kbd", name, "++")
    state.pos = match.end()
    return True


def key_name(word: str) -> str:
    """Give what stands on a key; nothing for a word that is none."""
    if word.startswith('"'):
        return word[1:-1]
    low = word.lower()
    return KEY_NAMES.get(low) or (word.upper() if len(word) == 1 or FUNCTION_KEY.fullmatch(low) else "")


def emoji(state: StateInline, silent: bool) -> bool:
    """`:tada:`; names that are not known stay text."""
    match = EMOJI.match(state.src, state.pos, state.posMax)
    if not match or (state.pos and (state.src[state.pos - 1] == ":" or state.src[state.pos - 1].isalnum())):
        return False
    from rich.emoji import Emoji, NoEmoji

    try:
        found = str(Emoji(match[1]))
    except NoEmoji:
        return False
    if not silent:
        state.pending += found
    state.pos = match.end()
    return True


def math(state: StateInline, silent: bool) -> bool:
    r"""`$a^2$` and `$$…$$`; amounts of money, variables of shells and `\$` stay text."""
    match = MATH.match(state.src, state.pos, state.posMax)
    before = state.src[state.pos - 1] if state.pos else " "
    if not match or not (before.isspace() or before in BEFORE_MATH):
        return False
    if not silent:
        token = state.push("math", "math", 0)
        token.content, token.markup = match[1] or match[2], "$$" if match[1] else "$"
        state.env["math"] = True
    state.pos = match.end()
    return True


def attributes(state: StateInline, silent: bool) -> bool:
    """`{.class}` directly behind a link, an image or code."""
    if silent or state.pending or not state.tokens:
        return False
    owner = owner_of(state.tokens)
    match = LIST.match(state.src, state.pos, state.posMax) if owner else None
    if not owner or not match:
        return False
    give(owner, read_attributes(match[1]), state.env)
    state.pos = match.end()
    return True


def owner_of(tokens: list[Token]) -> Token | None:
    """Give the token that attributes behind the last one belong to."""
    last = tokens[-1]
    if last.type in ("image", "code_inline"):
        return last
    if last.type == "link_close":
        return next(t for t in reversed(tokens) if t.type == "link_open" and t.level == last.level)
    return None


def image(state: StateInline, silent: bool) -> bool:
    """Read an image as the library does; one with a title may be a figure."""
    if not library_image(state, silent):
        return False
    if not silent and "title" in state.tokens[-1].attrs:
        state.env["captions"] = True
    return True


INLINE_RULES: dict[str, Callable[[Any, bool], bool]] = {
    "mark": mark,
    "script": script,
    "keys": keys,
    "emoji": emoji,
    "math": math,
    "attributes": attributes,
}
"""Name → rule, as `letters.py` knows it."""
