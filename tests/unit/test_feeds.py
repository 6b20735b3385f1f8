"""Feeds, the sitemap and what else machines read: each in its format, read back by a parser of the standard library."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

import PIL.Image
import pytest
from harness import Project

BASE = '[tool.pressrun]\ntitle = "Blue & Shed"\nbase_url = "https://site.example/sub/"\nauthor = "A <B>"\n'
FEEDS = "[tool.pressrun.feeds]\n"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


@pytest.fixture
def site(project: Project) -> Project:
    """Two posts, one of them with all that feeds must get right."""
    project.write("content/index.md", "# Home\n").write("content/guide.md", "# Guide\n\n## Part\n")
    project.write(
        "blog/one.md",
        '---\ntitle: One & <only>\ndate: 2026-01-02\nupdated: 2026-02-03\ntags: [ink, a b]\ndescription: About "one"\n---\n'
        "See [the guide](../content/guide.md#part) and [below](#below), \U0001f58b.\n\n## Below\n\n```python\nx = 1\n```\n",
    )
    return project.write(
        "blog/two.md", "---\ntitle: Two\ndate: 2026-01-01T10:00:00+02:00\nauthor: [C, D]\n---\nFirst words.\n"
    )


def test_atom_has_what_rfc_4287_asks_for(site: Project) -> None:
    site.write("pyproject.toml", BASE).build()
    feed = ET.fromstring(site.file("blog/feed.xml"))
    assert feed.findtext("a:id", namespaces=ATOM) == "https://site.example/sub/blog/feed.xml"
    assert feed.findtext("a:updated", namespaces=ATOM) == "2026-02-03T00:00:00Z"
    links = {one.get("rel"): one.get("href") for one in feed.findall("a:link", ATOM)}
    assert links == {
        "self": "https://site.example/sub/blog/feed.xml",
        "alternate": "https://site.example/sub/blog/",
    }
    entries = feed.findall("a:entry", ATOM)
    assert [one.findtext("a:title", namespaces=ATOM) for one in entries] == ["One & <only>", "Two"]
    assert [one.findtext("a:published", namespaces=ATOM) for one in entries] == [
        "2026-01-02T00:00:00Z",
        "2026-01-01T10:00:00+02:00",
    ]
    assert [[n.text for n in one.findall("a:author/a:name", ATOM)] for one in entries] == [
        ["A <B>"],
        ["C", "D"],
    ]
    assert [one.get("term") for one in entries[0].findall("a:category", ATOM)] == ["ink", "a b"]
    assert entries[0].findtext("a:summary", namespaces=ATOM) == 'About "one"'
    assert entries[1].findtext("a:summary", namespaces=ATOM) == "First words."


def test_rss_and_json_say_the_same(site: Project) -> None:
    site.write("pyproject.toml", BASE).build()
    items = ET.fromstring(site.file("rss.xml")).findall("channel/item")
    feed = json.loads(site.file("feed.json"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["home_page_url"] == "https://site.example/sub/"
    for item, entry in zip(items, feed["items"], strict=True):
        assert item.findtext("title") == entry["title"]
        assert item.findtext("guid") == item.findtext("link") == entry["id"] == entry["url"]
        assert parsedate_to_datetime(item.findtext("pubDate") or "").isoformat() == entry[
            "date_published"
        ].replace("Z", "+00:00")
        assert item.findtext("description") == entry["summary"] == entry["content_text"]
        assert [one.text for one in item.findall("category")] == entry["tags"]


def test_whole_texts_have_whole_addresses(site: Project) -> None:
    """Links of the page work wherever the feed is read; colours of code and anchors are left out."""
    site.write("pyproject.toml", BASE + FEEDS + "full = true\n").build()
    html = json.loads(site.file("feed.json"))["items"][0]["content_html"]
    assert re.findall(r'href="([^"]+)"', html) == [
        "https://site.example/sub/guide/#part",
        "https://site.example/sub/blog/one/#below",
    ]
    assert "<code>x = 1\n</code>" in html
    assert "<span" not in html
    rss = ET.fromstring(site.file("rss.xml")).find("channel/item")
    atom = ET.fromstring(site.file("feed.xml")).find("a:entry/a:content", ATOM)
    assert rss is not None
    assert atom is not None
    assert rss.findtext(CONTENT) == atom.text == html


ABROAD = """---
title: Eins
date: 2026-01-02
lang: de
---
---
from pressrun import State, button, text, vstack
---
![Sea](sea.png)

