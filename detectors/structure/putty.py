"""Private keys of PuTTY.

Source: https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html
"""

from __future__ import annotations

import hmac
import re
from base64 import b64decode
from hashlib import sha1

from detectors.structure.keys import ssh_fingerprint, ssh_string
from detectors.structure.seen import Structure, Token

__all__ = ["mac", "putty"]

_BLOCK = rb"(?:[A-Za-z0-9+/=]{1,80}\s{1,4})++"
_FILE = re.compile(
    rb"PuTTY-User-Key-File-(?P<version>[23]): (?P<kind>[\w@.-]{1,60})\s{1,4}"
    rb"Encryption: (?P<cipher>[\w-]{1,40})\s{1,4}"
    rb"Comment: (?P<comment>[^\r\n]{0,200})\s{1,4}"
    rb"Public-Lines: [0-9]{1,3}\s{1,4}(?P<public>" + _BLOCK + rb")"
    rb"(?:(?:Key-Derivation|Argon2-[A-Za-z]{1,20}): [^\r\n]{0,200}\s{1,4}){0,5}"
    rb"Private-Lines: [0-9]{1,3}\s{1,4}(?P<private>" + _BLOCK + rb")"
    rb"Private-MAC: (?P<mac>[0-9a-f]{1,64})"
)


def mac(version: bytes, kind: bytes, comment: bytes, public: bytes, private: bytes) -> str:
    """The code that ends a key that is not encrypted."""
    parts = (kind, b"none", comment, public, private)
    data = b"".join(map(ssh_string, parts))
    if version == b"3":
        return hmac.digest(b"", data, "sha256").hex()
    key = sha1(b"putty-private-key-file-mac-key", usedforsecurity=False).digest()
    return hmac.digest(key, data, "sha1").hex()


def putty(token: Token) -> Structure:
    """Kind, encryption and fingerprint; the code at the end is checked if nothing is encrypted."""
    match = _FILE.fullmatch(token.value[:40_000])
    if match is None:
        return Structure(False)
    try:
        public, private = (b64decode(b"".join(match[n].split())) for n in ("public", "private"))
    except ValueError:
        return Structure(False)
    cipher = match["cipher"].decode()
    facts = (
        ("key", match["kind"].decode()), ("encrypted", "no" if cipher == "none" else cipher),
        ("public key", ssh_fingerprint(public)),
    )  # fmt: skip
    if cipher != "none":
        return Structure(None, facts)
    right = mac(match["version"], match["kind"], match["comment"], public, private)
    return Structure(right.encode() == match["mac"], facts)
