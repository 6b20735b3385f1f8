"""Pressrun's build engine: Markdown and Python in, a static site out (the command `pressrun`)."""

__version__ = "0.1.0"
