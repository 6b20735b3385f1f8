"""Includes: what pages take in from other files, and what they say when they cannot."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from harness import Project

PART = """---
title: not shown
---
# Part

See [the other](other.md#other), [here](#part) and a note[^n].

## Deeper

```text title="t"
x
```

[^n]: Of the part.
"""
APP = """// --8<-- [start:setup]
const a = 1;
// #region inner
const b = 2;
// #endregion
// --8<-- [end:setup]
const c = 3;
"""


def codes(project: Project) -> list[str]:
    """The text of every code block of the page."""
    found = re.findall(r"<pre[^>]*><code[^>]*>(.*?)</code></pre>", project.main("/a/"), re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", code)) for code in found]


@pytest.fixture
def parts(project: Project) -> Project:
    """A site with something to include."""
    project.write("content/parts/_part.md", PART).write("content/parts/other.md", "# Other\n")
    project.write("content/app.js", APP)
    return project.write(
        "mod.py",
        'LIMIT = 3  # not above\n# Above,\n# in two lines.\nOTHER: int = 4\n"""Below."""\n\n\nclass One:\n    #: Of a.\n    a: int\n    b = 2\n',
    )


def build(project: Project, page: str) -> Project:
    """Build a page whose text begins on line 4."""
    return project.write("content/a.md", f"---\ntitle: A\n---\n{page}").build()


def test_an_included_file_is_a_part_of_the_page(parts: Project) -> None:
    build(parts, "## Above\n\n- [ ] x[^m]\n\n:::include parts/_part.md\n\n[^m]: Of the page.\n")
    assert parts.problems == []
    main = parts.main("/a/")
    assert re.findall(r'<h(\d) id="([^"]*)"', main) == [("2", "above"), ("3", "part"), ("4", "deeper")]
    assert '<a href="/parts/other/#other">' in main
    assert '<a href="#part">' in main
    assert re.findall(r'href="(#fn\d)"', main) == ["#fn1", "#fn2"]
    assert re.findall(r'<li id="(fn\d)" class="footnote-item"><p>(.*?) <a', main) == [
        ("fn1", "Of the page."),
        ("fn2", "Of the part."),
    ]
    assert '<div class="code-title">t</div>' in main


def test_levels_lines_and_regions_can_be_chosen(parts: Project) -> None:
    parts.write(
        "content/b.md", "one\n\n<!-- --8<-- [start:r] -->\n## Two\n<!-- --8<-- [end:r] -->\n\nthree\n"
    )
    build(parts, ":::include{file=b.md region=r shift=2}\n\n:::include{file=b.md lines=1}\n")
    assert parts.problems == []
    assert '<h4 id="two">' in parts.main("/a/")
    assert "<p>one</p>" in parts.main("/a/")
    assert "three" not in parts.main("/a/")


def test_components_hold_included_files(parts: Project) -> None:
    parts.write("content/b.md", ":::tip\nInside.\n:::\n")
    build(parts, ":::details\n:::include b.md\n:::\n")
    assert parts.problems == []
    assert (
        '<div class="alert tip">\n<p class="alert-title">Tip</p>\n<p>Inside.</p>\n</div>\n</details>'
        in parts.main("/a/")
    )


CODE = {
    "```js source=app.js region=setup\n```": "const a = 1;\nconst b = 2;\n",
    "``` source=./app.js region=inner\n```": "const b = 2;\n",
    "```js source=/content/app.js lines=2\n```": "const a = 1;\n",
    "```python source=mod:OTHER\n```": '# Above,\n# in two lines.\nOTHER: int = 4\n"""Below."""\n',
    "```python source=mod:LIMIT\n```": "LIMIT = 3  # not above\n",
    "```python source=mod:One.a\n```": "#: Of a.\na: int\n",
    "```python source=mod:One.b\n```": "b = 2\n",
}


def test_blocks_are_filled_from_files_and_by_names_of_attributes(parts: Project) -> None:
    slashed = {key.replace("source=app.js", "source=./app.js"): value for key, value in CODE.items()}
    build(parts, "\n\n".join(slashed))
    assert parts.problems == []
    assert codes(parts) == list(CODE.values())
    assert 'class="language-js"' in parts.main("/a/")


def test_files_fill_blocks_also_where_no_code_runs(parts: Project) -> None:
    parts.write("content/a.md", "```js source=./app.js lines=7\n```\n").build(execute=False)
    assert (parts.problems, codes(parts)) == ([], ["const c = 3;\n"])


WRONG = {
    ":::include parts/_prat.md": (
        "a.md:4: error: there is no file “parts/_prat.md”; looked for content/parts/_prat.md or parts/_prat.md",
        "did you mean “_part.md”?",
    ),
    ":::include ../../x.md": ("a.md:4: error: “../../x.md” is no file of this site", ""),
    ":::include{}": ("a.md:4: error: expected the name of a file", ""),
    ":::include{file=parts/other.md line=1}": (
        "a.md:4: error: “include” has no attribute “line”; expected one of file, lines, region, shift",
        "did you mean “lines”?",
    ),
    ":::include{file=parts/other.md lines=x}": (
        "a.md:4: error: lines: “x” is no line number or range; expected for example 1,3-5",
        "",
    ),
    ":::include{file=parts/other.md shift=x}": (
        "a.md:4: error: shift=x: expected a number of levels, for example 1",
        "",
    ),
    ":::include{file=app.js region=stup}": (
        "a.md:4: error: there is no region “stup” in content/app.js",
        "did you mean “setup”?",
    ),
    ":::include{file=parts/other.md region=x}": (
        "a.md:4: error: there is no region “x” in content/parts/other.md",
        "mark one with “--8<-- [start:NAME]” and “--8<-- [end:NAME]”",
    ),
    ":::include a.md": ("a.md:4: error: “content/a.md” includes itself: content/a.md → content/a.md", ""),
    ":::include wrong.txt": ("wrong.txt:2:5: error: broken link “no.md”: no such page or file", ""),
    ":::include code.txt": (
        "code.txt:1: warning: the code of an included file is not run; the block is shown as it stands",
        "",
    ),
    ":::include note.txt": (
        "note.txt:2:1: error: “:::note” is not closed; expected a line “:::” after it",
        "",
    ),
}


@pytest.mark.parametrize("page", WRONG)
def test_what_cannot_be_included_is_said_at_its_place(parts: Project, page: str) -> None:
    parts.write("content/wrong.txt", "x\n[x](no.md)\n").write("content/note.txt", "x\n:::note\nx\n")
    parts.write("content/code.txt", "```python exec\n1 / 0\n```\n")
    build(parts, page + "\n")
    assert (parts.problems, parts.hints) == ([f"content/{WRONG[page][0]}"], [WRONG[page][1]])


def test_a_link_out_of_the_site_is_not_followed(parts: Project) -> None:
    secret = parts.root.parent / "secret.md"
    secret.write_text("secret")
    (parts.root / "content" / "link.md").symlink_to(secret)
    build(parts, ":::include link.md\n")
    assert "content/a.md:4: error: there is no file “link.md”; looked for link.md" in parts.problems
    assert "secret" not in parts.main("/a/")


EDITS: list[tuple[str, str | None]] = [
    ("content/parts/_part.md", "# New\n\n[^n]: x\n"),
    ("content/parts/_part.md", None),
    ("content/parts/_part.md", PART),
    ("content/app.js", "// #region setup\nnew\n// #endregion\n"),
    ("terms.md", "*[JS]: Other\n"),
    ("terms.md", None),
    ("terms.md", "*[JS]: JavaScript\n"),
    ("c.txt", "new file\n"),
    ("mod.py", "OTHER = 5\n"),
]


def test_after_each_edit_of_what_a_page_takes_in_the_site_is_that_of_a_clean_build(
    parts: Project, tmp_path: Path
) -> None:
    """Templates of components and elements are looked at in `test_markdown_components.py` and `test_hooks.py`."""
    parts.write("terms.md", "*[JS]: JavaScript\n").write("content/b.md", "# B\n")
    parts.write("pyproject.toml", '[tool.pressrun.markdown]\nglossary = "terms.md"\n')
    build(
        parts,
        "JS [x](parts/other.md)\n\n:::include parts/_part.md\n\n:::include /c.txt\n\n"
        "```js source=./app.js region=setup\n```\n\n```python source=mod:OTHER\n```\n",
    )
    for number, (path, text) in enumerate(EDITS):
        (parts.delete(path) if text is None else parts.write(path, text)).build()
        clean = Project(tmp_path / str(number))
        assert parts.tree() == parts.clean_tree(clean.root), (path, text)
        assert "content/a.md" in parts.ran("compose"), (path, text)
        assert ("content/b.md" in parts.ran("compose")) == (path == "terms.md"), (path, text)


def test_a_glossary_that_is_not_there_is_said_once(parts: Project) -> None:
    parts.write("pyproject.toml", '[tool.pressrun.markdown]\nglossary = "content/trems.md"\n').write(
        "content/terms.md", "*[A]: b\n"
    ).build()
    assert (parts.problems, parts.hints) == (
        ["pyproject.toml: error: “glossary”: there is no file “content/trems.md”"],
        ["did you mean “terms.md”?"],
    )


def test_the_snippets_of_mkdocs_take_in_files(parts: Project) -> None:
    parts.write("pyproject.toml", '[tool.pressrun.markdown]\ndialect = "mkdocs"\n')
    build(
        parts,
        '--8<-- "parts/other.md"\n\n!!! note\n    --8<-- "content/parts/other.md"\n\n```js\n--8<-- "content/app.js:inner"\n```\n\n'
        '```text\n;--8<-- "x"\n```\n',
    )
    assert parts.problems == []
    assert re.findall(r'<h(\d) id="([^"]*)"', parts.main("/a/"))[-2:] == [("1", "other"), ("1", "other-1")]
    assert codes(parts) == ["const b = 2;\n", '--8<-- "x"\n']
    build(parts, 'x\n\n```js\n--8<-- "no.js"\n```\n')
    assert parts.problems == [
        "content/a.md:7: error: there is no file “no.js”; looked for content/no.js or no.js"
    ]
