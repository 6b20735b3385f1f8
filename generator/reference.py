"""Reference: what a page of API reference shows of a module, class or function, read from its source; nothing is imported or run."""

from __future__ import annotations

import ast
import builtins
import difflib
import logging
import textwrap
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.cache import Unreadable
from generator.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.cache import Reads

DEEPEST = 20
"""Imports of imports that are followed."""
ROLES = {"module": "module", "class": "class", "function": "function", "method": "method", "attribute": "attribute", "property": "property"}  # fmt: skip
"""Kind → role in an inventory."""
INVENTORY_HEAD = "# Sphinx inventory version 2\n# Project: {}\n# Version: {}\n# The remainder of this file is compressed using zlib.\n"
TITLES = {
    "parameters": "Parameters", "other parameters": "Other parameters", "type parameters": "Type parameters", "returns": "Returns",
    "yields": "Yields", "receives": "Receives", "raises": "Raises", "warns": "Warns", "attributes": "Attributes",
    "functions": "Functions", "classes": "Classes", "modules": "Modules", "examples": "Examples",
}  # fmt: skip
"""Kind of section → its title, unless the docstring has one."""
RESULTS = ("returns", "yields", "receives")
"""Kinds of section whose rows need no name."""

Pieces = tuple[tuple[str, str], ...]
"""Code in pieces: text, and the dotted name that it means; empty when it means none."""


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter, one exception … of a section."""

    name: str
    """Empty where there is none."""
    type: Pieces
    text: str
    """Markdown."""
    default: str = ""
    """What a parameter is when it is not given, as the source writes it."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a docstring."""

    title: str
    """Empty for running text."""
    text: str = ""
    """Markdown."""
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One documented object."""

    path: str
    """The dotted name by which readers import it; also its anchor."""
    own_path: str
    """The dotted name of where it is defined."""
    kind: str
    """`module`, `class`, `function`, `method`, `property` or `attribute`."""
    signature: Pieces = ()
    file: str = ""
    """Path below the root."""
    lines: tuple[int, int] = (0, 0)
    """First and last."""
    sections: tuple[Section, ...] = ()
    members: tuple[Entry, ...] = ()
    inherited: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Base → names of its members that this class has from it."""


@dataclass(frozen=True, slots=True)
class Documented:
    """The value of a unit `api:NAME`."""

    entry: Entry | None
    """None when there is no such thing among the modules of the site."""
    hint: str = ""
    """What may have been meant."""


def documented(name: str, reads: Reads, folders: Sequence[str]) -> Documented:
    """Read what a dotted name stands for; `folders` are where modules are looked for."""
    book = Book(reads, folders)
    found = book.lookup(name)
    if found is None:
        parent, _, last = name.rpartition(".")
        above = book.lookup(parent) if parent else None
        if above is not None:
            return Documented(None, did_you_mean(last, [*above.members]))
        top, dot, rest = name.partition(".")
        near = book.near_module(top)
        return Documented(None, f"did you mean “{near}{dot}{rest}”?" if near else "")
    return Documented(book.entry(found, name))


def chosen(entry: Entry, members: Sequence[str]) -> Entry:
    """Give an entry with those of its members alone that are asked for, in that order; all when none is."""
    own = {member.path.rpartition(".")[2]: member for member in entry.members}
    return replace(entry, members=tuple(own[name] for name in members if name in own)) if members else entry


def walk(entry: Entry) -> Iterator[Entry]:
    """Give an entry and all below it."""
    yield entry
    for member in entry.members:
        yield from walk(member)


