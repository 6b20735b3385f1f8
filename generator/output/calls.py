"""The system calls of a release: files made whole, trees exchanged, data put beyond the reach of a power cut."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FILE_MODE, FOLDER_MODE = 0o644, 0o755
"""Whatever the umask says."""
AT_FDCWD, RENAME_EXCHANGE = -100, 2
"""Of Linux's `renameat2`."""
RENAME_SWAP = 2
"""Of macOS's `renamex_np`."""
FEW = 16
"""Files up to which syncing each one costs less than syncing the file system (2 ms each; measured on ext4)."""
IMPOSSIBLE = {
    errno.EXDEV, errno.EBUSY, errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK,
    errno.EPERM, errno.EACCES,
}  # fmt: skip
"""What the system answers when two trees cannot share files or change places here, though files may be written."""


@contextlib.contextmanager
def speaking_of(path: str) -> Iterator[None]:
    """Give errors the path that a user knows; those of open files have none, those of staged files a wrong one."""
    try:
        yield
    except OSError as wrong:
        wrong.filename, wrong.filename2 = path, None
        raise


def make_file(path: str, data: bytes, *, sync: bool = False) -> os.stat_result:
    """Make a file that does not exist yet; give its status. A failure leaves nothing behind."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), FILE_MODE)
    try:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(handle, rest) :]
            status = os.fstat(handle)
            if status.st_mode & 0o777 != FILE_MODE:
                os.chmod(path, FILE_MODE)
            if sync:
                os.fsync(handle)
        finally:
            os.close(handle)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise
    return status


def make_folder(path: str) -> None:
    """Make one folder."""
    os.mkdir(path, FOLDER_MODE)
    if os.lstat(path).st_mode & 0o777 != FOLDER_MODE:
        os.chmod(path, FOLDER_MODE)


def make_folders(path: str) -> None:
    """Make a folder and those above it that are missing."""
    if not os.path.isdir(path):
        make_folders(os.path.dirname(path))
        make_folder(path)


def replace_file(path: str, data: bytes, *, sync: bool = False) -> None:
    """Write a file of our own below `.pressrun/` wholly or not at all; the lock is held, so one name will do."""
    temporary = path + ".new"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(temporary)
    with speaking_of(path):
        make_file(temporary, data, sync=sync)
        os.replace(temporary, path)


def link(source: str, target: str) -> None:
    """Give a file (or a link) a second name, whatever has that name now; what is not there is passed over."""
    try:
        try:
            os.link(source, target, follow_symlinks=False)
        except FileExistsError:
            os.unlink(target)
            os.link(source, target, follow_symlinks=False)
    except FileNotFoundError:
        if os.path.lexists(source):
            raise


def drop(path: str) -> bool:
    """Remove a file; False when there is none."""
    try:
        os.unlink(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def library() -> Any:
    """Give the C library; it is loaded when something is published, and not before."""
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def can_exchange() -> bool:
    """Say whether this system can exchange two folders."""
    try:
        return hasattr(library(), "renamex_np" if sys.platform == "darwin" else "renameat2")
    except (ImportError, OSError, TypeError):
        return False


def exchange(one: str, other: str) -> None:
    """Let two folders change places in one step."""
    import ctypes

    first, second = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        failed = library().renamex_np(first, second, RENAME_SWAP)
    else:
        failed = library().renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE)
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), other)


def settle(files: Sequence[str], folder: str) -> None:
    """Return when the data of these files, all on the file system of `folder`, are on the disk.

    A kill needs none of this: what was handed to the system survives the process. A power cut does, and it is
    here that a failing disk is noticed.
    """
    if len(files) > FEW and sync_all(folder):
        return
    for path in files:
        handle = os.open(path, os.O_RDONLY)
        try:
            with speaking_of(path):
                os.fsync(handle)
        finally:
            os.close(handle)


def sync_all(folder: str) -> bool:
    """Sync a whole file system; False when this system has no call for it."""
    import ctypes

    call = getattr(library(), "syncfs", None)
    if call is None:
        return False
    handle = os.open(folder, os.O_RDONLY)
    try:
        if call(handle):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), folder)
    finally:
        os.close(handle)
    return True
