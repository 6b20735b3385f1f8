"""Address: what a site lacks that is published without knowing where it will stand, and where that may be."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from generator.config import CONFIG_FILE
from generator.errors import Problem, warning

if TYPE_CHECKING:
    from generator.config import Config
    from generator.targets import Target

REMOTE = re.compile(
    r"(?:\w+://(?:[^/@]*@)?|[^/@:]+@)(?P<host>[\w.-]+)(?::\d+/|[:/])/?(?P<owner>[^/]+)/(?P<name>[^/]+?)(?:\.git)?/?"
)
"""`https://HOST/OWNER/NAME.git`, `ssh://git@HOST/OWNER/NAME`, `git@HOST:OWNER/NAME.git`."""
PAGES_AT = {"github.com": "github.io", "codeberg.org": "codeberg.page"}
"""Host of git branches → where it shows them: each owner has a name below it."""


def unaddressed(config: Config, target: Target) -> list[Problem]:
    """Warn of a site without `base_url` that goes to a branch, where hosts mostly show it below a path."""
    if config.base_url or target.kind != "git":
        return []
    guess = address_of(target, remote_url(config, target))
    message = (
        "the site does not know its address: without “base_url” it has no sitemap and no feeds, "
        "and where it stands below a path, as at https://NAME.github.io/REPOSITORY/, its links and styles lead nowhere"
    )
    return [
        warning(CONFIG_FILE, message, hint=f'add base_url = "{guess or "https://…/"}" to [tool.pressrun]')
    ]


def remote_url(config: Config, target: Target) -> str:
    """Give the URL of a target's remote; what it says itself where git knows no such name."""
    remote = target.to or "origin"
    command = ["git", "-C", str(config.root), "remote", "get-url", remote]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if not done.returncode else remote


def address_of(target: Target, remote: str) -> str:
    """Guess where a branch is shown; empty when nobody can know."""
    if target.domain:
        return f"https://{target.domain}/"
    found = REMOTE.fullmatch(remote)
    shown = PAGES_AT.get(found["host"].lower()) if found else None
    if not found or not shown:
        return ""
    owner, name = found["owner"].lower(), found["name"]
    own = {f"{owner}.{shown}", *(["pages"] if shown == "codeberg.page" else [])}
    return f"https://{owner}.{shown}/" + ("" if name.lower() in own else f"{name}/")