![gone](https://other.example/a.png?a=1&b=2) [more](?page=2)

<a href=//cdn.example/x>far</a> <!-- not told --> <img srcset="/raw.png 2x" src='/raw.png' alt="raw"><svg viewBox="0 0 1 1"><path d="M0 0h1"/></svg>

:::video{src="/clip.mp4" poster="/still.png" captions="/said.vtt"}
:::

```python demo exec
class Clicks(State):
    n: int = 0

    def up(self):
        self.n += 1


def clicks():
    return vstack(text(Clicks.n), button("Up", on_click=Clicks.up))
```

::::tabs
:::tab{title="One"}
First.
:::
:::tab{title="Two"}
Second.
:::
::::

- [ ] later
- [x] done

```text collapse=1
1
2
```
"""


def test_what_travels_in_a_feed_can_be_read_anywhere(project: Project) -> None:
    """A picture is one plain image, a demo a link to it in the page's language, and no control is there that nothing would answer."""
    picture = io.BytesIO()
    PIL.Image.linear_gradient("L").convert("RGB").save(picture, "PNG")
    project.write("blog/sea.png", picture.getvalue())
    for name in ("clip.mp4", "still.png", "said.vtt", "raw.png"):
        project.write(f"static/{name}", picture.getvalue())
    project.write("pyproject.toml", BASE + FEEDS + 'full = true\nformats = ["json"]\n').write(
        "blog/one.md", ABROAD
    )
    project.build()
    post = "https://site.example/sub/blog/one/"
    assert json.loads(project.file("feed.json"))["items"][0]["content_html"] == (
        '<p><img src="https://site.example/sub/blog/sea.png" alt="Sea" width="256" height="256"></p>\n'
        '<p><img src="https://other.example/a.png?a=1&amp;b=2" alt="gone" /> '
        f'<a href="{post}?page=2">more</a></p>\n'
        '<p><a href="https://cdn.example/x">far</a>  <img src="https://site.example/sub/raw.png" width="256" height="256" alt="raw">'
        '<svg viewBox="0 0 1 1"><path d="M0 0h1"/></svg></p>\n'
        '<figure>\n<video src="https://site.example/sub/clip.mp4" controls preload="none" poster="https://site.example/sub/still.png">\n'
        '<track kind="captions" src="https://site.example/sub/said.vtt" srclang="en" label="Untertitel" default>\n'
        "</video>\n</figure>\n"
        "<div>\n\n<div><pre><code>class Clicks(State):\n    n: int = 0\n\n    def up(self):\n        self.n += 1\n\n\n"
        'def clicks():\n    return vstack(text(Clicks.n), button("Up", on_click=Clicks.up))\n</code></pre></div>\n'
        f'<p><a href="{post}">Die Live-Demo auf der Seite ausprobieren.</a></p></div>\n'
        "<div>\n<p><strong>One</strong></p>\n<div>\n<p>First.</p>\n</div>\n"
        "<p><strong>Two</strong></p>\n<div>\n<p>Second.</p>\n</div>\n</div>\n"
        "<ul>\n<li>☐ later</li>\n<li>☑ done</li>\n</ul>\n"
        "<div><pre><code>1\n2\n</code></pre></div>\n"
    )
    assert project.problems == []
    assert '<div class="demo"' in project.html("/blog/one/"), "the page itself keeps all that"


def test_an_edit_of_a_text_makes_the_feeds_that_have_it_anew(site: Project) -> None:
    site.write("pyproject.toml", BASE + FEEDS + 'full = true\nformats = ["atom"]\n').build()
    site.write("blog/two.md", "---\ntitle: Two\ndate: 2026-01-01\ndescription: d\n---\nOne\n\nTwo\n").build()
    site.write(
        "blog/two.md", "---\ntitle: Two\ndate: 2026-01-01\ndescription: d\n---\nOne\n\nThree\n"
    ).build()
    assert "Three" in site.file("feed.xml")
    assert site.ran("compose") == ["blog/two.md"]
    site.write("pyproject.toml", BASE).build()
    site.write("blog/two.md", "---\ntitle: Two\ndate: 2026-01-01\ndescription: d\n---\nOne\n\nFour\n").build()
    assert site.ran("feed") == []


def test_terms_have_feeds_when_they_are_asked_for(site: Project) -> None:
    site.write("pyproject.toml", BASE).build()
    assert not [path for path in site.tree() if path.startswith("tags/") and not path.endswith(".html")]
    site.write("pyproject.toml", BASE + FEEDS + 'of = ["tags"]\nformats = ["atom"]\n').build()
    made = sorted(path for path in site.tree() if path.endswith("feed.xml"))
    assert made == ["tags/a-b/feed.xml", "tags/ink/feed.xml"]
    assert (
        'type="application/atom+xml" title="Blue &amp; Shed: ink" href="/sub/tags/ink/feed.xml"'
        in site.html("/tags/ink/")
    )
    assert "Two" not in site.file("tags/ink/feed.xml")


def test_what_is_wrong_with_feeds_is_said_at_once(site: Project) -> None:
    rows = 'formats = ["atm"]\nof = ["tag"]\nlength = 0\n'
    site.write("pyproject.toml", BASE + 'related = 99\nedit_url = "x"\n' + FEEDS + rows).build()
    assert [str(problem) for problem in site.last.problems] == [
        "pyproject.toml:5:1: error: “related” must be from 0 to 12, not 99",
        "pyproject.toml:6:1: error: “edit_url” must be a URL that contains {path}",
        "pyproject.toml:8:1: error: “formats” may hold atom, rss, json, not 'atm'\n    did you mean “atom”?",
        "pyproject.toml:9:1: error: “of” may hold site, collections, series, tags, not 'tag'\n    did you mean “tags”?",
        "pyproject.toml:10:1: error: “length” must be from 1 to 1000, not 0",
    ]


def test_a_page_can_have_a_feed_of_its_dated_sections(site: Project) -> None:
    """As a changelog has; sections without a date are not published yet."""
    text = "---\nfeed: true\n---\n# News\n\n## Unreleased\n\nx\n\n## 1.1 - 2026-02-01\n\n[g](guide.md)\n\n## 1.0 - 2026-01-01\n\nFirst.\n"
    site.write("pyproject.toml", BASE).write("content/news.md", text).build()
    items = json.loads(site.file("news/feed.json"))["items"]
    assert [(one["title"], one["date_published"], one["url"]) for one in items] == [
        ("1.1 - 2026-02-01", "2026-02-01T00:00:00Z", "https://site.example/sub/news/#11---2026-02-01"),
        ("1.0 - 2026-01-01", "2026-01-01T00:00:00Z", "https://site.example/sub/news/#10---2026-01-01"),
    ]
    assert items[0]["content_html"] == '<p><a href="https://site.example/sub/guide/">g</a></p>'


def test_the_feed_of_a_page_without_sections_is_empty(site: Project) -> None:
    site.write("pyproject.toml", BASE).write(
        "content/news.md", "---\nfeed: true\ndescription: d\n---\n# News\n\nNothing yet.\n"
    ).build()
    assert site.problems == []
    assert json.loads(site.file("news/feed.json"))["items"] == []


def test_an_edit_of_a_section_is_followed_by_the_pages_own_feed(site: Project) -> None:
    text = "---\nfeed: true\ndescription: d\n---\n# News\n\n## 1.0 - 2026-01-01\n\nx {}\n"
    site.write("pyproject.toml", BASE).write("content/news.md", text.format(1)).build()
    site.write("content/news.md", text.format(2)).build()
    assert "x 2" in site.file("news/feed.json")


def test_pages_may_link_to_what_the_build_makes(site: Project) -> None:
    site.write("content/guide.md", "# G\n\n## Part\n\n[f](/feed.xml) [s](/sitemap.xml) [x](/rs.xml)\n").write(
        "pyproject.toml", BASE
    ).build()
    assert [one.partition(": ")[2] for one in site.problems] == [
        "error: broken link “/rs.xml”: no such page or file"
    ]


def test_structured_data_cannot_end_its_element(site: Project) -> None:
    """A title or an answer with `</script>` stays text; types are those of schema.org."""
    matter = '---\ntitle: A </script><b>\ndate: 2026-01-03\nfaq:\n  - question: Why?\n    answer: "</script>"\n---\nText\n'
    site.write("pyproject.toml", BASE).write("blog/three.md", matter).write("content/g/x.md", "# X\n").build()
    found = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', site.html("/blog/three/"), re.DOTALL
    )
    assert found
    posting, crumbs, faq = json.loads(found[1])
    assert (posting["@type"], posting["headline"], posting["url"]) == (
        "BlogPosting",
        "A </script><b>",
        "https://site.example/sub/blog/three/",
    )
    assert [one["name"] for one in crumbs["itemListElement"]] == ["Blog", "A </script><b>"]
    assert faq["mainEntity"][0]["acceptedAnswer"]["text"] == "</script>"
    page = re.search(r'ld\+json">(.*?)</script>', site.html("/g/x/"), re.DOTALL)
    assert page
    assert "TechArticle" in page[1]


