"""Compressed streams: gzip, bzip2, xz and zstandard, and the methods of zip."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from detectors.anchor import Anchor, widest
from detectors.decoding.decoder import Budget, Decoded
from detectors.detector import Spans

__all__ = ["FAULTS", "METHODS", "StreamDecoder", "stream_decoders", "unpacked", "windows"]

_CHUNK = 1 << 20
_FIRST = 1 << 12
"""Bytes of a stream that are looked at first: the next one may follow soon."""
_SHARED = 1 << 18
"""Bytes that two pieces of a long stream share."""
_MEMORY = 128 << 20
"""Bytes that a stream may ask for to be unpacked."""

FAULTS = (OSError, EOFError, ValueError, RuntimeError, MemoryError)
"""What unpacking raises for what is damaged; their messages are not passed on."""


Unpack = Callable[[bytes], Iterator[bytes]]
"""Yields what a compressed stream holds, in pieces of at most a megabyte."""


def _fed(make: Callable[[], Any], content: bytes) -> Iterator[bytes]:
    """Over an object as `bz2`, `lzma` and `zlib` have them; streams may follow one another."""
    from lzma import LZMAError
    from zlib import error as ZlibError  # noqa: N812

    inner, at, size = make(), 0, _FIRST
    try:
        while True:
            data = content[at : at + size]
            at += len(data)
            size = min(size * 2, _CHUNK)
            while True:
                given = inner.decompress(data, _CHUNK)
                yield given  # even if it is nothing, so that the time is looked at
                # zlib hands back what it has not taken yet; the others keep it.
                data = getattr(inner, "unconsumed_tail", b"")
                if inner.eof or (not data and len(given) < _CHUNK):
                    break
            if inner.eof:
                at -= len(inner.unused_data)
                if not content[at : at + 2].strip(b"\0"):
                    return
                inner, size = make(), _FIRST
            elif at >= len(content):
                raise EOFError
    except (LZMAError, ZlibError) as error:
        raise ValueError from error


def _gzip(content: bytes) -> Iterator[bytes]:
    import zlib

    return _fed(lambda: zlib.decompressobj(31), content)


def _deflate(content: bytes) -> Iterator[bytes]:
    import zlib

    return _fed(lambda: zlib.decompressobj(-15), content)


def _bzip2(content: bytes) -> Iterator[bytes]:
    import bz2

    return _fed(bz2.BZ2Decompressor, content)


def _xz(content: bytes) -> Iterator[bytes]:
    import lzma

    return _fed(lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY), content)


def _zstandard(content: bytes) -> Iterator[bytes]:
    from zstandard import ZstdDecompressor, ZstdError

    try:
        reader = ZstdDecompressor(max_window_size=_MEMORY).stream_reader(
            content, read_across_frames=True
        )
        while given := reader.read(_CHUNK):
            yield given
    except ZstdError as error:
        raise ValueError from error


def _zip_lzma(content: bytes) -> Iterator[bytes]:
    """LZMA as zip has it (APPNOTE 5.8.8): a version, the size of the properties, those, data."""
    import lzma

    if len(content) < 9 or content[2:4] != b"\x05\x00":
        raise ValueError
    properties, dictionary = content[4], int.from_bytes(content[5:9], "little")
    if properties >= 225 or dictionary > _MEMORY:
        raise ValueError
    chain = {
        "id": lzma.FILTER_LZMA1, "dict_size": max(dictionary, 4096),
        "lc": properties % 9, "lp": properties // 9 % 5, "pb": properties // 45,
    }  # fmt: skip
    inner = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[chain])
    try:
        given = inner.decompress(content[9:], _CHUNK)
        while given:
            yield given
            given = inner.decompress(b"", _CHUNK) if not inner.eof else b""
    except lzma.LZMAError as error:
        raise ValueError from error


METHODS: Mapping[int, Unpack] = {8: _deflate, 12: _bzip2, 14: _zip_lzma, 93: _zstandard, 95: _xz}
"""By the number that zip gives to a method of compression."""


def unpacked(unpack: Unpack, content: bytes, budget: Budget) -> Iterator[bytes]:
    """Yield what a compressed stream holds, and take it from `budget`.

    Raises:
        ValueError, EOFError and the rest of `FAULTS`: it is damaged or cut off.
        Exhausted: a limit is reached.
        TimeoutError: the time is up.
    """
    for piece in unpack(content):
        budget.spend(len(piece), packed=True)
        yield piece


def windows(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    """Yield pieces run together into contents of at most about `most` bytes.

    What is longer comes as several, of which each starts with the last 256 KiB of the one before.
    What was unpacked before a fault is still given.
    """
    held = bytearray()
    new = 0
    try:
        for piece in pieces:
            held += piece
            new += len(piece)
            if len(held) >= most:
                yield bytes(held)
                del held[:-_SHARED]
                new = 0
    except FAULTS:
        if new:
            yield bytes(held)
        raise
    if new:
        yield bytes(held)


class StreamDecoder:
    """Unpacks a content that is one compressed stream."""

    def __init__(self, how: str, magic: str, unpack: Unpack) -> None:
        """Unpack what starts with the expression `magic`."""
        self._how, self._unpack = how, unpack
        self.anchors = (Anchor(rf"\A{magic}", widest(magic)),)
        self.version = f"{how} 1"

    def decode(
        self, content: bytes, spans: Mapping[int, Spans] | None, budget: Budget
    ) -> Iterator[Decoded]:
        """Yield what the stream holds, in one piece or several."""
        if not re.match(self.anchors[0].expression.encode(), content):
            return
        budget.item()
        pieces = unpacked(self._unpack, content, budget)
        try:
            for piece in windows(pieces, budget.limits.piece):
                yield Decoded(piece, 0, len(content), self._how, packed=True)
        except TimeoutError:  # an OSError too
            raise
        except FAULTS:
            budget.note(f"{self._how}: it is damaged or cut off")


def stream_decoders() -> tuple[StreamDecoder, ...]:
    """The decoders for the formats that are read."""
    return (
        StreamDecoder("gzip", r"\x1f\x8b\x08", _gzip),
        StreamDecoder("bzip2", r"BZh[1-9]1AY&SY", _bzip2),
        StreamDecoder("xz", r"\xfd7zXZ\x00", _xz),
        StreamDecoder("zstd", r"\x28\xb5\x2f\xfd", _zstandard),
    )
