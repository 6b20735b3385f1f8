"""Stages: what each stage of a build does with its units; `build.py` has them in order, the rooms that it names do the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from generator import (
    assets,
    cache,
    copies,
    feeds,
    finding,
    finished,
    folders,
    looks,
    objects,
    permalinks,
    plugins,
    schemas,
    site,
    twins,
    units,
)
from generator.assets import Asset
from generator.cache import encode
from generator.check import broken_links
from generator.content import Content, Summary, engines_of
from generator.errors import Problem, ProblemError
from generator.feeds import Feed
from generator.navigation import read_orders
from generator.output import Output
from generator.pages import Loaded, Page, load
from generator.schemas import Schema
from generator.site import Listing, Site
from generator.units import Unit, Units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.cache import Reads
    from generator.config import Config
    from generator.context import Context
    from generator.output import Release
    from generator.sources import Scan, Source


LEAST_POSTS = 2
"""With fewer, none is related to another."""


@dataclass(slots=True)
class Made:
    """What the stages hand to each other."""

    site: Site
    summaries: dict[str, Summary]
    problems: list[Problem]
    loaded: list[Page]


def run(config: Config, release: Release, work: Units, scan: Scan) -> Made:
    """Run the stages from the scanned sources to the finished output folder."""
    found, problems = scan.sources, list(scan.problems)
    state_rules(config, work, scan, problems)
    pages = load_pages(work, found, problems)
    compare_with_schemas(config, work, pages, problems)
    orders, wrong = read_orders(config.nav, scan.settings, cache.Reads(work.facts))
    problems += wrong
    the_site = site.assemble(config, found, pages, orders)
    problems += the_site.problems
    site.state_facts(config, the_site, work.facts)
    finished.state_environment(work.facts)
    made_feeds = state_feeds(config, work, the_site)
    copies.look_at_pictures(work, found)
    made_assets = state_theme(config, work)
    state_history(work, the_site)
    problems += copies.state_cards(config, work, the_site)
    described = objects.state_objects(config, work, the_site, problems)
    summaries = compose_pages(work, the_site, problems)
    problems += broken_links(the_site, summaries, config.links.ignore, [name for name, _, _ in described])
    problems += copies.missing_pictures(the_site, work)
    state_templates(the_site, work, problems)
    made_assets += state_demos(work, engines_of(" ".join(s.workers for s in summaries.values())))
    state_related(config, work, the_site, summaries)
    render_pages(work, release, the_site, problems)
    for asset in made_assets:
        write(release, Output(asset.path, f"the theme's {asset.name}", asset.data), problems)
    for made in objects.inventory(config, described):
        write(release, made, problems)
    for made in derive(config, work, release, the_site, found, summaries, made_feeds, problems):
        write(release, made, problems)
    now = permalinks.current(config, the_site, pages, summaries, release.kept)
    problems += permalinks.lost(config, work.facts, now)
    # Before anything is published: when it cannot be written, the old site stays.
    permalinks.keep(config, now)
    left_over = release.finish()
    release.refused = release.refused or bool(left_over)
    problems += left_over
    return Made(the_site, summaries, problems, pages)


# ---------------------------------------------------------------- load


def state_rules(config: Config, work: Units, scan: Scan, problems: list[Problem]) -> None:
    """Put what holds for the front matter of each folder's pages."""
    if scan.settings or any(c.defaults or c.taxonomies or c.schema for c in config.collections):
        found_schemas = load_schemas(config, work, problems)
        known = {name: one.known if one.open else ("*",) for name, one in found_schemas.items()}
        rules, found = folders.rules_of(config, scan.sources, scan.settings, cache.Reads(work.facts), known)
        problems += found
        for folder, one in rules.items():
            work.facts.put(f"rules:{folder}", one)


def load_schemas(config: Config, work: Units, problems: list[Problem]) -> dict[str, Schema]:
    """Describe the models that collections have for their front matter."""
    found = {}
    asking = [collection for collection in config.collections if collection.schema]
    if asking:
        work.facts.put("config:execute", config.execute)
    for collection in asking:
        name = f"schema:{collection.name}"
        work.facts.put(f"model:{collection.name}", schemas.Ask(collection.schema))
        if work.stale(name):
            for outcome in work.run([Unit(name)], 1):
                problems += outcome.problems
        value = work.stored(name)
        if value is not None:
            work.facts.put_bytes(name, value)
            found[collection.name] = one = msgspec.msgpack.decode(value, type=Schema)
            problems += one.problems
    return found