def test_ways_to_hand_a_post_on_hold_its_address(site: Project) -> None:
    site.write("pyproject.toml", BASE + '[tool.pressrun.look]\nshare = ["reddit", "email"]\n').build()
    nav = re.search(r'<nav class="share".*?</nav>', site.html("/blog/one/"), re.DOTALL)
    assert nav
    urls = [unquote(url.replace("&amp;", "&")) for url in re.findall(r'href="([^"]+)"', nav[0])]
    assert urls == [
        "https://www.reddit.com/submit?url=https://site.example/sub/blog/one/&title=One & <only>",
        "mailto:?subject=One & <only>&body=https://site.example/sub/blog/one/",
    ]
    assert 'class="share"' not in site.html("/guide/")


def test_twins_say_in_markdown_what_the_page_shows(site: Project) -> None:
    """Shown code stands where it is shown, values where they are written, links lead to twins."""
    site.write("blog/code.py", "def shown():\n    return 42\n")
    page = "---\ntitle: Code\n---\n---\nfrom blog.code import shown\n---\nIt is {{ shown() }}; [one](one.md).\n\n```python source=shown\n```\n\n```python exec show=output\nprint(1)\n```\n"
    site.write("blog/code.md", page).write("pyproject.toml", BASE + "llms = true\n").build()
    assert site.file("blog/code/index.md") == (
        "# Code\n\nIt is 42; [one](https://site.example/sub/blog/one/index.md).\n\n"
        "```python\ndef shown():\n    return 42\n```\n\n```text\n1\n```\n"
    )
    assert '<link rel="alternate" type="text/markdown" href="/sub/blog/code/index.md">' in site.html(
        "/blog/code/"
    )
    listed = site.file("llms.txt")
    assert listed.startswith("# Blue & Shed\n\n## Documentation\n\n- [")
    assert '- [One & <only>](https://site.example/sub/blog/one/index.md): About "one"' in listed
    assert "    return 42" in site.file("llms-full.txt")


