"""Store: a bucket of S3, Google Cloud Storage or Azure, through obstore; many requests at once, each tried again."""

from __future__ import annotations

import asyncio
import configparser
import hashlib
import os
import random
import re
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from generator.cache import digest
from generator.config import environment
from generator.deploy.carry import carry_out
from generator.deploy.plan import Published
from generator.deploy.record import RECORD, Record, parse
from generator.deploy.secrets import hidden
from generator.deploy.workflows import KEYS
from generator.errors import ProblemError, error

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from generator.config import Config
    from generator.deploy.carry import Progress
    from generator.deploy.items import Item
    from generator.deploy.plan import Plan
    from generator.targets import Target

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 10.0
"""Seconds before a request is made again; doubled each time, shortened or lengthened by chance."""
TIMEOUT = timedelta(minutes=5)
"""Of one request; great files go in parts."""
BATCH = 1000
"""Deletions in one request."""
BUSY = ("429", "503", "SlowDown", "TooManyRequests", "ServerBusy")
"""What a host says when it wants fewer requests."""
HOPELESS = ("PermissionDeniedError", "UnauthenticatedError", "InvalidPathError", "FileNotFoundError")
"""Errors that no second request mends."""
REFUSED = re.compile(r"\b4(?!08|09|25|29)\d\d [A-Z]")
"""Statuses for which the same holds; obstore's general error has them in its words."""
METADATA = ("169.254.169.254", "169.254.170.2", "metadata.google.internal")
"""Where obstore asks a machine of the cloud for its role, when it has found no credentials anywhere else."""
SAID = re.compile(r"<Code>(?P<code>[^<]*)</Code>(?:.*?<Message>(?P<message>[^<]*)</Message>)?", re.DOTALL)
"""The part of a host's answer that is meant for people."""
Result = TypeVar("Result")


class Pace:
    """How quickly requests follow each other: as the target's `rate` says, and slower while the host is busy."""

    def __init__(self, rate: float) -> None:
        self.least = 1 / rate if rate else 0.0
        self.gap, self.next = self.least, 0.0

    async def turn(self) -> None:
        """Wait for one's turn."""
        if self.gap:
            now = time.monotonic()
            mine = self.next = max(now, self.next + self.gap)
            await asyncio.sleep(mine - now)

    def busy(self) -> None:
        """Go half as quickly."""
        self.gap = min(max(2 * self.gap, 0.02), 2.0)

    def fine(self) -> None:
        """Go a little quicker."""
        if self.gap > self.least:
            self.gap = max(self.least, self.gap * 0.9 - 0.0005)