def compare_with_schemas(config: Config, work: Units, pages: list[Page], problems: list[Problem]) -> None:
    """Compare the front matter of pages with the model of their collection."""
    keys = {one.name: one.key for one in config.taxonomies}
    for collection in config.collections:
        schema = work.facts.known.get(f"schema:{collection.name}")
        if schema is None or not msgspec.msgpack.decode(schema, type=Schema).text:
            continue
        paths = tuple(sorted(page.path for page in pages if page.collection == collection.name))
        words = tuple(keys[name] for name in collection.taxonomies)
        work.facts.put(f"model:{collection.name}", schemas.Ask(collection.schema, paths, words))
        name = f"validate:{collection.name}"
        if work.stale(name):
            for outcome in work.run([Unit(name)], 1):
                problems += outcome.problems
        problems += msgspec.msgpack.decode(work.stored(name) or b"\x90", type=list[Problem])


def compute_schema(context: Context, name: str, reads: Reads) -> bytes:
    """Unit `schema:COLLECTION`."""
    return encode(schemas.schema_of(name, reads, context.runner()))


def compute_validate(context: Context, name: str, reads: Reads) -> bytes:
    """Unit `validate:COLLECTION`."""
    return encode(schemas.mistakes(name, reads, context.runner()))


def load_pages(work: Units, found: list[Source], problems: list[Problem]) -> list[Page]:
    """Read the headers of all pages."""
    by_path = {source.path: source for source in found if source.is_page}
    loaded: dict[str, Loaded] = {}
    kept = work.cache.values("load:")
    stale = []
    for path, source in by_path.items():
        name = f"load:{path}"
        work.facts.put(f"source:{path}", source)
        value = None if work.stale(name) else kept.get(name)
        if value is None:
            work.ran.setdefault(name, "value")
            stale.append(Unit(name))
        else:
            loaded[path] = decode_loaded(value)
            work.facts.put_bytes(name, value)
    for outcome in work.run(stale, len(stale)):
        problems += outcome.problems
        if outcome.value is not None:
            work.facts.put_bytes(outcome.name, outcome.value)
            loaded[outcome.name.partition(":")[2]] = decode_loaded(outcome.value)
    for one in loaded.values():
        problems += one.problems
    return [one.page for one in loaded.values() if one.page is not None]


decode_loaded = msgspec.msgpack.Decoder(Loaded).decode


def compute_load(context: Context, path: str, reads: Reads) -> bytes:
    """Unit `load:PATH`."""
    from generator.sources import Source as SourceType

    return encode(load(reads.fact(f"source:{path}", SourceType), reads))


# ---------------------------------------------------------------- compose


def compose_pages(work: Units, the_site: Site, problems: list[Problem]) -> dict[str, Summary]:
    """Compose the pages that need it; give the summaries of all."""
    summaries: dict[str, Summary] = {}
    decode = msgspec.msgpack.Decoder(Summary).decode
    kept = work.cache.values("summary:")
    stale = []
    for page in the_site.pages:
        name = f"summary:{page.path}"
        work.alive.add(name)
        value = None if work.stale(f"compose:{page.path}") else kept.get(name)
        if value is not None and work.cache.traces[name].keys != of_compose(work, page.path):
            value = None  # of another build: one that was killed may have stored the one and not the other
        if value is None:
            work.ran.setdefault(f"compose:{page.path}", "value")
            stale.append(Unit(f"compose:{page.path}"))
        else:
            summaries[page.path] = decode(value)
    decode_content = msgspec.msgpack.Decoder(Content).decode
    for outcome in work.run(stale, len(stale)):
        problems += outcome.problems
        if outcome.value is not None:
            summary = decode_content(outcome.value).summary
            summaries[summary.path] = summary
            work.cache.put(f"summary:{summary.path}", of_compose(work, summary.path), encode(summary))
    described = {page.path for page in the_site.pages if page.front_matter.description}
    for path, summary in sorted(summaries.items()):
        problems += summary.problems
        excerpt = "" if path in described else summary.excerpt  # then lists do not show it
        work.facts.put(f"about:{path}", {"excerpt": excerpt, "minutes": summary.minutes})
        trace = work.cache.traces[f"compose:{path}"]
        work.facts.digests[f"compose:{path}"] = trace.value_digest
    return summaries


