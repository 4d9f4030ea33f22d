"""Sets of object ids as ascending arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Seen", "contains"]


def contains(ascending: NDArray[np.bytes_], wanted: NDArray[np.bytes_]) -> NDArray[np.bool_]:
    """Which of `wanted` stand in `ascending`."""
    if not len(ascending):
        return np.zeros(len(wanted), np.bool_)
    place = np.minimum(np.searchsorted(ascending, wanted), len(ascending) - 1)
    found: NDArray[np.bool_] = ascending[place] == wanted
    return found


class Seen:
    """Which object ids were met before, so that copies are read once."""

    def __init__(self, known: NDArray[np.bytes_] | None) -> None:
        self._known = known
        self._met: list[NDArray[np.bytes_]] = []

    def add(
        self, names: NDArray[np.bytes_], allowed: NDArray[np.bytes_] | None
    ) -> NDArray[np.bool_]:
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
        ordered = np.sort(names[fresh])
        if len(ordered) and (ordered[1:] == ordered[:-1]).any():
            first = np.zeros(len(names), np.bool_)
            first[np.unique(names, return_index=True)[1]] = True
            fresh &= first
            ordered = np.sort(names[fresh])
        self._met.append(ordered)
        if self._known is not None:
            fresh &= ~contains(self._known, names)
        return fresh
