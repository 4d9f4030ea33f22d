"""Pointers of Git LFS, and of which the payload was read: a part of what is covered."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from typing import NamedTuple

__all__ = ["ABSENT", "READ", "UNREADABLE", "PayloadClaim", "joined", "packed"]

ABSENT, UNREADABLE, READ = range(3)
"""What came of a payload. Of several claims of one run the highest counts."""


class PayloadClaim(NamedTuple):
    """A pointer, and what came of its payload."""

    state: int
    oid: bytes
    """Of the blob that points."""
    payload: bytes
    """Its SHA-256."""
    size: int
    start: int
    line: int
    """Where the digits of the SHA-256 start in the blob, and on which line."""


def packed(claims: Iterable[PayloadClaim]) -> bytes:
    """Claims one after another, all with ids of one length."""
    return b"".join(
        struct.pack(f">B{len(one.oid)}s32sQHH", *one) for one in sorted(claims, key=lambda c: c.oid)
    )


def joined(pieces: Iterable[bytes], length: int) -> Mapping[bytes, PayloadClaim]:
    """The claims in several pieces, by the id of the blob.

    Args:
        pieces: as `packed` makes them.
        length: bytes of an object id.
    """
    found: dict[bytes, PayloadClaim] = {}
    for piece in pieces:
        for fields in struct.iter_unpack(f">B{length}s32sQHH", piece):
            one = PayloadClaim(*fields)
            if one.oid not in found or found[one.oid].state < one.state:
                found[one.oid] = one
    return found
