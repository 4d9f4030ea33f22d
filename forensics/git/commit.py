"""Commit headers, in whatever bytes they are. Source: https://git-scm.com/docs/git-cat-file"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["CommitHeader", "Signature", "message_start", "parse_commit"]

_SIGNATURE = re.compile(rb"(.*?) ?<([^<>]*)>(?: (-?\d{1,18}))?(?: ([+-])(\d\d)(\d\d))?")


class Signature(NamedTuple):
    """Who, and when by their clock."""

    name: bytes
    email: bytes
    time: int
    """Seconds since 1970; 0 where the header has none."""
    offset: int
    """Minutes east of UTC."""


class CommitHeader(NamedTuple):
    """What a commit says of itself, besides its tree and parents."""

    author: Signature
    committer: Signature


def _signature(line: bytes) -> Signature:
    found = _SIGNATURE.match(line)
    if not found:
        return Signature(line.strip(), b"", 0, 0)
    name, email, time, sign, hours, minutes = found.groups()
    offset = int(hours or 0) * 60 + int(minutes or 0)
    seconds = int(time or 0)
    if not -(2**62) < seconds < 2**62:
        seconds = 0
    return Signature(name.strip(), email.strip(), seconds, -offset if sign == b"-" else offset)


def parse_commit(raw: bytes) -> CommitHeader:
    """The people and times of a commit or tag object. What is missing or malformed comes out
    empty or 0; nothing is refused."""
    lines: dict[bytes, Signature] = {}
    for line in raw.partition(b"\n\n")[0].split(b"\n"):
        key, _, value = line.partition(b" ")
        if key in (b"author", b"committer", b"tagger"):
            lines.setdefault(key, _signature(value))
    nobody = Signature(b"", b"", 0, 0)
    author = lines.get(b"author") or lines.get(b"tagger") or nobody
    return CommitHeader(author, lines.get(b"committer") or author)


def message_start(raw: bytes) -> int:
    """Where the message of a commit or tag object starts."""
    end = raw.find(b"\n\n")
    return len(raw) if end < 0 else end + 2
