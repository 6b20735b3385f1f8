"""Hosts: headers and redirects as each host reads them, and a policy that fits the pages."""

from __future__ import annotations

import base64
import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from targets import deploy

from generator.deploy.items import made_item
from generator.deploy.policy import policy
from generator.errors import ProblemError
from generator.targets import Target

if TYPE_CHECKING:
    from pathlib import Path

    from harness import Project

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; media-src 'self'; "
    "manifest-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
STYLE = '@import "https://s.example/a.css"; p { background: url(https://i.example/b.png) }'
CONFIG = (
    '[tool.pressrun]\ntitle = "T"\nbase_url = "https://example.org/"\n'
    '[tool.pressrun.redirects]\n"/away/" = "https://elsewhere.example/x"\n'
)


@pytest.fixture
def site(project: Project) -> Project:
    project.write("pyproject.toml", CONFIG)
    project.write("content/index.md", "# Home\n\n[a](a.md)\n")
    return project.write("content/a.md", "---\naliases: [/was/]\n---\n# A\n")


def digest_of(text: str) -> str:
    """What allows one inline script or style, worked out by another program."""
    done = subprocess.run(
        ["openssl", "dgst", "-sha256", "-binary"], input=text.encode(), capture_output=True, check=True
    )
    return f"'sha256-{base64.b64encode(done.stdout).decode()}'"


def to(www: Path, host: str) -> Target:
    return Target("x", "folder", str(www), host=host)


def test_netlify(site: Project, tmp_path: Path) -> None:
    deploy(site, to(tmp_path / "www", "netlify"))
    assert (tmp_path / "www/_headers").read_text() == (
        f"/*\n  Content-Security-Policy: {STRICT}\n  X-Content-Type-Options: nosniff\n"
        "  Referrer-Policy: strict-origin-when-cross-origin\n  Permissions-Policy: camera=(), geolocation=(), microphone=()\n"
        "  Cross-Origin-Opener-Policy: same-origin\n  Strict-Transport-Security: max-age=31536000\n"
        "\n/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n"
    )
    assert (
        tmp_path / "www/_redirects"
    ).read_text() == "/away/ https://elsewhere.example/x 301!\n/was/ /a/ 301!\n"


def test_cloudflare(site: Project, tmp_path: Path) -> None:
    deploy(site, to(tmp_path / "www", "cloudflare"))
    assert (tmp_path / "www/_headers").read_text().startswith(f"/*\n  Content-Security-Policy: {STRICT}\n")
    assert (tmp_path / "www/_redirects").read_text() == (
        "/away/ https://elsewhere.example/x 301\n/away https://elsewhere.example/x 301\n/was/ /a/ 301\n/was /a/ 301\n"
    )


def test_vercel(site: Project, tmp_path: Path) -> None:
    deploy(site, to(tmp_path / "www", "vercel"))
    found = json.loads((tmp_path / "www/vercel.json").read_text())
    assert found["redirects"] == [
        {"source": "/away", "destination": "https://elsewhere.example/x", "statusCode": 301},
        {"source": "/was", "destination": "/a/", "statusCode": 301},
    ]
    assert [(rule["source"], rule["headers"][0]["key"]) for rule in found["headers"]] == [
        ("/(.*)", "Content-Security-Policy"), ("/assets/(.*)", "Cache-Control"),
    ]  # fmt: skip
    assert found["trailingSlash"] is True


def test_apache(site: Project, tmp_path: Path) -> None:
    deploy(site, to(tmp_path / "www", "apache"))
    rows = (tmp_path / "www/.htaccess").read_text().splitlines()
    assert f'  Header always set Content-Security-Policy "{STRICT}"' in rows
    assert 'RedirectMatch 301 "^/was/?$" "/a/"' in rows
    at = rows.index(r'  <FilesMatch "\.[0-9a-f]{10}\.|^[0-9a-f]{32}\.">')
    assert rows[at + 1] == '    Header set Cache-Control "public, max-age=31536000, immutable"'


