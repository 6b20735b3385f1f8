"""Site: who is published, in which order, and under which URL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from harness import Project


def test_drafts_future_and_expired_pages_reach_no_byte_of_the_output(project: Project) -> None:
    """A token of its own in each place of each page; only the name of a held-back page may stand nowhere too."""
    project.write("pyproject.toml", '[tool.pressrun]\nbase_url = "https://x.example/"\n')
    held = {"draft": "draft: true", "future": "date: 2099-01-01", "expired": "expires: 2000-01-01"}
    for name, line in held.items():
        page = f"---\ntitle: T{name}token\n{line}\ntags: [g{name}token]\ndescription: D{name}token\naliases: [/a{name}token/]\n---\nB{name}token\n"
        project.write(f"blog/u{name}token.md", page)
    project.write("blog/2098-01-01-nfuturetoken.md", "# Nfuturetoken\n")
    project.write("blog/shown.md", "---\ndate: 2026-01-01\ntags: [t]\n---\nshown\n").build()
    assert project.problems == []
    everything = b"\0".join([path.encode() + b"\0" + data for path, data in project.tree().items()])
    assert b"shown" in everything
    assert b"token" not in everything
    assert sorted(project.last.withheld.values()) == ["draft", "expired", "future", "future"]
    project.build(drafts=True)
    everything = b"\0".join([path.encode() + b"\0" + data for path, data in project.tree().items()])
    for name in held:
        for place in "TgDaBu":
            assert f"{place}{name}token".encode() in everything, (place, name)
    project.build()
    assert not [path for path, data in project.tree().items() if "token" in path or b"token" in data]


def test_a_page_is_published_from_its_moment_on(project: Project) -> None:
    """The tests' now is 21 November 2026, 00:00 UTC."""
    for name, line in {
        "now": "date: 2026-11-21", "soon": "date: 2026-11-21 00:01", "east": "date: 2026-11-21 00:01 +02:00",
        "gone": "expires: 2026-11-21", "still": "expires: 2026-11-22",
    }.items():  # fmt: skip
        project.write(f"content/{name}.md", f"---\n{line}\n---\n")
    project.build()
    assert project.last.withheld == {"content/soon.md": "future", "content/gone.md": "expired"}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"content/a.md": "x", "content/b.md": "---\npermalink: /a/\n---\n"},
         "content/b.md:2: error: two pages have one URL, /a/: content/a.md has it already"),
        ({"content/A.md": "x", "content/a.md": "x"},
         "content/a.md: error: two URLs differ only in case: /a/ and /A/: content/A.md has it already"),
        ({"content/a.md": "x", "content/a/index.md": "x"},
         "content/a/index.md: error: two pages have one URL, /a/: content/a.md has it already"),
        ({"content/a.md": "x", "content/b.md": "---\naliases: [/a/]\n---\n"},
         "content/b.md:2: error: two pages have one URL, /a/: content/a.md has it already"),
        ({"content/a.md": "x", "static/a/index.html": "x"},
         "static/a/index.html: error: two pages have one URL, /a/index.html: content/a.md has it already"),
        ({"content/a.md": "---\npermalink: /x.html\n---\n", "content/b.md": "---\npermalink: /x.html/y/\n---\n"},
         "content/b.md: error: the URL /x.html/y/ lies below /x.html, which is a file: content/a.md has it already"),
        ({"content/a.md": "x", "content/b.md": "---\naliases: [/" + "x" * 256 + "/]\n---\n"},
         "content/b.md: error: the URL is too long: more than 255 bytes between two slashes, or 1000 in all"),
        ({"content/a.md": "---\npermalink: /x.html\n---\n", "content/b.md": "---\naliases: [/x.html/y/]\n---\n"},
         "content/b.md: error: the URL /x.html/y/ lies below /x.html, which is a file: content/a.md has it already"),
        ({"content/a.md": "---\nslug: " + "x" * 256 + "\n---\n"},
         "content/a.md: error: the URL is too long: more than 255 bytes between two slashes, or 1000 in all"),
    ],
)  # fmt: skip
def test_of_two_sources_with_one_url_the_second_is_named_and_left_out(
    project: Project, files: dict[str, str], message: str
) -> None:
    project.write("content/ok.md", "ok")
    for path, text in files.items():
        project.write(path, f"{text}\nThe text of {path}\n")
    project.build()
    assert [p for p in project.problems if "error" in p] == [message]
    assert project.html("/ok/")
    loser = message.partition(":")[0]
    if "aliases" not in files[loser]:  # whose page is published, and only its redirect is not
        assert not [path for path, data in project.tree().items() if f"The text of {loser}".encode() in data]
    for path in files.keys() - {loser}:
        assert [made for made, data in project.tree().items() if f"The text of {path}".encode() in data]


