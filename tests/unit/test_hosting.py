"""What answers a request: paths, rules, ranges, encodings, and whom the server answers at all. Nothing here opens a socket."""

from __future__ import annotations

import gzip
from urllib.parse import unquote

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as some

from generator.serve.answers import answer, coding_of, moved
from generator.serve.app import opened, with_client
from generator.serve.guard import Guard
from generator.serve.hosting import Found, find, type_of
from generator.serve.rules import Rules, rules

FILES = {"index.html", "404.html", "guide/index.html", "about.html", "about/index.html", "plain.html", "data", "img/a.png", ".well-known/x",
         ".env", "_headers", "_redirects"}  # fmt: skip


def at(
    path: str, query: str = "", *, base: str = "/", site: Rules | None = None, files: set[str] = FILES
) -> Found:
    return find(path, query, files, site or Rules(), base)


@pytest.mark.parametrize(
    ("path", "status", "file", "location"),
    [
        ("/", 200, "index.html", ""),
        ("/guide/", 200, "guide/index.html", ""),
        ("/guide", 301, "", "/guide/"),
        ("/guide/index.html", 200, "guide/index.html", ""),
        ("/plain", 200, "plain.html", ""),
        ("/about", 200, "about.html", ""),
        ("/about/", 200, "about/index.html", ""),
        ("/data", 200, "data", ""),
        ("/img/a.png", 200, "img/a.png", ""),
        ("/.well-known/x", 200, ".well-known/x", ""),
        ("/nothing", 404, "404.html", ""),
        ("/.env", 404, "404.html", ""),
        ("/_redirects", 404, "404.html", ""),
        ("/_headers", 404, "404.html", ""),
        ("/guide//", 404, "404.html", ""),
        ("//guide", 404, "404.html", ""),
        ("/guide/../index.html", 404, "404.html", ""),
        ("/guide\\..\\index.html", 404, "404.html", ""),
        ("/index.html\0", 404, "404.html", ""),
        ("/" + "a" * 70_000, 404, "404.html", ""),
    ],
)
def test_paths_lead_where_static_hosts_lead_them(path: str, status: int, file: str, location: str) -> None:
    found = at(path)
    assert (found.status, found.file, found.location) == (status, file, location)


def test_a_site_below_a_path_is_found_below_it_alone() -> None:
    """The root leads there, the query comes along, and the 404 page is the site's."""
    assert at("/", "a=1", base="/project/") == Found(307, location="/project/?a=1")
    assert at("/project", base="/project/") == Found(307, location="/project/")
    assert at("/project/guide/", base="/project/").file == "guide/index.html"
    assert at("/project/guide", "q=x", base="/project/").location == "/project/guide/?q=x"
    assert at("/guide/", base="/project/") == Found(404)
    assert at("/project/nothing/", base="/project/").file == "404.html"


def test_a_redirect_to_a_slash_never_leads_to_another_host() -> None:
    """`//evil.example` would be one."""
    files = {"evil.example/index.html", "index.html"}
    assert at("//evil.example", files=files) == Found(404)
    assert at("/evil.example", files=files).location == "/evil.example/"


@given(some.text(max_size=60), some.sampled_from(["/", "/project/"]))
def test_only_names_of_the_site_answer(path: str, base: str) -> None:
    """Whatever is asked for, encoded or not, the answer is a file that the site has, and never a hidden one."""
    for asked in (base + path, base + unquote(path), "/" + path):
        found = at(asked, base=base)
        assert found.file in FILES - {".env", "_headers", "_redirects"} or (
            not found.file and found.status != 200
        )


REDIRECTS = b"""\
# comment
/old/            /guide/
/news/*          /blog/:splat        302
/shop  id=:id    /goods/:id/         301
/app/*           /index.html         200
/gone            /404.html           410
/plain           /guide/             301!
/about           /guide/
/away            https://other.example/x
/fetched/*       https://other.example/:splat 200
/circle          /circle             200!
/land/*          /de/:splat          302  Country=de
/:year/:name     /blog/:year-:name/
nonsense
/nowhere
/odd             /guide/             999
"""


@pytest.mark.parametrize(
    ("path", "query", "found"),
    [
        ("/old/", "", Found(301, location="/guide/")),
        ("/old", "a=1", Found(301, location="/guide/?a=1")),
        ("/news/2020/x", "", Found(302, location="/blog/2020/x")),
        ("/news", "", Found(302, location="/blog/")),
        ("/2020/x", "", Found(301, location="/blog/2020-x/")),
        ("/shop", "id=7", Found(301, location="/goods/7/?id=7")),
        ("/shop", "", Found(404, "404.html")),
        ("/app/deep/down", "", Found(200, "index.html")),
        ("/gone", "", Found(410, "404.html")),
        ("/plain", "", Found(301, location="/guide/")),
        ("/about", "", Found(200, "about.html")),
        ("/away", "", Found(301, location="https://other.example/x")),
        ("/fetched/x", "", Found(501)),
        ("/circle", "", Found(508)),
        ("/land/x", "", Found(301, location="/blog/land-x/")),
        ("/news//evil.example", "", Found(302, location="/blog//evil.example")),
    ],
)
def test_redirects_are_followed_as_hosts_follow_them(path: str, query: str, found: Found) -> None:
    """The first line that fits counts; a file wins over a line without `!`; what only a host can know is passed over."""
    assert at(path, query, site=rules(REDIRECTS, None)) == found


