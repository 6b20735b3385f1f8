"""Plugins: modules of the site's own, or installed ones, that add to what Pressrun does, through four doors.

    markdown(md)     change the Markdown parser (a markdown_it.MarkdownIt) before pages are read
    fences()         give language → function of code and options, whose HTML takes the place of such a block
    templates(env)   add filters, tests and globals to the Jinja environment
    outputs(site)    give (path, text or bytes) of files that no page makes

What is built in goes through the same doors (`BUILT_IN`). A plug-in is trusted as templates are: it runs in the build's own
processes. Its files are part of the cache's fingerprint: when one changes, all is made anew.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generator.cache import Facts, digest, import_folders
from generator.config import CONFIG_FILE
from generator.errors import Problem, ProblemError, did_you_mean, error, warning
from generator.execute.project import ProjectFinder
from generator.site.facts import summary
from generator.themes import layers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import ModuleType

    from generator.config import Config
    from generator.site import Site

OWN_LANGUAGES = ("csv", "tsv", "mermaid")
"""Of the blocks that our own modules may write; for all others these are not even imported."""
DOORS = ("markdown", "fences", "templates", "outputs")
BUILT_IN = {
    "markdown": ("generator.flexdown", "generator.wikilinks"),
    "fences": ("generator.tables", "generator.diagrams"),
    "templates": ("generator.views",),
    "outputs": ("generator.feeds", "generator.twins"),
}
"""Door → our own modules that go through it; each is asked only where it is needed."""


@dataclass(frozen=True, slots=True, eq=False)
class Plugins:
    """The plug-ins of one build."""

    root: str = ""
    """The site's folder, for places."""
    modules: tuple[ModuleType, ...] = ()
    """In the order of the configuration."""
    keys: dict[str, str] = field(default_factory=dict)
    """The files that they, and an installed theme, are made of → digests."""
    problems: tuple[Problem, ...] = ()
    """What is to be said of them."""

    @property
    def fingerprint(self) -> str:
        """Give what changes when a plug-in does; empty without any."""
        return digest(repr(sorted(self.keys.items())).encode()) if self.keys else ""

    def doors(self, name: str) -> list[Callable[..., Any]]:
        """Give the functions that plug-ins have for a door."""
        return [found for module in self.modules if (found := getattr(module, name, None)) is not None]

    def markdown(self, built_in: Mapping[str, bool]) -> tuple[Callable[[Any], object], ...]:
        """Give what changes the parser: those of our own modules that a page asks for, then the plug-ins'."""
        own = [importlib.import_module(name).markdown for name in BUILT_IN["markdown"] if built_in[name]]
        return (*own, *([self.change_parser] if self.doors("markdown") else []))

    def change_parser(self, parser: Any) -> None:
        """Let all plug-ins change a parser."""
        for door in self.doors("markdown"):
            self.call(door, parser)

    def fence(self, language: str) -> Callable[..., str | None] | None:
        """Give what writes the blocks of a language; the last plug-in wins, and ours come first."""
        found: Callable[..., str | None] | None = None
        if language in OWN_LANGUAGES:
            for name in BUILT_IN["fences"]:
                found = importlib.import_module(name).fences().get(language, found)
        for door in self.doors("fences"):
            found = self.call(door).get(language, found)
        return found

    def call(self, what: Callable[..., Any], *arguments: Any, door: Callable[..., Any] | None = None) -> Any:
        """Go through a door. Raises ProblemError with the plug-in's own line when it fails."""
        door = door or what
        try:
            return what(*arguments)
        except ProblemError:
            raise
        except Exception as wrong:  # noqa: BLE001  (whatever a plug-in raises is its author's problem)
            raise ProblemError(failure(self.root, door.__module__, door.__name__, wrong)) from None


NO_PLUGINS = Plugins()


@dataclass(frozen=True, slots=True)
class Published:
    """The site as `outputs` sees it."""

    config: Config
    """The configuration."""
    site: Site
    """All that is published, and where."""
    excerpts: Mapping[str, str] = field(default_factory=dict)
    """Page → how it begins."""
    changed: Mapping[str, str] = field(default_factory=dict)
    """Page → day of its last commit, where that is known."""

    @property
    def pages(self) -> list[dict[str, Any]]:
        """The listed pages, by path: `path`, `url`, `title`, `date`, `updated`, `description`, `tags`, `author`, `series`, `extra` …"""
        listed = [page for page in self.site.pages if not page.front_matter.unlisted]
        return [
            {
                **summary(page, self.site, self.config),
                "collection": page.collection,
                "extra": page.front_matter.extra,
            }
            for page in listed
        ]

    def absolute(self, path: str) -> str:
        """Give the absolute URL of a path of the site."""
        return self.config.absolute(path)


