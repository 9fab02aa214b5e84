"""Bodies in gzip and deflate, changed as a stream and judged by the standard library's decompressors."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.coding import PIECE, Recoder, Unpacker

PAGE = b"<p>An article about bananas.</p>\n" * 400


class Marked:
    """An editor that changes what it can recognise, holds a little, and adds at the end."""

    def __init__(self):
        self.held = b""
        self.longest = 0

    def feed(self, chunk):
        self.longest = max(self.longest, len(chunk))
        data = self.held + chunk.upper()
        self.held = data[-3:]
        return data[:-3]

    def finish(self):
        return self.held + b"<END>"


def expected(plain):
    return plain.upper() + b"<END>"


def raw_deflate(data):
    return zlib.compress(data, wbits=-15)


def sizes(data, size):
    return [data[at : at + size] for at in range(0, len(data), size)]


def recoded(coding, chunks, editor=None):
    recoder = Recoder(coding, editor or Marked())
    pieces = [recoder.feed(chunk) for chunk in chunks]
    return [*pieces, recoder.finish()], recoder


PACKERS = {
    "gzip": ("gzip", gzip.compress, 31),
    "x-gzip": ("x-gzip", gzip.compress, 31),
    "zlib": ("deflate", zlib.compress, 15),
    "raw": ("deflate", raw_deflate, -15),
}


@pytest.mark.parametrize("size", [1, 2, 7, 1000, 10**6])
@pytest.mark.parametrize("kind", PACKERS)
def test_a_packed_body_is_changed_and_whole(kind, size):
    """Whatever the pieces, the container stays and the body is complete."""
    coding, pack, window = PACKERS[kind]
    pieces, recoder = recoded(coding, sizes(pack(PAGE), size))
    judge = zlib.decompressobj(window)
    assert judge.decompress(b"".join(pieces)) == expected(PAGE)
    assert judge.eof
    assert not judge.unused_data
    assert not recoder.broken


@pytest.mark.parametrize("size", [1, 50, 10**6])
@pytest.mark.parametrize("between", [b"", b"\0" * 9], ids=["joined", "padded"])
def test_members_of_gzip_are_one_body(size, between):
    """Several members are what one is, also with zeros between them (RFC 1952, 2.2)."""
    packed = gzip.compress(PAGE[:100]) + between + gzip.compress(b"") + gzip.compress(PAGE[100:]) + between
    pieces, _ = recoded("gzip", sizes(packed, size))
    assert gzip.decompress(b"".join(pieces)) == expected(PAGE)


@pytest.mark.parametrize("kind", PACKERS)
def test_what_follows_the_end_is_no_part_of_the_body(kind):
    """Clients ignore it; it must not end up in the page."""
    coding, pack, window = PACKERS[kind]
    pieces, recoder = recoded(coding, [pack(PAGE), b"trailing", b"garbage"])
    assert zlib.decompressobj(window).decompress(b"".join(pieces)) == expected(PAGE)
    assert not recoder.broken


@pytest.mark.parametrize("kind", PACKERS)
def test_a_truncated_body_stays_truncated(kind):
    """All that came is passed on, and a client can still tell that the end is missing."""
    coding, pack, window = PACKERS[kind]
    packed = pack(PAGE)[:-20]
    came = zlib.decompressobj(window).decompress(packed)
    pieces, recoder = recoded(coding, sizes(packed, 40))
    judge = zlib.decompressobj(window)
    assert judge.decompress(b"".join(pieces)) == expected(came)
    assert not judge.eof
    assert not recoder.broken


def test_a_body_that_is_not_packed_passes_whole():
    """A page whose head lies is the site's, and reaches the client as it came."""
    for size in (1, 10, 10**6):
        pieces, recoder = recoded("gzip", sizes(PAGE, size))
        assert b"".join(pieces) == PAGE
        assert recoder.broken


def test_a_body_that_breaks_in_the_middle_breaks_there_for_the_client_too():
    """What could be unpacked arrives, changed; then the client stumbles where it would have without us."""
    packer = zlib.compressobj(wbits=31)
    start = packer.compress(PAGE) + packer.flush(zlib.Z_SYNC_FLUSH)
    # A block of type 3, which does not exist.
    pieces, recoder = recoded("gzip", [*sizes(start, 30), b"\xff" * 40, b"more"])
    assert recoder.broken
    judge = zlib.decompressobj(31)
    got = b""
    with pytest.raises(zlib.error, match="invalid block type"):
        for byte in b"".join(pieces):
            got += judge.decompress(bytes([byte]))
    assert got == expected(PAGE)


