"""Opening: the release of a configuration, made ready; and taking it all away."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING

from generator.cache import digest
from generator.errors import ProblemError, error
from generator.output.calls import make_folders
from generator.output.folders import foreign_file, refusal, shown
from generator.output.manifest import (
    FORMAT,
    UNSURE,
    Change,
    Entry,
    Manifest,
    identity,
    manifest_of,
    newest_manifest,
    read,
    unsafe,
    write_manifest,
)
from generator.output.release import Release, clear_away, remove, temporary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.config import Config


def home_of(config: Config) -> str:
    """Give the folder of an output folder's manifests, staged files and spare tree."""
    name = digest(os.fsencode(os.path.relpath(config.out, config.root)))
    return os.path.join(config.state, "releases", name)


def take_over(config: Config, ours: Mapping[str, str]) -> None:
    """Say which files of an existing folder are ours (path → digest), when another record than the manifest knows it."""
    which, home = identity(str(config.out)), home_of(config)
    if which is None:
        return
    newest = newest_manifest(home)
    files: dict[str, Entry] = {}
    for path, value_digest in ours.items():
        status = os.lstat(config.out / path)
        files[path] = (value_digest, status.st_size, status.st_mtime_ns)
    make_folders(home)
    write_manifest(home, Manifest(FORMAT, which, newest.serial + 1 if newest else 1, files))


def open_release(config: Config) -> Release:
    """Check that the output folder is ours (or new), and load its manifest; clear away what a killed build left.

    Raises ProblemError, with nothing touched, when it is not.
    """
    folder = config.out
    if problem := refusal(config):
        raise ProblemError(problem)
    home = home_of(config)
    if os.path.lexists(folder) and not folder.is_dir():
        raise ProblemError(error(shown(folder), "is no folder; expected the output folder of a site"))
    which = identity(str(folder))
    manifest = manifest_of(home, which) if which else None
    newest = manifest or newest_manifest(home)
    change = read(os.path.join(home, "change"), Change)
    names = change.names if change and change.folder == which and not unsafe(change.names) else []
    known = dict(newest.files) if newest and which else {}
    known.update(dict.fromkeys(names, UNSURE))
    if which is not None and manifest is None:
        ours = {path: entry[0] for path, entry in known.items()}
        ours.update({os.path.relpath(temporary(f"{folder}/{p}"), folder): "" for p in names})
        foreign = foreign_file(str(folder), ours)
        if foreign:
            raise ProblemError(
                error(
                    shown(folder),
                    f"holds files that Pressrun did not write ({foreign}); nothing was touched",
                    hint="remove the folder yourself, or choose another one with --out",
                )
            )
    serial = newest.serial if newest else 0
    unsettled = manifest is None or bool(names)
    release = Release(folder, home, known, serial, unsettled)
    clear_away(release, change, names, exchanged=change is None or change.folder == which)
    return release


def remove_release(config: Config) -> list[str]:
    """Remove the files that builds wrote to the output folder (`pressrun clean`) and the spare tree; give their paths."""
    release = open_release(config)
    removed = [path for path in sorted(release.known) if remove(str(release.folder), path)]
    if os.path.lexists(release.home):
        shutil.rmtree(release.home)
    with contextlib.suppress(OSError):
        os.rmdir(release.folder)
    return removed
