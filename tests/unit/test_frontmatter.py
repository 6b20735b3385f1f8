"""Front matter: what an author wrote is what it means, and every mistake is named with its line and column."""

from __future__ import annotations

import time

import pytest

from generator.frontmatter import Header, instant, iso
from generator.frontmatter.split import split_header
from generator.frontmatter.values import KINDS


def header(yaml: str, *more: str) -> Header:
    """Read a page that begins with this YAML."""
    return split_header("a.md", f"---\n{yaml}\n---\n{''.join(more)}")


def problems(yaml: str) -> list[str]:
    """Give the first lines of all problems of a header."""
    return [str(p).splitlines()[0] for p in header(yaml).problems]


def test_a_page_without_front_matter_is_all_body() -> None:
    found = split_header("a.md", "# Title\n\n---\n\ntext\n")
    assert (found.body, found.body_line, found.problems, found.front_matter.title) == (0, 1, (), "")


@pytest.mark.parametrize("text", ["", "\n", "---", "---\n", "\n\n---\n", "----\na: b\n----\n", "--- \n"])
def test_a_rule_or_nothing_is_no_front_matter(text: str) -> None:
    found = split_header("a.md", text)
    assert (found.problems, found.python, found.front_matter.extra) == ((), "", {})


def test_a_thematic_break_before_prose_is_no_unclosed_front_matter() -> None:
    assert split_header("a.md", "---\n\nSome prose.\n").problems == ()


def test_front_matter_that_is_never_closed_is_named_at_its_first_line() -> None:
    found = split_header("a.md", "\n---\ntitle: x\n\nbody\n")
    assert str(found.problems[0]) == (
        "a.md:2:1: error: front matter is never closed\n    close it with a line that holds just ---"
    )
    assert not found.withheld


def test_a_draft_whose_front_matter_is_never_closed_is_held_back() -> None:
    assert split_header("a.md", "---\ntitle: x\ndraft: true\n\nbody\n").withheld


def test_a_draft_whose_front_matter_does_not_parse_is_held_back() -> None:
    assert header("title: [\ndraft: true").withheld
    assert not header("title: [").withheld


def test_a_draft_value_that_is_no_truth_value_counts_as_a_draft() -> None:
    found = header("draft: maybe")
    assert found.front_matter.draft
    assert problems("draft: maybe") == ["a.md:2:8: error: “draft” must be true or false, not 'maybe'"]


@pytest.mark.parametrize(
    ("yaml", "message"),
    [
        ("title: [a\nb: 1", "2:8: error: not valid YAML: what begins with “[” lacks a comma or its “]”"),
        ("tags: [a", "2:7: error: not valid YAML: what begins with “[” lacks a comma or its “]”"),
        ("tags: {a: 1", "2:7: error: not valid YAML: what begins with “{” lacks a comma or its “}”"),
        ("title: One: two", "2:11: error: not valid YAML: mapping values are not allowed in this context"),
        ("a: *b", "2:4: error: not valid YAML: found undefined alias"),
        ("- a\n- b", "2:1: error: front matter must be a mapping (key: value), not a list"),
        ("hello world", "2:1: error: front matter must be a mapping (key: value), not text"),
        ("? [a]\n: b", "2:3: error: a key must be text"),
        ("<<: x", "2:5: error: a merge key (<<) takes mappings"),
        ("title: a\ntags: []\ntitle: b", "4:1: error: the key “title” stands here twice"),
        ("a: {b: 1, b: 2}", "2:11: error: the key “b” stands here twice"),
        ("title: a\0b", "2:1: error: not valid YAML: unacceptable character #x0000: control characters are not allowed"),
        ("foo: !!python/object/apply:os.system ['true']",
         "2:6: error: the tag “tag:yaml.org,2002:python/object/apply:o…” is not allowed"),
        ("title: !!python/name:os.system ''", "2:8: error: the tag “tag:yaml.org,2002:python/name:os.system” is not allowed"),
        ("title: !own x", "2:8: error: the tag “!own” is not allowed"),
    ],
)  # fmt: skip
def test_yaml_that_cannot_be_read_is_one_problem_with_its_place(yaml: str, message: str) -> None:
    assert problems(yaml) == [f"a.md:{message}"]


