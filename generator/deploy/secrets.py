"""Secrets: what must never be published; each file is looked at before it leaves the machine."""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING

from generator.errors import Problem, error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.deploy.items import Item

NAMES = (".env", ".env.*", ".git", ".git*", ".hg", ".svn", ".ssh", ".aws", ".netrc", ".npmrc", ".pypirc", ".htpasswd", ".DS_Store",
         "*.pem", "*.key", "*.p12", "*.pfx", "*.kdbx", "*.map", "*~", "*.swp", "*.swo", "*.bak", "*.orig",
         "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519")  # fmt: skip
"""Of files and folders, as globs."""
SHAPES = {
    "a private key": rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "an AWS access key": rb"(?<![A-Za-z0-9/+_-])A(?:KIA|SIA)(?![0-9A-Z]{9}EXAMPLE)[0-9A-Z]{16}(?![A-Za-z0-9/+_-])",
    "a GitHub token": rb"(?<![A-Za-z0-9_])(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})",
    "a GitLab token": rb"(?<![A-Za-z0-9_])glpat-[A-Za-z0-9_-]{20}",
    "a Slack token": rb"(?<![A-Za-z0-9_])xox[abprs]-[0-9]{6,}-[A-Za-z0-9-]{10,}",
    "a Stripe key": rb"(?<![A-Za-z0-9_])[rs]k_live_[A-Za-z0-9]{20,}",
    "a Google API key": rb"(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])",
    "an npm token": rb"(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{36}",
    "a PyPI token": rb"(?<![A-Za-z0-9_])pypi-AgE[A-Za-z0-9_-]{50,}",
    "a SendGrid key": rb"(?<![A-Za-z0-9_])SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}",
    "a key of a language model's service": rb"(?<![A-Za-z0-9_])sk-(?:ant-|proj-)[A-Za-z0-9_-]{32,}",
}
"""What it is → what it looks like. Amazon's own examples end in EXAMPLE."""
SHAPED = re.compile(b"|".join(b"(" + shape + b")" for shape in SHAPES.values()))
VARIABLES = re.compile(
    r"(TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|API_?KEY|ACCESS_KEY|ACCOUNT_KEY|PRIVATE_KEY)", re.IGNORECASE
)
"""Names of environment variables whose values are secrets."""
SHORTEST = 12
"""Letters of a value that cannot be an ordinary word by chance."""
USERINFO = re.compile(r"(?<=://)[^/@\s]+@")
HINT = "remove it; if it is meant to be public, name the path in “allow” of the deploy target"


def secrets_of(environ: Mapping[str, str]) -> dict[str, str]:
    """Give the secrets that this process has: value → name of the variable."""
    return {
        value: name
        for name, value in sorted(environ.items())
        if VARIABLES.search(name) and len(value) >= SHORTEST and not value.startswith("/")
    }


def hidden(text: str, environ: Mapping[str, str]) -> str:
    """Take secrets out of a text that is about to be shown: our own, and names and passwords in URLs."""
    for value in secrets_of(environ):
        text = text.replace(value, "…")
    return USERINFO.sub("", text)


def found_in(items: Iterable[Item], allow: Iterable[str], environ: Mapping[str, str]) -> list[Problem]:
    """Report what must not be published. The secret itself is never part of the message."""
    own = secrets_of(environ)
    values = (
        re.compile(b"|".join(re.escape(v.encode("utf-8", "surrogateescape")) for v in own)) if own else None
    )
    problems = []
    for item in items:
        if any(fnmatch.fnmatch(item.path, pattern) for pattern in allow):
            continue
        name = next((p for p in item.path.split("/") if any(fnmatch.fnmatch(p, glob) for glob in NAMES)), "")
        if name and item.source and not item.path.startswith(".well-known/"):
            problems.append(error(item.path, f"files named “{name}” are never published", hint=HINT))
            continue
        data = item.read()
        for match in SHAPED.finditer(data):
            what = list(SHAPES)[(match.lastindex or 1) - 1]
            problems.append(at(item.path, data, match.start(), f"holds what looks like {what}"))
        for match in values.finditer(data) if values else ():
            variable = own[match[0].decode("utf-8", "surrogateescape")]
            problems.append(
                at(item.path, data, match.start(), f"holds the value of the environment variable {variable}")
            )
    return problems


def at(path: str, data: bytes, start: int, message: str) -> Problem:
    """Make a problem at a place in a file."""
    line, begin = data.count(b"\n", 0, start) + 1, data.rfind(b"\n", 0, start) + 1
    column = len(data[begin:start].decode("utf-8", "replace")) + 1
    return error(path, message + "; nothing was published", line=line, column=column, hint=HINT)
