"""Looking only at what a version changes.

If no anchor stands in a version, then an anchor in the next one must touch a place that the
delta between them changed: inserted bytes, or a seam where bytes were left out. Anchors are
bounded in width, so looking that far around each change is exact.
"""

from __future__ import annotations

from forensics.git.delta import copies

__all__ = ["changed_windows"]

_WORTH = 0.5
"""Largest share of a content for which looking at the changes alone pays off."""
_BYTES_AN_OPERATION = 600
"""What the prefilter reads while one operation of a delta is parsed."""
_BYTES_A_LOOK = 4000
"""What the prefilter reads while a delta is looked at all."""


def changed_windows(delta: bytes, content: bytes, reach: int) -> bytes | None:
    """The parts of `content` in which something new can stand, run together.

    Args:
        delta: what made `content` of a base.
        content: the result.
        reach: most bytes that an anchor looks at.

    Returns:
        None where looking at the whole content costs no more.
    """
    total = len(content)
    # An operation takes at most some seven bytes, so a long delta holds many or inserts much.
    if total < _BYTES_A_LOOK or len(delta) * 60 > total:
        return None
    base_size, kept, complete = copies(delta, total // _BYTES_AN_OPERATION)
    if not complete:
        return None
    windows: list[bytes] = []
    low = high = 0  # the window being widened; empty while they are equal
    expected = before = 0
    for start, here, length in (*kept, (base_size, total, 0)):
        if start != expected or here != before:
            if before - reach > high:
                windows.append(content[low:high])
                low = max(before - reach, 0)
            high = here + reach
        expected, before = start + length, here + length
    windows.append(content[low:high])
    seen = b"\n".join(windows)
    return seen if len(seen) <= total * _WORTH else None
