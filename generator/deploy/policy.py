"""Policy: the strictest Content-Security-Policy with which all the built pages still work, found by reading them."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.deploy.items import Item

BASE = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'"},
    "font-src": {"'self'"},
    "media-src": {"'self'"},
    "manifest-src": {"'self'"},
    "connect-src": {"'self'"},
    "base-uri": {"'none'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'self'"},
}
"""What each site gets; pages may need more."""
DEMO = {"script-src": "'wasm-unsafe-eval'", "worker-src": "'self'"}
"""What live demos need: an engine in WebAssembly, in a worker."""
SOURCES = {
    "img": (("src", "img-src"), ("srcset", "img-src")),
    "image": (("href", "img-src"), ("xlink:href", "img-src")),
    "input": (("src", "img-src"),),
    "source": (("src", "media-src"), ("srcset", "img-src")),
    "video": (("src", "media-src"), ("poster", "img-src")),
    "audio": (("src", "media-src"),),
    "track": (("src", "media-src"),),
    "iframe": (("src", "frame-src"),),
    "embed": (("src", "object-src"),),
    "object": (("data", "object-src"),),
    "form": (("action", "form-action"),),
    "button": (("formaction", "form-action"),),
    "base": (("href", "base-uri"),),
    "script": (("src", "script-src"),),
}
"""Element → its attributes that load something, each with the directive that governs it."""
LINKS = {
    "stylesheet": "style-src",
    "icon": "img-src",
    "apple-touch-icon": "img-src",
    "manifest": "manifest-src",
    "modulepreload": "script-src",
}
"""Relation of a `<link>` → directive."""
SCRIPTS = {"", "module", "text/javascript", "application/javascript", "importmap", "speculationrules"}
"""Types of inline scripts that a policy governs; others are data."""
ATTRIBUTES = r"""(?:[^>"']++|"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))*+"""
TAG = re.compile(
    rf"<!--.*?(?:-->|\Z)"
    rf"|<(?P<raw>script|style|textarea|title|xmp)\b(?P<attrs>{ATTRIBUTES})(?:>(?P<text>.*?)(?:</(?P=raw)\s*>|\Z)|\Z)"
    rf"|<(?P<name>[a-z][\w:-]*+)(?P<rest>{ATTRIBUTES})(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
"""Comments, elements that hold text alone, other start tags; as in a browser, what is not closed reaches to the end."""
ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
CSS_URL = re.compile(r"""(@import\s+)?(?:url\(\s*["']?|(?<=@import )["'])\s*([^"')\s]+)""", re.IGNORECASE)


@dataclass(slots=True)
class Needs:
    """What pages load, by directive."""

    sources: dict[str, set[str]] = field(default_factory=dict)
    """Directive → sources beyond the site itself."""

    def add(self, directive: str, source: str) -> None:
        """Note one source."""
        self.sources.setdefault(directive, set()).add(source)


def hashed(text: str) -> str:
    """Give the source expression that allows one inline script or style."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def source_of(url: str) -> str:
    """Give what a policy must name so that a URL may be loaded; nothing for what the site itself has."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme in ("data", "blob"):
        return parts.scheme + ":"
    if parts.netloc and parts.scheme in ("", "http", "https"):
        return f"{parts.scheme or 'https'}://{parts.netloc.rpartition('@')[2]}"
    return ""


def tags(html: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Give name, attributes and, of scripts and styles, the text of each start tag."""
    for match in TAG.finditer(html):
        name = (match["raw"] or match["name"] or "").lower()
        if not name:
            continue
        rest = match["attrs"] if match["raw"] else match["rest"]
        found: dict[str, str] = {}
        for key, double, single, bare in ATTRIBUTE.findall(rest or ""):
            found.setdefault(key.lower(), unescape(double or single or bare))
        yield name, found, match["text"] or ""


def look(html: str, needs: Needs) -> None:
    """Note what one page needs."""
    for name, attributes, text in tags(html):
        for key, value in attributes.items():
            if key == "style":
                needs.add("style-src", "'unsafe-hashes'")
                needs.add("style-src", hashed(value))
                look_at_style(value, needs)
            elif key.startswith("on") and value:
                needs.add("script-src", "'unsafe-hashes'")
                needs.add("script-src", hashed(value))
        if "data-demo" in attributes:
            for directive, source in DEMO.items():
                needs.add(directive, source)
        if name == "script" and "src" not in attributes and attributes.get("type", "").lower() in SCRIPTS:
            needs.add("script-src", hashed(text))
        elif name == "style":
            needs.add("style-src", hashed(text))
            look_at_style(text, needs)
        elif name == "link":
            for relation in attributes.get("rel", "").lower().split():
                if relation in LINKS and (source := source_of(attributes.get("href", ""))):
                    needs.add(LINKS[relation], source)
        for key, directive in SOURCES.get(name, ()):
            if key in attributes:
                look_at_value(name, directive, attributes[key], needs, several=key == "srcset")


def look_at_value(name: str, directive: str, value: str, needs: Needs, *, several: bool) -> None:
    """Note what an attribute loads; frames, objects and `<base>` are closed even to the site itself by default."""
    urls = [part.split()[0] for part in value.split(", ") if part.split()] if several else [value]
    for url in urls:
        source = source_of(url)
        if source:
            needs.add(directive, source)
        elif name in ("iframe", "embed", "object", "base"):
            needs.add(directive, "'self'")


def look_at_style(css: str, needs: Needs) -> None:
    """Note what a style sheet loads: pictures and fonts look alike there."""
    for imported, url in CSS_URL.findall(css):
        source = source_of(url)
        if source:
            needs.add("style-src" if imported else "img-src", source)
            if not imported:
                needs.add("font-src", source)


def policy(items: Iterable[Item]) -> str:
    """Give the policy of a site: it fits each of its pages, and allows nothing that none of them asks for."""
    needs = Needs()
    for item in items:
        if item.path.endswith((".html", ".htm")):
            look(item.read().decode("utf-8", "replace"), needs)
        elif item.path.endswith(".css"):
            look_at_style(item.read().decode("utf-8", "replace"), needs)
    rows = []
    for directive in [*BASE, *(sorted(needs.sources.keys() - BASE.keys()))]:
        sources = BASE.get(directive, set()) | needs.sources.get(directive, set())
        if len(sources) > 1:
            sources = sources - {"'none'"}
        rows.append(" ".join([directive, *sorted(sources)]))
    return "; ".join(rows)
