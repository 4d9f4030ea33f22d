"""Anchors: what the prefilter looks for in every byte of a history."""

from __future__ import annotations

import re

# The parser of the standard library is the only one here that gives widths; the alternative
# is a regular expression parser of our own.
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

__all__ = [
    "LINE_AFTER", "LINE_BEFORE", "LONG_LINE", "MAX_ANCHOR_WIDTH", "Anchor", "alternatives",
    "widest",
]  # fmt: skip

MAX_ANCHOR_WIDTH = 320
"""Bytes. Whatever the anchor looks at, lookarounds included, fits into this."""


LONG_LINE = 4096
"""Bytes. A longer line is not judged as a whole, but within so many bytes of each anchor."""
LINE_BEFORE, LINE_AFTER = 200, 120
"""Bytes before and after a line that it is judged by."""


class Anchor(NamedTuple):
    """A regular expression, bounded in width, found in every match that its detector confirms."""

    expression: str
    """Syntax that Python's `re`, `regex` and Hyperscan share; bytes, no UTF-8 mode.

    All three agree on `\\s`, `\\w`, `\\b`, `$`, `^`, `.` and `(?i)` for every byte. They differ on
    `\\Z`, which for Hyperscan also holds before a last line break: more is found, nothing lost.
    """
    width: int
    """Most bytes that one match of the expression looks at."""
    lead: int = 0
    """Bytes that a finding may start before its anchor does."""
    by_line: bool = False
    """Whether its detector judges the line in which an anchor ends by that line and the bytes next
    to it alone, see `LONG_LINE`. It is told where anchors end, not from where on to look."""
    keywords: tuple[str, ...] = ()
    """Lower-case literals, one of which stands in every match whatever its case; may be empty."""
    parts: tuple[str, ...] = ()
    """Where given, expressions that together find what `expression` does, which Hyperscan finds
    faster one by one: each begins with fixed bytes of its own."""


_BRACKETS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)


def alternatives(expression: str) -> tuple[str, ...]:
    """What `expression` is any of: its parts between each `|` that stands in no group.

    Not cut where flags for the whole of it stand at its start.
    """
    if expression.startswith("(?") and re.match(r"\(\?[a-zA-Z]+\)", expression):
        return (expression,)
    parts, start, depth = [], 0, 0
    for found in _BRACKETS.finditer(expression):
        depth += {"(": 1, ")": -1}.get(found.group(), 0)
        if found.group() == "|" and not depth:
            parts.append(expression[start : found.start()])
            start = found.end()
    return (*parts, expression[start:])


def _lookarounds(parsed: Any) -> int:
    """Sum of the widths of all lookarounds at any depth."""
    total = 0
    for kind, argument in parsed:
        if kind in (op.ASSERT, op.ASSERT_NOT):
            total += argument[1].getwidth()[1] + _lookarounds(argument[1])
            continue
        for part in argument if isinstance(argument, tuple | list) else (argument,):
            for inner in part if isinstance(part, list) else (part,):
                if isinstance(inner, parser.SubPattern):
                    total += _lookarounds(inner)
    return total


def widest(expression: str) -> int:
    """Most bytes that a match of `expression` can look at, lookarounds and `\\b` included.

    Raises:
        re.error: the expression does not parse.
    """
    parsed = parser.parse(expression.encode())
    boundaries = 2
    return int(parsed.getwidth()[1]) + _lookarounds(parsed) + boundaries
