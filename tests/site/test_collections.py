"""Collections: any number of them, what their folders say for their pages, and the lists that their pages stand in."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner
from harness import Project

from generator.cli import main

PIXEL = (
    b"GIF87a\x01\x00\x01\x00\x80"
    + bytes(8)
    + b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x08\x04\x00\x01\x04\x04\x00;"
)
"""A picture of one black dot."""


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


TWO = """
[tool.pressrun.collections.notes]
folder = "notes"
url = "/n/{slug}/"
order = "title"
list = true
taxonomies = ["topics", "authors", "series"]
[tool.pressrun.collections.recipes]
folder = "kitchen/recipes"
url = "/eat/{path}/"
template = "post.html"
[tool.pressrun.taxonomies.topics]
key = "topic"
title = "All topics"
order = "title"
"""


def hrefs(html: str) -> list[str]:
    return re.findall(r'<h2><a href="([^"]*)"', html)


def test_collections_have_their_own_folder_url_order_and_template(project):
    project.write("pyproject.toml", TWO)
    project.write("notes/b.md", "---\ntitle: Aa\n---\nx").write("notes/a.md", "---\ntitle: Zz\n---\nx")
    project.write("kitchen/recipes/soup/leek.md", "---\ntitle: Leek\n---\nx").build()
    assert project.problems == []
    assert hrefs(project.html("/n/")) == ["/n/b/", "/n/a/"]
    assert 'class="kind-post"' in project.html("/eat/soup/leek/")


def test_any_key_can_be_a_taxonomy_with_a_list_for_each_term(project):
    project.write("pyproject.toml", TWO)
    project.write("kitchen/recipes/a.md", "x")
    project.write("notes/b.md", "---\ntitle: Beta\ntopic: Paper\nauthor: [Ada, Bob]\n---\nx")
    project.write("notes/a.md", "---\ntitle: Alpha\ntopic: [Paper, Ink]\n---\nx").build()
    assert project.problems == []
    assert hrefs(project.html("/topics/paper/")) == ["/n/a/", "/n/b/"]
    assert hrefs(project.html("/topics/ink/")) == ["/n/a/"]
    assert "<h1>All topics</h1>" in project.html("/topics/")
    assert hrefs(project.html("/authors/bob/")) == ["/n/b/"]
    assert not (project.root / "site/tags").exists()


def test_a_configured_collection_leaves_the_folders_of_known_names_alone(project):
    """A table for the blog says only what is other there; `content` goes on by itself, and a folder inside it may be another one's."""
    project.write("content/a.md", "---\ntitle: Aa\n---\nx").write(
        "content/notes/n.md", "---\ntitle: Nn\n---\nx"
    )
    project.write("blog/b.md", "---\ntitle: Bb\ndate: 2026-01-01\nauthor: Ada\ntags: x\n---\nx")
    rows = '[tool.pressrun.collections.blog]\ntaxonomies = ["tags", "authors"]\n'
    project.write("pyproject.toml", rows).build()
    assert project.problems == []
    assert hrefs(project.html("/authors/ada/")) == hrefs(project.html("/tags/x/")) == ["/blog/b/"]
    assert "<h1" in project.html("/a/")
    rows = '[tool.pressrun.collections.notes]\nfolder = "content/notes"\nurl = "/n/{path}/"\n'
    project.write("pyproject.toml", rows).build()
    assert project.problems == []
    for url in ("/a/", "/blog/b/", "/n/n/"):
        assert "<h1" in project.html(url)
    assert not (project.root / "site/notes").exists()


def test_a_page_at_the_url_of_an_author_introduces_the_list_of_their_pages(project):
    project.write("pyproject.toml", TWO)
    project.write("notes/b.md", "---\ntitle: Beta\nauthor: Ada\n---\nx")
    project.write("content/authors/ada.md", "---\ntitle: Ada L.\n---\nShe *writes*.")
    project.write(
        "pyproject.toml", TWO + '[tool.pressrun.collections.content]\nfolder = "content"\nurl = "/{path}/"\n'
    ).build()
    assert "She <em>writes</em>." in project.main("/authors/ada/")
    assert hrefs(project.html("/authors/ada/")) == ["/n/b/"]


