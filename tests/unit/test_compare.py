"""The comparison with cmark-gfm, on small documents: the quick form of `tests/corpora.py`."""

from __future__ import annotations

import json
from dataclasses import replace

import corpora
import pytest

from generator.frontmatter import FrontMatter
from generator.pages import Page

DOCUMENTS = {
    "tables": "# T\n\n| a | b |\n|:--|--:|\n| `x\\|y` | [l](https://a.example/) |\n| 1 |\n\ntext\na|b\n-|-\n1|2\n\n- a|b\n---|---\n",
    "lists": "# L\n\n1. one\n   - two\n\n     ```py\n     x = 1\n\n       y\n     ```\n\n         indented\n   - three\n10) ten\n\n* a\n\n  b\n",
    "images": "# I\n\n[![logo](https://a.example/l.png)](https://a.example/)\n\n![x](data:image/png;base64,AAAA)\n\n# ![in a heading](https://a.example/h.png) h\n",
    "code": '# C\n\n```rust,ignore\nfn main() { let a = "<&>"; }\n\n\n```\n\n~~~\n{{ braces }} \\ \t tab\n~~~\n\n    four\n\n      six\n\n> ```html\n> <b>&amp;</b>\n> ```\n',
    "html": '# H\n\n<div align="center">\n  <img src="https://a.example/i.png">\n\n**b** <a href="https://a.example/">x</a>\n\n</div>\n\n<table><tr><td>1</td><td>2</td></tr></table>\n\n<!-- # no heading -->\n\n<pre>\nraw\n\n</pre>\n',
    "tasks": "# K\n\n- [ ] open\n- [x] done\n  - [X] nested\n- [y] none\n- \\[ ] none\n\n1. [ ] numbered\n",
    "footnotes": "# F\n\nA[^1], B[^name], A again[^1], none[^none].\n\n[^1]: One.\n[^name]: Two\n\n    in two paragraphs, with `code`.\n\n[^unused]: never\n",
    "links": "# U\n\nhttps://a.example/x_(y)?a=1&b=2. www.b.example/path, (me@c.example) <https://d.example/é>\n\n[r][Ref] [e](<https://f.example/a b>) [in](#u) ~~[s](https://g.example/ \"t\")~~\n\n[ref]: https://e.example/ 'T'\n",
    "headings": "Setext *one*\n===\n\nTwo `code` &amp; ~~three~~\nlazy\n---\n\n### Three ###\n\n#hash\n\n###### Six \\#\n\n> ## quoted\n\n- # in a list\n",
    "unclosed": "# N\n\n- a\n\n  ```\n  never closed\n",
}
"""Documents without anything that only Pressrun knows: both sides must find the same, with no rule's help."""

EXPLAINED = {
    "address behind a quotation mark": '# Q\n\nCalled "www.a.example" there.\n',
    "component behind a table": "# C\n\n|a|\n|-|\n|b|\n:::moniker-end\n|c|\n|-|\n|d|\n",
    "definition lists": "# D\n\nTerm\n:   ~~~\n    code\n    ~~~\n",
    "formula": "# M\n\n```math\nx^2\n```\n",
    "filled fence": "# S\n\n```python source=json.dumps\n```\n",
    "heading attributes": "# A\n\n## Two {#two .wide}\n",
    "inline footnotes": "# I\n\nText^[a note] on.\n",
    "template heading": "Text without a heading.\n",
    "unsafe scheme": "# J\n\n[x](javascript:alert(1))\n",
}
"""Rule → a document that needs it, and no other."""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "corpus"
    made.mkdir()
    return made


def reported(folder, tmp_path, text, **given):
    (folder / "page.md").write_text(text, "utf-8", newline="")
    return corpora.run(folder, tmp_path / "work", jobs=1, **given)


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("ending", ["\n", "\r\n", ""], ids=["lf", "crlf", "no-last-line-end"])
def test_a_page_holds_what_cmark_finds(folder, tmp_path, name, ending):
    """Headings, code to the byte, tables, images, links, tasks, footnotes; whatever the line ends."""
    text = DOCUMENTS[name].replace("\n", ending) if ending else DOCUMENTS[name].rstrip("\n")
    report = reported(folder, tmp_path, text)
    assert [str(one) for one in report.found] == []
    assert report.pages_out == 1
    assert report.ours == report.theirs
    assert report.ours["headings"] >= 1


