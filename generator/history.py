"""History: the day on which each page was last changed, as git has it: one command for all pages, run again when `HEAD` moves."""

from __future__ import annotations

import os
import posixpath
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.cache import Reads

PATIENCE = 60
"""Seconds that git may take."""
ARGUMENTS = (
    "-c", "core.quotePath=false", "-c", "log.showSignature=false", "log", "--format=%x01%as", "--name-only",
    "--no-renames", "--relative", "-z", "--", ".",
)  # fmt: skip


def dates(reads: Reads) -> dict[str, str]:
    """Give path → ISO date of its last commit; nothing outside a repository, or in one whose history is cut off (a shallow clone).

    History is a function of the commit that `HEAD` names, so the files that name it are all that is looked at.
    """
    folder = repository(reads)
    if not folder or not head(reads, folder):
        return {}
    return logged(reads.facts.root)


def repository(reads: Reads) -> str:
    """Find the repository's own folder, from the site's upwards; nothing when there is none."""
    above = ""
    while True:
        place = above + ".git"
        reads.fact("kind:" + place)
        if reads.keys["kind:" + place]:
            break
        if os.path.realpath(os.path.join(reads.facts.root, above or ".")) == os.path.realpath(os.sep):
            return ""
        above += "../"
    if os.path.isdir(os.path.join(reads.facts.root, place)):
        return place
    found = text(reads, place).removeprefix("gitdir:").strip()  # a linked worktree, a submodule
    return posixpath.join(above, found) if found else ""


def head(reads: Reads, folder: str) -> bool:
    """Look at all that names the present commit; False when there is none, or not its whole history."""
    shared = posixpath.join(folder, text(reads, f"{folder}/commondir").strip())
    if reads.exists(f"{posixpath.normpath(shared)}/shallow"):
        return False
    name = text(reads, f"{folder}/HEAD").strip()
    if not name.startswith("ref:"):
        return bool(name)
    shared = posixpath.normpath(shared)
    branch = name.removeprefix("ref:").strip()
    if text(reads, f"{shared}/{branch}"):
        return True
    return bool(text(reads, f"{shared}/packed-refs") or text(reads, f"{shared}/reftable/tables.list"))


def text(reads: Reads, path: str) -> str:
    """Read a file of git's; nothing when it is not there."""
    return (reads.file(path) or b"").decode("utf-8", "replace")


def logged(root: str) -> dict[str, str]:
    """Ask git, the newest commit first; what goes wrong there means no dates."""
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(  # noqa: S603
            ["git", *ARGUMENTS],  # noqa: S607
            cwd=root,
            env=environment,
            capture_output=True,
            timeout=PATIENCE,
            stdin=subprocess.DEVNULL,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    found: dict[str, str] = {}
    day = ""
    for part in done.stdout.decode("utf-8", "surrogateescape").split("\0"):
        name = part.lstrip("\n")
        if name.startswith("\1"):
            day, _, name = name[1:].partition("\n")
            name = name.lstrip("\n")
        if name:
            found.setdefault(name, day)
    return found