def test_at_cloudflare_redirects_win_over_files() -> None:
    site = rules(REDIRECTS, None, win=True)
    assert at("/about", site=site) == Found(301, location="/guide/")


def test_a_placeholder_cannot_lead_to_another_host() -> None:
    """`/to/*  /:splat` with `/to//evil.example`."""
    site = rules(b"/to/* /:splat 302", None)
    assert at("/to//evil.example", site=site).location == "/evil.example"
    assert at("/to/\\evil.example", site=site).location == "/evil.example"


def test_a_location_is_one_line_of_ascii() -> None:
    """Whatever a path held."""
    given = moved(302, "/a\r\nSet-Cookie: x=1/\u00e4")
    assert given.headers["location"] == "/a%0D%0ASet-Cookie:%20x=1/%C3%A4"


HEADERS = b"""\
/*
  X-All: one
  X-Frame-Options: DENY
# comment
/guide/*
  X-All: two
  ! X-Frame-Options
  Bad Name: x
  X-Line
/:name/file
  X-Named: yes
"""


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {"x-all": "one", "x-frame-options": "DENY"}),
        ("/guide/", {"x-all": "one, two"}),
        ("/any/file", {"x-all": "one", "x-frame-options": "DENY", "x-named": "yes"}),
        ("/any/deep/file", {"x-all": "one", "x-frame-options": "DENY"}),
    ],
)
def test_headers_are_given_as_hosts_give_them(path: str, headers: dict[str, str]) -> None:
    """Values of several rules are joined, `!` takes a header away, what is no header is passed over."""
    assert rules(None, HEADERS).headers_of(path) == headers


@given(some.binary(max_size=300))
def test_any_bytes_can_be_rules(data: bytes) -> None:
    """Files of authors never stop the server."""
    site = rules(data, data)
    at("/x/y", "a=b", site=site)
    for value in site.headers_of("/x").values():
        assert "\n" not in value
        assert "\r" not in value


BODY = b"0123456789" * 200


def ask(media_type: str = "text/css", **headers: str) -> object:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return answer(200, BODY, media_type, "tag", given, {}, head=False)


@pytest.mark.parametrize(
    ("wanted", "status", "start", "end"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=1990-", 206, 1990, 2000),
        ("bytes=-5", 206, 1995, 2000),
        ("bytes=-5000", 206, 0, 2000),
        ("bytes=10-5000", 206, 10, 2000),
        ("bytes=2000-", 416, 0, 0),
        ("bytes=-0", 416, 0, 0),
        ("bytes=9-1", 200, 0, 2000),
        ("bytes=a-b", 200, 0, 2000),
        ("lines=1-2", 200, 0, 2000),
        ("bytes=0-1,5-6", 200, 0, 2000),
        ("bytes=" + ",".join(["0-1"] * 2000), 416, 0, 0),
        ("bytes=" + "9" * 5000 + "-", 200, 0, 2000),
    ],
)
def test_ranges(wanted: str, status: int, start: int, end: int) -> None:
    """One part is given; of several the whole; thousands are refused; nonsense is passed over."""
    given = ask(range=wanted)
    assert (given.status, given.body) == (status, BODY[start:end])
    assert given.headers["content-length"] == str(end - start)
    if status == 206:
        assert given.headers["content-range"] == f"bytes {start}-{end - 1}/2000"


def test_a_range_of_what_has_changed_is_the_whole() -> None:
    assert ask(range="bytes=0-1", if_range='"other"').status == 200
    assert ask(range="bytes=0-1", if_range='"tag"').status == 206


def test_compression_is_what_was_asked_for() -> None:
    """Brotli before gzip, unless weights say otherwise; neither for pictures, small things or parts."""
    assert brotli.decompress(ask(accept_encoding="gzip, br").body) == BODY
    assert gzip.decompress(ask(accept_encoding="gzip, br;q=0.1").body) == BODY
    assert ask(accept_encoding="gzip;q=0, br;q=0").body == BODY
    assert ask("image/png", accept_encoding="gzip, br").body == BODY
    assert ask(accept_encoding="gzip", range="bytes=0-1").body == b"01"
    assert coding_of("*;q=0.5") == "br"
    assert coding_of("") == ""
    assert {"vary": "accept-encoding", "etag": '"tag-gzip"'}.items() <= ask(
        accept_encoding="gzip"
    ).headers.items()


