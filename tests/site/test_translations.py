"""Translations: `page.fr.md` is the French `page.md`; each language has its navigation and lists, and what is missing falls back."""

from __future__ import annotations

import re

import pytest
from harness import Project

CONFIG = '[tool.pressrun]\nbase_url = "https://x.example/"\nlanguages = ["fr", "pt-BR"]\n'


@pytest.fixture
def project(tmp_path):
    made = Project(tmp_path).write("pyproject.toml", CONFIG)
    for path, title, body in (
        ("content/index", "Home", "[in](install.md)"), ("content/index.fr", "Accueil", "[in](install.md) [use](use.md)"),
        ("content/install", "Install", "# Install\n\n## Steps\n"), ("content/install.fr", "Installer", "# Installer\n\n## Pas\n"),
        ("content/use", "Use", "x"), ("blog/one", "One", "x"), ("blog/one.fr", "Un", "x"), ("blog/two", "Two", "x"),
    ):  # fmt: skip
        day = {"blog/one": "01", "blog/one.fr": "01", "blog/two": "02"}.get(path, "03")
        made.write(f"{path}.md", f"---\ntitle: {title}\ndate: 2026-01-{day}\n---\n{body}\n")
    return made


def hrefs(html, inside=""):
    part = re.search(inside, html, re.DOTALL)[0] if inside else html
    return re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>\s*(?:<span>[^<]*</span>)?\s*([^<]*?)\s*</a>', part)


def test_each_language_has_its_own_addresses(project):
    project.build()
    assert project.problems == []
    pages = {p for p in project.tree() if p.endswith(".html") and not p.startswith(("404", "tags"))}
    assert pages == {
        "index.html", "install/index.html", "use/index.html", "blog/index.html", "blog/2026/index.html", "blog/one/index.html", "blog/two/index.html",
        "fr/index.html", "fr/install/index.html", "fr/blog/index.html", "fr/blog/one/index.html",
    }  # fmt: skip
    assert '<html lang="fr">' in project.html("/fr/install/")
    assert '<html lang="fr">' in project.html("/fr/blog/")
    assert '<html lang="en">' in project.html("/install/")


def test_the_switch_leads_to_the_same_page_or_else_to_the_language_s_home(project):
    project.build()
    nav = r'<nav class="languages".*?</nav>'
    assert hrefs(project.html("/install/"), nav) == [("/install/", "English"), ("/fr/install/", "Français")]
    assert hrefs(project.html("/use/"), nav) == [("/use/", "English"), ("/fr/", "Français")]
    alternates = re.findall(
        r'<link rel="alternate" hreflang="(.*?)" href="(.*?)">', project.html("/fr/install/")
    )
    assert alternates == [("en", "https://x.example/install/"), ("fr", "https://x.example/fr/install/")]
    assert "hreflang" not in project.html("/use/").partition("</head>")[0]


def test_navigation_and_lists_of_a_language_fall_back_to_what_is_not_translated(project):
    project.build()
    side = r'<nav aria-label="Documentation">.*?</nav>'
    assert hrefs(project.html("/fr/install/"), side) == [("/fr/install/", "Installer"), ("/use/", "Use")]
    assert hrefs(project.html("/install/"), side) == [("/install/", "Install"), ("/use/", "Use")]
    entries = re.findall(r'<h2><a href="([^"]*)">(.*?)</a>', project.html("/fr/blog/"))
    assert entries == [("/blog/two/", "Two"), ("/fr/blog/one/", "Un")]
    assert re.findall(r'<h2><a href="([^"]*)"', project.html("/blog/")) == ["/blog/two/", "/blog/one/"]
    assert 'class="brand" href="/fr/"' in project.html("/fr/install/")
    assert "Un" not in project.file("blog/feed.xml").replace("Until", "")


def test_links_of_a_translation_lead_to_translations_where_there_are_some(project):
    project.build()
    assert hrefs(project.html("/fr/"), r"<main.*</main>")[:2] == [("/fr/install/", "in"), ("/use/", "use")]
    assert hrefs(project.html("/"), r"<main.*</main>")[:1] == [("/install/", "in")]
    project.write(
        "content/use.fr.md", "---\ntitle: Usage\n---\n[a](install.md#pas) [b](install.md#steps)\n"
    ).build()
    assert ("/fr/use/", "use") in hrefs(project.html("/fr/"), r"<main.*</main>")
    assert project.problems == [
        "content/use.fr.md:4:25: error: broken link “install.md#steps”: content/install.fr.md has no anchor “steps”"
    ]