@pytest.mark.parametrize("rule", EXPLAINED)
def test_what_pressrun_adds_is_explained_by_name(folder, tmp_path, rule):
    """An addition is a difference, counted under the name of its rule."""
    report = reported(folder, tmp_path, EXPLAINED[rule])
    assert set(report.explained) == {rule}
    assert report.unexplained == []


def test_what_the_mkdocs_dialect_adds_is_explained_by_name_too(folder, tmp_path):
    """Icons become signs or nothing; a block that its tab never closes ends with the tab."""
    text = '# T\n\n## All :material-check: of :simple-x-y: it\n\n=== "A"\n\n    ```\n    a\n    ```\n    ```\n\n=== "B"\n\n    b\n'
    report = reported(folder, tmp_path, text, dialect="mkdocs")
    assert set(report.explained) == {"icon"}
    assert report.unexplained == []


def test_blocks_of_the_flexdown_dialect_hold_what_cmark_finds_without_them(folder, tmp_path):
    """Their titles are no headings; code, links and tables in them count, and a block with more backticks holds code."""
    blocks = {
        "```md alert warning": "# Not a [heading](https://a.example/)\n\n| a |\n|---|\n| [b](https://b.example/) |",
        "````md alert": "words\n\n```python\n# Not a title\nx = {1}\n```",
        "```md video https://v.example/embed/1": "# Film\n\nwords",
        "```md quote": "> ![i](https://i.example/)\n\n- name: [Ann](https://n.example/)\n- role: reader",
        "````md section": "# One\n\n- [ ] a\n\n# Two\n\n~~~\n# code\n~~~",
        "```md definition": "# Term\n\n[d](https://d.example/)",
        "```md tabs": "## A\n\n![a](https://i.example/a)\n\n## B\n\nb",
    }
    text = "# T\n\n" + "\n".join(
        f"{head}\n{body}\n{head.partition('md')[0]}\n\n## H\n" for head, body in blocks.items()
    )
    text += "\n---md tabs\n--tab A\n[t](https://t.example/)\n--\n--tab B\n`b`\n--\n---\n\n```python\nlast = 1\n```\n"
    report = reported(folder, tmp_path, text, dialect="flexdown")
    assert [str(one) for one in report.found] == []
    assert [report.ours[kind] for kind in corpora.KINDS] == [8, 3, 1, 2, 6, 1, 0]


def test_links_that_lead_beyond_the_corpus_are_not_checked(folder, tmp_path):
    """Those of another tool, and those that begin with a slash where another site has them."""
    text = "# T\n\n[a](a.cpp) [b](/other/b) [c](c.md)\n"
    report = reported(folder, tmp_path, text, beyond="https://x.example", ignore=["*.cpp"])
    assert [problem.partition("\n")[0] for problem in report.problems] == [
        "page.md:3:30: error: broken link “c.md”: no such page or file"
    ]
    assert report.found == []


def test_a_rule_excuses_nothing_that_lies_beside_its_case(folder, tmp_path):
    """A definition list on a page does not hide a heading that is lost on the same page."""
    body = EXPLAINED["definition lists"] + "\n## Lost\n"
    report = reported(folder, tmp_path, body)
    html = corpora.by_cmark(body)
    page = Page("page.md", "pages", "page", FrontMatter(title="D"), has_heading=True, runs_code=False)
    case = corpora.Case(page, body, html, corpora.read(html))
    lost = corpora.Difference("page.md", "headings", None, "2 Lost")
    explained = corpora.explained([*report.found, lost], case)
    assert [one.rule for one in explained if one.kind == "headings"] == [""]


