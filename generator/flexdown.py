"""Flexdown: the older dialect of sites that were written for Reflex: its blocks, its verbs, its single braces.

What only looks different is put into Pressrun's own words (`fence_info`), before anything else looks at it; blocks that
hold Markdown (`md alert` and its like) are parsed where they stand, so that every line keeps its number.
"""

from __future__ import annotations

import ast
import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from markdown_it.rules_block import StateBlock

from generator.errors import did_you_mean
from generator.words import english

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from markdown_it import MarkdownIt
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.token import Token

OPENING = re.compile(r"(`{3,})[ \t]*md[ \t]+(alert|video|quote|definition|section|tabs)\b[ \t]*(.*)")
RULED_TABS = re.compile(r"---[ \t]*md[ \t]+tabs[ \t]*")
TAB = re.compile(r"--tab[ \t]+(.+)")
TITLE = re.compile(r"#+[ \t]*(.*?)[ \t]*#*")
QUOTE_LINE = re.compile(r"-[ \t]*(name|role|image|variant)[ \t]*:[ \t]*(.*)")
ALERTS = {"info": "note", "success": "tip", "warning": "warning", "error": "caution"}
"""Kind of alert → the class of ours that looks like it."""
FILMS = (".mp4", ".webm", ".ogv", ".mov")
FAQ = {"<!-- faqs-start -->": '<section class="faq">\n', "<!-- faqs-end -->": "</section>\n"}
"""Comments around questions and answers → what they become."""
BLOCKS = ("alert", "video", "quote", "definition", "section", "tabs")
LOOKS = ("box", "graphing", "toggle", "demo-only")
"""Words of demos that say how they are shown."""
ESCAPED = re.compile(r"\\([{}])")


def markdown(md: MarkdownIt) -> None:
    """Teach the parser the dialect's blocks."""
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    md.block.ruler.before("fence", "flexdown", flexdown_block, interrupts)


