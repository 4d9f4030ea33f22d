"""Pointing at a place in a text."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

from forensics.report.text import printable

__all__ = ["pointed"]

_BEFORE, _AFTER = 48, 24
"""Characters shown of a long text."""


def pointed(text: str, position: int) -> tuple[str, str]:
    """The text as a line, and a line with a caret under the character at `position`; of a long
    text, what is near it."""
    start = max(0, position - _BEFORE)
    before = ("…" if start else "") + printable(text[start:position])
    after = printable(text[position : position + _AFTER])
    after += "…" if position + _AFTER < len(text) else ""
    width = sum(0 if combining(one) else 1 + (east_asian_width(one) in "WF") for one in before)
    return before + after, " " * width + "^"
