"""Basic credentials: a user and a password in base64, as RFC 7617 has them."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Container

from detectors.filters import CHOSEN, rejection

__all__ = ["basic_password"]

_SHORTEST = 4


def basic_password(value: bytes, words: Container[bytes]) -> bytes | None:
    """The password in the value of a Basic header; None if there is none, or only a stand-in.

    Args:
        value: base64.
        words: of the dictionary, in lower case. One word alone is taken for a stand-in.
    """
    try:
        decoded = b64decode(value + b"=" * (-len(value) % 4), validate=True)
    except binascii.Error:
        return None
    user, colon, password = decoded.partition(b":")
    if not colon or not user or len(password) < _SHORTEST or b"\0" in decoded:
        return None
    if password.lower() in words or rejection(password, CHOSEN):
        return None
    return password
