"""Object headers of a whole pack, decoded at once.

Source: https://git-scm.com/docs/gitformat-pack
"""

from __future__ import annotations

import mmap
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forensics.git.packindex import PackIndex

__all__ = ["BLOB", "COMMIT", "KINDS", "TAG", "TREE", "PackHeaders", "read_headers", "release"]

COMMIT, TREE, BLOB, TAG = 1, 2, 3, 4
_OFS_DELTA, _REF_DELTA = 6, 7
KINDS = {COMMIT: "commit", TREE: "tree", BLOB: "blob", TAG: "tag"}

_AT_ONCE = 1 << 16
"""Headers decoded together; after each lot, the pages that held them are let go."""
_MOST_SIZE_BYTES = 9
"""Continuation bytes that keep a size below 2**63."""

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class PackHeaders(NamedTuple):
    """Arrays of shape (n,), in the order of offsets; objects are numbered by it."""

    kind: NDArray[np.int8]
    """Of the object itself for whole ones, of its root for deltas; 0 where that is unknown."""
    size: Ints
    """Declared size in bytes of what the data inflates to: the object, or the delta."""
    base: Ints
    """Number of the delta base; -1 for whole objects."""
    data: Ints
    """Position in the pack where the compressed data starts."""
    end: Ints
    """Position after the compressed data."""
    fault: NDArray[np.int8]
    """0, or the reason in `FAULTS` why the object cannot be read from this pack."""
    root: Ints
    """Number of the whole object that the delta chain starts from."""
    depth: Ints
    """Length of the delta chain below the object; 0 for whole ones."""


FAULTS = (
    "",
    "its place in the pack index is outside the pack",
    "its header in the pack is damaged",
    "its type in the pack is unknown",
    "its delta base is missing from the pack",
    "its delta chain runs in a circle",
    "its delta base cannot be read",
)
_OUTSIDE, _HEADER, _TYPE, _MISSING, _CIRCLE, _CHAIN = range(1, len(FAULTS))


def _varint(raw: NDArray[np.uint8], at: Ints, value: Ints, shift: int, more: Flags) -> Flags:
    """Continue little-endian base-128 numbers in place; True where one does not end."""
    for _ in range(_MOST_SIZE_BYTES):
        if not more.any():
            break
        more &= at < len(raw)
        byte = np.where(more, raw[np.where(more, at, 0)], 0).astype(np.int64)
        if shift < 60:
            value |= (byte & 127) << shift
        at += more
        more = more & (byte & 128 != 0)
        shift += 7
    still: Flags = more
    return still


def _back_distance(raw: NDArray[np.uint8], at: Ints) -> tuple[Ints, Flags]:
    """Offsets to delta bases, moving `at` past them; True where one does not end."""
    value = np.full(len(at), -1, np.int64)
    more = np.ones(len(at), np.bool_)
    for _ in range(_MOST_SIZE_BYTES):
        if not more.any():
            break
        byte = np.where(more, raw[np.where(more, np.minimum(at, len(raw) - 1), 0)], 0)
        byte = byte.astype(np.int64)
        value = np.where(more, ((value + 1) << 7) | (byte & 127), value)
        at += more
        more = more & (byte & 128 != 0) & (at < len(raw))
    return value, more


def _find(names: NDArray[np.bytes_], wanted: NDArray[np.bytes_]) -> Ints:
    """Numbers of the objects with these ids; -1 where there is none."""
    if not len(names):
        return np.full(len(wanted), -1, np.int64)
    order = np.argsort(names)
    place = np.minimum(np.searchsorted(names, wanted, sorter=order), len(names) - 1)
    found = order[place]
    return np.where(names[found] == wanted, found, -1)


class _Stored(NamedTuple):
    """What stands in the headers of some objects, before any of it is looked up."""

    fault: NDArray[np.int8]
    kind: Ints
    size: Ints
    target: Ints
    """Offset of the delta base; -1 where there is none, or it is named by its id."""
    named: NDArray[np.bytes_]
    """Id of the delta base, where it is named by that."""
    data: Ints


