"""Search: an index of the site's words in small files, of which the browser fetches those that a question needs.

Each page gives its words by section (unit `words:PATH`); from these the index is put together (unit `index:`):

    index.json       how the index is cut: letters of a shard's name, of a chunk's; collections and tags to choose from
    w-LETTERS.json   word → (page, section, weight) …, of the words that begin with these letters
    p-LETTERS.json   what results show of pages: URL, title, sections with the beginning of their text
    facets.json      collection and tag → pages, for filters

Each further language has an index of its own, in a folder of its tag, with those originals that it has no translation of.

A page is known by a digest of its URL, so that nothing but its own words changes when another page comes.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Any

import msgspec

from generator.cache import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.content import Content
    from generator.pages import Page

FOLDER = "assets/search"
HEADING = re.compile(r'<h([1-6])\b[^>]*?\bid="([^"]+)"[^>]*>(.*?)</h\1>', re.DOTALL)
UNSAID = re.compile(
    r'<a class="anchor"[^>]*></a>|<div class="demo" data-demo=.*?<button type="button" class="demo-reset".*?</button>'
    r'|<div class="leaves".*?</div>|<label class="unfold">.*?</label>|<(script|style|svg|math|template|button|select|textarea)\b.*?</\1>',
    re.DOTALL | re.IGNORECASE,
)
"""What is no prose: drawings, formulas, controls, and live demos, whose words are those of a state (their frame: `generator/demos`)."""
TAG = re.compile(r"<[^>]*>")
BLOCK = re.compile(
    r"</?(?:p|li|[uo]l|d[ltd]|div|table|caption|t[dhr]|h[1-6r]|pre|blockquote|br|section|article|aside|header|footer|nav|figure|figcaption|details"
    r'|summary|label|legend|output|img|video|audio)\b[^>]*>|<\w+ [^>]*?class="pr-[^>]*>'
)
"""A tag at which a word ends: all but those within a line; a component (`pr-`) stands for itself wherever it is."""
WORD = re.compile(r"[^\W_]+")
SIGN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
"""A letter that is a word: Chinese, Japanese and Korean write no spaces."""
TITLE, HEAD, LABEL, MOST = 20, 8, 10, 5
"""Weight of a word in a title, in a heading, among tags; the most that it can have in the text."""
LONGEST = 40
"""Letters of a word; what is longer is data."""
SHOWN = 240
"""Letters of a section's text that results show."""
SMALL = 150
"""Pages up to which one letter names a shard; beyond it two do."""
CHUNK = 24
"""Pages whose descriptions share a file, about."""

encode = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True, slots=True)
class Words:
    """What the index knows of a page."""

    key: str
    """A digest of its URL."""
    url: str
    """Without the base path."""
    title: str
    collection: str
    """Name of its collection."""
    tags: tuple[str, ...]
    sections: tuple[tuple[str, str, str], ...]
    """Anchor, heading and the beginning of the text; the first is the page's own beginning, without an anchor."""
    words: dict[str, list[int]]
    """Word → section, weight, section, weight …"""


def words_of(page: Page, url: str, content: Content) -> Words:
    """Take the words out of a page."""
    matter = page.front_matter
    found: dict[str, list[int]] = {}
    sections = []
    for number, (anchor, heading, text) in enumerate(sections_of(content.html)):
        own = text if anchor else f"{matter.description} {text}"
        weights = {word: min(MOST, count) for word, count in Counter(terms(own)).items()}
        if not anchor:
            add(weights, matter.title, TITLE)
            add(weights, " ".join([*matter.tags, *matter.author]), LABEL)
        elif heading != matter.title:
            add(weights, heading, HEAD)
        for word, weight in weights.items():
            found.setdefault(word, []).extend((number, weight))
        sections.append((anchor, heading, shortened(text if anchor else matter.description or text)))
    key, tags = digest(url.encode())[:9], tuple(matter.tags)
    return Words(key, url, matter.title, page.collection, tags, tuple(sections), found)


def add(weights: dict[str, int], text: str, weight: int) -> None:
    """Give the words of a text more weight."""
    for word in set(terms(text)):
        weights[word] = weights.get(word, 0) + weight


