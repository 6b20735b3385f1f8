"""Targets: the places that a site can be published at, as `[tool.pressrun.deploy.NAME]` describes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Target:
    """A place that `pressrun deploy NAME` publishes the site at."""

    name: str
    """The key in the configuration."""
    kind: str = "git"
    """`git` (a branch), `store` (S3, Google Cloud Storage, Azure), `rsync` or `folder`."""
    to: str = ""
    """A git remote or its URL; `s3://BUCKET/PREFIX`, `gs://…`, `az://CONTAINER/…`; `USER@HOST:PATH` or `rsync://…`; a folder. `origin` for git when empty."""
    branch: str = "gh-pages"
    """The branch of a `git` target."""
    history: bool = True
    """Whether each deploy is a commit after the last one; else the branch always has one commit."""
    domain: str = ""
    """Written to `CNAME`, where hosts of git branches look for a domain of one's own."""
    host: str = ""
    """`netlify`, `cloudflare`, `vercel` or `apache`: headers and redirects are added in the form that it reads."""
    endpoint: str = ""
    """URL of an S3-compatible service; Amazon's when empty."""
    region: str = ""
    """Region of the bucket; the environment's when empty."""
    encoding: str = ""
    """`gzip` or `brotli`: texts are kept so compressed in a `store`, for every reader."""
    twins: tuple[str, ...] = ()
    """`gzip`, `brotli`: compressed copies beside texts (`.gz`, `.br`), for servers that choose."""
    keep_pages: float = 0
    """Hours that a file which the site no longer has stays published."""
    keep_assets: float = 24
    """The same for fingerprinted files, which pages that are open in a browser may still ask for."""
    parallel: int = 16
    """Requests to a `store` at once."""
    rate: float = 0
    """Most requests to a `store` a second, or KiB a second of `rsync`; 0: as many as it takes."""
    patience: float = 60
    """Seconds for which one request, or a push, is tried again while the network or the host fails."""
    allow: tuple[str, ...] = ()
    """Glob patterns of published paths that may hold what looks like a secret."""


PAGES = Target("pages")
"""The target that needs no configuration."""
CHOICES = {
    "kind": ("git", "store", "rsync", "folder"),
    "host": ("", "netlify", "cloudflare", "vercel", "apache"),
    "encoding": ("", "gzip", "brotli"),
}
"""Of targets."""
LIMITS = {
    "keep_pages": (0, 1_000_000),
    "keep_assets": (0, 1_000_000),
    "parallel": (1, 256),
    "rate": (0, 1_000_000),
    "patience": (0, 86_400),
}
"""Least and most of the numbers of a target."""


def mistakes(one: Target) -> Iterator[tuple[str, str, str]]:
    """Give key, message and hint of all that types cannot say of a target."""
    for key, choices in CHOICES.items():
        value = getattr(one, key)
        if value not in choices:
            known = ", ".join(c for c in choices if c)
            yield key, f"“{key}” must be one of {known}, not {value!r}", did_you_mean(value, choices)
            return
    for twin in one.twins:
        if twin not in CHOICES["encoding"][1:]:
            message = f"“twins” may hold gzip and brotli, not {twin!r}"
            yield "twins", message, did_you_mean(twin, CHOICES["encoding"])
            return
    if one.kind == "store" and not re.match(r"(s3|gs|az)://[^/]", one.to):
        yield "to", "“to” must begin with s3://, gs:// or az:// and name a bucket", ""
    elif one.kind in ("rsync", "folder") and not one.to:
        yield "to", f"“to” is missing; a target of kind {one.kind} needs it", ""
    elif one.to.startswith("-"):
        yield "to", "“to” must not begin with a hyphen", ""
    if one.branch.startswith("-") or not re.fullmatch(r"[\w./-]+", one.branch):
        yield "branch", f"“branch” must be a plain name of a branch, not {one.branch!r}", ""
    if re.search(r"[\s/]", one.domain):
        yield "domain", "“domain” must be a bare domain such as www.example.org", ""
    if one.encoding and one.kind != "store":
        message = "“encoding” is for targets of kind store; other servers choose between “twins”"
        yield "encoding", message, ""
    for key, (least, most) in LIMITS.items():
        if not least <= getattr(one, key) <= most:
            yield key, f"“{key}” must be from {least} to {most:,}, not {getattr(one, key)}", ""