def of_compose(work: Units, path: str) -> dict[str, str]:
    """Give the keys of a page's summary: it is a part of this very content."""
    return {f"compose:{path}": work.cache.traces[f"compose:{path}"].value_digest}


def compute_compose(context: Context, path: str, reads: Reads) -> bytes:
    """Unit `compose:PATH`."""
    from generator.compose import compose

    route = reads.fact(f"route:{path}", str)
    tools = context.runner(), route, context.highlighter(), context.renderer, context.plugins
    return encode(compose(path, reads, *tools))


# ---------------------------------------------------------------- render


def state_templates(the_site: Site, work: Units, problems: list[Problem]) -> None:
    """Put the templates of pages that ask for one of their own; an unknown one is a problem, and the page keeps its usual one."""
    for page in the_site.pages:
        if page.front_matter.template:
            from generator.templates import asked_for

            name, problem = asked_for(cache.Reads(work.facts), page)
            problems += [problem] if problem else []
            if name:
                work.facts.put(f"template-of:{page.path}", name)
    if work.stale("overrides:"):
        for outcome in work.run([Unit("overrides:")], 1):
            problems += outcome.problems
    problems += msgspec.msgpack.decode(work.stored("overrides:") or b"\x90", type=list[Problem])


def state_history(work: Units, the_site: Site) -> None:
    """Put the day of each page's last commit."""
    if work.stale("dates:"):
        for outcome in work.run([Unit("dates:")], 1):
            work.ran.setdefault(outcome.name, "value")
    found = msgspec.msgpack.decode(work.stored("dates:") or b"\x80", type=dict[str, str])
    for page in the_site.pages if found else ():
        if day := found.get(page.path):
            work.facts.put(f"modified:{page.path}", day)


def state_related(config: Config, work: Units, the_site: Site, summaries: dict[str, Summary]) -> None:
    """Put which posts have much in common, and what is shown of each there."""
    if not config.related:
        return
    from generator.related import Post, words_of

    listed = site.newest_first(p for c in config.collections if c.list for p in the_site.collections[c.name])
    posts, told = [], {}
    for page in listed:
        summary, matter = summaries.get(page.path), page.front_matter
        if summary is None or page.path in told:
            continue
        about = matter.description or summary.excerpt
        told[page.path] = {"title": matter.title, "url": the_site.routes[page.path].url, "description": about}
        posts.append(Post(page.path, matter.tags, words_of(matter.title, about, *summary.ids)))
    if len(posts) < LEAST_POSTS:
        return
    work.facts.put("kin-of", {"count": config.related, "posts": posts})
    if work.stale("kin:"):
        for outcome in work.run([Unit("kin:")], 1):
            work.ran.setdefault(outcome.name, "value")
    found = msgspec.msgpack.decode(work.stored("kin:") or b"\x80", type=dict[str, list[str]])
    for path, others in found.items():
        work.facts.put(f"related:{path}", others)
    for path in {other for others in found.values() for other in others}:
        work.facts.put(f"card:{path}", told[path])


def compute_kin(context: Context, _: str, reads: Reads) -> bytes:
    """Unit `kin:`: the posts that each post has most in common with."""
    from generator.related import Post, related

    asked = reads.fact("kin-of")
    return encode(related(msgspec.convert(asked["posts"], list[Post]), asked["count"]))


def compute_dates(context: Context, _: str, reads: Reads) -> bytes:
    """Unit `dates:`; looks at nothing but what names the present commit."""
    from generator.history import dates

    return encode(dates(reads))


def compute_overrides(context: Context, _: str, reads: Reads) -> bytes:
    """Unit `overrides:`: what is wrong with the site's own templates though they render."""
    from generator.overrides import unknown_blocks

    return encode(unknown_blocks(reads))


def state_theme(config: Config, work: Units) -> list[Asset]:
    """Put the URLs of the theme's files where templates find them; give these files."""
    made = assets_of(work, "theme:")
    for asset in made:
        work.facts.put(f"asset:{asset.name}", "/" + asset.path)
        work.facts.put(f"integrity:{asset.name}", asset.integrity)
    return [one for one in made if not one.engine or (one.engine == "search" and config.search.enabled)]


def state_demos(work: Units, engines: set[str]) -> list[Asset]:
    """Put the URLs of what live demos need; give the files that those of this site need."""
    made = assets_of(work, "demos:") if engines else []
    for asset in made:
        work.facts.put(f"asset:{asset.name}", "/" + asset.path)
        work.facts.put(f"integrity:{asset.name}", asset.integrity)
        if asset.name == "pyodide.js":
            work.facts.put("asset:pyodide/", "/" + assets.pyodide_folder())
    return [asset for asset in made if not asset.engine or asset.engine in engines]