@pytest.mark.parametrize("known", ['"tag"', 'W/"tag"', '"x", "tag-br"', '"tag-gzip"', "*"])
def test_what_the_browser_has_is_not_sent_again(known: str) -> None:
    given = ask(if_none_match=known)
    assert (given.status, given.body) == (304, b"")
    assert "content-length" not in given.headers
    assert ask(if_none_match='"tagg"').status == 200


def test_head_is_get_without_a_body() -> None:
    given = answer(200, BODY, "text/css", "tag", {}, {}, head=True)
    assert (given.body, given.headers["content-length"]) == (b"", "2000")


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.mjs", "text/javascript; charset=utf-8"), ("a.wasm", "application/wasm"), ("A.HTML", "text/html; charset=utf-8"),
     ("feed.xml", "application/xml"), ("CNAME", "application/octet-stream"), ("a.unknown", "application/octet-stream")],
)  # fmt: skip
def test_types_do_not_depend_on_the_machine(name: str, media_type: str) -> None:
    assert type_of("x/" + name) == media_type


OURS = {"host": "localhost:8000"}


@pytest.mark.parametrize(
    ("headers", "own", "refused"),
    [
        ({}, True, ""),
        ({"host": "127.0.0.1:8000"}, False, ""),
        ({"host": "[::1]:8000"}, False, ""),
        ({"host": "docs.localhost"}, False, ""),
        ({"host": "LOCALHOST."}, False, ""),
        ({"host": "evil.example"}, False, "this server answers to localhost alone"),
        ({"host": "localhost.evil.example"}, False, "this server answers to localhost alone"),
        ({"host": "evil.example@localhost"}, False, "this server answers to localhost alone"),
        ({"host": "127.0.0.1.evil.example"}, False, "this server answers to localhost alone"),
        ({"host": ""}, False, "this server answers to localhost alone"),
        ({"origin": "http://localhost:8000"}, True, ""),
        ({"origin": "http://localhost:9000"}, True, "another origin asks"),
        ({"origin": "http://evil.example"}, False, "another origin asks"),
        ({"origin": "null"}, False, "another origin asks"),
        ({"sec-fetch-site": "same-origin"}, True, ""),
        ({"sec-fetch-site": "none"}, False, ""),
        ({"sec-fetch-site": "none"}, True, "another site asks"),
        ({"sec-fetch-site": "cross-site"}, False, "another site asks"),
        ({"sec-fetch-site": "same-site"}, False, "another site asks"),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, False, ""),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}, False, "another site asks"),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, True, "another site asks"),
    ],
)  # fmt: skip
def test_who_is_answered(headers: dict[str, str], *, own: bool, refused: str) -> None:
    """Names of this machine, from this origin; a link from elsewhere may open a tab, and nothing else."""
    assert Guard("127.0.0.1").refusal({**OURS, **headers}, own=own) == refused


def test_beyond_loopback_a_token_is_the_key() -> None:
    """Any name may be used, since there are many; nothing is answered without the token."""
    guard = Guard("0.0.0.0", token="secret")
    assert guard.refusal({"host": "192.168.0.7:8000"}, own=False) == ""
    assert not guard.knows({})
    assert not guard.knows({"cookie": "pressrun-token=other"})
    assert not guard.knows({"cookie": "pressrun-token=\xe4"})
    assert guard.knows({"cookie": "a=b; pressrun-token=secret"})
    assert guard.without_token("token=secret&a=1") == "a=1"
    assert guard.without_token("token=other") is None
    assert guard.without_token("") is None
    assert Guard("127.0.0.1").knows({})
    assert len({Guard("127.0.0.1").token for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("policy", "wider"),
    [
        (
            "default-src 'none'; style-src 'self'",
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'",
        ),
        ("script-src 'none'", "script-src 'self'"),
        (
            "script-src 'self'; connect-src https://a.example",
            "script-src 'self'; connect-src https://a.example 'self'",
        ),
        ("img-src 'self'", "img-src 'self'"),
    ],
)
def test_a_sites_own_policy_lets_the_client_in_and_nobody_else(policy: str, wider: str) -> None:
    assert opened(policy) == wider


@pytest.mark.parametrize(
    ("page", "before"),
    [
        (b"<!doctype html><html><head><title>x</title>", b"<!doctype html><html><head>"),
        (
            b'<!doctype html><html><HEAD class="x"><script>1</script>',
            b'<!doctype html><html><HEAD class="x">',
        ),
        (b"<!doctype html><header>x</header>", b"<!doctype html>"),
        (b"<p>x</p>", b""),
    ],
)
def test_the_client_comes_before_all_other_scripts(page: bytes, before: bytes) -> None:
    """And after the doctype, without which browsers show a page otherwise."""
    assert with_client(page, "/__pressrun/t/", "200-x", 3) == (
        before
        + b'<script src="/__pressrun/t/client.js" data-page="200-x" data-serial="3"></script>'
        + page[len(before) :]
    )
