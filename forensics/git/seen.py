"""Sets of object ids as ascending arrays.

NumPy compares strings slowly, so ids are sorted and looked up by their first eight bytes, which
tell them apart unless somebody took pains; then the whole ids decide.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Seen", "contains", "distinct"]

Ids = NDArray[np.bytes_]


def _prefixes(ids: Ids) -> NDArray[np.uint64]:
    raw = np.frombuffer(ids.tobytes(), np.uint8).reshape(-1, ids.dtype.itemsize)
    return np.ascontiguousarray(raw[:, :8]).view(">u8")[:, 0].astype(np.uint64)


def distinct(ids: Ids) -> Ids:
    """The ids, ascending, each once."""
    if not len(ids):
        return ids
    prefix = _prefixes(ids)
    order = np.argsort(prefix)
    prefix = prefix[order]
    ordered: Ids = ids[order]
    again = prefix[1:] == prefix[:-1]
    if not again.any():
        return ordered
    if (ordered[1:][again] != ordered[:-1][again]).any():
        ordered = np.unique(ids)
    else:
        ordered = ordered[np.append(True, ~again)]
    return ordered


def contains(ascending: Ids, wanted: Ids) -> NDArray[np.bool_]:
    """Which of `wanted` stand in `ascending`."""
    if not len(ascending) or not len(wanted):
        return np.zeros(len(wanted), np.bool_)
    held, sought = _prefixes(ascending), _prefixes(wanted)
    place = np.minimum(np.searchsorted(held, sought), len(held) - 1)
    found: NDArray[np.bool_] = ascending[place] == wanted
    doubtful = ~found & (held[place] == sought)
    if doubtful.any():
        place = np.minimum(np.searchsorted(ascending, wanted[doubtful]), len(ascending) - 1)
        found[doubtful] = ascending[place] == wanted[doubtful]
    return found


class Seen:
    """Which object ids were met before, so that copies are read once."""

    def __init__(self, known: Ids | None) -> None:
        self._known = known
        self._met: list[Ids] = []

    def add(self, names: Ids, allowed: Ids | None) -> NDArray[np.bool_]:
        """Which of `names` are to be read, and remember them.

        Args:
            names: ids, in any order.
            allowed: ids, ascending, outside of which nothing is read; None for no such limit.
        """
        fresh = np.ones(len(names), np.bool_)
        if allowed is not None:
            fresh &= contains(allowed, names)
        for before in self._met:
            fresh &= ~contains(before, names)
        ordered = distinct(names[fresh])
        if len(ordered) < int(fresh.sum()):  # the pack itself holds copies
            first = np.zeros(len(names), np.bool_)
            first[np.unique(names, return_index=True)[1]] = True
            fresh &= first
        self._met.append(ordered)
        if self._known is not None:
            fresh &= ~contains(self._known, names)
        return fresh
