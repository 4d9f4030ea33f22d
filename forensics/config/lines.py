"""Where a value stands on a line."""

from __future__ import annotations

import re

__all__ = ["line_of", "quoted", "value_span"]

_MOST_QUOTED = 32_768
_DOUBLE = re.compile(rb'"((?:[^"\\]|\\.){0,%d}+)"' % _MOST_QUOTED, re.S)
_SINGLE = re.compile(rb"'([^']{0,%d}+)'" % _MOST_QUOTED)
_BACKTICK = re.compile(rb"`([^`]{0,%d}+)`" % _MOST_QUOTED)
_QUOTED = {ord('"'): _DOUBLE, ord("'"): _SINGLE, ord("`"): _BACKTICK}
_REST = re.compile(rb"[ \t\r]*+(?:[;,#][^\n]*+)?(?:\n|$)")
_COMMENT = {mark: re.compile(rb"[ \t][%s]" % mark) for mark in (b"#", b";", b"#;")}


def line_of(content: bytes, at: int) -> int:
    """The line, from 1, of a byte."""
    return content.count(b"\n", 0, at) + 1


def quoted(content: bytes, start: int, end: int) -> tuple[int, int] | None:
    """What stands between quotes that open at `start` and close before `end`, if they do."""
    pattern = _QUOTED.get(content[start]) if start < end else None
    match = pattern.match(content, start, end) if pattern else None
    return match.span(1) if match else None


def value_span(
    content: bytes, start: int, end: int, comment: bytes = b"", *, across: bool = False
) -> tuple[int, int]:
    """First byte and end of the value between `start` and `end`, the end of a line.

    Quotes and what stands after a comment mark are left out.

    Args:
        content: of the file, or of the line alone.
        start: where the value may start; blanks before it are skipped.
        end: of the line.
        comment: characters that start a comment after a blank.
        across: whether a quoted value may go on on other lines.
    """
    while start < end and content[start] in b" \t":
        start += 1
    inside = quoted(content, start, end)
    if inside is None and across:
        inside = quoted(content, start, len(content))
        if inside and not _REST.match(content, inside[1] + 1):
            inside = None
    if inside and (comment or _REST.match(content, inside[1] + 1)):
        return inside
    if comment:
        match = _COMMENT[comment].search(content, start, end)
        if match:
            end = match.start()
        elif start < end and content[start] in comment:
            end = start
    return start, start + len(content[start:end].rstrip())