class Book:
    """The modules that have been read."""

    def __init__(self, reads: Reads, folders: Sequence[str]) -> None:
        self.reads, self.folders = reads, folders
        self.modules: dict[str, Any] = {}
        self.files: dict[str, str] = {}

    def module(self, name: str) -> Any:
        """Give the parsed module of a dotted name, None when the site has none."""
        if name not in self.modules:
            self.modules[name] = self._read(name)
        return self.modules[name]

    def _read(self, name: str) -> Any:
        import griffe

        logging.getLogger("griffe").addHandler(
            logging.NullHandler()
        )  # else it prints what it thinks of docstrings
        for folder in self.folders:
            top = "" if folder in ("", ".") else folder.rstrip("/") + "/"
            for path in (f"{top}{name.replace('.', '/')}.py", f"{top}{name.replace('.', '/')}/__init__.py"):
                try:
                    data = self.reads.file(path)
                    if data is not None:
                        self.files[name] = path
                        code = data.decode("utf-8-sig")
                        return griffe.visit(name, Path(path), code, docstring_parser=griffe.Parser.auto)
                except (Unreadable, UnicodeDecodeError, SyntaxError, ValueError):
                    return None
        return None

    def near_module(self, name: str) -> str:
        """Give the module or package of the site whose name is nearest; empty when none is near, or there is one of that name."""
        if self.module(name) is not None:
            return ""
        names = {
            one.removesuffix(".py") for folder in self.folders for one in self.reads.names(folder or ".")
        }
        near = difflib.get_close_matches(name, sorted(names), n=3)
        return next((one for one in near if one.isidentifier() and self.module(one) is not None), "")

    def lookup(self, name: str, depth: int = 0) -> Any:
        """Give what a dotted name stands for, through imports; None when that is nowhere in the site."""
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            found = self.module(".".join(parts[:length])) if all(p.isidentifier() for p in parts) else None
            if found is None:
                continue
            for number, part in enumerate(parts[length:], length):
                found = found.members.get(part)
                if found is not None and found.is_alias:
                    rest = ".".join([found.target_path, *parts[number + 1 :]])
                    return self.lookup(rest, depth + 1) if depth < DEEPEST else None
                if found is None:
                    return None
            return found
        return None

    def entry(self, found: Any, path: str) -> Entry:
        """Describe an object under the name by which it is imported."""
        kind = str(found.kind.value)
        if kind == "function" and found.parent is not None and found.parent.is_class:
            kind = "method"
        if kind == "attribute" and "property" in found.labels:
            kind = "property"
        return Entry(
            path,
            found.path,
            kind,
            self.signature(found, path, kind),
            self.files.get(found.module.path, ""),
            (found.lineno or 0, found.endlineno or 0) if kind != "module" else (0, 0),
            tuple(self.sections(found, kind)),
            tuple(self.members(found, path)),
            tuple(self.inherited(found)) if kind == "class" else (),
        )

    def members(self, found: Any, path: str) -> Iterator[Entry]:
        """Describe the public members of a module or class, as the source orders them; what `__all__` names, where there is one."""
        if not (found.is_module or found.is_class):
            return
        names = [str(name) for name in found.exports or ()] if found.is_module and found.exports else None
        for name in names if names is not None else found.members:
            member = found.members.get(name)
            if member is None or (names is None and (name.startswith("_") or member.is_alias)):
                continue
            if member.is_alias:
                member = self.lookup(member.target_path)
            if member is not None and (member.docstring or member.is_function or member.is_class):
                yield self.entry(member, f"{path}.{name}")

    def bases(self, found: Any) -> Iterator[Any]:
        """Give the classes of the site that a class inherits from, nearest first."""
        for base in found.bases:
            above = self.lookup(base.canonical_path) if not isinstance(base, str) else None
            if above is not None and above.is_class:
                yield above
                yield from self.bases(above)

    def inherited(self, found: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Give the members that a class has from others."""
        seen = set(found.members)
        for base in self.bases(found):
            own = [
                n
                for n, m in base.members.items()
                if not n.startswith("_") and n not in seen and not m.is_alias
            ]
            seen.update(own)
            if own:
                yield base.path, tuple(own)

    def signature(self, found: Any, path: str, kind: str) -> Pieces:
        """Write how an object is called or what it is, with the names of all types."""
        name = path.rpartition(".")[2]
        if kind == "module":
            return ()
        if kind in ("attribute", "property"):
            pieces = [(name, "")]
            if found.annotation is not None:
                pieces += [(": ", ""), *expression(found.annotation)]
            if kind == "attribute" and found.value is not None and len(str(found.value)) <= 60:
                pieces += [(" = " + str(found.value), "")]
            return tuple(pieces)
        called = self.init(found) if kind == "class" else found
        words = "class " if kind == "class" else "async def " if "async" in found.labels else "def "
        pieces = [(words + name, "")]
        if called is not None and called.is_function:
            pieces += parameters(list(called.parameters), bound=found.parent is not None or kind == "class")
        elif kind == "class" and any("dataclass" in str(one.value) for one in found.decorators):
            pieces += fields(found)
        elif kind != "class":
            pieces += [("()", "")]
        if kind != "class" and found.returns is not None:
            pieces += [(" -> ", ""), *expression(found.returns)]
        return tuple(pieces)

    def init(self, found: Any) -> Any:
        """Give the `__init__` of a class, its own or the one that it inherits."""
        own = found.members.get("__init__")
        return own or next(
            (init for base in self.bases(found) if (init := base.members.get("__init__"))), None
        )

    def sections(self, found: Any, kind: str) -> Iterator[Section]:
        """Give the parts of an object's docstring; of a class also those of its `__init__`, whose signature it has.

        Of an inherited one the running text is left out, and of both what the class itself has described.
        """
        init = self.init(found) if kind == "class" else None
        if init is None or not init.is_function:
            yield from sections(found, found)
            return
        own, more = [*sections(found, init)], [*sections(init, init)]
        titles = {part.title for part in own if part.rows}
        for part in own:
            told = {row.name for row in part.rows}
            added = [row for other in more if other.rows and other.title == part.title for row in other.rows]
            yield replace(
                part, rows=part.rows + tuple(row for row in added if row.name not in told or not row.name)
            )
        for part in more:
            if not (part.rows and part.title in titles) and (part.title or init.parent is found):
                yield part


def expression(found: Any) -> Iterator[tuple[str, str]]:
    """Give an annotation in pieces."""
    if found is None or isinstance(found, str):
        yield (found or "", "")
        return
    for piece in found.iterate(flat=True):
        if isinstance(piece, str):
            yield (piece, "")
        else:
            yield (str(piece), str(piece.canonical_path))


def parameters(given: list[Any], *, bound: bool) -> Iterator[tuple[str, str]]:
    """Give the parameters of a function in pieces; `self` and `cls` left out, with the `/` and `*` that callers must know."""
    shown = given[1:] if bound and given and given[0].name in ("self", "cls") else given
    positional = any(one.kind.value == "positional-only" for one in shown)
    starred = False
    yield ("(", "")
    for number, one in enumerate(shown):
        kind = one.kind.value
        if number:
            yield (", ", "")
        if positional and kind != "positional-only":
            positional = False
            yield ("/, ", "")
        if kind == "keyword-only" and not starred:
            starred = True
            yield ("*, ", "")
        starred = starred or kind == "variadic positional"
        yield ({"variadic positional": "*", "variadic keyword": "**"}.get(kind, "") + one.name, "")
        if one.annotation is not None:
            yield (": ", "")
            yield from expression(one.annotation)
        if one.default is not None and not kind.startswith("variadic"):
            yield ((" = " if one.annotation is not None else "=") + str(one.default), "")
    yield (", /)" if positional else ")", "")


def fields(found: Any) -> Iterator[tuple[str, str]]:
    """Give the fields of a dataclass as the parameters that they are."""
    own = [m for m in found.members.values() if m.is_attribute and m.annotation is not None]
    yield ("(", "")
    for number, one in enumerate(own):
        yield ((", " if number else "") + one.name + ": ", "")
        yield from expression(one.annotation)
        if one.value is not None:
            yield (f" = {one.value}", "")
    yield (")", "")


def sections(found: Any, called: Any) -> Iterator[Section]:
    """Give the parts of an object's docstring, whatever style it is written in; `called` is what has its parameters."""
    for part in found.docstring.parsed if found.docstring else ():
        kind, value = part.kind.value, part.value
        title = part.title or TITLES.get(kind, kind.capitalize())
        if kind == "text":
            yield Section("", value)
        elif kind == "examples":
            texts = [text if k.value == "text" else f"```pycon\n{text}\n```" for k, text in value]
            yield Section(title, "\n\n".join(texts))
        elif isinstance(value, list):
            yield Section(title, "", tuple(row(found, called, kind, one) for one in value))
        else:
            text = str(getattr(value, "description", value))
            yield Section(part.title or str(getattr(value, "annotation", title)).capitalize(), text)


def row(found: Any, called: Any, kind: str, one: Any) -> Row:
    """Give a row of a section; what it does not say of a parameter, the signature or the dataclass's field says."""
    name, text = str(getattr(one, "name", "") or ""), str(one.description)
    type_, default = getattr(one, "annotation", None), getattr(one, "value", None)
    if (
        isinstance(type_, str) and "\n" in type_
    ):  # the parser of Sphinx's style takes what follows for the type
        type_, _, more = type_.partition("\n")
        text += "\n\n" + textwrap.dedent(more)
    if kind in RESULTS:
        name, type_, text = result(found, name, type_, text)
    elif kind in ("parameters", "other parameters"):
        given = {p.name: p for p in called.parameters} if called.is_function else {}
        own, field = given.get(name.lstrip("*")), found.members.get(name) if found.is_class else None
        if own is not None:
            type_ = own.annotation if type_ is None else type_
            default = None if own.kind.value.startswith("variadic") else default or own.default
        elif field is not None and field.is_attribute:
            type_, default = field.annotation if type_ is None else type_, default or field.value
    value = str(default) if default is not None else ""
    return Row(name, tuple(expression(type_)) if type_ is not None else (), text, value)


def result(found: Any, name: str, type_: Any, text: str) -> tuple[str, Any, str]:
    """Tell the type from the name before a colon, which the parser takes for a name: `str: the text`, `total: the sum`."""
    import griffe

    before, colon, after = (name, ":", text) if name else text.partition(":")
    is_type = "[" in before or "|" in before or "." in before or before[:1].isupper()
    if colon and (is_type or isinstance(getattr(builtins, before, None), type)):
        try:
            ast.parse(before, mode="eval")
        except SyntaxError:
            return name, type_, text
        return "", griffe.parse_docstring_annotation(before, found.docstring), after.lstrip()
    return name, type_, text


# ---------------------------------------------------------------- inventories


def read_inventory(data: bytes, url: str) -> dict[str, str]:
    """Give dotted name → URL of the Python objects in an inventory (`objects.inv`). Raises ValueError when it is none."""
    head, rest = data.split(b"\n", 4)[:4], data.split(b"\n", 4)[4:]
    if not rest or head[0].rstrip() != b"# Sphinx inventory version 2":
        raise ValueError("is no inventory of version 2")
    try:
        text = zlib.decompress(rest[0]).decode("utf-8")
    except (zlib.error, UnicodeDecodeError):
        raise ValueError("is damaged") from None
    found = {}
    for line in text.splitlines():
        words = line.split(" ")
        if len(words) >= 5 and words[1].startswith("py:"):
            where = words[3]
            found[words[0]] = url + (where[:-1] + words[0] if where.endswith("$") else where)
    return found


def write_inventory(title: str, rows: Iterable[tuple[str, str, str]], version: str) -> bytes:
    """Write an inventory of dotted name, kind, URL below the site's root."""
    lines = [
        f"{name} py:{ROLES[kind]} 1 {where.removesuffix(name) + '$' if where.endswith('#' + name) else where} -\n"
        for name, kind, where in rows
    ]
    return INVENTORY_HEAD.format(title, version).encode() + zlib.compress("".join(lines).encode(), 9)


def objects_of(entries: Sequence[tuple[str, Entry]]) -> dict[str, tuple[str, str, str]]:
    """Give dotted name → page, anchor, kind of all that pages document (page and entry); where something is defined, its name leads there too."""
    found: dict[str, tuple[str, str, str]] = {}
    for page, top in entries:
        for entry in walk(top):
            found.setdefault(entry.path, (page, entry.path, entry.kind))
    for page, top in entries:
        for entry in walk(top):
            found.setdefault(entry.own_path, (page, entry.path, entry.kind))
    return found
