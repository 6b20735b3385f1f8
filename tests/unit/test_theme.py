"""The theme: what its templates do with what a site has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from generator.themes import BUILT_IN

if TYPE_CHECKING:
    from pathlib import Path

    from harness import Project

ASSETS = BUILT_IN / "assets"
FORM = 'class="newsletter"'
NEWSLETTER = '[tool.pressrun.newsletter]\naction = "https://example.org/subscribe"\n'


def docs_link(project: Project, url: str = "/") -> str | None:
    """Where "Docs" in the header leads."""
    match = re.search(r'<a href="([^"]+)"[^>]*>Docs</a>', project.html(url))
    return match and match[1]


def test_docs_leads_to_the_first_page_when_all_lie_in_folders(project: Project) -> None:
    project.write("content/index.md", "# Home\n")
    assert docs_link(project.build()) is None
    project.write("content/guide/b.md", "# B\n").write("content/guide/a.md", "---\nweight: 5\n---\n# A\n")
    project.write("content/ref/x.md", "# X\n").write("blog/p.md", "# P\n").build()
    assert docs_link(project) == docs_link(project, "/blog/p/") == "/guide/a/"
    project.write("content/guide/b.md", "---\nweight: 1\n---\n# B\n").build()
    assert docs_link(project, "/blog/p/") == "/guide/b/"


def test_docs_leads_somewhere_though_there_are_too_many_pages_for_a_navigation(project: Project) -> None:
    project.write("content/index.md", "# Home\n")
    for number in range(210):
        project.write(f"content/p{number:03}.md", "# P\n")
    assert docs_link(project.build()) == "/p000/"


def test_a_post_does_not_depend_on_the_titles_of_the_documentation(project: Project) -> None:
    project.write("content/a.md", "# A\n").write("content/b.md", "# B\n").write("blog/p.md", "# P\n").build()
    project.write("content/b.md", "# Bee\n").build()
    assert project.ran("render") == ["content/a.md", "content/b.md"]


def test_pages_without_a_weight_come_last_in_contents_and_in_previous_and_next(project: Project) -> None:
    """Home stands before all; a folder's page leads its section; sections without one weigh what their lightest page does."""
    project.write("content/index.md", "# Home\n").write("content/aaa.md", "# Unweighted\n")
    project.write("content/z.md", "---\nweight: 1\n---\n# First\n")
    project.write("content/m/index.md", "---\nweight: 2\n---\n# Middle\n").write(
        "content/m/y.md", "---\nweight: 9\n---\n# Y\n"
    )
    project.write("content/m/a.md", "# Unweighted of m\n").write(
        "content/k/x.md", "---\nweight: 3\n---\n# K\n"
    ).build()
    side = re.search(r'<nav aria-label="Documentation">(.*?)</nav>', project.html("/z/"), re.DOTALL)
    order = ["/z/", "/m/", "/m/y/", "/m/a/", "/k/x/", "/aaa/"]
    assert side
    assert re.findall(r'href="([^"]+)"', side[1]) == order
    for before, after in zip(["/", *order], order, strict=False):
        assert f'class="prev" href="{before}"' in project.main(after)
    assert 'class="next"' not in project.main("/aaa/")


def test_pages_of_the_future_are_marked_where_they_are_shown(project: Project) -> None:
    project.write("blog/soon.md", "---\ndate: 2030-01-01\n---\n# Soon\n").write(
        "content/later.md", "---\ndate: 2030-01-01\n---\n# L\n"
    )
    project.write("blog/both.md", "---\ndate: 2030-01-01\ndraft: true\n---\n# Both\n").write(
        "blog/now.md", "---\ndate: 2026-01-01\n---\n# Now\n"
    )
    project.build(drafts=True)
    assert 'class="draft">Scheduled<' in project.html("/blog/soon/")
    assert 'class="draft">Scheduled<' in project.html("/later/")
    assert 'class="draft">Draft<' in project.html("/blog/both/")
    assert "Scheduled" not in project.html("/blog/both/") + project.html("/blog/now/")
    assert project.html("/blog/").count("Scheduled") == project.html("/blog/").count(">Draft<") == 1
    assert "noindex" in project.html("/blog/soon/")
    assert "noindex" not in project.html("/blog/now/")