@pytest.mark.parametrize("kind", corpora.KINDS)
def test_every_kind_of_loss_and_of_invention_is_seen(kind):
    """One item too few, too many or other than it should be is one difference."""
    whole = corpora.Found(**dict.fromkeys(corpora.KINDS, ("one", "two")), infos=("", ""))
    for items, ours, theirs in (
        (("one",), None, "two"),
        (("one", "two", "x"), "x", None),
        (("one", "x"), "x", "two"),
    ):
        found = corpora.differences("page.md", replace(whole, **{kind: items}), whole)
        assert [(one.kind, one.ours, one.theirs) for one in found] == [(kind, ours, theirs)]


def test_a_difference_in_one_space_of_code_is_seen(folder, tmp_path):
    """Code is compared to the byte, on the page as it was written to the disk."""
    reported(folder, tmp_path, "# T\n\n```\na  b\n```\n")
    page = (tmp_path / "work" / "corpus" / "site" / "page" / "index.html").read_text("utf-8")
    ours = corpora.read(corpora.main_of(page.replace("a  b", "a b")))
    theirs = corpora.read(corpora.by_cmark("# T\n\n```\na  b\n```\n"))
    assert [one.kind for one in corpora.differences("page.md", ours, theirs)] == ["code"]


def test_a_file_that_is_no_utf8_is_refused_with_a_place(folder, tmp_path):
    """It is the only reason for which a page may be missing."""
    (folder / "latin.md").write_bytes("# Caf\xe9\n".encode("latin-1"))
    report = reported(folder, tmp_path, "# T\n")
    assert (report.pages_in, report.pages_out) == (2, 1)
    assert report.refused == ["latin.md"]
    assert report.placeless == []
    assert not report.failed


def test_no_python_of_a_corpus_runs(folder, tmp_path):
    """Other people's pages are built as with `--no-exec`."""
    witness = tmp_path / "witness"
    reported(
        folder,
        tmp_path,
        f"---\nopen({str(witness)!r}, 'w')\n---\n# T\n\n```python exec\nopen({str(witness)!r}, 'w')\n```\n",
    )
    assert not witness.exists()


def test_with_stand_ins_for_its_library_every_block_of_a_page_runs(folder, tmp_path):
    """Blocks that are to do something are counted, and the live demos that came of them."""
    text = (
        "# T\n\n```python exec\nimport somelib as lib\nfrom somelib.deep.er import name\nlow, high = lib.pair()\n```\n\n"
        "```python demo\nlib.box(name(1 + low), on_click=lib.State.set_x(high[1:]))\n```\n\n"
        "```python demo exec\nclass S(lib.State, mixin=True):\n    x: int = 0\n\n\ndef view():\n"
        "    return lib.each(S.items, lambda one: lib.text(one)),\n```\n\n```md alert\nx\n```\n"
    )
    report = reported(folder, tmp_path, text, dialect="flexdown", libraries=["somelib"])
    assert report.problems == []
    assert report.blocks == {"python exec": 1, "python demo": 1, "python demo exec": 1, "md alert": 1}
    assert report.demos == 2


def test_a_corpus_is_not_touched(folder, tmp_path):
    """What is built is a copy, without the corpus's own configuration."""
    (folder / "pyproject.toml").write_text("[tool.pressrun]\nunknown = 1\n", "utf-8")
    report = reported(folder, tmp_path, "# T\n")
    assert report.pages_out == 1
    assert sorted(path.name for path in folder.iterdir()) == ["page.md", "pyproject.toml"]


def test_the_exit_status_tells_whether_anything_is_unexplained(folder, tmp_path, capsys, monkeypatch):
    """0 when all is equal or explained, 1 when not; `--json` gives the counts as one object."""
    (folder / "page.md").write_text(EXPLAINED["heading attributes"], "utf-8")
    assert corpora.main([str(folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["corpora"][0]
    assert told["counts"]["headings"] == [2, 2]
    assert told["explained"] == {"heading attributes": 1}
    monkeypatch.setattr(corpora, "RULES", {})
    assert corpora.main([str(folder), "--work", str(tmp_path / "kept")]) == 1
    assert "unexplained: 1" in capsys.readouterr().out
    assert (tmp_path / "kept" / "corpus" / "site").is_dir()
