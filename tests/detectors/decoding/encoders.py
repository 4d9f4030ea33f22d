"""Encodings written the other way round, and where a part of what they encode then stands."""

from __future__ import annotations

import base64
import io
import tarfile
import zipfile
from collections.abc import Callable
from typing import NamedTuple


class Encoder(NamedTuple):
    """One way to encode a text."""

    how: str
    encode: Callable[[bytes], bytes]
    before: int = 0
    """Bytes that it puts in front."""

    def place(self, text: bytes, start: int, end: int) -> tuple[int, int]:
        """Where the bytes from `start` to `end` of `text` stand when it is encoded."""
        if self.how == "base64":
            return start * 8 // 6, (end * 8 - 1) // 6 + 1
        first = self.encode(text[:start])
        return len(first), len(first) + len(self.encode(text[start:end])) - self.before


def _each(form: str) -> Callable[[bytes], bytes]:
    return lambda text: "".join(form.format(byte) for byte in text).encode()


def _wide(text: bytes) -> bytes:
    return text.decode().encode("utf-16-le")


BASE64 = Encoder("base64", base64.b64encode)
URL_SAFE = Encoder("base64", base64.urlsafe_b64encode)
UNPADDED = Encoder("base64", lambda text: base64.b64encode(text).rstrip(b"="))
HEX = Encoder("hex", lambda text: text.hex().encode())
UPPER_HEX = Encoder("hex", lambda text: text.hex().upper().encode())
PERCENT = Encoder("percent", _each("%{:02X}"))
JSON_ESCAPES = Encoder("escapes", _each("\\u{:04x}"))
HEX_ESCAPES = Encoder("escapes", _each("\\x{:02x}"))
OCTAL_ESCAPES = Encoder("escapes", _each("\\{:03o}"))
DECIMAL_REFERENCES = Encoder("html", _each("&#{};"))
HEX_REFERENCES = Encoder("html", _each("&#x{:x};"))
UTF16 = Encoder("utf-16", _wide)
UTF16_BIG = Encoder("utf-16", lambda text: text.decode().encode("utf-16-be"))
UTF16_MARKED = Encoder("utf-16", lambda text: b"\xff\xfe" + _wide(text), 2)

INNER = (
    BASE64, URL_SAFE, HEX, UPPER_HEX, PERCENT, JSON_ESCAPES, HEX_ESCAPES, OCTAL_ESCAPES,
    DECIMAL_REFERENCES, HEX_REFERENCES,
)  # fmt: skip
"""What is found in anything that is itself encoded text."""


def zipped(content: bytes, name: str = "app.env", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of one member."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        archive.writestr(zipfile.ZipInfo(name), content, method)
    return held.getvalue()


def tarred(content: bytes, name: str = "app.env") -> bytes:
    """A tar archive of one member."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return held.getvalue()


def wrapped(text: bytes, width: int, between: bytes) -> bytes:
    """`text` in lines."""
    return between.join(text[at : at + width] for at in range(0, len(text), width))
