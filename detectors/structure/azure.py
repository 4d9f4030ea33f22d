"""Keys that Microsoft made recognizable: a signature, and a Marvin32 checksum at the end.

Source: https://github.com/microsoft/security-utilities (IdentifiableMetadata.cs,
IdentifiableSecrets.cs), and for the checksum
https://github.com/microsoft/SymCrypt/blob/main/lib/marvin32.c
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping

from detectors.structure.seen import Structure, Token

__all__ = ["SEEDS", "client_secret", "client_secret_checksum", "common_key", "key", "marvin32"]

_WORD = 0xFFFFFFFF


def _rotated(word: int, by: int) -> int:
    return (word << by | word >> (32 - by)) & _WORD


def marvin32(data: bytes, seed: bytes) -> int:
    """The 32-bit Marvin checksum of `data` under a seed of eight bytes, as text has them."""
    high, low = (int.from_bytes(half, "big") for half in (seed[:4], seed[4:]))
    whole = len(data) & ~3
    words = [int.from_bytes(data[at : at + 4], "little") for at in range(0, whole, 4)]
    words.append(int.from_bytes(data[whole:] + b"\x80", "little"))
    for word in (*words, 0):
        low = (low + word) & _WORD
        high ^= low
        low = (_rotated(low, 20) + high) & _WORD
        high = (_rotated(high, 9) ^ low) & _WORD
        low = (_rotated(low, 27) + high) & _WORD
        high = _rotated(high, 19)
    return low ^ high


SEEDS: Mapping[bytes, tuple[tuple[bytes, str], ...]] = {
    b"+ASt": ((b"Default0", "storage account key"),),
    b"+ABa": ((b"AbAcct00", "batch account key"),),
    b"+ACR": ((b"ACRDflt0", "container registry password"),),
    b"+AMC": ((b"Classic0", "machine learning key"),),
    b"+ASb": (
        (b"Send0000", "service bus key to send"),
        (b"Listen00", "service bus key to listen"),
        (b"Manage00", "service bus key to manage"),
        (b"System00", "service bus system key"),
        (b"Unknown0", "service bus key"),
    ),
    b"+AEh": (
        (b"Send0000", "event hub key to send"),
        (b"Listen00", "event hub key to listen"),
        (b"Manage00", "event hub key to manage"),
        (b"System00", "event hub system key"),
        (b"Unknown0", "event hub key"),
    ),
    b"+ARm": (
        (b"Send0000", "relay key to send"),
        (b"Listen00", "relay key to listen"),
        (b"Manage00", "relay key to manage"),
        (b"System00", "relay system key"),
        (b"Unknown0", "relay key"),
    ),
    b"ACDb": (
        (b"MastRW00", "read-write key"),
        (b"MastRO00", "read-only key"),
        (b"SystRW00", "system read-write key"),
        (b"SystRO00", "system read-only key"),
        (b"SysAll00", "system key"),
        (b"Resour00", "resource key"),
        (b"Encryp00", "data encryption key"),
    ),
    b"AzFu": (
        (b"Functi00", "function key"), (b"Master00", "master key"), (b"System00", "system key")
    ),
    b"AzSe": ((b"Query000", "query key"), (b"PAdmin00", "admin key")),
    b"AzCa": ((b"Access00", "access key"),),
    b"AIoT": (
        (b"IoTHub00", "hub key"), (b"DpsKey00", "provisioning key"), (b"Device00", "device key")
    ),
    b"APIM": (
        (b"Tenant00", "direct management key"), (b"IoTHub00", "subscription key"),
        (b"Gatewy00", "gateway key"), (b"GitKey00", "repository key"),
    ),
}  # fmt: skip
"""By signature: the seeds that its keys are made with, and what a key of that seed is."""

_NO_SPECIALS = bytes.maketrans(b"+/", b"PF")


def _decoded(value: bytes) -> bytes | None:
    text = value.translate(bytes.maketrans(b"-_", b"+/"))
    try:
        return b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        return None


def key(token: Token) -> Structure:
    """A key with a signature such as `AzSe` before its last six characters.

    Without a signature it is an older key, which has no checksum.
    """
    bare = token.value.rstrip(b"=")
    kinds = SEEDS.get(bare[-10:-6])
    raw = _decoded(token.value)
    if kinds is None or raw is None or len(raw) < 24:
        return Structure()
    for seed, kind in kinds:
        checksum = marvin32(raw[:-4], seed).to_bytes(4, "little")
        if checksum == raw[-4:] or (bare[-10:-6] == b"AzCa" and _cache(raw, seed) == bare):
            return Structure(True, (("kind", kind),))
    return Structure(False)


def _cache(raw: bytes, seed: bytes) -> bytes:
    """A Redis cache key as it is made: the checksum takes the whole key in, and then `+` and `/`
    are written as other letters."""
    made = raw[:-4] + marvin32(raw, seed).to_bytes(4, "little")
    return binascii.b2a_base64(made, newline=False).translate(_NO_SPECIALS).rstrip(b"=")


_CLIENT = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~"


def client_secret_checksum(body: bytes) -> bytes:
    """The three characters that end an Entra client secret of the current version."""
    number, digits = marvin32(body, b"AadPwd00"), b""
    while number:
        number, digit = divmod(number, len(_CLIENT))
        digits = _CLIENT[digit : digit + 1] + digits
    return digits.rjust(6, _CLIENT[:1])[:3]


def client_secret(token: Token) -> Structure:
    """A client secret of Entra ID: `7Q~` is of the first version, `8Q~` of the current one."""
    value = token.value
    first = value[3:6] == b"7Q~"
    facts = (("version", "first" if first else "current"),)
    if first or len(value) != 40:
        return Structure(None, facts)
    return Structure(client_secret_checksum(value[:-3]) == value[-3:], facts)


_MONTHS = b"ABCDEFGHIJKL"


def common_key(token: Token) -> Structure:
    """A common annotated security key: `JQQJ9` after 52 characters, then when it was made."""
    value = token.value
    if len(value) not in (84, 88) or value[52:57] != b"JQQJ9":
        return Structure()
    year, month = value[58] - ord("A"), _MONTHS.find(value[59:60])
    facts = (("made in", f"{2024 + year}-{month + 1:02}"),) if 0 <= year < 26 and month >= 0 else ()
    return Structure(None, facts)