class Bucket:
    """A bucket, or what of it begins with a prefix."""

    def __init__(self, config: Config, target: Target) -> None:
        self.config, self.target = config, target
        self.store = self.open()
        self.pace = Pace(target.rate)
        self.progress: Progress | None = None

    def open(self) -> Any:
        """Open the bucket; obstore takes credentials from where each host's own tools have them."""
        try:
            from obstore.store import AzureStore, GCSStore, S3Store
        except ImportError:
            raise self.problem(
                "the library obstore is not installed", 'pip install "pressrun[deploy]"'
            ) from None
        scheme, _, rest = self.target.to.partition("://")
        bucket, _, prefix = rest.strip("/").partition("/")
        common: dict[str, Any] = {
            "prefix": prefix or None,
            "client_options": {"timeout": TIMEOUT, "allow_http": self.target.endpoint.startswith("http://")},
            "retry_config": {"max_retries": 0},  # each request is tried again here, where its pace is known
        }
        try:
            if scheme == "gs":
                return GCSStore(bucket, **common)
            if scheme == "az":
                return AzureStore(bucket, **common)
            options = profile(environment())
            if self.target.region:
                options["region"] = self.target.region
            if self.target.endpoint:
                options |= {"endpoint": self.target.endpoint, "virtual_hosted_style_request": False}
            return S3Store(bucket, **common, **options)
        except Exception as wrong:  # noqa: BLE001  # obstore's own errors have no common base that is documented
            raise self.problem(self.words(wrong)) from None

    def problem(self, message: str, hint: str = "") -> ProblemError:
        """Make the error that ends a deploy."""
        return ProblemError(error(self.target.name, message, hint=hint))

    def words(self, wrong: BaseException) -> str:
        """Give what obstore says on one line, without secrets."""
        text = " ".join(str(wrong).partition("Debug source")[0].split())
        if said := SAID.search(text):
            text = f"the host says {said['code']}" + (f": {said['message']}" if said["message"] else "")
        return hidden(text or type(wrong).__name__, environment())

    def failure(self, wrong: BaseException) -> ProblemError:
        """Say why requests failed, and what helps."""
        if any(place in str(wrong) for place in METADATA):
            names = KEYS[self.target.to.partition("://")[0] + "://"]
            hint = f"set {' and '.join(names)} in the environment; the manual names the other places"
            return self.problem("no credentials were found, and this machine has no role in the cloud", hint)
        return self.problem(
            self.words(wrong), "" if is_hopeless(wrong) else "run the same command again to go on from here"
        )

    async def tried(self, request: Callable[[], Awaitable[Result]]) -> Result:
        """Make a request; make it again while the network or the host fails, until the target's patience ends."""
        end, pause = time.monotonic() + self.target.patience, FIRST_PAUSE
        while True:
            await self.pace.turn()
            try:
                result = await request()
            except Exception as wrong:
                if is_hopeless(wrong) or time.monotonic() + pause > end:
                    raise
                if any(word in str(wrong) for word in BUSY):
                    self.pace.busy()
                await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                self.pace.fine()
                return result

    def run(self, work: Awaitable[Result]) -> Result:
        """Run requests. Raises ProblemError with the host's own words."""

        async def all_of_it() -> Result:
            return await work

        try:
            return asyncio.run(all_of_it())
        except Exception as raised:
            wrong: BaseException = raised
            while isinstance(wrong, BaseExceptionGroup):
                wrong = wrong.exceptions[0]
            if isinstance(wrong, ProblemError):
                raise wrong from None
            if is_from_obstore(wrong):
                raise self.failure(wrong) from None
            raise

    # ------------------------------------------------------------ looking

    def published(self, items: Mapping[str, Item]) -> Published:
        """List what is there, fetch the record, and compare ETags."""
        return self.run(self.look(items))

    async def look(self, items: Mapping[str, Item]) -> Published:
        """Do what `published` says."""
        import obstore

        async def listing() -> list[Any]:
            return [row async for rows in obstore.list(self.store) for row in rows]

        rows = await self.tried(listing)
        sizes = {row["path"]: row["size"] for row in rows}
        tags = {row["path"]: str(row["e_tag"] or row["version"] or row["last_modified"]) for row in rows}
        record = Record()
        if RECORD in sizes:

            async def fetch() -> bytes:
                return bytes(await (await obstore.get_async(self.store, RECORD)).bytes_async())

            record = parse(await self.tried(fetch), self.target.to)
        same = frozenset(
            path for path, item in items.items() if path in tags and self.stands(item, tags[path], record)
        )
        state = digest("\n".join(f"{path}\0{tag}" for path, tag in sorted(tags.items())).encode())
        return Published(record, sizes, same, state)

    def stands(self, item: Item, tag: str, record: Record) -> bool:
        """Say whether an object is what it should be: put by us, and not touched since.

        After a deploy that was cut short the record knows what was meant, not what arrived; then the ETag of a
        simple upload to S3, the MD5 of its bytes, decides.
        """
        entry = record.files.get(item.path)
        if entry is None or (entry.digest, entry.headers) != (item.digest, item.headers_digest):
            return False
        return entry.stamp == tag or (not entry.stamp and tag.strip('"') == md5(item.read()))

    # ------------------------------------------------------------ changing

    def publish(
        self, plan: Plan, items: Mapping[str, Item], found: Published, progress: Progress | None
    ) -> None:
        """Do what a plan says."""
        self.progress = progress
        carry_out(self, plan, items, found)

    def put(self, items: list[Item]) -> dict[str, str]:
        """Upload files side by side."""
        return self.run(self.put_all(items))

    async def put_all(self, items: list[Item]) -> dict[str, str]:
        """Do what `put` says; after the first failure nothing new is begun."""
        import obstore

        stamps: dict[str, str] = {}
        waiting = iter(items)

        async def upload() -> None:
            for item in waiting:
                data = item.read()
                attributes: Any = dict(item.headers)
                answer = await self.tried(
                    lambda data=data, item=item, attributes=attributes: obstore.put_async(  # type: ignore[misc]
                        self.store, item.path, data, attributes=attributes
                    )
                )
                stamps[item.path] = str(answer["e_tag"] or answer["version"] or "")
                if self.progress:
                    self.progress(item.path)

        async with asyncio.TaskGroup() as group:
            for _ in range(min(self.target.parallel, len(items))):
                group.create_task(upload())
        return stamps

    def delete(self, paths: list[str]) -> None:
        """Delete objects."""
        self.run(self.delete_all(paths))

    async def delete_all(self, paths: list[str]) -> None:
        """Do what `delete` says."""
        import obstore

        for start in range(0, len(paths), BATCH):
            batch = paths[start : start + BATCH]

            async def remove(batch: list[str] = batch) -> None:
                try:
                    await obstore.delete_async(self.store, batch)
                except FileNotFoundError:  # hosts that delete one by one: an earlier try had done it
                    for path in batch:
                        await self.remove_one(path)

            await self.tried(remove)

    async def remove_one(self, path: str) -> None:
        """Delete an object that may be gone already."""
        import contextlib

        import obstore

        with contextlib.suppress(FileNotFoundError):
            await obstore.delete_async(self.store, path)


