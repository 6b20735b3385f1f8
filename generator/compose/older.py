"""Older: a page in the Flexdown dialect, put into Pressrun's words once it is parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator import flexdown
from generator.compose.expressions import verbatim
from generator.compose.running import fence_line
from generator.errors import warning

if TYPE_CHECKING:
    from markdown_it.token import Token

    from generator.compose.work import Work


def read_older(work: Work, tokens: list[Token]) -> None:
    """Translate code blocks and markers; code that is shown has its expressions replaced, as prose has."""
    for token in tokens:
        if token.type == "fence":
            info = verbatim(work, token.info)
            hint = flexdown.near_block(info)
            if hint is not None:
                message = f"“{info.strip()}” is no block of Flexdown; it is shown as code"
                work.problems.append(warning(work.path, message, line=fence_line(work, token), hint=hint))
            token.info = flexdown.fence_info(info, verbatim(work, token.content))
            if flexdown.is_shown(token.info):
                token.content = flexdown.unescaped(token.content)
        elif token.type == "html_block" and token.content.strip() in flexdown.FAQ:
            token.content = flexdown.FAQ[token.content.strip()]
