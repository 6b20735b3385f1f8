"""The keystone: after any edits, an incremental build gives the bytes of a clean one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from harness import Project

MODULE = "def shown():\n    return {number}\n\n\ndef other():\n    return 0\n"
WORDS = "press ink paper type proof plate sheet".split()


def page(random: random.Random, *, code: bool) -> str:
    """A page with front matter, links to pages that may not exist, and perhaps Python."""
    words = random.choices(WORDS, k=6)
    header = f"---\ntitle: {' '.join(words[:2])}\ndate: 2026-0{random.randint(1, 9)}-1{random.randint(0, 9)}\n"
    header += f"tags: [{', '.join(words[2:4])}]\ndraft: {random.choice(['true', 'false', 'false'])}\n---\n"
    if code:
        header += "---\nfrom pathlib import Path\nfrom blog.shared import shown\n---\n"
    body = f"# {words[0]}\n\n{' '.join(words)} [x](p{random.randint(0, 7)}.md#{words[1]})\n\n## {words[1]}\n"
    if code:
        body += "\n{{ shown() }} {{ Path('data.txt').read_text() if Path('data.txt').exists() else 'none' }}\n"
        body += "\n```python source=shown\n```\n"
    return header + body


def edit(project: Project, random: random.Random) -> str:
    """Make one random edit and name it."""
    number = random.randint(0, 7)
    path = project.root / f"blog/p{number}.md"
    kind = random.choice(["write", "write", "delete", "module", "data", "override", "config", "touch"])
    if kind == "write":
        project.write(f"blog/p{number}.md", page(random, code=number % 2 == 0))
    elif kind == "delete" and path.exists():
        path.unlink()
    elif kind == "module":
        project.write("blog/shared.py", MODULE.format(number=random.randint(0, 9)))
    elif kind == "data":
        project.write("data.txt", random.choice(WORDS))
    elif kind == "override":
        override = project.root / "templates/components/footer.html"
        if override.exists():
            override.unlink()
        else:
            project.write("templates/components/footer.html", f"<footer>{random.choice(WORDS)}</footer>")
    elif kind == "config":
        project.write("pyproject.toml", f'[tool.pressrun]\ntitle = "{random.choice(WORDS)}"\n')
    elif path.exists():
        path.touch()
    return kind


@pytest.mark.parametrize("seed", range(4))
def test_incremental_equals_clean_after_random_edits(project: Project, tmp_path: Path, seed: int) -> None:
    """Edits of pages, modules, data files, overrides and configuration: every step gives the clean bytes."""
    generator = random.Random(seed)
    project.write("blog/shared.py", MODULE.format(number=1)).write("data.txt", "first")
    for number in range(6):
        project.write(f"blog/p{number}.md", page(generator, code=number % 2 == 0))
    project.build()
    for step in range(12):
        kinds = [edit(project, generator) for _ in range(generator.randint(1, 3))]
        project.build()
        assert project.tree() == project.clean_tree(tmp_path / f"clean{step}"), f"seed {seed}, step {step}: {kinds}"


def test_a_second_build_runs_nothing_and_writes_nothing(project: Project) -> None:
    """With nothing changed there is nothing to do."""
    project.write("content/index.md", "# Home\n").write("blog/a.md", "---\ndate: 2026-01-01\n---\nText\n").build()
    assert project.build().last.ran == {}
    assert project.written == []


def test_a_body_edit_runs_that_page_alone(project: Project) -> None:
    """The body of one post: one load, one compose, one render."""
    project.write("blog/a.md", "---\ntitle: A\ndescription: d\n---\nText\n").write("blog/b.md", "---\ntitle: B\n---\nText\n")
    project.build().write("blog/a.md", "---\ntitle: A\ndescription: d\n---\nOther text\n").build()
    assert (project.ran("load"), project.ran("compose"), project.ran("render")) == (["blog/a.md"],) * 3
    assert project.ran("list") == ["/", "/blog/"] or project.ran("list") == []
    assert project.written == ["blog/a/index.html"]


def test_a_touched_file_changes_nothing(project: Project) -> None:
    """Content decides, never time."""
    project.write("content/index.md", "# Home\n").build()
    (project.root / "content/index.md").touch()
    assert project.build().last.ran == {}


def test_another_function_of_a_shown_module_is_cut_off_early(project: Project) -> None:
    """The page is composed again, comes out the same, and is not rendered again."""
    project.write("blog/shared.py", MODULE.format(number=1))
    project.write("blog/a.md", "---\nfrom blog.shared import shown\n---\n```python source=shown\n```\n").build()
    project.write("blog/shared.py", MODULE.format(number=1).replace("return 0", "return 5")).build()
    assert project.ran("compose") == ["blog/a.md"]
    assert project.ran("render") == []
    project.write("blog/shared.py", MODULE.format(number=2)).build()
    assert project.written == ["blog/a/index.html"]
