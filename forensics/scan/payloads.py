"""Payloads of Git LFS: which there are to read, and what stands in them, at their pointers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from forensics.git.lfs import PayloadAbsent, PayloadDamaged, PayloadStore, Pointer, read_pointer
from forensics.git.repository import Repository
from forensics.index.payloads import ABSENT, READ, UNREADABLE, PayloadClaim
from forensics.index.records import Sighting
from forensics.key import Key
from forensics.scan.examine import windows

if TYPE_CHECKING:
    from forensics.git.inflate import Content
    from forensics.git.plan import PayloadTask
    from forensics.index.coverage import Coverage

__all__ = [
    "KnownPayloads", "at_pointer", "claim", "payload_arrived", "payload_tasks", "payload_windows",
    "pointer_of",
]  # fmt: skip

_BEFORE = b"oid sha256:"
"""What stands on a pointer's line before the digits."""
_TASK = 16 << 20


def claim(pointer: Pointer, state: int) -> PayloadClaim:
    """What came of a pointer's payload, as the index keeps it."""
    return PayloadClaim(state, *pointer)


def pointer_of(claimed: PayloadClaim) -> Pointer:
    """The pointer of a claim."""
    return Pointer(*claimed[1:])


def payload_arrived(repository: Repository, coverage: Coverage) -> bool:
    """Whether a payload may be here now that no scan has read."""
    claims = coverage.payloads(repository.hash_bytes).values()
    unread = [pointer_of(one) for one in claims if one.state != READ]
    return bool(unread) and PayloadStore(repository.common_dir).any_there(unread)


class KnownPayloads:
    """What a scan knows of payloads.

    Args:
        store: where they lie.
        before: what earlier scans know, by the ids of the pointers.
    """

    def __init__(self, store: PayloadStore, before: Mapping[bytes, PayloadClaim]) -> None:
        self._store = store
        self._before = frozenset(oid for oid, one in before.items() if one.state == READ)
        self.claims = dict(before)

    def take(self, claims: Iterable[PayloadClaim]) -> None:
        """Take what a task tells."""
        self.claims.update((one.oid, one) for one in claims)

    def keep(self, there: set[bytes]) -> None:
        """Forget the pointers that are not there any more."""
        self.claims = {oid: one for oid, one in self.claims.items() if oid in there}

    def to_read(self) -> list[Pointer]:
        """The pointers whose payloads were not read and may be here now. Until a task tells what
        came of them, they count as unreadable."""
        found = []
        for oid, one in self.claims.items():
            if one.state == READ:
                continue
            here = self._store.there(pointer_of(one)) or not one.size
            self.claims[oid] = one._replace(state=UNREADABLE if here else ABSENT)
            if here:
                found.append(pointer_of(one))
        return found

    def read(self, *, before: bool = True) -> list[Pointer]:
        """The pointers whose payloads were read: by this scan, and `before` it."""
        return [
            pointer_of(one)
            for oid, one in self.claims.items()
            if one.state == READ and (before or oid not in self._before)
        ]

    def unread(self) -> set[bytes]:
        """Ids of the pointers whose payloads nobody looked into."""
        return {oid for oid, one in self.claims.items() if one.state != READ}


def payload_tasks(pointers: Iterable[Pointer]) -> list[PayloadTask]:
    """Tasks that read these payloads, small ones together."""
    from forensics.git.plan import PayloadTask  # NumPy, which few need

    found: list[PayloadTask] = []
    group: list[Pointer] = []
    weight = 0
    for one in sorted(pointers, key=lambda one: (-one.size, one.oid)):
        group.append(one)
        weight += one.size + 1
        if weight >= _TASK:
            found.append(PayloadTask(tuple(group), weight))
            group, weight = [], 0
    return [*found, PayloadTask(tuple(group), weight)] if group else found


def at_pointer(pointer: Pointer, key: Key, found: Sequence[Sighting]) -> list[Sighting]:
    """What stands in a payload as sightings in the blob that points to it: each secret once, at
    the digits that name the payload. `decoded` tells the line in the payload."""
    best: dict[bytes, Sighting] = {}
    for one in found:
        known = best.setdefault(one.fingerprint, one)
        if _ignored(one) < _ignored(known):
            best[one.fingerprint] = one
    column = len(_BEFORE) + 1
    mark = key.fingerprint(b"line\0" + _BEFORE)[:8]
    return [
        one._replace(
            oid=pointer.oid,
            kind="blob",
            start=pointer.start,
            end=pointer.end,
            start_line=pointer.line,
            start_column=column,
            end_line=pointer.line,
            end_column=column + pointer.end - pointer.start - 1,
            decoded=" > ".join(filter(None, (f"lfs:{one.start_line}", one.decoded))),
            partner=None,
            mark=mark,
        )
        for one in best.values()
    ]


def _ignored(one: Sighting) -> int:
    """0 where it stands openly, 1 where that depends on the path or commit, else 2."""
    return 0 if not one.ignored else 1 if one.ignored.startswith("?") else 2


def payload_windows(store: PayloadStore, oid: bytes, content: Content) -> Iterator[bytes]:
    """The payload that a blob points to, if it is one that does and the payload can be read; in
    pieces that overlap where it is large."""
    pointer = read_pointer(oid, content)
    if pointer is None:
        return
    try:
        payload = store.read(pointer)
    except (PayloadAbsent, PayloadDamaged):
        return
    for _, window, _, _ in windows(payload):
        yield window
