"""Private keys in DER: what kind they are, whether their numbers fit, their public half.

Sources: RFC 8017 (RSA), RFC 5480 and RFC 5915 (EC), RFC 5958 (PKCS#8), RFC 8018 (encryption), RFC
8410 (Curve25519 and Curve448), https://docs.openssl.org/master/man1/openssl-dsa/ (DSA).
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import NamedTuple

from detectors.structure.der import (
    BIT_STRING,
    CONTEXT_0,
    CONTEXT_1,
    INTEGER,
    OCTET_STRING,
    OID,
    SEQUENCE,
    Element,
    NotDer,
    elements,
    integer,
    only,
    sequence,
)  # fmt: skip

__all__ = [
    "Key", "encrypted_pkcs8", "parse", "public_half", "ssh_fingerprint", "ssh_string",
    "traditional",
]  # fmt: skip

_MOST_BITS = 16_384


class Key(NamedTuple):
    """What a private key says of itself."""

    kind: str
    """Such as `RSA, 2048 bits`."""
    genuine: bool
    """Whether its numbers fit together, where that can be told."""
    fingerprint: str = ""
    """Of the public half, as `ssh-keygen -l` prints it; empty where that is not cheap to get."""


def ssh_string(body: bytes) -> bytes:
    """A string of RFC 4251: its length, and itself."""
    return len(body).to_bytes(4, "big") + body


def _ssh_number(number: int) -> bytes:
    return ssh_string(number.to_bytes(number.bit_length() // 8 + 1, "big") if number else b"")


def ssh_fingerprint(public: bytes) -> str:
    """SHA-256 of a public key in the form of RFC 4253, as OpenSSH prints it."""
    digest = b64encode(hashlib.sha256(public).digest()).decode().rstrip("=")
    return f"SHA256:{digest}"


def _oid(body: bytes) -> str:
    if not 0 < len(body) <= 24:
        raise NotDer
    numbers = [*divmod(min(body[0], 119), 40)] if body[0] < 80 else [2, body[0] - 80]
    number = 0
    for byte in body[1:]:
        number = number << 7 | byte & 127
        if byte < 128:
            numbers.append(number)
            number = 0
    return ".".join(map(str, numbers))


_CURVES = {
    "1.2.840.10045.3.1.7": ("P-256", 32, b"nistp256"),
    "1.3.132.0.34": ("P-384", 48, b"nistp384"),
    "1.3.132.0.35": ("P-521", 66, b"nistp521"),
    "1.3.132.0.33": ("P-224", 28, b""),
    "1.2.840.10045.3.1.1": ("P-192", 24, b""),
    "1.3.132.0.10": ("secp256k1", 32, b""),
    "1.3.36.3.3.2.8.1.1.7": ("brainpoolP256r1", 32, b""),
    "1.3.36.3.3.2.8.1.1.11": ("brainpoolP384r1", 48, b""),
    "1.3.36.3.3.2.8.1.1.13": ("brainpoolP512r1", 64, b""),
}
_RAW = {
    "1.3.101.110": ("X25519", 32), "1.3.101.111": ("X448", 56),
    "1.3.101.112": ("Ed25519", 32), "1.3.101.113": ("Ed448", 57),
}  # fmt: skip
_RSA, _RSA_PSS, _EC, _DSA = (
    "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10", "1.2.840.10045.2.1", "1.2.840.10040.4.1",
)  # fmt: skip
_CIPHERS = {
    "1.2.840.113549.1.5.13": "PBES2", "1.2.840.113549.1.5.3": "PBES1, MD5 and DES",
    "1.2.840.113549.1.5.10": "PBES1, SHA-1 and DES",
    "1.2.840.113549.1.12.1.3": "SHA-1 and triple DES", "1.2.840.113549.1.12.1.6": "SHA-1 and RC2",
}  # fmt: skip


def _rsa(data: bytes) -> Key:
    numbers = [integer(each) for each in sequence(data)[:9]]
    if len(numbers) < 9 or min(numbers[1:]) <= 0:
        raise NotDer
    _, n, e, d, p, q, dp, dq, _ = numbers
    bits = n.bit_length()
    if bits > _MOST_BITS:
        raise NotDer
    genuine = n == p * q and dp == d % (p - 1) and dq == d % (q - 1) if min(p, q) > 1 else False
    return Key(f"RSA, {bits} bits", genuine, _rsa_fingerprint(n, e))


def _rsa_fingerprint(n: int, e: int) -> str:
    return ssh_fingerprint(ssh_string(b"ssh-rsa") + _ssh_number(e) + _ssh_number(n))


def _dsa(data: bytes) -> Key:
    numbers = [integer(each) for each in sequence(data)[:6]]
    if len(numbers) < 6 or min(numbers[1:]) <= 0:
        raise NotDer
    _, p, q, g, y, x = numbers
    if max(p.bit_length() // 8, q.bit_length()) > 512 or x >= q or q >= p:
        raise NotDer
    public = ssh_string(b"ssh-dss") + b"".join(map(_ssh_number, (p, q, g, y)))
    return Key(f"DSA, {p.bit_length()} bits", pow(g, x, p) == y, ssh_fingerprint(public))


def _ec(data: bytes, curve: str = "") -> Key:
    parts = sequence(data)
    if len(parts) < 2 or integer(parts[0]) != 1 or parts[1].tag != OCTET_STRING:
        raise NotDer
    point = b""
    for each in parts[2:]:
        if each.tag == CONTEXT_0:
            inside = elements(each.body)
            curve = _oid(inside[0].body) if inside and inside[0].tag == OID else curve
        elif each.tag == CONTEXT_1:
            point = only(each.body, BIT_STRING)[1:]
    name, width, ssh = _CURVES.get(curve, ("unknown curve", 0, b""))
    secret, fingerprint = parts[1].body, ""
    genuine = not width or len(secret) == width
    if point and width:
        genuine = genuine and len(point) in (2 * width + 1, width + 1)
        fingerprint = _ec_fingerprint(ssh, point)
    return Key(f"EC, {name}", genuine, fingerprint)


def _ec_fingerprint(ssh: bytes, point: bytes) -> str:
    if not ssh or point[:1] != b"\x04":
        return ""
    return ssh_fingerprint(ssh_string(b"ecdsa-sha2-" + ssh) + ssh_string(ssh) + ssh_string(point))


def _raw(name: str, width: int, parts: list[Element]) -> Key:
    genuine = len(only(parts[2].body, OCTET_STRING)) == width
    public = next((each.body[1:] for each in parts[3:] if each.tag == 0x81), b"")
    fingerprint = ""
    if name == "Ed25519" and len(public) == width:
        fingerprint = _ed25519_fingerprint(public)
    return Key(name, genuine, fingerprint)


def _ed25519_fingerprint(public: bytes) -> str:
    return ssh_fingerprint(ssh_string(b"ssh-ed25519") + ssh_string(public))


def public_half(data: bytes) -> str:
    """The fingerprint, as of `Key`, of what is inside a SubjectPublicKeyInfo; empty for kinds of
    keys that have none.

    Raises:
        NotDer: it is none.
    """
    parts = elements(data)
    if len(parts) != 2 or parts[0].tag != SEQUENCE or parts[1].tag != BIT_STRING:
        raise NotDer
    algorithm, public = elements(parts[0].body), parts[1].body[1:]
    if not algorithm or algorithm[0].tag != OID:
        raise NotDer
    name = _oid(algorithm[0].body)
    if name in (_RSA, _RSA_PSS):
        numbers = [integer(each) for each in sequence(public)]
        if len(numbers) != 2 or min(numbers) <= 0:
            raise NotDer
        return _rsa_fingerprint(*numbers)
    if name == _EC and len(algorithm) > 1 and algorithm[1].tag == OID:
        return _ec_fingerprint(_CURVES.get(_oid(algorithm[1].body), ("", 0, b""))[2], public)
    return _ed25519_fingerprint(public) if _RAW.get(name, ("",))[0] == "Ed25519" else ""


def _pkcs8(data: bytes) -> Key:
    parts = sequence(data)
    if len(parts) < 3 or parts[0].tag != INTEGER or parts[2].tag != OCTET_STRING:
        raise NotDer
    algorithm = elements(parts[1].body)
    if parts[1].tag != SEQUENCE or not algorithm or algorithm[0].tag != OID:
        raise NotDer
    name = _oid(algorithm[0].body)
    if name in (_RSA, _RSA_PSS):
        return _rsa(parts[2].body)
    if name == _EC:
        given = algorithm[1] if len(algorithm) > 1 else Element(0, b"")
        return _ec(parts[2].body, _oid(given.body) if given.tag == OID else "")
    if name == _DSA:
        return Key("DSA", True)
    if name in _RAW:
        return _raw(*_RAW[name], parts)
    return Key(f"algorithm {name}", True)


def encrypted_pkcs8(data: bytes) -> str:
    """How an encrypted PKCS#8 key is encrypted.

    Raises:
        NotDer: it is none.
    """
    parts = sequence(data)
    if len(parts) != 2 or parts[0].tag != SEQUENCE or parts[1].tag != OCTET_STRING:
        raise NotDer
    scheme = elements(parts[0].body)
    if not scheme or scheme[0].tag != OID:
        raise NotDer
    name = _oid(scheme[0].body)
    return _CIPHERS.get(name, name)


_FORMS = {b"RSA": _rsa, b"EC": _ec, b"DSA": _dsa}


def traditional(label: bytes, data: bytes) -> Key:
    """The key in a `BEGIN <label> PRIVATE KEY` armour; a bare label is PKCS#8.

    Raises:
        NotDer: it does not parse as one.
    """
    try:
        return _FORMS.get(label, _pkcs8)(data)
    except NotDer:
        return parse(data)  # some write one form under the label of another


def parse(data: bytes) -> Key:
    """The key in DER that may be PKCS#8, RSA, DSA or EC.

    Raises:
        NotDer: it is none of them.
    """
    for form in (_pkcs8, _rsa, _dsa, _ec):
        try:
            return form(data)
        except NotDer:
            continue
    raise NotDer
