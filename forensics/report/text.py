"""Text from a repository, made harmless for a terminal."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone

__all__ = [
    "cells", "characters", "iso_date", "json_text", "printable", "repository_name", "shortened",
    "size", "within",
]  # fmt: skip

_MARK = frozenset(("Mn", "Me"))
_MARKS = 4
"""Code points a cell, beyond which marks of a letter are not looked at."""
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
    """As much of a text as fits into so many cells: of a longer one its start and its end, which
    of a path says most."""
    if len(text) <= _MARKS * most and cells(text) <= most:
        return text
    end = (most - 1) // 2
    head, tail = characters(text[: _MARKS * most]), characters(text[-_MARKS * most :])
    if len(text) > _MARKS * most:
        del tail[:1]  # it may begin in the middle of a character
    ending = reversed([*within(reversed(tail), end)])
    return f"{''.join(within(head, most - 1 - end))}…{''.join(ending)}"


def characters(text: str) -> list[str]:
    """What readers take for one character each, such as a letter with its marks."""
    if text.isascii():
        return [*text]
    import regex  # most text does not need it

    return regex.findall(r"\X", text)


def cells(text: str) -> int:
    """How wide a text is on a terminal."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(one) in _MARK else 1 + (unicodedata.east_asian_width(one) in "WF")
        for one in text
    )


def within(parts: Iterable[str], room: int, wide: Callable[[str], int] = cells) -> Iterator[str]:
    """The first parts of a text that fit into so many cells.

    Args:
        parts: of the text.
        room: cells.
        wide: how wide a part is.
    """
    for one in parts:
        room -= wide(one)
        if room < 0:
            return
        yield one


def json_text(text: bytes | None) -> str | None:
    """Text for JSON, which escapes controls itself; bytes that are not UTF-8 become escapes."""
    return None if text is None else text.decode("utf-8", "backslashreplace")


def iso_date(seconds: float | None, offset: int | None) -> str | None:
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
        return datetime.fromtimestamp(int(seconds), zone).isoformat()
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
