"""Navigation: folders and weights by themselves; `nav` and `_nav.yml` where authors want another order."""

from __future__ import annotations

import re

import pytest
from harness import Project


@pytest.fixture
def project(tmp_path):
    made = Project(tmp_path)
    made.write("templates/page.html", NAV)
    for name in (
        "index",
        "install",
        "about",
        "guide/index",
        "guide/first",
        "guide/second",
        "guide/deep/third",
    ):
        made.write(f"content/{name}.md", f"---\ntitle: {name.rpartition('/')[2].title()}\n---\nx")
    return made


NAV = """{% macro show(nodes) %}{% for n in nodes %}{{ n.title }}={{ n.url }}
{% if n.children %}({{ show(n.children) }}){% endif %}
 {% endfor %}{% endmacro %}<nav>{{ show(site.nav) }}</nav>
<p>{{ page.previous.title if page.previous }}|{{ page.next.title if page.next }}|{% for c in page.breadcrumbs %}{{ c.title }}={{ c.url }};{% endfor %}</p>"""


def nav(project, url="/install/"):
    found = re.search(r"<nav>(.*)</nav>", project.html(url), re.DOTALL)[1]
    return (
        re.sub(r"\s*\)\s*", ") ", re.sub(r"\s+", " ", found))
        .strip()
        .replace("= (", "=(")
        .replace("/ (", "/(")
    )


def way(project, url):
    return re.search(r"<p>(.*)</p>", project.html(url))[1]


def test_without_an_order_folders_and_addresses_give_it(project):
    project.build()
    assert project.problems == []
    assert nav(project) == (
        "About=/about/ Index=/guide/(First=/guide/first/ Second=/guide/second/ Deep=(Third=/guide/deep/third/) ) "
        "Install=/install/"
    )
    assert way(project, "/guide/first/") == "Index|Second|Index=/guide/;"
    assert way(project, "/guide/deep/third/") == "Second|Install|Index=/guide/;Deep=;"


ORDERED = """[tool.pressrun]
nav = [
  "install.md",
  { "Handbook" = ["guide/second.md", { "One" = "guide/first.md" }, "guide/deep/"] },
  { "Elsewhere" = "https://else.example/" },
  "content/about.md",
  "guide/index.md",
]
"""


def test_the_configuration_orders_and_titles_all_pages(project):
    project.write("pyproject.toml", ORDERED).build()
    assert project.problems == []
    assert nav(project) == (
        "Install=/install/ Handbook=(Second=/guide/second/ One=/guide/first/ Deep=(Third=/guide/deep/third/) ) "
        "Elsewhere=https://else.example/ About=/about/ Index=/guide/"
    )
    assert way(project, "/guide/first/") == "Second|Third|Handbook=;"


def test_a_folder_orders_its_own_pages_and_the_rest_follows(project):
    project.write(
        "content/guide/_nav.yml",
        "title: The guide\nitems:\n  - Two: second.md\n  - ...\n  - Code: https://x.example\n",
    )
    project.write("content/_nav.yml", "- install.md\n- guide/\n- ...\n").build()
    assert project.problems == []
    assert nav(project) == (
        "Install=/install/ The guide=/guide/(Two=/guide/second/ First=/guide/first/ Deep=(Third=/guide/deep/third/) "
        "Code=https://x.example) About=/about/"
    )
    assert way(project, "/guide/second/") == "Index|First|The guide=/guide/;"
    assert not (project.root / "site/_nav.yml").exists()


def test_an_edit_of_an_order_builds_the_pages_that_show_it(project):
    project.write("content/_nav.yml", "- install.md\n- ...\n").build()
    project.write("content/_nav.yml", "- about.md\n- ...\n").build()
    assert nav(project).startswith("About=/about/ ")
    assert (project.ran("load"), project.ran("compose"), len(project.ran("render"))) == ([], [], 7)


def test_a_page_missing_from_an_order_is_reported(project):
    project.write("pyproject.toml", '[tool.pressrun]\nnav = ["install.md", "guide/"]\n')
    project.write("content/guide/_nav.yml", "- first.md\n- second.md\n").build()
    assert project.problems == [
        "content/about.md: warning: is missing from the navigation in pyproject.toml",
        "content/guide/deep/third.md: warning: is missing from the navigation in content/guide/_nav.yml",
    ]
    assert project.hints == ["name it there, write ... for all others, or set unlisted: true"] * 2
    assert "About" not in nav(project)


