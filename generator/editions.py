"""Editions: the site in its further languages (`page.fr.md` is the French `page.md`); what is not translated stands in as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.sources import original_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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

    def has(self, name: str) -> bool:
        """Say whether a collection has a page in this language."""
        return any(page.language == self.language for page in self.collections[name])


def pages_in(pages: Iterable[Page], language: str) -> tuple[list[Page], dict[str, str]]:
    """Give the pages of an edition, and original → translation."""
    every = list(pages)
    own = {original_path(p.path, language): p for p in every if p.language == language}
    aliases = {original: page.path for original, page in own.items()}
    return [*(own.pop(p.path, p) for p in every if not p.language), *own.values()], aliases


def switches(
    pages: Sequence[Page],
    routes: Mapping[str, Route],
    home: str,
    languages: Sequence[str],
    urls: Mapping[str, Any],
) -> Iterator[tuple[str, list[list[Any]]]]:
    """Give each page, and for each language: its tag, a URL, whether that is the page itself and not the language's home.

    `home` is the language of pages without one.
    """
    groups: dict[str, dict[str, str]] = {}
    for page in pages:
        group = groups.setdefault(original_path(page.path, page.language), {})
        group[page.language or home] = routes[page.path].url
    for page in pages:
        group = groups[original_path(page.path, page.language)]
        rows = []
        for language in (home, *languages):
            front = "/" if language == home else f"/{language}/"
            if language in group or front in urls:
                rows.append([language, group.get(language, front), language in group])
        if len(rows) > 1:
            yield page.path, rows


def name_of(language: str) -> str:
    """Give a language's own name; its tag when it is not known."""
    return NAMES.get(language.lower()) or NAMES.get(language.lower().partition("-")[0], language)
