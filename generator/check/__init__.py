"""Check: what can only be judged when all pages are composed: whether their links lead anywhere."""

from __future__ import annotations

import difflib
import posixpath
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import unquote

from generator.errors import Problem, did_you_mean, error
from generator.site import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.content import Summary
    from generator.site import Site


def broken_links(
    the_site: Site,
    summaries: Mapping[str, Summary],
    ignore: Sequence[str] = (),
    documented: Iterable[str] = (),
) -> list[Problem]:
    """Report links and images that lead nowhere, and anchors that their page does not have.

    Destinations that fit a pattern of `ignore` are made by another tool; `documented` are names of objects.
    """
    problems = []
    ids = {path: frozenset(summary.ids) for path, summary in summaries.items()}
    known = list(the_site.routes)
    for path, summary in sorted(summaries.items()):
        for link in summary.links:
            what = "image link" if link.is_image else "link"
            message = hint = ""
            if link.meant:
                message = f"broken {what} “{link.written}”: it may mean {' or '.join(link.meant)}"
                hint = "write more of the path"
            elif link.withheld:
                message = f"broken {what} “{link.written}”: its target is not published ({link.withheld})"
            elif not link.found and link.written.startswith("id:"):
                message = f"broken {what} “{link.written}”: no page has this id"
                hint = did_you_mean(link.written[3:].partition("#")[0], the_site.ids)
            elif not link.found and link.written.startswith("[["):
                message = f"broken {what} “{link.written}”: no page has this name, title or path"
                hint = did_you_mean(name_key(link.written[2:-2].partition("#")[0]), the_site.names)
            elif not link.found and link.written.startswith("api:"):
                message = f"broken link “{link.written}”: nothing that is documented is called so"
                hint = did_you_mean(link.written, [f"api:{name}" for name in documented])
            elif not link.found:
                message = f"broken {what} “{link.written}”: no such page or file"
                target = posixpath.normpath(
                    posixpath.join(
                        posixpath.dirname(link.file or path), unquote(link.written.partition("#")[0])
                    )
                )
                hint = suggestion(link.file or path, target, known)
            elif link.fragment and link.source in ids and not has_anchor(link.fragment, ids[link.source]):
                message = f"broken link “{link.written}”: {link.source} has no anchor “{link.fragment}”"
                hint = meant_anchor(link.fragment, ids[link.source])
            if message and not any(fnmatchcase(link.written, pattern) for pattern in ignore):
                where = link.file or path
                problems.append(error(where, message, line=link.line, column=link.column, hint=hint))
    return problems


def has_anchor(fragment: str, ids: frozenset[str]) -> bool:
    """Say whether a fragment leads somewhere; `#top` and text fragments always do."""
    return fragment in ids or fragment.lower() == "top" or ":~:" in fragment


def meant_anchor(fragment: str, ids: frozenset[str]) -> str:
    """Suggest the anchor that was meant: one of like name, else one of whose words one is like it."""
    words = {word: one for one in sorted(ids, reverse=True) for word in one.split("-")}
    near = difflib.get_close_matches(fragment, words, n=1)
    return did_you_mean(fragment, ids) or (f"did you mean “{words[near[0]]}”?" if near else "")


def suggestion(path: str, target: str, known: list[str]) -> str:
    """Suggest what a broken link may have meant: a file of that name elsewhere, or one of like name beside it."""
    name, folder = posixpath.basename(target), posixpath.dirname(target.lstrip("/"))
    moved = [source for source in known if posixpath.basename(source) == name]
    beside = {posixpath.basename(source): source for source in known if posixpath.dirname(source) == folder}
    like = difflib.get_close_matches(name, [n for n in beside if beside[n] != path], n=1, cutoff=0.75)
    found = min(moved, key=lambda s: (len(s), s)) if moved else beside[like[0]] if like else ""
    return f"did you mean “{posixpath.relpath(found, posixpath.dirname(path) or '.')}”?" if found else ""
