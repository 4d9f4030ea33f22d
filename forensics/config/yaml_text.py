"""Texts of YAML: as the parser gets them, and scalars as programs get them."""

from __future__ import annotations

import base64
import binascii
import re
from contextlib import suppress

from forensics.config.standing import tagged

__all__ = ["BOM", "bytes_of", "one_character_a_byte", "resolved", "value_start"]

BOM = b"\xef\xbb\xbf"
_FIRST = 0x10FE00
"""Private characters that stand for single bytes: nothing that a file is likely to hold."""
_ONE_CHARACTER = {
    byte: chr(_FIRST + byte)
    for byte in range(256)
    if not (32 <= byte < 127 or chr(byte) in "\t\r\n")
}
_ANY_CHARACTER = {byte: chr(_FIRST + byte) for byte in range(256)}
_UNUSUAL = re.compile(rb"[^\t\r\n\x20-\x7e]")
_PRIVATE = re.compile(f"[{chr(_FIRST)}-{chr(_FIRST + 255)}]")
_TEMPLATE = re.compile(r"\{\{(?:[^{}]|\{(?!\{)|\}(?!\}))*+\}\}|\{%[^%{}]*+%\}|<%[^%<>]*+%>")
_BESIDE = 200
"""Characters on either side that tell whether a template is alone on its line."""
_PRECEDED = re.compile(r"[^ \t\r\n][ \t]*\Z|\A[ \t]{200}\Z")
_FOLLOWED = re.compile(r"[ \t\r]*+[^ \t\r\n]|[ \t]{200}\Z")
_COMMENTED = {"#" + chr(_FIRST + ord("{")): "{{", "#" + chr(_FIRST + ord("%")): "{%"}
_PROPERTIES = re.compile(rb"(?:[&!][^\s,\[\]{}]*+\s++)*+(?:[&!][^\s,\[\]{}]*+$)?")
_BLOCK = re.compile(rb"[|>][^\n]*+\n?\s*+")
_NUMBER = re.compile(
    rb"[-+]?[0-9]++|0o[0-7]++|0x[0-9a-fA-F]++"
    rb"|[-+]?(?:\.[0-9]++|[0-9]++(?:\.[0-9]*+)?)(?:[eE][-+]?[0-9]++)?"
    rb"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_NUMERIC = frozenset(b"0123456789+-.")
_NULLS = frozenset({b"", b"~", b"null", b"Null", b"NULL"})
_BOOLEANS = frozenset({b"true", b"True", b"TRUE", b"false", b"False", b"FALSE"})
_STANDARD = "tag:yaml.org,2002:"


def one_character_a_byte(content: bytes) -> str:
    """`content` so that the parser's marks are positions in bytes.

    Bytes beyond ASCII, and those of templates, become characters that mean nothing; a line that
    holds nothing but a template becomes a comment.
    """
    text = content.decode("latin-1")
    if _UNUSUAL.search(content):
        text = text.translate(_ONE_CHARACTER)
    if "{{" in text or "{%" in text or "<%" in text:
        text = _without_templates(text)
    return text


def bytes_of(value: str) -> bytes:
    """A text from the parser as it was in the file."""
    if value.isascii():
        return value.encode("ascii")
    for comment, template in _COMMENTED.items():
        value = value.replace(comment, template)
    parts = []
    at = 0
    for match in _PRIVATE.finditer(value):
        parts.append(value[at : match.start()].encode(errors="surrogatepass"))
        parts.append(bytes([ord(match[0]) - _FIRST]))
        at = match.end()
    return b"".join([*parts, value[at:].encode(errors="surrogatepass")])


def _without_templates(text: str) -> str:
    def fill(match: re.Match[str]) -> str:
        before = text[max(0, match.start() - _BESIDE) : match.start()]
        after = text[match.end() : match.end() + _BESIDE]
        alone = not _PRECEDED.search(before) and not _FOLLOWED.match(after)
        # Also its line ends, so that it stays one scalar.
        filled = match[0].translate(_ANY_CHARACTER)
        return "#" + filled[1:] if alone else filled

    return _TEMPLATE.sub(fill, text)


def value_start(content: bytes, start: int, end: int, style: str | None) -> int:
    """Where the value of a scalar starts, after anchor, tag and the head of a block."""
    properties = _PROPERTIES.match(content, start, end)
    start = properties.end() if properties else start
    if style in ("|", ">"):
        header = _BLOCK.match(content, start, end)
        start = header.end() if header else start
    return start


def resolved(text: bytes, tag: str | None, *, plain: bool) -> tuple[bytes, str, str, str]:
    """Text, type, kind and by of a scalar: the core schema of YAML 1.2.

    Args:
        text: of the scalar, decoded.
        tag: what stands before it, if anything.
        plain: whether it has no quotes and is no block.
    """
    if tag and tag != "!":
        return _tagged(text, tag)
    if plain and not tag:
        if text in _NULLS:
            return b"", "null", "", ""
        if text in _BOOLEANS:
            return text.lower(), "boolean", "", ""
        if text[0] in _NUMERIC and _NUMBER.fullmatch(text):
            return text, "number", "", ""
    return text, "string", "", ""


def _tagged(text: bytes, tag: str) -> tuple[bytes, str, str, str]:
    name = tag.removeprefix(_STANDARD)
    if name == tag:
        standing = tagged(tag.encode(errors="replace"), text.strip())
        return text, "string", *(standing or ("", ""))
    if name == "bool":
        return text.lower(), "boolean", "", ""
    if name == "null":
        return b"", "null", "", ""
    if name == "binary":
        with suppress(binascii.Error, ValueError):
            text = base64.b64decode(b"".join(text.split()), validate=True)
    return text, "number" if name in ("int", "float") else "string", "", ""
