"""Private keys for templates: small, made from a seed, and whole, so that they parse."""

from __future__ import annotations

from random import Random

from detectors.structure.der import (
    BIT_STRING,
    CONTEXT_0,
    CONTEXT_1,
    INTEGER,
    OCTET_STRING,
    OID,
    SEQUENCE,
    encoded,
)  # fmt: skip
from detectors.structure.keys import ssh_string
from detectors.structure.openssh import MAGIC

__all__ = ["dsa", "ec", "encrypted_pkcs8", "openssh", "pkcs8", "rsa", "rsa_numbers"]

_SMALL = [n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]
_RSA_OID = bytes.fromhex("2a864886f70d010101")
_P256_OID = bytes.fromhex("2a8648ce3d030107")
_PBES2_OID = bytes.fromhex("2a864886f70d01050d")
_NULL = b"\x05\x00"


def _prime(candidate: int) -> bool:
    """Whether a number is prime, sure enough for an example: Fermat's test to two bases."""
    if any(candidate % small == 0 for small in _SMALL):
        return False
    return all(pow(base, candidate - 1, candidate) == 1 for base in (2, 3))


def _drawn(random: Random, bits: int) -> int:
    while True:
        candidate = random.getrandbits(bits) | 1 | 3 << (bits - 2)
        if candidate % 65537 != 1 and _prime(candidate):
            return candidate


def _number(value: int) -> bytes:
    return encoded(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _sequence(*parts: bytes) -> bytes:
    return encoded(SEQUENCE, b"".join(parts))


def rsa_numbers(random: Random) -> tuple[int, ...]:
    """Modulus, exponents, primes and what follows from them, of 1024 bits."""
    p, q = _drawn(random, 512), _drawn(random, 512)
    d = pow(65537, -1, (p - 1) * (q - 1))
    return p * q, 65537, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p)


def rsa(random: Random) -> bytes:
    """As RFC 8017 has it."""
    return _sequence(_number(0), *map(_number, rsa_numbers(random)))


def dsa(random: Random) -> bytes:
    """As OpenSSL writes it, of 512 bits."""
    q = _drawn(random, 160)
    while True:
        p = random.getrandbits(351) * 2 * q + 1
        if p.bit_length() == 512 and _prime(p):
            break
    g, x = pow(2, (p - 1) // q, p), random.randrange(1, q)
    return _sequence(_number(0), *map(_number, (p, q, g, pow(g, x, p), x)))


def ec(random: Random) -> bytes:
    """As RFC 5915 has it, on P-256; the public point is drawn too and does not fit."""
    return _sequence(
        _number(1),
        encoded(OCTET_STRING, random.randbytes(32)),
        encoded(CONTEXT_0, encoded(OID, _P256_OID)),
        encoded(CONTEXT_1, encoded(BIT_STRING, b"\0\4" + random.randbytes(64))),
    )


def pkcs8(random: Random) -> bytes:
    """An RSA key as RFC 5958 wraps it."""
    algorithm = _sequence(encoded(OID, _RSA_OID), _NULL)
    return _sequence(_number(0), algorithm, encoded(OCTET_STRING, rsa(random)))


def encrypted_pkcs8(random: Random) -> bytes:
    """The frame of RFC 5958 around random bytes."""
    parameters = _sequence(_sequence(encoded(OCTET_STRING, random.randbytes(16)), _number(2048)))
    algorithm = _sequence(encoded(OID, _PBES2_OID), parameters)
    return _sequence(algorithm, encoded(OCTET_STRING, random.randbytes(640)))


def openssh(random: Random) -> bytes:
    """An Ed25519 key without encryption; its two halves are drawn and do not fit."""
    check, public = random.randbytes(4), random.randbytes(32)
    blob = ssh_string(b"ssh-ed25519") + ssh_string(public)
    private = check * 2 + blob + ssh_string(random.randbytes(32) + public) + ssh_string(b"a@b")
    private += bytes(range(1, 9))[: -len(private) % 8]
    head = MAGIC + ssh_string(b"none") * 2 + ssh_string(b"") + (1).to_bytes(4, "big")
    return head + ssh_string(blob) + ssh_string(private)
