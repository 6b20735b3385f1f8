"""Hosts: headers and redirects in the form that Netlify, Cloudflare Pages, Vercel and Apache read."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from generator.deploy.items import FOR_EVER, Item, made_item
from generator.deploy.plan import above
from generator.deploy.policy import policy
from generator.errors import ProblemError, error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from generator.config import Config
    from generator.permalinks import Current
    from generator.targets import Target

LONGEST_LINE = 2000
"""Letters of one line of `_headers` that Cloudflare Pages reads."""
DIGESTS = r"\.[0-9a-f]{10}\.|^[0-9a-f]{32}\."
"""Names of fingerprinted files, as Apache reads them."""
MOST_RULES = 100
"""Rules of `_headers` that Cloudflare Pages reads."""
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Of every answer; the Content-Security-Policy comes first, `Strict-Transport-Security` where the site's URL says https."""


def security_headers(config: Config, items: Iterable[Item]) -> dict[str, str]:
    """Give the headers that protect readers, with a policy that fits the pages."""
    found = {"Content-Security-Policy": policy(items), **SECURITY}
    if config.base_url.startswith("https://"):
        found["Strict-Transport-Security"] = "max-age=31536000"
    return found


def host_items(config: Config, target: Target, items: list[Item], now: Current) -> list[Item]:
    """Give the files that a target needs beside the site; a file of the author's own wins."""
    made: dict[str, bytes] = {}
    if target.kind == "git":
        made[".nojekyll"] = b""
        if target.domain:
            made["CNAME"] = target.domain.encode() + b"\n"
    if target.host and config.place and target.host != "apache":
        message = f"{target.host} reads one file of headers and redirects for all versions together; expected a target without “host”, or apache"
        raise ProblemError(error(target.name, message))
    if target.host:
        made |= FORMS[target.host](security_headers(config, items), items, redirects(config, now))
    own = {item.path for item in items}
    return [made_item(path, data) for path, data in sorted(made.items()) if path not in own]


def redirects(config: Config, now: Current) -> dict[str, str]:
    """Give old path → where it leads, as a browser asks for it."""
    return {old: new if "://" in new else config.url(new) for old, new in now.moved.items()}


def lasting(items: Iterable[Item]) -> list[str]:
    """Give patterns of the files that may be kept for ever: `folder/*` where a folder holds nothing else."""
    items = list(items)
    mixed: set[str] = set()
    for item in items:
        if not item.asset:
            mixed.update(above(item.path))
    found = set()
    for item in items:
        if item.asset:
            folders = [folder for folder in above(item.path) if folder not in mixed]
            found.add(f"{min(folders, key=len)}/*" if folders else item.path)
    return sorted(found)


def headers_file(headers: Mapping[str, str], items: list[Item]) -> bytes:
    """Write `_headers`. Raises ProblemError where the host would silently ignore a part of it."""
    rows = ["/*", *(f"  {name}: {value}" for name, value in headers.items())]
    patterns = lasting(items)
    for pattern in patterns:
        rows += ["", f"/{pattern}", f"  Cache-Control: {FOR_EVER}"]
    long = next((row for row in rows if len(row) > LONGEST_LINE), "")
    if long or len(patterns) >= MOST_RULES:
        what = f"a line of {len(long)} letters" if long else f"{len(patterns) + 1} rules"
        hint = "put scripts and styles of pages into files (static/), or fingerprinted files into a folder of their own"
        message = f"would have {what}; hosts read {LONGEST_LINE} letters and {MOST_RULES} rules"
        raise ProblemError(error("_headers", message, hint=hint))
    return ("\n".join(rows) + "\n").encode()


def netlify(headers: Mapping[str, str], items: list[Item], moved: Mapping[str, str]) -> dict[str, bytes]:
    """Give Netlify's files; `301!` wins over the page that stands at the old path for other hosts."""
    rows = "".join(f"{old} {new} 301!\n" for old, new in moved.items())
    return {"_headers": headers_file(headers, items), **({"_redirects": rows.encode()} if rows else {})}


def cloudflare(headers: Mapping[str, str], items: list[Item], moved: Mapping[str, str]) -> dict[str, bytes]:
    """Give the files of Cloudflare Pages; it takes paths as they are, so both spellings of a folder are named."""
    rows = "".join(
        f"{spelling} {new} 301\n"
        for old, new in moved.items()
        for spelling in dict.fromkeys((old, old.rstrip("/") or "/"))
    )
    return {"_headers": headers_file(headers, items), **({"_redirects": rows.encode()} if rows else {})}


def vercel(headers: Mapping[str, str], items: list[Item], moved: Mapping[str, str]) -> dict[str, bytes]:
    """Give Vercel's `vercel.json`; of two rules for one header the later one counts."""

    def rule(source: str, wanted: Mapping[str, str]) -> dict[str, object]:
        return {"source": source, "headers": [{"key": key, "value": value} for key, value in wanted.items()]}

    rules = [rule("/(.*)", headers)]
    rules += [rule("/" + pattern_of(p), {"Cache-Control": FOR_EVER}) for p in lasting(items)]
    found = {
        "trailingSlash": True,
        "headers": rules,
        "redirects": [
            {"source": literal(old.rstrip("/") or "/"), "destination": new, "statusCode": 301}
            for old, new in moved.items()
        ],
    }
    return {"vercel.json": (json.dumps(found, indent=2, ensure_ascii=False) + "\n").encode()}


def literal(path: str) -> str:
    """Write a path so that no letter of it is a pattern."""
    return re.sub(r"([(){}:*+?!\\])", r"\\\1", path)


def pattern_of(path: str) -> str:
    """Write `folder/*` or a path as Vercel does."""
    return f"{literal(path[:-2])}/(.*)" if path.endswith("/*") else literal(path)


def apache(headers: Mapping[str, str], items: list[Item], moved: Mapping[str, str]) -> dict[str, bytes]:
    """Give Apache's `.htaccess`; names that carry a digest are told by their form."""
    quoted = [f'  Header always set {name} "{escaped(value)}"' for name, value in headers.items()]
    rows = ["ErrorDocument 404 /404.html", "<IfModule mod_headers.c>", *quoted]
    rows += [f'  <FilesMatch "{DIGESTS}">', f'    Header set Cache-Control "{FOR_EVER}"', "  </FilesMatch>"]
    rows += ["</IfModule>"]
    rows += [
        f'RedirectMatch 301 "^{re.escape(unquote(old).rstrip("/"))}/?$" "{escaped(new)}"'
        for old, new in moved.items()
    ]
    return {".htaccess": ("\n".join(rows) + "\n").encode()}


def escaped(text: str) -> str:
    """Write text between Apache's quotes."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


FORMS: dict[str, Callable[[Mapping[str, str], list[Item], Mapping[str, str]], dict[str, bytes]]] = {
    "netlify": netlify,
    "cloudflare": cloudflare,
    "vercel": vercel,
    "apache": apache,
}
