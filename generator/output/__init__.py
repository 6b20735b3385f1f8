"""Output: the one place where bytes of a site are written, and where anything is ever removed.

A build publishes a whole release or nothing. Two trees, the published folder and a spare one below `.pressrun/`,
share unchanged files by hard links; no file is ever written in place. What a build makes is staged beside
them; when the build is whole, the spare is brought up to date (tree.py) and both are exchanged in one system
call (calls.py). Where that cannot be, files are replaced one by one, with a journal (release.py).

Only what a manifest (manifest.py) says an earlier build wrote is replaced or removed; a folder that Pressrun did
not make is refused before anything in it is touched (folders.py).
"""

from generator.output.calls import replace_file
from generator.output.folders import refusal, shown
from generator.output.opening import open_release, remove_release, take_over
from generator.output.release import Output, Release

__all__ = [
    "Output",
    "Release",
    "open_release",
    "refusal",
    "remove_release",
    "replace_file",
    "shown",
    "take_over",
]
