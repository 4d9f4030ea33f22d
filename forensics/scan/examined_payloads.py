"""Payloads of Git LFS behind contents that are examined one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from detectors.scanner import Scanner
from forensics.git.lfs import PayloadAbsent, PayloadDamaged, PayloadStore, Pointer, read_pointer
from forensics.index.payloads import ABSENT, PayloadClaim
from forensics.index.records import Sighting, Skip
from forensics.key import Key
from forensics.scan.examine import Learn, examine, examine_large
from forensics.scan.payloads import at_pointer, claim

if TYPE_CHECKING:
    from forensics.git.inflate import Content
    from forensics.scan.by_value import Look

__all__ = ["ExaminedPayloads"]


class ExaminedPayloads:
    """Looks into payloads.

    Args:
        store: where they lie; None where there can be none.
        key: makes fingerprints.
        most_bytes: larger ones are left out.
    """

    def __init__(self, store: PayloadStore | None, key: Key, most_bytes: int | None) -> None:
        self._store, self._key, self._most_bytes = store, key, most_bytes
        self.absent: list[PayloadClaim] = []
        self.skips: list[Skip] = []
        self.left_out = 0
        self.bytes_read = 0
        self._read: dict[bytes, Pointer] = {}

    def look(
        self, scanner: Scanner, oid: bytes, content: Content, looks: Iterable[Look], learn: Learn
    ) -> list[Sighting]:
        """What rules find in the payload of a blob, and which known values stand there; nothing
        where the blob points to none."""
        pointer = read_pointer(oid, content) if self._store else None
        if pointer is None or self._store is None:
            return []
        if self._most_bytes is not None and pointer.size > self._most_bytes:
            self.left_out += 1
            return []
        try:
            payload = self._store.read(pointer)
        except PayloadAbsent:
            self.absent.append(claim(pointer, ABSENT))
            return []
        except PayloadDamaged as damage:
            self.skips.append(Skip(oid, str(damage)))
            return []
        self._read[oid] = pointer
        self.bytes_read += len(payload)
        if isinstance(payload, bytes):
            found, missed = examine(scanner, self._key, oid, "blob", payload, learn=learn)
        else:
            found, missed = examine_large(scanner, self._key, oid, "blob", payload, learn)
        self.skips += missed
        found += (one for look in looks for one in look(payload) or ())
        return at_pointer(pointer, self._key, found)

    def look_again(self, oid: bytes, looks: Iterable[Look]) -> list[Sighting]:
        """Which values stand in a payload that was read already."""
        pointer = self._read.get(oid)
        if pointer is None or self._store is None:
            return []
        try:
            payload = self._store.read(pointer)
        except (PayloadAbsent, PayloadDamaged):
            return []
        found = [one for look in looks for one in look(payload) or ()]
        return at_pointer(pointer, self._key, found)
