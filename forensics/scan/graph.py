"""The graph of commits: its order, and what leads to each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from forensics.index.history_store import StoredSegment
from forensics.scan.tips import BRANCH, DEFAULT, REACHES, REFLOG, STASH, TAG, TipSets

__all__ = ["Parents", "first_parents", "is_ancestor", "parents_first", "reach_name", "reaches"]

Parents = Mapping[bytes, tuple[bytes, ...]]
"""The parents of every commit, in an order in which parents come before children."""


def parents_first(segments: Sequence[StoredSegment]) -> Parents:
    """The parents of every commit, those that were not read left out."""
    known = {
        commit: parents
        for segment in segments
        for commit, parents in zip(segment.commits, segment.parents, strict=True)
    }
    above = {
        commit: tuple(parent for parent in parents if parent in known)
        for commit, parents in known.items()
    }
    children = dict.fromkeys(above, 0)
    for parents in above.values():
        for parent in parents:
            children[parent] += 1
    # From the ids alone, so that the order does not depend on how objects are packed.
    ready = sorted(commit for commit, count in children.items() if not count)
    order: list[bytes] = []
    while ready:
        commit = ready.pop()
        order.append(commit)
        for parent in above[commit]:
            children[parent] -= 1
            if not children[parent]:
                ready.append(parent)
    return {commit: above[commit] for commit in reversed(order)}


def reaches(parents: Parents, tips: TipSets) -> dict[bytes, int]:
    """Bits of what leads to each commit; see `reach_name`."""
    reach: dict[bytes, int] = {}
    heads = {tips.head} if tips.head else set()
    for commits, bit in (
        ({tips.default} if tips.default else set(), DEFAULT | BRANCH),
        (tips.branches | (tips.trees - tips.tagged) | heads, BRANCH),
        (tips.tags | tips.tagged, TAG),
        (tips.stashed, STASH),
        (tips.logged, REFLOG),
    ):
        for commit in commits:
            reach[commit] = reach.get(commit, 0) | bit
    for commit in reversed(list(parents)):
        bits = reach.get(commit, 0)
        if bits:
            for parent in parents[commit]:
                reach[parent] = reach.get(parent, 0) | bits
    return reach


def reach_name(bits: int) -> str:
    """The strongest of what leads to a commit: branch, tag, stash, reflog or none."""
    return REACHES[bits.bit_length()]


def first_parents(parents: Parents, tip: bytes | None) -> list[bytes]:
    """A commit and its line of first parents, the oldest first."""
    line: list[bytes] = []
    while tip is not None and tip in parents:
        line.append(tip)
        tip = next(iter(parents[tip]), None)
    return line[::-1]


def is_ancestor(
    parents: Parents, older: bytes, newer: Iterable[bytes], sequence: Mapping[bytes, int]
) -> bool:
    """Whether one commit is among `newer` or above them; `sequence` is the order of `parents`."""
    floor = sequence[older]
    todo, seen = list(newer), set[bytes]()
    while todo:
        commit = todo.pop()
        if commit == older:
            return True
        if commit not in seen and sequence[commit] > floor:
            seen.add(commit)
            todo.extend(parents[commit])
    return False
