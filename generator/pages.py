"""Pages: what is known of a page from its bytes alone; no Markdown is parsed and no user code runs here."""

from __future__ import annotations

import codecs
import posixpath
import re
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

from generator.cache import Unreadable
from generator.errors import Problem, error
from generator.frontmatter import FrontMatter, Header, iso
from generator.sources import original_path

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from generator.cache import Reads
    from generator.sources import Source

DATE_IN_NAME = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})-(.+)")
INDEX_NAMES = ("index", "readme")
BOMS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
DOCUMENTS = "```api "
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
ATX_HEADING = re.compile(r" {0,3}#(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
SETEXT_RULE = re.compile(r" {0,3}=+[ \t]*$")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its place, its front matter and where its body begins."""

    path: str
    """POSIX path of the source below the root."""
    collection: str
    """Name of its collection."""
    stem: str
    """File name without suffix and date; `index` for the page of a folder."""
    front_matter: FrontMatter
    """As written, except that the date may come from the file name and the title from the first heading."""
    has_heading: bool
    """Whether the body begins with a first-level heading of its own (templates then write none)."""
    runs_code: bool
    """Whether the header holds Python."""
    documents: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Dotted name and members of the objects whose reference it shows (blocks ```` ```api ````)."""
    language: str = ""
    """Of a translation; empty in the site's own language."""
    wishes: tuple[tuple[str, int], ...] = ()
    """Its permalink and aliases as they are written, each with its line."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for the front matter of all pages of a folder."""

    matter: FrontMatter = field(default_factory=FrontMatter)
    """Its defaults."""
    given: tuple[str, ...] = ()
    """The keys that have a default."""
    words: tuple[str, ...] = ()
    """Keys of the site's own taxonomies: one text or a list of texts."""
    known: tuple[str, ...] = ()
    """Keys that the collection's schema knows."""


NO_RULES = Rules()
FIELDS = {one.name for one in fields(FrontMatter)} - {"extra"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """The value of a `load` unit."""

    page: Page | None
    """None when the file is no page at all (unreadable, another encoding)."""
    problems: tuple[Problem, ...]
    """In order of place."""


def load(source: Source, reads: Reads) -> Loaded:
    """Read one page's header; pure in the file's bytes."""
    text, problem = read_page(source.path, reads)
    if text is None:
        return Loaded(None, (problem,) if problem else ())
    rules = reads.fact(f"rules:{source.path.rpartition('/')[0]}", Rules) or NO_RULES
    header = split(source.path, text, words=rules.words, known=rules.known)
    if header.withheld:
        hint = "its front matter cannot be read and seems to hold it back, so the page is left out"
        return Loaded(None, tuple(replace(p, hint=p.hint or hint) for p in header.problems))
    stem, dated = split_name(original_path(source.path, source.language))
    heading, leads = first_heading(text[header.body :], first_only=bool(header.front_matter.title))
    matter = with_defaults(header, rules) if rules.given else header.front_matter
    problems = list(header.problems)
    if not matter.date and dated:
        try:
            matter = replace(matter, date=iso(dated))
        except ValueError as wrong:
            problems.append(
                error(source.path, f"the date in the file's name is not a date: {dated} ({wrong})")
            )
    if not matter.title:
        matter = replace(matter, title=heading or humanised(stem, source.path))
    documents = tuple(documented(text[header.body :])) if DOCUMENTS in text else ()
    runs_code = bool(header.python)
    own = header.front_matter
    asked = (own.permalink, *own.aliases) if own.permalink or own.aliases else ()
    wishes = tuple((one, wished_at(text[: header.body], one)) for one in asked if one)
    page = Page(
        source.path, source.collection, stem, matter, leads, runs_code, documents, source.language, wishes
    )
    return Loaded(page, tuple(problems))


def wished_at(header: str, url: str) -> int:
    """Give the line of a header on which a permalink or an alias stands; 0 when it is written in another way."""
    below = re.search(r"^(?:permalink|aliases)\s*:", header, re.MULTILINE)
    at = header.find(url, below.start()) if below else -1
    return header.count("\n", 0, at) + 1 if at >= 0 else 0


def picture_source(page: Page) -> str:
    """Give the source path of the picture that a page's front matter names relative to the page; empty for whole URLs and site paths."""
    return picture_path(page.front_matter.image, page.path)


def picture_path(written: str, page: str) -> str:
    """Give the source path that a page means by the path of a picture; empty for whole URLs and site paths."""
    if not written or "://" in written or written.startswith("/"):
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), written))


def read_page(path: str, reads: Reads) -> tuple[str | None, Problem | None]:
    """Give a page's text with line feeds alone as line ends, or the problem with its bytes."""
    try:
        data = reads.file(path)
    except Unreadable as wrong:
        return None, error(path, f"cannot be read: {wrong}")
    if data is None:
        return None, error(path, "vanished while the site was built")
    for bom, name in BOMS:
        if data.startswith(bom):
            return None, error(path, f"encoded as {name}; expected UTF-8", hint="save it as UTF-8")
    data = data.removeprefix(codecs.BOM_UTF8)
    at = data.find(0)
    if at < 0:
        try:
            return data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n"), None
        except UnicodeDecodeError as wrong:
            at = wrong.start
    what = "not UTF-8: byte 0x" + f"{data[at]:02x}" if data[at] else "not text: a NUL byte"
    message = f"{what}; the file looks like {encoding_of(data)}"
    line, start = data.count(b"\n", 0, at) + 1, data.rfind(b"\n", 0, at) + 1
    column = len(data[start:at].decode("utf-8", "replace")) + 1
    return None, error(path, message, line=line, column=column, hint="save it as UTF-8")


