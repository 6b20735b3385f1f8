"""Words: what the theme itself says (“Previous”, “4 min read”, the months), in the language of each page.

English is the source: `theme/words/en.toml` has every key. Each language has a file beside it; an installed theme and the site's
configuration say some of it in other words, or bring a language. What a language lacks is said in English.
"""

from __future__ import annotations

import json
import string
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from generator.errors import did_you_mean
from generator.themes import Layers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

FOLDER = "words"
"""Of a theme: its files of words, one for each language."""
SOURCE = "en"
"""The language that has all words."""
FORMS = ("zero", "one", "two", "few", "many", "other")
"""Of a word for numbers, as Unicode names them; `other` is never missing."""
STANDALONE = "months_alone"
"""The months without a day, in languages where these have another ending; else they are those of `months`."""
ALSO_FILLED = dict.fromkeys(("back_to", "all_of", "read_list"), "title")
"""Key → what can stand in its braces besides what does in English: the title of a list, whose small letters are `name`."""
FOREIGN_TO_PARENT = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")
"""Languages whose readers are better served in English than in what the first part of the tag says."""
KINDS = "kind_"
"""How the keys of admonitions begin: `kind_note`."""
SCRIPTS = {
    "theme": ("colour_scheme_is", "automatic", "light", "dark", "copy", "copied", "not_copied"),
    "search": (
        "search", "search_site", "search_results", "search_close", "search_where", "search_everywhere", "search_tag", "search_any_tag",
        "search_nothing", "search_found", "search_best", "search_failed",
    ),
    "versions": ("newest", "about_version", "old_version", "coming_version", "go_to_version"),
    "demo": ("stop", "restart", "dismiss", "demo_ended", "demo_failed"),
    "diagram": ("diagram", "diagram_failed"),
}  # fmt: skip
"""Script → the words that it says; it knows the English ones itself."""
IN_DEMOS = ("live_demo", "reset", "demo_progress", "demo_waiting")
"""What builds say in live demos and around them; everything else there is their authors'."""


def by_tens(number: int, *, one_is_alone: bool) -> str:
    """Give the form of a number in the languages of the east of Europe; Polish has `one` for 1 `alone`."""
    last, last_two = number % 10, number % 100
    if number == 1 if one_is_alone else last == 1 and last_two != 11:
        return "one"
    return "few" if 2 <= last <= 4 and not 12 <= last_two <= 14 else "many"


def of_arabic(number: int) -> str:
    """Give the form of a number in Arabic."""
    if number < 3:
        return FORMS[number]
    last_two = number % 100
    return "few" if 3 <= last_two <= 10 else "many" if last_two >= 11 else "other"


def east_slavic(number: int) -> str:
    """Give the form of a number in Russian and its like."""
    return by_tens(number, one_is_alone=False)


PLURALS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(("fr", "hi", "fa", "hy"), lambda number: "one" if number < 2 else "other"),
    **dict.fromkeys(("ja", "zh", "ko", "vi", "th", "id", "ms"), lambda number: "other"),
    **dict.fromkeys(("ru", "uk", "be", "sr", "hr", "bs"), east_slavic),
    "pl": lambda number: by_tens(number, one_is_alone=True),
    **dict.fromkeys(
        ("cs", "sk"), lambda number: "one" if number == 1 else "few" if 2 <= number <= 4 else "other"
    ),
    "ar": of_arabic,
}
"""Language → which form of a word a whole number asks for; all others have `one` for 1 alone."""


class NoWords(Exception):
    """A template asks for words that there are not."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; in templates `say["next"]`, and `say("back_to", name="blog")` where something is filled in."""

    said: dict[str, Any]
    """Key → text, its forms, or the months."""
    language: str = SOURCE
    """BCP 47 tag; decides which form a number asks for."""
    scripts: dict[str, str] = field(default_factory=dict)
    """Script → JSON of the words that it does not know; empty where it knows them all."""

    def __getitem__(self, key: str) -> str:
        """Give words that have nothing to be filled in. Raises NoWords."""
        return self.form(key)

    def __call__(self, key: str, /, count: int | None = None, **given: Any) -> str:
        """Give words for a template, with what stands in braces filled in as HTML."""
        text = self.form(key, count)
        if "{" not in text:
            return text
        for name, value in given.items():
            if type(value) is not int:
                given[name] = escape(value)
        return Markup(escaped(text).format(count=count, **given))  # noqa: S704  (Markup's own `format` is ten times slower)

    def text(self, key: str, /, count: int | None = None, **given: Any) -> str:
        """Give words as plain text."""
        return self.form(key, count).format(count=count, **given)

    def form(self, key: str, count: int | None = None) -> str:
        """Give what stands at a key, in the form that a number asks for. Raises NoWords."""
        found = self.said.get(key)
        if isinstance(found, str):
            return found
        if found is None or isinstance(found, list):
            hint = did_you_mean(key, self.said)
            raise NoWords(f"the theme has no words “{key}”" + (f"; {hint}" if hint else ""))
        rule = PLURALS.get(self.language[:2])
        name = rule(count or 0) if rule else "one" if count == 1 else "other"
        return str(found.get(name) or found["other"])

    def kind(self, name: str) -> str:
        """Name a kind of admonition."""
        return str(self.said.get(KINDS + ("note" if name == "admonition" else name)) or name.capitalize())

    def script(self, name: str) -> Markup:
        """Give the attribute that tells a script its words; nothing where it knows them."""
        told = self.scripts.get(name)
        return Markup(" data-words='{}'").format(Markup(quotable(told))) if told else Markup("")  # noqa: S704


