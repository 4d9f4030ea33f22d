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
    for piece in pieces:
        tokens = piece.split(b"\0")
        tokens[0] = rest.pop() + tokens[0]
        tokens = rest + tokens
        # A header stands alone, and every change has a path: whether a token is a path shows
        # only from the last header on, and a path can look like anything.
        at, end = 0, len(tokens) - 1
        while at < end:
            step = 1 if tokens[at][:1] == b"\x01" else 2
            if at + step > end:
                break
            at += step
        rest = tokens[at:]
        yield tokens[:at]
    if rest != [b""]:
        yield [token for token in rest if token]
