"""Words: each language has all of the theme's; numbers and dates are written as that language does; templates and scripts have none of their own."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import jinja2
import pytest

from generator.reference import TITLES
from generator.themes import BUILT_IN, Layers
from generator.views.dates import long_date, month_name
from generator.words import SCRIPTS, STANDALONE, NoWords, Words, lacking, mistakes, read, tags, words

FILES = sorted((BUILT_IN / "words").glob("*.toml"))
ENGLISH = read(BUILT_IN / "words/en.toml")
COMPLETE = ["de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "zh"]
PARTIAL = ["pt-br"]
"""Languages that say some things otherwise than the one of the first part of their tag."""
BUILT_IN_ALONE = Layers()


def spoken(language: str, **own: dict[str, Any]) -> Words:
    """The words of a language."""
    return words(BUILT_IN_ALONE, language, own)


def test_these_languages_are_there() -> None:
    assert {path.stem for path in FILES} == {*COMPLETE, *PARTIAL}


@pytest.mark.parametrize("language", COMPLETE)
def test_a_language_has_all_words(language: str) -> None:
    assert read(BUILT_IN / f"words/{language}.toml").keys() - {STANDALONE} == ENGLISH.keys()
    assert lacking(BUILT_IN_ALONE, language, {}) == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_language_has_words_or_braces_that_english_has_not(path: Any) -> None:
    assert list(mistakes(read(path), ENGLISH, may_add=False)) == []


@pytest.mark.parametrize("language", COMPLETE)
def test_what_english_fills_in_is_filled_in_by_all(language: str) -> None:
    """`back_to` and its like may leave the list's name out, as may languages whose months are numbers."""
    for key, text in read(BUILT_IN / f"words/{language}.toml").items():
        source = ENGLISH.get(key)
        if isinstance(source, str) and "{name}" not in source:
            assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", source)), key


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", {1: "1 min read", 0: "0 min read", 3: "3 min read"}),
        ("pl", {1: "1 minuta czytania", 2: "2 minuty czytania", 5: "5 minut czytania", 12: "12 minut czytania", 22: "22 minuty czytania", 21: "21 minut czytania"}),
        ("ja", {1: "1分で読めます", 7: "7分で読めます"}),
    ],
)  # fmt: skip
def test_a_number_has_its_form(language: str, forms: dict[int, str]) -> None:
    assert {count: spoken(language)("minutes", count=count) for count in forms} == forms


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("fr", "one one other other other other"),
        ("ru", "many one few many one many"),
        ("cs", "other one few other other other"),
        ("ar", "zero one two few many many"),
        ("sv", "other one other other other other"),
    ],
)
def test_a_site_s_own_language_has_the_forms_of_its_numbers(language: str, forms: str) -> None:
    told = {form: form for form in ("zero", "one", "two", "few", "many", "other")}
    numbers = {"ar": (0, 1, 2, 5, 11, 99)}.get(language, (0, 1, 2, 5, 21, 111))
    own = spoken(language, **{language: {"pages": told}})
    assert " ".join(own("pages", count=number) for number in numbers) == forms


@pytest.mark.parametrize(
    ("language", "long", "month"),
    [
        ("en", "1 November 2026", "November 2026"),
        ("de", "1. November 2026", "November 2026"),
        ("fr", "1er novembre 2026", "novembre 2026"),
        ("es", "1 de noviembre de 2026", "noviembre de 2026"),
        ("pt-BR", "1º de novembro de 2026", "novembro de 2026"),
        ("pl", "1 listopada 2026", "listopad 2026"),
        ("ja", "2026年11月1日", "2026年11月"),
        ("sv", "1 November 2026", "November 2026"),
    ],
)
def test_dates_are_written_as_the_language_does(language: str, long: str, month: str) -> None:
    environment = jinja2.Environment(autoescape=True)
    context = environment.from_string("").new_context({"say": spoken(language)})
    assert long_date(context, date(2026, 11, 1)) == long
    assert month_name(context, date(2026, 11, 1)) == month


