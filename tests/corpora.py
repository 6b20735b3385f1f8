"""Builds real collections of Markdown and compares every page with what cmark-gfm finds in the same body.

    python tests/corpora.py DIR… [--work FOLDER] [--json]

Each DIR is copied, built without configuration and without running any Python, and read back. What a reader
finds in `<main>` (headings, code, tables, images, links, tasks, footnotes) must be what cmark-gfm, a parser that
shares no code with Pressrun's, finds in the same Markdown. With `--run LIBRARY` the pages' Python runs instead, things without
meaning standing in for what it imports, and blocks and live demos are counted. A difference is either explained by a rule of
`RULES`, and counted under its name, or the exit status is 1.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from cmarkgfm import cmark
from rich.emoji import Emoji

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # when run as a script, beside the repository's packages
    sys.path.insert(0, str(ROOT))

from plain import MKDOCS, PLAIN  # noqa: E402

from generator import markdown, site, sources  # noqa: E402
from generator.build import build  # noqa: E402
from generator.cache import Facts, Reads  # noqa: E402
from generator.config import load_config  # noqa: E402
from generator.errors import ProblemError  # noqa: E402
from generator.fences import read_fence  # noqa: E402
from generator.markdown.mkdocs import ICON, SIGNS  # noqa: E402
from generator.pages import header_and_body, load  # noqa: E402
from generator.words import english  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from generator.build import Build
    from generator.pages import Page

EPOCH = "1795219200"
"""21 November 2026, 00:00 UTC: the "now" of these builds."""
EXTENSIONS = ["table", "strikethrough", "autolink", "tasklist"]
FULL_INFO = 1 << 16
"""cmark's option to keep all words of an info string (in `data-meta`); its Python door has no name for it."""
OPTIONS = cmark.Options.CMARK_OPT_UNSAFE | cmark.Options.CMARK_OPT_FOOTNOTES | FULL_INFO
ENCODING = ("not UTF-8", "encoded as", "not text")
"""Beginnings of the only errors for which a file may have no page."""
NOT_COPIED = ("pyproject.toml", "site", ".pressrun", ".git", "__pycache__")
"""What would configure the site, or is no part of its sources."""
KINDS = ("headings", "code", "tables", "images", "links", "tasks", "footnotes")
CHROME = ("nav", "header")
"""Elements in which a template puts links of its own; they are left out on both sides."""
ABSOLUTE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
WHOLE_FILE = (
    "two pages have one URL",
    "two URLs differ",
    "encoded as",
    "cannot be read",
    "is a symbolic link",
    "the file's name",
    "short codes of icons",
)
"""Beginnings of the problems that mean a file as a whole, and so need no line."""
UNSAFE = re.compile(r"(?:javascript|vbscript|file|data(?!:image/(?:gif|png|jpeg|webp);)):", re.IGNORECASE)
"""Destinations that a page must not have."""
INSIDE = "(inside)"
"""Stands for every destination that is not absolute: Pressrun rewrites those."""


# ---------------------------------------------------------------- reading HTML


@dataclass(frozen=True)
class Found:
    """What stands in a piece of HTML, each kind in the order of the page."""

    headings: tuple[str, ...] = ()
    """Level and text: `2 Install`."""
    code: tuple[str, ...] = ()
    """Text of each `<pre>`, exact."""
    infos: tuple[str, ...] = ()
    """Info string of each `<pre>` as far as the HTML tells it; not compared, but rules ask for it."""
    tables: tuple[str, ...] = ()
    """Rows × columns: `3×2`."""
    images: tuple[str, ...] = ()
    """Absolute source, or `INSIDE`."""
    links: tuple[str, ...] = ()
    """Absolute destination, or `INSIDE`; links that footnotes and headings make are no links of the author's."""
    tasks: tuple[str, ...] = ()
    """`done` or `to do`."""
    footnotes: tuple[str, ...] = ()
    """`reference` and `note`, one for each."""


