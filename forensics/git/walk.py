"""Building the objects of one task, each right after its delta base."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from forensics.git.families import Families
from forensics.git.inflate import Content, Damaged, Limits, apply
from forensics.git.pack import Pack
from forensics.git.packheaders import FAULTS

__all__ = ["Built", "Unbuilt", "walk"]


@dataclass(frozen=True, slots=True)
class Unbuilt:
    """An object that could not be built from this pack."""

    number: int
    reason: str


Built = tuple[int, Content, "Content | None", Any]
"""Number, content, the delta that made it of its base, and what was answered to that base."""

_HELD_AT_MOST = 96 << 20
"""Bytes of bases kept for siblings; past it they are derived anew when needed."""


def walk(
    pack: Pack,
    families: Families,
    starts: Sequence[int],
    limits: Limits,
    copy: Callable[[int], Content | None],
) -> Generator[Built | Unbuilt, Any, None]:
    """Yield every object at and above `starts`, up to where other tasks start.

    What is sent back for an object is handed over with each object that stands on it, so that
    the caller can build its knowledge of a version on that of the version below.

    An object that is damaged in this pack is taken from `copy`, so that those on it survive.
    Children come after their base, the deepest subtree last, so that few bases are held.
    """
    base_of = pack.headers.base.data
    children, first = families.children.data, families.first_child.data
    elsewhere = families.starts_task.view("u1").data
    # number, content of the base, what was answered to it, bytes freed when this one is taken
    stack: list[tuple[int, Content | None, Any, int]] = [
        (int(start), None, None, 0) for start in reversed(starts)
    ]
    held = 0
    while stack:
        number, base, answer, freed = stack.pop()
        held -= freed
        delta: Content | None = None
        try:
            if base_of[number] < 0:
                content = pack.inflate(number, limits)
            else:
                if base is None:
                    base = pack.derive(base_of[number], limits, copy)
                delta = pack.inflate(number, limits)
                content = apply(base, delta, limits)
        except Damaged as damage:
            found, delta = copy(number), None
            if found is None:
                yield Unbuilt(number, str(damage))
                for lost in _above(number, children, first, elsewhere):
                    yield Unbuilt(lost, FAULTS[-1])
                continue
            content = found
        base = None
        answered = yield number, content, delta, answer
        freed = len(content) if isinstance(content, bytes) else 0
        for place in range(first[number], first[number + 1]):
            child = children[place]
            if not elsewhere[child]:
                stack.append((child, content, answered, freed))
                held += freed
                freed = 0
        if held > _HELD_AT_MOST:
            stack = [
                (child, kept if isinstance(kept, mmap.mmap) else None, known, 0)
                for child, kept, known, _ in stack
            ]
            held = 0


def _above(number: int, children: Any, first: Any, elsewhere: Any) -> list[int]:
    """Every object that stands on `number`, directly or not, and belongs to the same task."""
    found, at = [number], 0
    while at < len(found):
        one = found[at]
        found.extend(
            child for child in children[first[one] : first[one + 1]] if not elsewhere[child]
        )
        at += 1
    return found[1:]
