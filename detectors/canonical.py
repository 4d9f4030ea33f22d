"""Canonical forms: the same secret written in different ways is one secret."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from urllib.parse import unquote_to_bytes

from detectors.decoding.base64_text import readable

__all__ = ["canonical", "unwrapped"]

_ARMOUR = re.compile(rb"-----(?:BEGIN|END)[^-]*-----")
_ESCAPED_BREAK = re.compile(rb"\\+[rnt]")
_HEADER = re.compile(rb"^[A-Za-z][A-Za-z-]*: .*$", re.MULTILINE)
_JOINED = re.compile(rb"""["'`]\s{0,200}\+\s{0,200}["'`]""")
"""How programs join strings: no plus of the key's."""
_WRAPPED = b64encode(b"-----BEGIN ").rstrip(b"=")[:-1]
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def _der(armoured: bytes) -> bytes:
    """The bytes inside a PEM armour, or the armoured text where they do not decode.

    Line ends, their escaped forms, indentation, quotes, joined strings and RFC 1421 headers do not
    count, nor whether all of it stands in base64 once more.
    """
    inside = unwrapped(armoured)
    if inside != armoured:
        return _der(inside) if inside else armoured
    text = _HEADER.sub(b"", _ESCAPED_BREAK.sub(b"\n", _ARMOUR.sub(b"\n", armoured)))
    body = _NOT_BASE64.sub(b"", _JOINED.sub(b"", text))
    try:
        return b64decode(body + b"=" * (-len(body) % 4)) or armoured
    except binascii.Error:
        return armoured


def unwrapped(wrapped: bytes) -> bytes:
    """The armoured text that stands in base64, empty where not all of an armour does; what stands
    in none as it is."""
    if not wrapped.startswith(_WRAPPED):
        return wrapped
    try:
        text = b64decode(wrapped.rstrip(b"=") + b"=" * (-len(wrapped.rstrip(b"=")) % 4))
    except binascii.Error:
        return b""
    return text if len(_ARMOUR.findall(text)) == 2 else b""


def canonical(value: bytes, form: str) -> bytes:
    """`value` in canonical form: PEM to DER for `pem`, unquoted for `percent`, the text inside
    for `base64` where it holds text, else as it is."""
    if form == "base64":
        return readable(value) or value
    if form == "pem":
        return _der(value)
    if form == "percent":
        return unquote_to_bytes(value)
    return value
