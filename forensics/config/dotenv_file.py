"""Dotenv files, as python-dotenv parses them."""

from __future__ import annotations

import io
import re

from forensics.config.lines import line_of, value_span
from forensics.config.slot import Found, Reading, key_text
from forensics.config.templated import TEMPLATE

__all__ = ["read_dotenv"]

_BOM = b"\xef\xbb\xbf"
_HEAD = re.compile(rb"\s*+(?:export[ \t]++)?(?:'[^']+'|[^=#\s]+)[ \t]*+=[ \t]*+")
_QUOTED = re.compile(rb"\"(?:\\.|[^\"\\])*+\"|'(?:\\.|[^'\\])*+'", re.S)
_OTHERWISE = re.compile(
    rb"[ \t]*+(?:(?:export|set|setx|declare -x|-)[ \t]++)?(?P<key>[A-Za-z_][\w.-]*+)[ \t]*+[=:]"
)
_RUBY = re.compile(rb"(?:export[ \t]++)?[A-Za-z_]\w*+:[ \t]")
"""Ruby's dotenv takes a colon as well."""
_LONG_BLANK = re.compile(r"[^\S\r\n]{1000}")
"""The time that python-dotenv takes is quadratic in the blanks after a value."""
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_UTF8 = "surrogateescape"


def read_dotenv(content: bytes) -> Reading:
    """`KEY=value`, with `export` or without; values in quotes may go on on other lines.

    A line that is none of these is told, and read as other programs would. A name alone has no
    value.
    """
    from dotenv.parser import parse_stream

    found: list[Found] = []
    trouble = ""
    at = len(_BOM) if content.startswith(_BOM) else 0
    decoded = content.decode(errors=_UTF8)
    if _LONG_BLANK.search(decoded):
        return Reading(found, "more blanks than are looked at")
    for binding in parse_stream(io.StringIO(decoded, newline="")):
        original = binding.original.string.encode(errors=_UTF8)
        start, end = at, at + len(original)
        at = end
        if binding.error or (binding.key and not _NAME.fullmatch(binding.key)):
            line = original.lstrip()
            if not TEMPLATE.match(line) and not _RUBY.match(line):
                trouble = trouble or f"no assignment in line {line_of(content, end - len(line))}"
            found += _otherwise(content, end - len(line), end)
        elif binding.key and binding.value is None:
            last = start + len(original.rstrip())
            found.append(Found(key_text(binding.key.encode(errors=_UTF8)), last, last, b""))
        elif binding.key:
            key = key_text(binding.key.encode(errors=_UTF8))
            text = (binding.value or "").encode(errors=_UTF8)
            found.append(_found(key, text, content, start, end))
    return Reading(found, trouble)


def _found(key: str, text: bytes, content: bytes, start: int, end: int) -> Found:
    head = _HEAD.match(content, start, end)
    first = head.end() if head else end
    quoted = _QUOTED.match(content, first, end)
    if quoted is None:
        return Found(key, first, min(first + len(text), end), text)
    # The shell takes `$` between single quotes as it is.
    plain = content[first : first + 2] == b"'$" and not text.startswith(b"$ANSIBLE")
    kind = "literal" if plain else ""
    return Found(key, first + 1, quoted.end() - 1, text.replace(b"\r\n", b"\n"), "untyped", kind)


def _otherwise(content: bytes, start: int, end: int) -> list[Found]:
    end = start + len(content[start:end].rstrip())
    match = _OTHERWISE.match(content, start, end)
    if match is None:
        return []
    return [Found(key_text(match["key"]), *value_span(content, match.end(), end, b"#"))]