WRONG = {
    "- instal.md\n- ...\n": (
        ["content/_nav.yml:1:3: error: the navigation names “instal.md”: no such page or folder"],
        ["did you mean “install.md”?"],
    ),
    "- install.md\n- Again: install.md\n- ...\n": (
        ["content/_nav.yml:2:10: error: the navigation names “install.md” twice"],
        [""],
    ),
    "- [x]\n- ...\n": (
        [
            "content/_nav.yml:1:3: error: this is no item of a navigation; expected a path, or a title with a path, "
            "a URL or a list of these"
        ],
        [""],
    ),
    "itmes: []\n": (
        [
            "content/_nav.yml:1:1: error: “itmes” is no key of a navigation; expected title (text) and items (a list)"
        ],
        ["did you mean “items”?"],
    ),
    "just text\n": (
        ["content/_nav.yml:1:1: error: a navigation must be a list, or a mapping of title and items"],
        [""],
    ),
    "- draft.md\n- ...\n": (
        [
            "content/_nav.yml:1:3: info: the navigation names “draft.md”, which is not published (draft); "
            "it is left out"
        ],
        [""],
    ),
}


@pytest.mark.parametrize("text", WRONG, ids=lambda text: text[:12])
def test_what_is_wrong_in_an_order_is_told_with_its_place(project, text):
    project.write("content/draft.md", "---\ndraft: true\n---\n")
    project.write("content/_nav.yml", text).build()
    assert (project.problems, project.hints) == WRONG[text]


WRONG_CONFIG = {
    '[tool.pressrun]\nnav = "x"\n': "pyproject.toml:2:1: error: “nav” must be a list of paths and titles, not 'x'",
    "[tool.pressrun]\nnav = [3]\n": (
        "pyproject.toml:2:1: error: “nav” has an item that is neither a path nor a title with a path or a list: 3"
    ),
    '[tool.pressrun]\nnav = [\n  "...",\n  "instal.md",\n]\n': (
        "pyproject.toml:4:1: error: the navigation names “instal.md”: no such page or folder"
    ),
}


@pytest.mark.parametrize("text", WRONG_CONFIG, ids=range(len(WRONG_CONFIG)))
def test_what_is_wrong_in_the_configuration_s_order_has_its_line(project, text):
    project.write("pyproject.toml", text).build()
    assert project.problems == [WRONG_CONFIG[text]]


def test_the_theme_shows_the_way_to_a_page(project):
    project.delete("templates/page.html").build()
    crumbs = re.search(r'<nav class="crumbs".*?</nav>', project.html("/guide/deep/third/"), re.DOTALL)[0]
    assert re.findall(r"<li>(.*?)</li>", crumbs) == ['<a href="/guide/">Index</a>', "Deep"]
    assert "crumbs" not in project.html("/install/")


def test_pages_of_the_menu_and_introductions_of_lists_are_no_part_of_the_documentation(tmp_path):
    """A blog with a page about its author has that in its header, and no documentation."""
    project = Project(tmp_path).write(
        "pyproject.toml", '[tool.pressrun.collections.blog]\ntaxonomies = ["tags", "authors"]\n'
    )
    project.write("blog/a.md", "---\ntitle: A\ndate: 2026-01-01\nauthor: Ada Leaf\ntags: x\n---\nx")
    project.write("content/authors/ada-leaf.md", "---\ntitle: Ada\n---\nShe writes.")
    project.write("content/tags/index.md", "---\ntitle: All tags\n---\nx").write(
        "content/blog.md", "---\ntitle: The blog\n---\nx"
    )
    project.write("content/about.md", "---\ntitle: About\nmenu: true\nweight: 2\n---\nx")
    project.write("content/contact.md", "---\ntitle: Contact\nmenu: true\nweight: 1\n---\nx").build()
    assert project.problems == []
    head = r'<nav class="head-nav".*?</nav>'
    for url in ("/blog/a/", "/authors/ada-leaf/", "/about/", "/tags/"):
        assert re.findall(r">([^<>]+)</a>", re.search(head, project.html(url), re.DOTALL)[0]) == [
            "Blog",
            "Contact",
            "About",
        ]
        assert 'rel="next"' not in project.html(url)
    assert 'href="/about/" aria-current="page"' in project.html("/about/")
    project.write("content/guide.md", "---\ntitle: Guide\n---\nx").build()
    shown = re.search(head, project.html("/about/"), re.DOTALL)[0]
    assert re.findall(r">([^<>]+)</a>", shown) == ["Docs", "Blog", "Contact", "About"]
    assert shown.count("aria-current") == 1
