"""Where a secret stood when it was triaged, so that a new place and a return can be told.

A place is kept as 17 bytes: the row of its repository (zero for any), a keyed hash of the path, or
of the object where there is no path, and whether it was at the tip of a ref, with how often it had
come back there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from forensics.key import Key

__all__ = [
    "ANY_REPOSITORY", "Place", "changes", "pack", "path_mark", "places_by_secret",
    "shown_places", "unpack",
]  # fmt: skip

ANY_REPOSITORY = 0
_SIZE = 17
_AT_TIP, _COUNTED, _MOST_RETURNS = 1, 128, 63
"""The last byte: a bit for the tip, six for returns, and one that says that these were counted."""

_PLACES = (
    "SELECT secret.fingerprint, occurrence.repository_id, path.shown, path.fingerprint,"
    " object.kind, oid, at_tip, (SELECT count(DISTINCT author_id || ' ' || author_time)"
    " FROM occurrence_event JOIN git_commit ON git_commit.id = commit_id"
    " WHERE occurrence_id = occurrence.id AND how IN ('reintroduced', 'rolled-back')"
    " AND git_commit.reach IN ('branch', 'tag'))"
    " FROM occurrence JOIN object ON object.id = object_id JOIN secret ON secret.id = secret_id"
    " LEFT JOIN path ON path.id = path_id WHERE {} ORDER BY occurrence.id"
)


class Place(NamedTuple):
    """A place of a secret."""

    repository: int
    mark: bytes
    """Keyed hash: 8 bytes."""
    at_tip: bool
    returns: int | None = None
    """How often it had come back there; None where nobody counted."""
    shown: str = ""
    """For people; not kept."""


def path_mark(key: Key, shown: bytes, masked: bytes = b"") -> bytes:
    """The keyed hash of a path."""
    return key.fingerprint(b"place\0path\0" + shown + b"\0" + masked)[:8]


def pack(places: Iterable[Place]) -> bytes:
    """Places as they are kept."""
    return b"".join(
        sorted({one.repository.to_bytes(8, "big") + one.mark + _state(one) for one in places})
    )


def _state(place: Place) -> bytes:
    returns = 0 if place.returns is None else _COUNTED | min(place.returns, _MOST_RETURNS) << 1
    return bytes([returns | place.at_tip])


def unpack(kept: bytes) -> list[Place]:
    """Places out of what is kept."""
    pieces = (kept[at : at + _SIZE] for at in range(0, len(kept), _SIZE))
    return [
        Place(
            int.from_bytes(one[:8], "big"),
            one[8:16],
            bool(one[16] & _AT_TIP),
            one[16] >> 1 & _MOST_RETURNS if one[16] & _COUNTED else None,
        )
        for one in pieces
    ]


def places_by_secret(
    connection: sqlite3.Connection, key: Key, term: str, values: tuple[object, ...]
) -> Mapping[bytes, list[Place]]:
    """Where secrets stand now, by fingerprint; several occurrences at a path are one place.

    Args:
        connection: of the index.
        key: the index's.
        term: an SQL term over the joined tables, of this package's own making.
        values: that it takes.
    """
    found: dict[bytes, dict[tuple[int, bytes], Place]] = {}
    marks: dict[tuple[bytes, bytes], bytes] = {}
    for secret, repository, shown, masked, kind, oid, tip, back in connection.execute(
        _PLACES.format(term), values
    ):
        if shown is None:
            mark = key.fingerprint(b"place\0" + kind.encode() + b"\0" + oid)[:8]
            text = f"{kind} {oid.hex()[:12]}"
        else:
            if (shown, masked) not in marks:
                marks[shown, masked] = path_mark(key, shown, masked)
            mark, text = marks[shown, masked], shown.decode("utf-8", "backslashreplace")
        known = found.setdefault(secret, {})
        before = known.get((repository, mark))
        at_tip = bool(tip) or (before is not None and before.at_tip)
        returns = back + (before.returns or 0 if before is not None else 0)
        known[repository, mark] = Place(repository, mark, at_tip, returns, text)
    return {secret: list(places.values()) for secret, places in found.items()}


def changes(before: Iterable[Place], now: Iterable[Place]) -> tuple[list[str], list[Place]]:
    """What calls for a new look, as sentences, and what to keep from now on.

    Args:
        before: as kept.
        now: those of one repository.
    """
    kept = {(one.repository, one.mark): one for one in before}
    reasons: list[str] = []
    for one in now:
        at = (one.repository, one.mark)
        known = kept.get(at) or kept.get((ANY_REPOSITORY, one.mark))
        if known is None:
            reasons.append(f"it stands at a new place, {one.shown}")
        elif one.at_tip and (not known.at_tip or _came_back(known, one)):
            reasons.append(f"it is back at {one.shown}")
        kept[at] = one
    return reasons, list(kept.values())


def _came_back(before: Place, now: Place) -> bool:
    """Whether it went and came back between two scans."""
    if before.returns is None or now.returns is None:
        return False
    return min(now.returns, _MOST_RETURNS) > before.returns


def shown_places(connection: sqlite3.Connection, key: Key) -> dict[bytes, str]:
    """Every path in the index in which nothing is masked, by its keyed hash."""
    rows = connection.execute("SELECT shown FROM path WHERE fingerprint = x''")
    return {path_mark(key, shown): shown.decode("utf-8", "backslashreplace") for (shown,) in rows}
