"""What `git log -z --raw` prints, cut into tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["moment", "whole_tokens"]

_DATE = re.compile(rb"(-?\d{1,18}) ([+-])(\d\d)(\d\d)")


def moment(date: bytes) -> tuple[int, int]:
    """Seconds since 1970 and minutes east of UTC; zeros for a date that is none."""
    found = _DATE.fullmatch(date)
    if found is None:
        return 0, 0
    seconds, sign, hours, minutes = found.groups()
    offset = int(hours) * 60 + int(minutes)
    return int(seconds), -offset if sign == b"-" else offset


def whole_tokens(pieces: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Split at NUL, holding back what a later piece completes: half a token, or a change whose
    path has not come yet."""
    rest: list[bytes] = [b""]
    held: list[bytes] = []  # pieces of one token, which a hostile name can be many of
    for piece in pieces:
        held.append(piece)
        if b"\0" not in piece:
            continue
        tokens = b"".join([rest.pop(), *held]).split(b"\0")
        held = []
        tokens = rest + tokens
        # A header or nothing stands alone, and every change has a path: whether a token
        # is a path shows only from the last header on, and a path can look like anything.
        at, end = 0, len(tokens) - 1
        while at < end:
            step = 1 if tokens[at][:1] in (b"\x01", b"") else 2
            if at + step > end:
                break
            at += step
        rest = tokens[at:]
        yield tokens[:at]
    rest[-1] = b"".join([rest[-1], *held])
    if rest != [b""]:
        yield [token for token in rest if token]
