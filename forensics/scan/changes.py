"""Looking only at what a version changes.

If no anchor stands in a version, then an anchor in the next one must touch a place that the
delta between them changed: inserted bytes, or a seam where bytes were left out. Anchors are
bounded in width, so looking that far around each change is exact.
"""

from __future__ import annotations

__all__ = ["changed_windows"]

_WORTH = 0.5
"""Largest share of a content for which looking at the changes alone pays off."""
_BYTES_AN_OPERATION = 600
"""What the prefilter reads while one operation of a delta is parsed."""


def changed_windows(delta: bytes, content: bytes, reach: int) -> bytes | None:
    """The parts of `content` in which something new can stand, run together.

    Args:
        delta: what made `content` of a base.
        content: the result.
        reach: most bytes that an anchor looks at.

    Returns:
        None where looking at the whole content costs no more.

    Source of the format: https://git-scm.com/docs/gitformat-pack, "Deltified representation".
    """
    at, end, total = 0, len(delta), len(content)
    if end * 4 > total:
        return None
    budget = total // _BYTES_AN_OPERATION
    base_size = shift = 0
    while True:
        byte = delta[at]
        at += 1
        base_size |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            break
    while delta[at] & 128:
        at += 1
    at += 1
    windows: list[tuple[int, int]] = []
    here = expected = first = last = looked = 0
    clean = True
    while at < end:
        budget -= 1
        if budget < 0:
            return None
        code = delta[at]
        at += 1
        if code & 128:
            start = length = 0
            if code & 1:
                start = delta[at]
                at += 1
            if code & 2:
                start |= delta[at] << 8
                at += 1
            if code & 4:
                start |= delta[at] << 16
                at += 1
            if code & 8:
                start |= delta[at] << 24
                at += 1
            if code & 16:
                length = delta[at]
                at += 1
            if code & 32:
                length |= delta[at] << 8
                at += 1
            if code & 64:
                length |= delta[at] << 16
                at += 1
            length = length or 0x10000
            changed, after = start != expected, here
            expected = start + length
        else:
            length = code
            changed, after = True, here + code
            at += code
        if changed:
            low = here - reach
            if clean:
                first, clean = low, False
            elif low > last:
                windows.append((first, last))
                looked += last - first
                first = low
            last = after + reach
        here += length
    if expected != base_size:
        low = here - reach
        if clean or low > last:
            if not clean:
                windows.append((first, last))
            first, clean = low, False
        last = here
    if clean:
        return b""
    windows.append((first, last))
    if looked + last - first > total * _WORTH:
        return None
    return b"\n".join([content[max(low, 0) : high] for low, high in windows])
