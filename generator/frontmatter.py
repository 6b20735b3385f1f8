"""FrontMatter: the header of a page, split off, parsed and typed; every error with its line and column.

Scalars stay what the author wrote: YAML 1.1 would read `NO` as false, `12:30:45` as 45045 and `1.10` as
1.1, so the parser's guesses are not used. Text is kept, and becomes a number, a truth value or a date only
where a key asks for one.
"""

from __future__ import annotations

import ast
import contextlib
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import yaml

from generator.errors import Problem, error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MOST_NODES = 20_000
"""Values in one header, aliases expanded; more than any author writes, less than a bomb needs."""
MOST_DEPTH = 100
"""Nesting of one header."""
PYTHON_START = re.compile(r"(?:import|from|def|class|async|with|for|if|try|while)\b|@\w|\w+\s*=[^=]")
TRUE = {"true", "yes", "on"}
FALSE = {"false", "no", "off"}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the header of a page says; keys that Pressrun does not know are in `extra`."""

    title: str = ""
    """Heading and name of the page."""
    date: str = ""
    """ISO date or time of publication; later than now means not yet."""
    updated: str = ""
    """ISO date or time of the last change worth telling."""
    slug: str = ""
    """The last part of the URL."""
    permalink: str = ""
    """The whole URL below the site's root."""
    aliases: tuple[str, ...] = ()
    """Older URLs, which redirect here."""
    author: tuple[str, ...] = ()
    """One name or several."""
    description: str = ""
    """One sentence for lists, feeds and search engines."""
    image: str = ""
    """Picture of the page: URL, or path beside the page."""
    tags: tuple[str, ...] = ()
    """Words that the page is listed under."""
    series: str = ""
    """Name of the series that the page is a part of."""
    weight: int = 0
    """Place in its collection, where that is ordered by weight or path; small numbers first."""
    draft: bool = False
    """Drafts never reach a production build."""
    expires: str = ""
    """ISO date or time from which on the page is no longer published."""
    template: str = ""
    """Template instead of the collection's."""
    toc: bool = True
    """Whether the table of contents is shown."""
    lang: str = ""
    """BCP 47 tag; the site's language when empty."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Everything else: text, numbers, truth values, lists and mappings as written."""


@dataclass(frozen=True, slots=True)
class Header:
    """A page split at its front matter."""

    front_matter: FrontMatter
    """Typed; defaults where something was wrong."""
    python: str
    """The Python block's text, empty when there is none."""
    python_line: int
    """The line of the file on which that text begins."""
    body: int
    """Offset of the body in the text, in characters."""
    body_line: int
    """The line of the file on which the body begins."""
    problems: tuple[Problem, ...]
    """In order of place."""
    withheld: bool = False
    """The header cannot be read but may hold back the page (draft, expires): do not publish."""


