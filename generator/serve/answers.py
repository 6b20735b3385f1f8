"""Answers: the bytes of a file as HTTP sends them: unchanged (304), a part (206), compressed when asked."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass, field
from importlib.util import find_spec
from urllib.parse import quote

WORTH_IT = 1024
"""Bytes from which on compressing pays."""
TEXTS = re.compile(r"text/|application/(json|xml|wasm|manifest\+json|\w+\+xml)|image/svg\+xml|font/(ttf|otf)")
"""Types that get smaller."""
RANGE = re.compile(r"bytes=(\d*)-(\d*)")
MOST_RANGES = 8
"""Of several parts the whole is given, as the standard allows; more than these are nobody's honest wish."""
GZIP, BROTLI = 6, 4
"""Levels at which 50 kB take a millisecond or two."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent."""

    status: int
    """The status."""
    body: bytes = b""
    """What follows the head; empty for 304 and for HEAD."""
    headers: dict[str, str] = field(default_factory=dict)
    """Lower-case names; the length is among them."""


def answer(
    status: int,
    body: bytes,
    media_type: str,
    tag: str,
    asked: dict[str, str],
    extra: dict[str, str],
    *,
    head: bool,
) -> Answer:
    """Answer a request for bytes; `asked` are its headers, `tag` stands for the bytes, `extra` are headers of the site's own."""
    headers = {
        "content-type": media_type,
        "cache-control": "no-cache",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
        **extra,
    }
    if status == 200:
        coding = (
            coding_of(asked.get("accept-encoding", ""))
            if TEXTS.match(media_type) and len(body) >= WORTH_IT
            else ""
        )
        if "range" in asked:
            coding = ""
        if TEXTS.match(media_type):
            headers["vary"] = "accept-encoding"
        mark = f'"{tag}{"-" + coding if coding else ""}"'
        headers |= {"etag": mark, "accept-ranges": "bytes"}
        if is_known(asked.get("if-none-match", ""), tag):
            headers["etag"] = mark
            return Answer(
                304, b"", {name: value for name, value in headers.items() if name != "content-type"}
            )
        if "range" in asked and asked.get("if-range", mark) == mark:
            part = part_of(asked["range"], len(body))
            if part == (-1, -1):
                return Answer(
                    416, b"", {**headers, "content-range": f"bytes */{len(body)}", "content-length": "0"}
                )
            if part is not None:
                start, end = part
                headers["content-range"] = f"bytes {start}-{end - 1}/{len(body)}"
                status, body = 206, body[start:end]
        if coding:
            headers["content-encoding"] = coding
            body = compressed(body, coding)
    headers["content-length"] = str(len(body))
    return Answer(status, b"" if head else body, headers)


def plain(status: int, text: str, **headers: str) -> Answer:
    """Say something in words."""
    body = (text + "\n").encode()
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    fixed = {
        "content-type": "text/plain; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return Answer(status, body, {**fixed, **given, "content-length": str(len(body))})


def moved(status: int, location: str) -> Answer:
    """Lead elsewhere; whatever the location holds, it is one line of ASCII."""
    safe = quote(location, safe="/:?#[]@!$&'()*+,;=%-._~")
    return plain(status, f"See {safe}", location=safe)


def coding_of(accepted: str) -> str:
    """Choose `br`, `gzip` or nothing by an `Accept-Encoding`."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(",")[:20]:
        name, _, options = part.partition(";")
        match = re.search(r"q=([01](?:\.\d{0,3})?)", options)
        weights[name.strip()] = float(match[1]) if match else 1.0
    known = [
        name
        for name in (["br"] if find_spec("brotli") else []) + ["gzip"]
        if weights.get(name, weights.get("*", 0)) > 0
    ]
    return max(known, key=lambda name: weights.get(name, weights.get("*", 0)), default="")


def compressed(body: bytes, coding: str) -> bytes:
    """Compress."""
    if coding == "br":
        import brotli  # type: ignore[import-untyped]

        return bytes(brotli.compress(body, quality=BROTLI))
    return gzip.compress(body, GZIP, mtime=0)


def is_known(known: str, tag: str) -> bool:
    """Say whether an `If-None-Match` names these bytes, in whatever coding."""
    tags = [one.strip().removeprefix("W/").strip('"') for one in known.split(",")]
    return known.strip() == "*" or any(one.removesuffix("-br").removesuffix("-gzip") == tag for one in tags)


def part_of(wanted: str, size: int) -> tuple[int, int] | None:
    """Give start and end of a range; None when the whole is to be sent, (-1, -1) when it cannot be had."""
    if wanted.count(",") >= MOST_RANGES:
        return -1, -1
    match = RANGE.fullmatch(wanted.replace(" ", "")[:200])
    if match is None or match[1] == match[2] == "":
        return None
    if not match[1]:
        last = int(match[2])
        return (max(0, size - last), size) if last and size else (-1, -1)
    start, end = int(match[1]), min(int(match[2]) + 1, size) if match[2] else size
    if match[2] and int(match[2]) < start:
        return None
    return (start, end) if start < size else (-1, -1)
