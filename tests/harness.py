"""The harness: `project.write(…).build()`, then what came out."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from generator.build import Build, build
from generator.config import load_config
from generator.errors import Problem, ProblemError

EPOCH = "1795219200"
"""21 November 2026, 00:00 UTC: the "now" of tests."""


@dataclass
class Project:
    """A site in a temporary folder, written, built and looked at by tests."""

    root: Path
    last: Build = field(default_factory=Build)

    def write(self, path: str, content: str | bytes = "") -> Project:
        """Write a file below the root."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def delete(self, path: str) -> Project:
        """Delete a file."""
        (self.root / path).unlink()
        return self

    def build(
        self, *, out: Path | None = None, drafts: bool = False, execute: bool = True, jobs: int = 1
    ) -> Project:
        """Build; problems that stop everything are kept like the others."""
        try:
            config = load_config(
                self.root, out=out, drafts=drafts, execute=execute, environ={"SOURCE_DATE_EPOCH": EPOCH}
            )
            self.last = build(config, jobs=jobs)
        except ProblemError as wrong:
            self.last = Build(problems=wrong.problems)
        return self

    @property
    def problems(self) -> list[str]:
        """The problems as one line each, hints left out."""
        return [str(problem).splitlines()[0] for problem in self.last.problems]

    @property
    def hints(self) -> list[str]:
        """The problems' hints."""
        return [problem.hint for problem in self.last.problems]

    def problem(self) -> Problem:
        """The only problem there is."""
        assert len(self.last.problems) == 1, self.problems
        return self.last.problems[0]

    def ran(self, kind: str) -> list[str]:
        """What units of a kind ran, sorted."""
        return sorted(unit.partition(":")[2] for unit in self.last.ran if unit.startswith(kind + ":"))

    @property
    def written(self) -> list[str]:
        """The files whose bytes changed."""
        return list(self.last.written)

    def file(self, path: str) -> str:
        """The text of a file of the site."""
        return (self.root / "site" / path).read_text("utf-8")

    def html(self, url: str) -> str:
        """The HTML that answers a URL."""
        return self.file(url.strip("/") + "/index.html" if url.strip("/") else "index.html")

    def main(self, url: str) -> str:
        """What stands inside `<main>`."""
        match = re.search(r"<main\b[^>]*>(.*)</main>", self.html(url), re.DOTALL)
        assert match, f"no <main> in {url}"
        return match[1]

    def clean_tree(self, to: Path) -> dict[str, bytes]:
        """What a clean build of the same sources gives (made in the folder `to`)."""
        shutil.copytree(
            self.root,
            to / "project",
            ignore=shutil.ignore_patterns("site", ".pressrun", "__pycache__"),
            symlinks=True,
        )
        return Project(to / "project").build().tree()

    def tree(self, folder: str = "site") -> dict[str, bytes]:
        """All files below a folder of the project with their bytes."""
        base = self.root / folder
        found = {}
        for where, _, names in os.walk(base):
            for name in names:
                path = Path(where) / name
                found[path.relative_to(base).as_posix()] = path.read_bytes()
        return found
