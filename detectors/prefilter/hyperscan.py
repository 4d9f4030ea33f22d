"""The prefilter over Hyperscan: every anchor in one pass, at gigabytes a second."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
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
_NEVER = r"\xf5\xf6"
"""Bytes that stand in no text: UTF-8 has neither. With so short a literal among the expressions,
Hyperscan chooses another matcher for all literals, which here read source code a quarter faster."""


def _database(anchors: Sequence[Anchor]) -> Any:
    parts = [
        (number, part)
        for number, anchor in enumerate(anchors)
        for part in anchor.parts or (anchor.expression,)
    ]
    parts.append((len(anchors), _NEVER))
    database = hyperscan.Database()
    database.compile(
        expressions=[_NAMED_GROUP.sub("(?:", part).encode() for _, part in parts],
        ids=[number for number, _ in parts],
        elements=len(parts),
        flags=[hyperscan.HS_FLAG_PREFILTER if _LOOKAROUND.search(part) else 0 for _, part in parts],
    )
    return database


def _compile(anchors: Sequence[Anchor]) -> Any:
    try:
        return _database(anchors)
    except hyperscan.HyperscanError as error:
        raise RuleError(f"Hyperscan cannot compile {_culprit(anchors)!r}: {error}") from None


def _culprit(anchors: Sequence[Anchor]) -> str:
    """The first expression that Hyperscan refuses."""
    for anchor in anchors:
        try:
            _database([anchor])
        except hyperscan.HyperscanError:
            return anchor.expression
    return "all anchors together"


def _digest(anchors: Sequence[Anchor]) -> str:
    version = hyperscan.__version__  # type: ignore[attr-defined]  # its stubs leave it out
    facts = repr((version, os.uname().machine, _NEVER, tuple(anchors)))
    return hashlib.sha256(facts.encode()).hexdigest()


class HyperscanPrefilter:
    """One compiled database for all anchors, cached as bytes in the user's own folder."""

    name = "Hyperscan"

    def __init__(
        self, anchors: Sequence[Anchor], *, cache: Path | None = None, cache_key: bytes = b""
    ) -> None:
        self._reach = [0 if anchor.by_line else anchor.width + anchor.lead for anchor in anchors]
        if not anchors:
            self._database = None
        elif cache is None or not cache_key:
            self._database = _compile(anchors)
        else:
            self._database = _cached(anchors, cache / f"{_digest(anchors)}.hsdb", cache_key)
        self._scratch_owner = 0

    def find(self, content: bytes) -> Found | None:
        """Where findings may start, by anchor; None if none can."""
        database = self._database
        if database is None:
            return None
        if self._scratch_owner != os.getpid():
            # A database that was loaded or inherited by a fork needs scratch space of its own.
            database.scratch = hyperscan.Scratch(database)
            self._scratch_owner = os.getpid()
        found: Found = {}
        reach = self._reach
        never = len(reach)

        def on_match(anchor: int, _start: int, end: int, _flags: int, _context: object) -> None:
            if anchor == never:
                return
            first = max(0, end - reach[anchor])
            spans = found.get(anchor)
            if spans is None:
                found[anchor] = [(first, end)]
            elif first <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((first, end))

        database.scan(content, match_event_handler=on_match)
        return found or None


def _cached(anchors: Sequence[Anchor], file: Path, key: bytes) -> Any:
    """The database from `file` if its seal is right, else compiled and written there."""
    dump = read_sealed(file, key)
    if dump is not None:
        with suppress(hyperscan.HyperscanError):
            return hyperscan.loadb(dump, mode=hyperscan.HS_MODE_BLOCK)
    database = _compile(anchors)
    write_sealed(file, key, hyperscan.dumpb(database))
    return database
