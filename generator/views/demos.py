"""Demos: what a page with live ones needs in its head, or with diagrams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from generator.content import engines_of
from generator.views.addresses import asset_url, integrity_of, site_url

if TYPE_CHECKING:
    from generator.cache import Reads
    from generator.content import Summary
    from generator.words import Words


ENGINE_FILES = {
    "micropython": "worker.js",
    "micropython-wasm": "micropython.wasm",
    "pyodide": "pyodide.js",
    "pyodide-folder": "pyodide/",
}
"""Attribute of the page's script → the file whose address it holds."""


def page_head(reads: Reads, summary: Summary, words: Words) -> Markup:
    """Give what a page needs in its head that another does not."""
    made = demo_head(reads, summary, words) if summary.demos else Markup("")
    return made + diagram_head(reads, words) if summary.diagrams else made


def diagram_head(reads: Reads, words: Words) -> Markup:
    """Give the script that draws diagrams; it fetches of Mermaid what it needs."""
    tag = '<script type="module" src="{}" integrity="{}" data-mermaid="{}"{}></script>\n'
    name = "diagram.js"
    at = (asset_url(reads, name), integrity_of(reads, name), asset_url(reads, "mermaid"))
    return Markup(tag).format(*at, words.script("diagram"))  # noqa: S704


def demo_head(reads: Reads, summary: Summary, words: Words) -> Markup:
    """Give what a page with live demos needs in its head; no engine is fetched before a demo is near."""
    attributes = Markup("").join(
        Markup(' data-{}="{}"').format(k, v) for k, v in told(reads, summary).items()
    )
    sheets = [asset_url(reads, "demo.css")]
    if summary.style:
        sheets.append(site_url(reads, f"/assets/demos/{summary.style}.css"))
    styles = Markup("").join(Markup('<link rel="stylesheet" href="{}">\n').format(sheet) for sheet in sheets)
    attributes += words.script("demo")
    script = asset_url(reads, "demo.js")
    return Markup('<script type="module" src="{}"{}></script>\n').format(script, attributes) + styles


def told(reads: Reads, summary: Summary) -> dict[str, str]:
    """Give what the page's script is told: which workers there are, and where all that they load is."""
    data = {
        "workers": summary.workers,
        "payload": site_url(reads, f"/assets/demos/{summary.demos}.json"),
        "parts": asset_url(reads, "parts.js"),
    }
    for attribute, name in ENGINE_FILES.items():
        if attribute.partition("-")[0] in engines_of(summary.workers):
            data[attribute] = asset_url(reads, name)
    return data
