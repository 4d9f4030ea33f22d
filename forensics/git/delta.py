"""Git's delta format. Source: https://git-scm.com/docs/gitformat-pack, "Deltified
representation"."""

from __future__ import annotations

import sys

__all__ = ["copies"]


def copies(
    delta: bytes, at_most: int = sys.maxsize
) -> tuple[int, list[tuple[int, int, int]], bool]:
    """What a delta takes over from its base.

    Args:
        delta: one that was applied before, and so is well-formed.
        at_most: operations to parse.

    Returns:
        The size of the base, and (position in the base, position in the result, length) of each
        run taken over, in the order of the result; what lies between was put in. And whether that
        is all, or the delta has more operations than `at_most`.
    """
    at, end = 0, len(delta)
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
    found: list[tuple[int, int, int]] = []
    here = 0
    while at < end:
        at_most -= 1
        if at_most < 0:
            return base_size, found, False
        code = delta[at]
        at += 1
        if code < 128:
            here += code
            at += code
            continue
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
        found.append((start, here, length))
        here += length
    return base_size, found, True
