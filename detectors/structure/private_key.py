"""Private keys in an armour: what they are, and whether they are whole."""

from __future__ import annotations

import re

from detectors.canonical import canonical, unwrapped
from detectors.structure.keys import Key, encrypted_pkcs8, traditional
from detectors.structure.openssh import openssh
from detectors.structure.pgp import secret_key, unarmoured
from detectors.structure.seen import Structure, Token

__all__ = ["pem", "pgp", "service_account"]

_BEGIN = re.compile(rb"-----BEGIN (?:([A-Z0-9 ]{1,40}) )?PRIVATE KEY(?: BLOCK)?-----")
_CIPHER = re.compile(rb"DEK-Info: ([A-Z0-9-]{3,20})")
_LABELS = (b"", b"RSA", b"EC", b"DSA", b"OPENSSH", b"ENCRYPTED")
_LONGEST = 40_000


def _structure(key: Key, encrypted: str) -> Structure:
    facts = (("key", key.kind), ("encrypted", encrypted), ("public key", key.fingerprint))
    return Structure(key.genuine, facts)


def pem(token: Token) -> Structure:
    """Kind, size, encryption and fingerprint; right if it parses and its numbers fit together.

    The fingerprint is that of the public half, as `ssh-keygen -l` prints it, where the key holds
    that half: Ed25519 keys in PKCS#8 mostly do not.
    """
    value = unwrapped(token.value[:_LONGEST])
    begin = _BEGIN.search(value)
    if begin is None:
        return Structure()
    label = begin[1] or b""
    if cipher := _CIPHER.search(value):
        return Structure(None, (("key", label.decode()), ("encrypted", cipher[1].decode())))
    data = canonical(value, "pem")
    try:
        if label == b"OPENSSH":
            key, how = openssh(data)
            return _structure(key, "no" if how == "none" else how)
        if label == b"ENCRYPTED":
            return Structure(True, (("encrypted", encrypted_pkcs8(data)),))
        return _structure(traditional(label, data), "no")
    except (ValueError, IndexError):
        # Of a label that is not known here, nothing is known either.
        return Structure(False if label in _LABELS else None)


def pgp(token: Token) -> Structure:
    """Kind, key id, when it was made and whether it is encrypted; whose it is, is not told."""
    text = token.value[:_LONGEST].replace(b"\\r", b"").replace(b"\\n", b"\n")
    body = _BEGIN.sub(b"\n", text).partition(b"-----END")[0]
    try:
        data, right = unarmoured(body)
        key = secret_key(data)
    except (ValueError, IndexError):
        return Structure(False)
    facts = (
        ("key", key.kind), ("key id", key.key_id), ("made", key.made),
        ("encrypted", "yes" if key.encrypted else "no"),
    )  # fmt: skip
    return Structure(right is not False, facts)


_FIELDS = {
    "project": re.compile(rb'"project_id"\s{0,4}:\s{0,4}"([a-z0-9:.-]{4,60})"'),
    "service account": re.compile(
        rb'"client_email"\s{0,4}:\s{0,4}"([a-z0-9-]{1,64}@[a-z0-9.-]{3,80}gserviceaccount\.com)"'
    ),
    "key id": re.compile(rb'"private_key_id"\s{0,4}:\s{0,4}"([0-9a-f]{40})"'),
}


def service_account(token: Token) -> Structure:
    """A Google Cloud service account's key: its project, its account, and the key itself.

    Source: https://cloud.google.com/iam/docs/keys-create-delete
    """
    key = pem(token)
    facts = []
    for name, field in _FIELDS.items():
        before, after = field.findall(token.before), field.findall(token.after)
        if found := before[-1:] or after[:1]:
            facts.append((name, found[0].decode()))
    return Structure(key.valid, (*facts, *key.facts))
