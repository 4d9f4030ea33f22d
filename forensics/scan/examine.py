"""One content through the detectors: sightings out, secrets left behind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Protocol

from detectors.hit import Hit
from detectors.prefilter import Found
from detectors.scanner import Scanner
from detectors.secret import Secret, character_class
from forensics.index.records import Sighting, Skip
from forensics.key import Key

__all__ = ["Learn", "examine", "examine_large", "line_mark", "windows"]

Learn = Callable[[Sighting, Secret, Secret], None]
"""Gets a sighting, the secret's value in canonical form, and as it stands there."""


def _partner(content: bytes, hit: Hit, line: int) -> tuple[int, int, int] | None:
    """The span of what belongs to a hit on `line`, and the line of that."""
    if hit.partner is None:
        return None
    start, end = hit.partner
    if start < hit.start:
        return start, end, line - content.count(b"\n", start, hit.start)
    return start, end, line + content.count(b"\n", hit.start, start)


class Buffer(Protocol):
    """Bytes that need not be in memory."""

    def __len__(self) -> int: ...
    def __getitem__(self, place: slice, /) -> bytes: ...


_WINDOW = 64 << 20
_MARK = 64
"""Bytes before a secret that tell one place in a file from another."""
_OVERLAP = 1 << 20
"""Bytes that two windows share: more than any secret and its context take."""


def line_mark(key: Key, content: Buffer, line_start: int, start: int) -> bytes:
    """A keyed hash of what is before a secret on its line."""
    before = bytes(content[max(line_start, start - _MARK) : start])
    return key.fingerprint(b"line\0" + before.strip())[:8]


def examine(
    scanner: Scanner,
    key: Key,
    oid: bytes,
    kind: str,
    content: bytes,
    found: Found | None = None,
    learn: Learn | None = None,
) -> tuple[list[Sighting], list[Skip]]:
    """The sightings in a content, by position, and what could not be confirmed in time.

    `found` is what the prefilter found in it, if it was asked already.
    """
    result = scanner.scan(content) if found is None else scanner.confirm(content, found)
    skips = [Skip(oid, f"{name} ran out of time on it") for name in result.timed_out]
    skips += [Skip(oid, f"a detector failed on it, {what}") for what in result.failed]
    skips += [
        Skip(oid, f"something in it was not read: {why}", lasting=True) for why in result.unread
    ]
    sightings: list[Sighting] = []
    line, counted, line_start = 1, 0, 0
    for hit in result.hits:
        passed = content.count(b"\n", counted, hit.start)
        if passed:  # else it is on the line of the one before
            line += passed
            line_start = content.rfind(b"\n", counted, hit.start) + 1
        counted = hit.start
        last = hit.end - 1
        end_line = line + content.count(b"\n", hit.start, last)
        end_start = line_start if end_line == line else content.rfind(b"\n", 0, last) + 1
        value = hit.secret.reveal()
        sightings.append(
            Sighting(
                oid,
                kind,
                hit.kind.id,
                key.fingerprint(value),
                hit.secret.preview(hit.kind.prefix),
                len(value),
                character_class(value),
                hit.confidence,
                hit.checksum,
                hit.start,
                hit.end,
                line,
                hit.start - line_start + 1,
                end_line,
                last - end_start + 1,
                json.dumps(hit.facts) if hit.facts else None,
                json.dumps(hit.reasons) if hit.reasons else None,
                hit.decoded or None,
                _partner(content, hit, line),
                hit.ignored or None,
                line_mark(key, content, line_start, hit.start),
            )
        )
        if learn is not None:
            learn(sightings[-1], hit.secret, Secret(content[hit.start : hit.end]))
    return sightings, skips


def windows(content: Buffer) -> Iterator[tuple[int, bytes, int, int]]:
    """Position and content of each window, and the positions between which what starts is its
    own: away from its edges, where a secret or its context could be cut."""
    total, step, margin = len(content), _WINDOW - _OVERLAP, _OVERLAP // 2
    for at in range(0, max(total - _OVERLAP, 1), step):
        first = at + margin if at else 0
        end = at + step + margin if at + _WINDOW < total else total
        yield at, bytes(content[at : at + _WINDOW]), first, end


def examine_large(
    scanner: Scanner,
    key: Key,
    oid: bytes,
    kind: str,
    content: Buffer,
    learn: Learn | None = None,
) -> tuple[list[Sighting], list[Skip]]:
    """`examine`, a window at a time."""
    found: list[Sighting] = []
    skips: list[Skip] = []
    lines_before, line_start = 0, 0
    for at, window, first, end in windows(content):
        sightings, skipped = examine(scanner, key, oid, kind, window, learn=learn)
        skips += skipped
        for one in sightings:
            if not first <= one.start + at < end:
                continue
            shift = at - line_start
            moved = one._replace(
                start=one.start + at,
                end=one.end + at,
                start_line=one.start_line + lines_before,
                end_line=one.end_line + lines_before,
                start_column=one.start_column + (shift if one.start_line == 1 else 0),
                end_column=one.end_column + (shift if one.end_line == 1 else 0),
                partner=one.partner
                and (one.partner[0] + at, one.partner[1] + at, one.partner[2] + lines_before),
            )
            found.append(moved)
        passed = window[: _WINDOW - _OVERLAP]
        lines_before += passed.count(b"\n")
        if (last := passed.rfind(b"\n")) >= 0:
            line_start = at + last + 1
    return found, list(dict.fromkeys(skips))