class Reader(HTMLParser):
    """Collects what `Found` holds; written for two dialects of HTML that mean the same."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lists: dict[str, list[str]] = {kind: [] for kind in (*KINDS, "infos")}
        self.skipped: list[str] = []
        self.heading: list[str] | None = None
        self.pre: list[str] | None = None
        self.info = ""
        self.tables: list[list[int]] = []
        self.in_notes = self.in_reference = self.in_anchor = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what an element begins."""
        if self.skipped or tag in CHROME:
            self.skipped += [tag] if tag in CHROME else []
            return
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        if re.fullmatch(r"h[1-6]", tag):
            self.heading = []
        elif tag == "pre":
            self.pre, self.info = [], ""
        elif tag == "code" and self.pre == []:
            language = next((c.removeprefix("language-") for c in classes if c.startswith("language-")), "")
            self.info = f"{language} {given.get('data-meta', '')}".strip()
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append(0)
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self.tables[-1][-1] += 1
        elif tag == "img":
            self.lists["images"].append(outside(given.get("src", "")))
        elif tag == "sup" and "footnote-ref" in classes:
            self.in_reference = True
        elif tag == "section" and "footnotes" in classes:
            self.in_notes = True
        elif tag == "li" and self.in_notes and re.match(r"fn[-\d]", given.get("id", "")):
            self.lists["footnotes"].append("note")
        elif tag == "input" and given.get("type") == "checkbox":
            self.lists["tasks"].append("done" if "checked" in given else "to do")
        elif tag == "a" and "href" in given:
            self.in_anchor = bool({"anchor", "ref"} & {*classes})
            if self.in_reference and given["href"].startswith("#fn"):
                self.lists["footnotes"].append("reference")
            elif not (self.in_anchor or "footnote-backref" in classes):
                self.lists["links"].append(outside(given["href"]))

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        if self.skipped:
            if tag == self.skipped[-1]:
                self.skipped.pop()
            return
        if re.fullmatch(r"h[1-6]", tag) and self.heading is not None:
            self.lists["headings"].append(f"{tag[1]} {' '.join(''.join(self.heading).split())}".strip())
            self.heading = None
        elif tag == "pre" and self.pre is not None:
            self.lists["code"].append("".join(self.pre))
            self.lists["infos"].append(self.info)
            self.pre = None
        elif tag == "table" and self.tables:
            rows = self.tables.pop()
            self.lists["tables"].append(f"{len(rows)}×{max(rows, default=0)}")
        elif tag == "sup":
            self.in_reference = False
        elif tag == "section":
            self.in_notes = False
        elif tag == "a":
            self.in_anchor = False

    def handle_data(self, data: str) -> None:
        """Give text to what is open."""
        if self.skipped:
            return
        if self.pre is not None:
            self.pre.append(data)
        elif self.heading is not None and not self.in_anchor:
            self.heading.append(data)


def outside(destination: str) -> str:
    """Give an absolute destination; one word for all others."""
    return destination if ABSOLUTE.match(destination) else INSIDE


def read(html: str) -> Found:
    """Find what stands in a piece of HTML."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return Found(**{kind: tuple(items) for kind, items in reader.lists.items()})


def by_cmark(body: str) -> str:
    """Convert a body by cmark-gfm, raw HTML passed on."""
    return cmark.markdown_to_html_with_extensions(body, options=OPTIONS, extensions=EXTENSIONS)


def main_of(html: str) -> str:
    """Give what stands inside `<main>`."""
    match = re.search(r"<main\b[^>]*>(.*)</main>", html, re.DOTALL)
    return match[1] if match else ""


# ---------------------------------------------------------------- comparing


@dataclass(frozen=True)
class Difference:
    """One thing that one side has and the other has not, or has otherwise."""

    page: str
    kind: str
    ours: str | None
    """None when only cmark finds it."""
    theirs: str | None
    """None when only Pressrun writes it."""
    info: str = ""
    """Info string on cmark's side, of code."""
    rule: str = ""
    """Why this is right; empty when unexplained."""

    def __str__(self) -> str:
        return f"{self.page}: {self.kind}: ours {shorter(self.ours)}, cmark {shorter(self.theirs)}"


def shorter(text: str | None, most: int = 160) -> str:
    """Show an item in one line."""
    if text is None:
        return "nothing"
    shown = repr(text)
    return (
        shown
        if len(shown) <= most
        else f"{shown[: most // 2]} … {shown[-most // 2 :]} ({len(text)} characters)"
    )


