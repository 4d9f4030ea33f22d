"""Building the objects of one task, each right after its delta base."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Generator, Sequence
from typing import Any, NamedTuple

from forensics.git.families import Families
from forensics.git.inflate import Content, Damaged, Limits, apply
from forensics.git.pack import Pack
from forensics.git.packheaders import FAULTS

__all__ = ["Built", "Unbuilt", "Voucher", "walk"]


class Unbuilt(NamedTuple):
    """An object that could not be built from this pack."""

    number: int
    reason: str


Built = tuple[int, "Content | None", int]
"""Number, content and its size; no content where the version was vouched for."""

Voucher = Callable[[Content, Content, int], "int | None"]
"""Given a version, the delta of the next one, and how many bytes around a change to look at for the
sake of what stands in the version: the next one's size if it need not be looked at; else None."""

_HELD_AT_MOST = 96 << 20
"""Bytes of bases kept for siblings; past it they are derived anew when needed."""


def walk(
    pack: Pack,
    families: Families,
    starts: Sequence[int],
    limits: Limits,
    copy: Callable[[int], Content | None],
    vouch: Voucher,
) -> Generator[Built | Unbuilt, Any, None]:
    """Yield every object at and above `starts`, up to where other tasks start.

    What stands on an object for which a number was sent back is offered to `vouch` with it first.
    If that knows its size, the object comes without its content, which is built only if others
    stand on it, and what was sent back for its base holds for it too.

    An object that is damaged in this pack is taken from `copy`, so that those on it survive.
    Children come after their base, the deepest subtree last, so that few bases are held.
    """
    base_of = pack.headers.base.data
    children, first = families.children.data, families.first_child.data
    elsewhere = families.starts_task.view("u1").data
    # number, content of the base, what was sent back for it, bytes freed when it is taken
    stack: list[tuple[int, Content | None, Any, int]] = [
        (int(start), None, None, 0) for start in reversed(starts)
    ]
    held = 0
    while stack:
        number, base, offered, freed = stack.pop()
        held -= freed
        size: int | None = None
        try:
            if base_of[number] < 0:
                content = pack.inflate(number, limits)
            else:
                if base is None:
                    base = pack.derive(base_of[number], limits, copy)
                delta = pack.inflate(number, limits)
                if offered:
                    size = vouch(base, delta, offered)
                    if size is not None and first[number] == first[number + 1]:
                        yield number, None, size
                        continue
                content = apply(base, delta, limits)
        except Damaged as damage:
            found = copy(number)
            if found is None:
                yield Unbuilt(number, str(damage))
                for lost in _above(number, children, first, elsewhere):
                    yield Unbuilt(lost, FAULTS[-1])
                continue
            content, size = found, None
        base = None
        if size is None:
            offered = yield number, content, len(content)
        else:
            yield number, None, size
        freed = len(content) if isinstance(content, bytes) else 0
        for place in range(first[number], first[number + 1]):
            child = children[place]
            if not elsewhere[child]:
                stack.append((child, content, offered, freed))
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
