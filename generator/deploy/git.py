"""Git: one commit on a branch, made beside the work tree and its index, and pushed only if nobody else was there first."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.config import environment
from generator.deploy.carry import final, record_item
from generator.deploy.plan import Published
from generator.deploy.record import RECORD, Record, parse
from generator.deploy.secrets import hidden
from generator.errors import ProblemError, error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.config import Config
    from generator.deploy.carry import Progress
    from generator.deploy.items import Item
    from generator.deploy.plan import Plan
    from generator.targets import Target

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
"""Seconds before a push is tried again; doubled each time."""
FORBIDDEN = (
    "Authentication failed",
    "Permission denied",
    "could not read Username",
    "could not read Password",
    "returned error: 401",
    "returned error: 403",
)
"""What git says when trying again cannot help (and would ask for the password again)."""
IDENTITY = "Pressrun <pressrun@localhost>"
"""Who commits where git knows nobody."""
OWN_ENVIRONMENT = (
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_WORK_TREE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
)
"""Set where a hook runs the command; they would lead elsewhere."""


@dataclass(slots=True)
class Blob:
    """One file of a branch."""

    mode: str
    """As git writes it."""
    id: str
    """Of its bytes."""


class GitBranch:
    """A branch of a remote."""

    def __init__(self, config: Config, target: Target) -> None:
        self.config, self.target = config, target
        self.remote = target.to or "origin"
        self.branch = f"refs/heads/{target.branch}"
        self.fetched = f"refs/pressrun/published/{target.branch}"
        self.made = f"refs/pressrun/made/{target.branch}"
        self.tip = ""
        self.blobs: dict[str, Blob] = {}

    def git(self, *arguments: str, data: bytes | None = None, fails: bool = False) -> bytes:
        """Run git in the site's repository. Raises ProblemError with its own words, unless it may fail."""
        environ = {k: v for k, v in {**os.environ}.items() if k not in OWN_ENVIRONMENT} | {"LC_ALL": "C"}
        command = ["git", "-C", str(self.config.root), *arguments]
        try:
            done = subprocess.run(command, input=data, capture_output=True, env=environ, check=False)  # noqa: S603
        except FileNotFoundError:
            raise self.problem("the program git is not installed") from None
        if done.returncode and not fails:
            raise self.problem(f"git {arguments[0]} failed: {self.words(done.stderr)}")
        return b"" if done.returncode else done.stdout

    def words(self, told: bytes) -> str:
        """Give what git said on one line, without secrets."""
        text = " ".join(told.decode("utf-8", "replace").split())
        return hidden(text, environment()) or "it gave no reason"

    def problem(self, message: str, hint: str = "") -> ProblemError:
        """Make the error that ends a deploy."""
        return ProblemError(error(self.target.name, message, hint=hint))

    def published(self, items: Mapping[str, Item]) -> Published:
        """Fetch the branch and compare it, blob by blob."""
        try:
            self.git("rev-parse", "--git-dir")
        except ProblemError as wrong:
            if "not a git repository" not in str(wrong):
                raise
            message = f"{self.config.root.name} is in no git repository; a git target needs one"
            raise self.problem(message, hint="git init") from None
        if self.is_name(self.remote) and not self.git("remote", "get-url", self.remote, fails=True):
            hint = (
                f"git remote add {self.remote} URL, or set “to” in [tool.pressrun.deploy.{self.target.name}]"
            )
            raise self.problem(f"there is no remote “{self.remote}” to deploy to", hint=hint)
        listed = self.git("ls-remote", self.remote, self.branch).decode().split()
        self.tip = listed[0] if listed else ""
        self.blobs, sizes = {}, {}
        record = Record()
        if self.tip:
            shallow = self.git("rev-parse", "--is-shallow-repository").strip() == b"true"
            depth = ["--depth=1"] if shallow and self.target.history else []
            self.git(
                "fetch",
                "--quiet",
                "--no-tags",
                "--no-write-fetch-head",
                *depth,
                self.remote,
                f"+{self.branch}:{self.fetched}",
            )
            self.tip = self.git("rev-parse", self.fetched).decode().strip()
            for row in self.git("ls-tree", "-r", "-z", "-l", "--full-tree", self.tip).split(b"\0")[:-1]:
                about, _, name = row.partition(b"\t")
                mode, _, blob, size = about.decode().split()
                path = os.fsdecode(name)
                self.blobs[path] = Blob(mode, blob)
                sizes[path] = int(size) if size.isdigit() else 0
            if RECORD in self.blobs:
                record = parse(self.git("cat-file", "blob", self.blobs[RECORD].id), self.target.name)
        make = (
            hashlib.sha256
            if self.git("rev-parse", "--show-object-format").strip() == b"sha256"
            else hashlib.sha1
        )
        same = frozenset(
            path
            for path, item in items.items()
            if path in self.blobs
            and self.blobs[path].mode == "100644"
            and sizes[path] == item.size
            and self.blobs[path].id == make(b"blob %d\0" % item.size + item.read()).hexdigest()
        )
        return Published(record, sizes, same, self.tip)

    def is_name(self, remote: str) -> bool:
        """Say whether this is the name of a remote, not an URL or a path."""
        return not any(letter in remote for letter in "/:\\")

    def publish(
        self, plan: Plan, items: Mapping[str, Item], found: Published, progress: Progress | None
    ) -> None:
        """Commit and push. Readers see the old site or the new one."""
        commit = self.commit(plan, items, found)
        self.push(commit)
        self.git("update-ref", "-d", self.made, fails=True)

    def commit(self, plan: Plan, items: Mapping[str, Item], found: Published) -> str:
        """Make the commit; nothing of the work tree, its index or its branches is touched. Give its id."""
        coming = [items[path] for path in (*plan.paths("add"), *plan.paths("change"))]
        coming.append(record_item(final(plan, items, found, {})))
        rows: list[bytes] = [
            b"feature done\n",
            b"commit %s\n" % self.made.encode(),
            b"committer %s\n" % self.committer(),
        ]
        message = f"Deploy {self.config.title}\n".encode()
        rows.append(b"data %d\n%s\n" % (len(message), message))
        if self.tip and self.target.history:
            rows.append(b"from %s\n" % self.tip.encode())
            rows += [b"D %s\n" % quoted(path) for path in plan.paths("delete")]
        else:
            gone = {*plan.paths("delete"), *(item.path for item in coming)}
            staying = [(path, blob) for path, blob in self.blobs.items() if path not in gone]
            rows += [b"M %s %s %s\n" % (b.mode.encode(), b.id.encode(), quoted(path)) for path, b in staying]
        for item in coming:
            data = item.read()
            rows.append(b"M 100644 inline %s\ndata %d\n%s\n" % (quoted(item.path), len(data), data))
        rows.append(b"done\n")
        self.git("update-ref", "-d", self.made, fails=True)
        self.git("fast-import", "--quiet", "--force", "--date-format=raw", data=b"".join(rows))
        return self.git("rev-parse", self.made).decode().strip()

    def committer(self) -> bytes:
        """Give name, address and time of the commit."""
        stamp = b"%d +0000" % int(self.config.now.timestamp())
        who = self.git("var", "GIT_COMMITTER_IDENT", fails=True)
        if b">" in who:
            return who[: who.index(b">") + 1] + b" " + stamp
        return f"{IDENTITY} ".encode() + stamp

    def push(self, commit: str) -> None:
        """Push, if the branch still is what the plan was made for; what fails otherwise is tried again for a while."""
        end, pause = time.monotonic() + self.target.patience, FIRST_PAUSE
        command = [
            "push",
            "--quiet",
            "--porcelain",
            "--no-verify",
            f"--force-with-lease={self.branch}:{self.tip}",
        ]
        while True:
            try:
                self.git(*command, self.remote, f"{commit}:{self.branch}")
            except ProblemError as wrong:
                now = self.git("ls-remote", self.remote, self.branch, fails=True).decode().split()[:1]
                if now == [commit]:
                    return  # it arrived, only the answer was lost
                if now and now[0] != self.tip:
                    hint = "look at what was pushed there, then deploy again"
                    raise self.problem(
                        f"the branch {self.target.branch} was changed by somebody else meanwhile", hint
                    ) from None
                if time.monotonic() + pause > end or any(words in str(wrong) for words in FORBIDDEN):
                    raise wrong from None
                time.sleep(pause * random.uniform(0.75, 1.25))  # noqa: S311
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                return


def quoted(path: str) -> bytes:
    """Write a path for fast-import."""
    return (
        b'"' + os.fsencode(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
    )