def differences(page: str, ours: Found, theirs: Found) -> list[Difference]:
    """Pair the items of both sides in order; give what has no equal partner."""
    made = []
    for kind in KINDS:
        left, right = getattr(ours, kind), getattr(theirs, kind)
        alike = [[canonical(kind, item) for item in items] for items in (left, right)]
        matcher = SequenceMatcher(None, *alike, autojunk=False)
        for _, left_from, left_to, right_from, right_to in matcher.get_opcodes():
            for offset in range(max(left_to - left_from, right_to - right_from)):
                one, other = left_from + offset, right_from + offset
                mine = left[one] if one < left_to else None
                foreign = right[other] if other < right_to else None
                info = theirs.infos[other] if kind == "code" and other < right_to else ""
                if mine != foreign:
                    made.append(Difference(page, kind, mine, foreign, info))
    return made


def canonical(kind: str, item: str) -> str:
    """Give what pairs an item with its partner even if the two are not equal: a URL in one spelling."""
    return (INSIDE if UNSAFE.match(item) else spelt(item)) if kind in ("links", "images") else item


def spelt(url: str) -> str:
    """Give a URL in one spelling: nothing percent-encoded, the host in ASCII."""
    plain = unquote(url)
    scheme, slashes, rest = plain.partition("//")
    host, slash, path = rest.partition("/")
    labels = [
        label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in host.split(".")
    ]
    return f"{scheme}{slashes}{'.'.join(labels)}{slash}{path}"


@dataclass(frozen=True)
class Case:
    """A page whose differences want to be explained."""

    page: Page
    body: str
    theirs_html: str
    theirs: Found


def template_heading(one: Difference, case: Case) -> bool:
    """A page whose body does not begin with a heading of the first level gets its title as one."""
    wanted = f"1 {' '.join(case.page.front_matter.title.split())}"
    leads = re.match(r"(?:<!--.*?-->\s*)*<h1\b", case.theirs_html, re.DOTALL)
    return one.kind == "headings" and one.theirs is None and one.ours == wanted and not leads


def heading_attributes(one: Difference, case: Case) -> bool:
    """`{#id .class key="value"}` at the end of a heading is taken off."""
    if one.kind != "headings" or one.ours is None or one.theirs is None:
        return False
    return one.theirs != one.ours and re.sub(r"\s*\{:?\s*[^{}]*[#.\"'][^{}]*\}$", "", one.theirs) == one.ours


def emoji(one: Difference, case: Case) -> bool:
    """A short code such as `:smile:` is an emoji."""
    if one.kind != "headings" or not (one.ours and one.theirs):
        return False
    return Emoji.replace(one.theirs) == one.ours


def icon(one: Difference, case: Case) -> bool:
    """A short code of Material's icons is a sign that says the same, or nothing."""
    if one.kind != "headings" or not (one.ours and one.theirs and ICON.search(one.theirs)):
        return False
    signs = "|".join(map(re.escape, SIGNS.values()))
    bare = [" ".join(re.sub(signs, "", ICON.sub("", text)).split()) for text in (one.ours, one.theirs)]
    return bare[0] == bare[1]


def kept_snippet(one: Difference, case: Case) -> bool:
    """A semicolon keeps a line of MkDocs' snippets as it is, and goes."""
    return one.kind == "code" and one.ours == (one.theirs or "").replace(";--8<--", "--8<--")


def box_in_code(one: Difference, case: Case) -> bool:
    """A box of MkDocs that stands four columns deep behind no list is code; there a hook of its site made a list of a comment."""
    return one.kind == "code" and any(map(MKDOCS.match, (one.ours or "").split("\n")))


def filled_fence(one: Difference, case: Case) -> bool:
    """A fence with `source=`, `lines=`, `replace=` or `dedent` shows other text than stands in it."""
    fence = read_fence(one.info)
    return one.kind == "code" and bool(
        {"source", "lines", "replace"} & set(fence.options) or "dedent" in fence.verbs
    )


def same_url(one: Difference, case: Case) -> bool:
    """Two spellings of one URL: percent-encoding or the ASCII form of a host name."""
    return (
        one.kind in ("links", "images")
        and bool(one.ours and one.theirs)
        and spelt(one.ours) == spelt(one.theirs)
    )


