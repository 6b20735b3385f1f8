"""Bad input, as a whole site meets it: every hostile file is one line with its place, and the others are built."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from harness import Project

OTHER = "content/zz.md"


def build(project: Project, files: dict[str, str | bytes]) -> list[str]:
    """Build these files beside a page that must come out whatever they are."""
    for path, content in files.items():
        project.write(path, content)
    project.write(OTHER, "# Other\n").build()
    assert "<h1" in project.html("/zz/")
    return project.problems


ALIASES = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "unclosed": ("---\ntitle: x\n\nbody\n", ":1:1: error: front matter is never closed"),
    "broken yaml": ("---\ntitle: One: two\n---\n", ":2:11: error: not valid YAML: mapping values are not allowed in this context"),
    "wrong type": ("---\ntags: {a: b}\n---\n", ":2:7: error: “tags” must be text or a list of text, not a mapping"),
    "twice": ("---\ntitle: a\ntitle: b\n---\n", ":3:1: error: the key “title” stands here twice"),
    "bomb": (f"---\n{ALIASES}---\n", ":6:4: error: aliases or merge keys expand to more than 20,000 values"),
    "endless alias": ("---\na: &a [*a]\n---\n", ":2:4: error: aliases or merge keys expand to more than 100 levels"),
    "deep": ("---\na: " + "[" * 10_000 + "\n---\n", ":2:103: error: nested deeper than 100 levels"),
    "tag": ("---\nx: !!python/object/apply:os.system ['touch ran']\n---\n",
            ":2:4: error: the tag “tag:yaml.org,2002:python/object/apply:o…” is not allowed"),
    "digits": ("---\nweight: " + "9" * 5000 + "\n---\n", f":2:9: error: “weight” must be a whole number, not '{'9' * 39}…'"),
    "date": ("---\ndate: 2026-13-01\n---\n",
             ":2:7: error: “date” is not a date: '2026-13-01' (month must be in 1..12); expected one such as 2026-11-21"),
    "crlf": ("---\r\ntitle: a\r\nweight: x\r\n---\r\n", ":3:9: error: “weight” must be a whole number, not 'x'"),
    "bom": ("\ufeff\n\n---\nweight: x\n---\n", ":4:9: error: “weight” must be a whole number, not 'x'"),
    "utf16": ("x".encode("utf-16"), ": error: encoded as UTF-16; expected UTF-8"),
    "latin1": ("---\ntitle: é\n---\n".encode("latin-1"),
               ":2:8: error: not UTF-8: byte 0xe9; the file looks like Latin-1 (ISO 8859-1)"),
    "nul": (b"text\0", ":1:5: error: not text: a NUL byte; the file looks like binary data"),
    "link": ("x\n\n[y](nope.md)\n", ":3:5: error: broken link “nope.md”: no such page or file"),
    "permalink": ("---\npermalink: /..%2fx/\n---\n", ":2:12: error: “permalink” must stay inside the site, '/..%2fx/' does not"),
    "python": ("---\nimport os\n1 / 0\n---\n", ":3: error: ZeroDivisionError: division by zero"),
    "template": ("---\ntemplate: pots\n---\n", ":2: error: there is no template “pots.html”"),
}  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """All of them at once."""
    project = Project(tmp_path_factory.mktemp("hostile"))
    started = time.perf_counter()
    build(project, {f"content/{name}.md": content for name, (content, _) in HOSTILE.items()})
    assert time.perf_counter() - started < 20
    return project


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_one_line_with_its_place(hostile: Project, name: str) -> None:
    path = f"content/{name}.md"
    assert [p.removeprefix(path) for p in hostile.problems if p.startswith(path + ":")] == [HOSTILE[name][1]]


def test_nothing_of_a_header_was_run(hostile: Project) -> None:
    assert not (hostile.root / "ran").exists()


def test_problems_are_told_again_when_they_come_from_the_cache(hostile: Project) -> None:
    before = hostile.problems
    hostile.build()
    assert hostile.problems == before
    assert hostile.ran("load") == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        "---",
        "---\n---\n",
        "\ufeff",
        "\r",
        "# ",
        "```",
        "<!--",
        "[",
        "{{",
        "{{ }}",
        "```python exec",
    ],
)
def test_a_page_of_nearly_nothing_is_a_page(project: Project, content: str) -> None:
    assert build(project, {"content/a.md": content}) == []
    assert "<main" in project.html("/a/")


NAMES = ["a b", "é", "日本", "a#b", "a?b", "a%b", "a%20b", "100%", "a&b", "a'b", 'a"b', "a<b>", "a;b", "a:b", "CON", "\u202ertl", "a..b", "-", "(p)",
         "[q]", "a+b", "a{{1}}b", "a*b", "~", "a=b", "a|b", "x" * 200, "a`b", "a_b_", "💥", "a.b"]  # fmt: skip


def test_odd_names_are_pages_with_encoded_urls_and_links_to_them_resolve(project: Project) -> None:
    files: dict[str, str | bytes] = {
        f"content/{name}.md": f"Page [back](links.md) [self]({quote(name)}.md)\n" for name in NAMES
    }
    files["content/links.md"] = "".join(f"- [x]({quote(name)}.md)\n" for name in NAMES)
    assert build(project, files) == []
    for name in NAMES:
        assert (project.root / "site" / name / "index.html").is_file()
    html = project.html("/links/").replace("&amp;", "&").replace("&#x27;", "'").replace("&#39;", "'")
    for name in NAMES:
        assert f'href="/{quote(name, safe="~!$&()*+,;=:@" + chr(39))}/"' in html, name


def test_a_name_of_255_bytes_is_a_page(project: Project) -> None:
    assert build(project, {f"content/{'x' * 252}.md": "x"}) == []
    assert project.html("/" + "x" * 252 + "/")


def test_a_page_of_five_megabytes_is_built_in_reasonable_time(project: Project) -> None:
    started = time.perf_counter()
    assert (
        build(
            project,
            {"content/long.md": "word " * 1_000_000, "content/lines.md": "Some words of a page.\n" * 5_000},
        )
        == []
    )
    assert time.perf_counter() - started < 30
    assert project.html("/long/").count("word") >= 1_000_000


def test_odd_files_are_left_out_with_a_word_and_without_waiting(project: Project) -> None:
    (project.root / "content/folder.md").mkdir(parents=True)
    os.mkfifo(project.root / "content/fifo.md")
    (project.root / "content/loop.md").symlink_to("loop.md")
    (project.root / "content/out.md").symlink_to("/etc/passwd")
    (project.root / "content/self").symlink_to(".")
    assert build(project, {}) == [
        "content/fifo.md: warning: is not a regular file; it was left out",
        "content/loop.md: error: is a symbolic link that leads nowhere or to itself; it was left out",
        "content/out.md: error: is a symbolic link that leaves the site; it was left out",
        "content/self: error: is a symbolic link to a folder that contains it; it was left out",
    ]
    assert not [path for path, data in project.tree().items() if b"root:" in data]


def test_a_page_that_becomes_unreadable_is_no_longer_published(project: Project) -> None:
    build(project, {"content/a.md": "first"})
    project.write("content/a.md", b"\xff\xfe").build()
    assert project.problems == ["content/a.md: error: encoded as UTF-16; expected UTF-8"]
    assert "a/index.html" not in project.tree()
    project.write("content/a.md", "mended").build()
    assert (project.problems, "mended" in project.main("/a/")) == ([], True)


def test_a_foreign_file_in_the_output_is_kept_and_the_other_pages_are_written(project: Project) -> None:
    build(project, {"content/a.md": "a"})
    project.write("site/b/index.html", "mine").write("site/notes.txt", "mine")
    project.write("content/b.md", "b").write("content/c.md", "c").build()
    problem = project.problem()
    assert Path(problem.path).parts[-3:] == ("site", "b", "index.html")
    assert (
        problem.message == "was not written by Pressrun, and a page wants this path; nothing was overwritten"
    )
    assert problem.hint == "move it away, or rename content/b.md"
    assert "c/index.html" in project.written
    project.delete("content/a.md").delete("content/b.md").build()
    assert project.problems == []
    assert list(project.last.removed) == ["a/index.html"]
    assert (project.file("b/index.html"), project.file("notes.txt")) == ("mine", "mine")


def test_an_output_folder_that_is_not_ours_is_untouched_byte_for_byte(project: Project) -> None:
    project.write("content/a.md", "a").write("mine/deep/x", b"\0\xff").write("mine/index.html", "mine")
    before = project.tree("mine")
    project.build(out=project.root / "mine")
    assert (
        project.problem().message
        == "holds files that Pressrun did not write (index.html); nothing was touched"
    )
    assert project.tree("mine") == before


def test_what_was_left_of_a_build_that_was_killed_is_taken_up(project: Project, tmp_path: Path) -> None:
    """A build that ends in the middle (here: by an exception) leaves files that the next one knows as its own."""
    project.write("content/a.md", "a").write("content/b.md", "b")
    (project.root / "site/assets").mkdir(parents=True)
    os.chmod(project.root / "site/assets", 0o755)
    project.build()
    home = next((project.root / ".pressrun/releases").iterdir())
    status = (project.root / "site").stat()
    change = {"folder": [status.st_dev, status.st_ino], "names": list(project.tree())}
    shutil.rmtree(
        home
    )  # as where files are replaced one by one, and the first build never came to its manifest
    home.mkdir()
    (home / "change").write_text(json.dumps(change))
    project.write("content/a.md", "changed").build()
    assert project.problems == []
    assert project.tree() == project.clean_tree(tmp_path / "clean")
