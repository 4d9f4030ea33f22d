"""Who made each commit, and what each of them had: secrets that stood on a commit of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from forensics.index.history_store import StoredSegment
from forensics.index.records import Person
from forensics.scan.graph import Graph

__all__ = ["Access", "Makers", "makers_of"]


@dataclass(frozen=True, slots=True)
class Makers:
    """Author and committer of each commit."""

    people: Sequence[Person]
    of: Sequence[Sequence[int]]
    """By number of the commit, places in `people`."""


def makers_of(segments: Sequence[StoredSegment], graph: Graph) -> Makers:
    """Who made the commits of a graph."""
    number: dict[Person, int] = {}
    made: list[Sequence[int]] = [()] * len(graph.ids)
    for segment in segments:
        people = [number.setdefault(Person(*one), len(number)) for one in segment.people]
        pairs = np.array(people, np.int64)[segment.made[:, (0, 3)]].tolist()
        for commit, pair in zip(segment.commits, pairs, strict=True):
            made[graph.number[commit]] = pair
    return Makers([*number], made)


@dataclass(slots=True)
class Access:
    """What authors and committers had, as bits, while history is followed."""

    makers: Makers
    _had: dict[int, int] = field(default_factory=dict)
    _last: dict[int, int] = field(default_factory=dict)

    def add(self, commit: int, held: int) -> None:
        """Who made a commit had what is `held` there."""
        for person in self.makers.of[commit]:
            if self._last.get(person) is not held:  # most commits hold what the one before did
                self._last[person] = held
                self._had[person] = self._had.get(person, 0) | held

    def by_person(self) -> dict[Person, int]:
        """By person, all that they had."""
        return {self.makers.people[person]: had for person, had in self._had.items()}