def unsafe_scheme(one: Difference, case: Case) -> bool:
    """A destination that would run script is taken out (and reported)."""
    return one.kind in ("links", "images") and one.ours == INSIDE and bool(UNSAFE.match(one.theirs or ""))


def address_in_link(one: Difference, case: Case) -> bool:
    """Text inside a raw `<a>` is not linked again; cmark-gfm puts a link into the link."""
    if one.kind != "links" or one.ours is not None or one.theirs is None:
        return False
    return bool(re.search(rf'<a\b[^<>]*>[^<]*<a href="{re.escape(escape(one.theirs))}"', case.theirs_html))


def address_in_bracket(one: Difference, case: Case) -> bool:
    """A bare URL behind a bracket that begins no link is linked; cmark-gfm gives up at the bracket."""
    if one.kind != "links" or one.ours is None or one.theirs is not None:
        return False
    return bool(re.search(rf"\[[^\]\n]*{re.escape(one.ours)}", case.body))


def quoted_address(one: Difference, case: Case) -> bool:
    """A bare address that begins with `www.` is linked behind a quotation mark too; with cmark-gfm it needs a space or a bracket before it."""
    bare = (one.ours or "").removeprefix("http://")
    return (
        one.kind == "links"
        and one.theirs is None
        and bare.startswith("www.")
        and bool(re.search(rf"[\"'“‘«]{re.escape(bare)}", case.body))
    )


def escaped_address(one: Difference, case: Case) -> bool:
    """A backslash before or in an address keeps it text; cmark-gfm looks at what is left when it is gone."""
    if one.kind != "links" or one.ours is not None or one.theirs is None:
        return False
    address = r"\\?".join(re.escape(letter) for letter in one.theirs.removeprefix("mailto:"))
    return any("\\" in match[0] for match in re.finditer(rf"\\?{address}", case.body))


def long_address(one: Difference, case: Case) -> bool:
    """The part of an e-mail address before the `@` has at most 64 characters (RFC 5321)."""
    name = (one.theirs or "").removeprefix("mailto:").partition("@")[0]
    return one.kind == "links" and one.ours is None and "@" in (one.theirs or "") and len(name) > 64


def formula(one: Difference, case: Case) -> bool:
    """A block of `math` is a formula."""
    return one.kind == "code" and one.ours is None and one.info == "math"


def open_tag(one: Difference, case: Case) -> bool:
    """Raw HTML that never closes a tag swallows the next one: there a wrapper, with cmark the `<pre>` itself."""
    if one.kind != "code" or one.ours is None or one.theirs is not None:
        return False
    block = rf"<pre[^<>]*><code[^<>]*>{re.escape(escape(one.ours, quote=False))}".replace('"', '(?:"|&quot;)')
    return bool(re.search(rf"<[a-z][^>]*{block}", case.theirs_html))


def lazy_list_line(one: Difference, case: Case) -> bool:
    """markdown-it reads a less indented item behind a nested list as code, cmark as a lazy line of the paragraph."""
    if (
        one.kind != "code"
        or one.ours is None
        or one.theirs is not None
        or not re.match(r"(?:[-+*]|\d+[.)]) ", one.ours)
    ):
        return False
    return one.ours in read(markdown.commonmark(case.body)).code


def indented_header(one: Difference, case: Case) -> bool:
    """A table's header row that is indented by four continues the paragraph before it; cmark-gfm makes it a header."""
    return (
        one.kind == "tables"
        and one.ours is None
        and bool(re.search(r"\n {4,}\|.*\n {0,3}\|[ :|-]+\n", case.body))
    )


def component_behind_table(one: Difference, case: Case) -> bool:
    """A line of colons ends a table; cmark-gfm makes a row of it."""
    return one.kind == "tables" and bool(re.search(r"\n\|.*\n:{3,}", case.body))