def flexdown_block(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Read a block of the dialect: a fence with `md NAME`, or tabs between rules."""
    if state.is_code_block(line):
        return False
    text = row_of(state, line)
    ruled = RULED_TABS.fullmatch(text)
    match = None if ruled else OPENING.fullmatch(text)
    if not ruled and not match:
        return False
    if silent:
        return True
    closing = re.compile("---[ \t]*") if match is None else re.compile(rf"`{{{len(match[1])},}}[ \t]*")
    last = next((n for n in range(line + 1, end) if closing.fullmatch(row_of(state, n))), end)
    name, words = ("tabs", "") if match is None else (match[2], match[3])
    state.line = line
    open_token = state.push("flexdown_open", "div", 1)
    open_token.map, open_token.info = [line, min(last + 1, end)], name
    WRITERS[name](state, line + 1, last, words.strip(), open_token)
    closing_token = state.push("flexdown_close", open_token.tag, -1)
    closing_token.block = open_token.block = True
    state.line = min(last + 1, end)
    return True


def row_of(state: StateBlock, line: int) -> str:
    """Give the text of a line, without its indentation."""
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def title_at(state: StateBlock, line: int, last: int) -> str | None:
    """Give the title that a line is; None when it is none."""
    match = TITLE.fullmatch(row_of(state, line)) if line < last else None
    return match[1] if match else None


def inner(state: StateBlock, first: int, last: int) -> None:
    """Parse lines as Markdown of their own, inside the block."""
    most, parent = state.lineMax, state.parentType
    state.lineMax, state.parentType = last, "flexdown"
    state.md.block.tokenize(state, first, last)
    state.lineMax, state.parentType = most, parent


def words_in(state: StateBlock, tag: str, text: str, line: int, css: str = "") -> None:
    """Write one line as an element of its own."""
    opening = state.push("flexdown_open", tag, 1)
    opening.block = True
    opening.attrs = {"class": css} if css else {}
    content = state.push("inline", "", 0)
    content.content, content.map, content.children = text, [line, line + 1], []
    state.push("flexdown_close", tag, -1).block = True


def raw(state: StateBlock, html: str, line: int) -> None:
    """Write finished HTML."""
    token = state.push("html_block", "", 0)
    token.content, token.map = html, [line, line + 1]


def alert(state: StateBlock, first: int, last: int, words: str, token: Token) -> None:
    """Write `md alert [kind]`; a first line with `#` is its title."""
    kind = ALERTS.get(words.partition(" ")[0] or "info", "note")
    token.attrs = {"class": f"alert {kind}"}
    title = title_at(state, first, last)
    said = state.env.get("words") or english()
    words_in(state, "p", title or said.kind(kind), first, "alert-title")
    inner(state, first + (title is not None), last)


def video(state: StateBlock, first: int, last: int, words: str, token: Token) -> None:
    """Write `md video URL`; films of other hosts are linked, since pages load nothing from elsewhere."""
    token.tag, token.attrs = "figure", {"class": "video"}
    title = title_at(state, first, last)
    url = words.partition(" ")[0]
    name = title or (state.env.get("words") or english()).text("video")
    if urlsplit(url).path.endswith(FILMS):
        raw(state, f'<video src="{escape(url)}" controls preload="none"></video>\n', first - 1)
        words_in(state, "figcaption", name, first)
    else:
        words_in(state, "figcaption", f"[{name}](<{url}>)" if url else name, first - 1)
    inner(state, first + (title is not None), last)


def quote(state: StateBlock, first: int, last: int, words: str, token: Token) -> None:
    """Write `md quote`: the words, then `- name:` and `- role:` of who said them."""
    token.tag, token.attrs = "figure", {"class": "quote"}
    said = {}
    stop = last
    for line in range(first, last):
        if match := QUOTE_LINE.fullmatch(row_of(state, line)):
            stop = min(stop, line)
            said[match[1]] = match[2]
    opening = state.push("flexdown_open", "blockquote", 1)
    opening.block = True
    inner(state, first, stop)
    state.push("flexdown_close", "blockquote", -1).block = True
    who = ", ".join(said[key] for key in ("name", "role") if said.get(key))
    if who:
        words_in(state, "figcaption", who, stop)


def parts(state: StateBlock, first: int, last: int) -> Iterator[tuple[str, int, int, int]]:
    """Give title, its line, and first and last line of each part that a title begins; what stands before has none."""
    fence = ""
    starts: list[tuple[int, str, int]] = []
    for line in range(first, last):
        row = row_of(state, line)
        if fence:
            fence = "" if row.startswith(fence) and not row.strip("`~ ") else fence
        elif row.startswith(("```", "~~~")):
            fence = row[:3]
        elif row.startswith("#") and (not starts or level(row) == starts[0][2]):
            starts.append((line, TITLE.fullmatch(row)[1], level(row)))  # type: ignore[index]
    if not starts or starts[0][0] > first:
        yield "", first, first, starts[0][0] if starts else last
    for (line, title, _), after in zip(starts, [*(s[0] for s in starts[1:]), last], strict=True):
        yield title, line, line + 1, after


def level(row: str) -> int:
    """Give the level of a heading."""
    return len(row) - len(row.lstrip("#"))


def definition(state: StateBlock, first: int, last: int, words: str, token: Token) -> None:
    """Write `md definition`: each title is a term, what follows explains it."""
    token.tag = "dl"
    for title, line, begin, end in parts(state, first, last):
        if title:
            words_in(state, "dt", title, line)
        if any(row_of(state, n).strip() for n in range(begin, end)):
            wrapped(state, "dd", begin, end)


def section(state: StateBlock, first: int, last: int, words: str, token: Token) -> None:
    """Write `md section`: each title begins a part."""
    token.attrs = {"class": "sections"}
    for title, line, begin, end in parts(state, first, last):
        if title:
            words_in(state, "p", f"**{title}**", line, "section-title")
        inner(state, begin, end)


def tabs(state: StateBlock, first: int, last: int, words: str, token: Token) -> None:
    """Write `md tabs`, in both forms: `--tab NAME` … `--` between rules, or a title for each tab."""
    token.attrs = {"class": "tab-list"}
    marked = [n for n in range(first, last) if TAB.fullmatch(row_of(state, n))]
    if not marked:
        for title, line, begin, end in parts(state, first, last):
            tab(state, title, line, begin, end)
        return
    for at, after in zip(marked, [*marked[1:], last], strict=True):
        end = next((n for n in range(at + 1, after) if row_of(state, n).strip() == "--"), after)
        tab(state, TAB.fullmatch(row_of(state, at))[1], at, at + 1, end)  # type: ignore[index]


def tab(state: StateBlock, title: str, line: int, begin: int, end: int) -> None:
    """Write one tab: it can be read without a script, one below the other."""
    if title or any(row_of(state, n).strip() for n in range(begin, end)):
        opening = state.push("flexdown_open", "details", 1)
        opening.block, opening.attrs = True, {"class": "tab", "open": ""}
        words_in(state, "summary", title or "Tab", line)
        inner(state, begin, end)
        state.push("flexdown_close", "details", -1).block = True


def wrapped(state: StateBlock, tag: str, begin: int, end: int) -> None:
    """Write lines as Markdown inside an element."""
    state.push("flexdown_open", tag, 1).block = True
    inner(state, begin, end)
    state.push("flexdown_close", tag, -1).block = True


WRITERS: dict[str, Callable[[StateBlock, int, int, str, Token], None]] = {
    "alert": alert,
    "video": video,
    "quote": quote,
    "definition": definition,
    "section": section,
    "tabs": tabs,
}
"""Name of a block → what writes it."""


# ---------------------------------------------------------------- code blocks


def fence_info(info: str, code: str) -> str:
    """Put the words behind three backticks into Pressrun's: what runs, and what of it is shown."""
    words = info.split()
    if words[:1] == ["reflex"]:
        words = ["python", "demo-only", *words[1:]]
    if words[:1] != ["python"] or not {"demo", "demo-only"} & set(words):
        return info
    only = "demo-only" in words or "box" in words
    runs = "exec" in words or "graphing" in words or (only and defines(code))
    rest = [word for word in words[1:] if word not in (*LOOKS, "demo", "exec")]
    show = [] if any(word.startswith("show=") for word in rest) else [f"show={'output' if only else 'both'}"]
    return " ".join(["python", "demo", *(["exec"] if runs else []), *show, *rest])


def defines(code: str) -> bool:
    """Say whether a block is more than one expression."""
    try:
        return len(ast.parse(code).body) > 1 or bool(re.search(r"^(?:async )?def ", code, re.MULTILINE))
    except SyntaxError:
        return False


def is_shown(info: str) -> bool:
    """Say whether a block is only shown, so that braces in it are replaced."""
    words = info.split()
    return not (words[:1] == ["python"] and {"exec", "eval", "demo"} & set(words))


def unescaped(text: str) -> str:
    """Take the backslash off braces."""
    return ESCAPED.sub(r"\1", text)


def near_block(info: str) -> str | None:
    """Give a hint for `md` with a word that is no block; None when all is well."""
    words = info.split()
    if len(words) < 2 or words[0] != "md" or words[1] in BLOCKS:
        return None
    if words[1] in ALERTS:
        return f"did you mean “md alert {words[1]}”?"
    return did_you_mean(words[1], BLOCKS)