def test_drafts_are_in_nothing_that_machines_read(site: Project) -> None:
    site.write("blog/secret.md", "---\ntitle: qzxv\ndraft: true\ndate: 2026-01-01\n---\nqzxv\n")
    site.write("pyproject.toml", BASE + "llms = true\n" + FEEDS + "full = true\n").build()
    assert not [path for path, data in site.tree().items() if b"qzxv" in data]


@pytest.mark.parametrize(
    ("lang", "rtl"),
    [("ar", True), ("he-IL", True), ("fa", True), ("en", False), ("ku-Arab", True), ("ur-Latn", False)],
)
def test_languages_from_right_to_left_say_so(project: Project, lang: str, rtl: bool) -> None:
    project.write("a.md", f"---\nlang: {lang}\n---\n# A\n").build()
    assert (f'<html lang="{lang}" dir="rtl">' in project.html("/a/")) is rtl


def test_each_author_and_each_collection_has_feeds_of_its_own(project: Project) -> None:
    """With that one's posts and no others, in each form, named in the head of its list."""
    project.write(
        "pyproject.toml",
        '[tool.pressrun]\nbase_url = "https://site.example/"\n'
        '[tool.pressrun.feeds]\nof = ["collections", "authors"]\n'
        '[tool.pressrun.collections.blog]\ntaxonomies = ["authors"]\n'
        "[tool.pressrun.collections.notes]\nlist = true\n",
    )
    project.write("blog/a.md", "---\ntitle: Post A\ndate: 2026-01-01\nauthor: Ana\n---\n")
    project.write("blog/b.md", "---\ntitle: Post B\ndate: 2026-01-02\nauthor: [Ana, Bo]\n---\n")
    project.write("notes/n.md", "---\ntitle: Post N\ndate: 2026-01-03\nauthor: Bo\n---\n").build()
    assert project.problems == []
    posts = {"/authors/ana/": "BA", "/authors/bo/": "B", "/blog/": "BA", "/notes/": "N"}
    for home, letters in posts.items():
        for name in ("feed.xml", "rss.xml", "feed.json"):
            assert re.findall(r"Post ([A-Z])\b", project.file(home[1:] + name)) == [*letters], home + name
            assert f'href="{home}{name}"' in project.html(home)
    assert "feed.xml" not in project.tree()
