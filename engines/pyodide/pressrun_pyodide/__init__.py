"""The files of the second browser engine; `build_hook.py` puts them into the folder `engine` when the wheel is built."""

from pathlib import Path

FOLDER = Path(__file__).parent / "engine"
"""Where they are."""