@lru_cache(maxsize=256)
def escaped(text: str) -> str:
    """Write words as HTML; each of the theme's comes by often."""
    return str(escape(text))


def quotable(text: str) -> str:
    """Write text as an attribute between single quotes may hold it, with its double ones as they are."""
    return text.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;")


def words(layers: Layers, language: str, own: Mapping[str, dict[str, Any]], home: str = SOURCE) -> Words:
    """Give the words of a language: the theme's, then the site's `own` (language → key → words).

    Keys that the theme has not are the site's: those of its `home` language stand in where a language lacks them.
    """
    found = {**own.get(home.lower(), {})}
    for tag in dict.fromkeys((SOURCE, *tags(language))):
        found |= said_by(layers, tag) | own.get(tag, {})
    found.setdefault(STANDALONE, found["months"])
    source, scripts = read(layers.folders[-1] / FOLDER / f"{SOURCE}.toml"), {}
    for script, keys in SCRIPTS.items():
        told = {key: found[key] for key in keys if found[key] != source[key]}
        scripts[script] = json.dumps(told, ensure_ascii=False, separators=(",", ":")) if told else ""
    return Words(found, language, scripts)


def tags(language: str) -> list[str]:
    """Give the languages whose words hold for one, the nearest last: `pt`, `pt-br`."""
    parts = language.lower().split("-")
    made = ["-".join(parts[: end + 1]) for end in range(len(parts))]
    return [tag for tag in made if tag == made[-1] or not made[-1].startswith(FOREIGN_TO_PARENT)]


def said_by(layers: Layers, tag: str) -> dict[str, Any]:
    """Give what the built-in theme, and the installed one over it, say in a language."""
    found: dict[str, Any] = {}
    for folder in reversed(layers.folders):
        found |= read(folder / FOLDER / f"{tag}.toml")
    return found


def read(path: Path) -> dict[str, Any]:
    """Read a file of words; nothing where there is none. Those of installed themes were checked with the configuration."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


@lru_cache(maxsize=1)
def english() -> Words:
    """Give the built-in English words."""
    return words(Layers(), SOURCE, {})


def lacking(layers: Layers, language: str, own: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Give the words that a language has not, in English."""
    found: dict[str, Any] = {}
    for tag in tags(language):
        found |= said_by(layers, tag) | own.get(tag, {})
    source = said_by(layers, SOURCE) | own.get(SOURCE, {})
    return {} if SOURCE in tags(language) else {key: source[key] for key in source if key not in found}


def tables(layers: Layers, languages: Iterable[str], own: Mapping[str, dict[str, Any]]) -> str:
    """Write what languages lack as tables of the configuration, in English, to be translated."""
    parts = []
    for language in languages:
        rows = [f"{key} = {toml(value)}" for key, value in lacking(layers, language, own).items()]
        parts += ["\n".join([f"[tool.pressrun.words.{language}]", *rows])] if rows else []
    return "\n\n".join(parts)


def toml(value: Any) -> str:
    """Write words as TOML does."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{form} = {toml(text)}' for form, text in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)


# ---------------------------------------------------------------- checking


def mistakes(
    said: Mapping[str, Any], source: Mapping[str, Any], *, may_add: bool
) -> Iterator[tuple[str, str, str]]:
    """Give key, message and hint of what cannot be said so; `source` are the English words.

    Who `may_add` can have keys of their own, unless they look like a slip.
    """
    known = {**source, STANDALONE: source["months"]}
    for key, value in said.items():
        like = did_you_mean(key, known)
        if key not in known and (like or not may_add):
            yield key, f"the theme has no words “{key}”", like
        else:
            message = misfit(key, value, known.get(key))
            if message:
                yield key, message, ""


def misfit(key: str, value: Any, source: Any) -> str:
    """Say what is wrong with the words of a key; nothing when they fit those of the `source` (None: there are none)."""
    if isinstance(source, list):
        fits = (
            isinstance(value, list) and len(value) == len(source) and all(isinstance(v, str) for v in value)
        )
        return "" if fits else f"“{key}” must be a list of {len(source)} texts"
    if isinstance(value, dict) and not isinstance(source, str):
        odd = next((form for form in value if form not in FORMS or not isinstance(value[form], str)), "")
        if odd or "other" not in value:
            return f"“{key}” must be text, or a table of the forms {', '.join(FORMS)}, of which “other” must be there"
        texts = list(value.values())
    elif isinstance(value, str):
        texts = [value]
    else:
        return f"“{key}” must be text"
    return next((wrong for text in texts if (wrong := misfilled(key, text, source))), "")


def misfilled(key: str, text: str, source: Any) -> str:
    """Say which name in braces is none; nothing when all are."""
    try:
        names = placeholders(text)
    except ValueError:
        return f"“{key}” has a brace that stands alone; write {{{{ or }}}} for a brace"
    if source is None:
        return ""
    known = set().union(*map(placeholders, source.values() if isinstance(source, dict) else [source]))
    known |= {ALSO_FILLED[key]} if key in ALSO_FILLED else set()
    odd = sorted(names - known)
    if not odd:
        return ""
    able = ", ".join(f"{{{name}}}" for name in sorted(known)) or "no name in braces"
    return f"“{key}” has nothing for {{{odd[0]}}}; expected {able}"


def placeholders(text: str) -> set[str]:
    """Give the names in braces. Raises ValueError where braces do not fit."""
    found = list(string.Formatter().parse(text))
    if any(spec or conversion for _, _, spec, conversion in found):
        raise ValueError(text)
    return {name for _, name, _, _ in found if name is not None}