RULES: dict[str, Callable[[Difference, Case], bool]] = {
    "template heading": template_heading,
    "heading attributes": heading_attributes,
    "emoji": emoji,
    "icon": icon,
    "kept snippet": kept_snippet,
    "box in indented code": box_in_code,
    "filled fence": filled_fence,
    "same URL": same_url,
    "unsafe scheme": unsafe_scheme,
    "address in a raw link": address_in_link,
    "address behind a bracket": address_in_bracket,
    "address behind a quotation mark": quoted_address,
    "escaped address": escaped_address,
    "long e-mail address": long_address,
    "formula": formula,
    "open tag in raw HTML": open_tag,
    "lazy list line": lazy_list_line,
    "indented header row": indented_header,
    "component behind a table": component_behind_table,
}
"""Name → whether it explains one difference by itself; the docstring of each says why that is right."""

ADDITIONS = {
    "definition lists": "deflist",
    "inline footnotes": "footnote_inline",
}
"""Name → the rule of our parser that cmark does not have. It explains what the parser alone does differently with it
and does not without it; what else became of the page is no business of such a rule."""


def parsed(body: str, without: Sequence[str] = ()) -> Found:
    """Find what stands in a body when our parser alone reads it, some of its rules switched off."""
    parser = markdown.make_parser.__wrapped__("default")
    parser.disable(list(without))
    env: dict[str, object] = {}
    tokens = parser.parse(body, env)
    markdown.mark_tasks(tokens, english())
    markdown.anchor_headings(tokens, 3)
    return read(parser.renderer.render(tokens, parser.options, env))


def explained(found: Iterable[Difference], case: Case) -> list[Difference]:
    """Name the rule behind each difference that has one."""
    made = []
    for one in found:
        rule = next((name for name, holds in RULES.items() if holds(one, case)), "")
        made.append(replace(one, rule=rule))
    if all(one.rule for one in made):
        return made
    whole = keys_of(parsed(case.body), case)
    for name, addition in ADDITIONS.items():
        left = keys_of(parsed(case.body, [addition]), case)
        for index, one in enumerate(made):
            if not one.rule and key(one) in whole - left:
                made[index] = replace(one, rule=name)
    return made


def keys_of(found: Found, case: Case) -> set[tuple[str, str | None, str | None]]:
    """Give the differences of what was found from what cmark finds."""
    return {key(one) for one in differences(case.page.path, found, case.theirs)}


def key(one: Difference) -> tuple[str, str | None, str | None]:
    """Say what makes two differences the same."""
    return one.kind, one.ours, one.theirs


# ---------------------------------------------------------------- a corpus


@dataclass
class Report:
    """What came of one corpus."""

    name: str
    pages_in: int = 0
    """Markdown files that are sources."""
    pages_out: int = 0
    """Those whose page was written."""
    refused: list[str] = field(default_factory=list)
    """Those without a page whose bytes are no text in UTF-8, and whose error says so."""
    lost: list[str] = field(default_factory=list)
    """Those without a page for any other reason: never right."""
    problems: list[str] = field(default_factory=list)
    """All problems, as printed."""
    levels: Counter[str] = field(default_factory=Counter)
    """`error` and `warning` → how many."""
    placeless: list[str] = field(default_factory=list)
    """Problems that name no file, or no line although they mean one."""
    ours: Counter[str] = field(default_factory=Counter)
    """Kind → how many in the site."""
    theirs: Counter[str] = field(default_factory=Counter)
    """Kind → how many by cmark."""
    found: list[Difference] = field(default_factory=list)
    """All differences."""
    blocks: Counter[str] = field(default_factory=Counter)
    """Words behind the marks → blocks of code that are more than shown, where Python is run."""
    demos: int = 0
    """Live demos that came of them."""
    seconds: float = 0.0
    """Time of the build."""

    @property
    def explained(self) -> Counter[str]:
        """Rule → differences that it explains."""
        return Counter(one.rule for one in self.found if one.rule)

    @property
    def unexplained(self) -> list[Difference]:
        """What has no rule."""
        return [one for one in self.found if not one.rule]

    @property
    def failed(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.unexplained or self.lost or self.placeless)


def copied(folder: Path, work: Path) -> Path:
    """Copy a corpus, configuration left out, so that nothing is written into it."""
    work.mkdir(parents=True, exist_ok=True)
    target = work / folder.name
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns(*NOT_COPIED), symlinks=True)
    return target


