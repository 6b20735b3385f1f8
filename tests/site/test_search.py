"""Search: what the index holds, what makes it anew, and that nothing unpublished is in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from harness import Project

from generator import permalinks, search

CONFIG = "[tool.pressrun]\nbase_url = 'https://site.example/below/'\n[tool.pressrun.search]\nenabled = true\n"

DEMO = """\
---
title: Demo
---
Before.

```python demo exec show=output
from pressrun import State
from pressrun.components import badge, button, hstack, option, select, text

class Sheet(State):
    grams: int = 80

    def heavier(self):
        self.grams += 10

def sheet():
    return hstack(
        select(option("blotting"), option("laid")), button("Heavier", on_click=Sheet.heavier), text(Sheet.grams, " grams")
    )
```

After the demo.

<span class="pr-badge">badge</span><a class="pr-link" href="/">link</a>
<ul><li>one</li><li>two</li></ul>
<select><option>own</option></select><button>own</button>
<details><summary>Summary</summary>Inside.</details>

```python
press_sheet(paper)
```

## Next

**Bol**d words.

```python demo exec
def tiny():
    return button("Tiny")
```
"""


@pytest.fixture
def site(project: Project) -> Project:
    """A page of documentation and two posts."""
    project.write("pyproject.toml", CONFIG)
    project.write(
        "content/guide.md",
        "# The guide\n\nHow to begin.\n\n## Install it\n\nWith `pip` and care.\n\n### Café & more\n\n日本 text\n",
    )
    project.write(
        "blog/ink.md",
        "---\ntitle: Ink\ndate: 2026-01-01\ntags: [colour]\ndescription: About ink.\n---\n```python\ndef press_sheet(): ...\n```\n",
    )
    project.write(
        "blog/paper.md", "---\ntitle: Paper\ndate: 2026-01-02\ntags: [fibre, colour]\n---\nPaper takes ink.\n"
    )
    return project.build()


def part(site: Project, name: str) -> Any:
    return json.loads(site.file(f"assets/search/{name}.json"))


def found(site: Project, word: str) -> dict[str, dict[str, int]]:
    """URL → section's heading → weight, of the pages that hold a word."""
    about = part(site, "index")
    shard = part(site, "w-" + search.shard_of(word, about["letters"]))
    made: dict[str, dict[str, int]] = {}
    rows = shard["words"].get(word, [])
    for place, section, weight in zip(rows[::3], rows[1::3], rows[2::3], strict=True):
        key = shard["pages"][place]
        url, _, sections = part(site, "p-" + key[: about["chunk"]])[key]
        made.setdefault(url, {})[sections[section][1]] = weight
    return made


def test_a_word_leads_to_the_sections_in_which_it_stands(site: Project) -> None:
    """Titles weigh most, then tags, then headings, then the text."""
    assert site.problems == []
    assert found(site, "ink") == {"/blog/ink/": {"": search.TITLE + 1}, "/blog/paper/": {"": 1}}
    assert found(site, "colour") == {"/blog/ink/": {"": search.LABEL}, "/blog/paper/": {"": search.LABEL}}
    assert found(site, "install") == {"/guide/": {"Install it": search.HEAD}}
    assert found(site, "pip") == {"/guide/": {"Install it": 1}}
    assert found(site, "sheet") == {"/blog/ink/": {"": 1}}
    assert found(site, "cafe") == {"/guide/": {"Café & more": search.HEAD}}
    assert found(site, "日") == {"/guide/": {"Café & more": 1}}


