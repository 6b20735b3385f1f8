"""Config: what `[tool.pressrun]` says, checked whole, with a place and a did-you-mean for each error.

This is also the only room that reads the clock and the environment (`SOURCE_DATE_EPOCH` gives "now").
"""

from __future__ import annotations

import os
import posixpath
import re
import tomllib
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from generator.errors import Problem, ProblemError, did_you_mean, error
from generator.targets import PAGES, Target, mistakes

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG_FILE = "pyproject.toml"
LEDGER_FILE = "permalinks.json"
"""The list of all that was ever published (permalinks.py); beside the configuration."""
STATE_FOLDER = ".pressrun"
"""Cache and spare trees; beside the site's sources, never published."""
SERVED = f"{STATE_FOLDER}/served/site"
"""What the dev server shows: drafts too, so it never stands where production builds do."""
ORDERS = ("newest", "oldest", "path", "title", "weight")
FIXED_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUTF8": "1",
    "PYTHONPATH": "",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
}
"""Environment variables that page code must not depend on: the same for every build (the path is Pressrun's own)."""
PRESETS = ("default", "commonmark")
ENGINES = ("auto", "micropython", "pyodide")


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder of pages that share a route, an order and a template."""

    name: str
    """The key in the configuration; templates ask for it by this name."""
    folder: str
    """POSIX path below the root; `.` is the root itself."""
    url: str
    """Route pattern: `{path}` (the page's own path) and `{slug}` are filled in."""
    order: str = "path"
    """How lists show the pages: `newest`, `oldest`, `path`, `title` or `weight`."""
    template: str = "page.html"
    """The template of a page whose front matter names none."""
    title: str = ""
    """Heading of the list page; the name with a capital when empty."""
    list: bool = False
    """Whether the collection has a list page, tags and a feed (a blog has)."""
    page_size: int = 20
    """Entries on one list page."""


@dataclass(frozen=True, slots=True)
class Markdown:
    """How Markdown is read."""

    preset: str = "default"
    """`default`, or `commonmark`: the bare specification, nothing added."""
    highlight: bool = True
    """Whether code is highlighted when the site is built."""
    toc_depth: int = 3
    """The deepest heading level in tables of contents."""


@dataclass(frozen=True, slots=True)
class Execute:
    """How a page's own Python is run."""

    enabled: bool = True
    """False (`--no-exec`) for content that one does not trust."""
    timeout: float = 30.0
    """Seconds that all the code of one page may take together."""


@dataclass(frozen=True, slots=True)
class Demos:
    """How live demos are made."""

    engine: str = "auto"
    """The engine of demos that name none: `micropython`, `pyodide`, or `auto`, which takes the smaller one where it will do."""
    limit: int = 100
    """Kilobytes of code and first values beyond which a page's demos get a warning."""


@dataclass(frozen=True, slots=True)
class Newsletter:
    """The form at the foot of posts; absent unless it has an action."""

    action: str = ""
    """URL that the form is sent to."""
    title: str = "Newsletter"
    """Heading of the form."""
    text: str = "New posts by e-mail."
    """One sentence above the field."""


@dataclass(frozen=True, slots=True)
class Serve:
    """What the dev server does for its author; nothing of the site depends on it."""

    editor: str = "vscode://file{path}:{line}:{column}"
    """The URL that opens a place in the editor; `{path}` is absolute. Empty: problems have no links."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that decides what a build makes, apart from the sources themselves."""

    root: Path
    """Absolute folder of the site."""
    title: str = ""
    """Name of the site; the folder's name when not configured."""
    description: str = ""
    """One sentence for search engines and the home page."""
    base_url: str = ""
    """Absolute URL of the published site; its path prefixes all links."""
    language: str = "en"
    """BCP 47 tag of pages that name none."""
    author: str = ""
    """Author of pages that name none."""
    copyright: str = ""
    """Holder named in the footer; the author when empty."""
    repository: str = ""
    """URL of the source, linked in the header."""
    exclude: tuple[str, ...] = ()
    """Glob patterns of paths below the root that are no part of the site."""
    permalinks: bool = True
    """Whether deploys record all URLs and anchors in `permalinks.json`, and builds that lose one fail."""
    collections: tuple[Collection, ...] = ()
    """In order of name."""
    markdown: Markdown = field(default_factory=Markdown)
    """See there."""
    execute: Execute = field(default_factory=Execute)
    """See there."""
    demos: Demos = field(default_factory=Demos)
    """See there."""
    newsletter: Newsletter = field(default_factory=Newsletter)
    """See there."""
    serve: Serve = field(default_factory=Serve)
    """See there."""
    redirects: tuple[tuple[str, str], ...] = ()
    """Old path → new path or URL, beside the pages' own aliases."""
    deploy: tuple[Target, ...] = ()
    """In order of name; the target `pages` is always among them."""
    out: Path = Path("site")
    """Absolute folder that the site is written to."""
    drafts: bool = False
    """Whether drafts, future and expired pages are shown (the dev server does)."""
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    """The moment of the build; pages dated later are not published yet."""

    serving: bool = False
    """Whether the dev server builds: into a folder of its own, with a cache of its own, because it shows drafts."""

    @property
    def state(self) -> Path:
        """The folder of cache and locks."""
        return self.root / STATE_FOLDER / "served" if self.serving else self.root / STATE_FOLDER

    @property
    def base_path(self) -> str:
        """The path that all of the site's URLs begin with; ends in a slash."""
        path = urlsplit(self.base_url).path
        return path if path.endswith("/") else path + "/"

    def url(self, path: str) -> str:
        """Give the root-relative URL of a path of the site (`/blog/`)."""
        return self.base_path + path.removeprefix("/")

    def absolute(self, path: str) -> str:
        """Give the absolute URL of a path of the site, or its root-relative one when no `base_url` is set."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}{self.url(path)}" if parts.netloc else self.url(path)


DEFAULT_COLLECTIONS = {
    "content": Collection("content", "content", "/{path}/"),
    "blog": Collection("blog", "blog", "/blog/{slug}/", "newest", "post.html", "Blog", list=True),
}
WHOLE_FOLDER = Collection("pages", ".", "/{path}/")
"""The one collection of a folder that has neither `content` nor `blog`."""

LONGEST_TIMEOUT = 86_400
"""Seconds; a day."""
MOST_NUMBER = 10**9
"""No number in a configuration is as great."""
SECTIONS: dict[str, type] = {
    "markdown": Markdown,
    "execute": Execute,
    "demos": Demos,
    "newsletter": Newsletter,
    "serve": Serve,
}
TABLES = {"collections", "redirects", "deploy", *SECTIONS}
KINDS: dict[str, Any] = {"str": str, "bool": bool, "int": int, "float": (int, float), "tuple[str, ...]": list}
NAMES: dict[Any, str] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    (int, float): "a number",
    list: "a list of text",
}
NOT_CONFIGURED = {"root", "out", "drafts", "now", "serving", *TABLES}


def load_config(
    root: Path,
    *,
    out: Path | None = None,
    drafts: bool = False,
    execute: bool = True,
    serving: bool = False,
    environ: dict[str, str] | None = None,
) -> Config:
    """Read the configuration of the site in `root`; command-line options win over it.

    Raises ProblemError with every problem of the file at once.
    """
    root = root.resolve()
    if not root.is_dir():
        raise ProblemError(error(str(root), "no such folder; expected the root of a site"))
    path = root / CONFIG_FILE
    text = read_text(path) if os.path.lexists(path) else ""
    checker = Checker(text)
    table = checker.table(checker.table(parse(text), "tool"), "pressrun", "tool")
    values = checker.values(table, Config, "tool.pressrun", allowed=TABLES)
    sections = {
        name: kind(**checker.values(table.get(name, {}), kind, f"tool.pressrun.{name}"))
        for name, kind in SECTIONS.items()
    }
    collections = checker.collections(table.get("collections", {}))
    redirects = checker.redirects(table.get("redirects", {}))
    targets = checker.targets(table.get("deploy", {}))
    checker.check_choices(sections["markdown"], sections["demos"], collections, values)
    checker.check_limits(sections["markdown"], sections["execute"])
    checker.check_editor(sections["serve"])
    if checker.problems:
        raise ProblemError(*sorted(checker.problems))
    if not collections:
        found = [c for name, c in sorted(DEFAULT_COLLECTIONS.items()) if (root / name).is_dir()]
        collections = found or [WHOLE_FOLDER]
    if not execute:
        sections["execute"] = replace(sections["execute"], enabled=False)
    values.setdefault("title", root.name.replace("-", " ").replace("_", " ").title() or "Site")
    return Config(
        root=root,
        out=Path(os.path.abspath(out)) if out else root / (SERVED if serving else "site"),
        drafts=drafts,
        serving=serving,
        now=moment(environ if environ is not None else dict(os.environ)),
        collections=tuple(collections),
        redirects=tuple(redirects),
        deploy=tuple(targets),
        **sections,
        **values,
    )


def moment(environ: dict[str, str]) -> datetime:
    """Give "now": `SOURCE_DATE_EPOCH` in seconds when it is set, for reproducible builds, else the clock."""
    epoch = environ.get("SOURCE_DATE_EPOCH", "")
    if epoch:
        try:
            return datetime.fromtimestamp(int(epoch), UTC)
        except (ValueError, OverflowError, OSError):
            raise ProblemError(
                error("SOURCE_DATE_EPOCH", f"“{epoch[:40]}” is no number of seconds since 1970")
            ) from None
    return datetime.now(UTC).replace(microsecond=0)


def environment() -> dict[str, str]:
    """Give the environment variables that page code sees besides those that are fixed for it."""
    return {name: value for name, value in os.environ.items() if name not in FIXED_ENVIRONMENT}


def read_text(path: Path) -> str:
    """Read the configuration file, or say why it cannot be read."""
    if path.exists() and not path.is_file():
        raise ProblemError(error(path.name, "cannot be read: not a regular file"))
    try:
        data = path.read_bytes()
    except OSError as wrong:
        raise ProblemError(error(path.name, f"cannot be read: {wrong.strerror}")) from None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as wrong:
        line, start = data.count(b"\n", 0, wrong.start) + 1, data.rfind(b"\n", 0, wrong.start) + 1
        message = f"not UTF-8: byte 0x{data[wrong.start]:02x}; TOML files are always UTF-8"
        column = len(data[start : wrong.start].decode("utf-8", "replace")) + 1
        raise ProblemError(
            error(path.name, message, line=line, column=column, hint="save it as UTF-8")
        ) from None


def parse(text: str) -> dict[str, Any]:
    """Parse the configuration file. Raises ProblemError with the parser's place."""
    try:
        return tomllib.loads(text)
    except (
        ValueError,
        RecursionError,
    ) as wrong:  # ValueError: its own errors, and numbers of too many digits
        line, column = place_in_message(str(wrong), text)
        message = re.sub(r" \(at .*\)$", "", str(wrong)).partition(";")[0]
        raise ProblemError(
            error(CONFIG_FILE, f"not valid TOML: {message}", line=line, column=column)
        ) from None


def place_in_message(message: str, text: str) -> tuple[int, int]:
    """Take line and column out of tomllib's message."""
    match = re.search(r"line (\d+), column (\d+)", message)
    if "end of document" in message:
        return text.rstrip("\n").count("\n") + 1, 0
    return (int(match[1]), int(match[2])) if match else (0, 0)


def settings(text: str) -> Iterator[tuple[int, str]]:
    """Give line and dotted name of all that a file sets: the parser keeps no places, so the text is searched."""
    section = ""
    for number, row in enumerate(text.split("\n"), 1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", row)
        key = re.match(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""", row)
        if header:
            section = plain_name(header[1])
            yield number, section
        elif key:
            yield number, f"{section}.{plain_name(key[1])}".removeprefix(".")


def plain_name(name: str) -> str:
    """Take quotes and spaces off a dotted name."""
    return re.sub(r"[\s\"']", "", name)


class Checker:
    """Compares tables with dataclasses and collects all that does not fit."""

    def __init__(self, text: str) -> None:
        self.settings = list(settings(text))
        self.problems: list[Problem] = []

    def wrong(self, table: str, key: str, message: str, hint: str = "") -> None:
        """Record a problem at the line that sets `key` in `[table]`."""
        line = self.line_of(table, key)
        self.problems.append(error(CONFIG_FILE, message, line=line, column=1 if line else 0, hint=hint))

    def line_of(self, table: str, key: str) -> int:
        """Find where a key is set, or else the table that it is in (inline tables stand on one line)."""
        wanted = f"{table}.{key}".removeprefix(".")
        while wanted:
            for number, name in self.settings:
                if name == wanted or name.startswith(wanted + "."):
                    return number
            wanted = wanted.rpartition(".")[0]
        return 0

    def table(self, parent: dict[str, Any], key: str, above: str = "") -> dict[str, Any]:
        """Give a table in another one, an empty one when there is none."""
        found = parent.get(key, {})
        if isinstance(found, dict):
            return found
        where = f"{above}.{key}".removeprefix(".")
        self.wrong(above, key, f"“{key}” must be a table; expected [{where}]")
        return {}

    def values(self, table: Any, kind: type, where: str, allowed: set[str] | None = None) -> dict[str, Any]:
        """Check one table against the fields of `kind`; give those that fit."""
        if not isinstance(table, dict):
            parent, _, key = where.rpartition(".")
            self.wrong(parent, key, f"“{key}” must be a table; expected [{where}]")
            return {}
        known = {f.name: str(f.type) for f in fields(kind) if f.name not in NOT_CONFIGURED | {"name"}}
        good: dict[str, Any] = {}
        for key, value in table.items():
            if key in (allowed or ()):
                continue
            if key not in known:
                hint = did_you_mean(key, [*known, *(allowed or ())])
                self.wrong(where, key, f"unknown key “{key}” in [{where}]", hint)
                continue
            wanted = KINDS[known[key]]
            fits = isinstance(value, wanted) and (known[key] == "bool" or not isinstance(value, bool))
            if fits and isinstance(value, list):
                fits = all(isinstance(item, str) for item in value)
            elif fits and isinstance(value, int):
                fits = abs(value) < MOST_NUMBER
            if fits:
                good[key] = tuple(value) if isinstance(value, list) else value
            else:
                self.wrong(where, key, f"“{key}” must be {NAMES[wanted]}, not {shorter(value)}")
        return good

    def collections(self, table: Any) -> list[Collection]:
        """Check `[tool.pressrun.collections.NAME]` tables; defaults of known names are filled in."""
        where = "tool.pressrun.collections"
        if not isinstance(table, dict):
            self.wrong(
                "tool.pressrun", "collections", f"“collections” must be tables; expected [{where}.NAME]"
            )
            return []
        made = []
        for name in sorted(table):
            values = self.values(table[name], Collection, f"{where}.{name}")
            if values.get("folder"):
                values["folder"] = posixpath.normpath(values["folder"])
            base = DEFAULT_COLLECTIONS.get(name, Collection(name, name, f"/{name}/{{path}}/"))
            made.append(replace(base, **values))
        return made

    def redirects(self, table: Any) -> list[tuple[str, str]]:
        """Check `[tool.pressrun.redirects]`: old path = new path or URL."""
        where = "tool.pressrun.redirects"
        if not isinstance(table, dict):
            self.wrong("tool.pressrun", "redirects", f"“redirects” must be a table; expected [{where}]")
            return []
        for old, new in table.items():
            parts = old.split("/")
            if not old.startswith("/") or ".." in parts or re.search(r"[\\?#\x00-\x1f]", old):
                self.wrong(where, old, f"{shorter(old)} must be a path of the site that begins with /")
            elif not isinstance(new, str) or not re.match(r"/(?!/)|https?://[^/]", new):
                message = f"“{old}” must lead to a path that begins with / or to a URL, not {shorter(new)}"
                self.wrong(where, old, message)
        return sorted((old, str(new)) for old, new in table.items())

    def targets(self, table: Any) -> list[Target]:
        """Check `[tool.pressrun.deploy.NAME]` tables; `pages` is there without one."""
        where = "tool.pressrun.deploy"
        if not isinstance(table, dict):
            self.wrong("tool.pressrun", "deploy", f"“deploy” must be tables; expected [{where}.NAME]")
            return []
        made = {PAGES.name: PAGES}
        for name in table:
            one = made[name] = Target(name, **self.values(table[name], Target, f"{where}.{name}"))
            for key, message, hint in mistakes(one):
                self.wrong(f"{where}.{name}", key, message, hint)
        return [made[name] for name in sorted(made)]

    def check_choices(
        self, markdown: Any, demos: Any, collections: list[Collection], values: dict[str, Any]
    ) -> None:
        """Check what types cannot say."""
        if markdown.preset not in PRESETS:
            message = f"“preset” must be one of {', '.join(PRESETS)}, not {markdown.preset!r}"
            self.wrong("tool.pressrun.markdown", "preset", message, did_you_mean(markdown.preset, PRESETS))
        if demos.engine not in ENGINES:
            message = f"“engine” must be one of {', '.join(ENGINES)}, not {demos.engine!r}"
            self.wrong("tool.pressrun.demos", "engine", message, did_you_mean(demos.engine, ENGINES))
        self.check_base(values.get("base_url", ""))
        folders: dict[str, str] = {}
        for one in collections:
            where = f"tool.pressrun.collections.{one.name}"
            if one.order not in ORDERS:
                message = f"“order” must be one of {', '.join(ORDERS)}, not {one.order!r}"
                self.wrong(where, "order", message, did_you_mean(one.order, ORDERS))
            self.check_folder(where, one, folders.setdefault(one.folder, one.name))
            rest = re.sub(r"\{(path|slug)\}", "", one.url)
            if not one.url.startswith("/") or rest == one.url:
                self.wrong(where, "url", "“url” must begin with / and contain {path} or {slug}")
            elif re.search(r"[{}%\\\x00-\x1f]", rest) or any(
                part.startswith(".") for part in rest.split("/")
            ):
                message = "“url” must be a plain path inside the site; besides {path} and {slug} it has no braces, percent signs or dots"
                self.wrong(where, "url", message)
            if one.page_size < 1:
                self.wrong(where, "page_size", "“page_size” must be at least 1")

    def check_editor(self, serve: Any) -> None:
        """Check that the editor's URL opens a program and runs nothing in the page."""
        scheme = re.match(r"([a-z][a-z0-9+.-]*):", serve.editor)
        if serve.editor and (
            not scheme or scheme[1] in ("javascript", "data", "vbscript") or "{path}" not in serve.editor
        ):
            message = (
                f"“editor” must be a URL of your editor with {{path}} in it, not {shorter(serve.editor)}"
            )
            hint = 'for example "vscode://file{path}:{line}:{column}"'
            self.wrong("tool.pressrun.serve", "editor", message, hint)

    def check_limits(self, markdown: Any, execute: Any) -> None:
        """Check numbers that have bounds."""
        if not 1 <= markdown.toc_depth <= 6:
            self.wrong(
                "tool.pressrun.markdown",
                "toc_depth",
                f"“toc_depth” must be from 1 to 6, not {markdown.toc_depth}",
            )
        if not 0 < execute.timeout <= LONGEST_TIMEOUT:
            message = (
                f"“timeout” must be more than 0 and at most {LONGEST_TIMEOUT} seconds, not {execute.timeout}"
            )
            self.wrong("tool.pressrun.execute", "timeout", message)

    def check_base(self, url: str) -> None:
        """Check the URL of the site."""
        try:
            base = urlsplit(url)
        except ValueError:
            base = urlsplit("")
        if url and (base.scheme not in ("http", "https") or not base.netloc):
            self.wrong("tool.pressrun", "base_url", "“base_url” must begin with https:// or http://")
        elif base.query or base.fragment:
            self.wrong("tool.pressrun", "base_url", "“base_url” must end with its path, without ? and #")

    def check_folder(self, where: str, one: Collection, first: str) -> None:
        """Check a collection's name and folder; `first` is the collection that has this folder."""
        parts = one.folder.split("/")
        if one.name == "static":
            self.wrong(
                "tool.pressrun.collections",
                "static",
                "“static” cannot be a collection: its files are published as they are",
            )
        if one.folder.startswith("/") or ".." in parts:
            self.wrong(where, "folder", "“folder” must lie inside the site")
        elif one.folder != "." and any(
            not p or p.startswith(".") or re.search(r"[\\\x00-\x1f]", p) for p in parts
        ):
            self.wrong(
                where, "folder", "“folder” must be a plain path such as docs/guide, or . for the whole site"
            )
        elif first != one.name:
            self.wrong(where, "folder", f"“folder” is that of the collection “{first}” already")


def shorter(value: object, most: int = 60) -> str:
    """Cut a value that a message quotes."""
    try:
        text = repr(value)
    except ValueError:  # a number of more digits than Python writes
        return "such a great number"
    return text if len(text) <= most else text[: most - 1] + "…"