def test_yaml_that_a_document_end_cuts_is_no_python() -> None:
    """`a: b` is an annotation of Python's too; it does nothing, so it is not taken for code."""
    assert problems("a: b\n...\nc: d") == [
        "a.md:4:1: error: not valid YAML: did not find expected <document start>"
    ]


def test_a_key_that_stands_there_many_times_is_reported_once() -> None:
    assert len(problems("a: 1\na: 2\na: 3\na: 4")) == 1


def test_the_usual_mistakes_come_with_the_way_out() -> None:
    assert header("tags:\n\t- a").problems[0].hint == "YAML is indented by spaces, not by tabs"
    assert (
        header("title: One: two").problems[0].hint
        == 'a value that holds “: ” must be quoted: title: "One: two"'
    )
    assert header("slug: a/b").problems[0].hint == "use permalink for a whole URL"


EXPECTED = {
    **dict.fromkeys(
        ("title", "slug", "permalink", "description", "image", "series", "template", "lang", "id", "dialect"),
        "text",
    ),
    **dict.fromkeys(("date", "updated", "expires"), "a date such as 2026-11-21"),
    **dict.fromkeys(("aliases", "author", "tags"), "text or a list of text"),
    **dict.fromkeys(("draft", "menu", "toc", "unlisted"), "true or false"),
    "weight": "a whole number",
}


def test_every_known_key_is_typed_and_all_wrong_ones_are_reported_at_once() -> None:
    assert EXPECTED.keys() == KINDS.keys()
    yaml = "\n".join(f"{key}: {{a: b}}" for key in KINDS)
    assert problems(yaml) == [
        f"a.md:{line}:{len(key) + 3}: error: “{key}” must be {EXPECTED[key]}, not a mapping"
        for line, key in enumerate(KINDS, 2)
    ]


@pytest.mark.parametrize("key", [key for key in KINDS if key not in ("aliases", "author", "tags")])
def test_a_list_is_no_single_value(key: str) -> None:
    assert problems(f"{key}: [a]") == [
        f"a.md:2:{len(key) + 3}: error: “{key}” must be {EXPECTED[key]}, not a list"
    ]


def test_lists_of_words_hold_no_lists() -> None:
    assert problems("tags: [[1]]") == ["a.md:2:8: error: “tags” must be text or a list of text, not a list"]