def test_previous_and_next_stay_in_the_language(project):
    project.write("content/use.fr.md", "---\ntitle: Usage\n---\nx").build()
    assert 'href="/fr/use/" rel="next"' in project.html("/fr/install/")
    assert 'href="/use/" rel="next"' in project.html("/install/")


def test_a_written_navigation_holds_for_all_languages(project):
    project.write("content/_nav.yml", "- use.md\n- Set up: install.md\n- index.md\n").build()
    assert project.problems == []
    side = r'<nav aria-label="Documentation">.*?</nav>'
    assert hrefs(project.html("/fr/install/"), side) == [("/use/", "Use"), ("/fr/install/", "Set up")]


def test_a_draft_translation_falls_back_to_the_original(project):
    project.write("content/install.fr.md", "---\ndraft: true\ntitle: Installer\n---\nx").build()
    assert project.problems == []
    assert hrefs(project.html("/fr/"), r"<main.*</main>")[:1] == [("/install/", "in")]
    assert not any(b"Installer" in data for data in project.tree().values())


def test_a_translation_that_comes_is_noticed_by_all_that_lead_to_it(project):
    project.build().write("content/use.fr.md", "---\ntitle: Usage\n---\nx").build()
    clean = project.tree()
    again = Project(project.root)
    (project.root / ".pressrun/cache.db").unlink()
    again.build()
    assert again.tree() == clean


def test_without_languages_a_name_with_a_dot_is_a_name(project):
    project.write("pyproject.toml", "").build()
    assert (project.root / "site/install.fr/index.html").is_file()
    assert '<nav class="languages"' not in project.html("/install/")


@pytest.mark.parametrize("tag", ["french language", "en", "x"])
def test_a_language_that_is_none_is_an_error(project, tag):
    project.write("pyproject.toml", f'[tool.pressrun]\nlanguages = ["{tag}"]\n').build()
    assert project.problems == [
        f"pyproject.toml:2:1: error: “languages” must be tags of further languages, such as fr or pt-BR, not '{tag}'"
    ]


def test_each_language_has_feeds_of_its_own_pages(project, tmp_path_factory):
    of = '[tool.pressrun.feeds]\nof = ["site", "collections"]\nformats = ["atom", "json"]\n'
    project.write("pyproject.toml", CONFIG + 'title = "T"\n' + of).write(
        "blog/three.fr.md", "---\ntitle: Trois\ndate: 2026-01-03\n---\nx"
    ).build()
    assert project.problems == []
    told = {path: (*re.findall(r'xml:lang="(.*?)"', text), *re.findall(r"<title>(.*?)</title>", text))
            for path in project.tree() if path.endswith("feed.xml") and (text := project.file(path))}  # fmt: skip
    assert told == {
        "feed.xml": ("en", "T", "Two", "One"),
        "blog/feed.xml": ("en", "T: Blog", "Two", "One"),
        "fr/feed.xml": ("fr", "T (Français)", "Trois", "Un"),
        "fr/blog/feed.xml": ("fr", "T: Blog (Français)", "Trois", "Un"),
    }
    assert '"language": "fr"' in project.file("fr/blog/feed.json")
    named = r'<link rel="alternate" type="application/atom\+xml" title="(.*?)" href="(.*?)">'
    assert re.findall(named, project.html("/fr/install/")) == [("T (Français)", "/fr/feed.xml")]
    assert re.findall(named, project.html("/fr/blog/")) == [("T (Français)", "/fr/feed.xml")]
    assert re.findall(named, project.html("/install/")) == [("T", "/feed.xml")]
    project.write("blog/one.fr.md", "---\ntitle: Premier\ndate: 2026-01-01\n---\nx").delete(
        "blog/three.fr.md"
    ).build()
    assert project.tree() == project.clean_tree(tmp_path_factory.mktemp("clean"))


def test_a_language_without_posts_has_no_feed_and_names_those_of_the_site(project):
    project.delete("blog/one.fr.md").build()
    assert {path for path in project.tree() if path.endswith("feed.xml")} == {"feed.xml", "blog/feed.xml"}
    assert 'href="/feed.xml"' in project.html("/fr/install/").partition("</head>")[0]