class Wrong(Exception):
    """Something in the header that is not as expected, with its place in the YAML text."""

    def __init__(self, message: str, mark: Any = None, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.mark, self.hint = message, mark, hint


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of lines between two `---`."""

    text: str
    line: int
    """First line of the text in the file."""
    end: int
    """Offset just behind the closing `---` line."""
    end_line: int
    """Line behind the closing one."""


def split_header(path: str, text: str) -> Header:
    """Read the front matter of a page: YAML, YAML and Python, Python alone, or none."""
    start = len(text) - len(text.lstrip("\r\n \t")) if text[:64].strip() or len(text) > 64 else 0
    start = text.rfind("\n", 0, start) + 1
    line = text.count("\n", 0, start) + 1
    if not is_fence(text, start):
        return Header(FrontMatter(), "", 0, 0, 1, ())
    first = block_at(text, start, line)
    if first is None:
        return unclosed(path, text, start, line)
    kind, found = read_block(first.text)
    if kind == "python":
        problems = python_problems(path, first)
        return Header(FrontMatter(), first.text, first.line, first.end, first.end_line, tuple(problems))
    front_matter, problems, withheld = FrontMatter(), [], False
    if isinstance(found, Wrong):
        problems = [placed(path, first, found)]
        withheld = bool(re.search(r"^\s*[\"']?(draft|expires)\b", first.text, re.MULTILINE))
    elif found is not None:
        front_matter, problems = typed(path, first, found)
    python = python_block(text, first)
    if python is None:
        return Header(front_matter, "", 0, first.end, first.end_line, tuple(problems), withheld)
    problems += python_problems(path, python)
    return Header(
        front_matter, python.text, python.line, python.end, python.end_line, tuple(problems), withheld
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
    return Header(FrontMatter(), "", 0, start, line, (problem,), withheld)


def read_block(text: str) -> tuple[str, Any]:
    """Tell YAML from Python; give ("yaml", mapping node, None or Wrong) or ("python", None)."""
    try:
        node = compose_yaml(text)
    except Wrong as wrong:
        looks_python = is_python(text) or first_code_line_is_python(text)
        return ("python", None) if looks_python else ("yaml", wrong)
    if node is None:
        return ("yaml", None)
    if isinstance(node, yaml.MappingNode):
        return ("yaml", node)
    is_list = isinstance(node, yaml.SequenceNode)  # `- a` is Python too: the number minus a
    if first_code_line_is_python(text) or (is_python(text) and not is_list):
        return ("python", None)
    what = "a list" if is_list else "text"
    return ("yaml", Wrong(f"front matter must be a mapping (key: value), not {what}", node.start_mark))


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


def compose_yaml(text: str) -> Any:
    """Parse YAML to a graph of nodes with places; nothing is constructed. Raises Wrong."""
    if sum(map(text.count, "[{-?")) > MOST_DEPTH:
        check_depth(text)
    try:
        return yaml.compose(text, Loader=SafeLoader)
    except yaml.MarkedYAMLError as wrong:
        what = " ".join(part for part in (wrong.context, wrong.problem) if part)
        raise Wrong(
            f"not valid YAML: {what}", wrong.problem_mark or wrong.context_mark, yaml_hint(text, wrong)
        ) from None
    except yaml.YAMLError as wrong:
        raise Wrong(f"not valid YAML: {str(wrong).splitlines()[0]}") from None
    except (RecursionError, ValueError) as wrong:
        raise Wrong(f"not valid YAML: {wrong}") from None


def check_depth(text: str) -> None:
    """Refuse nesting that would exhaust the stack of the parser. Raises Wrong."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=SafeLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MOST_DEPTH:
                    raise Wrong(f"nested deeper than {MOST_DEPTH} levels", event.start_mark)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        return


def yaml_hint(text: str, wrong: yaml.MarkedYAMLError) -> str:
    """Explain the two mistakes that nearly all broken headers have."""
    mark = wrong.problem_mark
    rows = text.split("\n")
    row = rows[mark.line] if mark and mark.line < len(rows) else ""
    if "\t" in row[: len(row) - len(row.lstrip())]:
        return "YAML is indented by spaces, not by tabs"
    if "mapping values" in str(wrong.problem):
        return 'a value that holds “: ” must be quoted: title: "One: two"'
    return ""


def placed(path: str, block: Block, wrong: Wrong) -> Problem:
    """Turn a place in the YAML text into one in the file."""
    if wrong.mark is None:
        return error(path, wrong.message, line=block.line, column=1, hint=wrong.hint)
    line = block.line + wrong.mark.line
    return error(path, wrong.message, line=line, column=wrong.mark.column + 1, hint=wrong.hint)


class Bomb(Wrong):
    """Aliases that expand without measure; nothing more of the header is looked at."""


class Counter:
    """Counts the nodes that a header expands to, and how deep; raises Bomb when it is too much."""

    def __init__(self) -> None:
        self.left = MOST_NODES
        self.depth = 0

    def take(self, node: Any) -> None:
        """Count one node."""
        self.left -= 1
        if self.left < 0:
            raise Bomb(f"aliases or merge keys expand to more than {MOST_NODES:,} values", node.start_mark)

    @contextlib.contextmanager
    def inside(self, node: Any) -> Iterator[None]:
        """Count the nesting while the parts of a node are looked at; an alias of a node in itself has no end."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise Bomb(f"aliases or merge keys expand to more than {MOST_DEPTH} levels", node.start_mark)
        try:
            yield
        finally:
            self.depth -= 1


def typed(path: str, block: Block, node: Any) -> tuple[FrontMatter, list[Problem]]:
    """Type the keys of a mapping; what does not fit is a problem and keeps its default."""
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    counter = Counter()
    try:
        pairs = mapping_pairs(node, counter, problems, path, block)
    except Wrong as wrong:
        return FrontMatter(), [placed(path, block, wrong)]
    for key, value in pairs:
        kind = KINDS.get(key)
        try:
            if kind is None:
                extra[key] = plain(value, counter)
            elif not is_null(value):
                values[key] = kind(key, value, counter)
        except Bomb as bomb:
            problems.append(placed(path, block, Bomb(bomb.message, value.start_mark)))
            break
        except Wrong as wrong:
            problems.append(placed(path, block, wrong))
            if key == "draft":
                values[key] = True
    return FrontMatter(**values, extra=extra), sorted(problems)


def mapping_pairs(
    node: Any,
    counter: Counter,
    problems: list[Problem] | None = None,
    path: str = "",
    block: Block | None = None,
) -> list[tuple[str, Any]]:
    """Give keys and value nodes of a mapping, merge keys (`<<`) resolved, duplicates reported. Raises Wrong."""
    merged: dict[str, Any] = {}
    own: dict[str, Any] = {}
    twice: set[str] = set()
    for key, value in node.value:
        counter.take(key)
        if not isinstance(key, yaml.ScalarNode):
            raise Wrong("a key must be text", key.start_mark)
        if key.tag == "tag:yaml.org,2002:merge":
            parts = value.value if isinstance(value, yaml.SequenceNode) else [value]
            for part in parts:
                if not isinstance(part, yaml.MappingNode):
                    raise Wrong("a merge key (<<) takes mappings", part.start_mark)
                with counter.inside(part):
                    for name, inherited in mapping_pairs(part, counter):
                        merged.setdefault(name, inherited)
            continue
        name = str(key.value)
        if name in own:
            wrong = Wrong(f"the key “{name}” stands here twice", key.start_mark)
            if problems is None or block is None:
                raise wrong
            if name not in twice:
                problems.append(placed(path, block, wrong))
            twice.add(name)
            continue
        own[name] = value
    return list({**merged, **own}.items())


def is_null(node: Any) -> bool:
    """Say whether a value is empty, `~` or `null`."""
    return is_bare(node) and node.value in ("", "~", "null", "Null", "NULL")


def is_bare(node: Any) -> bool:
    """Say whether a value stands there without quotes (the two parsers of PyYAML say so in different ways)."""
    return isinstance(node, yaml.ScalarNode) and not node.style


def plain(node: Any, counter: Counter) -> Any:
    """Give the data of a node: numbers and truth values only where writing them again gives the same text."""
    counter.take(node)
    if not str(node.tag).startswith("tag:yaml.org,2002:") or "python/" in str(node.tag):
        raise Wrong(f"the tag “{shorter(node.tag)}” is not allowed", node.start_mark)
    if isinstance(node, yaml.SequenceNode):
        with counter.inside(node):
            return [plain(item, counter) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        with counter.inside(node):
            return {key: plain(value, counter) for key, value in mapping_pairs(node, counter)}
    text = str(node.value)
    if is_null(node):
        return None
    if not is_bare(node):
        return text
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?\d{1,18}", text) and str(int(text)) == text:
        return int(text)
    if re.fullmatch(r"-?\d{1,15}\.\d{1,15}", text) and str(float(text)) == text:
        return float(text)
    return text


def scalar(key: str, node: Any, expected: str, counter: Counter) -> str:
    """Give the text of a scalar. Raises Wrong for lists, mappings and foreign tags."""
    counter.take(node)
    if not isinstance(node, yaml.ScalarNode):
        what = "a list" if isinstance(node, yaml.SequenceNode) else "a mapping"
        raise Wrong(f"“{key}” must be {expected}, not {what}", node.start_mark)
    if not str(node.tag).startswith("tag:yaml.org,2002:") or "python/" in str(node.tag):
        raise Wrong(f"the tag “{shorter(node.tag)}” is not allowed", node.start_mark)
    return str(node.value)


def text_of(key: str, node: Any, counter: Counter) -> str:
    """Type of `title` and its like."""
    return scalar(key, node, "text", counter).strip()


def name_of(key: str, node: Any, counter: Counter) -> str:
    """Type of values that name one thing in one line."""
    value = text_of(key, node, counter)
    if any(ord(letter) < 32 or letter == "\x7f" for letter in value):
        raise Wrong(f"“{key}” must be one line without control characters", node.start_mark)
    return value


def slug_of(key: str, node: Any, counter: Counter) -> str:
    """Type of `slug`: one part of a path."""
    value = name_of(key, node, counter)
    if "/" in value or "\\" in value or value in (".", ".."):
        raise Wrong(
            f"“{key}” must be one part of a URL, without slashes",
            node.start_mark,
            "use permalink for a whole URL",
        )
    if value.startswith("."):
        raise Wrong(f"“{key}” must not begin with a dot: hidden files are not published", node.start_mark)
    return value


def url_path_of(key: str, node: Any, counter: Counter) -> str:
    """Type of `permalink`: a path that stays inside the site."""
    return inside_site(key, name_of(key, node, counter), node)


def inside_site(key: str, value: str, node: Any) -> str:
    """Check a URL path that an author chose. Raises Wrong."""
    if "://" in value or value.startswith("//"):
        raise Wrong(f"“{key}” must be a path of this site, not a whole URL", node.start_mark)
    parts = decoded(value).split("/")
    if ".." in parts:
        raise Wrong(f"“{key}” must stay inside the site, {shorter(value)!r} does not", node.start_mark)
    if any(ord(letter) < 32 or letter == "\x7f" for part in parts for letter in part):
        raise Wrong(f"“{key}” must be without control characters, {shorter(value)!r} is not", node.start_mark)
    if any(part.startswith(".") and part not in (".", ".well-known") for part in parts):
        raise Wrong(
            f"“{key}” must not have a part that begins with a dot: hidden files are not published",
            node.start_mark,
        )
    return value


def decoded(path: str) -> str:
    """Take the percent-encoding off a URL path, even if it was put on several times; a backslash counts as a slash."""
    for _ in range(3):
        path = unquote(path)
    return path.replace("\\", "/")


def whole_number(key: str, node: Any, counter: Counter) -> int:
    """Type of `weight`."""
    value = scalar(key, node, "a whole number", counter)
    if not re.fullmatch(r"[+-]?\d{1,18}", value):
        raise Wrong(f"“{key}” must be a whole number, not {shorter(value)!r}", node.start_mark)
    return int(value)


def truth(key: str, node: Any, counter: Counter) -> bool:
    """Type of `draft` and `toc`."""
    value = scalar(key, node, "true or false", counter)
    if value.lower() not in TRUE | FALSE:
        raise Wrong(f"“{key}” must be true or false, not {shorter(value)!r}", node.start_mark)
    return value.lower() in TRUE


def instant_of(key: str, node: Any, counter: Counter) -> str:
    """Type of `date`, `updated`, `expires`: an ISO 8601 date, with a time or without."""
    value = scalar(key, node, "a date such as 2026-11-21", counter).strip()
    try:
        return iso(value)
    except ValueError as wrong:
        hint = "" if re.match(r"\d{4}-\d", value) else "write year-month-day"
        message = f"“{key}” is not a date: {shorter(value)!r} ({wrong}); expected one such as 2026-11-21"
        raise Wrong(message, node.start_mark, hint) from None


def iso(text: str) -> str:
    """Give a date or time in ISO form; ValueError when it is none."""
    match = re.fullmatch(
        r"(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|\s+)(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s*(.*))?", text
    )
    if not match:
        raise ValueError("not of the form year-month-day")
    day = date(int(match[1]), int(match[2]), int(match[3]))
    if match[4] is None:
        return day.isoformat()
    clock, zone = match[4].zfill(5 if match[4].count(":") == 1 else 8), match[5].strip()
    if "." in clock:
        clock = clock.partition(".")[0].zfill(8)
    if re.fullmatch(r"[+-]\d{1,2}", zone):
        zone = f"{zone[0]}{zone[1:].zfill(2)}:00"
    elif re.fullmatch(r"[+-]\d{4}", zone):
        zone = f"{zone[:3]}:{zone[3:]}"
    return datetime.fromisoformat(f"{day.isoformat()}T{clock}{zone}").isoformat()


def instant(text: str) -> datetime:
    """Give the moment that an ISO date or time means; without a zone it is taken as UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def words_of(key: str, node: Any, counter: Counter) -> tuple[str, ...]:
    """Type of `tags`, `author`, `aliases`: one text or a list of texts (tags also separated by commas)."""
    expected = "text or a list of text"
    if isinstance(node, yaml.SequenceNode):
        items = [n for n in node.value if not is_null(n)]
        words = [person_or_text(key, item, expected, counter) for item in items]
    else:
        text = person_or_text(key, node, expected, counter)
        words = text.split(",") if key == "tags" else [text]
    words = [word.strip() for word in words]
    if key == "aliases":
        words = [inside_site(key, word, node) for word in words]
    if any(ord(letter) < 32 for word in words for letter in word):
        raise Wrong(f"“{key}” must be without control characters", node.start_mark)
    return tuple(dict.fromkeys(word for word in words if word))


def person_or_text(key: str, node: Any, expected: str, counter: Counter) -> str:
    """Give the text of one item; an author may be a mapping with a name."""
    if key == "author" and isinstance(node, yaml.MappingNode):
        found = dict(mapping_pairs(node, counter)).get("name")
        if found is not None:
            return scalar(key, found, expected, counter)
    return scalar(key, node, expected, counter)


def shorter(text: str, most: int = 40) -> str:
    """Cut a value that a message quotes."""
    return text if len(text) <= most else text[: most - 1] + "…"


KINDS: dict[str, Callable[[str, Any, Counter], Any]] = {
    "title": text_of,
    "date": instant_of,
    "updated": instant_of,
    "slug": slug_of,
    "permalink": url_path_of,
    "aliases": words_of,
    "author": words_of,
    "description": text_of,
    "image": name_of,
    "tags": words_of,
    "series": name_of,
    "weight": whole_number,
    "draft": truth,
    "expires": instant_of,
    "template": name_of,
    "toc": truth,
    "lang": name_of,
}
