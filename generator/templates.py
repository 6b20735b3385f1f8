"""Templates: Jinja with a loader that records what it looked for; a site's own templates win over the theme's."""

from __future__ import annotations

import os
import re
import traceback
from collections import Counter
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2.meta import find_undeclared_variables
from markupsafe import Markup

from generator.cache import Reads, Unreadable
from generator.editions import words_in
from generator.errors import Problem, ProblemError, did_you_mean, error
from generator.plugins import NO_PLUGINS
from generator.sources import PAGE_SUFFIXES
from generator.themes import BUILT_IN, Layers, layers_of
from generator.views import FUNCTIONS, templates
from generator.views.demos import page_head
from generator.views.listing import list_template, template_arguments
from generator.views.page import PageView
from generator.views.site import SiteView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.cache import Facts
    from generator.content import Content
    from generator.pages import Page
    from generator.plugins import Plugins
    from generator.site.listings import Listing

THEME = BUILT_IN / "templates"
FOR_PAGES = ("base.html", "page.html", "post.html", "list.html")
"""The theme's templates that a page can ask for; the others want arguments that a page has not."""
THEME_PREFIX = "theme/"
"""`{% extends "theme/post.html" %}` means the theme's own file, so that an override can extend what it overrides."""
BUILT_IN_PREFIX = "pressrun/"
"""`{% extends "pressrun/post.html" %}` means the built-in file, so that an installed theme can extend what it takes the place of."""
PREFIXES = (THEME_PREFIX, BUILT_IN_PREFIX)
OVERRIDES = "templates"
"""Folder of the site whose files win over the theme's."""
COMPONENTS = "components"
"""Folder, in both, of the templates of `:::name`."""
FOR_AUTHORS = "{#- Component"
"""How the theme's templates begin that stand for components; those beside them are parts of whole pages."""
FOR_PARTS = ("url", "published")
"""Functions that components can call; the addresses of the theme's files are not known yet when they are written."""


class Loader(jinja2.BaseLoader):
    """Finds a template in the site, else in the theme; both places are recorded by `Environment`."""

    def __init__(self, facts: Facts) -> None:
        self.facts, self.layers = facts, layers_of(facts.known)

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, None]:
        """Give text and file name of a template."""
        if ".." in template.split("/") or template.startswith("/") or "\0" in template:
            raise jinja2.TemplateNotFound(template)
        own = None if template.startswith(PREFIXES) else read_override(self.facts, f"{OVERRIDES}/{template}")
        if own is not None:
            return own, os.path.join(self.facts.root, OVERRIDES, template), None
        path = in_theme(self.layers, template)
        if path is None:
            raise jinja2.TemplateNotFound(template)
        return path.read_text("utf-8"), str(path), None


def in_theme(layers: Layers, name: str) -> Path | None:
    """Find a template of the theme by its name, with a prefix or without."""
    plain = name.removeprefix(THEME_PREFIX).removeprefix(BUILT_IN_PREFIX)
    return layers.template(plain, built_in=name.startswith(BUILT_IN_PREFIX))


def read_override(facts: Facts, path: str) -> str | None:
    """Give the text of a template of the site; None when it has none. Raises ProblemError when it cannot be read."""
    real, root = os.path.realpath(os.path.join(facts.root, path)), os.path.realpath(facts.root)
    if not real.startswith(root + os.sep):
        raise ProblemError(error(path, "is a symbolic link that leaves the site"))
    try:
        data = facts.file(path)
        return None if data is None else data.decode("utf-8-sig")
    except Unreadable as wrong:
        raise ProblemError(error(path, f"cannot be read: {wrong}")) from None
    except UnicodeDecodeError as wrong:
        line, start = (
            wrong.object.count(b"\n", 0, wrong.start) + 1,
            wrong.object.rfind(b"\n", 0, wrong.start) + 1,
        )
        message = f"not UTF-8: byte 0x{wrong.object[wrong.start]:02x}"
        column = len(wrong.object[start : wrong.start].decode("utf-8", "replace")) + 1
        raise ProblemError(error(path, message, line=line, column=column, hint="save it as UTF-8")) from None


class Template(jinja2.Template):
    """A template; each unit that imports from it learns what making its module has looked at, made for it or not."""

    looked_at: Mapping[str, str] = MappingProxyType({})

    def _get_default_module(self, ctx: jinja2.runtime.Context | None = None) -> Any:
        environment: Any = self.environment
        asker = environment.reads
        if self._module is None:
            environment.reads = Reads(asker.facts)
            try:
                return super()._get_default_module(ctx)
            finally:
                self.looked_at = environment.reads.keys
                asker.note(self.looked_at)
                environment.reads = asker
        asker.note(self.looked_at)
        return super()._get_default_module(ctx)


