"""Context: what computations keep between units of one process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.cache import Facts
    from generator.config import Config
    from generator.highlighter import Highlighter


class Context:
    """What computations keep between units of one process: compiled templates, the helper that runs page code."""

    def __init__(self) -> None:
        self._renderer: Any = None
        self._compiled: Any = None
        self._runner: Any = None
        self._highlighter: Highlighter | None = None
        self._expendable = False
        self._owner = os.getpid()
        self._plugins: Any = None

    @property
    def plugins(self) -> Any:
        """The plug-ins of this build."""
        if self._plugins is None:
            from generator.plugins import NO_PLUGINS

            self._plugins = NO_PLUGINS
        return self._plugins

    def plug_in(self, config: Config) -> None:
        """Import the plug-ins of a site anew. Raises ProblemError when one cannot be used."""
        self._plugins = None
        if config.plugins or config.theme_folder:
            self._compiled = None  # they may change what templates mean
            from generator.plugins import load

            self._plugins = load(config)

    def begin(self, facts: Facts, *, expendable: bool = False) -> None:
        """Start anew for a build; templates may have changed. A worker inherits them, and not its parent's helpers.

        An `expendable` worker is one whose work another one does when it ends.
        """
        self._expendable = expendable
        if self._owner != os.getpid():
            self._runner = self._highlighter = None
        else:
            self._renderer = None
        self._owner = os.getpid()

    def renderer(self, facts: Facts) -> Any:
        """Give the renderer of this build and process."""
        if self._renderer is None:
            from generator.templates import Compiled, Renderer

            self._compiled = self._compiled or Compiled()
            self._renderer = Renderer(facts, self.plugins, self._compiled)
        return self._renderer

    def runner(self) -> Any:
        """Give the helper process that runs page code."""
        if self._runner is None:
            from generator.execute import Runner

            self._runner = Runner()
        return self._runner

    def highlighter(self) -> Highlighter:
        """Give what colours code."""
        if self._highlighter is None:
            from generator.highlighter import Apart, InPlace

            self._highlighter = InPlace() if self._expendable else Apart()
        return self._highlighter

    def close(self) -> None:
        """End the helper processes."""
        for helper in (self._runner, self._highlighter):
            if helper is not None:
                helper.close()
        self._runner = self._highlighter = None