def md5(data: bytes) -> str:
    """Give what S3 calls the ETag of a simple upload."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def is_from_obstore(wrong: BaseException) -> bool:
    """Say whether an error is one of a request."""
    return type(wrong).__module__.startswith("obstore") or isinstance(wrong, FileNotFoundError | OSError)


def is_hopeless(wrong: BaseException) -> bool:
    """Say whether making a request again cannot help."""
    told = str(wrong)
    refused = type(wrong).__name__ in HOPELESS or REFUSED.search(told) is not None
    return refused or any(place in told for place in METADATA) or not is_from_obstore(wrong)


def profile(environ: Mapping[str, str]) -> dict[str, Any]:
    """Read Amazon's credentials file, if the environment names no credentials itself: obstore knows all other places."""
    if "AWS_ACCESS_KEY_ID" in environ or "AWS_WEB_IDENTITY_TOKEN_FILE" in environ:
        return {}
    home = os.path.join(environ.get("HOME", ""), ".aws")
    name = environ.get("AWS_PROFILE", "default")
    parser = configparser.RawConfigParser()
    try:
        parser.read(environ.get("AWS_SHARED_CREDENTIALS_FILE") or os.path.join(home, "credentials"), "utf-8")
        settings = configparser.RawConfigParser()
        settings.read(environ.get("AWS_CONFIG_FILE") or os.path.join(home, "config"), "utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return {}
    found = dict(parser[name]) if parser.has_section(name) else {}
    section = name if name == "default" else f"profile {name}"
    region = settings.get(section, "region", fallback="") if settings.has_section(section) else ""
    keys = {
        "aws_access_key_id": "access_key_id",
        "aws_secret_access_key": "secret_access_key",
        "aws_session_token": "token",
    }
    options = {own: found[key] for key, own in keys.items() if key in found}
    return {**options, **({"region": region} if region and "AWS_REGION" not in environ else {})}