def test_a_tag_falls_back_to_its_first_part_but_traditional_chinese_to_english() -> None:
    assert tags("pt-BR") == ["pt", "pt-br"]
    assert tags("zh-Hans") == ["zh", "zh-hans"]
    assert tags("zh-Hant-TW") == ["zh-hant-tw"]
    assert spoken("pt-BR")("share") == "Compartilhar"
    assert spoken("pt-BR")("next") == "Próximo"
    assert spoken("zh-Hant")("next") == "Next"


def test_what_is_filled_in_cannot_be_markup_and_neither_can_words() -> None:
    say = spoken("en", en={"feed": "<b>{title}</b>", "skip": "<i>{{x}}</i>"})
    assert say("feed", title="<u>") == "&lt;b&gt;&lt;u&gt;&lt;/b&gt;"
    assert str(jinja2.Environment(autoescape=True).from_string("{{ say('skip') }}").render(say=say)) == (
        "&lt;i&gt;{x}&lt;/i&gt;"
    )


def test_words_that_are_not_there_are_named_with_what_may_be_meant() -> None:
    for ask in (lambda say: say("prevous"), lambda say: say["prevous"]):
        with pytest.raises(NoWords) as wrong:
            ask(spoken("en"))
        assert str(wrong.value) == "the theme has no words “prevous”; did you mean “previous”?"


def test_titles_of_docstrings_have_words() -> None:
    assert {ENGLISH[f"api_{kind.replace(' ', '_')}"] for kind in TITLES} == set(TITLES.values())


BARE = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>|&\w+;|[\s·©←→0-9/(),:]", re.DOTALL)
"""All of a template but its words."""
LABELS = re.compile(r"""(?:aria-label|title|alt|placeholder|label)="([^"{]+)""")
STRINGS = re.compile(r"""\bor "([^"]+)""")


def bare_words(text: str) -> list[str]:
    """Give the words of a template that no language can say otherwise."""
    rest = re.sub(r"{#.*?#}|{% block \w+_class %}.*?{% endblock %}", "", text, flags=re.DOTALL)
    between = BARE.sub(" ", re.sub(r"{{.*?}}|{%.*?%}", " ", rest, flags=re.DOTALL)).split()
    return [*between, *LABELS.findall(rest), *STRINGS.findall(rest)]


@pytest.mark.parametrize("path", sorted((BUILT_IN / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_has_words_of_its_own(path: Any) -> None:
    assert bare_words(path.read_text("utf-8")) == []


def test_words_of_a_template_s_own_would_be_found() -> None:
    assert bare_words('<p>Next <a aria-label="Up">{{ x or "Home" }}</a></p>') == ["Next", "Up", "Home"]


PLACES = {
    "theme": BUILT_IN / "assets/theme.js",
    "search": BUILT_IN / "assets/search.js",
    "versions": BUILT_IN / "assets/versions.js",
    "demo": BUILT_IN.parent / "browser/parts.js",
    "diagram": BUILT_IN / "assets/diagram.js",
}
"""Script of `SCRIPTS` → its file."""


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_knows_the_english_words_that_it_says(name: str) -> None:
    text = PLACES[name].read_text("utf-8")
    literal = re.search(r"const WORDS = ({.*?\n\s*});", text, re.DOTALL)
    assert literal
    keys = re.sub(r"(?<=[{,\n])\s*(\w+): ", r'"\1": ', literal[1])
    assert json.loads(re.sub(r",\s*}", "}", keys)) == {key: ENGLISH[key] for key in SCRIPTS[name]}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_told_only_what_is_other_in_a_language(name: str) -> None:
    assert spoken("en").script(name) == ""
    german = spoken("de")
    attribute = str(german.script(name))
    told = json.loads(attribute.removeprefix(" data-words='").removesuffix("'"))
    assert told == {key: german.said[key] for key in SCRIPTS[name] if german.said[key] != ENGLISH[key]}
    assert str(spoken("en", en={SCRIPTS[name][0]: "L'<a>&\""}).script(name)) == (
        f""" data-words='{{"{SCRIPTS[name][0]}":"L&#39;&lt;a>&amp;\\""}}'"""
    )
