"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A new, empty site."""
    root = tmp_path / "project"
    root.mkdir()
    return Project(root)
