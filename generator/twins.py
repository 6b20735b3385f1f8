"""Twins: each page as Markdown beside its HTML, and the lists of them that language models read (`llms.txt`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.content import Content
from generator.pages import Loaded, header_and_body
from generator.site.listings import list_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.cache import Reads
    from generator.config import Config
    from generator.plugins import Published
    from generator.site import Site

NAME = "index.md"
"""A twin's file, in the folder of its page."""


def twin(path: str, reads: Reads) -> str:
    """Write one page as Markdown: what its author wrote, shown code and values in their places, links as whole URLs."""
    content = reads.fact(f"compose:{path}", Content)
    loaded = reads.fact(f"load:{path}", Loaded)
    _, body = header_and_body(path, reads, typed=False)
    text = (content.markdown or body).strip()
    for written, target in sorted(
        {link.written: link for link in content.summary.links if link.source}.items(), reverse=True
    ):
        url = reads.fact(f"route:{target.source}", str)
        if url:
            page = reads.fact(f"twin-at:{target.source}", str) or url
            whole = absolute(reads, page) + ("#" + target.fragment if target.fragment else "")
            for before in ("](", "]: "):
                for after in (")", " ", "\n"):
                    text = text.replace(before + written + after, before + whole + after)
    matter = loaded.page.front_matter
    head = "" if loaded.page.has_heading else f"# {matter.title}\n\n"
    return f"{head}{text}\n"


def absolute(reads: Reads, path: str) -> str:
    """Give the absolute URL of a path of the site."""
    return str(reads.fact("config:site")["base_url"]).removesuffix("/") + path


def whole(paths: list[str], reads: Reads) -> str:
    """Write all pages one after the other (`llms-full.txt`), each under its address."""
    parts = []
    for path in paths:
        url = absolute(reads, str(reads.fact(f"route:{path}", str)))
        parts.append(f"<!-- {url} -->\n\n{twin(path, reads)}")
    return "\n\n".join(parts)


def outputs(published: Published) -> Iterator[tuple[str, bytes]]:
    """Give `llms.txt`, where it is asked for; it needs the site's own URL."""
    if published.config.llms and published.config.base_url:
        yield "llms.txt", llms(published.config, published.site, published.excerpts)


def llms(config: Config, site: Site, excerpts: Mapping[str, str]) -> bytes:
    """Write `llms.txt`: what the site is, and each page with what it is about; see llmstxt.org."""
    parts = [f"# {config.title}"]
    if config.description:
        parts.append(f"> {config.description}")
    for collection in sorted(config.collections, key=lambda c: c.list):
        pages = [page for page in site.pages if page.collection == collection.name]
        if collection.list:
            pages = list(site.collections[collection.name])
        title = list_place(collection)[0] if collection.list else collection.title or "Documentation"
        rows = []
        for page in pages:
            url = config.absolute(twin_path(site.routes[page.path].url))
            about = page.front_matter.description or excerpts.get(page.path, "")
            rows.append(f"- [{page.front_matter.title}]({url})" + (f": {about}" if about else ""))
        if rows:
            parts.append("\n".join([f"## {title}", "", *rows]))
    return ("\n\n".join(parts) + "\n").encode()


def twin_path(url: str) -> str:
    """Give the path of a page's twin."""
    return url.rpartition("/")[0] + "/" + NAME
