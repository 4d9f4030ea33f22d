"""Java's properties files, as javaproperties parses them."""

from __future__ import annotations

import re

from forensics.config.lines import value_span
from forensics.config.slot import Found, Reading, key_text

__all__ = ["read_properties"]

_BOM = b"\xef\xbb\xbf"
_KEY = re.compile(rb"[ \t\f]*+(?P<key>(?:[^\s=:\\]|\\\r?\n[ \t\f]*+|\\.)*+)", re.S)
_MARK = re.compile(rb"[ \t\f]*+[=:]?[ \t\f]*+(?:\\\r?\n[ \t\f]*+)*+")
_REGISTRY = re.compile(rb"[ \t]*+(?P<key>//[^\s=]++)[ \t]*+=")
_BAD_ESCAPE = re.compile(rb"\\(?:(?P<bad>u)(?![0-9a-fA-F]{4})|.)", re.S)
_MOST_CONTINUED = 5_000
"""The time that javaproperties takes is quadratic in them."""
_UTF8 = "surrogateescape"


def read_properties(content: bytes) -> Reading:
    """`key=value`, `key: value` and `key value`; a backslash at the end continues the line.

    In .npmrc a key may hold colons: `//registry.example.org/:_authToken`.
    """
    from javaproperties import KeyValue, parse

    if content.count(b"\\\n") + content.count(b"\\\r") > _MOST_CONTINUED:
        return Reading([], "more continued lines than are looked at")
    text = content
    trouble = ""
    if b"\\u" in content:
        text = _BAD_ESCAPE.sub(lambda m: b"_u" if m["bad"] else m[0], content)
        trouble = "an escape that is none" if text != content else ""
    at = len(_BOM) if content.startswith(_BOM) else 0
    found: list[Found] = []
    for element in parse(text[at:].decode(errors=_UTF8)):
        start, at = at, at + len(element.source.encode(errors=_UTF8))
        if isinstance(element, KeyValue):
            end = start + len(content[start:at].rstrip(b"\r\n"))
            registry = _REGISTRY.match(content, start, end)
            if registry:
                span = value_span(content, registry.end(), end)
                found.append(Found(key_text(registry["key"]), *span))
                continue
            key = _KEY.match(content, start, end)
            mark = _MARK.match(content, key.end() if key else start, end)
            span = value_span(content, mark.end() if mark else start, end)
            found.append(Found(key_text(_bytes(element.key)), *span, _bytes(element.value)))
    return Reading(found, trouble)


def _bytes(text: str) -> bytes:
    """`text` in UTF-8, with bytes and halves of characters that are none as they stand."""
    try:
        return text.encode(errors=_UTF8)
    except UnicodeEncodeError:
        return text.encode(errors="surrogatepass")
