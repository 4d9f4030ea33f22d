"""Checksums that providers build into their tokens."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from zlib import crc32

__all__ = ["CHECKSUMS", "base62_crc32", "grafana_crc32"]

_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def base62_crc32(body: bytes) -> bytes:
    """CRC-32 of `body` as six base-62 digits, as GitHub and npm end their tokens.

    Source: https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
    """
    rest, digits = crc32(body), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        digits = _BASE62[digit] + digits
    return digits.encode()


def _crc32_after_underscore(token: bytes) -> bool:
    """Whether `prefix_` + body + six digits ends in its body's checksum."""
    body = token.partition(b"_")[2]
    return base62_crc32(body[:-6]) == body[-6:]


def grafana_crc32(key: bytes) -> bytes:
    """CRC-32 of `key` as the hexadecimal of its bytes, least first, as Grafana's tokens end.

    Source: https://github.com/grafana/grafana/blob/main/pkg/components/satokengen/tokengen.go
    """
    return crc32(key).to_bytes(4, "little").hex().encode()


def _grafana_after_underscore(token: bytes) -> bool:
    """Whether the part after the last `_` is the checksum of all before it."""
    key, _, checksum = token.rpartition(b"_")
    return grafana_crc32(key) == checksum


CHECKSUMS: Mapping[str, Callable[[bytes], bool]] = {
    "crc32-base62": _crc32_after_underscore,
    "grafana-crc32": _grafana_after_underscore,
}
"""Tests by the name that rules use; each takes the secret and says whether it is right."""
