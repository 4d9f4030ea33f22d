"""Pack indexes, versions 1 and 2. Source: https://git-scm.com/docs/gitformat-pack"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forensics.git.smallfile import read_small

__all__ = ["DamagedPack", "PackIndex", "read_pack_index"]

_MAGIC = b"\xfftOc\x00\x00\x00\x02"
_FANOUT = 8 + 256 * 4
_MOST_INDEX = 8 << 30
"""Bytes: some two hundred million objects."""


class DamagedPack(Exception):
    """A pack or its index cannot be read as a whole; the message says why."""


class PackIndex(NamedTuple):
    """The objects of one pack, in the order of their offsets."""

    names: NDArray[np.bytes_]
    """Object ids, shape (n,), each of the repository's hash length."""
    offsets: NDArray[np.int64]
    """Ascending positions in the pack, shape (n,)."""


def read_pack_index(path: Path, hash_bytes: int) -> PackIndex:
    """The index of one pack.

    Raises:
        DamagedPack: no index, cut off, or inconsistent.
    """
    try:
        data = read_small(path, _MOST_INDEX)
    except OSError as error:
        raise DamagedPack(f"the pack index cannot be read: {error.strerror}") from None
    if data[:8] != _MAGIC:
        return _read_version_1(data, hash_bytes)
    if len(data) < _FANOUT + 2 * hash_bytes:
        raise DamagedPack("the pack index is cut off")
    count = int.from_bytes(data[_FANOUT - 4 : _FANOUT], "big")
    at = _FANOUT + count * (hash_bytes + 4)
    far_at, end = at + 4 * count, len(data) - 2 * hash_bytes
    if far_at > end or (end - far_at) % 8:
        raise DamagedPack("the pack index is cut off")
    names = np.frombuffer(data, f"S{hash_bytes}", count, _FANOUT)
    offsets = np.frombuffer(data, ">u4", count, at).astype(np.int64)
    far = np.frombuffer(data, ">i8", (end - far_at) // 8, far_at).astype(np.int64)
    is_far = offsets & 0x80000000 != 0
    places = offsets[is_far] & 0x7FFFFFFF
    if len(places) and (not len(far) or int(places.max()) >= len(far)):
        raise DamagedPack("the pack index points outside its table of far offsets")
    offsets[is_far] = far[places]
    order = np.argsort(offsets)
    return PackIndex(names[order], offsets[order])


def _read_version_1(data: bytes, hash_bytes: int) -> PackIndex:
    """Entries of a 4-byte offset and an id, after the fan-out table."""
    start, entry = 256 * 4, 4 + hash_bytes
    count = int.from_bytes(data[start - 4 : start], "big")
    if len(data) < start or len(data) != start + count * entry + 2 * hash_bytes:
        raise DamagedPack("the pack index is damaged")
    fields = np.dtype([("offset", ">u4"), ("name", f"S{hash_bytes}")])
    entries = np.frombuffer(data, fields, count, start)
    order = np.argsort(entries["offset"])
    return PackIndex(
        np.ascontiguousarray(entries["name"][order]), entries["offset"][order].astype(np.int64)
    )