def test_a_file_of_the_authors_own_wins(site: Project, tmp_path: Path) -> None:
    site.write("static/_headers", "/*\n  X-Own: yes\n")
    deploy(site, to(tmp_path / "www", "netlify"))
    assert (tmp_path / "www/_headers").read_text() == "/*\n  X-Own: yes\n"


def test_what_a_host_would_cut_off_is_an_error(site: Project, tmp_path: Path) -> None:
    site.write(
        "content/a.md", "# A\n\n" + "\n\n".join(f'<p style="color: #{n:06x}">x</p>' for n in range(60))
    )
    with pytest.raises(
        ProblemError,
        match=r"_headers: error: would have a line of 3[0-9]{3} letters; hosts read 2000 letters and 100 rules",
    ):
        deploy(site, to(tmp_path / "www", "cloudflare"))


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<p>plain", {}),
        ("<script>let a = 1</script>", {"script-src": f"'self' {digest_of('let a = 1')}"}),
        ('<script type="application/ld+json">{"a": "</p>"}</script>', {}),
        ('<script src="https://cdn.example/x.js"></script>', {"script-src": "'self' https://cdn.example"}),
        ('<script src="/x.js"></script><script type=module src=y.js></script>', {}),
        ('<img src="data:image/png;base64,xx"><img srcset="https://a.example/1.png 1x, /2.png 2x">', {"img-src": "'self' data: https://a.example"}),
        ('<link rel="stylesheet" href="//fonts.example/css?a=1&amp;b=2">', {"style-src": "'self' https://fonts.example"}),
        (f"<style>{STYLE}</style>", {
            "style-src": f"'self' {digest_of(STYLE)} https://s.example",
            "img-src": "'self' https://i.example", "font-src": "'self' https://i.example"}),
        ('<iframe src="https://video.example/embed/1"></iframe>', {"frame-src": "https://video.example"}),
        ('<iframe src="/own.html"></iframe>', {"frame-src": "'self'"}),
        ('<video poster="/p.png" src="https://v.example/v.mp4"></video>', {"media-src": "'self' https://v.example"}),
        ('<form action="https://news.example/subscribe"></form>', {"form-action": "'self' https://news.example"}),
        ('<div data-demo="x"></div>', {"script-src": "'self' 'wasm-unsafe-eval'", "worker-src": "'self'"}),
        ("<!-- <script src='https://no.example/'></script> --><pre>&lt;img src=https://no.example&gt;</pre>", {}),
        ('<textarea><img src="https://no.example/"></textarea>', {}),
        ('<noscript><img src="https://count.example/"></noscript>', {"img-src": "'self' https://count.example"}),
        ("<a title='a > b' href=https://far.example/>x</a>", {}),
    ],
)  # fmt: skip
def test_the_policy_allows_what_the_pages_load_and_nothing_else(html: str, wanted: dict[str, str]) -> None:
    base = dict(row.split(" ", 1) for row in STRICT.split("; "))
    found = policy([made_item("index.html", html.encode())])
    assert dict(row.split(" ", 1) for row in found.split("; ")) == {**base, **wanted}


def test_attributes_of_style_and_events_are_allowed_by_their_digests() -> None:
    found = policy([made_item("a.html", b'<p style="color: red" onclick="go()">')])
    assert "script-src 'self' 'sha256-" in found
    assert "'unsafe-hashes'" in found
    assert "'unsafe-inline'" not in found


def test_a_page_that_never_ends_a_tag_takes_no_time() -> None:
    import time

    for text in (
        b"<" * 100_000,
        b"<a b='" * 30_000,
        b"<!--" * 50_000,
        b"<script>" * 2_000,
        b'<p style="' + b"x" * 200_000,
    ):
        started = time.monotonic()
        policy([made_item("a.html", text)])
        assert time.monotonic() - started < 2, text[:10]
