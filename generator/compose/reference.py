"""Reference: the HTML of documented objects: signatures with linked types, docstrings, where the source is."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from markupsafe import Markup

from generator import markdown
from generator.compose.docstrings import parse_docstring
from generator.compose.running import fence_line
from generator.config import Api
from generator.content import TocEntry
from generator.errors import did_you_mean, error
from generator.reference import TITLES, Documented, Entry, Pieces, Row, Section, chosen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

    from generator.cache import Reads
    from generator.compose.work import Work
    from generator.fences import Fence

LANGUAGE = "api"
"""Of the block that asks for a reference."""
SCHEME = "api:"
"""Before a dotted name, in links."""
LONG = 72
"""Letters of a signature that stands on one line."""
KINDS = {"class": "class", "function": "function", "method": "method", "property": "property", "attribute": "attribute", "module": "module"}  # fmt: skip
KEYS = {title: f"api_{kind.replace(' ', '_')}" for kind, title in TITLES.items()}
"""Title of a section, unless its docstring has one → the key of the theme's words for it."""


def reference_html(work: Work, token: Token, fence: Fence, reads: Reads) -> str:
    """Write what a block ```` ```api NAME ```` asks for; its lines name the members to show."""
    name = fence.classes[0] if fence.classes else ""
    line = fence_line(work, token)
    found = reads.fact(f"api:{name}", Documented) if name else None
    if found is None or found.entry is None:
        what = f"“{name}” is nothing that the site's modules define" if name else "the block names no object"
        hint = (found.hint if found else "") or "expected a dotted name such as package.module.Class"
        work.problems.append(error(work.path, f"api: {what}", line=line, hint=hint))
        return ""
    wanted = token.content.split()
    have = [member.path.rpartition(".")[2] for member in found.entry.members]
    for lost in (one for one in wanted if one not in have):
        message = f"api: “{name}” has no documented member “{lost}”"
        work.problems.append(error(work.path, message, line=line, hint=did_you_mean(lost, have)))
    entry = chosen(found.entry, wanted)
    writer = Writer(work, reads, line)
    module = entry.kind == "module"
    token.meta["toc"] = [
        TocEntry(one.path, one.path.rpartition(".")[2], 2) for one in (entry.members if module else (entry,))
    ]
    return "".join(writer.entry(entry, 2))


