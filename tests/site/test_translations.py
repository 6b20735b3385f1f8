"""Translations: `page.fr.md` is the French `page.md`; each language has its navigation and lists, and what is missing falls back."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

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
        "fr/index.html", "fr/install/index.html", "fr/blog/index.html", "fr/blog/2026/index.html", "fr/blog/one/index.html",
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


def test_the_way_through_the_pages_begins_at_the_home_page_of_each_language(project):
    project.write("content/use.fr.md", "---\ntitle: Utiliser\n---\nx").build()
    for home, first, title in (("/", "/install/", "Home"), ("/fr/", "/fr/install/", "Accueil")):
        assert 'rel="prev"' not in project.html(home)
        assert hrefs(project.html(first), r'<a class="prev".*?</a>')[0][0] == home, title


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


TAGGED = '[tool.pressrun.collections.content]\n[tool.pressrun.collections.blog]\ntaxonomies = ["tags", "series", "authors"]\n'


@pytest.fixture
def tagged(project):
    """Three posts, two of them French too: one tag that both languages have, one in each of them alone."""
    project.write("pyproject.toml", CONFIG + 'title = "T"\n' + TAGGED)
    for path, title, day, rest in (
        ("one", "One", "2025-01-01", "tags: [paper, ink]\nseries: Ways\nauthor: Ann"), ("one.fr", "Un", "2025-01-01", "tags: [paper, encre]\nseries: Ways\nauthor: Ann"),
        ("two", "Two", "2026-01-02", "tags: [paper, ink]\nseries: Ways\nauthor: Ben"), ("three", "Three", "2026-01-03", "tags: [ink]"),
        ("three.fr", "Trois", "2026-01-03", "tags: [encre]"),
    ):  # fmt: skip
        project.write(f"blog/{path}.md", f"---\ntitle: {title}\ndate: {day}\n{rest}\n---\nx\n")
    return project


def entries(html):
    return re.findall(r'<h2><a href="([^"]*)">', html)


def test_each_language_has_lists_of_its_terms(tagged):
    """With its own pages, and originals where there is none; terms that no page of the language has stay where they are."""
    tagged.build()
    assert tagged.problems == []
    lists = ("tags/", "series/", "authors/", "blog/20")
    made = {p.removesuffix("index.html") for p in tagged.tree() if p.removeprefix("fr/").startswith(lists)}
    assert made == {
        "tags/", "tags/ink/", "tags/paper/", "series/", "series/ways/", "authors/", "authors/ann/", "authors/ben/", "blog/2025/", "blog/2026/",
        "fr/tags/", "fr/tags/encre/", "fr/tags/paper/", "fr/series/", "fr/series/ways/", "fr/authors/", "fr/authors/ann/", "fr/blog/2025/", "fr/blog/2026/",
    }  # fmt: skip
    assert entries(tagged.html("/fr/tags/encre/")) == ["/fr/blog/three/", "/fr/blog/one/"]
    assert entries(tagged.html("/fr/tags/paper/")) == ["/blog/two/", "/fr/blog/one/"]
    assert entries(tagged.html("/tags/paper/")) == ["/blog/two/", "/blog/one/"]
    every = r'<ul class="all-tags">.*?</ul>'
    assert re.findall(r'<a href="(.*?)"><span>(.*?)</span> <span class="count">(\d)', re.search(every, tagged.html("/fr/tags/"), re.DOTALL)[0]) == [
        ("/fr/tags/encre/", "encre", "2"), ("/fr/tags/paper/", "paper", "2")
    ]  # fmt: skip
    assert '<html lang="fr">' in tagged.html("/fr/tags/")
    assert '<html lang="fr">' in tagged.html("/fr/tags/encre/")
    assert '<a href="/fr/tags/">Étiquettes</a>' in tagged.html("/fr/blog/one/")
    assert '<a href="/tags/">Tags</a>' in tagged.html("/blog/one/")


def test_the_terms_of_a_translation_lead_to_lists_in_its_language(tagged):
    tagged.build()
    french, english = tagged.html("/fr/blog/one/"), tagged.html("/blog/one/")
    tags = r'<nav class="tags".*?</nav>'
    assert hrefs(french, tags) == [("/fr/tags/paper/", "paper"), ("/fr/tags/encre/", "encre")]
    assert hrefs(english, tags) == [("/tags/paper/", "paper"), ("/tags/ink/", "ink")]
    for path in ("series/ways", "authors/ann"):
        assert f'href="/fr/{path}/"' in french
        assert f'href="/{path}/"' not in french
        assert f'href="/{path}/"' in english
        assert f'href="/fr/{path}/"' not in english
    parts = r'<nav class="series".*?</nav>'
    assert hrefs(french, parts) == hrefs(english, parts) == [("/blog/two/", "Two")]
    rows = re.findall(r'<ul class="tag-row">.*?</ul>', tagged.html("/fr/blog/"), re.DOTALL)
    assert [hrefs(row) for row in rows] == [
        [("/fr/tags/encre/", "encre")],
        [("/tags/paper/", "paper"), ("/tags/ink/", "ink")],
        [("/fr/tags/paper/", "paper"), ("/fr/tags/encre/", "encre")],
    ]


def test_the_archives_of_a_language_are_its_own(tagged):
    tagged.build()
    years = r'<nav class="years".*?</nav>'
    assert hrefs(tagged.html("/fr/blog/"), years) == [("/fr/blog/2026/", "2026"), ("/fr/blog/2025/", "2025")]
    assert hrefs(tagged.html("/blog/"), years) == [("/blog/2026/", "2026"), ("/blog/2025/", "2025")]
    lines = r"</time> <a href=\"(.*?)\">(.*?)</a>"
    archive = tagged.html("/fr/blog/2026/")
    assert re.findall(lines, archive) == [("/fr/blog/three/", "Trois"), ("/blog/two/", "Two")]
    assert '<p class="back"><a href="/fr/blog/">' in archive


def test_lists_have_a_switch_too(tagged):
    tagged.build()
    nav = r'<nav class="languages".*?</nav>'
    assert hrefs(tagged.html("/fr/tags/paper/"), nav) == [
        ("/tags/paper/", "English"),
        ("/fr/tags/paper/", "Français"),
    ]
    assert hrefs(tagged.html("/tags/ink/"), nav) == [("/tags/ink/", "English"), ("/fr/", "Français")]
    assert hrefs(tagged.html("/blog/2025/"), nav) == [
        ("/blog/2025/", "English"),
        ("/fr/blog/2025/", "Français"),
    ]
    tagged.write("blog/index.md", "# All posts\n").build()
    assert hrefs(tagged.html("/blog/"), nav) == [("/blog/", "English"), ("/fr/blog/", "Français")]
    assert hrefs(tagged.html("/fr/blog/"), nav) == [("/blog/", "English"), ("/fr/blog/", "Français")]
    tagged.write("blog/index.fr.md", "# Toutes\n").build()
    assert hrefs(tagged.html("/fr/blog/"), nav) == [("/blog/", "English"), ("/fr/blog/", "Français")]
    assert entries(tagged.html("/fr/blog/")) == ["/fr/blog/three/", "/blog/two/", "/fr/blog/one/"]


def test_the_sitemap_names_the_languages_of_pages_and_lists(tagged):
    """As search engines ask for: each URL of a group names all of them, itself too; unlisted pages are in no group."""
    tagged.write("content/use.fr.md", "---\ntitle: Usage\nunlisted: true\n---\nx").build()
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    found = {}
    for url in ET.fromstring(tagged.file("sitemap.xml")).findall("s:url", space):
        names = [child.tag.partition("}")[2] for child in url if not child.tag.endswith("}lastmod")]
        assert names == ["loc"] + ["link"] * (len(names) - 1)
        links = [
            (one.get("rel"), one.get("hreflang"), one.get("href")) for one in url.findall("x:link", space)
        ]
        found[url.findtext("s:loc", None, space)] = links
    base = "https://x.example"
    for path in (
        "/install/",
        "/tags/",
        "/tags/paper/",
        "/blog/",
        "/blog/2026/",
        "/blog/one/",
        "/authors/ann/",
        "/",
    ):
        group = [("alternate", "en", base + path), ("alternate", "fr", f"{base}/fr{path}")]
        assert found[base + path] == found[f"{base}/fr{path}"] == group
    assert [found[base + path] for path in ("/use/", "/blog/two/", "/tags/ink/", "/fr/tags/encre/")] == [
        []
    ] * 4
    assert f"{base}/fr/use/" not in found


def test_without_translations_the_sitemap_has_no_second_vocabulary(tmp_path):
    project = Project(tmp_path).write("pyproject.toml", CONFIG).write("content/index.md", "# A").build()
    assert "xhtml" not in project.file("sitemap.xml")


def test_terms_of_each_language_have_feeds_of_its_pages(tagged):
    of = '[tool.pressrun.feeds]\nof = ["site", "tags"]\nformats = ["atom"]\n'
    tagged.write("pyproject.toml", CONFIG + 'title = "T"\n' + TAGGED + of).build()
    assert tagged.problems == []
    told = {path: (*re.findall(r'xml:lang="(.*?)"', text), *re.findall(r"<title>(.*?)</title>", text))
            for path in tagged.tree() if path.endswith("feed.xml") and "tags/" in path and (text := tagged.file(path))}  # fmt: skip
    assert told == {
        "tags/ink/feed.xml": ("en", "T: ink", "Three", "Two", "One"),
        "tags/paper/feed.xml": ("en", "T: paper", "Two", "One"),
        "fr/tags/encre/feed.xml": ("fr", "T: encre (Français)", "Trois", "Un"),
        "fr/tags/paper/feed.xml": ("fr", "T: paper (Français)", "Un"),
    }
    assert (
        '<link rel="alternate" type="application/atom+xml" title="T: encre (Français)" href="/fr/tags/encre/feed.xml">'
        in tagged.html("/fr/tags/encre/")
    )


def test_a_term_that_comes_or_goes_in_a_language_is_noticed_everywhere(tagged, tmp_path_factory):
    tagged.build()
    original = (tagged.root / "blog/one.fr.md").read_text()
    for number, edit in enumerate(("tags: [paper, encre, plomb]", "tags: []", "tags: [Paper, encre]")):
        tagged.write("blog/one.fr.md", original.replace("tags: [paper, encre]", edit)).build()
        assert tagged.tree() == tagged.clean_tree(tmp_path_factory.mktemp(f"clean{number}"))
    tagged.delete("blog/one.fr.md").delete("blog/three.fr.md").build()
    assert tagged.tree() == tagged.clean_tree(tmp_path_factory.mktemp("bare"))
    assert not any(path.startswith(("fr/tags", "fr/blog")) for path in tagged.tree())


def test_two_spellings_of_a_term_in_one_language_are_told(tagged):
    tagged.write("blog/three.fr.md", "---\ntitle: Trois\ndate: 2026-01-03\ntags: [Encre]\n---\nx").build()
    assert tagged.problems == [
        "blog/one.fr.md: warning: the tag “encre” is also written “Encre”; both are listed on one page"
    ]
    assert entries(tagged.html("/fr/tags/encre/")) == ["/fr/blog/three/", "/fr/blog/one/"]
