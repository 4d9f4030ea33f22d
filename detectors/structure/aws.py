"""What an AWS access key id says.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html (prefixes),
https://medium.com/@TalBeerySec/a-short-note-on-aws-key-id-f88cc4317489 and
https://labs.withsecure.com/publications/a-bitwise-analysis-of-aws-access-key-identifiers.html
(the account number, in ids of the newer generation only).
"""

from __future__ import annotations

import binascii
from base64 import b32decode

from detectors.structure.seen import Structure, Token

__all__ = ["access_key_id"]

_KINDS = {
    b"AKIA": "long-term key",
    b"ASIA": "temporary key, of no use without its session token",
    b"ABIA": "bearer token of a service",
    b"ACCA": "context-specific credential",
}


def access_key_id(token: Token) -> Structure:
    """Kind and account: the 40 bits after the first of what the base 32 digits stand for."""
    prefix, digits = token.value[:4], token.value[4:20]
    facts = [("kind", _KINDS[prefix])] if prefix in _KINDS else []
    try:
        number = int.from_bytes(b32decode(digits), "big")
    except binascii.Error:
        return Structure(None, tuple(facts))
    newer, account = number >> 79, (number >> 39) & ((1 << 40) - 1)
    if newer and account < 10**12:
        facts.append(("AWS account", f"{account:012}"))
    return Structure(None, tuple(facts))
