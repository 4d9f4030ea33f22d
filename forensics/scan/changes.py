"""Looking only at what a version changes.

If no anchor stands in a version, then an anchor in the next one must touch a place that the
delta between them changed: inserted bytes, or a seam where bytes were left out. Anchors are
bounded in width, so looking that far around each change is exact, and the next version itself
need not even be built.

The same goes for a version in which anchors stand that are judged by their line, and none of them
is a secret: a verdict can change only where the line, or what is next to it, does. So what is
looked at reaches to the ends of all lines that are judged by what changed. And for one in which
stand anchors of rules that match nothing there: it is looked as far as these see.
"""

from __future__ import annotations

from collections.abc import Callable

from detectors.anchor import LINE_AFTER, LINE_BEFORE, LONG_LINE
from forensics.git.delta import read_copy, sizes
from forensics.git.inflate import Content
from forensics.git.walk import Voucher

__all__ = ["changed_windows", "voucher"]

_WORTH = 0.5
"""Largest share of a content for which looking at the changes alone pays off."""
_BYTES_AN_OPERATION = 600
"""What the prefilter reads while one operation of a delta is parsed."""
_LINE = LONG_LINE + LINE_BEFORE
"""Most bytes around a change in which a line can lie that is judged by what changed."""
_BYTES_A_LOOK = 4000
"""What the prefilter reads while a delta is looked at all."""


def voucher(stands_in: Callable[[bytes], bool], reach: int) -> Voucher:
    """What knows the size of a version in which nothing stands, if it stood in none before.

    Args:
        stands_in: whether what is looked for, or could be, stands in some bytes.
        reach: most bytes that it looks at.
    """

    def vouch(base: Content, delta: Content, near: int) -> int | None:
        if not isinstance(base, bytes) or not isinstance(delta, bytes):
            return None
        changed = changed_windows(base, delta, max(reach, near))
        if changed is None or stands_in(changed[1]):
            return None
        return changed[0]

    return vouch


def changed_windows(base: bytes, delta: bytes, reach: int) -> tuple[int, bytes] | None:
    """The parts of the next version in which something new can stand.

    Args:
        base: a version.
        delta: what makes the next one of it.
        reach: most bytes that an anchor looks at, or what it stands for.

    Returns:
        The size of the next version, and those parts of it run together. None where looking at
        all of it costs no more, or where the delta is malformed or meant for another base.
    """
    try:
        base_size, size, at = sizes(delta)
        end, operations = len(delta), size // _BYTES_AN_OPERATION
        # An operation takes at most some seven bytes, so a long delta holds many or inserts much.
        if size < _BYTES_A_LOOK or end * 60 > size or base_size != len(base):
            return None
        parts: list[bytes] = []
        first = last = made = 0  # the run being taken over, and how much is made so far
        seam = False  # whether something else stands before that run now
        while at < end:
            operations -= 1
            if operations < 0:
                return None
            code = delta[at]
            if code < 128:
                put = delta[at + 1 : at + 1 + code]
                if not code or len(put) < code:
                    return None
                parts += _ends(base, first, last, reach, seam), put
                first = last = 0
                seam = True
                made += code
                at += 1 + code
                continue
            start, length, at = read_copy(delta, at)
            if start != last:
                parts.append(_ends(base, first, last, reach, seam))
                first, seam = start, True
            last = start + length
            if last > base_size:
                return None
            made += length
    except IndexError:
        return None
    if made != size:
        return None
    if last != base_size:
        parts.append(_ends(base, first, last, reach, seam))
    elif seam:
        parts.append(base[first : _line_end(base, first, last, reach)])
    seen = b"".join(parts)
    return (size, seen) if len(seen) <= size * _WORTH else None


def _line_end(base: bytes, first: int, last: int, reach: int) -> int:
    """Where the lines end that are judged by what stands before `first`, at most at `last`."""
    limit = first + _LINE
    end = base.find(b"\n", first + LINE_BEFORE, limit) + 1 or limit
    if end < first + reach:
        end = first + reach
    return end if end < last else last


def _line_start(base: bytes, first: int, last: int, reach: int) -> int:
    """Where the lines start that are judged by what stands after `last`, at least at `first`."""
    limit = last - _LINE
    if limit < first:
        limit = first
    start = base.rfind(b"\n", limit, last - LINE_AFTER) + 1 or limit
    if start > last - reach:
        start = last - reach
    return start if start > first else first


def _ends(base: bytes, first: int, last: int, reach: int, seam: bool) -> bytes:
    """What lies near the ends of a run: near its last one, and if a `seam` is there its first."""
    start = _line_start(base, first, last, reach)
    if not seam:
        return base[start:last]
    end = _line_end(base, first, last, reach)
    if end >= start:
        return base[first:last]
    return base[first:end] + b"\n" + base[start:last]
