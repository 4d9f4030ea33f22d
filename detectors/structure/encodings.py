"""Secrets in encodings that check themselves.

Sources: https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki (Bech32),
https://age-encryption.org/v1 (age), https://github.com/nostr-protocol/nips/blob/master/19.md,
https://en.bitcoin.it/wiki/Wallet_import_format, and bip-0032.mediawiki (Base58Check),
https://github.com/stellar/stellar-protocol/blob/master/ecosystem/sep-0023.md (CRC-16).
"""

from __future__ import annotations

import binascii
from base64 import b32decode
from hashlib import sha256

from detectors.structure.seen import Structure, Token

__all__ = ["base58check", "bech32", "bech32_checksum", "crc16", "extended_key", "stellar", "wif"]

_BECH32 = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BASE58 = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_LONGEST = 256


def _polymod(prefix: bytes, digits: list[int]) -> int:
    check = 1
    for value in (*(c >> 5 for c in prefix), 0, *(c & 31 for c in prefix), *digits):
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            check ^= generator if top >> bit & 1 else 0
    return check


def bech32_checksum(prefix: bytes, digits: bytes) -> bytes:
    """The six digits that end Bech32 of that prefix and those digits, all in lower case."""
    values = [_BECH32.index(digit) for digit in digits]
    rest = _polymod(prefix, [*values, 0, 0, 0, 0, 0, 0]) ^ 1
    return bytes(_BECH32[rest >> 5 * (5 - place) & 31] for place in range(6))


def bech32(token: Token) -> Structure:
    """age identities and Nostr keys: six digits at the end check prefix and key."""
    text = token.value[:_LONGEST]
    if text not in (text.lower(), text.upper()):
        return Structure(False)
    prefix, _, digits = text.lower().rpartition(b"1")
    values = [_BECH32.find(digit) for digit in digits]
    return Structure(bool(prefix) and -1 not in values and _polymod(prefix, values) == 1)


def base58check(text: bytes) -> bytes | None:
    """What stands in Base58Check before its four checking bytes, or None if they are wrong."""
    number = 0
    for digit in text[:_LONGEST]:
        place = _BASE58.find(digit)
        if place < 0:
            return None
        number = number * 58 + place
    zeros = len(text) - len(text.lstrip(b"1"))
    data = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    body, check = data[:-4], data[-4:]
    return body if body and sha256(sha256(body).digest()).digest()[:4] == check else None


_NETWORKS = {0x80: "Bitcoin", 0xEF: "Bitcoin test network", 0xB0: "Litecoin", 0x9E: "Dogecoin"}


def wif(token: Token) -> Structure:
    """A key in wallet import format: its network, and four bytes that check it."""
    body = base58check(token.value)
    if body is None or len(body) not in (33, 34):
        return Structure(False)
    return Structure(True, (("network", _NETWORKS.get(body[0], "another")),))


def extended_key(token: Token) -> Structure:
    """An extended private key (`xprv` and its like): how deep it is, and four checking bytes."""
    body = base58check(token.value)
    if body is None or len(body) != 78 or body[45]:
        return Structure(False)
    depth = "master key" if body[4] == 0 else f"derived, {body[4]} deep"
    return Structure(True, (("key", depth),))


def crc16(data: bytes) -> bytes:
    """CRC-16 of the XModem kind, least byte first."""
    return binascii.crc_hqx(data, 0).to_bytes(2, "little")


def stellar(token: Token) -> Structure:
    """A Stellar secret seed: base 32 of a version byte, the key, and a CRC-16."""
    try:
        data = b32decode(token.value)
    except binascii.Error:
        return Structure(False)
    return Structure(len(data) == 35 and data[0] == 0x90 and crc16(data[:-2]) == data[-2:])