def sections_of(html: str) -> Iterator[tuple[str, str, str]]:
    """Give anchor, heading and text of each part of a page; what stands before the second heading, its title, has no anchor."""
    parts = HEADING.split(UNSAID.sub(" ", html))
    begin, rest = parts[0], parts[1:]
    if rest and rest[0] == "1" and not text_of(begin):
        begin, rest = rest[3], rest[4:]
    yield "", "", text_of(begin)
    for at in range(0, len(rest), 4):
        yield unescape(rest[at + 1]), text_of(rest[at + 2]), text_of(rest[at + 3])


def text_of(html: str) -> str:
    """Give the words of HTML, with single spaces."""
    return " ".join(unescape(TAG.sub("", BLOCK.sub(" ", html))).split())


def shortened(text: str) -> str:
    """Give the beginning of a text."""
    return text if len(text) <= SHOWN else text[:SHOWN].rsplit(" ", 1)[0] + "…"


def terms(text: str) -> list[str]:
    """Cut text into words as `search.js` cuts questions: small letters without accents; a sign of Chinese is a word."""
    if not text.isascii():
        bare = unicodedata.normalize("NFKD", text).translate(marks())
        text = SIGN.sub(r" \g<0> ", unicodedata.normalize("NFC", bare))
    return [word[:LONGEST] for word in WORD.findall(text.lower())]


@lru_cache(maxsize=1)
def marks() -> dict[int, int | None]:
    """Give the table by which accents are dropped; it fills itself."""

    class Marks(dict[int, int | None]):
        def __missing__(self, letter: int) -> int | None:
            self[letter] = None if unicodedata.category(chr(letter))[0] == "M" else letter
            return self[letter]

    return Marks()


# ---------------------------------------------------------------- the index


def files(
    pages: Iterable[Words], titles: Mapping[str, str], language: str = ""
) -> Iterator[tuple[str, bytes]]:
    """Give path and bytes of the files of an index; `titles` are those of the collections, `language` is a further one of the site."""
    folder = f"{FOLDER}/{language}" if language else FOLDER
    every = sorted(pages, key=lambda page: page.url)
    letters = 1 if len(every) <= SMALL else 2
    chunk = next(length for length in range(9) if len(every) <= CHUNK * 16**length)
    shards: dict[str, dict[str, list[tuple[int, list[int]]]]] = defaultdict(dict)
    chunks: dict[str, dict[str, Any]] = defaultdict(dict)
    facets: dict[str, dict[str, list[str]]] = {"collections": defaultdict(list), "tags": defaultdict(list)}
    for number, page in enumerate(every):
        for word, at in page.words.items():
            shards[shard_of(word, letters)].setdefault(word, []).append((number, at))
        chunks[page.key[:chunk]][page.key] = [page.url, page.title, page.sections]
        facets["collections"][page.collection].append(page.key)
        for tag in page.tags:
            facets["tags"][tag].append(page.key)
    about = {
        "letters": letters, "chunk": chunk, "pages": len(every), "shards": sorted(shards),
        "collections": [[name, titles.get(name, name)] for name in sorted(facets["collections"])],
        "tags": sorted(facets["tags"], key=lambda tag: (tag.casefold(), tag)),
    }  # fmt: skip
    yield f"{folder}/index.json", encode(about)
    yield f"{folder}/facets.json", encode(facets)
    for name, found in shards.items():
        yield f"{folder}/w-{name}.json", encode(shard(found, every))
    for name, shown in chunks.items():
        yield f"{folder}/p-{name}.json", encode(shown)


def shard(found: Mapping[str, list[tuple[int, list[int]]]], every: list[Words]) -> dict[str, Any]:
    """Give one shard: its pages, then word → place of the page among these, section, weight …"""
    numbers = sorted({number for rows in found.values() for number, _ in rows})
    places = {number: place for place, number in enumerate(numbers)}
    words = {}
    for word, rows in found.items():
        flat: list[int] = []
        for number, at in rows:
            for section, weight in zip(at[::2], at[1::2], strict=True):
                flat += [places[number], section, weight]
        words[word] = flat
    return {"pages": [every[number].key for number in numbers], "words": words}


def shard_of(word: str, letters: int) -> str:
    """Name the shard of a word: its first letters; those beyond ASCII by their block of 64."""
    return "".join(c if c.isascii() else f"{ord(c) >> 6:x}-" for c in word[:letters])
