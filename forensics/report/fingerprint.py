"""Fingerprints that may leave the team: made without the key, of what anybody can read.

A finding is known by its rule, its path, what stands on its line beside secrets, and its number
among those that are alike in all of this. So the same history gives the same fingerprints on
every machine and under every key, and they stay when lines move or commits are rebased. Nothing
of the secret is in them, so no guess can be tested against one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from forensics.scan.reported import Reported

__all__ = ["Named", "named"]

_NEVER = 1 << 62
_VERSION = b"git-forensics 1"


class Named(NamedTuple):
    """A finding with a fingerprint of its own among those of its repository."""

    reported: Reported
    fingerprint: str
    """32 hexadecimal digits."""
    by_line: bool
    """Whether its line could be read; without it, the fingerprint rests on rule and path alone."""


class _Alike(NamedTuple):
    rule: bytes
    path: bytes
    line: bytes


def named(findings: Iterable[Reported]) -> list[Named]:
    """The findings of one repository with their fingerprints, the worst first, in an order that
    does not depend on the key."""
    groups: dict[tuple[_Alike, bool], list[Reported]] = {}
    for one in findings:
        groups.setdefault((_alike(one), one.place.line is not None), []).append(one)
    found = [
        Named(one, _digest(alike, number), by_line)
        for (alike, by_line), group in groups.items()
        for number, one in enumerate(sorted(group, key=_age))
    ]
    return sorted(found, key=_worst_first)


def _alike(one: Reported) -> _Alike:
    finding = one.finding
    path = b"<%s>" % finding.kind.encode() if finding.path is None else finding.path
    return _Alike(finding.rule.encode(), path, one.place.line or b"")


def _digest(alike: _Alike, number: int) -> str:
    framed = b"".join(b"%d:%s" % (len(part), part) for part in (_VERSION, *alike))
    return hashlib.sha256(framed + b"%d" % number).hexdigest()[:32]


def _age(one: Reported) -> tuple[object, ...]:
    """Those that came later have higher numbers, so that older ones keep theirs. When a commit was
    written outlives a rebase, which its id, its place in a graph and its committer's date do
    not."""
    came = [
        event for event in one.events
        if event.kind == "introduced" and event.at.commit == one.finding.commit
    ]  # fmt: skip
    written = min((event.at.author_time for event in came), default=_NEVER)
    finding = one.finding
    return (
        written, one.start, one.place.oid, finding.preview,
        # For several out of one archive, which share a place.
        finding.length, finding.confidence, finding.commit or "", finding.facts or "",
    )  # fmt: skip


_SEVERITIES = ("critical", "high", "medium", "low")


def _worst_first(one: Named) -> tuple[object, ...]:
    finding, place = one.reported.finding, one.reported.place
    return (
        not finding.counts,
        finding.ignored is not None,
        _SEVERITIES.index(finding.severity),
        finding.rule,
        finding.path or b"",
        place.start_line,
        place.start_column or 0,
        one.fingerprint,
    )
