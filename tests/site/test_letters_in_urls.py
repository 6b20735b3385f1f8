"""URLs with letters of any script: whatever a page, a feed or a map of the site names can be fetched from a plain server of files."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from html import unescape
from urllib.error import HTTPError
from urllib.parse import quote, urldefrag, urljoin
from urllib.request import urlopen

import pytest
from harness import Project

CONFIG = """
[tool.pressrun]
base_url = "{address}"
languages = ["ar"]
llms = true
[tool.pressrun.collections.blog]
taxonomies = ["tags", "series", "authors"]
page_size = 1
[tool.pressrun.feeds]
of = ["site", "collections", "tags", "authors"]
formats = ["atom", "rss", "json"]
"""
NAMED = re.compile(
    r'(?:href|src|content|url|id)"?\s*[=:]\s*"([^"]+)"|<(?:link|loc|guid|id)[^>]*>([^<]+)<|\]\(([^)]+)\)|url=([^"]+)"'
)
"""How HTML, feeds, the sitemap, `llms.txt` and redirects name an address."""


class Plain(http.server.SimpleHTTPRequestHandler):
    """Answers as hosts of static files do."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(tmp_path):
    """Serve the output of the site in `project`."""
    handler = functools.partial(Plain, directory=str(tmp_path / "project/site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def test_every_address_that_a_site_names_can_be_fetched(tmp_path, address):
    project = Project(tmp_path / "project").write("pyproject.toml", CONFIG.format(address=address))
    head = "---\ntitle: {0}\ndate: 2026-01-0{1}\ntags: [{0}, Über Öl]\nauthor: {0}\nseries: {0}\naliases: [/alt/{0}/]\n---\n"
    for number, name in enumerate(("ñandú", "حبر", "インク"), 1):
        text = (
            head.format(name, number)
            + f"# {name}\n\n[t](/tags/{name}/) [p]({name}.md) [u](/blog/{name}/) [b](../content/{name}.md)\n"
        )
        project.write(f"blog/{name}.md", text).write(f"blog/{name}.ar.md", text.replace("aliases", "x"))
        project.write(f"content/{name}.md", f"# {name}\n")
    project.build()
    assert project.problems == []
    assert [path for path in project.tree() if "%" in path] == []
    asked, waiting = {}, {address + path for path in ("", "sitemap.xml", "llms.txt", "alt/%C3%B1and%C3%BA/")}
    while waiting:
        url = waiting.pop()
        try:
            with urlopen(url, timeout=20) as answer:
                asked[url], text = answer.status, answer.read().decode("utf-8", "replace")
        except HTTPError as wrong:
            asked[url] = wrong.code
            continue
        if re.search(r"\.(css|js|mjs|svg|png)$", url):
            continue
        named = {unescape(next(filter(None, groups))).replace("\\/", "/") for groups in NAMED.findall(text)}
        found = {
            quote(urldefrag(urljoin(url, one))[0], safe="/:%?=&")
            for one in named
            if re.match(r"/|https?:|\.\.?/", one)
        }
        waiting |= {one for one in found if one.startswith(address)} - asked.keys()
    assert [url for url, status in asked.items() if status != 200] == []
    kinds = {url.rpartition("/")[2] for url in asked if "%" in url}
    assert kinds >= {"", "rss.xml", "index.md"}
    assert len([url for url in asked if "%" in url]) > 50
