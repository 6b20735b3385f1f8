"""Routes: one place decides every URL, and no two sources get the same file."""

from __future__ import annotations

import pytest

from generator.config import Collection
from generator.frontmatter import FrontMatter
from generator.pages import Page
from generator.routes import Route, conflicts, file_route, route, route_of


def page(path: str, **matter: object) -> Page:
    """Make a page."""
    return Page(
        path,
        "c",
        path.rpartition("/")[2].removesuffix(".md"),
        FrontMatter(**matter),
        has_heading=False,
        runs_code=False,
    )  # type: ignore[arg-type]


CONTENT = Collection("c", "content", "/{path}/")
BLOG = Collection("c", "blog", "/blog/{slug}/")
UNICODE = "how their letters are encoded (Unicode NFC and NFD)"
WHOLE = Collection("c", ".", "/{path}/")


@pytest.mark.parametrize(
    ("collection", "path", "url", "output"),
    [
        (CONTENT, "content/a.md", "/a/", "a/index.html"),
        (CONTENT, "content/index.md", "/", "index.html"),
        (CONTENT, "content/g/index.md", "/g/", "g/index.html"),
        (CONTENT, "content/g/README.md", "/g/", "g/index.html"),
        (CONTENT, "content/a b.md", "/a%20b/", "a b/index.html"),
        (CONTENT, "content/é.md", "/%C3%A9/", "é/index.html"),
        (CONTENT, "content/a#b.md", "/a%23b/", "a#b/index.html"),
        (CONTENT, "content/a?b.md", "/a%3Fb/", "a?b/index.html"),
        (CONTENT, "content/a%20b.md", "/a%2520b/", "a%20b/index.html"),
        (CONTENT, "content/100%.md", "/100%25/", "100%/index.html"),
        (BLOG, "blog/deep/a.md", "/blog/a/", "blog/a/index.html"),
        (BLOG, "blog/index.md", "/blog/", "blog/index.html"),
        (WHOLE, "x/y.md", "/x/y/", "x/y/index.html"),
    ],
)  # fmt: skip
def test_a_pages_url_follows_its_path(collection: Collection, path: str, url: str, output: str) -> None:
    assert route_of(page(path), collection, readme_is_index=True) == Route(url, output, path)


def test_a_slug_replaces_the_last_part_and_a_permalink_all() -> None:
    assert route_of(page("content/g/a.md", slug="b"), CONTENT, readme_is_index=True).url == "/g/b/"
    assert (
        route_of(page("content/g/a.md", permalink="/x"), CONTENT, readme_is_index=True).output
        == "x/index.html"
    )
    assert (
        route_of(page("content/g/a.md", permalink="/x.html"), CONTENT, readme_is_index=True).output
        == "x.html"
    )


def test_routes_never_climb_whatever_they_are_made_of() -> None:
    for url in ("../x", "/a/../../x", "%2e%2e/x", "//x"):
        assert not route(url, "a").output.startswith(("/", ".."))


def made(*outputs: str) -> list[str]:
    """Give the problems of pages that want these files."""
    problems, losers = conflicts(file_route(path, f"p{n}.md") for n, path in enumerate(outputs, 1))
    assert {one.owner for one in losers} == {p.path for p in problems}
    return [str(p).splitlines()[0] for p in problems]


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        (("a/", "a/"), "p2.md: error: two pages have one URL, /a/: p1.md has it already"),
        (("A/", "a/"), "p2.md: error: two URLs differ only in case: /a/ and /A/: p1.md has it already"),
        (("stra\u00dfe", "STRASSE"), "p2.md: error: two URLs differ only in case: /STRASSE and /stra%C3%9Fe: p1.md has it already"),
        (("\u00e9/", "e\u0301/"),
         f"p2.md: error: two URLs differ only in {UNICODE}: /e%CC%81/ and /%C3%A9/: p1.md has it already"),
        (("x.html/y", "x.html"), "p1.md: error: the URL /x.html/y lies below /x.html, which is a file: p2.md has it already"),
        (("X", "x/y/z"), "p2.md: error: the URL /x/y/z lies below /X, which is a file: p1.md has it already"),
        (("x" * 256,), "p1.md: error: the URL is too long: more than 255 bytes between two slashes, or 1000 in all"),
        (("é" * 128,), "p1.md: error: the URL is too long: more than 255 bytes between two slashes, or 1000 in all"),
        (("x/" * 501,), "p1.md: error: the URL is too long: more than 255 bytes between two slashes, or 1000 in all"),
    ],
)  # fmt: skip
def test_paths_that_no_two_files_can_have_are_a_problem_that_names_both(
    outputs: tuple[str, ...], message: str
) -> None:
    assert made(*outputs) == [message]


def test_different_paths_are_no_problem() -> None:
    assert made("a/index.html", "a/b/index.html", "ab/index.html", "index.html", "x" * 255) == []