def state_feeds(config: Config, work: Units, the_site: Site) -> list[Feed]:
    """Put the feeds where templates find them: everywhere those of the site and its collections, on other lists their own."""
    made = list(feeds.feeds_of(config, the_site))
    everywhere: list[list[str]] = []
    own: dict[str, list[list[str]]] = {}
    for feed in made:
        kind, _, name = feed.key.partition(":")
        row = [feed.title, feed.url, feeds.TYPES[feed.format], name if kind == "collection" else ""]
        if kind in ("site", "collection"):
            everywhere.append(row)
        else:
            own.setdefault(feed.home, []).append(row)
        work.facts.put(f"feed-at:{feed.url}", feed)
    work.facts.put("feeds", everywhere)
    for home, rows in own.items():
        work.facts.put(f"feeds-of:{home}", rows)
    work.facts.put("config:feeds", config.feeds)
    for path in [*(feed.url for feed in made), *(machine_paths(config) if config.base_url else ())]:
        if path not in the_site.urls:  # what pages may link to, though nobody wrote it
            work.facts.put(f"url:{path}", "made by the build")
    return made


def machine_paths(config: Config) -> list[str]:
    """Give the paths of what is made for machines, besides feeds."""
    return ["/sitemap.xml", "/robots.txt", *(["/llms.txt", "/llms-full.txt"] if config.llms else [])]


def assets_of(work: Units, unit: str) -> list[Asset]:
    """Give the files that a unit makes: `theme:` or `demos:`."""
    if work.stale(unit):
        for outcome in work.run([Unit(unit)], 1):
            work.ran.setdefault(outcome.name, "value")
    return msgspec.msgpack.decode(work.stored(unit) or b"\x90", type=list[Asset])


def compute_theme(context: Context, _: str, reads: Reads) -> bytes:
    """Unit `theme:`; besides the configured look, what it reads is part of the generator's fingerprint."""
    return encode(assets.theme_assets(looks.style(reads.fact("config:look", looks.Look))))


def compute_demos(context: Context, _: str, reads: Reads) -> bytes:
    """Unit `demos:`; likewise."""
    return encode(assets.demo_assets())


def render_pages(work: Units, release: Release, the_site: Site, problems: list[Problem]) -> None:
    """Render the pages that need it and write them as they come."""
    wanted: dict[str, str] = {}
    for page in the_site.pages:
        path, name = the_site.routes[page.path].output, f"render:{page.path}"
        if work.stale(name) or not release.intact(path, work.cache.traces[name].value_digest):
            work.ran.setdefault(name, f"output:{path}")
            wanted[name] = path

    def stream() -> Iterator[Unit]:
        for name, path in wanted.items():
            key = f"compose:{name.partition(':')[2]}"
            value = work.stored(key)
            if value is not None:
                yield Unit(name, ((key, value),))
            elif key in work.lost:
                keep(release, path)

    for outcome in work.run(stream(), len(wanted), keep=False):
        take_output(outcome, wanted[outcome.name], release, problems)


def write(release: Release, made: Output, problems: list[Problem]) -> None:
    """Write one file; when something that is not ours stands in its place, the others are written all the same."""
    try:
        release.write(made)
    except ProblemError as wrong:
        release.refused = True
        problems += wrong.problems


def take_output(outcome: units.Outcome, path: str, release: Release, problems: list[Problem]) -> None:
    """Write what a unit made; when it failed, the file of the last build stays."""
    if outcome.value is not None:
        made = Output(path, outcome.name.partition(":")[2], outcome.value, outcome.digest)
        write(release, made, problems)
    else:
        problems += outcome.problems
        keep(release, path)


def keep(release: Release, path: str) -> None:
    """Let the file of the last build stay."""
    if path in release.known:
        release.kept[path] = release.known[path]


def compute_render(context: Context, path: str, reads: Reads) -> bytes:
    """Unit `render:PATH`."""
    loaded = reads.fact(f"load:{path}", Loaded)
    content = reads.fact(f"compose:{path}", Content)
    own = reads.fact(f"template-of:{path}", str)
    template = own or reads.fact(f"template:{loaded.page.collection}", str)
    front = reads.fact(f"front:{path}", Listing)
    return context.renderer(reads.facts).page(reads, loaded.page, content, template, None if own else front)  # type: ignore[no-any-return]