def test_a_page_that_names_no_author_stands_in_the_list_of_the_site_s_author(project):
    blog = '[tool.pressrun.collections.blog]\nfolder = "blog"\nurl = "/blog/{slug}/"\nlist = true\ntaxonomies = ["authors"]\n'
    site = (
        '[tool.pressrun]\ntitle = "T"\nauthor = "Ada"\nbase_url = "https://e.example/"\nlanguages = ["fr"]\n'
    )
    feeds = '[tool.pressrun.feeds]\nof = ["authors"]\n'
    project.write("blog/mine.md", "---\ntitle: Mine\ndate: 2026-01-02\n---\nx")
    project.write("blog/mine.fr.md", "---\ntitle: Le mien\ndate: 2026-01-02\n---\nx")
    project.write("blog/hers.md", "---\ntitle: Hers\ndate: 2026-01-01\nauthor: Bea\n---\nx")
    project.write("content/index.md", "# Home").write("pyproject.toml", site + blog + feeds).build()
    assert project.problems == []
    assert hrefs(project.html("/authors/ada/")) == ["/blog/mine/"]
    assert hrefs(project.html("/authors/bea/")) == ["/blog/hers/"]
    assert hrefs(project.html("/fr/authors/ada/")) == ["/fr/blog/mine/"]
    assert '<a href="/authors/ada/" rel="author">Ada</a>' in project.html("/blog/mine/")
    assert '"author":[{"@type":"Person","name":"Ada"}]' in project.html("/blog/mine/")
    assert "<title>Mine</title>" in project.file("authors/ada/feed.xml")
    project.write("pyproject.toml", site.replace("Ada", "Cy") + blog + feeds).build()
    assert hrefs(project.html("/authors/cy/")) == ["/blog/mine/"]
    assert not (project.root / "site/authors/ada").exists()
    project.write("pyproject.toml", site.replace("Ada", "") + blog + feeds).build()
    assert [one.name for one in (project.root / "site/authors").iterdir() if one.is_dir()] == ["bea"]
    assert 'rel="author"' not in project.html("/blog/mine/")


def test_templates_know_the_terms_of_a_page_by_the_site_s_author(project):
    project.write("pyproject.toml", TWO + '[tool.pressrun]\nauthor = "Ada"\n').write(
        "kitchen/recipes/a.md", "x"
    )
    project.write("notes/a.md", "---\ntitle: A\n---\nx")
    project.write("templates/page.html", "{{ page.terms }}").build()
    assert project.problems == []
    assert (
        project.file("n/a/index.html")
        == "{&#39;authors&#39;: [{&#39;name&#39;: &#39;Ada&#39;, &#39;url&#39;: &#39;/authors/ada/&#39;}]}"
    )


def test_a_term_that_is_no_text_is_an_error_with_its_place(project):
    project.write("pyproject.toml", TWO).write("notes/a.md", "---\ntopic:\n  - x: 1\n---\nx")
    project.write("kitchen/recipes/a.md", "x").build()
    assert project.problems == [
        "notes/a.md:3:5: error: “topic” must be text or a list of text, not a mapping"
    ]


SERIES = "---\ntitle: {0}\ndate: 2026-01-0{1}\nseries: Press work\n---\nx"


def test_the_parts_of_a_series_know_each_other_in_order(project):
    for title, day in (("Two", 2), ("One", 1), ("Three", 3)):
        project.write(f"blog/{title.lower()}.md", SERIES.format(title, day))
    project.build()
    listed = re.search(r'<nav class="series".*?</nav>', project.html("/blog/two/"), re.DOTALL)[0]
    assert re.findall(r"<li>(.*?)</li>", listed) == [
        '<a href="/blog/one/">One</a>',
        '<span aria-current="page">Two</span>',
        '<a href="/blog/three/">Three</a>',
    ]
    assert hrefs(project.html("/series/press-work/")) == ["/blog/one/", "/blog/two/", "/blog/three/"]
    project.write("blog/three.md", SERIES.format("Third", 3)).build()
    assert "Third" in project.html("/blog/one/")


