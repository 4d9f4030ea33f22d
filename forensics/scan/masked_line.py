"""The line around a secret with every secret on it masked, and columns as editors count them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from forensics.git.inflate import Content
from forensics.index.reported import Span
from forensics.scan.cut_values import CutValues

__all__ = ["cut_values", "masked_line", "masked_text", "merged", "utf16_column", "with_parts"]

_MASK = b"****"
_AROUND = 256
"""Bytes on either side of a secret that are kept of its line, with secrets masked."""
_REACH = 1 << 14
"""Bytes on either side that are looked at for these."""
_LONGEST = 1 << 14
"""Bytes of a value of which pieces are masked, too."""
_MOST_COLUMNS = 1 << 16
"""Bytes before a secret on its line up to which columns are counted."""


def merged(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Starts and ends of what has to be masked, in order, none touching another."""
    found: list[tuple[int, int]] = []
    for one in sorted((span.start, span.end) for span in spans):
        if found and one[0] <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], one[1]))
        else:
            found.append(one)
    return found


def cut_values(content: Content, spans: Iterable[tuple[int, int]]) -> CutValues:
    """What finds pieces of the values at these spans."""
    short = (bytes(content[start:end]) for start, end in spans if end - start <= _LONGEST)
    return CutValues((value, "") for value in short)


def with_parts(
    content: Content, first: int, end: int, spans: Sequence[tuple[int, int]], cut: CutValues
) -> list[tuple[int, int]]:
    """Of what has to be masked from `first` to before `end`: the merged spans and pieces of
    values."""
    low, high = bisect_right(spans, (first, -1)), bisect_right(spans, (end,))
    found = [Span(*one, 0, 0, "") for one in spans[max(low - 1, 0) : high]]
    parts = cut.standing_in(bytes(content[first:end]))
    found += [Span(first + one.start, first + one.end, 0, 0, "") for one in parts]
    return merged(found)


def masked_text(content: Content, first: int, end: int, spans: Sequence[tuple[int, int]]) -> bytes:
    """The content from `first` to before `end`, each of the merged spans as one mask, however much
    of it lies between."""
    parts: list[bytes] = []
    at = first
    for start, stop in spans[max(bisect_right(spans, (first, -1)) - 1, 0) :]:
        if start >= end:
            break
        if stop > at:
            parts += [bytes(content[at : max(at, start)]), _MASK]
            at = stop
    return b"".join([*parts, bytes(content[at:end])])


def masked_line(
    content: Content, start: int, end: int, spans: Sequence[tuple[int, int]], cut: CutValues
) -> bytes:
    """What stands on the lines of a secret before and after it, without white space at the ends;
    of long lines, the part next to it.

    Args:
        content: of the object.
        start: of the secret.
        end: of it.
        spans: of all secrets in the object, merged.
        cut: finds pieces of them.
    """
    least, most = max(0, start - _REACH), min(len(content), end + _REACH)
    before, after = bytes(content[least:start]), bytes(content[end:most])
    first = least + before.rfind(b"\n") + 1
    line_end = after.find(b"\n")
    last = most if line_end < 0 else end + line_end
    spans = with_parts(content, first, last, spans, cut)
    lead = masked_text(content, first, start, spans).removesuffix(_MASK)
    tail = masked_text(content, end, last, spans).removeprefix(_MASK)
    return (lead[-_AROUND:] + _MASK + tail[:_AROUND]).strip()


def utf16_column(content: Content, at: int) -> int | None:
    """The column, from 1, of a byte on its line, in units of UTF-16; None where its line is too
    long to count. Bytes that are no UTF-8 count as one each."""
    least = max(0, at - _MOST_COLUMNS)
    before = bytes(content[least:at])
    line_break = before.rfind(b"\n")
    if line_break < 0 and least:
        return None
    before = before[line_break + 1 :]
    if before.isascii():
        return len(before) + 1
    text = before.decode("utf-8", "surrogateescape")
    return len(text) + sum(one > "\uffff" for one in text) + 1
