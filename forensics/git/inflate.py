"""Inflating and rebuilding objects of which nothing is trusted, in bounded memory."""

from __future__ import annotations

import mmap
import tempfile
from typing import NamedTuple, TypeAlias

from dulwich.errors import ApplyDeltaError
from dulwich.pack import apply_delta
from isal import isal_zlib

from forensics.git.delta import read_copy, sizes

__all__ = ["IN_MEMORY", "Content", "Damaged", "InflateError", "Limits", "apply", "inflate"]

Content: TypeAlias = "bytes | mmap.mmap"
"""An object's bytes: in memory, or in an unnamed temporary file if it is large."""

InflateError: type[Exception] = isal_zlib.error  # type: ignore[assignment]
"""What isal raises for a damaged stream; its type stubs call it an instance."""
IN_MEMORY = 64 << 20
"""Bytes of the largest object that is held in memory unless a caller says otherwise."""
_MOST_RATIO = 1032
"""Deflate cannot expand its input further than this."""
_HARMLESS = 1 << 13
"""Compressed bytes that can only inflate to something small, whatever they claim."""
_PIECE = 1 << 20


class Damaged(Exception):
    """An object cannot be read; the message says why."""


class Limits(NamedTuple):
    """Sizes in bytes."""

    in_memory: int = IN_MEMORY
    """Larger objects are built in a temporary file and scanned in windows."""
    most: int = 4 << 30
    """Larger objects are not read."""


def inflate(data: memoryview, size: int, limits: Limits, skip: int = 0) -> Content:
    """The `size` bytes that the zlib stream at the start of `data` inflates to, less the first
    `skip` of them.

    Raises:
        Damaged: they are more or fewer, or the stream is damaged.
    """
    if size > limits.in_memory:
        return _inflate_to_file(data, size, limits, skip)
    try:
        if len(data) <= _HARMLESS:
            # `size` is a hint to this call, not a limit; the input's length is the limit.
            content: bytes = isal_zlib.decompress(data, 15, size or 1)
        else:
            stream = isal_zlib.decompressobj()
            content = stream.decompress(data, size + 1)
            if len(content) == size and not stream.eof:
                raise Damaged("its compressed data is cut off")
    except InflateError:
        raise Damaged("its compressed data is damaged") from None
    if len(content) != size:
        raise Damaged(_wrong_size(size, len(content)))
    return content[skip:] if skip else content


def _wrong_size(declared: int, found: int) -> str:
    if found > declared:
        return f"it grows past its declared size of {declared} bytes"
    return f"it holds {found} bytes where it declares {declared}"


def _inflate_to_file(data: memoryview, size: int, limits: Limits, skip: int) -> Content:
    if size > limits.most:
        raise Damaged(f"it is larger than the limit of {limits.most} bytes")
    if size > _MOST_RATIO * len(data):
        raise Damaged(_wrong_size(size, min(size - 1, _MOST_RATIO * len(data))))
    stream, written, at = isal_zlib.decompressobj(), 0, 0
    with tempfile.TemporaryFile(prefix="git-forensics-") as file:
        try:
            while not stream.eof and written <= size:
                given: bytes | memoryview = stream.unconsumed_tail
                if not given:
                    given, at = data[at : at + _PIECE], at + _PIECE
                piece = stream.decompress(given, _PIECE)
                if not piece and not given:  # nothing in, and nothing left to come out
                    break
                file.write(piece[skip:] if not written else piece)
                written += len(piece)
        except InflateError:
            raise Damaged("its compressed data is damaged") from None
        except OSError as error:
            raise Damaged(f"no room for it in the temporary folder: {error.strerror}") from None
        if written != size or not stream.eof:
            raise Damaged(_wrong_size(size, written))
        if size == skip:
            return b""
        file.flush()
        return mmap.mmap(file.fileno(), size - skip, access=mmap.ACCESS_READ)


def apply(base: Content, delta: Content, limits: Limits) -> Content:
    """The object that `delta` makes of `base`.

    Raises:
        Damaged: the delta is malformed, or meant for another base.
    """
    try:
        size = sizes(delta)[1]
        if size <= limits.in_memory and isinstance(base, bytes) and isinstance(delta, bytes):
            return b"".join(apply_delta(base, delta))
        return _apply_to_file(base, delta, size, limits)
    except (ApplyDeltaError, IndexError, MemoryError, OverflowError):
        raise Damaged("its delta is damaged") from None


def _apply_to_file(base: Content, delta: Content, size: int, limits: Limits) -> Content:
    """`apply` for what does not fit in memory."""
    if size > limits.most:
        raise Damaged(f"it is larger than the limit of {limits.most} bytes")
    at, end, written = sizes(delta)[2], len(delta), 0
    with tempfile.TemporaryFile(prefix="git-forensics-") as file:
        while at < end and written <= size:
            code = delta[at]
            if code & 128:
                start, length, at = read_copy(delta, at)
                if start + length > len(base):
                    raise Damaged("its delta is damaged")
                piece = base[start : start + length]
            elif code:
                piece = delta[at + 1 : at + 1 + code]
                at += 1 + code
            else:
                raise Damaged("its delta is damaged")
            try:
                written += file.write(piece)
            except OSError as error:
                reason = f"no room for it in the temporary folder: {error.strerror}"
                raise Damaged(reason) from None
        if written != size:
            raise Damaged(_wrong_size(size, written))
        if not size:
            return b""
        file.flush()
        return mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
