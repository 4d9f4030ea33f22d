"""Marks beside a secret in a content that say it is to be ignored, ours and other tools'."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmap import mmap

__all__ = ["ON_LINE", "ON_NEXT_LINE", "ignored_inline"]

ON_LINE = (
    "forensics:allow",
    "gitleaks:allow",
    "betterleaks:allow",
    "trufflehog:ignore",
    "kingfisher:ignore",
    "pragma: allowlist secret",
)
"""What ignores a secret on whose line, or on one of whose lines, it stands."""

ON_NEXT_LINE = ("forensics:allow nextline", "pragma: allowlist nextline secret")
"""What ignores a secret that starts on the line below."""

_REACH = 4096
"""Bytes around a secret in which its line is looked for, however long that is."""

_MARK = re.compile(
    rb"(?:forensics|gitleaks|betterleaks):allow(?![\w-])(?! nextline)"
    rb"|(?:trufflehog|kingfisher):ignore(?![\w-])"
    rb"|pragma: ?(?:allow|white)list[ -]secret"
)
_NEXT_LINE_MARK = re.compile(
    rb"forensics:allow nextline|pragma: ?(?:allow|white)list[ -]nextline[ -]secret"
)
_SPELLINGS = {b"pragma": "pragma: allowlist secret"}
_IN_ANY = (b":allow", b":ignore", b"pragma:")
"""Texts of which one stands in every mark: looking for these takes a hundredth of the time."""


def ignored_inline(content: bytes | mmap, start: int, end: int) -> str:
    """The mark that ignores what stands from `start` to before `end`; empty if there is none.

    A mark counts within 4,096 bytes of it, on one of its lines, or on the line above where
    the mark says so.
    """
    least = max(0, start - _REACH)
    line_break = content.rfind(b"\n", least, start)
    first = line_break + 1 or least
    line_end = content.find(b"\n", end, end + _REACH)
    last = line_end if line_end >= 0 else min(len(content), end + _REACH)
    above = max(0, line_break - _REACH) if line_break >= 0 else first
    if all(content.find(text, above, last) < 0 for text in _IN_ANY):
        return ""
    if mark := _MARK.search(content, first, last):
        word = mark[0]
        return _SPELLINGS.get(word.partition(b":")[0], word.decode())
    if line_break >= 0:
        start_above = content.rfind(b"\n", above, line_break) + 1
        if mark := _NEXT_LINE_MARK.search(content, start_above or above, line_break):
            return ON_NEXT_LINE[mark[0].startswith(b"pragma")]
    return ""
