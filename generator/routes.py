"""Routes: the only place that decides a URL, and the file that answers it."""

from __future__ import annotations

import posixpath
import unicodedata
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from generator.errors import Problem, error
from generator.pages import DATE_IN_NAME, INDEX_NAMES, Page
from generator.sources import original_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.config import Collection

SAFE = "/~!$&'()*+,;=:@"
"""Letters that stand in URL paths as they are, apart from letters, digits and `-._`."""
MOST_PART, MOST_PATH = 255, 1000
"""Bytes of one file name, and of a path below the output folder, that every file system takes."""
HINT = "give one of them another slug or permalink"
OF_ALIAS = "an old URL of {} leads there: take “{}” out of its aliases, or give the other page another URL"


@dataclass(frozen=True, slots=True)
class Route:
    """Where a source comes out."""

    url: str
    """Path below the site's root, percent-encoded, beginning with a slash; without the base path."""
    output: str
    """POSIX path below the output folder."""
    owner: str
    """The source that wants it."""


def route_of(page: Page, collection: Collection, *, readme_is_index: bool) -> Route:
    """Decide the URL of a page: its permalink, or the pattern of its collection."""
    if page.front_matter.permalink:
        return route(page.front_matter.permalink, page.path)
    source = original_path(page.path, page.language)
    below = source if collection.folder == "." else source[len(collection.folder) + 1 :]
    folder = posixpath.dirname(below)
    own_name = source.rpartition("/")[2].rpartition(".")[0]
    is_index = page.stem == "index" or (page.stem.lower() in INDEX_NAMES and readme_is_index)
    if is_index and not page.front_matter.slug:
        path = folder
        slug = posixpath.basename(folder)
        if dated := DATE_IN_NAME.fullmatch(slug):
            slug = dated[2]
    else:
        path = posixpath.join(folder, page.front_matter.slug or own_name)
        slug = page.front_matter.slug or page.stem
    if is_index and not folder and "{slug}" in collection.url:
        url = collection.url.partition("{slug}")[0]
    else:
        url = collection.url.replace("{path}", path).replace("{slug}", slug)
    url = posixpath.normpath((f"/{page.language}" if page.language else "") + url.replace("//", "/"))
    return route(quote(url if url.endswith("/") else url + "/", safe=SAFE), page.path)


def route(url: str, owner: str) -> Route:
    """Make a route of a URL path: `…/` is answered by `…/index.html`, a name with `.html` by that file."""
    path = unquote(url).strip()
    path = posixpath.normpath("/" + path.lstrip("/")) + ("/" if path.endswith("/") else "")
    path = "/" + path.lstrip("/")
    if not path.endswith(("/", ".html", ".htm", ".xml", ".txt", ".json")):
        path += "/"
    output = path[1:] + ("index.html" if path.endswith("/") else "")
    return Route(quote(path, safe=SAFE), output, owner)


def output_at(url: str) -> str:
    """Give the output path of what is served at a URL path; on the disk a name stands in its own letters."""
    path = unquote(url).removeprefix("/")
    return path + "index.html" if path.endswith("/") or not path else path


def url_of(output: str) -> str:
    """Give the URL path at which an output is served."""
    folder, _, name = output.rpartition("/")
    return "/" + quote((folder + "/" if folder else "") if name == "index.html" else output, safe=SAFE)


def as_url(path: str) -> str:
    """Give a URL path as routes have it, whether its letters were written as such or as `%C3%BC`."""
    return quote(unquote(path), safe=SAFE) if "%" in path or not path.isascii() else path


def file_route(path: str, owner: str) -> Route:
    """Make the route of a file that is published under its own name."""
    return Route("/" + quote(path, safe=SAFE), path, owner)


def wishes(page: Page, own: Route) -> Iterator[tuple[Route, tuple[int, str]]]:
    """Give the routes that a page's front matter asks for: line, and what is to be done about an alias."""
    for written, line in page.wishes:
        one = route(written, page.path)
        yield one, (line, "" if one == own else OF_ALIAS.format(page.path, written))


def conflicts(
    routes: Iterable[Route], wished: Mapping[Route, tuple[int, str]] = MappingProxyType({})
) -> tuple[list[Problem], set[Route]]:
    """Report each output path that two sources want, also when only case or Unicode form differs.

    `wished` says on which lines they were asked for. The first one has it; the others, and those that no file system can hold, are the second result.
    """
    owners: dict[str, Route] = {}
    problems, losers = [], set()
    for one in routes:
        first = owners.setdefault(same_file(one.output), one)
        if first is one:
            continue
        what = f"two pages have one URL, {one.url}"
        if first.output != one.output:
            only_case = first.output.casefold() == one.output.casefold()
            how = "case" if only_case else "how their letters are encoded (Unicode NFC and NFD)"
            what = f"two URLs differ only in {how}: {one.url} and {first.url}"
        message = f"{what}: {first.owner} has it already"
        (line, own), (_, others) = wished.get(one, (0, "")), wished.get(first, (0, ""))
        problems.append(error(one.owner, message, line=line, hint=own or others or HINT))
        losers.add(one)
    for one, problem in crossings(owners):
        problems.append(problem)
        losers.add(one)
    return problems, losers


def same_file(path: str) -> str:
    """Give what two paths have in common when some file system takes them for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def crossings(owners: Mapping[str, Route]) -> Iterator[tuple[Route, Problem]]:
    """Report paths that need a folder where another path is a file, and those that no file system can hold."""
    for key, one in owners.items():
        parts = key.split("/")
        for depth in range(1, len(parts)):
            first = owners.get("/".join(parts[:depth]))
            if first:
                message = (
                    f"the URL {one.url} lies below {first.url}, which is a file: {first.owner} has it already"
                )
                yield one, error(one.owner, message, hint=HINT)
        if len(one.output.encode()) > MOST_PATH or any(
            len(part.encode()) > MOST_PART for part in one.output.split("/")
        ):
            message = (
                f"the URL is too long: more than {MOST_PART} bytes between two slashes, or {MOST_PATH} in all"
            )
            yield one, error(one.owner, message, hint="give it a shorter slug or permalink")
