"""Secret keys in OpenPGP's armour.

Source: RFC 9580, sections 4.2 (packets), 5.5 (keys), 6 (armour) and 9.1 (algorithms).
"""

from __future__ import annotations

import hashlib
from base64 import b64decode
from functools import cache
from typing import NamedTuple

from detectors.structure.seen import iso

__all__ = ["SecretKey", "crc24", "secret_key", "unarmoured"]

_NAMES = {1: "RSA", 2: "RSA", 3: "RSA", 16: "Elgamal", 17: "DSA", 18: "ECDH", 19: "ECDSA",
          22: "EdDSA", 25: "X25519", 26: "X448", 27: "Ed25519", 28: "Ed448"}  # fmt: skip
_NUMBERS = {1: 2, 2: 2, 3: 2, 16: 3, 17: 4, 19: 1, 18: 1, 22: 1}
_CURVES = (18, 19, 22)
_RAW = {25: 32, 26: 56, 27: 32, 28: 57}
_SECRET_KEY = 5


class SecretKey(NamedTuple):
    """What the first packet of a secret key says."""

    kind: str
    key_id: str
    made: str
    encrypted: bool


@cache
def _table() -> tuple[int, ...]:
    """What each byte that leaves at the top does to the checksum."""
    table = []
    for byte in range(256):
        crc = byte << 16
        for _ in range(8):
            crc = crc << 1 ^ (0x1864CFB if crc & 0x800000 else 0)
        table.append(crc)
    return tuple(table)


def crc24(data: bytes) -> int:
    """The checksum that may end an armour."""
    crc, table = 0xB704CE, _table()
    for byte in data:
        crc = (crc << 8 & 0xFFFFFF) ^ table[crc >> 16 ^ byte]
    return crc


def unarmoured(body: bytes) -> tuple[bytes, bool | None]:
    """The bytes in the body of an armour, and whether its checksum is right if it has one.

    Raises:
        ValueError: it is not base64.
    """
    lines = [line.strip() for line in body.split(b"\n")]
    given = next((line[1:5] for line in lines if len(line) == 5 and line[:1] == b"="), None)
    text = b"".join(line for line in lines if line and line[:1] != b"=" and b":" not in line)
    data = b64decode(text + b"=" * (-len(text) % 4), validate=True)
    if given is None:
        return data, None
    return data, b64decode(given, validate=True) == crc24(data).to_bytes(3, "big")


def _packet(data: bytes) -> bytes:
    """What stands in the first packet, if it is a secret key."""
    head = data[0]
    if head & 0x40:
        tag, first = head & 0x3F, data[1]
        if first < 192:
            start, size = 2, first
        elif first < 224:
            start, size = 3, ((first - 192) << 8) + data[2] + 192
        else:
            start, size = 6, int.from_bytes(data[2:6], "big")
    else:
        tag, width = head >> 2 & 15, (1, 2, 4, 0)[head & 3]
        start, size = 1 + width, int.from_bytes(data[1 : 1 + width], "big")
    if not head & 0x80 or tag != _SECRET_KEY or start + size > len(data):
        raise ValueError("not a secret key")
    return data[start : start + size]


def _number_end(body: bytes, at: int) -> int:
    return at + 2 + (int.from_bytes(body[at : at + 2], "big") + 7) // 8


def secret_key(data: bytes) -> SecretKey:
    """The first key in `data`.

    Raises:
        ValueError: it is none.
        IndexError: it is cut off.
    """
    body = _packet(data)
    version, algorithm = body[0], body[5]
    if version not in (4, 6):
        raise ValueError("of another version")
    at = 6 if version == 4 else 10
    if algorithm in _RAW:
        at += _RAW[algorithm]
    elif algorithm in _NUMBERS:
        if algorithm in _CURVES:
            at += 1 + body[at]
        bits = int.from_bytes(body[at : at + 2], "big")
        for _ in range(_NUMBERS[algorithm]):
            at = _number_end(body, at)
        if algorithm == 18:
            at += 1 + body[at]
    else:
        raise ValueError("of an unknown algorithm")
    public, usage = body[:at], body[at]
    if version == 4:
        head = b"\x99" + len(public).to_bytes(2, "big")
        key_id = hashlib.sha1(head + public, usedforsecurity=False).hexdigest()[-16:]
    else:
        head = b"\x9b" + len(public).to_bytes(4, "big")
        key_id = hashlib.sha256(head + public).hexdigest()[:16]
    size = f", {bits} bits" if algorithm in (1, 2, 3, 16, 17) else ""
    made = iso(int.from_bytes(body[1:5], "big")) or ""
    return SecretKey(f"{_NAMES[algorithm]}{size}", key_id.upper(), made, usage != 0)
