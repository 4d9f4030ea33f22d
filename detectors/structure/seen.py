"""What an inspector gets and what it answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

__all__ = ["Facts", "Structure", "Token", "iso", "tidied"]

Facts = tuple[tuple[str, str], ...]

_MOST_FACTS = 10
_LONGEST = 120
_LONGEST_NAME = 40
_RUN = 12
"""Characters. A fact that shares so long a run with the token could give it away."""
_LEFT = 16
"""Characters of a token that must stay hidden once the ids in it are shown."""


class Token(NamedTuple):
    """A value as it stands, and what stands around it."""

    value: bytes
    before: bytes = b""
    """What stands before it, some hundred bytes of it."""
    after: bytes = b""


class Structure(NamedTuple):
    """What can be read from a token without a network."""

    valid: bool | None = None
    """Whether the token passes the test that its format has; None where there is none."""
    facts: Facts = ()
    """What it says of itself: name and value."""
    ids: Facts = ()
    """Public ids that stand in it in plain sight, such as the number of a bot."""


def iso(seconds: object) -> str | None:
    """Seconds since 1970 as `2024-05-01T09:30:00Z`, or None if that is no time."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    if not 0 < seconds < 253_402_300_800:  # 1970 to 9999; false for what is not a number
        return None
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _shares_a_run(text: str, token: str) -> bool:
    return any(text[at : at + _RUN] in token for at in range(len(text) - _RUN + 1))


def tidied(structure: Structure, value: bytes) -> Structure:
    """`structure` as it may be kept: few facts, short, printable ASCII, one of each name, none
    that gives away what is secret of `value`."""
    token = value.decode("latin-1")
    hidden = token
    kept: dict[str, str] = {}
    for name, text in structure.ids:
        left = hidden.replace(text, "") if text else hidden
        if _plain(text) and name not in kept and len(left) >= min(_LEFT, len(token)):
            hidden = left
            kept[name] = text
    for name, text in structure.facts:
        if name not in kept and _plain(text) and not _shares_a_run(text, token):
            kept[name] = text
    facts = tuple((name[:_LONGEST_NAME], text) for name, text in kept.items())
    return Structure(structure.valid, facts[:_MOST_FACTS])


def _plain(text: str) -> bool:
    return 0 < len(text) <= _LONGEST and text.isascii() and text.isprintable()
