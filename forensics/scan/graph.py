"""Joining what was taken down of trees and commits into one graph."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forensics.git.graph import GraphPart
from forensics.index.history_store import HistorySegment

__all__ = ["join_parts", "join_segments", "numbered"]

Ids = NDArray[np.bytes_]
Ints = NDArray[np.int32]


def numbered(ids: Ids) -> tuple[Ids, Ints]:
    """The distinct ids, ascending, and for each id given its place among them."""
    length = ids.dtype.itemsize
    raw = np.frombuffer(ids.tobytes(), np.uint8).reshape(-1, length)
    # Eight bytes tell ids apart unless somebody took pains.
    prefix = np.ascontiguousarray(raw[:, :8]).view(">u8")[:, 0].astype(np.uint64)
    _, first, place = np.unique(prefix, return_index=True, return_inverse=True)
    distinct = ids[first]
    if (distinct[place] != ids).any():
        distinct, place = np.unique(ids, return_inverse=True)
    return distinct, place.astype(np.int32)


def _ids(data: list[bytes], length: int) -> Ids:
    return np.frombuffer(b"".join(data), f"S{length}")


def _numbers(data: list[array[int]]) -> Ints:
    return np.concatenate([np.zeros(0, np.int32), *(np.array(one, np.int32) for one in data)])


def join_parts(
    parts: Sequence[GraphPart],
    names: dict[bytes, tuple[bytes, bytes]],
    hash_bytes: int,
) -> HistorySegment:
    """One segment of what several tasks took down.

    Args:
        parts: of the tasks.
        names: for each entry name in them, what may be stored of it and its fingerprint.
        hash_bytes: length of an id.
    """
    given = [
        _ids([bytes(hash_bytes)], hash_bytes),
        *(
            _ids([getattr(part, field) for part in parts], hash_bytes)
            for field in ("trees", "bases", "entry_ids", "commits", "roots", "parents")
        ),
    ]
    ids, place = numbered(np.concatenate(given))
    edges = np.cumsum([len(group) for group in given])
    _, trees, bases, entry_ids, commits, roots, parents = np.split(place, edges[:-1])
    number = {name: at for at, name in enumerate(names)}
    entry_names = [
        np.array([number[name] for name in part.names], np.int32)[
            np.array(part.entry_names, np.int64)
        ]
        for part in parts
    ]
    kinds = np.frombuffer(b"".join(part.entry_kinds for part in parts), np.uint8)
    return HistorySegment(
        ids,
        tuple(names.values()),
        trees,
        bases,
        _numbers([part.changed for part in parts]),
        np.concatenate([np.zeros(0, np.int32), *entry_names]),
        kinds.astype(np.int32),
        entry_ids,
        commits,
        roots,
        _numbers([part.parent_counts for part in parts]),
        parents,
    )


def join_segments(segments: Sequence[HistorySegment]) -> HistorySegment:
    """One segment of several. Trees and commits read more than once stay more than once."""
    if len(segments) == 1:
        return segments[0]
    ids, place = numbered(np.concatenate([segment.ids for segment in segments]))
    where = np.split(place, np.cumsum([len(segment.ids) for segment in segments])[:-1])
    names: dict[tuple[bytes, bytes], int] = {}
    name_places = [
        np.array([names.setdefault(name, len(names)) for name in segment.names], np.int32)
        for segment in segments
    ]

    def joined(field: str, maps: Sequence[Ints] | None = None) -> Ints:
        arrays = [getattr(segment, field) for segment in segments]
        if maps is not None:
            arrays = [
                to[values] if len(values) else values
                for to, values in zip(maps, arrays, strict=True)
            ]
        return np.concatenate(arrays)

    return HistorySegment(
        ids,
        tuple(names),
        joined("trees", where),
        joined("bases", where),
        joined("changed"),
        joined("entry_names", name_places),
        joined("entry_kinds"),
        joined("entry_ids", where),
        joined("commits", where),
        joined("roots", where),
        joined("parent_counts"),
        joined("parents", where),
    )
