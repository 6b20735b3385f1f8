"""Letters: lets the Markdown parser try only those rules that the letter at hand can begin.

markdown-it tries all its rules at each line, and at each special letter within a line; most of them look at one letter
and give up, and the calls alone are a third of parsing. With the letters known beforehand, the same rules are tried in the
same order, without those that would give up. Tables and underlined headings begin with any letter, and are known by the lines below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markdown_it.token import Token
from markdown_it.utils import OptionsDict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from markdown_it import MarkdownIt
    from markdown_it.ruler import Ruler
    from markdown_it.rules_core import StateCore

    Table = Mapping[str, tuple[Callable[..., bool], ...]]

BLOCKS = {
    "fence": "`~",
    "flexdown": "`-",
    "doctest": ">",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*+-0123456789",
    "footnote_def": "[",
    "reference": "[",
    "html_block": "<",
    "heading": "#",
    "component": ":",
    "attribute_line": "{",
    "abbreviation": "*",
    "table_caption": "T",
    "mkdocs_admonition": "!?",
    "mkdocs_tab": "=",
    "mkdocs_snippet": "-",
    "mkdocs_change": "{",
}
"""Rule of blocks → the letters that a line it accepts can begin with; a rule that is not here is always tried."""
LOOK_AHEAD = 12
"""Lines below which the parser's own rule is asked about an underlined heading: where each line began a look at all others, twice the lines
would take four times as long."""
INLINES = {
    "text": "",
    "linkify": ":",
    "newline": "\n",
    "escape": "\\",
    "backticks": "`",
    "strikethrough": "~",
    "emphasis": "*_",
    "link": "[",
    "wikilink": "[",
    "image": "!",
    "footnote_inline": "^",
    "footnote_ref": "[",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
    "mark": "=",
    "mkdocs_insert": "^",
    "mkdocs_change": "{",
    "mkdocs_icon": ":",
    "script": "~^",
    "keys": "+",
    "emoji": ":",
    "math": "$",
    "attributes": "{",
}
"""Rule within a line → the letters that it can begin with. Plain text is tried at all other letters: these end it."""


def go_by_letters(parser: MarkdownIt) -> None:
    """Make a finished parser quicker; rules that are added or switched afterwards are not seen."""
    replace_rules(
        parser.block.ruler, BLOCKS, block_rule, {"gfm_table": before_table, "lheading": before_heading}
    )
    replace_rules(parser.inline.ruler, INLINES, inline_rule, {})
    parser.core.ruler.at("inline", parse_inlines)
    parser.options = QuickOptions(parser.options)  # type: ignore[arg-type]


class QuickOptions(OptionsDict):
    """The parser's options; rules ask for some of them at each block, and a mapping's own `get` takes three calls."""

    def get(self, key: str, default: Any = None) -> Any:
        """Give an option."""
        return self._options.get(key, default)


def parse_inlines(state: StateCore) -> None:
    """Parse what stands within blocks; a text without any special letter, as half of them are, is one token."""
    inline = state.md.inline
    special = inline.terminator_re.search
    for token in state.tokens:
        if token.type != "inline":
            continue
        if token.children is None:
            token.children = []
        if not special(token.content):
            token.children += [Token("text", "", 0, content=token.content)] if token.content else []
        else:
            inline.parse(token.content, state.md, state.env, token.children)


def before_table(table: Callable[..., bool]) -> Callable[..., bool]:
    """Give the rule of tables, tried only where the line below begins as that below a header does."""

    def rule(state: Any, line: int, end: int, silent: bool) -> bool:
        below = line + 1
        if below >= end:
            return False
        at = state.bMarks[below] + state.tShift[below]
        return at < state.eMarks[below] and state.src[at] in "|-:" and table(state, line, end, silent)

    return rule


def before_heading(heading: Callable[..., bool]) -> Callable[..., bool]:
    """Give the rule of underlined headings, tried only where a line of the paragraph begins as an underline does."""

    def rule(state: Any, line: int, end: int, silent: bool) -> bool:
        for below in range(line + 1, min(end, line + LOOK_AHEAD)):
            at = state.bMarks[below] + state.tShift[below]
            if at >= state.eMarks[below]:
                break
            if state.src[at] in "-=":
                return heading(state, line, end, silent)
        else:
            if line + LOOK_AHEAD < end:
                return heading(state, line, end, silent)
        if not state.is_code_block(line):
            state.parentType = "paragraph"  # as that rule leaves it when it gives up; lists ask for it
        return False

    return rule


def replace_rules(
    ruler: Ruler[Any],
    begins: Mapping[str, str],
    make: Callable[..., Any],
    before: Mapping[str, Callable[..., Any]],
) -> None:
    """Let a ruler give, for each of its chains, one rule that tries the right ones of them; `before` are looks ahead."""
    names = dict(zip(ruler.getRules(""), ruler.get_active_rules(), strict=True))
    original = ruler.getRules
    made: dict[str, list[Any]] = {}

    def rules(chainName: str = "") -> list[Any]:  # noqa: N803  (the library's name)
        chain = chainName
        if chain not in made:
            every = [
                (names[one], before[names[one]](one) if names[one] in before else one)
                for one in original(chain)
            ]
            table = {
                letter: tuple(rule for name, rule in every if letter in begins.get(name, letter))
                for letter in set("".join(begins.values()))
            }
            others = tuple(rule for name, rule in every if not begins.get(name))
            made[chain] = [make(table, others)]
        return made[chain]

    ruler.getRules = rules  # type: ignore[method-assign]


def block_rule(table: Table, others: tuple[Callable[..., bool], ...]) -> Callable[..., bool]:
    """Give the rule of blocks that tries the right ones."""

    def rule(state: Any, line: int, end: int, silent: bool) -> bool:
        at = state.bMarks[line] + state.tShift[line]
        for one in table.get(state.src[at : at + 1], others):  # noqa: SIM110  (a generator costs more)
            if one(state, line, end, silent):
                return True
        return False

    return rule


def inline_rule(table: Table, others: tuple[Callable[..., bool], ...]) -> Callable[..., bool]:
    """Give the rule within a line that tries the right ones."""

    def rule(state: Any, silent: bool) -> bool:
        for one in table.get(state.src[state.pos], others):  # noqa: SIM110  (likewise)
            if one(state, silent):
                return True
        return False

    return rule
