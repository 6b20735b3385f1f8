"""Builder: the process that builds while another one serves.

It has no threads, so it may use all cores, and a request never waits for a build. It does what it is asked, the newest wish last,
in four ways: a preview of edited pages (preview.py), a build (the very `build` of the command), a page that somebody waits for while
a long build runs, and, when nothing happens for a while, the build that previews have put off.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from generator import finished
from generator.cache import OUTSIDE, digest
from generator.config import load_config
from generator.errors import Problem, ProblemError
from generator.processes import become_servant
from generator.routes import route
from generator.serve.ahead import Ahead, Aside
from generator.serve.apart import attempt, attempt_apart
from generator.serve.messages import Channel, News, Request
from generator.serve.newest import published
from generator.serve.preview import desk
from generator.terminal import counted, print_problems

if TYPE_CHECKING:
    from generator.config import Config
    from generator.finished import Record
    from generator.output import Output
    from generator.serve.preview import Desk

IDLE = 5.0
"""Seconds after the last edit when the build is made up for that previews have put off."""
SHORT = 0.5
"""Seconds after the start when nothing is asked for: then is time to get ready for edits."""
NAMED = 3
"""Files that the line about a build names."""


class Builder:
    """Answers requests until the server is gone."""

    def __init__(self, root: Path, channel: Channel, *, drafts: bool) -> None:
        self.root, self.channel, self.drafts = root, channel, drafts
        self.context = Ahead(channel)
        self.context.tell = self.send
        self.aside = Aside(self.context)
        self.config: Config | None = None
        self.desk: Desk | None = None
        self.number = 0
        self.behind = False
        """Whether the output folder is older than what was shown."""
        self.known: dict[str, str] = {}
        """The output folder as the server knows it."""
        self.meanwhile: dict[str, None] = {}
        """Sources that were edited during a build, perhaps too late for it."""
        self.problems: tuple[Problem, ...] = ()
        self.owners_sent = False

    def run(self) -> None:
        """Build, then do as asked."""
        try:
            self.build((), "built")
            cold = True
            while self.channel.open:
                pause = SHORT if cold and self.desk else IDLE if self.behind else None
                asked = self.context.kept() or self.channel.requests(pause)
                if asked:
                    self.answer(asked)
                elif cold and self.desk is not None:
                    self.desk.warm()
                    cold = False
                elif self.behind and self.channel.open:
                    self.build((), "")
        finally:
            self.context.close()

    def answer(self, asked: list[Request]) -> None:
        """Do what some requests ask for together."""
        self.number = max(self.number, *(one.number for one in asked))
        changed = list(dict.fromkeys(path for one in asked for path in one.changed))
        whole = any(one.number and not one.changed for one in asked)
        self.context.first = list(dict.fromkeys(path for one in asked for path in one.first))
        if changed and not whole and self.preview(changed):
            return
        if changed or whole:
            self.build(changed, named(changed) or "files that changed meanwhile")

    def preview(self, changed: list[str]) -> bool:
        """Show edited pages at once; True when that is all there is to do."""
        started = time.monotonic()
        if self.desk is None or self.config is None:
            return False
        paths = self.relative(changed)
        seen = self.desk.edited(paths)
        if seen is None:
            return False
        outputs, alone = seen
        self.behind = True
        self.known.update(self.show(outputs, self.number if alone else -1))
        self.known.update(self.show(self.desk.showing(self.context.first)))
        if alone and outputs:
            say(
                named(changed),
                f"{counted(len(self.desk.pages & set(paths)), 'page')} built",
                started,
                self.problems,
            )
        return alone

    def take(self, asked: Request) -> None:
        """Have a request wait for the end of a build, and show at once what can be shown, by what the build before knew."""
        if asked.number:
            self.context.waiting.append(asked)
        if not asked.changed:
            return
        paths = self.relative(asked.changed)
        seen = self.desk.edited(paths) if self.desk else None
        if seen is not None and self.desk is not None:
            self.meanwhile.update(dict.fromkeys(paths))
            self.known.update(self.show(seen[0]))
            self.known.update(self.show(self.desk.showing(asked.first)))

    def relay(self, news: News) -> None:
        """Hand on a page that a build made before the others."""
        self.context.sent.update(news.digests)
        self.send(news)

    def show(self, outputs: list[Output], number: int = -1) -> dict[str, str]:
        """Send pages that no build has written; give their digests."""
        pages = {one.path: one.data for one in outputs}
        digests = {path: digest(data) for path, data in pages.items()}
        if pages or number >= 0:
            self.send(News(number, digests=digests, pages=pages))
        return digests

    def relative(self, changed: Iterable[str]) -> list[str]:
        """Give changed files as the site names them."""
        root = str(self.config.root) if self.config else ""
        return [os.path.relpath(path, root).replace(os.sep, "/") for path in changed]

    def build(self, changed: Iterable[str], why: str) -> None:
        """Build the site; whatever is wrong with it, the server goes on with what it has."""
        started = time.monotonic()
        desk_before = self.desk
        self.meanwhile.clear()
        try:
            self.config = config = load_config(self.root, drafts=self.drafts, serving=True)
        except ProblemError as wrong:
            self.fail(wrong.problems)
            return
        if (
            desk_before is None or config.plugins
        ):  # nothing can be shown yet, or plug-ins would be another process's
            made = attempt(config, self.context)
        else:
            made = attempt_apart(config, self.context, self.take, self.relay)
        if made.failed:
            self.fail(made.problems)
        else:
            same = desk_before is not None and not (made.ran or made.files)
            self.desk = desk_before if same else desk(config, self.aside)
            now = published(config)
            self.known.update(self.context.sent)
            self.context.sent.clear()
            late = self.too_late()
            now.update({path: digest(data) for path, data in late.items()})
            told = {path: value for path, value in now.items() if self.known.get(path) != value}
            self.problems, self.behind = made.problems, False
            news = News(
                self.number,
                digests=now if not self.known else told,
                gone=tuple(path for path in self.known if path not in now),
                all=not self.known,
                pages=late,
                written=True,
                problems=made.problems,
                troubled=made.troubled,
                outside=outside(config, finished.read(config)),
                ignored=tuple(t.to for t in config.deploy if t.kind == "folder"),
            )
            before, self.known = self.known, now
            self.send(news)
            if why and (why != "files that changed meanwhile" or made.ran):
                did = f"{counted(made.ran, 'unit')} ran, {counted(made.files, 'file')} changed"
                say(why, did, started, made.problems)
                print_problems(made.problems)
            self.send_owners(any_new=bool(news.gone or news.all or told.keys() - before.keys()))
            gc.collect()

    def too_late(self) -> dict[str, bytes]:
        """Give the pages that were edited after the build had read them, as they are by what it knows."""
        paths, self.meanwhile = list(self.meanwhile), {}
        seen = self.desk.edited(paths) if self.desk and paths else None
        return {one.path: one.data for one in seen[0]} if seen else {}

    def send_owners(self, *, any_new: bool) -> None:
        """Tell which source each page is made of."""
        if self.desk is not None and (any_new or not self.owners_sent):
            routes = {key[6:]: value for key, value in self.desk.known.items() if key.startswith("route:")}
            decode = msgspec.msgpack.Decoder(str).decode
            owners = {
                route(decode(routes[path]), path).output: path for path in self.desk.pages if path in routes
            }
            self.owners_sent = True
            self.send(News(self.number, owners=owners))

    def fail(self, problems: Iterable[Problem]) -> None:
        """Say what made a build impossible; what stood before stays."""
        self.desk = None
        self.problems = tuple(problems)
        print_problems(self.problems)
        self.send(News(self.number, problems=self.problems))

    def send(self, news: News) -> None:
        """Tell the server, with what it always needs."""
        if self.config is not None:
            news = replace(news, base=self.config.base_path, editor=self.config.serve.editor)
        self.channel.send(news)


def named(changed: Iterable[str]) -> str:
    """Name some files."""
    names = list(dict.fromkeys(os.path.basename(path) for path in sorted(changed)))
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")


def say(why: str, did: str, started: float, problems: Iterable[Problem]) -> None:
    """Print one line for a build."""
    well = "" if any(p.level != "info" for p in problems) else ", no problems"
    took = (time.monotonic() - started) * 1000
    click.echo(f"{time.strftime('%H:%M:%S')} {why}: {did}{well} ({took:.0f} ms)")
    sys.stdout.flush()


def outside(config: Config, last: Record | None) -> tuple[str, ...]:
    """Give the folders outside the site's root in which its pages looked at files, installed packages left out."""
    root = str(config.root)
    installed = {os.path.realpath(path) for path in (sys.prefix, sys.base_prefix)}
    found = set()
    for key in last.outside if last else ():
        kind, _, name = key.partition(":")
        if kind in OUTSIDE and os.path.isabs(name) and not name.startswith(root + os.sep):
            folder = name if kind == "folder" else os.path.dirname(name)
            real = os.path.realpath(folder)
            if os.path.isdir(real) and not any(
                real == one or real.startswith(one + os.sep) for one in installed
            ):
                found.add(folder)
    return tuple(sorted(found))


def main(descriptor: int, root: str, drafts: Any) -> None:
    """Be the builder at the other end of a socket."""
    become_servant()
    with socket.socket(fileno=descriptor) as wire:
        Builder(Path(root), Channel(wire), drafts=bool(drafts)).run()
