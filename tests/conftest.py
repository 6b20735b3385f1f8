"""Fixtures for all tests."""

from __future__ import annotations

import functools
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from harness import Project

from generator import build as building
from generator.templates import Compiled


@pytest.fixture(scope="session", autouse=True)
def quick_builds() -> Iterator[None]:
    """Share what all builds of one process compile and hash alike: two thirds of the time of a small build."""
    code: dict[str, tuple[str, Any]] = {}

    def begin(self: Compiled) -> None:
        self.code = code

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compiled, "__init__", begin)
        patch.setattr(building, "generator_fingerprint", functools.cache(building.generator_fingerprint))
        yield


@pytest.fixture(scope="session", autouse=True)
def ctrl_c() -> None:
    """A shell that starts tests in the background lets all their processes ignore Ctrl-C, which some tests press."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A new, empty site."""
    root = tmp_path / "project"
    root.mkdir()
    return Project(root)
