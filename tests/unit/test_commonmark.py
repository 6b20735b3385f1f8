"""The preset `commonmark` is the CommonMark specification 0.31.2, nothing added and nothing left out."""

from __future__ import annotations

import fcntl
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.markdown import commonmark

TESTS = Path(__file__).resolve().parents[1]
EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$|^#{1,6} +([^\n]*)$", re.DOTALL | re.MULTILINE)
BY_A_NEWLINE = {218, 239, 240}
"""Numbers of the examples that differ by a newline inside an empty blockquote, which no reader can see."""


@dataclass(frozen=True)
class Example:
    """One example of the specification."""

    number: int
    section: str
    markdown: str
    html: str


def installed(package: str) -> Path:
    """Give the folder of an npm package that the tests' lock file names; npm checks its integrity."""
    npm = shutil.which("npm")
    assert npm, "npm is missing; the tests need it for the text of the specification"
    stamp = TESTS / "node_modules" / ".package-lock.json"
    with (TESTS / "package.json").open() as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)  # when tests run in several processes, one installs
        if not stamp.exists() or stamp.stat().st_mtime < (TESTS / "package-lock.json").stat().st_mtime:
            command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=TESTS, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
    return TESTS / "node_modules" / package


@pytest.fixture(scope="session")
def examples() -> list[Example]:
    """All examples, in order."""
    text = (installed("commonmark-spec") / "spec.txt").read_text("utf-8").partition("<!-- END TESTS -->")[0]
    made: list[Example] = []
    section = ""
    for match in EXAMPLE.finditer(text):
        if match[3] is not None:
            section = match[3]
        else:
            source, html = (part.replace("→", "\t") for part in match.group(1, 2))
            made.append(Example(len(made) + 1, section, source, html))
    return made


def test_the_specification_has_652_examples_in_26_sections(examples):
    """If its text is read wrongly, the tests below prove nothing."""
    assert len(examples) == 652
    assert len({one.section for one in examples}) == 26


def test_every_example_gives_the_specified_html(examples):
    """All but three are equal to the byte."""
    assert {one.number for one in examples if commonmark(one.markdown) != one.html} == BY_A_NEWLINE


def test_three_examples_differ_by_a_newline_inside_an_empty_blockquote(examples):
    """`<blockquote></blockquote>` for `<blockquote>\\n</blockquote>`: the same to every reader."""
    for one in examples:
        if one.number in BY_A_NEWLINE:
            assert commonmark(one.markdown).replace("\n", "") == one.html.replace("\n", ""), one


def test_a_built_page_carries_exactly_that_html(project, examples):
    """Nothing between the parser and the file changes it: no anchors, no highlighting, no rewriting of links."""
    firsts = {one.section: one for one in reversed(examples) if one.number not in BY_A_NEWLINE}
    project.write("pyproject.toml", '[tool.pressrun.markdown]\npreset = "commonmark"\n')
    for one in firsts.values():
        project.write(f"content/e{one.number}.md", f"---\ntitle: Example\n---\n{one.markdown}")
    project.build()
    assert project.problems == []
    for one in firsts.values():
        assert one.html in project.main(f"/e{one.number}/"), one
