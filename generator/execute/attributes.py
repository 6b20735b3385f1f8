"""Attributes: the source of what has no source of its own: a constant of a module, a field of a class, with its comment."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import Any


def attribute_source(owner: Any, name: str) -> str:
    """Give the statement that sets a name in a module or class, with the comment above it and the text below; else nothing."""
    holders = [h for h in inspect.getmro(owner) if h is not object] if inspect.isclass(owner) else [owner]
    for holder in holders:
        try:
            lines, _ = inspect.getsourcelines(holder)
            tree = ast.parse(textwrap.dedent("".join(lines)))
        except (OSError, TypeError, SyntaxError):
            continue
        if inspect.isclass(holder) and isinstance(tree.body[0], ast.ClassDef):
            found = statement(tree.body[0].body, name, lines)
        else:
            found = statement(tree.body, name, lines)
        if found:
            return found
    return ""


def statement(body: list[ast.stmt], name: str, lines: list[str]) -> str:
    """Give the last statement of a block that sets a name."""
    for at in range(len(body) - 1, -1, -1):
        one = body[at]
        targets = (
            one.targets
            if isinstance(one, ast.Assign)
            else [one.target]
            if isinstance(one, ast.AnnAssign)
            else []
        )
        if not any(
            isinstance(part, ast.Name) and part.id == name for target in targets for part in ast.walk(target)
        ):
            continue
        first, last = one.lineno - 1, one.end_lineno or one.lineno
        while first and lines[first - 1].lstrip().startswith("#"):
            first -= 1
        after = body[at + 1] if at + 1 < len(body) else None
        if (
            isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        ):
            last = after.end_lineno or last
        return "".join(lines[first:last])
    return ""
