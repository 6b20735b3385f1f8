"""The manual's page on building: what it says about edits, keys and output is what happens."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from content.building import STAGES
from generator import build as builder
from generator.cache import OUTSIDE
from generator.cli import main
from generator.config import Execute
from generator.edits import MOST
from generator.highlighter import LONGEST
from generator.units import WORTH_FORKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness import Project

PAGE = Path(__file__).parents[2] / "content/building.md"
CONFIG = "[tool.pressrun]\ntitle = '{title}'\ncopyright = 'C'\n"
MODULE = "def shown():\n    return {shown}\n\n\ndef other():\n    return {other}\n"
GUIDE = """---
title: Guide
---
---
from blog.shared import shown
limits = open("limits.txt").read()
---
```python source=shown
```

{{ limits }}
"""


def post(number: int, *, title: str = "", tag: str = "", body: str = "Text", extra: str = "") -> str:
    """A post; its description is what lists show of it."""
    tag = tag or ("odd" if number % 2 else "even")
    head = f"title: {title or f'T{number}'}\ndate: 2026-01-{number + 10}\ndescription: d{number}\n"
    return f"---\n{head}tags: [{tag}]\n{extra}---\n{body}\n"


@pytest.fixture
def site(project: Project) -> Project:
    """The site that the page tells of: five posts, two tags, a home page, a guide that shows a function and reads a file."""
    for number in range(5):
        project.write(f"blog/p{number}.md", post(number))
    project.write("blog/shared.py", MODULE.format(shown=1, other=1)).write("limits.txt", "10")
    project.write("content/index.md", "# Home\n").write("content/guide.md", GUIDE)
    return project.write("pyproject.toml", CONFIG.format(title="T")).build()


def touch(project: Project) -> None:
    """Give everything a new time."""
    for path in [*project.root.glob("blog/*"), *project.root.glob("content/*")]:
        path.touch()


EDITS: dict[str, Callable[[Project], object]] = {
    "nothing, or files are only touched": touch,
    "words of a post": lambda p: p.write("blog/p2.md", post(2, body="Other words")),
    "its title": lambda p: p.write("blog/p2.md", post(2, title="New")),
    "its tag": lambda p: p.write("blog/p2.md", post(2, tag="odd")),
    "a new post": lambda p: p.write("blog/p5.md", post(5)),
    "a post is deleted": lambda p: p.delete("blog/p2.md"),
    "a new draft": lambda p: p.write("blog/p5.md", post(5, extra="draft: true\n")),
    "a function of the module that the guide does not show": lambda p: p.write(
        "blog/shared.py", MODULE.format(shown=1, other=2)
    ),
    "the function that it shows": lambda p: p.write("blog/shared.py", MODULE.format(shown=2, other=1)),
    "the data file that it reads": lambda p: p.write("limits.txt", "20"),
    "a template that all pages use": lambda p: p.write(
        "templates/components/footer.html", "<footer>own</footer>\n"
    ),
    "a template that only the list of tags uses": lambda p: p.write(
        "templates/tags.html", "{{ tags | length }}\n"
    ),
    "the site's title in the configuration": lambda p: p.write("pyproject.toml", CONFIG.format(title="New")),
    "a file of the output": lambda p: p.write("site/blog/p1/index.html", "changed by hand"),
}
"""What the table's rows are about."""
KINDS = ("load", "compose", "render", "list")


def told() -> dict[str, list[int]]:
    """Give the table of the page: edit → how many units of each kind run."""
    rows = re.findall(r"^\| ([^|]+?) +((?:\| +\d* *){4})\|$", PAGE.read_text("utf-8"), re.MULTILINE)
    return {name: [int(cell) if cell.strip() else 0 for cell in cells[1:].split("|")] for name, cells in rows}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_rebuilds_what_the_manual_says(site: Project, edit: str) -> None:
    EDITS[edit](site)
    site.build()
    assert site.problems == []
    ran = Counter(unit.partition(":")[0] for unit in site.last.ran)
    assert told().get(edit) == [ran[kind] for kind in KINDS]


def test_the_manual_tells_of_no_other_edits() -> None:
    assert told().keys() == EDITS.keys()


def test_explain_prints_what_the_manual_shows(site: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """All but the time that it took."""
    site.write("blog/p2.md", post(2, title="New"))
    monkeypatch.chdir(site.root)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795219200")
    printed = CliRunner().invoke(main, ["build", "--explain"], catch_exceptions=False).output
    shown = re.search(
        r"```console\n\$ pressrun build --explain\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL
    )
    assert shown
    times = re.compile(r"\(\d+\.\d\d s\)")
    assert times.sub("", printed) == times.sub("", shown[1])


@pytest.mark.parametrize("kept", ["cache.db", "."])
def test_a_cache_that_was_kept_spares_a_fresh_checkout_all_but_rendering(
    site: Project, tmp_path: Path, kept: str
) -> None:
    fresh = type(site)(tmp_path / "fresh")
    shutil.copytree(
        site.root,
        fresh.root,
        ignore=shutil.ignore_patterns("site", ".pressrun"),
        copy_function=shutil.copyfile,
    )
    (fresh.root / ".pressrun").mkdir()
    for path in (site.root / ".pressrun").rglob("*") if kept == "." else [site.root / ".pressrun" / kept]:
        if path.is_file():
            fresh.write(path.relative_to(site.root).as_posix(), path.read_bytes())
    fresh.build()
    assert (fresh.ran("load"), fresh.ran("compose"), len(fresh.ran("render"))) == ([], [], 7)
    assert fresh.tree() == site.tree()


def test_a_site_without_its_records_is_refused(site: Project) -> None:
    shutil.rmtree(site.root / ".pressrun")
    before = site.tree()
    assert site.build().problems == [
        f"{site.root / 'site'}: error: holds files that Pressrun did not write (404.html); nothing was touched"
    ]
    assert site.tree() == before


def test_the_picture_has_the_stages_of_the_build() -> None:
    told = re.findall(r"^    (\w+) +→", builder.__doc__ or "", re.MULTILINE)
    assert [*STAGES] == [*told, "write"]


def test_the_manual_names_every_kind_of_key_that_the_world_answers() -> None:
    text = PAGE.read_text("utf-8").partition("{#page-code}")[2].partition("\n## ")[0]
    assert set(re.findall(r"\| `([a-z]+):", text)) | set(re.findall(r"; `([a-z]+):`", text)) == set(OUTSIDE)


def test_the_manual_has_the_figures_of_the_code() -> None:
    text = " ".join(PAGE.read_text("utf-8").split())
    assert f"Fewer than {WORTH_FORKING} units of a kind" in text
    assert f"up to {MOST} pages" in text
    assert f"{Execute().timeout:g} seconds" in text
    assert f"{LONGEST:g} seconds of processor time" in text
