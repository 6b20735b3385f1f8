"""Copies: what builds make of image files: what pages know of each, smaller copies, files without what is private in them; and cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator import cache, cards, looks, pictures
from generator.cache import encode
from generator.cards import Card
from generator.check import suggestion
from generator.config import CONFIG_FILE
from generator.errors import Problem, ProblemError, error, warning
from generator.pages import picture_source
from generator.pictures import Picture
from generator.units import Unit, Units

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.cache import Reads
    from generator.config import Config
    from generator.content import Summary
    from generator.context import Context
    from generator.site import Site
    from generator.sources import Source


def look_at_pictures(work: Units, found: list[Source]) -> None:
    """Put what pages need to know of the images beside them."""
    kept = work.cache.values("picture:")
    stale = []
    for source in found:
        if not source.is_page and source.path.lower().endswith(pictures.SUFFIXES):
            name = f"picture:{source.path}"
            value = None if work.stale(name) else kept.get(name)
            if value is None:
                work.ran.setdefault(name, "value")
                stale.append(Unit(name))
            else:
                work.facts.put_bytes(name, value)
    for outcome in work.run(stale, len(stale)):
        if outcome.value is not None:
            work.facts.put_bytes(outcome.name, outcome.value)


def compute_picture(context: Context, path: str, reads: Reads) -> bytes:
    """Unit `picture:PATH`."""
    return encode(pictures.read_picture(reads, path))


def missing_pictures(the_site: Site, work: Units) -> list[Problem]:
    """Report pictures of front matters that are not there."""
    problems = []
    for page in the_site.pages:
        image = page.front_matter.image
        if image and "://" not in image:
            source = picture_source(page)
            if (source and source not in the_site.routes) or (not source and image not in the_site.urls):
                from generator.templates import key_line  # templates are no light import

                line = key_line(cache.Reads(work.facts), page.path, "image")
                message = f"broken image link “{image}”: no such page or file"
                hint = suggestion(page.path, source or image, list(the_site.routes))
                problems.append(error(page.path, message, line=line, hint=hint))
    return problems


def picture_units(
    config: Config, work: Units, the_site: Site, found: list[Source], summaries: dict[str, Summary]
) -> tuple[dict[str, str], dict[str, str]]:
    """Give unit → published path of the copies of images that pages show, and of images without what is private in them."""
    shown = {path for summary in summaries.values() for path in summary.pictures}
    shown |= {picture_source(page) for page in the_site.pages if page.front_matter.image}
    copies: dict[str, str] = {}  # two files of the same bytes have the same copies
    private: dict[str, str] = {}
    for source in found:
        if work.facts.known.get(f"picture:{source.path}") is None or source.path not in the_site.routes:
            continue
        picture = cache.Reads(work.facts).fact(f"picture:{source.path}", Picture)
        if picture.private and config.images.strip and source.collection != "static":
            private[f"stripped:{source.path}"] = the_site.routes[source.path].output
        if source.path in shown:
            for path, width, form in pictures.variants(picture, config.images):
                copies.setdefault(path, f"variant:{width}.{form}:{source.path}")
    return {unit: path for path, unit in copies.items()}, private


def state_cards(config: Config, work: Units, the_site: Site) -> list[Problem]:
    """Put what stands on the cards of pages without a picture of their own, and where each is published."""
    made = config.cards
    if not made.enabled or not config.base_url:
        return []
    if not made.font and not cards.is_installed():
        line = "the font of cards is not installed; no card is drawn"
        hint = "pip install 'pressrun[cards]', or name a `font` of your own in [tool.pressrun.cards]"
        return [warning(CONFIG_FILE, line, hint=hint)]
    look = config.look
    colours = (
        made.paper or look.paper or looks.PAPER[0],
        made.ink or look.ink or looks.INK[0],
        made.accent or look.accent or looks.ACCENT[0],
    )
    for page in the_site.pages:
        if not page.front_matter.image:
            author = ", ".join(page.front_matter.author) or config.author
            card = Card(page.front_matter.title, author, config.title, *colours, made.font)
            work.facts.put(f"share:{page.path}", card.path)
            work.facts.put(f"share-of:{card.path}", card)
    return []


def card_units(work: Units, the_site: Site) -> dict[str, str]:
    """Give unit → published path of all cards; pages of one title and author share one."""
    paths = [cache.Reads(work.facts).fact(f"share:{page.path}", str) for page in the_site.pages]
    return {f"draw:{path}": path for path in paths if path}


def compute_draw(context: Context, path: str, reads: Reads) -> bytes:
    """Unit `draw:PATH`."""
    card = reads.fact(f"share-of:{path}", Card)
    try:
        return cards.drawn(card, reads)
    except OSError as wrong:
        raise ProblemError(error(card.font or CONFIG_FILE, f"no card can be drawn: {wrong}")) from None


def compute_variant(context: Context, subject: str, reads: Reads) -> bytes:
    """Unit `variant:WIDTH.FORMAT:PATH`."""
    size, _, path = subject.partition(":")
    width, _, form = size.partition(".")
    try:
        return pictures.encoded(reads.file(path) or b"", int(width), form)
    except (OSError, ValueError, SyntaxError) as wrong:
        raise ProblemError(error(path, f"no copy can be made of this image: {wrong}")) from None


def compute_stripped(context: Context, path: str, reads: Reads) -> bytes:
    """Unit `stripped:PATH`."""
    return pictures.stripped(reads.file(path) or b"")


COMPUTE: dict[str, Callable[[Context, str, Reads], bytes]] = {
    "picture": compute_picture,
    "variant": compute_variant,
    "stripped": compute_stripped,
    "draw": compute_draw,
}
