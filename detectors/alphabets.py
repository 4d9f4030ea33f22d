"""Alphabets that templates draw from."""

from __future__ import annotations

import string
from collections.abc import Mapping
from random import Random

__all__ = ["ALPHABETS", "draw"]

ALPHABETS: Mapping[str, str] = {
    "alnum": string.ascii_letters + string.digits,
    "letters": string.ascii_letters,
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "digits": string.digits,
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "loweralnum": string.ascii_lowercase + string.digits,
    "upperalnum": string.ascii_uppercase + string.digits,
    "base32": string.ascii_uppercase + "234567",
    "bech32": "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
    "base58": "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    "base64": string.ascii_letters + string.digits + "+/",
    "base64url": string.ascii_letters + string.digits + "-_",
}
"""`{name:n}` is n characters drawn from the alphabet of that name."""


def draw(random: Random, alphabet: str, length: int) -> str:
    """`length` characters of the alphabet of that name."""
    return "".join(random.choices(ALPHABETS[alphabet], k=length))