def stand_in(root: Path, libraries: Sequence[str]) -> None:
    """Put modules in the place of libraries that the pages import, with everything below them that is imported anywhere."""
    shutil.copyfile(Path(__file__).parent / "standins.py", root / "standins.py")
    texts = [path.read_text("utf-8", "replace") for path in sorted(root.rglob("*.md"))]
    names = {
        name for text in texts for name in re.findall(r"^\s*(?:from|import) +([\w.]+)", text, re.MULTILINE)
    }
    for name in sorted({*libraries, *(name for name in names if name.partition(".")[0] in libraries)}):
        folder = root / name.replace(".", "/")
        for one in [folder, *folder.parents]:
            if one == root:
                break
            one.mkdir(parents=True, exist_ok=True)
            (one / "__init__.py").write_text("from standins import any_name as __getattr__\n")


def settings(dialect: str, beyond: str, ignore: Sequence[str]) -> str:
    """Write the configuration that a corpus is built with; JSON's texts and lists are TOML's."""
    slugs = "python-markdown" if dialect == "mkdocs" else ""  # as there
    tables = {
        "markdown": {"dialect": dialect, "slugs": slugs},
        "links": {"beyond": beyond, "ignore": [*ignore]},
    }
    rows = [
        f"[tool.pressrun.{table}]\n"
        + "".join(f"{key} = {json.dumps(one)}\n" for key, one in values.items() if one)
        for table, values in tables.items()
        if any(values.values())
    ]
    return "".join(rows)


def run(
    folder: Path,
    work: Path,
    jobs: int = 2,
    dialect: str = "",
    beyond: str = "",
    ignore: Sequence[str] = (),
    libraries: Sequence[str] = (),
) -> Report:
    """Build a copy of one corpus and compare all of its pages."""
    report = Report(folder.name)
    root = copied(folder, work)
    if configuration := settings(dialect, beyond, ignore):
        (root / "pyproject.toml").write_text(configuration)
    if libraries:
        stand_in(root, libraries)
        with (root / "pyproject.toml").open("a") as file:  # names of code that is only shown may be anybody's
            file.write("[tool.pressrun.execute]\nkeep_failing = true\n")
    config = load_config(root, drafts=True, execute=bool(libraries), environ={"SOURCE_DATE_EPOCH": EPOCH})
    started = time.monotonic()
    try:
        built = build(config, jobs=jobs)
    except ProblemError as wrong:
        report.lost = [str(problem) for problem in wrong.problems]
        return report
    report.seconds = time.monotonic() - started
    note_problems(report, built, root)
    found = sources.scan(config).sources
    reads = Reads(Facts(config.root))
    loaded = {source.path: load(source, reads) for source in found if source.is_page}
    report.pages_in = len(loaded)
    unreadable = {problem.path for problem in built.problems if problem.message.startswith(ENCODING)}
    assembled = site.assemble(config, found, [one.page for one in loaded.values() if one.page])
    for path, one in loaded.items():
        output = config.out / assembled.routes[path].output if one.page else None
        if one.page is None or output is None or not output.is_file():
            (report.refused if path in unreadable else report.lost).append(path)
            continue
        report.pages_out += 1
        body, html = header_and_body(path, reads)[1], output.read_text("utf-8")
        html = html.replace(f'"{beyond}/', '"/') if beyond else html  # as its author wrote it
        if libraries:  # what code made has no partner
            count_blocks(report, body, html)
        else:
            compare(report, one.page, PLAIN[dialect](body), html)
    return report


RUNS = re.compile(r"^`{3,}(python (?:exec|eval|demo)\b[ a-z-]*|reflex|md [a-z]+)", re.MULTILINE)
"""A block of the Flexdown dialect that is no plain code."""


def count_blocks(report: Report, body: str, html: str) -> None:
    """Count the blocks that are to do something, by their words, and the live demos that came of them."""
    report.blocks.update(" ".join(words.split()) for words in RUNS.findall(body))
    report.demos += len(re.findall(r'<div class="demo" data-demo="', html))


