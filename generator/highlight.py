"""Highlight: source code to HTML spans with Pygments' short class names; the text stays exact to the byte."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, Token, _TokenType
from pygments.util import ClassNotFound

from generator import lexing

if TYPE_CHECKING:
    from pygments.lexer import Lexer

ALIASES = {
    "cmd": "batch", "conf": "ini", "jsonc": "json", "json5": "json", "mjs": "js", "cjs": "js", "plaintext": "text",
    "plain": "text", "pycon3": "pycon", "shell-session": "console", "tsx": "typescript", "txt": "text",
    "docker": "dockerfile", "proto": "protobuf", "zsh": "bash", "dotenv": "bash", "gitignore": "text", "mts": "typescript",
    "cts": "typescript", "jsonl": "json", "ndjson": "json", "geojson": "json", "webmanifest": "json", "bat": "batch", "command": "bash",
    "shell": "bash", "terminal": "console", "powershell-session": "pwsh-session", "htm": "html", "svg": "xml", "plist": "xml", "yml": "yaml",
    "rs": "rust", "py3": "python", "pyi": "python", "golang": "go", "objective-c": "objectivec", "caddy": "nginx", "env": "bash",
    "properties": "ini", "editorconfig": "ini", "requirements": "text", "log": "text", "output": "text", "ascii": "text", "none": "text",
}  # fmt: skip
HEADER = re.compile(r"---\n(?P<first>.*?^)---\n(?:---\n(?P<second>.*?^)---\n)?", re.DOTALL | re.MULTILINE)
"""The front matter of a page that is shown as an example."""
MOST_HIGHLIGHTED = 200_000
"""Characters; longer code is shown plain, since lexers need seconds for it and nobody reads its colours."""


@lru_cache(maxsize=256)
def lexer_of(language: str) -> Lexer | None:
    """Give the lexer of a language; None when there is none. Lexers are never guessed from the text."""
    name = ALIASES.get(language, language)
    if name in ("", "text"):
        return None
    try:
        return get_lexer_by_name(name)
    except ClassNotFound:
        return None


@lru_cache(maxsize=1024)
def css_class(kind: _TokenType) -> str:
    """Give the short class name of a token type; of its nearest ancestor when it has none of its own."""
    if kind is Token.Text:
        return ""
    while kind not in STANDARD_TYPES:
        kind = kind.parent  # type: ignore[assignment]
    name = STANDARD_TYPES[kind]
    return "" if name in ("w", "err", "x") else name


def highlight(code: str, language: str) -> str:
    """Give the inner HTML of `<code>`: its text content is exactly `code`."""
    if len(code) > MOST_HIGHLIGHTED:
        return escape(code, quote=False)
    if language in ("markdown", "md") and (header := HEADER.match(code)):
        return page(code, header)
    return one_language(code, language)


def one_language(code: str, language: str) -> str:
    """Highlight code of one language."""
    lexer = lexer_of(language)
    return spans(code, lexer) if lexer else escape(code, quote=False)


def page(code: str, header: re.Match[str]) -> str:
    """Highlight a page of ours: its YAML, its Python, its Markdown, each as what it is."""
    parts = [code[: header.start("first")], one_language(header["first"], "yaml")]
    if header["second"] is not None:
        parts += [
            code[header.end("first") : header.start("second")],
            one_language(header["second"], "python"),
        ]
    rest = max(header.end("first"), header.end("second"))
    return "".join(
        [
            *parts,
            one_language(code[rest : header.end()], "text"),
            one_language(code[header.end() :], "markdown"),
        ]
    )


def spans(code: str, lexer: Lexer) -> str:
    """Write the tokens of a lexer; plain text when the lexer loses or invents a character."""
    runs: list[tuple[str, list[str]]] = []
    before = None
    try:
        for kind, text in lexing.tokens(lexer, code):
            name = css_class(kind)
            if name != before:
                before, texts = name, [text]
                runs.append((name, texts))
            else:
                texts.append(text)
    except Exception:  # noqa: BLE001  (a lexer's bug must not cost the author the page; the code is shown plain)
        return escape(code, quote=False)
    found = [(name, "".join(texts)) for name, texts in runs]
    if sum(len(text) for _, text in found) != len(code):
        return escape(code, quote=False)
    return "".join(span(name, escape(text, quote=False)) for name, text in found)


def span(name: str, text: str) -> str:
    """Write one piece; a span never crosses a line end, so that lines can be marked and wrapped."""
    if not name:
        return text
    if "\n" not in text:
        return f'<span class="{name}">{text}</span>'
    return "\n".join(f'<span class="{name}">{row}</span>' if row else "" for row in text.split("\n"))