def test_a_new_title_outside_the_series_leaves_its_parts_alone(project):
    project.write("blog/one.md", SERIES.format("One", 1)).write("blog/two.md", SERIES.format("Two", 2))
    project.write("blog/other.md", "---\ntitle: Other\ndate: 2020-01-01\n---\nx")
    project.write("blog/older.md", "---\ntitle: Older\ndate: 2019-01-01\n---\nx").build()
    project.write("blog/older.md", "---\ntitle: Oldest\ndate: 2019-01-01\n---\nx").build()
    assert project.ran("render") == ["blog/older.md", "blog/other.md"]


def test_a_folder_s_defaults_hold_for_its_pages_unless_they_say_otherwise(project):
    project.write("content/_defaults.yml", "author: Ada\ntoc: false\nlevel: easy\n")
    project.write("content/deep/_defaults.yml", "author: Bob\n")
    project.write("templates/page.html", "{{ page.author[0] }} {{ page.extra.level }} {{ page.title }}")
    project.write("content/a.md", "x").write("content/deep/b.md", "---\nlevel: hard\n---\nx")
    project.write("content/c.md", "---\nauthor: Cy\n---\nx").build()
    assert project.problems == []
    assert [project.html(u) for u in ("/a/", "/deep/b/", "/c/")] == ["Ada easy A", "Bob hard B", "Cy easy C"]
    project.write("content/deep/_defaults.yml", "author: Bea\n").build()
    assert (project.ran("load"), project.html("/deep/b/")) == (["content/deep/b.md"], "Bea hard B")
    project.delete("content/deep/_defaults.yml").build()
    assert project.html("/deep/b/") == "Ada hard B"
    assert not (project.root / "site/_defaults.yml").exists()


def test_a_folder_of_drafts_is_published_page_by_page(project):
    project.write("content/_defaults.yml", "draft: true\n")
    project.write("content/a.md", "x").write("content/b.md", "---\ndraft: false\n---\nx").build()
    assert (project.last.withheld, project.last.pages) == ({"content/a.md": "draft"}, 1)


def test_the_configuration_gives_a_collection_its_defaults(project):
    project.write(
        "pyproject.toml",
        TWO + '[tool.pressrun.collections.notes.defaults]\nauthor = ["Ada"]\ndate = 2026-01-02\n',
    )
    project.write("notes/a.md", "x").write("kitchen/recipes/b.md", "x").build()
    assert project.problems == []
    assert hrefs(project.html("/authors/ada/")) == ["/n/a/"]
    assert "2026-01-02" in project.html("/n/a/") or "2 January 2026" in project.html("/n/")


WRONG_DEFAULTS = {
    "weight: x\ndraft: maybe\n": [
        "content/_defaults.yml:1:9: error: “weight” must be a whole number, not 'x'",
        "content/_defaults.yml:2:8: error: “draft” must be true or false, not 'maybe'",
    ],
    "slug: one\n": ["content/_defaults.yml:1:1: error: “slug” belongs to one page and cannot be a default"],
    "- a\n": ["content/_defaults.yml:1:1: error: defaults must be a mapping (key: value)"],
    "a: [\n": [
        "content/_defaults.yml:2:1: error: not valid YAML: while parsing a flow node "
        "did not find expected node content"
    ],
    "autor: Ada\n": [
        "content/_defaults.yml:1:1: warning: “autor” means nothing to Pressrun; it is kept for templates"
    ],
}


@pytest.mark.parametrize("text", WRONG_DEFAULTS, ids=lambda text: text[:10])
def test_a_wrong_default_is_a_problem_with_its_place(project, text):
    project.write("content/_defaults.yml", text).write("content/a.md", "x").build()
    assert project.problems == WRONG_DEFAULTS[text]


def test_a_wrong_default_of_the_configuration_has_the_line_of_its_key(project):
    project.write(
        "pyproject.toml",
        '[tool.pressrun.collections.content]\n[tool.pressrun.collections.content.defaults]\nweight = "x"\ntitle = "T"\n',
    )
    project.write("content/a.md", "x").build()
    assert project.problems == [
        "pyproject.toml:3:1: error: “weight” must be a whole number, not 'x'",
        "pyproject.toml:4:1: error: “title” belongs to one page and cannot be a default",
    ]


