"""Where drafts, journals and restore points live: a folder for each profile under the user's data directory.

Files are JSON, for their owner's eyes only, and replaced whole: whoever reads one sees the old or the new content, also
after a kill. Nothing here ever holds credentials. Every call may block for as long as the disk does.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import logging
import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from profile_widgets.errors import InUseElsewhere, StoreError
from profile_widgets.served import Visitor

log = logging.getLogger(__name__)

DIRECTORY = "PROFILE_WIDGETS_DATA_DIR"
"""The environment variable that names another data directory."""

LARGEST = 1024 * 1024
"""How many bytes a file may have."""

MOST = 20
"""How many files of one prefix stay."""

OLDEST = 30 * 86400.0
"""After how many seconds a file goes."""

LEFTOVER = 3600.0
"""After how many seconds a file that a kill left half written goes."""

FORMAT = "profile-widgets 1"
"""The mark of our files; one without it is foreign."""

KEPT = "intent"
"""The prefix whose files are never swept: a submit without its end."""

_NAME = re.compile(r"[a-z0-9][A-Za-z0-9._-]{0,99}")
_SUFFIX = ".json"
_HALF = ".half"
_LOCK = "lock"
_LIVE = "live-"


class Store:
    """Be the data directory: ``directory``, else ``PROFILE_WIDGETS_DATA_DIR``, else the user's own one.

    Nothing is read or written before it is used. With ``visitor``, the name of whom a page is for, what is kept is kept
    apart from what is kept for others, of the same profile too.

    Example::

        folder = Store().profile("https://api.sagemaker.eu-west-1.amazonaws.com", "d-abc123", "alice")
        folder.write("draft-1", {"SecurityGroups": []})
    """

    def __init__(self, directory: Path | None = None, visitor: str = "") -> None:
        self._given = directory
        self._visitor = visitor
        self._resolved: dict[str, Path] = {}

    @property
    def directory(self) -> Path:
        """Return the data directory as it is named now, as an absolute path that no later ``chdir`` moves.

        Raises :class:`~profile_widgets.errors.StoreError` when it leads through a home directory that is not known.
        """
        named = str(self._given) if self._given is not None else os.environ.get(DIRECTORY, "")
        if named not in self._resolved:
            self._resolved[named] = _absolute(named, expand=self._given is None)
        return self._resolved[named]

    def of(self, visitor: Visitor | None) -> Store:
        """Return the same store for one visitor; itself when nobody is known."""
        return self if visitor is None else Store(self._given, visitor.name)

    def profile(self, where: str, domain_id: str, name: str) -> ProfileFolder:
        """Return the folder of one profile of one SageMaker; names are not case sensitive. Looks at no disk."""
        whose = [self._visitor] if self._visitor else []
        key = json.dumps([where, domain_id, name.casefold(), *whose]).encode()
        return ProfileFolder(self, hashlib.sha256(key).hexdigest()[:40])

    def sweep(self) -> None:
        """Throw away what is old in every profile's folder. Never raises."""
        with contextlib.suppress(OSError, StoreError):
            for each in list((self.directory / "profiles").iterdir()):
                ProfileFolder(self, each.name).sweep()


