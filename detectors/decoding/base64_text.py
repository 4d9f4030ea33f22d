"""Base64, also in its URL-safe alphabet, without padding, or wrapped over lines."""

from __future__ import annotations

import binascii
import re
import string

from detectors.decoding.places import base64_place
from detectors.decoding.plausible import is_text
from detectors.decoding.run_decoder import Encoding, RunDecoder
from detectors.decoding.words import CORE, PLAIN, STARTS, WIDE, base64_literals

__all__ = ["base64_decoder", "readable"]

_STANDARD = bytes.maketrans(b"-_", b"+/")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_VALUE = re.compile(rb"[A-Za-z0-9+/_-]{4,}={0,2}")
_SPACE = re.compile(rb"\s+")

_PACKED = (b"H4sIA", b"H4sIC", b"UEsDB")
"""How gzip, with and without a file name, and zip start in base64."""
_MARKERS = (b";base64,", b"-EncodedCommand ", b"-encodedcommand ", b"-enc ")


def _undo(text: bytes) -> bytes:
    text = text.translate(_STANDARD)
    if len(text) % 4 == 1:
        text = text[:-1]
    return binascii.a2b_base64(text + b"=" * (-len(text) % 4))


BASE64 = Encoding(
    how="base64",
    alphabet=(string.ascii_letters + string.digits + "+/_-").encode(),
    group=4,
    least=16,
    any_case=False,
    undo=_undo,
    place=base64_place,
)


def readable(value: bytes) -> bytes | None:
    """The text that a base64 value holds, or None where it is no base64, or holds no text.

    Padding may be missing, white space counts for nothing, and both alphabets are read. Text is
    UTF-8 without control characters but tabs and line breaks.
    """
    value = _SPACE.sub(b"", value)
    if not _VALUE.fullmatch(value):
        return None
    value = value.rstrip(b"=")
    if len(value) % 4 == 1:
        return None
    text = _undo(value)
    return text if is_text(text) else None


def base64_decoder() -> RunDecoder:
    """The decoder for texts that hold a word of secrets."""
    literals: dict[bytes, int] = {}
    for word in (*PLAIN, *STARTS):
        literals |= base64_literals(word)
    for word in WIDE:
        literals |= base64_literals(bytes(byte for letter in word for byte in (letter, 0)))
    for word in _PACKED:
        literals |= base64_literals(word) | {word: 0}
    for word in CORE:
        for inner in base64_literals(word):
            literals |= base64_literals(inner)
    literals |= {one.translate(_URL_SAFE): at for one, at in literals.items()}
    return RunDecoder(BASE64, literals, _MARKERS)
