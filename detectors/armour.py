"""Armoured keys for templates, in the forms that private keys are kept in."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from random import Random
from textwrap import indent

from detectors import keypairs
from detectors.structure.keys import ssh_string
from detectors.structure.pgp import crc24
from detectors.structure.putty import mac

__all__ = ["ARMOURS"]


def _lines(data: bytes, width: int) -> str:
    body = base64.b64encode(data).decode()
    return "".join(f"{body[at : at + width]}\n" for at in range(0, len(body), width))


def _armour(label: str, body: str, dashes: str = "-" * 5) -> str:
    return f"{dashes}BEGIN {label}{dashes}\n{body}{dashes}END {label}{dashes}\n"


def _pgp_key(random: Random) -> bytes:
    """An RSA key as a packet of RFC 9580."""
    numbers = keypairs.rsa_numbers(random)

    def number(value: int) -> bytes:
        bits = value.bit_length()
        return bits.to_bytes(2, "big") + value.to_bytes((bits + 7) // 8, "big")

    made = random.randrange(10**9, 2 * 10**9).to_bytes(4, "big")
    secret = b"".join(map(number, (numbers[2], *numbers[3:5], numbers[7])))
    body = b"\4" + made + b"\1" + b"".join(map(number, numbers[:2]))
    body += b"\0" + secret + (sum(secret) & 0xFFFF).to_bytes(2, "big")
    return b"\x95" + len(body).to_bytes(2, "big") + body


_KEYS: Mapping[str, Callable[[Random], bytes]] = {
    "RSA PRIVATE KEY": keypairs.rsa,
    "EC PRIVATE KEY": keypairs.ec,
    "DSA PRIVATE KEY": keypairs.dsa,
    "PRIVATE KEY": keypairs.pkcs8,
    "ENCRYPTED PRIVATE KEY": keypairs.encrypted_pkcs8,
    "OPENSSH PRIVATE KEY": keypairs.openssh,
    "PGP PRIVATE KEY BLOCK": _pgp_key,
}


def pem(random: Random, label: str) -> str:
    """`{pem:RSA PRIVATE KEY}`: a small key of that label, or random bytes where it is no such."""
    data = _KEYS[label](random) if label in _KEYS else random.randbytes(600)
    return _armour(label, _lines(data, 64))


def _json(random: Random, label: str) -> str:
    """`{pem-json:PRIVATE KEY}`: one on a single line, as it stands in a JSON string."""
    return pem(random, label).replace("\n", "\\n")


def _yaml(random: Random, label: str) -> str:
    """`{pem-yaml:EC PRIVATE KEY}`: one indented, as it stands in a YAML block."""
    return indent(pem(random, label), " " * 6)


def _encrypted(random: Random, label: str) -> str:
    """`{pem-encrypted:RSA PRIVATE KEY}`: one with the headers of RFC 1421."""
    headers = (
        f"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{random.randbytes(16).hex().upper()}\n\n"
    )
    return _armour(label, headers + _lines(random.randbytes(600), 64))


def _pgp(random: Random, label: str) -> str:
    """`{pem-pgp:PGP PRIVATE KEY BLOCK}`: an RSA key as GnuPG writes it, with its CRC-24 line."""
    data = _pgp_key(random)
    crc = base64.b64encode(crc24(data).to_bytes(3, "big")).decode()
    return _armour(label, f"Version: GnuPG v2\n\n{_lines(data, 64)}={crc}\n")


def _ssh2(random: Random, _: str) -> str:
    """`{ssh2:}`: a private key as ssh.com's tools write it."""
    dashes, label = "-" * 4, "SSH2 ENCRYPTED PRIVATE KEY"
    comment = 'Comment: "2048-bit rsa"\n'
    body = comment + _lines(random.randbytes(600), 70)
    return f"{dashes} BEGIN {label} {dashes}\n{body}{dashes} END {label} {dashes}\n"


def _putty(random: Random, _: str) -> str:
    """`{putty:}`: a private key as PuTTYgen writes it, with its code at the end."""
    public = ssh_string(b"ssh-rsa") + ssh_string(b"\1\0\1") + ssh_string(random.randbytes(257))
    private = random.randbytes(640)
    code = mac(b"3", b"ssh-rsa", b"rsa-key", public, private)
    shown, hidden = _lines(public, 64), _lines(private, 64)
    return (
        "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: rsa-key\n"
        f"Public-Lines: {shown.count(chr(10))}\n{shown}"
        f"Private-Lines: {hidden.count(chr(10))}\n{hidden}"
        f"Private-MAC: {code}\n"
    )


def _openvpn(random: Random, _: str) -> str:
    """`{openvpn:}`: a static key as OpenVPN writes it."""
    body = "".join(f"{random.randbytes(16).hex()}\n" for _ in range(16))
    return _armour("OpenVPN Static key V1", body)


def _binary(content: bytes) -> str:
    """Bytes as text that `expand` turns into the same bytes again."""
    return content.decode("utf-8", "surrogateescape")


def _jks(random: Random, _: str) -> str:
    """`{jks:}`: a Java key store with one private key, named `key`."""
    entry = b"\x00\x03key" + random.randbytes(8) + b"\x00\x00\x05\x00" + random.randbytes(1280)
    return _binary(bytes.fromhex("feedfeed000000020000000100000001") + entry)


def _pkcs12(random: Random, _: str) -> str:
    """`{pkcs12:}`: the start of a PKCS#12 file as OpenSSL writes it, and random bytes."""
    start = "308209a50201033082096106092a864886f70d010701a0820952048209"
    return _binary(bytes.fromhex(start) + random.randbytes(2400))


ARMOURS: Mapping[str, Callable[[Random, str], str]] = {
    "pem": pem,
    "pem-json": _json,
    "pem-yaml": _yaml,
    "pem-encrypted": _encrypted,
    "pem-pgp": _pgp,
    "ssh2": _ssh2,
    "putty": _putty,
    "openvpn": _openvpn,
    "jks": _jks,
    "pkcs12": _pkcs12,
}
"""Macros by name; the argument is the armour's label where it has a choice of one."""
