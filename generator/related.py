"""Related: which posts have most in common, by tags and by the rare words of titles, descriptions and headings."""

from __future__ import annotations

import heapq
import math
import re
from bisect import bisect_left
from dataclasses import dataclass

WORD = re.compile(r"[^\W\d_]{4,}")
RAREST = 8
"""Words of a post that are compared: the rarest."""
NEAREST = 12
"""Posts of a tag or word that are looked at: those nearest in time, so that the work grows with the site and no faster."""
OF_A_TAG = 3.0
"""How much more a tag says than a word."""
LEAST = 2.0
"""Less in common than this is none."""


@dataclass(frozen=True, slots=True)
class Post:
    """What is compared of a post."""

    path: str
    """Its source."""
    tags: tuple[str, ...]
    """As written."""
    words: tuple[str, ...]
    """Sorted, each once."""


def words_of(*texts: str) -> tuple[str, ...]:
    """Give the words of texts."""
    return tuple(sorted(set(WORD.findall(" ".join(texts).casefold()))))


def related(posts: list[Post], count: int) -> dict[str, list[str]]:
    """Give, for each post that has any, the `count` posts that it has most in common with; `posts` are in order of time."""
    places: dict[str, list[int]] = {}
    for number, post in enumerate(posts):
        for term in (*("#" + tag.casefold() for tag in dict.fromkeys(post.tags)), *post.words):
            places.setdefault(term, []).append(number)
    common = max(3, len(posts) // 5)
    weights = {
        term: math.log(1 + len(posts) / len(found)) * (OF_A_TAG if term[0] == "#" else 1)
        for term, found in places.items()
        if len(found) > 1 and (term[0] == "#" or len(found) <= common)
    }
    made = {}
    for number, post in enumerate(posts):
        rarest = [w for _, w in sorted((len(places[w]), w) for w in post.words if w in weights)[:RAREST]]
        scores: dict[int, float] = {}
        for term in (*("#" + tag.casefold() for tag in dict.fromkeys(post.tags)), *rarest):
            weight = weights.get(term)
            if weight is None:
                continue
            found = places[term]
            at = bisect_left(found, number)
            for other in found[max(0, at - NEAREST // 2) : at + NEAREST // 2]:
                scores[other] = scores.get(other, 0) + weight
        scores.pop(number, None)
        last = heapq.nlargest(count, scores.values())
        least = max(LEAST, last[-1] if last else LEAST)
        good = sorted(
            (-round(score, 6), abs(other - number), other)
            for other, score in scores.items()
            if score >= least
        )
        if good:
            made[post.path] = [posts[other].path for _, _, other in good[:count]]
    return made
