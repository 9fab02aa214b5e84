"""Change a gzip or deflate body as a stream: unpack, hand over, pack again, with the flushes that came.

Memory stays bounded whatever a body unpacks to: it is unpacked, changed and packed in pieces (RFC 1950, 1951, 1952).
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Of plain bytes at a time; deflate packs up to a thousand to one, so an innocent chunk may hold a flood.
PIECE = 64 * 1024
_GZIP, _ZLIB, _RAW = 31, 15, -15
_GZIP_MAGIC = b"\x1f\x8b"
#: How a compressor ends what it flushes, so that all before can be unpacked (RFC 1951, 3.2.4: an empty stored block).
_FLUSHED = b"\x00\x00\xff\xff"
_LEVEL = 6


class Editor(Protocol):
    """What changes the plain bytes: :class:`notices.inject.Injector` does."""

    def feed(self, chunk: bytes) -> bytes:
        """What can be sent now."""

    def finish(self) -> bytes:
        """What is left at the end."""


class Unpacker:
    """Plain pieces of a packed stream; ``complete`` where it ends with a whole member, ``window`` its container."""

    def __init__(self, coding: str) -> None:
        self.window = 0 if coding == "deflate" else _GZIP
        self.complete = False
        self._member: zlib._Decompress | None = None
        self._pending = b""
        self._over = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The pieces that *chunk* completes, none longer than ``PIECE``.

        :raises zlib.error: where the stream is none of its coding.
        """
        rest = self._pending + chunk
        self._pending = b""
        while not self._over:
            if self._member is None and not self._begin(rest):
                return
            assert self._member is not None
            piece = self._member.decompress(rest.lstrip(b"\0") if self.complete else rest, PIECE)
            self.complete = self._member.eof
            rest = self._member.unused_data if self.complete else self._member.unconsumed_tail
            if piece:
                yield piece
            if self.complete:
                self._member = None
                # Only gzip goes on after its end; what follows in a deflate body is not part of it.
                self._over = self.window != _GZIP
            elif not rest and len(piece) < PIECE:
                return

    def _begin(self, data: bytes) -> bool:
        """Begin the next member of *data*; False where more bytes are needed or what follows is none."""
        if self.complete:
            data = data.lstrip(b"\0")
        if len(data) < 2:
            self._pending = data
            return False
        if self.complete and not data.startswith(_GZIP_MAGIC):
            self._over = True
            return False
        # "deflate" means the zlib container, but bare deflate is sent under that name too (RFC 9110, 8.4.1.2).
        self.window = self.window or (_ZLIB if data[0] & 15 == 8 and int.from_bytes(data[:2]) % 31 == 0 else _RAW)
        self._member = zlib.decompressobj(self.window)
        return True


class Recoder:
    """Feeds the plain bytes of a packed body to an editor and packs what it gives; an editor itself.

    A body that turns out not to be packed as its head says is passed on as it came (``broken``): whole where nothing
    was sent yet, else from the chunk on that could not be unpacked, so that a client stumbles where it would have
    without us. A truncated body stays recognisably truncated.
    """

    def __init__(self, coding: str, editor: Editor) -> None:
        self.broken = False
        self._editor = editor
        self._unpacker = Unpacker(coding)
        self._packer: zlib._Compress | None = None
        self._unsent: list[bytes] = []
        self._sent = False

    def feed(self, chunk: bytes) -> bytes:
        """The packed bytes that can be sent now."""
        if self.broken or not chunk:
            return chunk
        if not self._sent:
            self._unsent.append(chunk)
        packed: list[bytes] = []
        try:
            for piece in self._unpacker.feed(chunk):
                packed.append(self._pack(self._editor.feed(piece)))  # noqa: PERF401  # what came before an error counts
        except zlib.error:
            return self._give_up(packed, chunk)
        if self._packer and (chunk.endswith(_FLUSHED) or self._unpacker.complete):
            packed.append(self._packer.flush(zlib.Z_SYNC_FLUSH))
        return self._noted(b"".join(packed))

    def finish(self) -> bytes:
        """The rest of the body; with its trailer where the body had one."""
        if self.broken:
            return b""
        tail = self._editor.finish()
        if not self._packer and not tail:
            return b"".join(self._unsent)
        packed = self._pack(tail)
        assert self._packer is not None
        whole = self._unpacker.complete or not (self._sent or self._unsent)
        return packed + self._packer.flush(zlib.Z_FINISH if whole else zlib.Z_SYNC_FLUSH)

    def _pack(self, plain: bytes) -> bytes:
        if not plain:
            return b""
        if self._packer is None:
            self._packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, self._unpacker.window or _ZLIB)
        return self._packer.compress(plain)

    def _noted(self, packed: bytes) -> bytes:
        if packed and not self._sent:
            self._sent = True
            self._unsent.clear()
        return packed

    def _give_up(self, packed: list[bytes], chunk: bytes) -> bytes:
        self.broken = True
        if not self._sent:
            return b"".join(self._unsent)
        packed.append(self._pack(self._editor.finish()))
        if self._packer:
            packed.append(self._packer.flush(zlib.Z_SYNC_FLUSH))
        return b"".join(packed) + chunk
