"""PyPI's tokens: macaroons in the second binary format of libmacaroons.

Sources: https://github.com/rescrv/libmacaroons/blob/master/doc/format.txt,
https://github.com/pypi/warehouse/blob/main/warehouse/macaroons/caveats/__init__.py
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator

from detectors.structure.seen import Structure, Token, iso

__all__ = ["pypi"]

_END, _LOCATION, _IDENTIFIER, _SIGNATURE = 0, 1, 2, 6
_MOST_CAVEATS = 20


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A variable-length integer at a position, and the position after it."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
        if shift > 28:
            raise ValueError("too large")


def _packets(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 1
    while at < len(data):
        kind, at = _number(data, at)
        if kind == _END:
            yield _END, b""
            continue
        size, at = _number(data, at)
        if at + size > len(data):
            raise ValueError("cut off")
        yield kind, data[at : at + size]
        at += size


def _projects(names: object) -> tuple[str, str]:
    if isinstance(names, list):
        return "projects", " ".join(str(name)[:50] for name in names[:5])
    return "scope", str(names)


def _caveat(text: bytes) -> Iterator[tuple[str, str]]:
    """What a restriction says: an object in the first version, else a list with its number."""
    value = json.loads(text)
    if isinstance(value, dict):
        permissions = value.get("permissions")
        if isinstance(permissions, dict):
            yield _projects(permissions.get("projects"))
        elif permissions == "user":
            yield "scope", "everything of the account"
        elif "nbf" in value or "exp" in value:
            yield "expires", iso(value.get("exp")) or ""
    elif isinstance(value, list) and value:
        if value[0] == 0 and len(value) == 3:
            yield "expires", iso(value[1]) or ""
            yield "not before", iso(value[2]) or ""
        elif value[0] == 1 and len(value) == 2:
            yield _projects(value[1])
        elif value[0] == 2 and len(value) == 2 and isinstance(value[1], list):
            yield "project ids", " ".join(str(each)[:36] for each in value[1][:3])
        elif value[0] == 3:
            yield "scope", "one user"


def pypi(token: Token) -> Structure:
    """Index, projects and expiry of a token that decodes to a whole macaroon."""
    body = token.value.partition(b"-")[2]
    try:
        data = urlsafe_b64decode(body + b"=" * (-len(body) % 4))
        packets = list(_packets(data))
        if data[:1] != b"\x02" or [kind for kind, _ in packets[:2]] != [_LOCATION, _IDENTIFIER]:
            return Structure(False)
        if packets[-1][0] != _SIGNATURE or len(packets[-1][1]) != 32:
            return Structure(False)
        facts = [("index", packets[0][1].decode("ascii"))]
        caveats = [text for kind, text in packets[2:-1] if kind == _IDENTIFIER]
        for caveat in caveats[:_MOST_CAVEATS]:
            facts += _caveat(caveat)
    except (ValueError, IndexError, RecursionError):
        return Structure(False)
    if not caveats:
        facts.append(("scope", "everything of the account"))
    return Structure(True, tuple(facts))