@pytest.mark.parametrize("mode", [zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH])
@pytest.mark.parametrize("window", [31, 15, -15])
def test_flushes_are_kept(mode, window):
    """What the app flushed can be read at once behind us, but for what the editor holds."""
    packer = zlib.compressobj(wbits=window)
    chunks = [packer.compress(part) + packer.flush(mode) for part in (b"first part ", b"second part ", b"third")]
    chunks.append(packer.flush())
    recoder = Recoder("gzip" if window == 31 else "deflate", Marked())
    judge = zlib.decompressobj(window)
    seen = [judge.decompress(recoder.feed(chunk)) for chunk in chunks[:3]]
    assert b"".join(seen[:1]) == b"FIRST PA"
    assert b"".join(seen[:2]) == b"FIRST PART SECOND PA"
    assert b"".join(seen) == b"FIRST PART SECOND PART TH"
    assert judge.decompress(recoder.feed(chunks[3]) + recoder.finish()) == b"IRD<END>"
    assert judge.eof


def test_members_that_end_are_flushes():
    """An app that packs each piece as a member of its own shows each piece at once."""
    recoder, judge = Recoder("gzip", Marked()), zlib.decompressobj(31)
    assert judge.decompress(recoder.feed(gzip.compress(b"first part "))) == b"FIRST PA"


def test_what_is_not_flushed_is_not_cut_into_flushes():
    """A body in many small pieces stays about as small as it was."""
    packed = gzip.compress(PAGE)
    pieces, _ = recoded("gzip", sizes(packed, 5))
    assert len(b"".join(pieces)) < 2 * len(packed)


@pytest.mark.parametrize("kind", PACKERS)
def test_a_bomb_costs_no_memory(kind):
    """24 MiB out of 24 KiB pass in pieces: neither the editor nor the process ever holds them."""
    coding, pack, _ = PACKERS[kind]
    bomb = pack(b"a" * (24 << 20))
    editor = Marked()
    tracemalloc.start()
    recoder = Recoder(coding, editor)
    out = len(recoder.feed(bomb)) + len(recoder.finish())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert editor.longest <= PIECE
    assert peak < 3 << 20
    assert out < 1 << 20


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_an_empty_body_stays_empty(coding):
    """Nothing came: nothing is packed, unless the editor adds to it."""

    class Silent(Marked):
        def finish(self):
            return b""

    assert recoded(coding, [], Silent())[0] == [b""]
    assert b"".join(recoded(coding, [b"", b"\x1f"], Silent())[0]) == b"\x1f"


def test_an_empty_member_stays_as_it_came():
    """A packed nothing to which nothing is added is the same packed nothing."""

    class Silent(Marked):
        def finish(self):
            return b""

    packed = gzip.compress(b"")
    assert b"".join(recoded("gzip", sizes(packed, 6), Silent())[0]) == packed


def test_an_editor_may_add_to_a_packed_nothing():
    """The page that becomes of it can be unpacked."""
    pieces, _ = recoded("gzip", [gzip.compress(b"")])
    assert gzip.decompress(b"".join(pieces)) == b"<END>"


@settings(max_examples=60)
@given(
    st.binary(max_size=4000), st.lists(st.integers(1, 900), min_size=1, max_size=6), st.sampled_from(sorted(PACKERS))
)
def test_any_bytes_in_any_pieces(plain, cuts, kind):
    """The unpacker gives what the standard library gives, however the body is cut."""
    coding, pack, _ = PACKERS[kind]
    packed = pack(plain)
    unpacker, got, at = Unpacker(coding), [], 0
    for cut in [*cuts, len(packed)]:
        got += list(unpacker.feed(packed[at : at + cut]))
        at += cut
    assert b"".join(got) == plain
    assert unpacker.complete


@settings(max_examples=60)
@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate"]))
def test_no_bytes_raise(data, coding):
    """Whatever an app sends under a coding's name, something goes out and nothing raises."""
    recoded(coding, sizes(data, 7))
