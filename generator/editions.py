"""Editions: the site in its further languages (`page.fr.md` is the French `page.md`); what is not translated stands in as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.sources import original_path
from generator.words import Words, english

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.cache import Reads
    from generator.navigation import Navigation
    from generator.pages import Page
    from generator.routes import Route

NAMES = {
    "ar": "العربية", "bn": "বাংলা", "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά", "en": "English",
    "es": "Español", "fa": "فارسی", "fi": "Suomi", "fr": "Français", "he": "עברית", "hi": "हिन्दी", "hu": "Magyar",
    "id": "Bahasa Indonesia", "it": "Italiano", "ja": "日本語", "ko": "한국어", "nb": "Norsk bokmål", "nl": "Nederlands",
    "pl": "Polski", "pt": "Português", "pt-br": "Português (Brasil)", "ro": "Română", "ru": "Русский", "sv": "Svenska",
    "th": "ไทย", "tr": "Türkçe", "uk": "Українська", "vi": "Tiếng Việt", "zh": "中文", "zh-hans": "简体中文",
    "zh-hant": "繁體中文",
}  # fmt: skip
"""BCP 47 tag in lower case → what its speakers call the language."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The site in one further language."""

    language: str
    """BCP 47 tag, as in the configuration and in file names."""
    navigation: Navigation
    """Its tree."""
    collections: dict[str, tuple[Page, ...]]
    """Name → pages in order: translations, and originals where there is none."""
    terms: dict[str, dict[str, tuple[Page, ...]]]
    """Taxonomy → term → pages in its order; those terms that a page in this language has."""

    def has(self, name: str) -> bool:
        """Say whether a collection has a page in this language."""
        return any(page.language == self.language for page in self.collections[name])


def pages_in(pages: Iterable[Page], language: str) -> tuple[list[Page], dict[str, str]]:
    """Give the pages of an edition, and original → translation."""
    every = list(pages)
    own = {original_path(p.path, language): p for p in every if p.language == language}
    aliases = {original: page.path for original, page in own.items()}
    return [*(own.pop(p.path, p) for p in every if not p.language), *own.values()], aliases


def terms_of_language(
    terms: Mapping[str, Mapping[str, tuple[Page, ...]]], language: str
) -> dict[str, dict[str, tuple[Page, ...]]]:
    """Leave out the terms that only pages have which stand in for others."""
    return {
        name: {term: pages for term, pages in found.items() if any(p.language == language for p in pages)}
        for name, found in terms.items()
    }


def switches(
    pages: Sequence[Page],
    routes: Mapping[str, Route],
    lists: Mapping[str, str],
    home: str,
    languages: Sequence[str],
    urls: Mapping[str, Any],
) -> Iterator[tuple[str, list[list[Any]]]]:
    """Give each page (its path) and list (its URL), and for each language: its tag, a URL, whether that is the page itself.

    Where a language has no such page, the URL is that of its home. `lists`: URL → language; one may stand at the URL of a page, which shows it then. `home` is the language of what has none.
    """
    members: dict[str, tuple[str, str, str]] = {}  # path or URL → what its translations share, language, URL
    owners: dict[str, str] = {}  # URL of a list → the page there
    at_lists: dict[str, str] = {}  # the same, both those of the originals
    for page in pages:
        url, original = routes[page.path].url, original_path(page.path, page.language)
        members[page.path] = (original, page.language or home, url)
        if url in lists:
            owners[url] = page.path
            at_lists[original_url(url, page.language)] = original
    for url, language in lists.items():
        if url not in owners:
            original = original_url(url, language)
            members[url] = (at_lists.get(original, original), language or home, url)
    groups: dict[str, dict[str, str]] = {}
    for name, language, url in members.values():
        groups.setdefault(name, {})[language] = url
    for member, (name, _, _) in members.items():
        group, rows = groups[name], []
        for language in (home, *languages):
            front = "/" if language == home else f"/{language}/"
            if language in group or front in urls:
                rows.append([language, group.get(language, front), language in group])
        if len(rows) > 1:
            yield member, rows


def original_url(url: str, language: str) -> str:
    """Give the URL of a list in the site's own language."""
    return url.removeprefix(f"/{language}") if language else url


def words_in(reads: Reads, language: str = "") -> Words:
    """Give the theme's words in a language of the site; an empty one stands for its own. They are made once in a process."""
    name = f"wording:{language}"
    found = reads.facts.shared.get(name)
    if found is None:
        made = reads.fact(name, Words) or english()
        found = reads.facts.shared[name] = ({name: reads.keys[name]}, made)
    reads.note(found[0])
    return found[1]  # type: ignore[no-any-return]


def words_for(reads: Reads, path: str) -> Words:
    """Give the theme's words in the language of a page."""
    return words_in(reads, reads.fact(f"speaks:{path}", str) or "")


def name_of(language: str) -> str:
    """Give a language's own name; its tag when it is not known."""
    return NAMES.get(language.lower()) or NAMES.get(language.lower().partition("-")[0], language)