def test_a_tag_that_no_file_can_be_named_after_has_no_list(project: Project) -> None:
    project.write("blog/a.md", f"---\ntags: [{'x' * 256}]\n---\n").write("blog/b.md", "b").build()
    assert len(project.problems) == 1
    assert project.problems[0].startswith("the list “xxx")
    assert project.html("/blog/b/")


def test_an_alias_that_is_the_pages_own_url_is_no_conflict(project: Project) -> None:
    project.write("content/a.md", "---\naliases: [/a/, /old, /old/]\n---\n").build()
    assert project.problems == []
    assert "/a/" in project.html("/old/")


def test_an_authors_own_file_wins_over_one_that_pressrun_makes(project: Project) -> None:
    project.write("pyproject.toml", '[tool.pressrun]\nbase_url = "https://x.example/"\n')
    for path in ("robots.txt", "sitemap.xml", "blog/feed.xml", "404.html"):
        project.write(f"static/{path}", "mine")
    project.write("blog/a.md", "---\ndate: 2026-01-01\n---\n").build()
    assert project.problems == []
    assert [project.file(path) for path in ("robots.txt", "sitemap.xml", "blog/feed.xml", "404.html")] == [
        "mine"
    ] * 4
    assert project.build().written == []


def test_tags_that_differ_in_case_share_a_page_and_are_named(project: Project) -> None:
    project.write("blog/a.md", "---\ntags: [Python]\n---\n").write(
        "blog/b.md", "---\ntags: [python]\n---\n"
    ).build()
    assert len(project.problems) == 1
    assert project.problems[0].endswith("both are listed on one page")


@pytest.mark.parametrize(
    "tag", ["../x", "a/b", "..", ".", "%2e%2e", "c#", "a?b", "é", "x y", "</script>", "\\..\\"]
)
def test_no_tag_leads_out_of_the_folder_of_tags(project: Project, tag: str) -> None:
    project.write("blog/a.md", f"---\ntags: ['{tag}']\n---\n").build()
    assert project.problems == []
    made = [path for path in project.tree() if path.startswith("tags/")]
    assert len(made) == 2
    assert all(".." not in path.split("/") and path.endswith("index.html") for path in made)
    assert not (project.root.parent / "x").exists()


def test_posts_stand_newest_first_and_the_order_does_not_depend_on_the_disk(project: Project) -> None:
    for name, date in (("b", "2026-01-02"), ("a", "2026-01-02"), ("c", "2026-01-03"), ("d", "")):
        project.write(f"blog/{name}.md", f"---\ntitle: Post {name}\ndate: {date}\n---\n")
    text = project.build().main("/blog/")
    assert project.problems == []
    assert sorted("abcd", key=lambda name: text.index(f"Post {name}")) == list("cabd")


def test_who_asked_for_a_url_that_another_page_has_is_told_the_line(project: Project) -> None:
    """Where an alias is the cause, the hint says so; an edit that moves the line is followed."""
    project.write("content/a.md", "a").write("content/c.md", "---\npermalink: /a/\n---\n")
    page = "---\ntitle: B\naliases:\n  - /old/\n  - /a/\n---\n"
    project.write("content/b.md", page).build()
    first = "content/c.md:2: error: two pages have one URL, /a/: content/a.md has it already\n    give one of them another slug or permalink"
    other = "content/b.md:{}: error: two pages have one URL, /a/: content/a.md has it already\n    an old URL of content/b.md leads there: take “/a/” out of its aliases, or give the other page another URL"
    assert [str(one) for one in project.last.problems] == [other.format(5), first]
    project.write("content/b.md", page.replace("title", "# moved\ntitle")).build()
    assert [str(one) for one in project.last.problems] == [other.format(6), first]
