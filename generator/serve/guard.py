"""Guard: whom the dev server answers.

A page of another site can send requests to loopback, by a name of its own that it lets point there too (DNS rebinding) or as
pictures, scripts and sockets. So the `Host` must be a name of this machine, and what browsers say about who asks
(`Origin`, `Sec-Fetch-Site`) must be this server's own origin; only links from elsewhere are followed, in a tab of their own.
Beyond loopback names prove nothing, so there a token is asked for once, and kept in a cookie.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")
COOKIE = "pressrun-token"
PREFIX = "__pressrun/"
"""Folder of the server's own addresses, below the site's base path; no page stands there."""


def new_token() -> str:
    """Make what nobody can guess."""
    return secrets.token_urlsafe(16)


def is_loopback(host: str) -> bool:
    """Say whether an address is this machine alone."""
    return host in LOOPBACK or host.startswith("127.")


@dataclass(frozen=True, slots=True)
class Guard:
    """What is asked of each request."""

    host: str
    """The address that the server listens on."""
    token: str = field(default_factory=new_token)
    """Part of the server's own addresses; beyond loopback, the key to everything."""

    @property
    def is_open(self) -> bool:
        """Whether others than this machine can connect."""
        return not is_loopback(self.host)

    def refusal(self, asked: dict[str, str], *, own: bool) -> str:
        """Say why a request is refused; empty when it is not. `own`: it is for one of the server's own addresses."""
        name = host_name(asked.get("host", ""))
        if not name or (
            not self.is_open and name not in (*LOOPBACK, self.host) and not name.endswith(".localhost")
        ):
            return "this server answers to localhost alone"
        origin = asked.get("origin", "")
        if origin and (origin == "null" or urlsplit(origin).netloc.lower() != asked["host"].lower()):
            return "another origin asks"
        site = asked.get("sec-fetch-site", "")
        if site in ("", "same-origin") or (site == "none" and not own):
            return ""
        opens_tab = asked.get("sec-fetch-mode") == "navigate" and asked.get("sec-fetch-dest") == "document"
        return "" if opens_tab and not own else "another site asks"

    def knows(self, asked: dict[str, str]) -> bool:
        """Say whether a request may be answered beyond loopback: its cookie holds the token."""
        if not self.is_open:
            return True
        try:
            kept = SimpleCookie(asked.get("cookie", "")[:4096])
        except CookieError:
            return False
        return COOKIE in kept and secrets.compare_digest(kept[COOKIE].value.encode(), self.token.encode())

    def without_token(self, query: str) -> str | None:
        """Give a query without the token; None when it does not hold the right one."""
        rows = parse_qsl(query, keep_blank_values=True)
        given = next((value for name, value in rows if name == "token"), "")
        if not secrets.compare_digest(given.encode(), self.token.encode()):
            return None
        return urlencode([(name, value) for name, value in rows if name != "token"])


def host_name(host: str) -> str:
    """Give the name in a `Host`, without its port; empty when it is none."""
    match = re.fullmatch(r"(\[[0-9a-f:.%]+\]|[a-z0-9._-]+)(?::\d{1,5})?", host.strip().lower())
    return match[1].strip("[]").removesuffix(".") if match else ""