class Environment(jinja2.Environment):
    """Jinja's environment, which tells the unit being rendered about every template asked for."""

    reads: Reads
    template_class = Template

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.loaded: dict[str, jinja2.Template] = {}

    def _load_template(self, name: str, globals: Any) -> jinja2.Template:  # noqa: A002
        """Record the place of an override, whether there is one or not, then load; each name of a list comes here too."""
        if not name.startswith(PREFIXES):
            self.reads.exists(f"{OVERRIDES}/{name}")
        found = self.loaded.get(name)
        if found is None:  # once; Jinja's own way back from its cache takes longer than many an include
            found = self.loaded[name] = super()._load_template(name, globals)
        return found


class Compiled(jinja2.BytecodeCache):
    """The code of templates that earlier builds of this process compiled, found by their text: a third of a small build's time."""

    def __init__(self) -> None:
        self.code: dict[str, tuple[str, Any]] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Give the code of a template, unless its text is another one now."""
        checksum, code = self.code.get(bucket.key, ("", None))
        bucket.code = code if checksum == bucket.checksum else None

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Keep the code of a template."""
        self.code[bucket.key] = (bucket.checksum, bucket.code)


class Renderer:
    """Renders pages and lists of one build in one process; templates are compiled once."""

    def __init__(self, facts: Facts, plugins: Plugins = NO_PLUGINS, compiled: Compiled | None = None) -> None:
        loader = Loader(facts)
        self.layers = loader.layers
        self.environment = Environment(
            loader=loader,
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
            bytecode_cache=compiled,
        )
        for door in (templates, *plugins.doors("templates")):
            plugins.call(door, self.environment)
        self.asked: dict[str, frozenset[str]] = {}

    def page(self, reads: Reads, page: Page, content: Content, template: str, front: Listing | None) -> bytes:
        """Render one page of the author's; with `front`, the list that it introduces stands below its words."""
        name = list_template(front) if front else template
        view = PageView(reads, page, content, "list" if front else name.partition(".")[0])
        arguments = {
            **(template_arguments(reads, front) if front else {}),
            "heading": page.front_matter.title,
            "page_head": page_head(reads, content.summary, view.words),
        }
        body = Markup(content.html)  # noqa: S704  (the author's own HTML, composed by us)
        return self.render(
            reads, name, page.path, **{**arguments, "page": view, "site": view.site, "content": body}
        )

    def listing(self, reads: Reads, listing: Listing) -> bytes:
        """Render one page of a list."""
        return self.render(reads, list_template(listing), listing.url, **template_arguments(reads, listing))

    def plain(self, reads: Reads, template: str, **values: Any) -> bytes:
        """Render a page that is neither: the 404 page, a redirect."""
        return self.render(reads, template, template, **values)

    def render(self, reads: Reads, name: str, asker: str, **values: Any) -> bytes:
        """Render a whole page. Raises ProblemError with the template's own line."""
        helpers = {
            **{name: partial(function, reads) for name, function in FUNCTIONS.items()},
            "site": SiteView(reads, asker.rpartition("/")[0], getattr(values.get("page"), "edition", "")),
            "say": values["page"].words if "page" in values else words_in(reads),
            "page_head": Markup(""),
        }
        return self.fill(reads, name, asker, {**helpers, **values}).encode("utf-8")

    def fill(self, reads: Reads, name: str, asker: str, values: Mapping[str, Any]) -> str:
        """Render a template with these values and no others. Raises ProblemError with the template's own line."""
        self.environment.reads = reads
        try:
            return self.environment.get_template(name).render(values)
        except jinja2.TemplateNotFound as wrong:
            missing = str(wrong.name or wrong.message)
            place, line = template_place(wrong, reads)
            hint = did_you_mean(missing.removesuffix(".html"), template_names(reads))
            raise ProblemError(
                error(place or asker, f"there is no template “{missing}”", line=line, hint=hint)
            ) from None
        except jinja2.TemplateSyntaxError as wrong:
            place = template_path(wrong.filename or wrong.name or name, reads)
            raise ProblemError(error(place, f"template: {wrong.message}", line=wrong.lineno)) from None
        except ProblemError:
            raise
        except Exception as wrong:  # noqa: BLE001  (templates are code of the author's; whatever they raise is a problem)
            place, line = template_place(wrong, reads)
            what = (
                "templates that take each other in without end"
                if isinstance(wrong, RecursionError)
                else wrong
            )
            message = f"template: {type(wrong).__name__}: {what}"
            raise ProblemError(
                error(place or name, message, line=line, hint=f"while rendering {asker}")
            ) from None

    # -- parts of a page's own text: components, and elements that a site writes its own way

    def has_component(self, reads: Reads, name: str) -> bool:
        """Say whether there is a template for `:::name`: one of the site's, or one of the theme's that is meant for that."""
        if reads.exists(f"{OVERRIDES}/{COMPONENTS}/{name}.html"):
            return True
        path = self.layers.template(f"{COMPONENTS}/{name}.html")
        return path is not None and path.read_text("utf-8").startswith(FOR_AUTHORS)

    def component_names(self, reads: Reads) -> list[str]:
        """Name all components; the folder of the site's own counts as looked at."""
        key = f"folder:{OVERRIDES}/{COMPONENTS}"
        reads.keys[key] = reads.facts.digest(key)
        own = Path(reads.facts.root, OVERRIDES, COMPONENTS).glob("*.html")
        theme = {name.removesuffix(".html") for name in self.layers.names(COMPONENTS)}
        return sorted({p.stem for p in own} | {name for name in theme if self.has_component(reads, name)})

    def variables(self, reads: Reads, name: str) -> frozenset[str]:
        """Name what a template asks for from outside: of a component, that is what it can be given."""
        found = self.asked.get(name)
        if found is None:
            reads.exists(f"{OVERRIDES}/{name}")
            try:
                source = Loader(reads.facts).get_source(self.environment, name)[0]
                found = frozenset(find_undeclared_variables(self.environment.parse(source)))
            except jinja2.TemplateError:
                found = frozenset()  # rendering says what is wrong with it
            self.asked[name] = found
        return found

    def part(self, reads: Reads, name: str, asker: str, values: Mapping[str, Any]) -> str:
        """Render a part; what it asks for and is not given is empty."""
        given: dict[str, Any] = dict.fromkeys(self.variables(reads, name), "")
        given |= {name: partial(FUNCTIONS[name], reads) for name in FOR_PARTS}
        given |= {"site": SiteView(reads, asker.rpartition("/")[0]), **self.environment.globals}
        return self.fill(reads, name, asker, {**given, **values})