class Writer:
    """Writes entries, and notes references that lead nowhere."""

    def __init__(self, work: Work, reads: Reads, line: int) -> None:
        self.work, self.reads, self.line, self.words = work, reads, line, work.words
        self.options = reads.fact("config:api", Api)

    def entry(self, entry: Entry, level: int) -> Iterator[str]:
        """Write an object and its members; the page has its own heading for a module."""
        anchor, name = escape(entry.path), entry.path.rpartition(".")[2]
        module = entry.kind == "module"
        if module:
            yield f'<div class="api" id="{anchor}">\n'
        else:
            label = escape(self.words.text("link_to_section"))
            link = f'<a class="anchor" href="#{anchor}" aria-label="{label}"></a>'
            yield f'<h{level} id="{anchor}"><code>{escape(name)}</code> <small>{KINDS[entry.kind]}</small>{link}</h{level}>\n<div class="api">\n'
            yield f'<div class="code" data-lang="python"><pre tabindex="0"><code class="language-python">{self.signature(entry)}</code></pre></div>\n'
        for section in entry.sections:
            yield self.section(section, entry)
        for base, names in entry.inherited:
            links = Markup(", ".join(self.name(f"{base}.{one}", one) for one in names))  # noqa: S704  (escaped there)
            name = Markup(self.name(base, base.rpartition(".")[2]))  # noqa: S704
            yield f"<p>{self.words('inherited', name=name, members=links)}</p>\n"
        if entry.file and self.options.source and not module:
            first, last = entry.lines
            url = self.options.source.format(path=entry.file, first=first, last=last)
            where = self.words("defined_in", file=entry.file, line=first)
            yield f'<p class="slug"><a href="{escape(url)}">{where}</a></p>\n'
        for member in entry.members:
            yield from self.entry(member, level if module else min(level + 1, 6))
        yield "</div>\n"

    def signature(self, entry: Entry) -> str:
        """Write a signature; a long one with a line for each parameter."""
        html = self.pieces(entry.signature)
        text = "".join(text for text, _ in entry.signature)
        if len(text) <= LONG or not entry.kind.endswith(("class", "function", "method")):
            return html
        return self.pieces(unfolded(entry.signature))

    def pieces(self, pieces: Pieces) -> str:
        """Write code with links."""
        return "".join(self.linked(text, target) for text, target in pieces)

    def linked(self, text: str, target: str) -> str:
        """Write a name of code, linked where it is known."""
        url = self.url(target) if target else ""
        return f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text, quote=False)

    def name(self, target: str, text: str) -> str:
        """Write a name as code, linked where it is known."""
        return f"<code>{self.linked(text, target)}</code>"

    def url(self, name: str) -> str:
        """Give the URL of a dotted name; empty when neither the site nor its inventories have it."""
        return object_url(self.reads, name)

    def section(self, section: Section, entry: Entry) -> str:
        """Write a part of a docstring."""
        known = KEYS.get(section.title)
        words = self.words.text(known) if known else section.title
        title = f'<p class="api-part">{escape(words)}</p>\n' if words else ""
        if not section.rows:
            return title + self.text(section.text, entry)
        return title + "<dl>\n" + "".join(self.row(row, entry) for row in section.rows) + "</dl>\n"

    def row(self, row: Row, entry: Entry) -> str:
        """Write one parameter, one exception …"""
        name = f"<code>{escape(row.name)}</code>" if row.name else ""
        default = f"= {escape(row.default, quote=False)}" if row.default else ""
        words = " ".join(filter(None, (self.pieces(row.type), default)))
        kind = f"<code>{words}</code>" if words else ""
        return f"<dt>{name}{' ' if name and kind else ''}{kind}</dt>\n<dd>{self.text(row.text, entry)}</dd>\n"

    def text(self, text: str, entry: Entry) -> str:
        """Write the Markdown of a docstring; what it refers to is linked or reported."""
        env: dict[str, object] = {"words": self.words}
        parser, tokens = parse_docstring(text, env)
        for token in markdown.walk(tokens):
            if token.type == "link_open" and str(token.attrs.get("href", "")).startswith(SCHEME):
                token.attrs["href"] = self.reference(str(token.attrs["href"]).removeprefix(SCHEME), entry)
            elif token.type == "fence":
                language = token.info.split()[0] if token.info else ""
                html = self.work.highlighter.highlight(token.content, language)[0]
                token.meta["html"] = markdown.code_html(html, language)
        return str(parser.renderer.render(tokens, parser.options, env))

    def reference(self, name: str, entry: Entry) -> str:
        """Give the URL of a name in a docstring, which may be short for one of the same class or module."""
        scopes = [entry.path, entry.own_path]
        while scopes:
            for scope in scopes:
                if url := self.url(f"{scope}.{name}"):
                    return url
            scopes = [up for scope in scopes if (up := scope.rpartition(".")[0])]
        if url := self.url(name):
            return url
        known = [key.removeprefix("object:") for key in self.reads.facts.known if key.startswith("object:")]
        last = {one.rpartition(".")[2]: one for one in known}
        message = f"broken link “{name}” in the docstring of {entry.own_path} ({entry.file}:{entry.lines[0] or 1}): nothing that is documented is called so"
        hint = did_you_mean(name, known) or did_you_mean(name.rpartition(".")[2], last)
        self.work.problems.append(error(self.work.path, message, line=self.line, hint=hint))
        return ""


def object_url(reads: Reads, name: str) -> str:
    """Give the URL of a documented object, of the site or of an inventory; empty when there is none."""
    found = reads.fact(f"object:{name}")
    if found is not None:
        url = str(reads.fact(f"route:{found[0]}", str))
        return f"{reads.fact('config:base_path', str)}{url.removeprefix('/')}#{found[1]}"
    return str(reads.fact(f"external:{name}", str) or "")


def unfolded(signature: Pieces) -> Pieces:
    """Break a signature into lines, one for each parameter."""
    made: list[tuple[str, str]] = []
    depth = 0
    for text, target in signature:
        if not target and text == "(" and depth == 0:
            made.append(("(\n    ", ""))
            depth = 1
        elif not target and depth == 1 and text in (")", ", /)"):
            made.append((text[:-1].rstrip() + ",\n)", ""))
            depth = 2
        elif not target and depth == 1 and text == ", ":
            made.append((",\n    ", ""))
        else:
            made.append((text, target))
    return tuple(made)