def test_results_can_show_anchors_and_the_beginning_of_sections(site: Project) -> None:
    shown = {row[0]: row for row in part(site, "p-").values()}
    assert shown["/guide/"] == ["/guide/", "The guide", [
        ["", "", "How to begin."], ["install-it", "Install it", "With pip and care."], ["café--more", "Café & more", "日本 text"],
    ]]  # fmt: skip
    assert shown["/blog/ink/"][2] == [["", "", "About ink."]]
    about = part(site, "index")
    assert (about["collections"], about["tags"], about["pages"]) == (
        [["blog", "Blog"], ["content", "Content"]],
        ["colour", "fibre"],
        3,
    )
    assert {kind: {name: len(keys) for name, keys in those.items()} for kind, those in part(site, "facets").items()} == {
        "collections": {"blog": 2, "content": 1}, "tags": {"colour": 2, "fibre": 1},
    }  # fmt: skip


def test_controls_and_live_demos_are_no_words_and_neighbours_are_no_single_word(site: Project) -> None:
    """A demo shows what a reader does; what stands beside something stands for itself."""
    site.write("content/demo.md", DEMO).build()
    assert site.problems == []
    html = site.main("/demo/")
    assert "Heavier" in html
    assert ">laid</option>" in html
    shown = {row[0]: row for row in part(site, "p-").values()}
    assert shown["/demo/"][2] == [
        ["", "", "Before. After the demo. badge link one two Summary Inside. press_sheet(paper)"],
        ["next", "Next", 'Bold words. def tiny(): return button("Tiny")'],
    ]
    every = [
        word
        for path, data in site.tree().items()
        if "/search/w-" in path
        for word in json.loads(data)["words"]
    ]
    assert "tiny" in every
    assert {"heavier", "laid", "reset", "view", "grams", "own"} & set(every) == set()
    assert found(site, "press")["/demo/"] == {"": 1}


def test_each_language_has_an_index_of_its_own(site: Project, tmp_path: Path) -> None:
    """A reader of German pages finds these, and the originals of what is not translated; the site's own language has no German."""
    before = {path: data for path, data in site.tree().items() if path.startswith("assets/search/")}
    site.write("pyproject.toml", CONFIG.replace("[tool.pressrun]\n", "[tool.pressrun]\nlanguages = ['de']\n"))
    site.write(
        "blog/ink.de.md", "---\ntitle: Tinte\ndate: 2026-01-01\ntags: [farbe]\n---\nBlaue Tinte.\n"
    ).build()
    assert site.problems == []
    tree = {path: data for path, data in site.tree().items() if path.startswith("assets/search/")}
    assert {path: data for path, data in tree.items() if "/de/" not in path} == before
    shown = {row[0]: row[1] for row in json.loads(tree["assets/search/de/p-.json"]).values()}
    assert shown == {"/de/blog/ink/": "Tinte", "/blog/paper/": "Paper", "/guide/": "The guide"}
    assert part(site, "de/index")["tags"] == ["colour", "farbe", "fibre"]
    assert 'data-index="/below/assets/search/de/" data-base="/below/"' in site.html("/de/blog/ink/")
    assert 'data-index="/below/assets/search/" data-base="/below/"' in site.html("/blog/paper/")
    site.write("blog/paper.de.md", "---\ntitle: Papier\ndate: 2026-01-02\n---\nPapier.\n").build()
    shown = {row[0]: row[1] for row in part(site, "de/p-").values()}
    assert shown == {"/de/blog/ink/": "Tinte", "/de/blog/paper/": "Papier", "/guide/": "The guide"}
    assert site.clean_tree(tmp_path / "clean") == site.tree()
    for path in ("blog/ink.de.md", "blog/paper.de.md"):
        (site.root / path).unlink()
    site.build()
    assert {path: data for path, data in site.tree().items() if path.startswith("assets/search/")} == before


def test_a_site_without_search_has_no_trace_of_it(site: Project) -> None:
    site.write("pyproject.toml", "").build()
    assert not [path for path in site.tree() if "search" in path]
    assert "data-search" not in site.html("/guide/")
    assert site.ran("words") == []


def test_the_button_says_where_everything_is_and_nothing_is_fetched_before(site: Project) -> None:
    html = site.html("/guide/")
    assert 'data-index="/below/assets/search/" data-base="/below/"' in html
    assert html.count("/assets/search.") == 2
    assert 'src="/below/assets/search' not in html
    assert 'href="/below/assets/search' not in html