def encoding_of(data: bytes) -> str:
    """Guess the name of an encoding for a message (never to decode by)."""
    sample = data[:4096]
    if sample.count(0) > len(sample) // 4:
        return "UTF-16 without a byte order mark" if sample.count(0) > len(sample) // 3 else "binary data"
    if b"\0" in sample:
        return "binary data"
    high = {byte for byte in data if byte >= 0x80}
    return (
        "Latin-1 (ISO 8859-1)"
        if not high & set(range(0x80, 0xA0))
        else "Windows-1252 or another 8-bit encoding"
    )


def header_and_body(path: str, reads: Reads, *, typed: bool = True) -> tuple[Header, str]:
    """Read a page again, for composing: its header and the Markdown behind it, whose last line ends as the others do.

    Without `typed` nobody asks for front matter and problems, and YAML is not parsed where it cannot be Python.
    """
    text, _ = read_page(path, reads)
    header = split(path, text or "", typed=typed)
    body = (text or "")[header.body :]
    return header, body if body.endswith("\n") or not body else body + "\n"


def split_name(path: str) -> tuple[str, str]:
    """Give stem and date of a file name: `2014-05-01-title.md` is (`title`, `2014-05-01`); a bundle's stand in its folder's name."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    match = DATE_IN_NAME.fullmatch(stem)
    if stem.lower() in INDEX_NAMES and (above := DATE_IN_NAME.fullmatch(folder.rpartition("/")[2])):
        return stem, above[1]
    return (match[2], match[1]) if match else (stem, "")


def with_defaults(header: Header, rules: Rules) -> FrontMatter:
    """Give the front matter of a page with what its folder says for it."""
    matter, given = header.front_matter, set(header.given)
    missing = {key: getattr(rules.matter, key) for key in rules.given if key not in given and key in FIELDS}
    extra = {key: value for key, value in rules.matter.extra.items() if key not in given}
    return replace(matter, **missing, extra={**extra, **matter.extra})


def humanised(stem: str, path: str) -> str:
    """Make a title of a file name; a folder's page is named after the folder."""
    if stem.lower() in INDEX_NAMES and "/" in path:
        stem = path.split("/")[-2]
        stem = dated[2] if (dated := DATE_IN_NAME.fullmatch(stem)) else stem
    words = stem.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:] or stem


def documented(body: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give name and members of each block ```` ```api NAME ````; blocks inside of others are no blocks."""
    fence = name = ""
    members: list[str] = []
    for line in body.split("\n"):
        if fence:
            stripped = line.strip()
            if stripped.startswith(fence) and not stripped.strip(fence[0]):
                if name:
                    yield name, tuple(members)
                fence = name = ""
            else:
                members += line.split()
        elif match := FENCE.match(line):
            words = line[match.end() :].split()
            fence, members = match[1], []
            name = words[1] if len(words) > 1 and words[0] == "api" else ""


def first_heading(body: str, *, first_only: bool = False) -> tuple[str, bool]:
    """Give the text of the first first-level heading, and whether the body begins with it.

    With `first_only`, a heading further down is not looked for.

    A line-by-line look that knows fences and comments, since parsing Markdown costs a hundred times as much.
    """
    fence = before = ""
    seen = 0
    for row in body[:65536].split("\n"):
        line = row.rstrip("\r")
        if first_only and seen > 1:
            break
        if fence:
            stripped = line.strip()
            if stripped.startswith(fence) and not stripped.strip(fence[0]):
                fence = ""
        elif match := FENCE.match(line):
            fence, before, seen = match[1], "", seen + 2
        elif match := ATX_HEADING.match(line):
            return inline_text(match[1] or ""), seen == 0
        elif before and SETEXT_RULE.match(line):
            return inline_text(before), seen == 1
        elif not line.strip():
            before = ""
        elif not (seen == 0 and line.lstrip().startswith("<!--")):
            before = "" if line.startswith("    ") else line.strip()
            seen += 1
    return "", False


def inline_text(markup: str) -> str:
    """Take the inline markup off a heading, for titles in lists and `<title>`."""
    text = re.sub(r"""\s*\{(?=[^{}]*[#."']):?\s*(?:[#.]|[\w:-]+=)[^{}]*\}\s*$""", "", markup)
    text = re.sub(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?", r"\1", text)
    text = re.sub(r"<[^<>]+>", "", text)
    text = re.sub(r"(`+)(.+?)\1", r"\2", text)
    text = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<![\w*])([*_])(?=\S)([^*_]+)(?<=\S)\1(?![\w*])", r"\2", text)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).strip()


def split(
    path: str, text: str, *, typed: bool = True, words: Container[str] = (), known: Container[str] = ()
) -> Header:
    """Split a page's header off; the parser of YAML is loaded only where there is something to parse."""
    from generator.frontmatter.split import split_header

    return split_header(path, text, typed=typed, words=words, known=known)
