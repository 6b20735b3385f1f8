"""External: whether links to other sites still lead somewhere; asked politely, and remembered for some days."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import quote, urldefrag, urlsplit

from generator.check.pages import place_of, source_text
from generator.errors import Problem, error, warning
from generator.output import replace_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.check.pages import Seen
    from generator.config import Check, Config

CACHE_FILE = "links.json"
AT_ONCE = 8
"""Hosts that are asked at the same time; the URLs of one host follow each other."""
LONGEST_WAIT = 30.0
"""Seconds to wait at most when a server says that it is busy."""
RESERVED = (
    ".example",
    ".test",
    ".invalid",
    ".localhost",
    "example.com",
    "example.org",
    "example.net",
    "localhost",
)
"""Ends of names that belong to nobody (RFC 2606): examples in manuals."""
BUSY = (429, 500, 502, 503, 504)
"""Answers after which it is worth trying again."""
NOT_FOR_ROBOTS = (401, 403, 405, 999)
"""Answers that say more of us than of the page."""
AGENT = "Mozilla/5.0 (compatible; Pressrun link check)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said of a URL."""

    status: int
    """Of HTTP; 0 when there was none."""
    reason: str = ""
    """Why there was none, in words."""

    @property
    def good(self) -> bool:
        """Whether the page is there, as far as a program is told."""
        return 200 <= self.status < 400 or self.status in NOT_FOR_ROBOTS


def external_links(seen: Mapping[str, Seen], ignore: tuple[str, ...]) -> dict[str, list[str]]:
    """Give URL → the pages whose own words link to it."""
    found: dict[str, list[str]] = {}
    for path, page in seen.items():
        for link in page.own:
            url = urldefrag(link).url
            if url.startswith(("http://", "https://")) and is_tried(url, ignore):
                owners = found.setdefault(url, [])
                if path not in owners:
                    owners.append(path)
    return found


def is_tried(url: str, ignore: tuple[str, ...]) -> bool:
    """Say whether a URL is to be tried."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return bool(host) and not host.endswith(RESERVED) and not any(fnmatchcase(url, p) for p in ignore)


def broken(config: Config, links: Mapping[str, list[str]]) -> list[Problem]:
    """Try all URLs that were not tried lately; report those that lead nowhere, on each page that has them."""
    remembered = recall(config)
    own = config.absolute("/") if config.base_url else ""
    urls = [url for url in links if url not in remembered and not (own and url.startswith(own))]
    hosts: dict[str, list[str]] = {}
    for url in urls:
        hosts.setdefault(urlsplit(url).netloc, []).append(url)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = [
            pair
            for found in pool.map(lambda one: ask_all(one, config.check), hosts.values())
            for pair in found
        ]
    good = {url: config.now.isoformat() for url, answer in answers if answer.good}
    kept = {url: when for url, when in {**remembered, **good}.items() if url in links}
    config.state.mkdir(parents=True, exist_ok=True)
    replace_file(str(config.state / CACHE_FILE), json.dumps(kept, indent=0).encode())
    return [
        problem
        for url, answer in answers
        if not answer.good
        for problem in told(config, url, answer, links[url])
    ]


def told(config: Config, url: str, answer: Answer, owners: list[str]) -> list[Problem]:
    """Say on each page that a link leads nowhere; a server that was only silent or busy is a warning."""
    gone = answer.status not in (0, *BUSY)
    what = f"the server answers {answer.status}" if answer.status else answer.reason
    kind = error if gone else warning
    message = f"broken external link “{url}”: {what}"
    places = [(path, *place_of(source_text(config, path), url)) for path in owners]
    return [kind(path, message, line=line, column=column) for path, line, column in places]


def recall(config: Config) -> dict[str, str]:
    """Give the URLs that were found good lately → when; whatever the file holds."""
    try:
        kept = json.loads((config.state / CACHE_FILE).read_bytes())
        oldest = config.now - timedelta(days=config.check.keep_days)
        return {
            url: when for url, when in kept.items() if oldest < datetime.fromisoformat(when) <= config.now
        }
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def ask_all(urls: list[str], settings: Check) -> list[tuple[str, Answer]]:
    """Ask one host for all of its URLs, one after the other."""
    found = []
    for number, url in enumerate(urls):
        if number:
            time.sleep(settings.interval)
        found.append((url, ask(url, settings)))
    return found


def ask(url: str, settings: Check) -> Answer:
    """Ask for one URL, again when the server is busy or silent."""
    answer = Answer(0, "not tried")
    for attempt in range(settings.retries + 1):
        answer, wait = once(url, "HEAD", settings.timeout)
        if not answer.good and answer.status not in BUSY and answer.status:
            answer, wait = once(url, "GET", settings.timeout)  # some servers know no HEAD
        if answer.good or (answer.status and answer.status not in BUSY):
            return answer
        if attempt < settings.retries:
            time.sleep(min(max(wait, settings.interval * 2**attempt), LONGEST_WAIT))
    return answer


def once(url: str, method: str, timeout: float) -> tuple[Answer, float]:
    """Send one request; also give the seconds that the server asks to wait."""
    address = quote(url, safe="!#$%&'()*+,/:;=?@[]~")
    request = urllib.request.Request(address, method=method, headers={"User-Agent": AGENT, "Accept": "*/*"})  # noqa: S310  (http and https alone come here)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:  # noqa: S310
            return Answer(response.status), 0.0
    except urllib.error.HTTPError as wrong:
        after = wrong.headers.get("Retry-After", "") if wrong.headers else ""
        wrong.close()
        return Answer(wrong.code), float(after) if after.isdigit() else 0.0
    except TimeoutError:
        return Answer(0, f"no answer within {timeout:g} s"), 0.0
    except urllib.error.URLError as wrong:
        reason = wrong.reason
        if isinstance(reason, TimeoutError):
            return Answer(0, f"no answer within {timeout:g} s"), 0.0
        words = getattr(reason, "strerror", None) or str(reason)
        return Answer(0, f"the server cannot be reached ({words})"), 0.0
    except (OSError, ValueError, http.client.HTTPException) as wrong:
        return Answer(0, f"the server cannot be reached ({type(wrong).__name__})"), 0.0
