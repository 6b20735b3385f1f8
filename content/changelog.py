"""The changelog as the site shows it: one file for readers of the repository and of the site."""

import re
from pathlib import Path

from markdown_it import MarkdownIt


def changelog():
    """Give the HTML of CHANGELOG.md below its title, an anchor at each version."""
    text = Path("CHANGELOG.md").read_text("utf-8").partition("\n## ")[2]
    html = MarkdownIt().render("## " + text)
    return re.sub(r"<h2>(.*?)</h2>", heading, html)


def heading(match):
    """Give a version its anchor: `v1.2.0`, `unreleased`."""
    word = re.sub(r"[\[\]]", "", match[1]).split()[0].lower()
    name = f"v{word}" if word[:1].isdigit() else word
    return f'<h2 id="{name}">{match[1]}<a class="anchor" href="#{name}" aria-label="Link to this section"></a></h2>'
