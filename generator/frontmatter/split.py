"""Split: where the header of a page begins and ends, and which of its blocks is YAML and which Python."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

import yaml

from generator.errors import Problem, error
from generator.frontmatter import FrontMatter, Header, values
from generator.frontmatter.values import Block, Wrong, compose_yaml, placed

if TYPE_CHECKING:
    from collections.abc import Container

PYTHON_START = re.compile(r"(?:import|from|def|class|async|with|for|if|try|while)\b|@\w|\w+\s*=[^=]")


def split_header(
    path: str, text: str, *, typed: bool = True, words: Container[str] = (), known: Container[str] = ()
) -> Header:
    """Read the front matter of a page: YAML, YAML and Python, Python alone, or none.

    Without `typed`, front matter and problems stay empty; places and Python are the same. For `words` and `known` see
    `values.typed`.
    """
    start = len(text) - len(text.lstrip("\r\n \t")) if text[:64].strip() or len(text) > 64 else 0
    start = text.rfind("\n", 0, start) + 1
    line = text.count("\n", 0, start) + 1
    if not is_fence(text, start):
        return Header(FrontMatter(), "", 0, 0, 1, ())
    first = block_at(text, start, line)
    if first is None:
        return unclosed(path, text, start, line)
    kind, found = read_block(first.text) if typed or may_be_python(first.text) else ("yaml", None)
    if kind == "python":
        problems = python_problems(path, first)
        return Header(FrontMatter(), first.text, first.line, first.end, first.end_line, tuple(problems))
    front_matter, problems, withheld = FrontMatter(), [], False
    given: tuple[str, ...] = ()
    if isinstance(found, Wrong):
        problems = [placed(path, first, found)]
        withheld = bool(re.search(r"^\s*[\"']?(draft|expires)\b", first.text, re.MULTILINE))
    elif found is not None and typed:
        front_matter, problems, given = values.typed(path, first, found, words, known)
    python = python_block(text, first)
    if python is None:
        return Header(front_matter, "", 0, first.end, first.end_line, tuple(problems), given, withheld)
    problems += python_problems(path, python)
    return Header(
        front_matter, python.text, python.line, python.end, python.end_line, tuple(problems), given, withheld
    )


def is_fence(text: str, at: int) -> bool:
    """Say whether the line at an offset is `---`."""
    end = text.find("\n", at)
    return text[at : end if end >= 0 else len(text)].rstrip() == "---"


def block_at(text: str, start: int, line: int) -> Block | None:
    """Give the block whose opening `---` stands at an offset; None when it is never closed."""
    content = text.find("\n", start) + 1
    if content == 0:
        return None
    at, number = content, line + 1
    while at < len(text):
        end = text.find("\n", at)
        stop = len(text) if end < 0 else end + 1
        if text.startswith("---", at) and text[at:stop].rstrip() == "---":
            return Block(text[content:at].replace("\r\n", "\n"), line + 1, stop, number + 1)
        at, number = stop, number + 1
    return None


def unclosed(path: str, text: str, start: int, line: int) -> Header:
    """Decide what a first `---` without a second one means: front matter never closed, or a thematic break."""
    after = text[text.find("\n", start) + 1 :] if "\n" in text[start:] else ""
    first = next((row for row in after.split("\n") if row.strip()), "")
    looks = re.match(r"[\w-]+\s*:(\s|$)", first) or PYTHON_START.match(first)
    if not looks:
        return Header(FrontMatter(), "", 0, start, line, ())
    hint = "close it with a line that holds just ---"
    problem = error(path, "front matter is never closed", line=line, column=1, hint=hint)
    withheld = bool(re.search(r"^\s*(draft|expires)\s*:", after, re.MULTILINE))
    return Header(FrontMatter(), "", 0, start, line, (problem,), (), withheld)


def read_block(text: str) -> tuple[str, Any]:
    """Tell YAML from Python; give ("yaml", mapping node, None or Wrong) or ("python", None)."""
    try:
        node = compose_yaml(text)
    except Wrong as wrong:
        return ("python", None) if may_be_python(text) else ("yaml", wrong)
    if node is None:
        return ("yaml", None)
    if isinstance(node, yaml.MappingNode):
        return ("yaml", node)
    is_list = isinstance(node, yaml.SequenceNode)  # `- a` is Python too: the number minus a
    if first_code_line_is_python(text) or (is_python(text) and not is_list):
        return ("python", None)
    what = "a list" if is_list else "text"
    return ("yaml", Wrong(f"front matter must be a mapping (key: value), not {what}", node.start_mark))


def may_be_python(text: str) -> bool:
    """Say whether a block can be Python at all: it parses as Python, or begins as Python does and has a mistake."""
    return first_code_line_is_python(text) or is_python(text)


def is_python(text: str) -> bool:
    """Say whether a text parses as Python and does something (`key: value` parses as an annotation)."""
    try:
        rows = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return not rows or not all(map(says_nothing, rows))


def says_nothing(row: ast.stmt) -> bool:
    """Say whether a statement has no effect and is YAML too: `key: value`, or the `...` that ends a document."""
    if isinstance(row, ast.AnnAssign):
        return row.value is None
    return isinstance(row, ast.Expr) and isinstance(row.value, ast.Constant) and row.value.value is ...


def first_code_line_is_python(text: str) -> bool:
    """Say whether the first line that is no comment begins as Python does."""
    lines = (row for row in text.split("\n") if row.strip() and not row.lstrip().startswith("#"))
    return bool(PYTHON_START.match(next(lines, "")))


def python_block(text: str, first: Block) -> Block | None:
    """Give the Python block that follows the YAML block at once, if there is one."""
    if not is_fence(text, first.end):
        return None
    block = block_at(text, first.end, first.end_line)
    if block is None or not (is_python(block.text) or first_code_line_is_python(block.text)):
        return None
    return block


def python_problems(path: str, block: Block) -> list[Problem]:
    """Give the syntax error of a Python block, if it has one."""
    try:
        ast.parse(block.text)
    except SyntaxError as wrong:
        line = block.line + (wrong.lineno or 1) - 1
        return [error(path, f"SyntaxError: {wrong.msg}", line=line, column=wrong.offset or 1)]
    except (ValueError, RecursionError, MemoryError) as wrong:
        return [error(path, f"the Python block cannot be parsed: {wrong}", line=block.line)]
    return []
