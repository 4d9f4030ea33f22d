"""JSON web tokens.

Sources: RFC 7519 (claims), RFC 7515 (header, signature), RFC 7518 (HMAC algorithms).
"""

from __future__ import annotations

import hmac
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from typing import Any

from detectors.structure.seen import Structure, Token, iso

__all__ = ["described", "json_object", "jwt"]

_HASHES = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
_KNOWN = (
    b"secret", b"your-256-bit-secret", b"your-384-bit-secret", b"your-512-bit-secret",
    b"a-string-secret-at-least-256-bits-long", b"changeme", b"password", b"test", b"key",
    b"shhhhh", b"super-secret-jwt-token-with-at-least-32-characters-long",
)  # fmt: skip
"""Secrets that documentation signs its examples with."""

_CLAIMS = (
    ("iss", "issuer"), ("aud", "audience"), ("azp", "authorized party"), ("client_id", "client id"),
    ("appid", "application id"), ("tid", "tenant id"), ("ref", "project"), ("role", "role"),
    ("scope", "scope"), ("scp", "scope"), ("token_use", "use"), ("typ", "use"),
)  # fmt: skip
_TIMES = (("iat", "issued"), ("nbf", "not before"), ("exp", "expires"))
_MACHINE = re.compile(r"(?:system:serviceaccount|repo|project_path|spiffe)[:/].{1,100}")
"""Subjects that are a workload; any other may be a person, and is not told."""
_ADDRESS = re.compile(r"(?i:[a-z][a-z0-9+.-]{0,20}://)[^/?#\s]*@")
_DEEPEST = 20


def json_object(text: bytes) -> dict[str, Any] | None:
    """The JSON object that base64 `text` stands for, or None."""
    try:
        raw = urlsafe_b64decode(text.translate(_URL_SAFE) + b"=" * (-len(text) % 4))
        if max(raw.count(b"["), raw.count(b"{")) > _DEEPEST:
            return None
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def described(value: object) -> str:
    """A claim as text, or empty where it is none that can be told: no address with a user in it,
    no query."""
    if isinstance(value, list):
        parts = [described(each) for each in value[:5]]
        return " ".join(part for part in parts if part)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value)[:200]
    return "" if _ADDRESS.match(text) else text.partition("?")[0]


def _claims(claims: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for claim, name in _CLAIMS:
        yield name, described(claims.get(claim))
    if isinstance(subject := claims.get("sub"), str) and _MACHINE.fullmatch(subject):
        yield "subject", subject
    for claim, name in _TIMES:
        yield name, iso(claims.get(claim)) or ""


def jwt(token: Token) -> Structure:
    """Algorithm, key id, issuer, audience and times of a token whose two parts decode.

    Whose it is, is told only of a workload. `expires` is a date, so that the same token gives the
    same facts on any day.
    """
    # A provider may put a prefix of its own before the token.
    start = max(token.value.find(b"eyJ"), 0)
    parts = token.value[start:].split(b".")
    header, claims = (json_object(part) for part in (*parts[:2], b"", b"")[:2])
    if header is None or claims is None or not isinstance(header.get("alg"), str):
        return Structure(False)
    algorithm = str(header["alg"])
    facts = [("algorithm", algorithm), *_claims(claims), ("key id", described(header.get("kid")))]
    signature = _decoded(parts[2]) if len(parts) == 3 else None
    if signature and algorithm in _HASHES:
        signed, how = b".".join(parts[:2]), _HASHES[algorithm]
        if any(hmac.compare_digest(hmac.digest(k, signed, how), signature) for k in _KNOWN):
            facts.insert(0, ("signed with", "a secret from documentation, so anybody can sign"))
    return Structure(True, tuple(facts))


def _decoded(text: bytes) -> bytes | None:
    try:
        return urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    except ValueError:
        return None
