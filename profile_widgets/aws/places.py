"""Files that others could not have put there, and cannot change: where they may be, and how they are opened."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from profile_widgets.errors import StoreError

KEY_BYTES = 32
PAUSE = 0.01
"""How many seconds pass between two looks at a lock."""


def must_be_safe(path: Path, apart_from: Iterable[Path] = ()) -> None:
    """Raise :class:`~profile_widgets.errors.StoreError` when somebody else could read or exchange the file at ``path``.

    It lies in a folder that exists, is no link, and is its owner's alone to write, as are all folders above it (a
    sticky one such as ``/tmp`` lets nobody rename what is another's); it is no link, and nobody else may write it; it
    is in none of the folders ``apart_from``. On Windows only the last is looked at.
    """
    folder = path.parent
    if not folder.is_dir():
        raise StoreError(f"{path} cannot be written: there is no folder {folder}. Make it, with mode 0700.")
    real = folder.resolve() / path.name
    for served in apart_from:
        if real.is_relative_to(served.resolve()):
            raise StoreError(f"{path} must not be in {served}, which is served. Choose a folder of its own.")
    if os.name != "posix":
        return
    if folder.is_symlink() or path.is_symlink():
        raise StoreError(f"{path} must not be reached by a link. Name the place itself.")
    for each in (real.parent, *real.parent.parents):
        facts = each.stat()
        open_to_all = facts.st_mode & 0o022
        if facts.st_uid not in (0, os.geteuid()) or (
            open_to_all and (each == real.parent or not facts.st_mode & stat.S_ISVTX)
        ):
            raise StoreError(f"{path} is not safe: others may write {each}. Choose a folder that only you may write.")


def opened(path: Path, flags: int) -> int:
    """Open a regular file that is ours alone, made with mode 0600 where it may be; raises OSError and StoreError."""
    for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK"):  # the last one, because a pipe without a reader would hang
        flags |= getattr(os, name, 0)
    descriptor = os.open(path, flags, 0o600)
    try:
        if os.name == "posix":
            _must_be_ours(path, descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _must_be_ours(path: Path, descriptor: int) -> None:
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1:
        raise StoreError(f"{path} is no file of its own. Choose another name.")
    if facts.st_uid != os.geteuid():
        raise StoreError(f"{path} belongs to somebody else. Choose another name.")
    if facts.st_mode & 0o022:
        raise StoreError(f"{path} may be written by others. Give it mode 0600, after a look at what is in it.")
    if facts.st_mode & 0o077:
        os.fchmod(descriptor, 0o600)


def key(path: Path) -> bytes:
    """Return the secret in a file; made by the first who asks, and never changed.

    It is written under another name and linked to its own, so that nobody reads a half one. Whoever is ended between
    the two leaves the other name, which is then taken away by the next who asks.
    """
    with contextlib.suppress(FileNotFoundError):
        return _read(path)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = opened(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        os.write(descriptor, secrets.token_bytes(KEY_BYTES))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        with contextlib.suppress(FileExistsError):  # somebody was faster
            os.link(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)  # who read the key meanwhile may have taken it away
    return _read(path)


def _read(path: Path) -> bytes:
    _take_other_names_away(path)
    descriptor = opened(path, os.O_RDONLY)
    try:
        found = os.read(descriptor, KEY_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(found) != KEY_BYTES:
        raise StoreError(f"{path} holds no key. Put it aside together with the file that it belongs to.")
    return found


def _take_other_names_away(path: Path) -> None:
    """Unlink what the making of a key left beside it: the same file, under the key's name with letters of ours."""
    facts = path.lstat()
    if facts.st_nlink == 1 or not stat.S_ISREG(facts.st_mode):
        return
    ours = re.compile(re.escape(path.name) + r"\.[0-9a-f]{16}")
    for each in path.parent.iterdir():
        if ours.fullmatch(each.name):
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(each.lstat(), facts):
                    each.unlink()


@contextlib.contextmanager
def locked(path: Path, patience: float) -> Iterator[None]:
    """Let one process in at a time; where a disk knows no locks, let everybody in.

    Raises :class:`~profile_widgets.errors.StoreError` when another one does not leave within ``patience`` seconds.
    """
    descriptor = opened(path, os.O_RDWR | os.O_CREAT)
    try:
        _lock(descriptor, path, time.monotonic() + patience)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path, until: float) -> None:
    try:
        import fcntl
    except ImportError:
        return
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                raise StoreError(f"Another process holds {path} and does not let go of it.") from None
            time.sleep(PAUSE)
        except OSError:
            return
