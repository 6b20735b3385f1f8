"""Found: what machines are told of a page beside its text: structured data, ways to hand it on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec
from markupsafe import Markup

from generator.looks import WAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SCHEMA = "https://schema.org"
ADDRESSES = {
    "bluesky": ("Bluesky", "https://bsky.app/intent/compose?text={title}%20{url}"),
    "mastodon": ("Mastodon", "https://share.joinmastodon.org/#text={title}%20{url}"),
    "linkedin": ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url={url}"),
    "reddit": ("Reddit", "https://www.reddit.com/submit?url={url}&title={title}"),
    "hackernews": ("Hacker News", "https://news.ycombinator.com/submitlink?u={url}&t={title}"),
    "email": ("", "mailto:?subject={title}&body={url}"),
}
"""Way → its name, and the address that takes title and URL of a post."""
RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
"""Languages whose usual script is written from the right."""
LEFT_TO_RIGHT_SCRIPTS = {"latn", "cyrl", "deva"}
RIGHT_TO_LEFT_SCRIPTS = {"arab", "hebr", "nkoo", "syrc", "thaa", "adlm", "rohg"}
assert ADDRESSES.keys() == set(WAYS)


def direction(lang: str) -> str:
    """Give `rtl` for a language (BCP 47) that is written from right to left, else `ltr`."""
    first, *others = lang.lower().split("-")
    if others and others[0] in RIGHT_TO_LEFT_SCRIPTS:
        return "rtl"
    return "rtl" if first in RIGHT_TO_LEFT and not (others and others[0] in LEFT_TO_RIGHT_SCRIPTS) else "ltr"


def ways(asked: Iterable[str], title: str, url: str, by_email: str) -> list[dict[str, str]]:
    """Give the links that hand a post on: `title`, `url`; one way has no name of its own."""
    words = {"title": quote(title, safe=""), "url": quote(url, safe="")}
    names = {way: name for way, (name, _) in ADDRESSES.items()} | {"email": by_email}
    return [{"title": names[way], "url": ADDRESSES[way][1].format(**words)} for way in asked]


def json_ld(parts: Sequence[Mapping[str, Any]]) -> Markup:
    """Write structured data as a script element may hold it: no `<` in it can end the element."""
    whole = [{"@context": SCHEMA, **part} for part in parts]
    text = msgspec.json.encode(whole[0] if len(whole) == 1 else whole).decode()
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(text)  # noqa: S704  (nothing is left in it that HTML could read)


def article(
    kind: str,
    *,
    title: str,
    url: str,
    description: str,
    image: str,
    published: str,
    changed: str,
    authors: Sequence[str],
    lang: str,
    words: Sequence[str],
) -> dict[str, Any]:
    """Describe a post or a page of documentation."""
    made: dict[str, Any] = {
        "@type": kind,
        "headline": title,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": lang,
    }
    if description:
        made["description"] = description
    if image:
        made["image"] = image
    if published:
        made["datePublished"] = published
    if changed or published:
        made["dateModified"] = changed or published
    if authors:
        made["author"] = [{"@type": "Person", "name": name} for name in authors]
    if words:
        made["keywords"] = list(words)
    return made


def breadcrumbs(steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Describe the way to a page: title and URL of each step, the page's own last."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": title, "item": url}
            for number, (title, url) in enumerate(steps, 1)
        ],
    }


def questions(asked: Any) -> dict[str, Any] | None:
    """Describe the questions of a front matter's `faq:`, a list of `question` and `answer`; None when there are none."""
    rows = (
        [one for one in asked if isinstance(one, dict) and one.get("question") and one.get("answer")]
        if isinstance(asked, list)
        else []
    )
    if not rows:
        return None
    return {
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": str(one["question"]),
                "acceptedAnswer": {"@type": "Answer", "text": str(one["answer"])},
            }
            for one in rows
        ],
    }


def deck_of(description: str, body: str) -> str:
    """Give a description that the text does not begin with."""
    plain = " ".join(re.sub(r"<[^>]*>", "", body[: 3 * len(description) + 200]).split())
    return "" if plain.startswith(description[:60]) else description
