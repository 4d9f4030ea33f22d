"""The run of bytes that an expression may start with, taken apart from the rest."""

from __future__ import annotations

from typing import NamedTuple

from detectors.foreign.tree import Bytes, Group, Repeat

__all__ = ["Run", "without_run"]


class Run(NamedTuple):
    """Bytes of a set that may stand before a match, up to so many."""

    mask: int = 0
    most: int = 0


def without_run(tree: Group) -> tuple[Group, Run]:
    """An expression without the run of bytes that it may start with, and that run.

    Whatever the run holds, the rest of the match is the same; and looking for the rest alone saves
    trying every start of the run at every place.
    """
    run = Run()
    if len(tree.choices) > 1:
        return tree, run
    parts = tree.choices[0]
    while len(parts) > 1:
        first = parts[0]
        if not isinstance(first, Repeat) or not isinstance(first.part, Bytes) or first.least:
            break
        if first.most is None or (run.most and run.mask != first.part.mask):
            break
        run = Run(first.part.mask, run.most + first.most)
        parts = parts[1:]
    return Group((parts,)), run
