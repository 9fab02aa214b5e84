"""Looking at the rules folder and the databases while serving, in one thread of each process."""

from __future__ import annotations

import atexit
import logging
import os
import stat
import threading
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct

from .folder.files import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

#: What a look sees: file by file its path and what the file system says of it. Equal looks saw the same.
Look = tuple[tuple[object, ...], ...]

#: Seconds that an ending process gives a look that is at work.
PATIENCE_AT_EXIT = 5.0
#: Seconds that a first request waits at most for an edit to stand still.
PATIENCE_AT_START = 0.25
_log = logging.getLogger("notices")


def look_at_folder(folder: Path) -> Look:
    """What the rules in *folder* look like now: every rule file's name, size, times and inode.

    The folder's own inode is part of it, and links are followed, so that a swapped link is seen. The time of the last
    change of the inode catches an edit that puts the time of writing back.
    """
    return (("", *_facts(folder)), *sorted(_rule_files(folder)))


def look_at_files(paths: Sequence[Path]) -> Look:
    """What the files at *paths* and the checksums beside them look like now."""
    beside = (path.with_name(f"{path.name}.sha256") for path in paths)
    return tuple((str(path), *_facts(path)) for path in (*paths, *beside))


def _rule_files(folder: Path) -> Iterator[tuple[object, ...]]:
    visited: set[tuple[object, ...]] = set()
    for parent, folders, names in os.walk(folder, followlinks=True):
        identity = _facts(parent)
        if identity in visited:  # a link that leads back to a folder above it
            folders.clear()
            continue
        visited.add(identity)
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.endswith(SUFFIXES) and not name.startswith("."):
                path = os.path.join(parent, name)  # noqa: PTH118 - a path as text costs a tenth, every two seconds
                yield (path, *_facts(path))


def _facts(path: Path | str) -> tuple[object, ...]:
    try:
        status = os.stat(path)  # noqa: PTH116 - a path as os.walk gives it
    except OSError as error:
        return (type(error).__name__,)
    # A folder's size and times change with files that are no rules: an editor's swap file is no edit.
    own = () if stat.S_ISDIR(status.st_mode) else (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return (status.st_dev, status.st_ino, *own)


class Settling(Struct):
    """Tells when what is looked at has changed and stands still: when two looks agree on something new."""

    settled: Look
    seen: Look | None = None

    def changed(self, look: Look) -> bool:
        """Whether *look* is new and the second in a row to see the same; it counts as settled from then on."""
        if look == self.settled:
            self.seen = None
            return False
        if look != self.seen:
            self.seen = look
            return False
        self.settled, self.seen = look, None
        return True

    def doubt(self) -> None:
        """Take what is there for new the next time too: it could not be read, and may be another time."""
        self.settled = (("doubted",),)

    @property
    def moving(self) -> bool:
        """Whether the last look saw something new that a second look has to confirm."""
        return self.seen is not None


class Watch:
    """Calls *look* every *period* seconds in one daemon thread of each process that asks for it.

    *look* is a bound method, held weakly: the thread ends when the method's object is gone. It returns whether it saw
    something move; then the next look comes after half a period, which leaves the other half for loading.
    """

    def __init__(self, period: float, look: Callable[[], bool]) -> None:
        self._period = period
        self._look = weakref.WeakMethod(look)
        self._stop = threading.Event()
        self._start_lock = threading.Lock()
        #: Held while a look is at work, and by whoever forks: a child must not inherit half a reload.
        self._work_lock = threading.Lock()
        self.running = False
        _watches.add(self)

    def start(self) -> None:
        """Start the thread in this process unless it runs; called lazily, so that it lives where requests are.

        What was edited while this process was not asked, and so did not look, is caught up with first.
        """
        with self._start_lock:
            if not self.running and not self._stop.is_set():
                self._catch_up()
                self.running = True
                # The thread must not keep the watch alive, or neither would ever end.
                arguments = (weakref.ref(self), self._stop, self._period)
                threading.Thread(target=_run, args=arguments, name="notices-watch", daemon=True).start()

    def _catch_up(self) -> None:
        """Look, and once more where something moves; what goes wrong is for the thread to meet again and tell."""
        with suppress(Exception):
            if self.look():
                self._stop.wait(min(self._period / 2, PATIENCE_AT_START))
                self.look()

    def stop(self) -> None:
        """End the thread after the look that it is at; it does not start again."""
        self._stop.set()

    def finish(self, patience: float) -> None:
        """End the thread, and wait so many seconds for the look that it is at: what went live is to be written down."""
        self.stop()
        if self._work_lock.acquire(timeout=patience):
            self._work_lock.release()

    def look(self) -> bool | None:
        """Look once; None where nobody is there to look for any more."""
        look = self._look()
        if look is None:
            return None
        with self._work_lock:
            return look()

    def before_fork(self) -> None:
        """Wait for the look at work and hold it off until the fork is done."""
        self._start_lock.acquire()
        self._work_lock.acquire()

    def after_fork(self) -> None:
        """Let the looks go on."""
        self._work_lock.release()
        self._start_lock.release()

    def after_fork_in_child(self) -> None:
        """Know that the thread stayed behind in the parent."""
        self.running = False
        self.after_fork()


_watches: weakref.WeakSet[Watch] = weakref.WeakSet()
_forking: list[Watch] = []
_fork_lock = threading.Lock()


def _run(watch: weakref.ref[Watch], stop: threading.Event, period: float) -> None:
    """The thread: wait, look, wait; what goes wrong in a look is logged once and the next look comes all the same."""
    failed: set[str] = set()
    pause = period
    while not stop.wait(pause):
        if (alive := watch()) is None:
            return
        try:
            moving = alive.look()
        except Exception as error:  # noqa: BLE001  the thread must outlive whatever a look runs into
            moving = False
            _log_once(failed, error)
        if moving is None:
            return
        del alive
        pause = period / 2 if moving else period


def _log_once(failed: set[str], error: Exception) -> None:
    cause = type(error).__name__
    if cause not in failed:
        failed.add(cause)
        _log.error("notices: looking for edits failed (%s); what is live stays live", cause)


def _before_fork() -> None:
    _fork_lock.acquire()
    _forking[:] = sorted(_watches, key=id)
    for watch in _forking:
        watch.before_fork()


def _after_fork_in_parent() -> None:
    for watch in _forking:
        watch.after_fork()
    _forking.clear()
    _fork_lock.release()


def _after_fork_in_child() -> None:
    for watch in _forking:
        watch.after_fork_in_child()
    _forking.clear()
    _fork_lock.release()


def _finish() -> None:
    for watch in tuple(_watches):
        watch.finish(PATIENCE_AT_EXIT)


# A daemon thread dies wherever it is when the process ends.
atexit.register(_finish)
os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
