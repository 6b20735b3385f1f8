"""Rules: what `_redirects` and `_headers` in a site's root ask of a host, in the form that Netlify and Cloudflare Pages read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

FILES = ("_headers", "_redirects")
"""Hosts read them and publish neither."""
STATUSES = {200, 301, 302, 303, 307, 308, 404, 410}
PLACEHOLDER = re.compile(r":([A-Za-z]\w*)")
CONDITION = re.compile(r"[A-Z]\w*=")
"""Country, Language, Role …: what only a host can know."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """One line of `_redirects`."""

    pattern: re.Pattern[str]
    """Matches the whole path, its trailing slash given or not."""
    queries: tuple[tuple[str, str], ...]
    """Parameters that the query must have: name → placeholder (`:id`) or exact text."""
    target: str
    """A path or a URL; placeholders and `:splat` are filled in."""
    status: int
    """200 shows the target at the old URL."""
    forced: bool
    """Whether it wins over a file that stands at the path."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Both files."""

    redirects: tuple[Redirect, ...] = ()
    """In their order: the first that fits counts."""
    headers: tuple[tuple[re.Pattern[str], tuple[tuple[str, str], ...]], ...] = ()
    """Pattern of paths → headers of their answers."""

    def redirect(self, path: str, query: str, *, is_file: bool) -> tuple[int, str] | None:
        """Give status and target of a request; None when no line is about it."""
        for rule in self.redirects:
            match = rule.pattern.fullmatch(path)
            found = match and values(rule, match, query)
            if found is not None and (rule.forced or not is_file):
                return rule.status, filled(rule.target, found)
        return None

    def headers_of(self, path: str) -> dict[str, str]:
        """Give the headers of an answer; of two values for one name both count, a name after `!` none."""
        made: dict[str, str] = {}
        for pattern, rows in self.headers:
            if pattern.fullmatch(path):
                for name, value in rows:
                    if name.startswith("!"):
                        made.pop(name[1:].strip().lower(), None)
                    else:
                        key = name.lower()
                        made[key] = f"{made[key]}, {value}" if key in made else value
        return made


def values(rule: Redirect, match: re.Match[str], query: str) -> dict[str, str] | None:
    """Give what stands for the placeholders; None when the query lacks what the line asks for."""
    found = dict(match.groupdict())
    given = dict(parse_qsl(query, keep_blank_values=True))
    for name, wanted in rule.queries:
        if name not in given or (not wanted.startswith(":") and given[name] != wanted):
            return None
        if wanted.startswith(":"):
            found[wanted[1:]] = given[name]
    return found


def filled(target: str, found: dict[str, str]) -> str:
    """Put values into a target; a path stays one path, whatever the values are."""
    made = PLACEHOLDER.sub(lambda m: found.get(m[1], m[0]) or "", target)
    return "/" + made.lstrip("/\\") if target.startswith("/") else made


def pattern_of(path: str) -> re.Pattern[str]:
    """Read `/news/*` and `/:year/:slug`; a trailing slash makes no difference."""
    names: set[str] = set()

    def group(name: str, what: str) -> str:
        if name in names:
            return what
        names.add(name)
        return f"(?P<{name}>{what})"

    parts = []
    for part in re.split(r"(\*|:[A-Za-z]\w*)", path.rstrip("/")):
        if part == "*":
            parts.append(group("splat", ".*"))
        elif part.startswith(":"):
            parts.append(group(part[1:], "[^/]+"))
        else:
            parts.append(re.escape(part))
    text = "".join(parts)
    if path.endswith("/*"):  # `/news/*` is about `/news` too
        return re.compile(text.removesuffix("/(?P<splat>.*)") + "(?:/(?P<splat>.*))?", re.DOTALL)
    return re.compile(text + "/?", re.DOTALL)


def lines(text: str) -> Iterator[str]:
    """Give the lines that say something."""
    for row in text.splitlines():
        if row.strip() and not row.lstrip().startswith("#"):
            yield row


def redirects_in(text: str, *, win: bool) -> Iterator[Redirect]:
    """Read `_redirects`; with `win`, each line wins over files, as at Cloudflare Pages. What cannot be read is passed over."""
    for row in lines(text):
        words = row.split("#")[0].split() if " #" in row else row.split()
        start, rest = words[0], words[1:]
        queries = []
        while rest and "=" in rest[0] and not rest[0].startswith("/") and "://" not in rest[0]:
            name, _, value = rest.pop(0).partition("=")
            queries.append((name, value))
        if not rest or not start.startswith("/"):
            continue
        target, *more = rest
        status, forced = 301, win
        if more and more[0].rstrip("!").isdigit():
            status, forced = int(more[0].rstrip("!")), win or more[0].endswith("!")
            more = more[1:]
        if status in STATUSES and not any(CONDITION.match(word) for word in more):
            yield Redirect(pattern_of(start), tuple(queries), target, status, forced)


def headers_in(text: str) -> Iterator[tuple[re.Pattern[str], tuple[tuple[str, str], ...]]]:
    """Read `_headers`: a path, and below it, indented, its headers."""
    path, rows = "", list[tuple[str, str]]()
    for row in [*lines(text), "/"]:
        if row[0] in " \t":
            name, colon, value = row.strip().partition(":")
            if row.strip().startswith("!"):
                rows.append((row.strip(), ""))
            elif colon and is_header(name, value.strip()):
                rows.append((name, value.strip()))
        else:
            if path and rows:
                yield pattern_of(path), tuple(rows)
            path, rows = row.strip(), []


def is_header(name: str, value: str) -> bool:
    """Say whether something can stand in an answer: names are tokens, values hold no control characters and Latin-1 alone."""
    return bool(re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", name, re.ASCII)) and bool(
        re.fullmatch(r"[\t\x20-\x7e\x80-\xff]*", value)
    )


def rules(redirects: bytes | None, headers: bytes | None, *, win: bool = False) -> Rules:
    """Read both files; either may be missing."""
    return Rules(
        tuple(redirects_in((redirects or b"").decode("utf-8", "replace"), win=win)),
        tuple(headers_in((headers or b"").decode("utf-8", "replace"))),
    )