def outputs(plugins: Plugins, published: Published) -> Iterator[tuple[str, bytes, str]]:
    """Give path, bytes and maker of the files that no page makes: our own, then those of plug-ins."""
    own = [importlib.import_module(name).outputs for name in BUILT_IN["outputs"]]
    for door in (*own, *plugins.doors("outputs")):
        made = plugins.call(lambda door=door: [*door(published)], door=door)
        for path, data in made:
            parts = str(path).split("/")
            if (
                not path
                or path.startswith("/")
                or any(not p or p.startswith(".") or "\\" in p or "\0" in p for p in parts)
            ):
                message = f"the plug-in “{door.__module__}” gives a file at “{path}”; expected a plain path such as a/b.txt"
                raise ProblemError(error(CONFIG_FILE, message))
            yield (
                path,
                data.encode() if isinstance(data, str) else bytes(data),
                f"the plug-in {door.__module__}",
            )


def load(config: Config) -> Plugins:
    """Import the plug-ins of a site, anew. Raises ProblemError when one cannot be used."""
    root, theme = str(config.root), theme_keys(config)
    if not config.plugins:
        return Plugins(root, keys=theme) if theme else NO_PLUGINS
    if not config.execute.enabled:
        message = f"the plug-ins {', '.join(config.plugins)} were not loaded (--no-exec)"
        return Plugins(root, keys=theme, problems=(warning(CONFIG_FILE, message),))
    keys: dict[str, str] = {}
    finder = ProjectFinder(root, keys)
    before = set(sys.modules)
    sys.meta_path.insert(0, finder)
    folders = import_folders(root)
    sys.path[:0] = folders
    try:
        modules = [imported(root, name) for name in config.plugins]
    finally:
        sys.meta_path.remove(finder)
        for folder in folders:
            sys.path.remove(folder)
        for name in sys.modules.keys() - before:  # the next build imports them anew, from the text of then
            if is_below(getattr(sys.modules[name], "__file__", None), root):
                del sys.modules[name]
    keys.update(
        {f"file:{path}": known for module in modules for path, known in installed_files(module, root)}
    )
    files = {key: known for key, known in keys.items() if key.startswith("file:")}
    return Plugins(root, tuple(modules), files | theme)


def theme_keys(config: Config) -> dict[str, str]:
    """Give the files and folders of the installed theme with their digests: as with a plug-in, a change makes all anew."""
    found, facts = layers(config.theme_folder), Facts(config.root)
    keys = [*(f"file:{path}" for path in found.files()), *(f"folder:{path}" for path in found.listed())]
    return {key: facts.digest(key) for key in keys}


def imported(root: str, name: str) -> ModuleType:
    """Import one plug-in and look whether it has a door."""
    try:
        module = importlib.import_module(name)
    except Exception as wrong:  # noqa: BLE001
        message = f"the plug-in “{name}” cannot be imported: {type(wrong).__name__}: {wrong}"
        raise ProblemError(error(CONFIG_FILE, message, hint=trace_of(root, wrong))) from None
    if not any(hasattr(module, door) for door in DOORS):
        hint = next(
            (h for n in vars(module) if not n.startswith("_") and (h := did_you_mean(n, DOORS, cutoff=0.75))),
            "",
        )
        message = (
            f"the plug-in “{name}” has no door; expected a function {', '.join(DOORS[:-1])} or {DOORS[-1]}"
        )
        raise ProblemError(error(CONFIG_FILE, message, hint=hint))
    return module


def installed_files(module: ModuleType, root: str) -> Iterator[tuple[str, str]]:
    """Give the files of a plug-in that is installed, not the site's own, with their digests."""
    path = getattr(module, "__file__", None)
    if not path or is_below(path, root):
        return
    folder = os.path.dirname(path) if hasattr(module, "__path__") else ""
    files = (
        [os.path.join(w, n) for w, _, names in os.walk(folder) for n in names if n.endswith(".py")]
        if folder
        else [path]
    )
    for one in sorted(files):
        with open(one, "rb") as file:
            yield one, digest(file.read())


def is_below(path: str | None, root: str) -> bool:
    """Say whether a file is the site's own."""
    return bool(path) and str(path).startswith(root + os.sep) and "site-packages" not in str(path)


def failure(root: str, module: str, door: str, wrong: Exception) -> Problem:
    """Say where a plug-in failed: at the last line of the site's own code, else in words."""
    message = f"the plug-in “{module}” failed in {door}: {type(wrong).__name__}: {wrong}"
    frames = [f for f in traceback.extract_tb(wrong.__traceback__) if is_below(f.filename, root)]
    if not frames:
        return error(CONFIG_FILE, message)
    return error(
        os.path.relpath(frames[-1].filename, root).replace(os.sep, "/"), message, line=frames[-1].lineno or 0
    )


def trace_of(root: str, wrong: BaseException) -> str:
    """Give the site's own lines that an exception passed."""
    frames = [f for f in traceback.extract_tb(wrong.__traceback__) if is_below(f.filename, root)]
    return "\n".join(f"{os.path.relpath(f.filename, root)}:{f.lineno} in {f.name}: {f.line}" for f in frames)
