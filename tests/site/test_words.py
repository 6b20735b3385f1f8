"""The theme's words on pages: in the language of each page, as the site or its theme says them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from generator.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from harness import Project

CONFIG = '[tool.pressrun]\ntitle = "T"\nlanguage = "{}"\n'
SKIP = re.compile(r'<a class="skip"[^>]*>(.*?)</a>')
BODY = """---
title: A
updated: 2026-10-01
tags: [x]
---
---
from pressrun import button, cond, fragment, progress, spinner
---
> [!NOTE]
> x

:::danger
x
:::

## One

- [x] done
- [ ] to do

|a|
|-|
|1|

```csv table
a
1
```

```python notes=1
x = 1
```

1. Note

## Two

Word[^1].

[^1]: Note.

```python demo exec
from pressrun import text

def view():
    return text("x")
```

```python demo
button("Reset", aria_label="Live demo")
```

```python demo
fragment(progress(value=1, max=2), progress(value=1, aria_label="Bar"), spinner(), cond(True, spinner()))
```

```python exec show=output
print("x")
```

```mermaid
graph LR
```
"""
IN_GERMAN = [
    'aria-label="Link zu diesem Abschnitt"', '<p class="alert-title">Hinweis</p>', '<p class="alert-title">Gefahr</p>', 'checked aria-label="erledigt"',
    'disabled aria-label="offen"', 'aria-label="Fußnoten"', 'aria-label="Anmerkung 1"', 'role="group" aria-label="Live-Demo"', "hidden>Zurücksetzen</button>",
    'aria-label="Fortschritt"', 'aria-label="Bar"', 'aria-label="Bitte warten"', '<div class="output" data-label="Ausgabe">', '"diagram":"Diagramm"',
    'aria-label="Live demo"', ">Reset</button>",  # the author's
    'role="radiogroup" aria-label="Anzeigen"', 'value="view" checked> Ansicht<', 'value="code"> Code<', "<summary>Auf dieser Seite</summary>",
    '<p>Zuletzt geändert am <time datetime="2026-10-01">1. Oktober 2026</time></p>', '<html lang="de">', '"copy":"Kopieren"', '"stop":"Anhalten"',
]  # fmt: skip


def said(project: Project, *urls: str) -> list[str]:
    """What pages say first."""
    return [SKIP.findall(project.html(url))[0] for url in urls]


def test_a_german_page_says_all_in_german(project: Project) -> None:
    project.write("content/a.md", BODY).write("pyproject.toml", CONFIG.format("de")).build()
    assert project.problems == []
    html = project.html("/a/")
    assert [part for part in IN_GERMAN if part not in html] == []
    assert html.count('aria-label="Tabelle"') == 2
    assert html.count('aria-label="Bitte warten"') == 2
    assert [
        word for word in ('aria-label="Progress"', 'aria-label="Waiting"', '"Output"') if word in html
    ] == []
    visible = re.sub(
        r"<script.*?</script>|<head>.*?</head>|<code.*?</code>|<[^>]*>", " ", html, flags=re.DOTALL
    )
    english = re.findall(r"\b(?:the|this|page|Last|Note|Danger|Skip|Table|Live demo|Reset)\b", visible)
    assert sorted(english) == ["Note", "Note", "Reset"]  # the author's


def test_the_markdown_of_a_page_says_in_its_language_where_a_demo_stands(project: Project) -> None:
    config = CONFIG.format("de") + "base_url = 'https://e.example/'\nllms = true\n"
    project.write("content/a.md", BODY).write("pyproject.toml", config).build()
    assert project.problems == []
    assert project.file("a/index.md").count("*(Auf der Seite steht hier eine Live-Demo.)*") == 3


def test_an_english_page_is_told_no_words(project: Project) -> None:
    config = CONFIG.format("en") + "[tool.pressrun.search]\nenabled = true\n"
    project.write("content/a.md", BODY).write("pyproject.toml", config).build()
    assert not [path for path, data in project.tree().items() if b"data-words" in data]


def test_each_page_speaks_its_own_language(project: Project, tmp_path: Path) -> None:
    project.write("pyproject.toml", CONFIG.format("en") + 'languages = ["de"]\n')
    for path, more in (
        ("a", ""),
        ("a.de", ""),
        ("b", "lang: fr\n"),
        ("c", "lang: sv\n"),
        ("d", "lang: ar\n"),
    ):
        project.write(f"content/{path}.md", f"---\ntitle: A\n{more}---\n> [!NOTE]\n> x\n")
    project.write("blog/p.de.md", "---\ntitle: P\ndate: 2026-03-01\n---\nx\n").write("blog/p.md", "# P\n")
    project.build()
    assert project.problems == []
    assert said(project, "/a/", "/de/a/", "/b/", "/c/", "/d/", "/de/blog/") == [
        "Skip to the content", "Zum Inhalt springen", "Aller au contenu", "Skip to the content", "Skip to the content", "Zum Inhalt springen",
    ]  # fmt: skip
    assert '<html lang="ar" dir="rtl">' in project.html("/d/")
    assert '<p class="alert-title">Hinweis</p>' in project.html("/de/a/")
    assert "1. März 2026" in project.html("/de/blog/")
    project.write("content/a.md", "---\ntitle: A\nlang: it\n---\n> [!NOTE]\n> x\n").build()
    assert said(project, "/a/") == ["Vai al contenuto"]
    assert project.tree() == project.clean_tree(tmp_path / "clean")


def test_lists_and_pages_made_by_the_build_speak_the_site_s_language(project: Project) -> None:
    blog = '[tool.pressrun.collections.blog]\nfolder = "blog"\nurl = "/blog/{slug}/"\norder = "newest"\nlist = true\npage_size = 1\n'
    for day in (1, 2):
        project.write(
            f"blog/p{day}.md",
            f"---\ntitle: P\ndate: 2026-01-0{day}\ntags: [x]\naliases: [/old{day}/]\n---\nx\n",
        )
    project.write("pyproject.toml", CONFIG.format("de") + blog).build()
    assert "<h1>Blog, Seite 2</h1>" in project.html("/blog/page/2/")
    assert "Seite 2 von 2" in project.html("/blog/page/2/")
    assert "<h1>Schlagwörter</h1>" in project.html("/tags/")
    assert '2<span class="sr"> Seiten</span>' in project.html("/tags/")
    assert "<h2>Januar 2026</h2>" in project.html("/blog/2026/")
    assert "<title>Seite nicht gefunden · T</title>" in project.file("404.html")
    assert '<p>Ihre neue Adresse ist <a href="/blog/p1/">/blog/p1/</a>.</p>' in project.html("/old1/")
    project.write(
        "pyproject.toml", CONFIG.format("de") + blog + '[tool.pressrun.taxonomies.tags]\ntitle = "Tags"\n'
    ).build()
    assert "<h1>Tags</h1>" in project.html("/tags/")


def test_a_site_says_things_in_its_own_words_and_adds_a_language(project: Project, tmp_path: Path) -> None:
    project.write("content/a.md", "---\ntitle: A\n---\nx\n").write(
        "content/a.sv.md", "---\ntitle: A\n---\nx\n"
    ).write("content/b.md", "---\ntitle: B\n---\nx\n")
    project.write(
        "templates/components/footer.html", "<footer>{{ say('colophon', year=site.year) }}</footer>"
    )
    own = """languages = ["sv"]