def test_an_edit_takes_the_words_of_one_page_and_an_idle_build_none(site: Project) -> None:
    assert site.build().last.ran == {}
    site.write(
        "blog/paper.md", "---\ntitle: Paper\ndate: 2026-01-02\ndescription: d\n---\nPaper takes colour.\n"
    ).build()
    site.write(
        "blog/paper.md", "---\ntitle: Paper\ndate: 2026-01-02\ndescription: d\n---\nPaper takes water.\n"
    ).build()
    assert site.ran("words") == ["blog/paper.md"]
    assert set(site.written) == {"blog/paper/index.html", "assets/search/w-c.json", "assets/search/w-w.json"}
    assert found(site, "water") == {"/blog/paper/": {"": 1}}
    site.write(
        "blog/paper.md", "---\ntitle: Paper\ndate: 2026-01-02\ndescription: d\n---\n*Paper* takes water.\n"
    ).build()
    assert site.ran("words") == ["blog/paper.md"]
    assert site.ran("index-of-words") == []
    (site.root / "site/assets/search/w-p.json").unlink()
    assert site.build().written == ["assets/search/w-p.json"]


@pytest.mark.parametrize("pages", [1, 30, 200])
def test_the_index_of_many_pages_is_that_of_a_clean_build_and_finds_all(
    project: Project, tmp_path: Path, pages: int
) -> None:
    """However it is cut; and pages that come later change no other page's place."""
    project.write("pyproject.toml", CONFIG)
    for number in range(pages - 1):
        project.write(f"content/p{number:03}.md", f"# Page {number}\n\nshared own{number:03}\n")
    project.build().write("content/new.md", "# New\n\nshared brandnew\n").build()
    about = part(project, "index")
    assert about["letters"] == (1 if pages <= search.SMALL else 2)
    assert about["chunk"] == (0 if pages <= 24 else 1)
    assert len(found(project, "shared")) == pages
    assert found(project, "brandnew") == {"/new/": {"": 1}}
    if pages > 1:
        assert found(project, "own000") == {"/p000/": {"": 1}}
    assert project.clean_tree(tmp_path / "clean") == project.tree()


def test_nothing_that_is_not_published_is_in_the_index(site: Project) -> None:
    """Drafts, future and expired pages, pages that say so: not a word of them."""
    for number, matter in enumerate(
        ("draft: true", "date: 2027-01-01", "expires: 2026-01-01", "search: false")
    ):
        site.write(
            f"blog/hidden{number}.md",
            f"---\ntitle: Secrettitle{number}\n{matter}\ntags: [secrettag{number}]\n---\nsecretword{number}\n",
        )
    site.build()
    texts = [data.decode() for path, data in site.tree().items() if path.startswith("assets/search/")]
    assert texts
    assert not [text for text in texts if "secret" in text.lower()]
    site.build(drafts=True)
    assert list(found(site, "secretword0")) == ["/blog/hidden0/"]
    site.build()
    assert not [
        path
        for path, data in site.tree().items()
        if path.startswith("assets/search/") and b"secret" in data.lower()
    ]


def test_the_index_is_no_permalink(site: Project) -> None:
    text = (site.root / ".pressrun" / permalinks.CURRENT_FILE).read_text()
    assert "/guide/" in text
    assert "assets/search" not in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, World", ["hello", "world"]),
        ("press_sheet(x1)", ["press", "sheet", "x1"]),
        ("Ärger ﬁne ÉTÉ", ["arger", "fine", "ete"]),
        ("東京 in 한국", ["東", "京", "in", "한", "국"]),
        ("x" * 50, ["x" * 40]),
        ("don't — stop…", ["don", "t", "stop"]),
    ],
)
def test_text_is_cut_into_words(text: str, words: list[str]) -> None:
    assert search.terms(text) == words
