"""Git's delta format. Source: https://git-scm.com/docs/gitformat-pack, "Deltified
representation"."""

from __future__ import annotations

from mmap import mmap

__all__ = ["read_copy", "sizes"]

_MOST_BITS = 63


def sizes(delta: bytes | mmap) -> tuple[int, int, int]:
    """The size of the base that a delta declares, of its result, and where its operations start.

    Raises:
        IndexError: it is cut off, or declares what no delta can make.
    """
    base_size, at = _number(delta, 0)
    result_size, at = _number(delta, at)
    return base_size, result_size, at


def _number(delta: bytes | mmap, at: int) -> tuple[int, int]:
    """The little-endian base-128 number at `at`, and what follows it."""
    value = shift = 0
    while (byte := delta[at]) > 127:
        value |= (byte & 127) << shift
        shift += 7
        at += 1
        if shift > _MOST_BITS:
            raise IndexError(at)
    return value | byte << shift, at + 1


def read_copy(delta: bytes | mmap, at: int) -> tuple[int, int, int]:
    """What the copying operation at `at` takes over: from where in the base, how many bytes; and
    where the next operation stands.

    Raises:
        IndexError: it is cut off.
    """
    code = delta[at]
    at += 1
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
    return start, length or 0x10000, at
