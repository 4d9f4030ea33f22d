"""Pieces of known values over Hyperscan: all of them in one pass, at gigabytes a second."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from mmap import mmap
from typing import Any

import hyperscan

__all__ = ["HyperscanPieces"]


def _expression(piece: bytes) -> bytes:
    # Its interface for pure literals ends them at a zero byte, which UTF-16 is full of; as an
    # expression of escapes the same matcher is built, as fast.
    return b"".join(b"\\x%02x" % byte for byte in piece)


class HyperscanPieces:
    """One compiled database, which stays in memory: whoever has it has what it looks for."""

    name = "Hyperscan"

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._database: Any = hyperscan.Database()
        self._database.compile(
            expressions=[_expression(piece) for piece in pieces],
            ids=list(range(len(pieces))),
            elements=len(pieces),
            flags=[0] * len(pieces),
        )
        self._scratch_owner = 0

    def search(self, content: bytes | mmap, found: Callable[[int, int], bool | None]) -> None:
        """Call `found` as `PieceFinder` says."""
        database = self._database
        if self._scratch_owner != os.getpid():
            # A database that was inherited by a fork needs scratch space of its own.
            database.scratch = hyperscan.Scratch(database)
            self._scratch_owner = os.getpid()

        def on_match(
            piece: int, _start: int, end: int, _flags: int, _context: object
        ) -> bool | None:
            return found(piece, end)

        with suppress(hyperscan.ScanTerminated):  # `found` wished so
            database.scan(content, match_event_handler=on_match)
