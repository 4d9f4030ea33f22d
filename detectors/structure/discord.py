"""Discord: whose a bot token is.

Source: https://discord.com/developers/docs/reference#snowflakes
"""

from __future__ import annotations

from base64 import urlsafe_b64decode

from detectors.structure.seen import Structure, Token, iso

__all__ = ["bot_token", "snowflake", "webhook"]

_EPOCH = 1_420_070_400_000
"""Milliseconds. The first of January 2015."""


def snowflake(digits: str) -> str | None:
    """When a thing of that id was made."""
    if not digits.isascii() or not digits.isdecimal() or not 17 <= len(digits) <= 20:
        return None
    return iso(((int(digits) >> 22) + _EPOCH) / 1000)


def bot_token(token: Token) -> Structure:
    """The first of the three parts is the bot's user id in base64, which says when it was made."""
    first = token.value.partition(b".")[0]
    try:
        digits = urlsafe_b64decode(first + b"=" * (-len(first) % 4)).decode("ascii")
    except ValueError:
        return Structure(False)
    made = snowflake(digits)
    if made is None:
        return Structure(False)
    return Structure(True, (("user id", digits), ("account made", made)))


def webhook(token: Token) -> Structure:
    """The id before the slash, and when the webhook was made."""
    digits = token.value.partition(b"/")[0].decode("latin-1")
    made = snowflake(digits)
    return Structure(None, (("made", made or ""),), (("webhook id", digits),))
