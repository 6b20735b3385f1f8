"""Parity: a site under edit that is built after edits and compared with a clean build of the same sources."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edits import History
from harness import Project

from generator.build import Build, Context, build
from generator.config import load_config
from generator.errors import Problem, ProblemError

LEFT_OUT = shutil.ignore_patterns("site", ".pressrun", "__pycache__")


class Parity:
    """A site under edit, built after edits, and compared with a clean build of the same sources."""

    def __init__(self, folder: Path, contexts: tuple[Context, Context]) -> None:
        self.folder, self.contexts = folder, contexts
        self.root = folder / "project"
        self.root.mkdir()
        self.history = History(self.root)
        self.number = 0

    def made(self, root: Path, context: Context) -> tuple[Build, dict[str, bytes]]:
        """Build a folder in this very process; give what the build says, and the site."""
        try:
            config = load_config(root, environ={"SOURCE_DATE_EPOCH": self.history.epoch})
            done = build(config, jobs=1, context=context)
        except ProblemError as wrong:
            done = Build(problems=wrong.problems)
        return done, Project(root).tree()

    def check(self) -> None:
        """Build incrementally and cleanly, and compare."""
        self.number += 1
        mine, tree = self.made(self.root, self.contexts[0])
        copy = self.folder / f"clean{self.number}" / "project"
        shutil.copytree(self.root, copy, ignore=LEFT_OUT, symlinks=True)
        clean, wanted = self.made(copy, self.contexts[1])
        shutil.rmtree(copy.parent)
        about = "\n".join(["after these edits:", *self.history.done, f"ran: {mine.ran}"])
        problems = [p for p in mine.problems if not p.path.startswith(".pressrun/")]
        assert problems == list(clean.problems), about
        if not any(stops_pages(p) for p in clean.problems):
            assert sorted(tree) == sorted(wanted), about
        # a page that cannot be rendered is not in a clean site; here the last good one stays
        different = [path for path in wanted if tree.get(path) != wanted[path]]
        assert different == [], f"{different} {about}"


def stops_pages(problem: Problem) -> bool:
    """Say whether a problem keeps pages from being written, or the whole build from beginning."""
    return (
        problem.message.startswith(("template: ", "there is no template")) or problem.path == "pyproject.toml"
    )


@contextmanager
def shared_helpers() -> Iterator[tuple[Context, Context]]:
    """Give two contexts that keep their helper process over many builds, as the dev server does."""
    pair = Context(), Context()
    try:
        yield pair
    finally:
        for one in pair:
            one.close()


def install(folder: Path, version: int, name: str = "Fancy_Text", module: str = "fancytext") -> None:
    """Put a distribution into a folder as installers do."""
    for old in folder.glob(f"{name}-*.dist-info"):
        (old / "METADATA").unlink()
        (old / "RECORD").unlink()
        old.rmdir()
    info = folder / f"{name}-{version}.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}.0\n")
    (info / "RECORD").write_text(f"{module}.py,,\n{info.name}/METADATA,,\n")
    (folder / f"{module}.py").write_text(f"version = {version}\n")