def test_a_key_that_is_nearly_a_known_one_is_named(project):
    project.write("content/a.md", "---\ntitel: A\ntag: [x]\ncolour: red\n---\nx").build()
    assert project.problems == [
        "content/a.md:2:1: warning: “titel” means nothing to Pressrun; it is kept for templates",
        "content/a.md:3:1: warning: “tag” means nothing to Pressrun; it is kept for templates",
    ]
    assert project.hints == ["did you mean “title”?", "did you mean “tags”?"]


def test_a_key_that_is_nearly_one_of_those_kept_in_extra_is_named_too(project):
    matter = "imag_alt: x\nserch: false\ncanonial: x\nfaqs: []\nfeeds: true\nweight_kg: 2\n"
    right = "image_alt: x\nsearch: false\ncanonical: x\nfaq: []\nfeed: true\n"
    project.write("content/a.md", f"---\n{matter}{right}---\nx").build()
    assert project.problems == [
        f"content/a.md:{line}:1: warning: “{key}” means nothing to Pressrun; it is kept for templates"
        for line, key in enumerate(("imag_alt", "serch", "canonial", "faqs", "feeds"), 2)
    ]
    assert project.hints == [
        f"did you mean “{key}”?" for key in ("image_alt", "search", "canonical", "faq", "feed")
    ]


def test_a_bundle_s_folder_gives_its_date_and_its_files_travel_with_it(project):
    project.write("blog/2026-01-02-ink/index.md", "---\ntitle: Ink\n---\n![Pot](pot.gif)\n")
    project.write("blog/2026-01-02-ink/pot.gif", PIXEL).build()
    assert project.problems == []
    assert "2 January 2026" in project.html("/blog/ink/")
    assert re.findall(r'<img src="([^"]*)"', project.html("/blog/ink/")) == ["/blog/2026-01-02-ink/pot.gif"]


def test_the_files_of_a_bundle_that_is_held_back_are_held_back_with_it(project):
    project.write("blog/ink/index.md", "---\ndraft: true\n---\nx").write("blog/ink/deep/token.txt", "s3cret")
    project.write("blog/a.md", "[pot](ink/deep/token.txt)").build()
    assert not any(b"s3cret" in data for data in project.tree().values())
    assert project.problems == [
        "blog/a.md:1:7: error: broken link “ink/deep/token.txt”: its target is not published (draft)"
    ]


def test_an_unlisted_page_is_published_and_stands_in_no_list(project):
    project.write("pyproject.toml", '[tool.pressrun]\nbase_url = "https://x.example/"\n')
    project.write("blog/a.md", "---\ntitle: Hidden\ntags: [t]\nunlisted: true\ndate: 2026-01-01\n---\nx")
    project.write("blog/b.md", "---\ntitle: Seen\ntags: [t]\ndate: 2026-01-01\n---\nx")
    project.write("content/c.md", "---\ntitle: Hidden\nunlisted: true\n---\nx").write(
        "content/d.md", "x"
    ).build()
    assert '<meta name="robots" content="noindex">' in project.html("/blog/a/")
    showing = {path for path, data in project.tree().items() if b"Hidden" in data}
    assert showing == {"blog/a/index.html", "c/index.html"}
    assert "/blog/a/" not in project.file("sitemap.xml")


def listed(project, *words):
    result = CliRunner().invoke(
        main, ["list", *words, str(project.root)], env={"SOURCE_DATE_EPOCH": "1795219200"}
    )
    assert result.exit_code == 0, result.output
    return result.output


def test_list_tells_what_is_held_back_without_building(project):
    project.write("blog/a.md", "---\ntitle: A\ndraft: true\n---\nx").write(
        "blog/b.md", "---\ndate: 2030-01-02\n---\nx"
    )
    project.write("blog/c.md", "---\nexpires: 2020-01-01\n---\nx").write(
        "blog/d.md", "---\nunlisted: true\n---\nx"
    )
    project.write("blog/_defaults.yml", "expires: 2031-01-01\n").write("blog/e.md", "x")
    assert listed(project, "drafts") == "            blog/a.md  A\n"
    assert listed(project, "future") == "2030-01-02  blog/b.md  B\n"
    assert listed(project, "expired") == "2020-01-01  blog/c.md  C\n"
    assert listed(project, "unlisted") == "            blog/d.md  D\n"
    assert listed(project, "pages") == "            blog/d.md  D\n            blog/e.md  E\n"
    assert json.loads(listed(project, "future", "--json")) == [
        {"date": "2030-01-02", "path": "blog/b.md", "title": "B"}
    ]
    assert not (project.root / "site").exists()


