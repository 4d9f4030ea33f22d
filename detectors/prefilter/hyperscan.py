"""The prefilter over Hyperscan: every anchor in one pass, at gigabytes a second."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import hyperscan

from detectors.anchor import Anchor
from detectors.errors import RuleError
from detectors.prefilter import Found
from detectors.sealed import read_sealed, write_sealed

__all__ = ["HyperscanPrefilter"]

_LOOKAROUND = re.compile(r"\(\?<?[=!]")
_NAMED_GROUP = re.compile(r"\(\?P<\w+>")
_RARE = r"\xf5\xf6"
"""Bytes that stand in no text: UTF-8 has neither. With so short a literal among the expressions,
Hyperscan looks at every byte and not at every other one. For thousands of literals that is faster:
what it takes for one of them, and is none, costs twenty times what a byte does."""


def _shared(anchors: Sequence[Anchor]) -> dict[str, list[int]]:
    """What to look for, each expression once, and for which anchors."""
    wanted: dict[str, list[int]] = {_RARE: []}
    for number, anchor in enumerate(anchors):
        for part in anchor.parts or (anchor.expression,):
            wanted.setdefault(part, []).append(number)
    return wanted


def _grouped(
    anchors: Sequence[Anchor], wanted: Collection[Sequence[int]]
) -> tuple[list[list[int]], list[list[tuple[int, int]]]]:
    """Anchors that always stand together, as dozens of rules share one.

    Returns:
        The anchors of each group; and by expression, its groups and how far before the end of a
        match a finding may start.
    """
    expressions: list[list[int]] = [[] for _ in anchors]
    for expression, those in enumerate(wanted):
        for number in those:
            expressions[number].append(expression)
    groups: dict[tuple[tuple[int, ...], int], list[int]] = {}
    for number, anchor in enumerate(anchors):
        reach = 0 if anchor.by_line else anchor.width + anchor.lead
        groups.setdefault((tuple(expressions[number]), reach), []).append(number)
    told: list[list[tuple[int, int]]] = [[] for _ in wanted]
    for group, (those, reach) in enumerate(groups):
        for expression in those:
            told[expression].append((group, reach))
    return list(groups.values()), told


def _database(expressions: Collection[str]) -> Any:
    database = hyperscan.Database()
    database.compile(
        expressions=[_NAMED_GROUP.sub("(?:", one).encode() for one in expressions],
        ids=list(range(len(expressions))),
        elements=len(expressions),
        flags=[
            hyperscan.HS_FLAG_PREFILTER if _LOOKAROUND.search(one) else 0 for one in expressions
        ],
    )
    return database


def _compile(expressions: Collection[str]) -> Any:
    try:
        return _database(expressions)
    except hyperscan.HyperscanError as error:
        raise RuleError(f"Hyperscan cannot compile {_culprit(expressions)!r}: {error}") from None


def _culprit(expressions: Collection[str]) -> str:
    """The first expression that Hyperscan refuses."""
    for one in expressions:
        try:
            _database([one])
        except hyperscan.HyperscanError:
            return one
    return "all anchors together"


def _digest(expressions: Collection[str]) -> str:
    version = hyperscan.__version__  # type: ignore[attr-defined]  # its stubs leave it out
    facts = repr((version, os.uname().machine, tuple(expressions)))
    return hashlib.sha256(facts.encode()).hexdigest()


class HyperscanPrefilter:
    """One compiled database for all anchors, cached as bytes in the user's own folder."""

    name = "Hyperscan"

    def __init__(
        self, anchors: Sequence[Anchor], *, cache: Path | None = None, cache_key: bytes = b""
    ) -> None:
        wanted = _shared(anchors)
        self._alike, self._told = _grouped(anchors, wanted.values())
        if not anchors:
            self._database = None
        elif cache is None or not cache_key:
            self._database = _compile(wanted)
        else:
            self._database = _cached(wanted, cache / f"{_digest(wanted)}.hsdb", cache_key)
        if self._database is not None:
            self._database.scratch = hyperscan.Scratch(self._database)

    def find(self, content: bytes) -> Found | None:
        """Where findings may start, by anchor; None if none can."""
        if self._database is None:
            return None
        found: Found = {}
        # By position: to tell arguments by their names takes as long as a kilobyte of content.
        self._database.scan(content, self._note, 0, found)
        if not found:
            return None
        told: Found = {}
        for group, spans in found.items():
            told |= dict.fromkeys(self._alike[group], _in_order(spans))
        return told

    def _note(self, expression: int, _start: int, end: int, _flags: int, found: Found) -> None:
        for group, reach in self._told[expression]:
            first = max(0, end - reach)
            spans = found.get(group)
            if spans is None:
                found[group] = [(first, end)]
                continue
            low, high = spans[-1]
            if first <= high and low <= end:
                spans[-1] = (min(first, low), max(end, high))
            else:
                spans.append((first, end))


def _in_order(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places ascending and disjoint: Hyperscan tells of different expressions in an order
    of its own."""
    spans.sort()
    joined = spans[:1]
    for first, last in spans[1:]:
        if first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _cached(expressions: Collection[str], file: Path, key: bytes) -> Any:
    """The database from `file` if its seal is right, else compiled and written there."""
    dump = read_sealed(file, key)
    if dump is not None:
        with suppress(hyperscan.HyperscanError):
            return hyperscan.loadb(dump, mode=hyperscan.HS_MODE_BLOCK)
    database = _compile(expressions)
    write_sealed(file, key, hyperscan.dumpb(database))
    return database
