"""Armoured keys for templates: random bytes in the forms that private keys are kept in."""

from __future__ import annotations

import base64
from random import Random
from textwrap import indent

__all__ = ["ARMOURS"]


def _lines(random: Random, size: int, width: int) -> str:
    body = base64.b64encode(random.randbytes(size)).decode()
    return "".join(f"{body[at : at + width]}\n" for at in range(0, len(body), width))


def _armour(label: str, body: str, dashes: str = "-" * 5) -> str:
    return f"{dashes}BEGIN {label}{dashes}\n{body}{dashes}END {label}{dashes}\n"


def pem(random: Random, label: str) -> str:
    """`{pem:RSA PRIVATE KEY}`: an armour of that label around 600 random bytes."""
    return _armour(label, _lines(random, 600, 64))


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
    return _armour(label, headers + _lines(random, 600, 64))


def _pgp(random: Random, label: str) -> str:
    """`{pem-pgp:PGP PRIVATE KEY BLOCK}`: one as GnuPG writes it, with its CRC-24 line."""
    crc = base64.b64encode(random.randbytes(3)).decode()
    return _armour(label, f"Version: GnuPG v2\n\n{_lines(random, 602, 64)}={crc}\n")


def _ssh2(random: Random, _: str) -> str:
    """`{ssh2:}`: a private key as ssh.com's tools write it."""
    dashes, label = "-" * 4, "SSH2 ENCRYPTED PRIVATE KEY"
    comment = 'Comment: "2048-bit rsa"\n'
    body = comment + _lines(random, 600, 70)
    return f"{dashes} BEGIN {label} {dashes}\n{body}{dashes} END {label} {dashes}\n"


def _putty(random: Random, _: str) -> str:
    """`{putty:}`: a private key as PuTTYgen writes it."""
    return (
        "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: rsa-key\n"
        f"Public-Lines: 6\n{_lines(random, 279, 64)}"
        f"Private-Lines: 14\n{_lines(random, 640, 64)}"
        f"Private-MAC: {random.randbytes(32).hex()}\n"
    )


def _openvpn(random: Random, _: str) -> str:
    """`{openvpn:}`: a static key as OpenVPN writes it."""
    body = "".join(f"{random.randbytes(16).hex()}\n" for _ in range(16))
    return _armour("OpenVPN Static key V1", body)


ARMOURS = {
    "pem": pem,
    "pem-json": _json,
    "pem-yaml": _yaml,
    "pem-encrypted": _encrypted,
    "pem-pgp": _pgp,
    "ssh2": _ssh2,
    "putty": _putty,
    "openvpn": _openvpn,
}
"""Macros by name; the argument is the armour's label where it has a choice of one."""