# ---------------------------------------------------------------- derive


def derive(
    config: Config,
    work: Units,
    release: Release,
    the_site: Site,
    found: list[Source],
    summaries: dict[str, Summary],
    made_feeds: list[Feed],
    problems: list[Problem],
) -> Iterator[Output]:
    """Give everything that no single page makes."""
    made = {f"list:{one.url}": one.url[1:] + "index.html" for one in the_site.listings}
    for redirect in the_site.redirects:
        made[f"redirect:{redirect.url}"] = redirect.output
        to = the_site.destinations.get(redirect.url) or the_site.routes[redirect.owner].url
        work.facts.put(f"redirect-to:{redirect.url}", to)
    made["page404:"] = "404.html"
    own = {route.output for route in the_site.routes.values()}  # an author's own robots.txt or 404 page wins
    yield from run_outputs(work, release, {n: p for n, p in made.items() if p not in own}, problems)
    yield from feed_files(config, work, release, [f for f in made_feeds if f.url[1:] not in own], problems)
    yield from (one for one in machine_files(config, work, the_site, summaries) if one.path not in own)
    if config.llms and config.base_url:
        yield from markdown_files(work, release, the_site, own, problems)
    if config.search.enabled:
        yield from finding.index(config, work, release, the_site)
    for path, data, maker in plugins.outputs(work.context.plugins, plugins.Published(config, the_site)):
        if path not in own:
            yield Output(path, maker, data)
    payloads = sorted({s.demos for s in summaries.values() if s.demos})
    if any("pyodide" in engines_of(s.workers) for s in summaries.values()):
        yield from assets.pyodide_files(release)
    yield from demo_payloads(work, release, summaries, payloads)
    smaller, private = copies.picture_units(config, work, the_site, found, summaries)
    drawn = copies.card_units(work, the_site) if config.cards.enabled else {}
    yield from run_outputs(work, release, {**smaller, **private, **drawn}, problems)
    others = [s for s in found if s.path in the_site.routes and f"stripped:{s.path}" not in private]
    yield from assets.copied(the_site, others, release, work.facts, problems)


def feed_files(
    config: Config, work: Units, release: Release, made: list[Feed], problems: list[Problem]
) -> Iterator[Output]:
    """Give the feeds; those with whole texts get the pages at hand."""
    shipped: dict[str, list[str]] = {}
    for feed in made:
        kind, _, name = feed.key.partition(":")
        if kind == "page":
            shipped[f"feed:{feed.url}"] = [name]
        elif config.feeds.full:
            rows = msgspec.msgpack.decode(work.facts.known[f"feed:{feed.key}"])
            shipped[f"feed:{feed.url}"] = [row["path"] for row in rows]
    yield from run_outputs(work, release, {f"feed:{f.url}": f.url[1:] for f in made}, problems, shipped)


def compute_feed(context: Context, url: str, reads: Reads) -> bytes:
    """Unit `feed:URL`."""
    feed = reads.fact(f"feed-at:{url}", Feed)
    kind, _, name = feed.key.partition(":")
    if kind == "page":
        entries = feeds.sections(reads, name, feed.home)
    else:
        full = reads.fact("config:feeds")["full"]
        entries = feeds.entries_of(reads, reads.fact(f"feed:{feed.key}"), full=full)
    return feeds.write(reads, feed, entries)


def markdown_files(
    work: Units, release: Release, the_site: Site, own: set[str], problems: list[Problem]
) -> Iterator[Output]:
    """Give each page as Markdown, and all of them in one file."""
    paths = [page.path for page in the_site.pages]
    work.facts.put("twins", paths)
    at = {f"twin:{path}": twins.twin_path(the_site.routes[path].url)[1:] for path in paths}
    at["llms-full:"] = "llms-full.txt"
    shipped = {f"twin:{path}": [path] for path in paths} | {"llms-full:": paths}
    yield from run_outputs(work, release, {n: p for n, p in at.items() if p not in own}, problems, shipped)


def compute_twin(context: Context, path: str, reads: Reads) -> bytes:
    """Unit `twin:PATH`."""
    return twins.twin(path, reads).encode()


def compute_llms(context: Context, _: str, reads: Reads) -> bytes:
    """Unit `llms-full:`."""
    return twins.whole(reads.fact("twins"), reads).encode()


