"""Starter: the files of a new site; words between « and » are filled in."""

from __future__ import annotations

PYPROJECT = """\
[project]
name = "«name»"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["pressrun==«version»"]

[dependency-groups]
dev = ["pytest>=8"]

[tool.pressrun]
title = «title»
description = «description»
# The address at which the site is published; feeds and the sitemap need it.
# base_url = "https://example.org/"

[tool.pressrun.search]
enabled = true

[tool.pytest.ini_options]
pythonpath = ["."]
testpaths = ["tests"]
"""
GITIGNORE = """\
# What builds make.
/site/
/.pressrun/
__pycache__/
.pytest_cache/
.venv/
"""
README = """\
# «heading»

A site made by Pressrun.

```console
$ python3 -m venv .venv
$ .venv/bin/pip install pressrun pytest
$ .venv/bin/pressrun serve     # look at it while you write
$ .venv/bin/pytest             # test what its pages show
$ .venv/bin/pressrun build     # write the site to site/
```

«writing»

Pushed to GitHub, `.github/workflows/deploy.yml` builds and publishes it: set `base_url` in `pyproject.toml`, and in the repository's
settings let Pages be served from the branch `gh-pages`.
"""
WRITING = {
    "blog": '`pressrun new post "A title"` begins a post.',
    "docs": "`pressrun new page guide/install` begins a page.",
    "both": '`pressrun new page guide/install` begins a page, `pressrun new post "A title"` a post.',
}
POST = """\
---
title: Hello, world
date: «date»
description: A first post, with code that runs in your browser.
tags: [python]
---
---
from blog.hello import Counter, counter
---
This counter was drawn when the site was built. Press a button, and Python starts in your browser:

```python demo
counter()
```

This is the class behind it. It stands in `blog/hello.py`, an ordinary module that `tests/test_hello.py` tests:

```python source=Counter
```

And this is its view:

```python source=counter
```
"""
HOME = """\
---
title: «yaml_title»
description: «yaml_description»
---
---
from content.hello import Counter, counter
---
# «heading»

«description_text»

```python demo
counter()
```

[First steps](start.md) has the code of this counter.
"""
HOME_OF_BOTH = HOME.replace("content.hello", "blog.hello").replace(
    "[First steps](start.md) has the code of this counter.",
    "[First steps](start.md) tells how to go on, and [the first post](../blog/hello.md) has the code of this counter.",
)
START = """\
---
title: First steps
description: How this site is written.
weight: 1
---
---
from content.hello import Counter, counter
---
# First steps

Pages are Markdown files in `content/`; their folders are the sections of the contents. A page can show the code of a module,
and what is shown is what runs:

```python source=Counter
```

```python source=counter
```

The module is `content/hello.py`, and `tests/test_hello.py` tests it.
"""
START_OF_BOTH = """\
---
title: First steps
description: How this site is written.
weight: 1
---
# First steps

Pages are Markdown files in `content/`; their folders are the sections of the contents. Posts are Markdown files in `blog/`; each has
a date. Both can show the code of a module, run it, and let readers run it: see [the first post](../blog/hello.md).
"""
MODULE = '''\
"""A counter, shown and run by a page of this site."""

from pressrun import State
from pressrun.components import button, hstack, text


class Counter(State):
    count: int = 0

    def up(self):
        self.count += 1

    def down(self):
        self.count -= 1


def counter():
    return hstack(
        button("Less", on_click=Counter.down),
        text(Counter.count),
        button("More", on_click=Counter.up),
    )
'''
TEST = '''\
"""The counter, driven as a reader drives it, without a browser."""

from pressrun.testing import mount

from «folder».hello import Counter, counter


def test_the_counter_goes_up_and_down() -> None:
    demo = mount(counter)
    demo.click("More")
    demo.click("More")
    demo.click("Less")
    assert demo.state(Counter).count == 1
    assert "1" in demo.text
'''

EVERY = {".gitignore": GITIGNORE, "README.md": README, "tests/test_hello.py": TEST}
"""Path → text of what each new site has besides its configuration."""
FILES = {
    "blog": {"blog/hello.md": POST, "blog/hello.py": MODULE},
    "docs": {"content/index.md": HOME, "content/start.md": START, "content/hello.py": MODULE},
    "both": {
        "blog/hello.md": POST,
        "blog/hello.py": MODULE,
        "content/index.md": HOME_OF_BOTH,
        "content/start.md": START_OF_BOTH,
    },
}
"""Template → path → text of what it adds."""
