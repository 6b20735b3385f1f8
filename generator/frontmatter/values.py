"""Values: YAML to typed keys, by our own reading of the parser's graph, so that nothing is guessed and nothing unsafe made."""

from __future__ import annotations

import contextlib
import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import yaml

from generator.config import DIALECTS
from generator.errors import Problem, did_you_mean, error, warning
from generator.frontmatter import IN_EXTRA, FrontMatter, iso

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MOST_NODES = 20_000
"""Values in one header, aliases expanded; more than any author writes, less than a bomb needs."""
MOST_DEPTH = 100
"""Nesting of one header."""
EVERY = "*"
"""Among the keys that a schema knows: it judges all keys by itself."""
TRUE = {"true", "yes", "on"}
FALSE = {"false", "no", "off"}
UNCLOSED = {"while parsing a flow sequence": ("[", "]"), "while parsing a flow mapping": ("{", "}")}
"""What the parser was at → the brackets; it finds out only where something else stands, often at the end of all."""


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


def compose_yaml(text: str) -> Any:
    """Parse YAML to a graph of nodes with places; nothing is constructed. Raises Wrong."""
    if sum(map(text.count, "[{-?")) > MOST_DEPTH:
        check_depth(text)
    try:
        return yaml.compose(text, Loader=SafeLoader)
    except yaml.MarkedYAMLError as wrong:
        if wrong.context in UNCLOSED and wrong.context_mark:
            first, last = UNCLOSED[wrong.context]
            message = f"not valid YAML: what begins with “{first}” lacks a comma or its “{last}”"
            raise Wrong(message, wrong.context_mark) from None
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

    def __init__(self, most: int = MOST_NODES) -> None:
        self.left = self.most = most
        self.depth = 0

    def take(self, node: Any) -> None:
        """Count one node."""
        self.left -= 1
        if self.left < 0:
            raise Bomb(f"aliases or merge keys expand to more than {self.most:,} values", node.start_mark)

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


def typed(
    path: str, block: Block, node: Any, words: Container[str] = (), known: Container[str] = ()
) -> tuple[FrontMatter, list[Problem], tuple[str, ...]]:
    """Type the keys of a mapping; what does not fit is a problem and keeps its default. Also give the keys that have a value.

    `words` are keys of the site's taxonomies, `known` those that its own model of front matter knows.
    """
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    counter = Counter()
    try:
        pairs = mapping_pairs(node, counter, problems, path, block)
    except Wrong as wrong:
        return FrontMatter(), [placed(path, block, wrong)], ()
    given = tuple(key for key, value in pairs if not is_null(value))
    for key, value in pairs:
        kind = KINDS.get(key)
        try:
            if kind is None and key in words:
                extra[key] = [] if is_null(value) else list(words_of(key, value, counter))
            elif kind is None:
                extra[key] = plain(value, counter)
                if not (key in known or EVERY in known) and (near := near_key(key)):
                    hint = f"did you mean “{near}”?"
                    line, column = place(node, key, block)
                    message = f"“{key}” means nothing to Pressrun; it is kept for templates"
                    problems.append(warning(path, message, line=line, column=column, hint=hint))
            elif not is_null(value):
                values[key] = kind(key, value, counter)
        except Bomb as bomb:
            problems.append(placed(path, block, Bomb(bomb.message, value.start_mark)))
            break
        except Wrong as wrong:
            problems.append(placed(path, block, wrong))
            if key == "draft":
                values[key] = True
    return FrontMatter(**values, extra=extra), sorted(problems), given


@lru_cache(maxsize=1024)
def near_key(key: str) -> str:
    """Give the key that a word nearly is: a slip, or another tool's word for it."""
    words = [one for one in (*KINDS, *IN_EXTRA) if "_" not in key or "_" in one]  # `weight_kg` is no slip
    is_own = key in IN_EXTRA or not key.replace("_", "").isalpha()
    near = [] if is_own else difflib.get_close_matches(key.casefold(), words, n=1, cutoff=0.8)
    return near[0] if near else ""


def place(node: Any, key: str, block: Block) -> tuple[int, int]:
    """Give line and column of a key of a mapping; those of the mapping when a merge brought it in."""
    mark = next((name.start_mark for name, _ in node.value if name.value == key), node.start_mark)
    return block.line + mark.line, mark.column + 1


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


def id_of(key: str, node: Any, counter: Counter) -> str:
    """Type of `id`: one word without what means something in a link."""
    value = name_of(key, node, counter)
    if not re.fullmatch(r"[^\s#?<>()\[\]]+", value):
        raise Wrong(
            f"“{key}” must be one word without spaces, # and ?, not {shorter(value)!r}", node.start_mark
        )
    return value


def dialect_of(key: str, node: Any, counter: Counter) -> str:
    """Type of `dialect`."""
    value = name_of(key, node, counter)
    if value not in DIALECTS:
        hint = did_you_mean(value, DIALECTS)
        raise Wrong(
            f"“{key}” must be one of {', '.join(DIALECTS)}, not {shorter(value)!r}", node.start_mark, hint
        )
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
    "menu": truth,
    "unlisted": truth,
    "id": id_of,
    "dialect": dialect_of,
}