def machine_files(
    config: Config, work: Units, the_site: Site, summaries: dict[str, Summary]
) -> Iterator[Output]:
    """Give sitemap, robots.txt and llms.txt; they need the site's own URL."""
    if not config.base_url:
        return
    changed = {p.path: day for p in the_site.pages if (day := modified(work, p.path))}
    yield Output("sitemap.xml", "the sitemap", feeds.sitemap(config, the_site, changed))
    if config.llms:
        excerpts = {path: summary.excerpt for path, summary in summaries.items()}
        yield Output("llms.txt", "llms.txt", twins.llms(config, the_site, excerpts))


def modified(work: Units, path: str) -> str:
    """Give the day of a page's last commit; nothing when it is not known."""
    found = work.facts.known.get(f"modified:{path}")
    return msgspec.msgpack.decode(found, type=str) if found else ""


def run_outputs(
    work: Units,
    release: Release,
    made: dict[str, str],
    problems: list[Problem],
    shipped: dict[str, list[str]] | None = None,
) -> Iterator[Output]:
    """Run the units of derived pages that need it; `shipped`: unit → pages whose content it reads."""
    stale = []
    for name, path in made.items():
        if work.stale(name) or not release.intact(path, work.cache.traces[name].value_digest):
            work.ran.setdefault(name, f"output:{path}")
            stale.append(name)

    def stream() -> Iterator[Unit]:
        for name in stale:
            keys = [f"compose:{path}" for path in (shipped or {}).get(name, ())]
            found = [(key, work.stored(key)) for key in keys]
            yield Unit(name, tuple((key, value) for key, value in found if value is not None))

    for outcome in work.run(stream(), len(stale), keep=False):
        if outcome.value is not None:
            yield Output(made[outcome.name], outcome.name, outcome.value, outcome.digest)
        else:
            take_output(outcome, made[outcome.name], release, problems)


def demo_payloads(
    work: Units, release: Release, summaries: dict[str, Summary], payloads: list[str]
) -> Iterator[Output]:
    """Give the data of live demos, one file for each page that has any, and the style sheets of their own looks."""
    decode = msgspec.msgpack.Decoder(Content).decode
    owners = {s.demos: path for path, s in summaries.items()}
    sheets = {s.style: path for path, s in summaries.items() if s.style}
    made = [(f"{digest}.json", digest, owners[digest]) for digest in payloads]
    made += [(f"{digest}.css", digest, path) for digest, path in sorted(sheets.items())]
    for name, digest, owner in made:
        if not release.intact(f"assets/demos/{name}", digest):
            value = work.stored(f"compose:{owner}")
            if value is not None:
                content = decode(value)
                data = content.payload if name.endswith(".json") else content.style
                yield Output(f"assets/demos/{name}", owner, data)


def compute_list(context: Context, url: str, reads: Reads) -> bytes:
    """Unit `list:URL`."""
    return context.renderer(reads.facts).listing(reads, reads.fact(f"listing:{url}", Listing))  # type: ignore[no-any-return]


def compute_redirect(context: Context, url: str, reads: Reads) -> bytes:
    """Unit `redirect:URL`."""
    from generator.views import MadePage, site_url

    to = reads.fact(f"redirect-to:{url}", str)
    page = MadePage(reads, "redirect", "Moved", to)
    made: bytes = context.renderer(reads.facts).plain(
        reads, "redirect.html", page=page, target=site_url(reads, to)
    )
    return made


def compute_404(context: Context, _: str, reads: Reads) -> bytes:
    """Unit `page404:`."""
    from generator.views import MadePage

    page = MadePage(reads, "404", "Page not found", "/404.html")
    made: bytes = context.renderer(reads.facts).plain(reads, "404.html", page=page, content="")
    return made


COMPUTE: dict[str, Callable[[Any, str, Reads], bytes]] = {
    "schema": compute_schema,
    "load": compute_load,
    "validate": compute_validate,
    "compose": compute_compose,
    "theme": compute_theme,
    "demos": compute_demos,
    "overrides": compute_overrides,
    **copies.COMPUTE,
    **finding.COMPUTE,
    **objects.COMPUTE,
    "dates": compute_dates,
    "feed": compute_feed,
    "kin": compute_kin,
    "twin": compute_twin,
    "llms-full": compute_llms,
    **objects.COMPUTE,
    "render": compute_render,
    "list": compute_list,
    "redirect": compute_redirect,
    "page404": compute_404,
}
