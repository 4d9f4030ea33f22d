"""Looking for known values in every object of a plan: what a worker process of a search does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from forensics.git.inflate import Content, Limits
from forensics.git.lfs import Pointer, read_pointer
from forensics.git.objects import ObjectReader, Skipped, Vouched
from forensics.git.plan import ObjectPlan, Task
from forensics.git.walk import Voucher

__all__ = ["Held", "SearchWork", "Searched", "search_task"]

Found = TypeVar("Found")

_MISMATCH = "its content does not fit its id"


class Held(NamedTuple, Generic[Found]):
    """An object in which something stands."""

    oid: bytes
    kind: str
    found: Sequence[Found]
    """What `look` gave; it must hold no value."""


class Searched(NamedTuple, Generic[Found]):
    """What the search of a task found. Crosses from worker to parent."""

    objects: dict[str, int]
    """How many were searched, by kind; those vouched for count as `blob`."""
    bytes: dict[str, int]
    verified: int
    """Objects whose content was seen to fit their ids."""
    held: list[Held[Found]]
    skipped: list[Skipped]
    pointers: list[Pointer]
    """Of LFS."""


def search_task(
    reader: ObjectReader,
    task: Task,
    look: Callable[[Content], Sequence[Found] | None],
    *,
    verify: str = "",
    vouch: Voucher | None = None,
) -> Searched[Found]:
    """Look into every object of a task.

    Args:
        reader: of the plan.
        task: one of its tasks.
        look: says what stands in a content; None where nothing does that a change elsewhere in it
            could complete.
        verify: the hash that ids are made with, if contents are to be compared with their ids.
        vouch: knows versions that need not be looked at, see `forensics.scan.changes`; such a
            version is never built, so it goes with no `verify`.
    """
    made: Searched[Found] = Searched({}, {}, 0, [], [], [])
    verified = 0
    stream = reader.read(task, vouch) if vouch else reader.read(task)
    near = 0
    while True:
        try:
            item = stream.send(near or None)
        except StopIteration:
            return made._replace(verified=verified)
        near = 0
        if isinstance(item, Skipped):
            made.skipped.append(item)
            continue
        if isinstance(item, Vouched):
            kind, length = "blob", item.size
        else:
            kind, length = item.kind, len(item.content)
            found = look(item.content)
            if found:
                made.held.append(Held(item.oid, kind, found))
            elif vouch and found is None:
                near = 1
            if kind == "blob" and (pointer := read_pointer(item.oid, item.content)) is not None:
                made.pointers.append(pointer)
            if verify:
                if _fits(verify, item.oid, kind, item.content):
                    verified += 1
                else:
                    made.skipped.append(Skipped(item.oid, _MISMATCH))
        made.objects[kind] = made.objects.get(kind, 0) + 1
        made.bytes[kind] = made.bytes.get(kind, 0) + length


def _fits(algorithm: str, oid: bytes, kind: str, content: Content) -> bool:
    digest = hashlib.new(
        algorithm, b"%s %d\0" % (kind.encode(), len(content)), usedforsecurity=False
    )
    digest.update(content)
    return digest.digest() == oid


class SearchWork(NamedTuple, Generic[Found]):
    """The work of a search, see `forensics.scan.pool.Work`. What it looks for are secrets, so a
    worker gets it by being forked, in no other way."""

    plan: ObjectPlan
    look: Callable[[Content], Sequence[Found] | None]
    verify: str = ""
    vouch: Voucher | None = None
    limits: Limits = Limits()
    sendable: bool = False

    def begin(self) -> Callable[[Task], Searched[Found]]:
        """Make a reader."""
        reader = ObjectReader(self.plan, self.limits)
        look, verify, vouch = self.look, self.verify, self.vouch
        return lambda task: search_task(reader, task, look, verify=verify, vouch=vouch)
