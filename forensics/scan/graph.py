"""The graph of commits: its order, and what leads to each.

Commits are numbers here, their places in an order in which parents come before children: walking
a long history by number costs half of what it costs by id. Of commits that no ancestry joins, the
one with the earlier date comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import chain

from forensics.index.history_store import StoredSegment
from forensics.scan.tips import BRANCH, DEFAULT, REACHES, REFLOG, STASH, TAG, TipSets

__all__ = ["Graph", "graph_of", "reach_name", "reaches"]

_COMMIT_TIME = 4
"""Its column in what is stored of who made a commit."""


@dataclass(frozen=True, slots=True)
class Graph:
    """Commits and their parents."""

    ids: Sequence[bytes]
    parents: Sequence[tuple[int, ...]]
    """Of each commit, those that were not read left out."""
    number: Mapping[bytes, int]
    """By id."""
    times: Sequence[int]
    """When each was committed, in seconds since 1970."""

    def line(self, tip: bytes | None) -> list[int]:
        """A commit and its line of first parents, the oldest first."""
        line: list[int] = []
        at = self.number.get(tip or b"")
        while at is not None:
            line.append(at)
            at = next(iter(self.parents[at]), None)
        return line[::-1]

    def beside(self, commit: bytes) -> list[bytes]:
        """The parents of a commit but the first."""
        at = self.number.get(commit)
        return [] if at is None else [self.ids[parent] for parent in self.parents[at][1:]]

    def behind(self, commit: bytes) -> int:
        """Seconds that a commit is dated before a parent of its own, 0 if it is not."""
        at = self.number.get(commit)
        above = () if at is None else self.parents[at]
        return max((self.times[one] - self.times[at or 0] for one in above), default=0)

    def is_ancestor(self, older: int, newer: Iterable[int]) -> bool:
        """Whether one commit is among `newer` or above them."""
        todo, seen = list(newer), set[int]()
        while todo:
            commit = todo.pop()
            if commit == older:
                return True
            if commit > older and commit not in seen:
                seen.add(commit)
                todo.extend(self.parents[commit])
        return False


def graph_of(segments: Sequence[StoredSegment]) -> Graph:
    """The graph of all commits that were read; what is told again counts as it was told last."""
    known: dict[bytes, tuple[bytes, ...]] = {}
    times: dict[bytes, int] = {}
    for segment in segments:
        known.update(zip(segment.commits, segment.parents, strict=True))
        times.update(zip(segment.commits, segment.made[:, _COMMIT_TIME].tolist(), strict=True))
    ids = list(known)
    number = {commit: at for at, commit in enumerate(ids)}
    above = [[number[one] for one in parents if one in number] for parents in known.values()]
    children = [0] * len(ids)
    for parent in chain.from_iterable(above):
        children[parent] += 1
    # By dates and ids alone, so that the order does not depend on how objects are packed.
    latest = sorted(range(len(ids)), key=lambda at: (times[ids[at]], ids[at]), reverse=True)
    rank = [0] * len(ids)
    for at, commit in enumerate(latest):
        rank[commit] = at
    ready = sorted(rank[commit] for commit, count in enumerate(children) if not count)
    order: list[int] = []
    while ready:
        commit = latest[heappop(ready)]
        order.append(commit)
        for parent in above[commit]:
            children[parent] -= 1
            if not children[parent]:
                heappush(ready, rank[parent])
    order.reverse()
    place = [0] * len(ids)
    for at, commit in enumerate(order):
        place[commit] = at
    ordered = [ids[commit] for commit in order]
    return Graph(
        ordered,
        [tuple([place[parent] for parent in above[commit]]) for commit in order],
        {commit: at for at, commit in enumerate(ordered)},
        [times[commit] for commit in ordered],
    )


def reaches(graph: Graph, tips: TipSets) -> dict[bytes, int]:
    """Bits of what leads to each commit and tip; see `reach_name`."""
    named: dict[bytes, int] = {}
    heads = {tips.head} if tips.head else set()
    for commits, bit in (
        ({tips.default} if tips.default else set(), DEFAULT | BRANCH),
        (tips.branches | (tips.trees - tips.tagged) | heads, BRANCH),
        (tips.tags | tips.tagged, TAG),
        (tips.stashed, STASH),
        (tips.logged, REFLOG),
    ):
        for commit in commits:
            named[commit] = named.get(commit, 0) | bit
    reach = [named.get(commit, 0) for commit in graph.ids]
    for at in range(len(reach) - 1, -1, -1):
        bits = reach[at]
        if bits:
            for parent in graph.parents[at]:
                reach[parent] |= bits
    return named | dict(zip(graph.ids, reach, strict=True))


def reach_name(bits: int) -> str:
    """The strongest of what leads to a commit: branch, tag, stash, reflog or none."""
    return REACHES[bits.bit_length()]