def note_problems(report: Report, built: Build, root: Path) -> None:
    """Count the problems of a build, and see whether each says where it is."""
    for problem in built.problems:
        report.problems.append(str(problem))
        report.levels[problem.level] += 1
        whole = problem.message.startswith(WHOLE_FILE)
        if not (problem.line or whole) or not (root / problem.path).is_file():
            report.placeless.append(str(problem))


def compare(report: Report, page: Page, body: str, html: str) -> None:
    """Compare one page."""
    theirs_html = by_cmark(body)
    ours, theirs = read(main_of(html)), read(theirs_html)
    for kind in KINDS:
        report.ours[kind] += len(getattr(ours, kind))
        report.theirs[kind] += len(getattr(theirs, kind))
    found = differences(page.path, ours, theirs)
    if found:
        report.found += explained(found, Case(page, body, theirs_html, theirs))
    if not any(heading.startswith("1") for heading in ours.headings):
        report.found.append(
            Difference(page.path, "headings", None, "1 (a page has a heading of the first level)")
        )


# ---------------------------------------------------------------- telling


def text_of(report: Report) -> str:
    """Write a report for people."""
    lines = [
        (
            f"{report.name}: {report.pages_in} pages in, {report.pages_out} out, {len(report.refused)} refused, "
            f"{len(report.lost)} lost; {report.levels['error']} errors, {report.levels['warning']} warnings, "
            f"{len(report.placeless)} of them without a place; built in {report.seconds:.1f} s"
        ),
        *(f"  {kind:<10} {report.ours[kind]:>7} ours {report.theirs[kind]:>7} cmark" for kind in KINDS),
        *(f"  {words}: {count}" for words, count in sorted(report.blocks.items())),
        *([f"  live demos: {report.demos}"] if report.blocks else []),
        *(f"  explained by {rule}: {count}" for rule, count in sorted(report.explained.items())),
        f"  unexplained: {len(report.unexplained)}",
        *(f"    {one}" for one in report.unexplained),
        *(f"  lost: {path}" for path in report.lost),
        *(f"  refused: {path}" for path in report.refused),
        *(f"  without a place: {problem}" for problem in report.placeless),
    ]
    return "\n".join(lines)


def data_of(report: Report) -> dict[str, object]:
    """Give a report as data."""
    return {
        "name": report.name,
        "pages_in": report.pages_in,
        "pages_out": report.pages_out,
        "refused": report.refused,
        "lost": report.lost,
        "errors": report.levels["error"],
        "warnings": report.levels["warning"],
        "problems": report.problems,
        "placeless": report.placeless,
        "counts": {kind: [report.ours[kind], report.theirs[kind]] for kind in KINDS},
        "blocks": dict(report.blocks),
        "demos": report.demos,
        "explained": dict(report.explained),
        "unexplained": [
            {"page": one.page, "kind": one.kind, "ours": one.ours, "cmark": one.theirs}
            for one in report.unexplained
        ],
        "seconds": round(report.seconds, 2),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare the corpora that the command line names; 1 when anything is unexplained."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="a folder of Markdown files")
    parser.add_argument(
        "--work", type=Path, help="folder for the copies and sites, kept; a temporary one when not given"
    )
    parser.add_argument("--dialect", default="", help="mkdocs or flexdown: read the pages in that dialect")
    parser.add_argument("--beyond", default="", help="URL behind which links that begin with / are put")
    parser.add_argument("--ignore", action="append", default=[], help="pattern of links that are not checked")
    parser.add_argument("--run", action="append", default=[], metavar="LIBRARY",
                        help="run the pages' Python, with stand-ins for this library")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
    options = parser.parse_args(arguments)
    reports = []
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        for folder in options.folders:
            if options.work:
                shutil.rmtree(work / folder.resolve().name, ignore_errors=True)
            given = {
                "dialect": options.dialect,
                "beyond": options.beyond,
                "ignore": options.ignore,
                "libraries": options.run,
            }
            reports.append(run(folder.resolve(), work, **given))
            if not options.json:
                print(text_of(reports[-1]), flush=True)
    if options.json:
        print(json.dumps({"corpora": [data_of(one) for one in reports]}, ensure_ascii=False, indent=1))
    return int(any(one.failed for one in reports))


if __name__ == "__main__":
    sys.exit(main())