def template_name(name: str) -> str:
    """Allow `template: post` for `post.html`."""
    return name if not name or "." in name else f"{name}.html"


def asked_for(reads: Reads, page: Page) -> tuple[str, Problem | None]:
    """Give the template that a page's front matter asks for; when there is none of that name, nothing and a problem."""
    name = template_name(page.front_matter.template)
    if name in FOR_PAGES or reads.exists(f"{OVERRIDES}/{name}") or own_of_theme(reads, name):
        return name, None
    hint = did_you_mean(name.removesuffix(".html"), template_names(reads))
    line = key_line(reads, page.path, "template")
    return "", error(page.path, f"there is no template “{name}”", line=line, hint=hint)


def own_of_theme(reads: Reads, name: str) -> bool:
    """Say whether an installed theme has a template that the built-in one has not: it is meant for pages that ask for it."""
    layers = layers_of(reads.facts.known)
    return layers.template(name) is not None and layers.template(name, built_in=True) is None


def template_names(reads: Reads) -> list[str]:
    """Give the templates that there are, without their suffix, for did-you-means."""
    folders = (
        *(f / "templates" for f in layers_of(reads.facts.known).folders),
        Path(reads.facts.root, OVERRIDES),
    )
    return sorted(
        {
            p.relative_to(folder).with_suffix("").as_posix()
            for folder in folders
            for p in folder.rglob("*.html")
        }
    )


def key_line(reads: Reads, path: str, key: str) -> int:
    """Find the line of a page's front matter that sets a key; 0 when none does."""
    data = reads.facts.file(path) if path.endswith(PAGE_SUFFIXES) else None
    rows = (data or b"").decode("utf-8", "replace").split("\n")
    return next((number for number, row in enumerate(rows, 1) if re.match(rf"[\"']?{key}[\"']?\s*:", row)), 0)


def template_path(file: str, reads: Reads) -> str:
    """Give a template's path as an author knows it."""
    path = Path(file)
    if path.is_relative_to(THEME):
        return THEME_PREFIX + path.relative_to(THEME).as_posix()
    if path.is_relative_to(reads.facts.root):
        return path.relative_to(reads.facts.root).as_posix()
    return file


def template_place(wrong: Exception, reads: Reads) -> tuple[str, int]:
    """Find the template line that an exception came from; of templates without an end the line that comes up most often."""
    lines = [
        (frame.filename, frame.lineno or 0)
        for frame in traceback.extract_tb(wrong.__traceback__)
        if Path(frame.filename).suffix in (".html", ".xml", ".txt")
        or Path(frame.filename).is_relative_to(THEME)
    ]
    if not lines:
        return "", 0
    # Where the stack ends is chance: it depends on who called.
    name, line = Counter(lines).most_common(1)[0][0] if isinstance(wrong, RecursionError) else lines[-1]
    return template_path(name, reads), line
