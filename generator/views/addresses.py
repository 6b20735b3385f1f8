"""Addresses: the URLs that templates write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import did_you_mean
from generator.pages import picture_path

if TYPE_CHECKING:
    from generator.cache import Reads


def site_url(reads: Reads, path: str) -> str:
    """Give the root-relative URL of a path of the site; whole URLs stay."""
    if "://" in path or path.startswith(("//", "#", "data:")):
        return path
    return str(reads.fact("config:base_path", str)) + path.removeprefix("/")


def asset_url(reads: Reads, name: str) -> str:
    """Give the fingerprinted URL of a file of the theme. Raises KeyError with a did-you-mean."""
    path = reads.fact(f"asset:{name}", str)
    if path is None:
        known = [key.removeprefix("asset:") for key in reads.facts.known if key.startswith("asset:")]
        raise KeyError(f"no asset “{name}” {did_you_mean(name, known)}".strip())
    return site_url(reads, path)


def integrity_of(reads: Reads, name: str) -> str:
    """Give what a browser is to compare a file of the theme with, for the attribute `integrity`."""
    return str(reads.fact(f"integrity:{name}", str) or "")


def published_url(reads: Reads, path: str) -> str:
    """Give the root-relative URL of what the site publishes at a path (`/custom.css`); nothing when there is no such thing."""
    return site_url(reads, path) if reads.fact(f"url:{path}", str) else ""


def origin(url: str) -> str:
    """Give scheme and host of an absolute URL."""
    return "/".join(url.split("/", 3)[:3])


def picture_url(reads: Reads, written: str, page: str) -> str:
    """Give the URL of the picture that a page's front matter names: a URL, or a path beside the page."""
    source = picture_path(written, page)
    found_at = reads.fact(f"route:{source}", str) if source else None
    return site_url(reads, found_at or written) if written else ""
