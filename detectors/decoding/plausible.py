"""Whether decoded bytes look like something that was worth encoding."""

from __future__ import annotations

import re

__all__ = ["MAGIC", "is_packed", "is_text", "plausible"]

_PACKED = (b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")
MAGIC = (*_PACKED, b"\xff\xfe", b"\xfe\xff")
"""How archives, compressed streams and UTF-16 with a mark start."""

_LOOKED_AT = 512
_UNPRINTABLE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]")


def is_text(content: bytes) -> bool:
    """Whether `content` is UTF-8 without control characters other than those of text."""
    if _UNPRINTABLE.search(content):
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def is_packed(content: bytes) -> bool:
    """Whether `content` starts like an archive or a compressed stream, and not like text."""
    return content.startswith(_PACKED) and not is_text(content[:_LOOKED_AT])


def plausible(content: bytes) -> bool:
    """Whether `content` starts like text, in UTF-8 or UTF-16, or like something packed."""
    if content.startswith(MAGIC):
        return True
    start = content[:_LOOKED_AT]
    if is_text(start) or (len(content) > _LOOKED_AT and is_text(start[:-3])):
        return bool(start)
    half = start[: len(start) & ~1]
    return len(half) >= 8 and any(
        not any(half[zeros::2]) and not _UNPRINTABLE.search(half[1 - zeros :: 2])
        for zeros in (0, 1)
    )
