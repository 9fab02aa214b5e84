"""Copies that workers share: a sealed one, of this process or of a sibling, is as good as one's own.

Nobody can change or shorten a sealed ``memfd``, its maker included, and before one is taken it is compared with the
file byte for byte. So nothing is believed of who holds it: at worst a copy is made that another process has as well.
"""

from __future__ import annotations

import os
import stat
import sys
import threading
from contextlib import contextmanager, suppress
from itertools import chain, islice
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING

if sys.platform == "linux":
    import fcntl

    #: Nobody can write to it, and nobody can lift that.
    SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

#: What copies are called, as the kernel tells it.
NAME = "notices-geo"
_LINK = f"/memfd:{NAME} (deleted)"
_CHUNK = 1 << 20
#: So many processes and descriptors are looked at; a site has some dozen workers with some hundred connections.
_MOST_PROCESSES, _MOST_DESCRIPTORS = 256, 20_000
#: How often, and for how many seconds each, a worker waits for one that is making the copy that both need.
_TURNS, _TURN = 200, 0.02


def find_shared(source: io.BufferedReader) -> int | None:
    """A descriptor of a sealed copy of what *source* holds from its beginning, the caller's to close; None for none."""
    with suppress(OSError):
        size = os.fstat(source.fileno()).st_size
        for link in islice(chain.from_iterable(map(_copies_of, _processes())), _MOST_DESCRIPTORS):
            descriptor = _opened(link)
            if descriptor is not None:
                if size and _holds(descriptor, size, source):
                    return descriptor
                os.close(descriptor)
    return None


@contextmanager
def one_at_a_time(source: io.BufferedReader) -> Iterator[None]:
    """Let workers that start together make one copy: who comes second waits a while, and then finds the first one's."""
    pause = threading.Event()
    for _ in range(_TURNS):
        try:
            fcntl.flock(source, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pause.wait(_TURN)
        except OSError:  # a file system without locks
            break
        else:
            break
    yield  # the lock goes with the file


def _processes() -> Iterator[Path]:
    """The present process, and those that its parent has started, of the same user."""
    yield Path("/proc/self")
    parent = Path("/proc", str(os.getppid()))
    with suppress(OSError):
        lists = (path.read_text("ascii").split() for path in parent.glob("task/*/children"))
        for number in islice(chain.from_iterable(lists), _MOST_PROCESSES):
            process = Path("/proc", number)
            with suppress(OSError):
                if number != str(os.getpid()) and process.stat().st_uid == os.geteuid():
                    yield process


def _copies_of(process: Path) -> Iterator[Path]:
    """The descriptors of *process* that are copies by their name; one that is gone meanwhile is none."""
    with suppress(OSError):
        for link in islice((process / "fd").iterdir(), _MOST_DESCRIPTORS):
            with suppress(OSError):
                if str(link.readlink()) == _LINK:
                    yield link


def _opened(link: Path) -> int | None:
    """The descriptor *link* as one's own, where it is sealed."""
    try:
        descriptor = os.open(link, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return None
    with suppress(OSError):
        regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
        if regular and fcntl.fcntl(descriptor, fcntl.F_GET_SEALS) & SEALS == SEALS:
            return descriptor
    os.close(descriptor)
    return None


def _holds(descriptor: int, size: int, source: io.BufferedReader) -> bool:
    """Whether the copy is what *source* holds, which has *size* bytes."""
    if os.fstat(descriptor).st_size != size:
        return False
    source.seek(0)
    with mmap(descriptor, size, access=ACCESS_READ) as copy:
        place = 0
        while chunk := source.read(_CHUNK):
            if copy[place : place + len(chunk)] != chunk:
                return False
            place += len(chunk)
    return place == size
