"""Each construct of Markdown is specified by examples: `fixtures/*.md` holds title, input and the expected HTML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.cache import Facts, Reads
from generator.compose import compose
from generator.config import Execute, Links, Markdown
from generator.content import Content
from generator.context import Context
from generator.execute import Runner
from generator.highlighter import InPlace

FOLDER = Path(__file__).parent / "fixtures"
ONE = re.compile(r"^(?P<title>\S.*)\n\.\n(?P<input>(?s:.*?))^\.\n(?P<html>(?s:.*?))^\.$", re.MULTILINE)
SETTINGS = {
    "mkdocs": Markdown(dialect="mkdocs"),
    "quotes": Markdown(smart_quotes=True),
    "sanitized": Markdown(html="sanitize"),
    "escaped": Markdown(html="escape"),
    "slugs-mdn": Markdown(slugs="mdn"),
    "slugs-python-markdown": Markdown(slugs="python-markdown"),
}
"""File → the settings under which its examples hold; those of a new site for all others."""


def examples() -> list[tuple[str, str, str, str]]:
    """Give file, title, input and HTML of each."""
    return [
        (path.stem, found["title"], found["input"], found["html"])
        for path in sorted(FOLDER.glob("*.md"))
        for found in ONE.finditer(path.read_text("utf-8"))
    ]


def composed(root: Path, text: str, settings: Markdown) -> Content:
    """Compose one page of a site that has nothing else."""
    facts = Facts(root)
    facts.put("config:markdown", settings)
    facts.put("config:execute", Execute(enabled=False))
    facts.put("config:site", {"language": "en"})
    facts.put("config:base_path", "/")
    facts.put("config:links", Links())
    (root / "a.md").write_text(text, "utf-8")
    return compose("a.md", Reads(facts), Runner(), "/a/", InPlace(), Context().renderer)


EXAMPLES = examples()


def test_there_are_examples_of_every_file() -> None:
    assert {one[0] for one in EXAMPLES} == {path.stem for path in FOLDER.glob("*.md")}


@pytest.mark.parametrize(
    ("file", "title", "text", "html"), EXAMPLES, ids=[f"{e[0]}: {e[1]}" for e in EXAMPLES]
)
def test_an_example_gives_its_html(file: str, title: str, text: str, html: str, tmp_path: Path) -> None:
    made = composed(tmp_path, text, SETTINGS.get(file, Markdown()))
    assert made.html == html
    assert [str(problem) for problem in made.summary.problems] == []
