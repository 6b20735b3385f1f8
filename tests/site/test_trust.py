"""Trust: the same input gives the same bytes wherever it is built, pages never mix, and nothing else is written or read."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import EPOCH, Project

ROOT = Path(__file__).parents[2]
POST = """---
title: Post {n}
date: 2026-01-01
tags: [t{group}, All]
---
---
from blog.shared import double
---
## Part ä

Text {{{{ double({n}) }}}} and [another](p{other}.md#part-ä).

```python exec show=both
print(sorted({{"a", "b", "c"}}), {{*"abc"}}, hash("x"))
```

```python source=double
```
"""
DEMO = """---
title: Demo
---
```python demo exec
from pressrun import State, button, text, vstack

class Counter(State):
    count: int = 0

    def more(self):
        self.count += 1

def counter():
    return vstack(text(Counter.count), button("More", on_click=Counter.more))
```
"""


def environment(**more: str) -> dict[str, str]:
    """The environment of a build."""
    return {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "PYTHONPATH": str(ROOT), **more}


def command(root: Path, *options: str) -> list[str]:
    """The command line of a build."""
    return [sys.executable, "-m", "generator", "build", str(root), *options]


def finish(root: Path, *options: str, **more: str) -> None:
    """Build to the end, as a user does."""
    done = subprocess.run(
        command(root, *options), env=environment(**more), capture_output=True, text=True, timeout=500
    )
    assert done.returncode == 0, done.stdout + done.stderr


# ------------------------------------------------------------ the same bytes


def write_site(project: Project, names: list[int]) -> Project:
    """Write posts, in the order of these numbers, and a page with a demo."""
    project.write("pyproject.toml", '[tool.pressrun]\ntitle = "Ours"\nbase_url = "https://example.org/"\n')
    for n in names:
        project.write(f"blog/p{n}.md", POST.format(n=n, group=n % 3, other=(n + 1) % len(names)))
        project.write(f"blog/p{n}.txt", f"{n}")
    project.write("blog/shared.py", "def double(n):\n    return 2 * n\n")
    return project.write("content/demo.md", DEMO)


def modes(folder: Path) -> dict[str, str]:
    """Give the rights of everything in a folder."""
    return {
        path.relative_to(folder).as_posix(): f"{path.stat().st_mode:o}"
        for path in [folder, *folder.rglob("*")]
    }


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, str]]:
    """The site as it comes out in ordinary circumstances."""
    root = tmp_path_factory.mktemp("reference") / "project"
    root.mkdir()
    project = write_site(Project(root), list(range(30)))
    finish(root, "--jobs", "1")
    return project.tree(), modes(root / "site")


CIRCUMSTANCES: dict[str, dict[str, str]] = {
    "two workers": {"jobs": "2"},
    "seven workers": {"jobs": "7"},
    "another hash seed": {"PYTHONHASHSEED": "1", "jobs": "2"},
    "yet another hash seed": {"PYTHONHASHSEED": "4242"},
    "another locale": {"LC_ALL": "C", "LANG": "C"},
    "a locale of one byte a letter": {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "another language": {"LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr"},
    "a time zone in the east": {"TZ": "Pacific/Kiritimati"},
    "a time zone in the west": {"TZ": "Etc/GMT+12"},
    "another home": {"HOME": "/nonexistent", "TERM": "dumb", "COLUMNS": "20"},
    "optimised Python": {"PYTHONOPTIMIZE": "1"},
}
"""What is otherwise → environment and `--jobs`."""


@pytest.mark.parametrize("name", CIRCUMSTANCES)
def test_the_bytes_do_not_depend_on_circumstances(
    name: str, project: Project, reference: tuple[dict[str, bytes], dict[str, str]]
) -> None:
    write_site(project, list(range(30)))
    more = dict(CIRCUMSTANCES[name])
    finish(project.root, "--jobs", more.pop("jobs", "1"), **more)
    assert project.tree() == reference[0]


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_neither_bytes_nor_rights_depend_on_the_umask(
    umask: int, project: Project, reference: tuple[dict[str, bytes], dict[str, str]]
) -> None:
    write_site(project, list(range(30)))
    done = subprocess.run(
        command(project.root), env=environment(), umask=umask, capture_output=True, timeout=300
    )
    assert done.returncode == 0
    assert (project.tree(), modes(project.root / "site")) == reference
    assert {f"{(project.root / 'site').stat().st_mode:o}", *reference[1].values()} == {"40755", "100644"}


def test_the_bytes_depend_neither_on_the_folder_nor_on_the_order_in_it(
    tmp_path: Path, reference: tuple[dict[str, bytes], dict[str, str]]
) -> None:
    """Files that were made in another order are listed in another order."""
    root = tmp_path / "an other földer" / "deep" / "site of mine"
    root.mkdir(parents=True)
    project = write_site(Project(root), [*range(29, -1, -2), *range(0, 30, 2)])
    finish(root)
    assert project.tree() == reference[0]


# ------------------------------------------------------------ pages never mix


def tokens(project: Project, clean: Path, pages: int, rounds: int) -> None:
    """Build pages of which each has a word of its own, in parallel, again and again."""
    for number in range(pages):
        body = f"token{number}end\n\n```python\ntoken{number}end = 1\n```\n"
        code = f"---\nvalue = 'token{number}end'\n---\n{{{{ value }}}}\n" if number % 20 == 0 else ""
        project.write(f"blog/p{number}.md", code + body)
    for _ in range(rounds):
        shutil.rmtree(project.root / ".pressrun", ignore_errors=True)
        shutil.rmtree(project.root / "site", ignore_errors=True)
        assert project.build(jobs=4).problems == []
        for number in range(pages):
            html = project.html(f"/blog/p{number}/")
            assert set(re.findall(r"token(\d+)end", html)) == {str(number)}
            assert html.count(f"token{number}end") >= 2


def test_each_token_is_in_its_own_page_only(project: Project, tmp_path: Path) -> None:
    tokens(project, tmp_path, pages=200, rounds=3)


@pytest.mark.long
def test_each_of_2000_tokens_is_in_its_own_page_only(project: Project, tmp_path: Path) -> None:
    """`PRESSRUN_ROUNDS=50` makes it longer."""
    tokens(project, tmp_path, pages=2000, rounds=int(os.environ.get("PRESSRUN_ROUNDS", "10")))


# ------------------------------------------------------------ size


def test_the_cache_is_at_most_twice_as_large_as_the_site(project: Project) -> None:
    """Also after many edits, and after most of the site has gone."""
    words = "Lorem ipsum dolor sit amet, consectetur adipisici elit, sed eiusmod tempor. " * 12
    for number in range(120):
        project.write(
            f"blog/p{number}.md", f"---\ntitle: Post {number}\ndate: 2026-01-01\n---\n" + f"{words}\n\n" * 4
        )
    project.build(jobs=2)
    for number in range(5):
        for page in range(0, 120, 3):
            project.write(
                f"blog/p{page}.md",
                f"---\ntitle: Other {number}\ndate: 2026-01-01\n---\n" + f"{number} {words}\n\n" * 4,
            )
        project.build(jobs=2)
        assert sizes(project)[0] <= 2 * sizes(project)[1]


def sizes(project: Project) -> tuple[int, int]:
    """Give the bytes of what is kept for the next build, the spare tree left out, and of the site."""
    kept = [p for p in (project.root / ".pressrun").rglob("*") if p.is_file() and "spare" not in p.parts]
    return sum(p.stat().st_size for p in kept), sum(map(len, project.tree().values()))


# ------------------------------------------------------------ nothing else is written or read


OPENED = re.compile(r"^(?:\[pid +)?(\d+)\]? +(\w+)\((.*)\) += (-?\d+|\?)")
"""A line of strace: process, call, arguments, result."""
CHANGING = {
    "mkdir", "mkdirat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir", "link", "linkat", "symlink", "symlinkat",
    "chmod", "fchmodat", "truncate", "creat", "utimensat", "mknod", "mknodat", "chown", "lchown", "fchownat",
}  # fmt: skip
SECRET = "do-not-tell-0451"
HOSTILE = [
    "../outside",
    "/etc/passwd",
    "..\\outside",
    "%2e%2e/outside",
    "a/../../outside",
    "....//outside",
    "~/outside",
    "a\\0b",
    "C:\\outside",
]


@pytest.fixture
def hostile(tmp_path: Path) -> Project:
    """A site that tries to climb out of its folder by every way there is, and a neighbour with a secret."""
    neighbour = tmp_path / "project_secret"
    neighbour.mkdir()
    for folder in (neighbour, tmp_path):
        for name in ("outside", "outside.md", "outside.py", "outside.html", "outside.png", "secret.txt"):
            (folder / name).write_text(SECRET)
    root = tmp_path / "project"
    root.mkdir()
    project = Project(root)
    for number, path in enumerate([*HOSTILE, "../project_secret/outside", str(neighbour / "outside")]):
        for key in ("slug", "permalink", "template", "image", "aliases", "tags"):
            value = f'["{path}"]' if key in ("aliases", "tags") else f'"{path}"'
            project.write(
                f"blog/{key}{number}.md", f"---\ntitle: A\ndate: 2026-01-01\n{key}: {value}\n---\nText\n"
            )
        body = f"![i]({path}.png)\n\n[l](<{path}.md>)\n\n![j](<{path}>)\n\n```python source={path}\n```\n\n```python source={path}:x\n```\n"
        project.write(f"blog/body{number}.md", "---\n---\n---\nx = 1\n---\n" + body)
        template = f'{{% extends "base.html" %}}{{% block main %}}{{% include "{path}.html" ignore missing %}}{{% endblock %}}'
        project.write(f"templates/own{number}.html", template.replace("\\", "\\\\"))
        project.write(f"blog/own{number}.md", f"---\ntemplate: own{number}\ntitle: A\n---\nText\n")
    for name in ("link.md", "link.png", "link.txt"):
        (root / "blog" / name).symlink_to(neighbour / "secret.txt")
    (root / "blog/folder").symlink_to(neighbour)
    (root / "templates/linked.html").symlink_to(neighbour / "outside.html")
    (root / "static").mkdir()
    (root / "static/link.txt").symlink_to(neighbour / "secret.txt")
    return project.write("blog/linked.md", "---\ntemplate: linked\n---\nText\n")


def calls(log: Path, start: Path) -> Iterator[tuple[str, list[Path], str]]:
    """Give the calls of a log of strace that name files: call, files, the line."""
    for line in log.read_text(errors="replace").splitlines():
        found = OPENED.match(line)
        if not found or found[4].startswith("-") or found[4] == "?":
            continue
        folder = re.match(r"(?:AT_FDCWD|\d+)<([^>]*)>", found[3])
        base = Path(folder[1]) if folder else start
        names = re.findall(r'"((?:[^"\\]|\\.)*)"', found[3])
        yield found[2], [Path(os.path.normpath(base / name)) for name in names if name], line


@pytest.mark.long
def test_nothing_outside_is_written_and_no_neighbour_is_read(hostile: Project, tmp_path: Path) -> None:
    """As the system sees it: every call of all processes of a build that names a file."""
    if not shutil.which("strace"):
        pytest.skip("no strace on PATH: this test needs it (apt-get install strace)")
    log, scratch = tmp_path / "log", tmp_path / "scratch"
    scratch.mkdir()
    traced = ["strace", "-f", "-y", "-s", "4096", "-e", "trace=%file", "-o", str(log)]
    for _ in range(2):
        done = subprocess.run(
            [*traced, *command(hostile.root, "--jobs", "2")],
            cwd=tmp_path, env=environment(TMPDIR=str(scratch), HOME=str(scratch), PYTHONDONTWRITEBYTECODE="1"),
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        allowed = [hostile.root / "site", hostile.root / ".pressrun", scratch, Path("/dev"), Path("/proc")]
        seen = 0
        for call, paths, line in calls(log, tmp_path):
            seen += 1
            writes = call in CHANGING or (
                call.startswith("open") and re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC)", line)
            )
            for path in paths:
                ours = any(path == one or one in path.parents for one in allowed)
                assert not writes or ours, line
                outside = path.is_relative_to(tmp_path) and not path.is_relative_to(hostile.root)
                if call.startswith("open") and outside:
                    assert path.is_relative_to(scratch) or path == tmp_path, line
        assert seen > 1000
        assert SECRET.encode() not in b"".join(hostile.tree().values())
    assert hostile.tree()


# ------------------------------------------------------------ stamps that say nothing


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "content", "shown_in"),
    [
        ("blog/p0.md", "---\ntitle: A\n---\n## Part ä\n\nnumber {n:04}\n", "blog/p0/index.html"),
        ("blog/shared.py", "def double(x):\n    return 'number {n:04}'\n", "blog/p1/index.html"),
        ("blog/p2.txt", "number {n:04}", "blog/p2.txt"),
        ("templates/components/footer.html", "number {n:04}", "blog/p1/index.html"),
    ],
)
def test_a_file_that_another_of_the_same_size_replaced_within_a_tick_is_noticed(
    path: str, content: str, shown_in: str, project: Project
) -> None:
    """The new file may have the old one's inode, size and times; only what is older than two seconds is believed."""
    write_site(project, [0, 1, 2]).write(path, content.format(n=0)).build()
    same_inode = 0
    for number in range(1, 9):
        before = (project.root / path).stat()
        project.delete(path).write(path, content.format(n=number))
        os.utime(project.root / path, ns=(before.st_atime_ns, before.st_mtime_ns))
        after = (project.root / path).stat()
        same_inode += before.st_ino == after.st_ino
        assert (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
        assert project.build().problems == []
        assert f"number {number:04}" in project.file(shown_in)
    print(f"{same_inode} of 8 had the inode of the file before")