[tool.pressrun.words.en]
skip = "Jump"
colophon = "Set by hand in {year}"
[tool.pressrun.words.sv]
skip = "Hoppa"
"""
    project.write("pyproject.toml", CONFIG.format("en") + own).build()
    assert project.problems == []
    assert said(project, "/a/", "/sv/a/") == ["Jump", "Hoppa"]
    assert "<footer>Set by hand in 2026</footer>" in project.html("/sv/a/")
    project.write("pyproject.toml", CONFIG.format("en") + own + 'colophon = "Satt för hand {year}"\n').build()
    assert project.ran("render") == ["content/a.sv.md"]
    assert "<footer>Satt för hand 2026</footer>" in project.html("/sv/a/")
    assert project.tree() == project.clean_tree(tmp_path / "clean")


def test_an_installed_theme_brings_words_and_languages(project: Project, tmp_path: Path) -> None:
    project.write("content/a.md", "# A\n").write("content/b.md", "---\nlang: sv\n---\n# B\n")
    project.write("lead/words/en.toml", 'skip = "Leap"\ncolophon = "Set in lead"\n')
    project.write("lead/words/sv.toml", 'skip = "Hoppa"\n')
    project.write("lead/templates/components/footer.html", "<footer>{{ say('colophon') }}</footer>")
    project.write("pyproject.toml", CONFIG.format("en") + 'theme = "lead"\n').build()
    assert project.problems == []
    assert said(project, "/a/", "/b/") == ["Leap", "Hoppa"]
    assert "<footer>Set in lead</footer>" in project.html("/b/")
    project.write("lead/words/sv.toml", 'skip = "Spring"\n').build()
    assert said(project, "/a/", "/b/") == ["Leap", "Spring"]
    assert project.tree() == project.clean_tree(tmp_path / "clean")


@pytest.mark.parametrize(
    ("table", "line", "message", "hint"),
    [
        ("words = 1\n", 4, "“words” must be tables; expected [tool.pressrun.words.LANGUAGE]", ""),
        ("words.german.skip = 'x'\n", 4, "“words” must have tables named by languages, such as [tool.pressrun.words.pt-BR], not 'german'", ""),
        ("words.de = 1\n", 4, "“de” must be a table; expected [tool.pressrun.words.de]", ""),
        ("[tool.pressrun.words.de]\nskpi = 'x'\n", 5, "the theme has no words “skpi”", "did you mean “skip”?"),
        ("[tool.pressrun.words.de]\nimpressum = 'x'\n", 5, "the theme has no words “impressum”", ""),
        ("[tool.pressrun.words.en]\nskpi = 'x'\n", 5, "the theme has no words “skpi”", "did you mean “skip”?"),
        ("[tool.pressrun.words.de]\nskip = 1\n", 5, "“skip” must be text", ""),
        ("[tool.pressrun.words.de]\nskip = {one = 'x'}\n", 5, "“skip” must be text", ""),
        ("[tool.pressrun.words.de]\nmonths = ['x']\n", 5, "“months” must be a list of 12 texts", ""),
        ("[tool.pressrun.words.de]\nminutes = {one = 'x'}\n", 5,
         "“minutes” must be text, or a table of the forms zero, one, two, few, many, other, of which “other” must be there", ""),
        ("[tool.pressrun.words.de]\nby = 'von {author}'\n", 5, "“by” has nothing for {author}; expected {authors}", ""),
        ("[tool.pressrun.words.de]\nby = 'von {authors.x}'\n", 5, "“by” has nothing for {authors.x}; expected {authors}", ""),
        ("[tool.pressrun.words.de]\nskip = '{x}'\n", 5, "“skip” has nothing for {x}; expected no name in braces", ""),
        ("[tool.pressrun.words.de]\nback_to = '{x}'\n", 5, "“back_to” has nothing for {x}; expected {name}, {title}", ""),
        ("[tool.pressrun.words.de]\nskip = '{'\n", 5, "“skip” has a brace that stands alone; write {{ or }} for a brace", ""),
    ],
)  # fmt: skip
def test_words_that_do_not_fit_are_an_error(
    project: Project, table: str, line: int, message: str, hint: str
) -> None:
    project.write("pyproject.toml", CONFIG.format("en") + table).build()
    assert project.problems == [f"pyproject.toml:{line}:1: error: {message}"]
    assert project.hints == [hint]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("skpi = 'x'\n", "lead/words/de.toml:1:1: error: the theme has no words “skpi”"),
        ("\nby = '{'\n", "lead/words/de.toml:2:1: error: “by” has a brace that stands alone; write {{ or }} for a brace"),
        ("x", "lead/words/de.toml: error: cannot be read: Expected '=' after a key in a key/value pair (at end of document)"),
    ],
)  # fmt: skip
def test_an_installed_theme_s_words_are_checked(project: Project, text: str, message: str) -> None:
    project.write("content/a.md", "# A\n").write("lead/words/de.toml", text)
    project.write("pyproject.toml", CONFIG.format("en") + 'theme = "lead"\n').build()
    assert project.problems == [message]


def test_words_that_a_template_asks_for_in_vain_are_an_error_with_its_line(project: Project) -> None:
    project.write("content/a.md", "# A\n").write("templates/page.html", "\n{{ say['skpi'] }}")
    project.write("pyproject.toml", CONFIG.format("de")).build()
    assert project.problems == [
        "templates/page.html:2: error: template: NoWords: the theme has no words “skpi”; did you mean “skip”?"
    ]


def test_pressrun_tells_which_words_a_language_lacks(project: Project) -> None:
    own = 'languages = ["de", "sv"]\n[tool.pressrun.words.sv]\nskip = "Hoppa"\n'
    project.write("pyproject.toml", CONFIG.format("en") + own)
    told = CliRunner().invoke(main, ["theme", "words", str(project.root)], catch_exceptions=False).output
    assert told.startswith("[tool.pressrun.words.sv]\n")
    assert 'first_day = "1"\n' in told
    assert 'minutes = { one = "{count} min read", other = "{count} min read" }\n' in told
    assert "skip" not in told
    assert ".de]" not in told
    rest = told.partition("\n")[2]
    project.write("pyproject.toml", CONFIG.format("en") + own + rest)
    told = CliRunner().invoke(main, ["theme", "words", str(project.root)], catch_exceptions=False).output
    assert told == "nothing is missing: the theme has all words in en, de, sv\n"
