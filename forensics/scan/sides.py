"""What the sides of a merge did before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

from forensics.scan.graph import Graph
from forensics.scan.pairs import Pairs

__all__ = ["NOTHING", "Side", "Sides"]

_MOST_ABOVE = 8
"""Removals of one pair, the last ones, that are tried for being on one side alone."""
_MOST_ASKED = 1_000
"""Pairs of which that is asked; more are said to be removed by the merge itself."""


class Side(NamedTuple):
    """What a parent holds, as bits of pairs."""

    holds: int
    ever: int
    """What it or any commit above it ever held."""
    gone: int
    """What it or any commit above it took away."""


NOTHING = Side(0, 0, 0)


class Sides:
    """Tells of pairs whether a side of a merge that lacks them took them away."""

    def __init__(self, graph: Graph, pairs: Pairs) -> None:
        """Look at a history; `pairs` has the events so far."""
        self._above = cache(graph.is_ancestor)  # files hold many secrets that share their fate
        self._pairs = pairs
        self._asked = 0

    def of(self, sides: Mapping[int, Side]) -> Callable[[int], bool]:
        """What tells it for the merge of these, by number of the commit."""

        def undone(number: int) -> bool:
            lacking = [one for one, side in sides.items() if not side.holds >> number & 1]
            if not any(sides[one].ever >> number & 1 for one in lacking):
                return False
            holding = [one for one in sides if one not in lacking]
            if not all(sides[one].gone >> number & 1 for one in holding):
                return True
            # It came back where it is held: which removal does that side not know?
            self._asked += 1
            return self._asked <= _MOST_ASKED and self._unknown(number, lacking, holding)

        return undone

    def _unknown(self, number: int, lacking: Sequence[int], holding: Sequence[int]) -> bool:
        events = self._pairs.all[number].events
        removals = (one.sequence for one in reversed(events) if one.kind == "removed")
        above = self._above
        return any(
            any(above(one, (side,)) for side in lacking)
            and not all(above(one, (side,)) for side in holding)
            for one in islice(removals, _MOST_ABOVE)
        )
