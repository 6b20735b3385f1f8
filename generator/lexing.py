"""Lexing: runs Pygments' lexers faster, with the same tokens: one regular expression for all rules of a state.

Pygments tries the rules of a state one after another, each by a call of its own; code of a few lines costs thousands of
calls. An alternation `rule 1|rule 2|…` asks the same question in the same order inside the engine of `re`, and the empty
group behind each rule says which one answered. Measured on Python and shell code: half the time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pygments.lexer import ExtendedRegexLexer, RegexLexer
from pygments.token import Error, Whitespace, _TokenType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pygments.lexer import Lexer

WORTH_JOINING = 64
"""Blocks of a language after which its rules are joined: compiling them costs as much as the joined rules save on so many."""
INLINE_FLAGS = re.compile(r"\(\?([imsx]+)\)")
NUMBERED = re.compile(r"\\[1-9]|\(\?P|\(\?\(|\(\?[aLu]")
"""What means another thing inside a longer expression: references to groups by number or name."""
PIECES = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\??|[^\\\[(]+", re.DOTALL)
"""The parts of an expression in which an opening bracket is a group's, and not a letter."""

Rule = tuple[Any, Any, Any]
"""As Pygments keeps it: the bound `match` of the expression, the action, the state that follows."""


@dataclass(frozen=True, slots=True)
class Try:
    """One expression to try."""

    match: Callable[[str, int], re.Match[str] | None]
    """The expression: one rule's, or that of several rules in a row."""
    rules: dict[int, Rule] | None
    """Number of the last group that took part → the rule; None when there is one rule alone."""
    rule: Rule | None
    """That one."""


@dataclass(slots=True)
class Joined:
    """What is known of one lexer."""

    blocks: int = 0
    """How many it was used for."""
    states: dict[str, tuple[Try, ...]] = field(default_factory=dict)
    """State → what to try in it; made when the state is entered first."""


@lru_cache(maxsize=256)
def joined_of(lexer: Lexer) -> Joined:
    """Give what is kept for a lexer."""
    return Joined()


def tokens(lexer: Lexer, text: str) -> Iterator[tuple[Any, str]]:
    """Give kind and text of each token, exactly those of `lexer.get_tokens_unprocessed`."""
    plain = type(lexer).get_tokens_unprocessed is RegexLexer.get_tokens_unprocessed
    if isinstance(lexer, RegexLexer) and plain and not isinstance(lexer, ExtendedRegexLexer):
        joined = joined_of(lexer)
        joined.blocks += 1
        if joined.blocks > WORTH_JOINING:
            return lex(lexer, text, joined.states)
    return ((kind, part) for _, kind, part in lexer.get_tokens_unprocessed(text))


def lex(lexer: Any, text: str, states: dict[str, tuple[Try, ...]]) -> Iterator[tuple[Any, str]]:
    """Do what `RegexLexer.get_tokens_unprocessed` does, with joined rules."""
    position, stack = 0, ["root"]
    tries = tries_of(lexer, "root", states)
    while True:
        for attempt in tries:
            match = attempt.match(text, position)
            if match is None:
                continue
            if attempt.rules is None:
                rule, exact = attempt.rule, match
            else:
                rule, exact = attempt.rules[match.lastindex or 0], None
            own_match, action, after = rule  # type: ignore[misc]
            end = match.end()
            if type(action) is _TokenType:
                yield action, text[position:end]
            elif action is not None:  # it looks at the rule's own groups
                for _, kind, part in action(lexer, exact or own_match(text, position)):
                    yield kind, part
            position = end
            if after is not None:
                go_on(stack, after)
                tries = tries_of(lexer, stack[-1], states)
            break
        else:
            if position >= len(text):
                return
            if text[position] == "\n":
                stack[:] = ["root"]
                tries = tries_of(lexer, "root", states)
                yield Whitespace, "\n"
            else:
                yield Error, text[position]
            position += 1


def go_on(stack: list[str], after: Any) -> None:
    """Change the stack of states as a rule says; the last state always stays."""
    if isinstance(after, tuple):
        for state in after:
            if state == "#pop":
                if len(stack) > 1:
                    stack.pop()
            else:
                stack.append(stack[-1] if state == "#push" else state)
    elif isinstance(after, int):
        del stack[1 if abs(after) >= len(stack) else after :]
    else:  # "#push"
        stack.append(stack[-1])


def tries_of(lexer: Any, state: str, states: dict[str, tuple[Try, ...]]) -> tuple[Try, ...]:
    """Give what to try in a state."""
    found = states.get(state)
    if found is None:
        found = states[state] = tuple(join(lexer._tokens[state], lexer.flags | re.UNICODE))
    return found


def join(rules: list[Rule], flags: int) -> Iterator[Try]:
    """Join the rules of a state, as many in a row as can be."""
    row: list[tuple[Rule, str, int]] = []
    for rule in rules:
        part = alternative(rule, flags)
        if part is None:
            yield from joined_row(row, flags)
            row = []
            yield Try(rule[0], None, rule)
        else:
            row.append((rule, *part))
    yield from joined_row(row, flags)


def joined_row(row: list[tuple[Rule, str, int]], flags: int) -> Iterator[Try]:
    """Give one expression for rules that follow each other."""
    number, by_group = 0, {}
    for rule, _, groups in row:
        number += groups + 1
        by_group[number] = rule
    end = "\n" if flags & re.VERBOSE else ""  # a rule may end in a comment
    try:
        whole = re.compile("|".join(f"(?:{text}{end})()" for _, text, _ in row), flags)
    except re.error:
        whole = None
    if whole is None or whole.groups != number or len(row) < 2:
        yield from (Try(rule[0], None, rule) for rule, _, _ in row)
    else:
        yield Try(whole.match, by_group, None)


def alternative(rule: Rule, flags: int) -> tuple[str, int] | None:
    """Give a rule's expression as part of a longer one, and how many groups it has; None when it cannot be part of one."""
    own_match, action, _ = rule
    pattern: re.Pattern[str] = own_match.__self__
    text = pattern.pattern
    if NUMBERED.search(text):
        return None
    inline = INLINE_FLAGS.match(text)
    if inline:
        text = f"(?{inline[1]}:{text[inline.end() :]})"
    elif pattern.flags != flags:
        return None
    if pattern.groups and (action is None or type(action) is _TokenType) and not flags & re.VERBOSE:
        # nobody looks at its groups, and an alternative that begins with one cannot be skipped by its first letter
        return "".join("(?:" if piece == "(" else piece for piece in PIECES.findall(text)), 0
    return text, pattern.groups
