"""Hexadecimal digits, two a byte."""

from __future__ import annotations

import string

from detectors.decoding.run_decoder import Encoding, RunDecoder
from detectors.decoding.words import CORE, STARTS

__all__ = ["hex_decoder"]


def _undo(text: bytes) -> bytes:
    return bytes.fromhex(text[: len(text) & ~1].decode())


def _place(start: int, end: int) -> tuple[int, int]:
    return 2 * start, 2 * end


HEX = Encoding(
    how="hex",
    alphabet=string.hexdigits.encode(),
    group=2,
    least=24,
    any_case=True,
    undo=_undo,
    place=_place,
)


def hex_decoder() -> RunDecoder:
    """The decoder for texts that hold a word of secrets."""
    return RunDecoder(HEX, {word[:8].hex().encode(): 0 for word in (*CORE, *STARTS)})