def _decode(raw: NDArray[np.uint8], offsets: Ints, hash_bytes: int) -> _Stored:
    count = len(offsets)
    fault = np.zeros(count, np.int8)
    inside = (offsets >= 12) & (offsets < max(len(raw) - hash_bytes, 0))
    fault[~inside] = _OUTSIDE
    at = np.where(inside, offsets, 0)
    byte = raw[at].astype(np.int64) if len(raw) else np.zeros(count, np.int64)
    at += 1
    kind, size = (byte >> 4) & 7, byte & 15
    endless = _varint(raw, at, size, 4, byte & 128 != 0)
    fault[(fault == 0) & (endless | (size < 0))] = _HEADER
    target = np.full(count, -1, np.int64)
    named = np.zeros(count, f"S{hash_bytes}")
    by_offset = np.nonzero((kind == _OFS_DELTA) & (fault == 0))[0]
    if len(by_offset):
        position = at[by_offset]
        distance, endless = _back_distance(raw, position)
        target[by_offset] = offsets[by_offset] - distance
        at[by_offset] = position
        fault[by_offset[endless]] = _HEADER
    by_name = np.nonzero((kind == _REF_DELTA) & (fault == 0))[0]
    if len(by_name):
        position = np.minimum(at[by_name], max(len(raw) - hash_bytes, 0))
        window = position[:, None] + np.arange(hash_bytes)
        named[by_name] = np.ascontiguousarray(raw[window]).view(f"S{hash_bytes}")[:, 0]
        at[by_name] += hash_bytes
    fault[(fault == 0) & ((kind == 0) | (kind == 5))] = _TYPE
    return _Stored(fault, kind, size, target, named, at)


def read_headers(pack: memoryview, index: PackIndex, hash_bytes: int) -> PackHeaders:
    """Decode every header of a pack and follow every delta chain to its root.

    Nothing in the pack is trusted: whatever does not fit becomes a fault of its object.
    """
    raw = np.frombuffer(pack, np.uint8)
    offsets, count = index.offsets, len(index.offsets)
    pieces = []
    for first in range(0, max(count, 1), _AT_ONCE):
        pieces.append(_decode(raw, offsets[first : first + _AT_ONCE], hash_bytes))
        release(pack)
    fault, kind, size, target, named, at = map(np.concatenate, zip(*pieces, strict=True))
    base = np.full(count, -1, np.int64)
    by_offset = np.nonzero((kind == _OFS_DELTA) & (fault == 0))[0]
    if len(by_offset):
        wanted = target[by_offset]
        place = np.minimum(np.searchsorted(offsets, wanted), count - 1)
        base[by_offset] = np.where(offsets[place] == wanted, place, -1)
    by_name = np.nonzero((kind == _REF_DELTA) & (fault == 0))[0]
    if len(by_name):
        base[by_name] = _find(index.names, named[by_name])
    delta = (kind == _OFS_DELTA) | (kind == _REF_DELTA)
    fault[(fault == 0) & delta & (base < 0)] = _MISSING
    end = np.append(offsets[1:], max(len(raw) - hash_bytes, 0))
    fault[(fault == 0) & (at >= end)] = _HEADER

    root, depth = _follow(base)
    fault[(fault == 0) & (base[root] >= 0)] = _CIRCLE
    fault[(fault == 0) & _chain_has_fault(base, fault)] = _CHAIN
    kind = np.where(fault == 0, kind[root], 0)
    return PackHeaders(kind.astype(np.int8), size, base, at, end, fault, root, depth)


def release(pack: memoryview) -> None:
    """Let go of the memory that what was read of a mapped pack takes; it can be read again."""
    mapped = pack.obj
    if isinstance(mapped, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)


def _follow(base: Ints) -> tuple[Ints, Ints]:
    """Root and depth of each chain, by doubling jumps; a circle's members get no true root."""
    root = np.where(base >= 0, base, np.arange(len(base)))
    depth = (base >= 0).astype(np.int64)
    for _ in range(max(len(base), 2).bit_length()):
        further = root[root]
        depth = depth + depth[root]
        if np.array_equal(further, root):
            break
        root = further
    return root, depth


def _chain_has_fault(base: Ints, fault: NDArray[np.int8]) -> Flags:
    """Whether any object below in the chain has a fault."""
    if not fault.any():
        return np.zeros(len(base), np.bool_)
    below = np.where(base >= 0, base, np.arange(len(base)))
    tainted = fault != 0
    for _ in range(max(len(base), 2).bit_length()):
        tainted = tainted | tainted[below]
        below = below[below]
    found: Flags = tainted
    return found