@pytest.mark.parametrize(
    ("yaml", "message"),
    [
        ("date: 2026-13-01", "“date” is not a date: '2026-13-01' (month must be in 1..12); expected one such as 2026-11-21"),
        ("date: 2026-02-30", "“date” is not a date: '2026-02-30' (day is out of range for month); expected one such as 2026-11-21"),
        ("date: soon", "“date” is not a date: 'soon' (not of the form year-month-day); expected one such as 2026-11-21"),
        ("weight: 1.5", "“weight” must be a whole number, not '1.5'"),
        ("weight: " + "9" * 5000, f"“weight” must be a whole number, not '{'9' * 39}…'"),
        ("toc: perhaps", "“toc” must be true or false, not 'perhaps'"),
        ("slug: a/b", "“slug” must be one part of a URL, without slashes"),
        ("slug: ..", "“slug” must be one part of a URL, without slashes"),
        ("slug: .git", "“slug” must not begin with a dot: hidden files are not published"),
        ('series: "a\\nb"', "“series” must be one line without control characters"),
        ('tags: ["a\\nb"]', "“tags” must be without control characters"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_says_what_was_expected(yaml: str, message: str) -> None:
    column = len(yaml.partition(":")[0]) + 3
    assert problems(yaml) == [f"a.md:2:{column}: error: {message}"]


CLIMBING = [
    "../x",
    "/a/../../x",
    "%2e%2e/x",
    "/%2E%2e%2fx",
    "..\\x",
    "/..\\x",
    "/a%5c..%5cx",
    "..",
    "%252e%252e/x",
    "%25252e./x",
]


@pytest.mark.parametrize("key", ["permalink", "aliases"])
@pytest.mark.parametrize("url", CLIMBING)
def test_a_url_that_climbs_out_of_the_site_is_refused_however_it_is_spelt(key: str, url: str) -> None:
    found = header(f"{key}: '{url}'")
    place = f"a.md:2:{len(key) + 3}: error: "
    assert [str(p) for p in found.problems] == [f"{place}“{key}” must stay inside the site, {url!r} does not"]
    assert (found.front_matter.permalink, found.front_matter.aliases) == ("", ())


@pytest.mark.parametrize("key", ["permalink", "aliases"])
@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://elsewhere.example/x", "must be a path of this site, not a whole URL"),
        ("//elsewhere.example/x", "must be a path of this site, not a whole URL"),
        ("/a%00b/", "must be without control characters, '/a%00b/' is not"),
        ("/a%0Ab/", "must be without control characters, '/a%0Ab/' is not"),
        ("/.git/config", "must not have a part that begins with a dot: hidden files are not published"),
        ("/%2egit/config", "must not have a part that begins with a dot: hidden files are not published"),
    ],
)
def test_a_url_that_no_site_should_have_is_refused(key: str, url: str, message: str) -> None:
    assert problems(f"{key}: {url}") == [f"a.md:2:{len(key) + 3}: error: “{key}” {message}"]


def test_urls_with_odd_but_harmless_parts_are_taken() -> None:
    for url in ("/a..b/", "/a...b/", "/.well-known/x.txt", "/é ü/", "/100%/", "a/b"):
        assert header(f"permalink: {url}").front_matter.permalink == url


@pytest.mark.parametrize(
    "text", ["NO", "12:30:45", "1.10", "0x1F", "1_000", "010", "null island", "2026-01-01", "=", "1e3", "~x"]
)
def test_text_stays_what_the_author_wrote(text: str) -> None:
    """YAML 1.1 would make false, 45045, 1.1, 31 … of these."""
    found = header(f"title: {text}\nmine: {text}")
    assert (found.problems, found.front_matter.title) == ((), text)
    assert found.front_matter.extra == {"mine": text}


def test_keys_of_the_authors_own_become_numbers_and_truth_values_only_without_loss() -> None:
    found = header(
        "a: 12\nb: -3\nc: 1.5\nd: true\ne: 'true'\nf: 1.0\ng: 1.10\nh: ~\ni: [1, x]\nj: {k: 2}\nl: "
        + "9" * 5000
    )
    assert found.front_matter.extra == {
        "a": 12, "b": -3, "c": 1.5, "d": True, "e": "true", "f": 1.0, "g": "1.10", "h": None, "i": [1, "x"], "j": {"k": 2},
        "l": "9" * 5000,
    }  # fmt: skip


def test_nothing_written_behind_a_key_is_its_default() -> None:
    found = header("\n".join(f"{key}:" for key in KINDS))
    assert found.problems == ()
    assert found.front_matter == header("# nothing").front_matter


ALIASES = "\n".join([
    "a: &a [x, x, x, x, x, x, x, x, x]",
    *(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in zip("abcdefghi", "bcdefghij", strict=True)),
])  # fmt: skip
MERGES = "\n".join([
    "a: &a {x: 1}",
    *(f"{name}: &{name} {{<<: [{', '.join([f'*{before}'] * 9)}]}}" for before, name in zip("abcdefghi", "bcdefghij", strict=True)),
])  # fmt: skip


@pytest.mark.parametrize("bomb", [ALIASES, MERGES], ids=["aliases", "merge keys"])
def test_an_alias_bomb_is_one_problem_at_once(bomb: str) -> None:
    started = time.perf_counter()
    found = problems(bomb)
    assert time.perf_counter() - started < 1.0
    assert len(found) == 1
    assert found[0].endswith("error: aliases or merge keys expand to more than 20,000 values")


@pytest.mark.parametrize("yaml", ["a: &a [*a]", "a: &a {b: *a}", "a: &a {<<: *a}", "a: &a [[[*a]]]"])
def test_an_alias_of_what_it_stands_in_has_no_end_and_is_refused(yaml: str) -> None:
    assert problems(yaml) == ["a.md:2:4: error: aliases or merge keys expand to more than 100 levels"]


def test_a_whole_header_that_merges_itself_is_refused() -> None:
    assert problems("&a\n<<: *a") == ["a.md:2:1: error: aliases or merge keys expand to more than 100 levels"]


@pytest.mark.parametrize(
    ("yaml", "place"),
    [
        ("a: " + "[" * 10_000 + "]" * 10_000, "2:103"),
        ("a: " + "[" * 10_000, "2:103"),
        ("a: " + "{b: " * 10_000, "2:400"),
        ("\n".join(" " * level + "-" for level in range(2000)), "102:101"),
        ("- " * 5000 + "x", "2:201"),
        ("? " * 5000 + "x", "2:201"),
    ],
    ids=["lists", "open lists", "mappings", "indented lists", "lists in one line", "keys"],
)
def test_nesting_without_measure_is_refused_at_its_place(yaml: str, place: str) -> None:
    started = time.perf_counter()
    assert problems(yaml) == [f"a.md:{place}: error: nested deeper than 100 levels"]
    assert time.perf_counter() - started < 2.0


def test_ordinary_aliases_and_merge_keys_work() -> None:
    found = header("base: &b {x: 1, y: 2}\nmine:\n  <<: *b\n  y: 3\ntags: &t [a]\nmore: *t")
    assert (found.problems, found.front_matter.tags) == ((), ("a",))
    assert found.front_matter.extra == {"base": {"x": 1, "y": 2}, "mine": {"x": 1, "y": 3}, "more": ["a"]}


@pytest.mark.parametrize(
    ("text", "line", "body_line"),
    [
        ("---\ntitle: a\ntitle: b\n---\nbody\n", 3, 5),
        ("\n\n---\ntitle: a\ntitle: b\n---\nbody\n", 5, 7),
        ("---\r\ntitle: a\r\ntitle: b\r\n---\r\nbody\r\n", 3, 5),
        ("---\ntitle: a\ntitle: b\n---", 3, 4),
    ],
    ids=["plain", "blank lines first", "CRLF", "no body"],
)
def test_lines_are_those_of_the_file(text: str, line: int, body_line: int) -> None:
    found = split_header("a.md", text)
    assert [(p.line, p.column) for p in found.problems] == [(line, 1)]
    assert found.body_line in (body_line, body_line + 1)
    assert text[found.body :].strip() == ("body" if "body" in text else "")


def test_python_may_follow_yaml_or_stand_alone() -> None:
    both = split_header("a.md", "---\ntitle: A\n---\n---\nimport os\n---\nbody\n")
    assert (both.front_matter.title, both.python, both.python_line, both.body_line) == (
        "A",
        "import os\n",
        5,
        7,
    )
    alone = split_header("a.md", "---\n# comment\nimport os\n---\nbody\n")
    assert (alone.python, alone.python_line, alone.body_line) == ("# comment\nimport os\n", 2, 5)


def test_a_call_alone_is_python() -> None:
    assert split_header("a.md", "---\nprint('x')\n---\n").python == "print('x')\n"


def test_a_syntax_error_of_the_header_is_at_its_line_and_column() -> None:
    found = split_header("a.md", "---\ntitle: A\n---\n---\nimport os\nx = = 1\n---\nbody\n")
    assert [str(p) for p in found.problems] == ["a.md:6:5: error: SyntaxError: invalid syntax"]


def test_a_rule_behind_the_front_matter_stays_markdown() -> None:
    found = split_header("a.md", "---\ntitle: A\n---\n---\nprose here\n\n---\n")
    assert (found.python, found.problems, found.body_line) == ("", (), 4)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("2026-1-2", "2026-01-02"),
        ("2026-11-21 9:05", "2026-11-21T09:05:00"),
        ("2026-11-21T09:05:07.25Z", "2026-11-21T09:05:07+00:00"),
        ("2026-11-21 09:05:07 +0200", "2026-11-21T09:05:07+02:00"),
        ("2026-11-21 09:05 -5", "2026-11-21T09:05:00-05:00"),
    ],
)
def test_dates_are_written_in_the_forms_that_people_use(text: str, made: str) -> None:
    assert iso(text) == made
    assert instant(made).tzinfo is not None
