"""Text from a repository, made harmless for a terminal."""

from __future__ import annotations

import os
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

__all__ = ["iso_date", "json_text", "printable", "repository_name", "shortened", "size"]

_UNSAFE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def _escaped(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def printable(text: bytes | str) -> str:
    """Text in which nothing moves a cursor, changes direction or hides: such characters, line
    ends included, and bytes that are not UTF-8 appear as escapes."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "backslashreplace")
    if text.isprintable():
        return text
    return "".join(_escaped(one) if unicodedata.category(one) in _UNSAFE else one for one in text)


def shortened(text: str, most: int) -> str:
    """At most so many characters of a text: of a longer one its start and its end, which of a path
    says most."""
    if len(text) <= most:
        return text
    end = (most - 1) // 2
    return f"{text[: most - 1 - end]}…{text[len(text) - end :]}"


def json_text(text: bytes | None) -> str | None:
    """Text for JSON, which escapes controls itself; bytes that are not UTF-8 become escapes."""
    return None if text is None else text.decode("utf-8", "backslashreplace")


def iso_date(seconds: int | None, offset: int | None) -> str | None:
    """A commit's date in ISO 8601 with its own offset; None where there is none.

    Offsets and times that no calendar has are shown in UTC, or as None.
    """
    if seconds is None:
        return None
    try:
        zone = timezone(timedelta(minutes=offset or 0))
    except ValueError:
        zone = UTC
    try:
        return datetime.fromtimestamp(seconds, zone).isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def size(count: float) -> str:
    """A number of bytes for people, in decimal units."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def repository_name(path: bytes) -> bytes:
    """The last part of where a repository was scanned."""
    shown = path.rstrip(b"/")
    name = os.path.basename(shown.removesuffix(b"/.git")).removesuffix(b".git")
    return name or path