class ProfileFolder:
    """Hold the files of one profile.

    A file's name is of letters, digits, dots, dashes and underscores; up to the first dash it is the prefix by which
    files are counted. Raises :class:`~profile_widgets.errors.StoreError` for a disk that is full or cannot be written.
    Where the store is, is found out at the first use; while that cannot be said, there is nothing to read.
    """

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name
        self._found: Path | None = None

    @property
    def path(self) -> Path:
        """Return where the folder is, or will be. Raises :class:`~profile_widgets.errors.StoreError`."""
        if self._found is None:
            self._found = self._store.directory / "profiles" / self._name
        return self._found

    @property
    def _directory(self) -> Path:
        return self.path.parent.parent

    def write(self, filename: str, document: Mapping[str, Any], *, durable: bool = False) -> None:
        """Make ``document`` what the file holds; when ``durable``, also after a loss of power."""
        try:
            content = json.dumps({"format": FORMAT, "document": document}, separators=(",", ":")).encode("ascii")
        except (ValueError, RecursionError) as error:  # a number of thousands of digits, a document without end
            raise StoreError(f"This cannot be written down: {error}.") from error
        if len(content) > LARGEST:
            size = f"{len(content) / 1024:.0f} KiB, and {LARGEST // 1024} KiB is the most that is kept"
            raise StoreError(f"This is too large to be kept on disk: {size}.")
        target = self._file(filename)
        half = self.path / f"{filename}.{secrets.token_hex(8)}{_HALF}"
        try:
            self._make()
            try:
                _fill(half, content, durable=durable)
                half.replace(target)
            except BaseException:
                with contextlib.suppress(OSError):
                    half.unlink()
                raise
            if durable:
                _sync_folder(self.path)
        except OSError as error:
            raise _not_written(self._directory, error) from error

    def read(self, filename: str) -> dict[str, Any] | None:
        """Return what the file holds; ``None`` when there is none, and, with a word in the log, when it is damaged."""
        _must_be_name(filename)
        try:
            held = json.loads(_content(self._file(filename)))
        except FileNotFoundError:
            return None
        except StoreError as error:
            log.warning("Nothing that was kept can be read: %s", error)
            return None
        except (OSError, ValueError, RecursionError) as error:
            log.warning("The file %s in %s is left alone: %s", filename, self.path, error)
            return None
        if isinstance(held, dict) and held.get("format") == FORMAT and isinstance(held.get("document"), dict):
            found: dict[str, Any] = held["document"]
            return found
        log.warning("The file %s in %s is left alone: it is not one of this version", filename, self.path)
        return None

    def remove(self, filename: str) -> None:
        """Delete the file, durably; one that is not there is no error."""
        path = self._file(filename)
        try:
            path.unlink()
            _sync_folder(self.path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise _not_written(self._directory, error) from error

    def names(self, prefix: str) -> list[str]:
        """Return the names of the files that begin with ``prefix``, newest first."""
        files = ((when, name.removesuffix(_SUFFIX)) for when, name in self._listed() if name.endswith(_SUFFIX))
        found = [(when, name) for when, name in files if name.startswith(prefix) and _NAME.fullmatch(name)]
        return [name for _, name in sorted(found, reverse=True)]

    def sweep(self) -> None:
        """Throw away old files, all but the newest of each prefix, and what kills left behind. Never raises.

        A file that somebody holds stays.
        """
        now, seen = time.time(), dict[str, int]()
        for when, name in sorted(self._listed(), reverse=True):
            prefix, age = name.partition("-")[0], now - when / 1e9
            if name.endswith(_SUFFIX) and prefix != KEPT:
                seen[prefix] = seen.get(prefix, 0) + 1
                goes = age > OLDEST or seen[prefix] > MOST
            else:
                goes = name.endswith(_HALF) and age > LEFTOVER
            with contextlib.suppress(OSError):
                if goes and not self.held(name.removesuffix(_SUFFIX)):
                    (self.path / name).unlink()
                elif name.startswith(_LIVE) and age > LEFTOVER:
                    self.held(name.removeprefix(_LIVE))  # looking takes away what no living process holds

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the profile for this one, against every other thread and process; a kill lets go of it.

        Raises :class:`~profile_widgets.errors.InUseElsewhere` at once when somebody else holds it.
        """
        from filelock import Timeout

        try:
            letting_go = self._acquired(_LOCK)
        except Timeout:
            raise InUseElsewhere("This profile is being sent from another window or kernel.") from None
        try:
            yield
        finally:
            letting_go()

    def hold(self, filename: str) -> Callable[[], None]:
        """Show others that the file is in use until what is returned is called, or this process ends, by a kill too.

        A name is held once and by one holder only. Raises :class:`~profile_widgets.errors.StoreError`.
        """
        from filelock import Timeout

        _must_be_name(filename)
        try:
            letting_go = self._acquired(_LIVE + filename)
        except Timeout as error:
            raise _not_written(self._directory, error) from error
        path = self.path / f"{_LIVE}{filename}"

        def let_go() -> None:
            letting_go()
            with contextlib.suppress(OSError):
                path.unlink()

        return let_go

    def held(self, filename: str) -> bool:
        """Tell whether somebody alive holds the file, this process included; what cannot be told is not held."""
        from filelock import Timeout

        with contextlib.suppress(OSError, StoreError):
            path = self.path / f"{_LIVE}{filename}"
            if not path.exists():
                return False
            try:
                letting_go = self._acquired(path.name)
            except Timeout:
                return True
            letting_go()
            path.unlink()  # its holder is dead, and nobody takes a name twice
        return False

    def _acquired(self, name: str) -> Callable[[], None]:
        """Lock a file at once, or raise ``filelock.Timeout``; return what lets go of it."""
        from filelock import FileLock, Timeout

        try:
            self._make()
            held = FileLock(str(self.path / name), timeout=0, mode=0o600, thread_local=False)
            held.acquire()
        except Timeout:  # an OSError too
            raise
        except (OSError, NotImplementedError) as error:
            raise _not_written(self._directory, error) from error
        return held.release

    def _file(self, filename: str) -> Path:
        _must_be_name(filename)
        return self.path / f"{filename}{_SUFFIX}"

    def _listed(self) -> list[tuple[int, str]]:
        """Return what is in the folder, with the time of its last change in nanoseconds."""
        found = []
        with contextlib.suppress(OSError, StoreError), os.scandir(self.path) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    found.append((entry.stat(follow_symlinks=False).st_mtime_ns, entry.name))
        return found

    def _make(self) -> None:
        """Make the folder, for its owner only; a link in its place is refused."""
        if not self._directory.is_dir():
            self._directory.parent.mkdir(parents=True, exist_ok=True)
        for path in (self._directory, self.path.parent, self.path):
            with contextlib.suppress(FileExistsError):
                path.mkdir(mode=0o700)
        mode = self.path.lstat().st_mode
        if not stat.S_ISDIR(mode):
            raise NotADirectoryError(errno.ENOTDIR, "it is in the way", str(self.path))
        if os.name == "posix" and mode & 0o077:
            with contextlib.suppress(PermissionError):
                self.path.chmod(0o700)


def _must_be_name(filename: str) -> None:
    if _NAME.fullmatch(filename) is None:
        raise ValueError(f"{filename!r} is not a name for a file here: letters, digits, dots, dashes.")


def _absolute(named: str, *, expand: bool) -> Path:
    """Return the data directory that is named, or the user's own one for ``""``."""
    from platformdirs import user_data_dir

    place = named or user_data_dir("profile-widgets", appauthor=False)
    try:
        return (Path(place).expanduser() if expand else Path(place)).absolute()
    except (RuntimeError, OSError) as error:  # nobody of that name, a user without a home, a directory that is gone
        said = str(error).rstrip(".")
        raise StoreError(f"{place} cannot be used: {said}. Set {DIRECTORY} to a directory, and try again.") from error


def _fill(path: Path, content: bytes, *, durable: bool) -> None:
    """Write a new file; one that is there already, or a link, is refused."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        if durable:
            os.fsync(file.fileno())


def _content(path: Path) -> bytes:
    """Return what is in a file, which must be a plain one and not too large."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > LARGEST:
            raise ValueError("it is no plain file, or too large")
        return file.read(LARGEST + 1)


def _sync_folder(path: Path) -> None:
    """Make names durable, where the system and the file system know how."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        os.close(folder)


def _not_written(directory: Path, error: Exception) -> StoreError:
    """Say that the data directory cannot be written, and what to do."""
    number = getattr(error, "errno", None)
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        what, cure = "its disk is full", "Make room there, or set"
    elif number in (errno.EACCES, errno.EPERM, errno.EROFS):
        what, cure = "it may not be written", "Allow that, or set"
    else:
        what, cure = getattr(error, "strerror", None) or str(error) or type(error).__name__, "Mend that, or set"
    return StoreError(f"{directory} cannot be used: {what}. {cure} {DIRECTORY} to another directory, and try again.")