def test_the_badge_goes_when_the_day_has_come(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write("blog/soon.md", "---\ndate: 2027-01-01\n---\n# Soon\n").build(drafts=True)
    assert "Scheduled" in project.html("/blog/soon/")
    assert "Scheduled" in project.html("/blog/")
    monkeypatch.setattr("harness.EPOCH", "1861920000")  # 2029
    project.build(drafts=True)
    assert "Scheduled" not in project.html("/blog/soon/") + project.html("/blog/")


def test_the_newsletter_stands_on_posts_and_the_blogs_index_alone(project: Project) -> None:
    project.write("content/index.md", "# Home\n").write("content/a.md", "# A\n").write(
        "pyproject.toml", NEWSLETTER
    )
    for number in range(21):
        project.write(f"blog/p{number}.md", f"---\ndate: 2026-01-01\ntags: [t]\n---\n# P{number}\n")
    project.build()
    pages = {
        path.removesuffix("index.html") for path, data in project.tree().items() if FORM.encode() in data
    }
    assert pages == {"blog/", *(f"blog/p{number}/" for number in range(21))}
    project.write("templates/components/newsletter.html", "").build()
    assert not [path for path, data in project.tree().items() if FORM.encode() in data]


def test_the_newsletter_is_not_on_a_home_page_that_lists_posts(project: Project) -> None:
    project.write("blog/p.md", "# P\n").write("pyproject.toml", NEWSLETTER).build()
    assert FORM in project.html("/blog/")
    assert FORM not in project.html("/")


@pytest.mark.parametrize("base", ["", "https://example.org/sub/"])
def test_own_style_sheet_icon_and_head_are_taken_as_soon_as_they_exist(
    project: Project, tmp_path: Path, base: str
) -> None:
    project.write("content/index.md", "# Home\n").write(
        "pyproject.toml", f'[tool.pressrun]\nbase_url = "{base}"\n'
    ).build()
    assert "custom.css" not in project.html("/")
    assert re.search(r'rel="icon"[^>]* href="[^"]*/assets/favicon\.\w+\.svg"', project.html("/"))
    prefix = "/sub/" if base else "/"
    project.write("static/custom.css", ":root{}").write("static/favicon.ico", b"\0")
    project.write(
        "templates/components/custom-head.html", '<meta name="mine" content="{{ site.title }}">'
    ).build()
    head = project.html("/").partition("</head>")[0]
    assert f'<link rel="stylesheet" href="{prefix}custom.css">' in head
    assert f'<link rel="icon" href="{prefix}favicon.ico">' in head
    assert head.index("theme.") < head.index("custom.css") < head.index('name="mine"')
    project.write("static/favicon.svg", "<svg/>").build()
    assert f'<link rel="icon" type="image/svg+xml" href="{prefix}favicon.svg">' in project.html("/")
    project.delete("static/favicon.svg").delete("static/custom.css").build()
    assert project.tree() == project.clean_tree(tmp_path / "clean")


def test_the_footer_says_that_a_feed_is_one(project: Project) -> None:
    project.write("blog/p.md", "# P\n").write(
        "pyproject.toml", '[tool.pressrun]\ntitle = "Blue Shed"\nbase_url = "https://example.org/"\n'
    ).build()
    assert ">Blog feed</a>" in project.html("/blog/p/")


PHYSICAL = re.compile(
    r"(?:^|[{;\s])((?:(?:margin|padding|border|inset)-)?(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius|float)\s*:"
    r"|text-align:\s*(left|right)"
)
MEANT = (".pr-text-left", ".pr-text-right")
"""Where an author has asked for a side."""


@pytest.mark.parametrize("name", sorted(path.name for path in ASSETS.glob("*.css")))
def test_style_sheets_know_start_and_end_not_left_and_right(name: str) -> None:
    """So that pages in languages that are written from the right are mirrored by themselves."""
    css = re.sub(r"/\*.*?\*/", "", (ASSETS / name).read_text("utf-8"), flags=re.DOTALL)
    rules = [rule for rule in re.findall(r"[^{}]+\{[^{}]*\}", css) if not rule.strip().startswith(MEANT)]
    assert [rule.strip() for rule in rules if PHYSICAL.search(rule)] == []


def test_a_language_written_from_the_right_turns_pages_made_by_the_build_too(project: Project) -> None:
    project.write("pyproject.toml", '[tool.pressrun]\nlanguage = "he"\n').write("blog/a.md", "# A\n").build()
    for path in ("blog/index.html", "blog/a/index.html", "404.html"):
        assert '<html lang="he" dir="rtl">' in project.file(path)


def test_lists_have_a_description_for_search_engines(project: Project) -> None:
    project.write("blog/a.md", "---\ndate: 2026-01-01\ntags: [ink]\n---\n# A\n")
    project.write("pyproject.toml", '[tool.pressrun]\ntitle = "T"\ndescription = "About ink"\n').build()
    for url, heading in (("/blog/", "Blog"), ("/tags/", "Tags"), ("/blog/2026/", "Blog, 2026")):
        found = re.findall(r'<meta name="description" content="([^"]*)">', project.html(url))
        assert found == [f"{heading} · About ink"], url
    project.write("pyproject.toml", '[tool.pressrun]\ntitle = "T"\n').build()
    assert '<meta name="description" content="Blog · T">' in project.html("/blog/")


def test_english_words_keep_their_order_on_pages_written_from_the_right(project: Project) -> None:
    project.write("pyproject.toml", '[tool.pressrun]\nlanguage = "ar"\n')
    project.write("blog/a.md", "---\ndate: 2026-01-01\n---\n# A\n\nWords.\n").build()
    for url in ("/blog/", "/blog/a/"):
        assert "<bdi>1 min read</bdi>" in project.html(url)
    style = re.search(r'<link rel="stylesheet" href="/([^"]+)"', project.html("/blog/"))
    assert style
    assert "time { unicode-bidi: plaintext; }" in project.file(style[1])


def test_the_summary_of_a_post_is_its_first_words_not_what_its_first_image_shows(project: Project) -> None:
    dot = "![A red dot](dot.svg)"
    project.write("blog/dot.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    project.write(
        "blog/a.md", f"---\ndate: 2026-01-02\n---\n# A\n\n{dot}\n\n[{dot}](a.md)\n\nSee {dot} *this* dot.\n"
    )
    project.write("blog/b.md", f"---\ndate: 2026-01-01\n---\n# B\n\n{dot}\n")
    project.write("pyproject.toml", '[tool.pressrun]\ntitle = "T"\nbase_url = "https://e.example/"\n').build()
    assert project.problems == []
    assert '<meta name="description" content="See this dot.">' in project.html("/blog/a/")
    assert '"description":"See this dot."' in project.html("/blog/a/")
    assert re.findall(r"</h2>\n(.*)", project.html("/blog/")) == ["<p>See this dot.</p>", "</div>"]
    assert re.findall(r"<summary>(.*?)</summary>", project.file("feed.xml")) == ["See this dot.", ""]
    assert 'name="description"' not in project.html("/blog/b/")


def foot(project: Project, url: str) -> list[str]:
    """The words of the links in the foot of a page."""
    return re.findall(r"<li><a[^>]*>([^<]*)</a>", project.html(url).partition("<footer")[2])


def kicker(project: Project, url: str) -> list[tuple[str, str]]:
    """What stands above the heading of a list: where it leads, its words."""
    return re.findall(r'<p class="back kicker"><a href="([^"]*)">([^<]*)</a></p>\n<h1>', project.html(url))


TERMS = """[tool.pressrun]
title = "T"
author = "Ada"
languages = ["de"]
[tool.pressrun.collections.content]
folder = "content"
url = "/{path}/"
[tool.pressrun.collections.blog]
folder = "blog"
url = "/blog/{slug}/"
list = true
taxonomies = ["tags", "series", "authors", "topics"]
"""


def test_readers_find_the_lists_of_all_terms_and_what_a_list_is_of(project: Project) -> None:
    post = "---\ntitle: A\ndate: 2026-01-01\ntags: [ink]\nseries: Press\ntopics: [Lead]\n---\nx\n"
    project.write("content/index.md", "# Home\n").write("content/index.de.md", "# Haus\n")
    project.write("blog/a.md", post).write("blog/a.de.md", post).write("pyproject.toml", TERMS).build()
    assert project.problems == []
    for url in ("/", "/blog/", "/blog/a/", "/tags/ink/"):
        assert foot(project, url) == ["Authors", "Series", "Tags", "Topics"], url
    assert foot(project, "/de/blog/a/") == ["Autoren", "Serien", "Schlagwörter", "Topics"]
    assert "<h1>Schlagwörter</h1>" in project.html("/de/tags/")
    assert kicker(project, "/tags/ink/") == [("/tags/", "Tag")]
    assert kicker(project, "/series/press/") == [("/series/", "Series")]
    assert kicker(project, "/authors/ada/") == [("/authors/", "Author")]
    assert kicker(project, "/topics/lead/") == [("/topics/", "Topics")]
    assert kicker(project, "/de/authors/ada/") == [("/de/authors/", "Autor")]
    for url in ("/blog/", "/tags/", "/blog/2026/"):
        assert kicker(project, url) == []
    more = '[tool.pressrun.taxonomies.topics]\none = "Topic"\n[tool.pressrun.taxonomies.tags]\ntitle = "Labels"\n'
    project.write("pyproject.toml", TERMS + more).build()
    assert kicker(project, "/topics/lead/") == [("/topics/", "Topic")]
    assert kicker(project, "/tags/ink/") == [("/tags/", "Tag")]
    assert foot(project, "/de/blog/a/") == ["Autoren", "Serien", "Labels", "Topics"]
    project.write("content/authors/ada.md", "# Ada L.\n\nShe writes.\n").build()
    own = (
        '<p class="back kicker"><a href="/authors/">Author</a></p>\n<div class="prose"><h1 id="ada-l">Ada L.'
    )
    assert own in project.html("/authors/ada/")
    assert project.html("/authors/ada/").count("<h1") == 1
    project.write("content/authors/ada.md", "---\ntitle: Ada L.\n---\nShe writes.\n").build()
    assert kicker(project, "/authors/ada/") == [("/authors/", "Author")]


def test_a_home_page_without_a_text_of_its_own_shows_what_the_site_is_about(project: Project) -> None:
    project.write("blog/a.md", "# A\n\nx\n")
    project.write("pyproject.toml", '[tool.pressrun]\ntitle = "T"\ndescription = "Notes on <ink>"\n').build()
    assert '<h1>T</h1>\n<p class="lead">Notes on &lt;ink&gt;</p>' in project.main("/")
    assert 'class="lead"' not in project.main("/blog/")
    project.write("content/index.md", "# Hello\n\nOur own words.\n").build()
    assert 'class="lead"' not in project.main("/")


def test_the_links_that_hand_a_post_on_are_named_by_what_they_do(project: Project) -> None:
    project.write("blog/a.md", "# A\n\nx\n").write("content/index.md", "# Home\n")
    config = '[tool.pressrun]\ntitle = "T"\nlanguage = "{}"\nbase_url = "https://e.example/"\n'
    for language, word in (("en", "Share"), ("de", "Teilen")):
        project.write("pyproject.toml", config.format(language)).build()
        opening = f'<nav class="share" aria-labelledby="share-title">\n<p id="share-title">{word}</p>'
        assert opening in project.html("/blog/a/")
