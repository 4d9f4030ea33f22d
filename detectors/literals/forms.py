"""The forms in which a known value may be written: raw, encoded, escaped."""

from __future__ import annotations

import html
import json
import math
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import quote, quote_plus

__all__ = ["FORMS", "Form", "forms_of", "too_short"]

FORMS = (
    "as it is", "hex", "base64", "base64url", "UTF-16LE", "UTF-16BE", "base64 of UTF-16LE",
    "percent", "JSON", "\\x", "escaped",
)  # fmt: skip
"""Names of all forms."""

_CLASSES = ((rb"[a-z]", 26), (rb"[A-Z]", 26), (rb"[0-9]", 10), (rb"[^A-Za-z0-9]", 33))
_SURE_BITS, _LEAST_DIFFERENT = 56, 5
_BLOCK, _SPLIT_FROM = 24, 10
"""Characters of encoded text that are looked for in one piece, and from which it is split."""


class Form(NamedTuple):
    """How a value may stand in a content."""

    name: str
    whole: bytes
    pieces: tuple[bytes, ...]
    """One of these stands wherever the whole does."""
    wrapped: bool = False
    """Whether line ends may stand in it."""


def too_short(value: bytes) -> bool:
    """Whether a value is so short, or has so few different bytes, that it can stand somewhere by
    chance: among some gigabytes, or because it is a word."""
    alphabet = sum(size for pattern, size in _CLASSES if re.search(pattern, value))
    bits = len(value) * math.log2(max(alphabet, 2))
    return bits < _SURE_BITS or len(set(value)) < _LEAST_DIFFERENT


def forms_of(value: bytes) -> list[Form]:
    """Every form of a value that is looked for, each once. It is not empty."""
    found: dict[bytes, Form] = {}
    for name, whole, wrapped in _written(value):
        if whole not in found and len(whole) >= min(len(value), 4):
            found[whole] = Form(name, whole, _pieces(whole) if wrapped else (whole,), wrapped)
    return list(found.values())


def _written(value: bytes) -> Iterator[tuple[str, bytes, bool]]:
    yield "as it is", value, False
    yield "hex", value.hex().encode(), True
    yield "hex", value.hex().upper().encode(), True
    for encoded in _base64(value):
        yield "base64", encoded, True
        yield "base64url", encoded.translate(bytes.maketrans(b"+/", b"-_")), True
    yield from (("percent", escaped, False) for escaped in _percent(value))
    yield from (("\\x", escaped, False) for escaped in _hexadecimal_escapes(value))
    yield "escaped", repr(value)[2:-1].encode(), False
    yield "escaped", value.replace(b"\n", b"\r\n"), False
    yield "escaped", re.sub(rb"([^A-Za-z0-9_@%+=:,./-])", rb"\\\1", value), False  # for a shell
    for quotation in (b"'", b'"'):
        yield "escaped", value.replace(quotation, 2 * quotation), False  # for SQL and YAML
        escaped = value.replace(b"\\", b"\\\\").replace(quotation, b"\\" + quotation)
        yield "escaped", escaped, False
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return
    yield "UTF-16LE", text.encode("utf-16-le"), False
    yield "UTF-16BE", text.encode("utf-16-be"), False
    for encoded in _base64(text.encode("utf-16-le")):  # as PowerShell takes its commands
        yield "base64 of UTF-16LE", encoded, True
    yield from (("\\x", escaped, False) for escaped in _unicode_escapes(text))
    yield from (("JSON", escaped, False) for escaped in _json(text))
    yield "escaped", html.escape(text).encode(), False


def _base64(value: bytes) -> Iterator[bytes]:
    """What of a value's base64 does not depend on the bytes around it, at each offset."""
    for before, cut in ((0, 0), (1, 2), (2, 3)):
        encoded = b64encode(b"\0" * before + value)
        yield encoded[cut : 8 * (before + len(value)) // 6]


def _percent(value: bytes) -> Iterator[bytes]:
    everything = "".join(f"%{byte:02X}" for byte in value)
    for text in (quote(value, safe=""), quote(value), quote_plus(value), everything):
        yield text.encode()
        yield re.sub("%..", lambda found: found[0].lower(), text).encode()


def _hexadecimal_escapes(value: bytes) -> Iterator[bytes]:
    for form in ("\\x%02x", "\\x%02X", "\\\\x%02x", "\\%03o", "\\u%04x", "\\u%04X"):
        yield "".join(form % byte for byte in value).encode()


def _unicode_escapes(text: str) -> Iterator[bytes]:
    """Every character by its number, or by its two where it has as many in UTF-16."""
    units = memoryview(text.encode("utf-16")[2:]).cast("H")
    for form in ("\\u%04x", "\\u%04X"):
        yield "".join(form % unit for unit in units).encode()


def _json(text: str) -> Iterator[bytes]:
    def unicode_escape(found: re.Match[str]) -> str:
        return f"\\u{ord(found[0]):04x}"

    writers: tuple[Callable[[str], str], ...] = (
        lambda plain: plain,
        lambda plain: plain.replace("/", "\\/"),
        lambda plain: re.sub("[&<>]", unicode_escape, plain),
        lambda plain: re.sub("[&<>='/+]", unicode_escape, plain),
    )
    for ascii_only in (True, False):
        plain = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
        for write in writers:
            written = write(plain)
            yield written.encode()
            for outer in (True, False):  # JSON in JSON
                yield json.dumps(written, ensure_ascii=outer)[1:-1].encode()


def _pieces(whole: bytes) -> tuple[bytes, ...]:
    """Pieces of encoded text, of which a line end at every 48th character or later leaves one."""
    if len(whole) < _SPLIT_FROM:
        return (whole,)
    if len(whole) <= 2 * _BLOCK:
        half = len(whole) // 2
        return whole[:half], whole[half:]
    block = min(_BLOCK, len(whole) // 3)
    return tuple(whole[at : at + block] for at in (0, block, 2 * block))
