"""Pages: bytes to text, names to titles and dates; a file that is no UTF-8 text is named, not guessed at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.cache import Facts, Reads
from generator.pages import Loaded, first_heading, humanised, inline_text, load, split_name
from generator.sources import Source

if TYPE_CHECKING:
    from pathlib import Path


def loaded(folder: Path, data: bytes, name: str = "a.md") -> Loaded:
    """Load one page of these bytes."""
    (folder / name).write_bytes(data)
    return load(Source(name, "pages", is_page=True), Reads(Facts(folder)))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("---\ntitle: é\n---\n".encode("utf-16"), "a.md: error: encoded as UTF-16; expected UTF-8"),
        ("é".encode("utf-32"), "a.md: error: encoded as UTF-32; expected UTF-8"),
        ("title: some words\n".encode("utf-16-le"),
         "a.md:1:2: error: not text: a NUL byte; the file looks like UTF-16 without a byte order mark"),
        ("x\nü é\n".encode("latin-1"), "a.md:2:1: error: not UTF-8: byte 0xfc; the file looks like Latin-1 (ISO 8859-1)"),
        ("x\nü “é”\n".encode("cp1252"),
         "a.md:2:1: error: not UTF-8: byte 0xfc; the file looks like Windows-1252 or another 8-bit encoding"),
        ("é\n  é".encode() + b"\xe9", "a.md:2:4: error: not UTF-8: byte 0xe9; the file looks like Latin-1 (ISO 8859-1)"),
        (b"text\nmore \0 text\n", "a.md:2:6: error: not text: a NUL byte; the file looks like binary data"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.md:3:1: error: not text: a NUL byte; the file looks like binary data"),
        (b"\xed\xa0\x80", "a.md:1:1: error: not UTF-8: byte 0xed; the file looks like Windows-1252 or another 8-bit encoding"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_utf8_text_are_one_problem_with_place_and_likely_encoding(
    tmp_path: Path, data: bytes, message: str
) -> None:
    found = loaded(tmp_path, data)
    assert found.page is None
    assert [str(p) for p in found.problems] == [f"{message}\n    save it as UTF-8"]


def test_a_byte_order_mark_is_no_part_of_the_page(tmp_path: Path) -> None:
    found = loaded(tmp_path, b"\xef\xbb\xbf---\ntitle: A\n---\n")
    assert found.page
    assert (found.page.front_matter.title, found.problems) == ("A", ())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends_are_read_alike(tmp_path: Path, end: str) -> None:
    found = loaded(tmp_path, end.join(["---", "tags: [a]", "weight: x", "---", "# Heading", ""]).encode())
    assert found.page
    assert (found.page.front_matter.title, found.page.has_heading) == ("Heading", True)
    assert [p.place() for p in found.problems] == ["a.md:3:9"]


def test_an_empty_file_is_an_empty_page(tmp_path: Path) -> None:
    found = loaded(tmp_path, b"", "two-words.md")
    assert found.page
    assert (found.page.front_matter.title, found.problems) == ("Two words", ())


def test_a_file_that_vanished_is_a_problem(tmp_path: Path) -> None:
    found = load(Source("gone.md", "pages", is_page=True), Reads(Facts(tmp_path)))
    assert [str(p) for p in found.problems] == ["gone.md: error: vanished while the site was built"]


@pytest.mark.parametrize(
    ("name", "stem", "date"),
    [
        ("2014-05-01-title.md", "title", "2014-05-01"),
        ("2014-5-1-x.md", "x", "2014-5-1"),
        ("2014.md", "2014", ""),
        ("a.b.md", "a.b", ""),
    ],
)
def test_a_date_may_stand_in_the_files_name(name: str, stem: str, date: str) -> None:
    assert split_name(f"blog/{name}") == (stem, date)


def test_a_date_in_the_name_that_is_none_is_a_problem(tmp_path: Path) -> None:
    found = loaded(tmp_path, b"x", "2014-13-01-x.md")
    message = "2014-13-01-x.md: error: the date in the file's name is not a date: 2014-13-01 (month must be in 1..12)"
    assert [str(p) for p in found.problems] == [message]
    assert found.page
    assert (found.page.stem, found.page.front_matter.date) == ("x", "")


def test_the_front_matters_date_wins_over_the_names(tmp_path: Path) -> None:
    found = loaded(tmp_path, b"---\ndate: 2020-01-01\n---\n", "2014-13-01-x.md")
    assert found.page
    assert (found.page.front_matter.date, found.problems) == ("2020-01-01", ())


def test_a_page_that_may_be_a_draft_is_left_out_when_its_header_cannot_be_read(tmp_path: Path) -> None:
    found = loaded(tmp_path, b"---\ntitle: [\ndraft: true\n---\nsecret\n")
    assert found.page is None
    assert "seems to hold it back" in found.problems[0].hint


@pytest.mark.parametrize(
    ("body", "heading", "leads"),
    [
        ("# One\n", "One", True),
        ("\n<!-- c -->\n# One *two* `three` [four](x) ##\n", "One two three four", True),
        ("text\n\n# One {#id .class}\n", "One", False),
        ('# One { data-toc-label="1" }\n', "One", True),
        ("# One {x=1}\n", "One {x=1}", True),
        ("One\n===\n", "One", True),
        ("```\n# no\n```\n# Yes\n", "Yes", False),
        ("## Second\n", "", False),
        ("    # code\n", "", False),
        ("#no space\n", "", False),
        ("#\n", "", True),
    ],
)
def test_the_first_heading_is_the_title_of_a_page_without_one(body: str, heading: str, leads: bool) -> None:
    assert first_heading(body) == (heading, leads)


def test_names_become_titles() -> None:
    assert humanised("two_words-here", "a/two_words-here.md") == "Two words here"
    assert humanised("index", "content/user-guide/index.md") == "User guide"
    assert inline_text(r"a \* b **c** snake_case_name") == "a * b c snake_case_name"