WRONG_CONFIG = {
    '[tool.pressrun.collections.a]\ntaxonomies = ["Bad name"]\n': (
        "pyproject.toml:2:1: error: “taxonomies” must be names such as topics, not 'Bad name'"
    ),
    '[tool.pressrun.taxonomies.topics]\ntitle = "T"\n': (
        "pyproject.toml:1:1: error: no collection has the taxonomy “topics”"
    ),
    "[tool.pressrun]\ntaxonomies = 3\n": (
        "pyproject.toml:2:1: error: “taxonomies” must be tables; expected [tool.pressrun.taxonomies.NAME]"
    ),
    '[tool.pressrun.collections.a]\ntaxonomies = ["topics"]\n[tool.pressrun.taxonomies.topics]\norder = "newst"\n': (
        "pyproject.toml:4:1: error: “order” must be one of newest, oldest, path, title, weight, not 'newst'"
    ),
    '[tool.pressrun.collections.a]\ndialect = "flexdow"\n': (
        "pyproject.toml:2:1: error: “dialect” must be one of pressrun, mkdocs, flexdown, not 'flexdow'"
    ),
    '[tool.pressrun.collections.a]\nschema = "models.Post"\n': (
        "pyproject.toml:2:1: error: “schema” must be module:Class, such as models:Post, not 'models.Post'"
    ),
    "[tool.pressrun.collections.a]\ndefaults = 3\n": (
        "pyproject.toml:2:1: error: “defaults” must be a table; expected [tool.pressrun.collections.a.defaults]"
    ),
}


@pytest.mark.parametrize("text", WRONG_CONFIG, ids=range(len(WRONG_CONFIG)))
def test_a_wrong_setting_of_a_collection_is_an_error_with_its_line(project, text):
    project.write("pyproject.toml", text).write("a/x.md", "x").build()
    assert project.problems == [WRONG_CONFIG[text]]


def test_two_pages_of_one_id_are_an_error(project):
    project.write("content/a.md", "---\nid: x\n---\n").write("content/b.md", "---\nid: x\n---\n").build()
    assert project.problems == ["content/b.md: error: the id “x” is that of content/a.md already"]


def test_the_dialect_of_a_page_wins_over_that_of_its_collection_and_that_over_the_site_s(project):
    text = ":material-check: {1 + 1}\n"
    project.write("pyproject.toml", '[tool.pressrun.markdown]\ndialect = "mkdocs"\n[tool.pressrun.collections.content]\n'
                  '[tool.pressrun.collections.blog]\ndialect = "pressrun"\n')  # fmt: skip
    project.write("content/a.md", text).write("blog/b.md", text).write(
        "blog/c.md", "---\ndialect: mkdocs\n---\n" + text
    )
    project.write("blog/d.md", "---\ndialect: flexdown\n---\n" + text).build()
    assert project.problems == []
    shown = {url: project.main(url) for url in ("/a/", "/blog/b/", "/blog/c/", "/blog/d/")}
    wanted = ["✓ {1 + 1}", ":material-check: {1 + 1}", "✓ {1 + 1}", ":material-check: 2"]
    assert [words in html for words, html in zip(wanted, shown.values(), strict=True)] == [True] * 4


def test_a_dialect_that_does_not_exist_is_an_error_at_its_place(project):
    project.write("content/a.md", "---\ndialect: mkdoc\n---\nx\n").build()
    assert [str(problem) for problem in project.last.problems] == [
        "content/a.md:2:10: error: “dialect” must be one of pressrun, mkdocs, flexdown, not 'mkdoc'\n    did you mean “mkdocs”?"
    ]
