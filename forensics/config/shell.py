"""Slots of shell scripts, Makefiles and commands."""

from __future__ import annotations

import re

from forensics.config.lines import quoted, value_span
from forensics.config.slot import Found, Reading, key_text

__all__ = ["read_shell", "unquoted"]

_ASSIGNED = re.compile(
    rb"(?<![\w.$/-])(?P<key>[A-Za-z_]\w*+)(?:\[(?P<index>\w{1,60})\])?[+?]?=(?!=)"
)
_MAKE = re.compile(rb"^(?P<key>[A-Za-z_]\w*+)[ \t]++[:?+]{0,3}=[ \t]*+", re.M)
_FLAG = re.compile(
    rb"(?<!\S)(?P<key>-{1,2}[A-Za-z][\w.-]*+)(?:=|[ \t]++)"
    rb"(?P<variable>[\"']?[A-Za-z_]\w*+=)?(?P<header>[\"'][A-Za-z-]{1,60}:[ \t]?)?(?![-\s|&;<>])"
)
_WORD = re.compile(
    rb"(?:\$\([^()\n]*+\)|\$\{[^{}\n]*+\}|`[^`\n]*+`|\\.|[^\s;&|<>()\"'`\\]|(?<=.)[\"'])*+"
)
_IN_QUOTES = re.compile(rb"\\([\"\\$`])")
_BARE_ESCAPE = re.compile(rb"\\(.)", re.S)
_COMMENT = re.compile(rb"(?:^|(?<=[ \t;]))#[^\n]*+", re.M)


def read_shell(content: bytes) -> Reading:
    """Variables, and what follows flags: `--token X` is the slot `--token`.

    The variable in `-e KEY=value` is a slot `KEY`, a header in `-H "Name: value"` a slot `-H Name`.
    """
    return Reading(_shell(content))


def unquoted(content: bytes, start: int, end: int) -> bytes:
    """A word of the shell as it is passed on, where it is quoted or escaped."""
    text = content[start:end]
    quote = content[start - 1 : start] if start else b""
    if quote == b"'":
        return text
    if quote == b'"':
        return _IN_QUOTES.sub(rb"\1", text)
    return _BARE_ESCAPE.sub(rb"\1", text)


def _shell(content: bytes) -> list[Found]:
    skipped = [match.span() for match in _COMMENT.finditer(content)]
    found: dict[tuple[int, int], Found] = {}
    for match in _MAKE.finditer(content):
        end = _line_end(content, match.end())
        span = value_span(content, match.end(), end, b"#")
        found[span] = Found(key_text(match["key"]), *span)
    for match in _ASSIGNED.finditer(content):
        key = key_text(match["key"])
        key = f"{key}[{key_text(match['index'])}]" if match["index"] else key
        span = _word(content, match.end())
        found[span] = Found(key, *span)
    for match in _FLAG.finditer(content):
        key = key_text(match["key"])
        if match["variable"]:
            continue
        if match["header"]:
            start = match.end()
            close = content.find(match["header"][:1], start, _line_end(content, start))
            if close > start:
                name = key_text(match["header"][1:].rstrip(b": \t"))
                found[start, close] = Found(f"{key} {name}", start, close)
            continue
        span = _word(content, match.end())
        if span not in found and span[0] < span[1]:
            found[span] = Found(key, *span)
    return _outside(found, skipped)


def _word(content: bytes, start: int) -> tuple[int, int]:
    """The word of the shell at `start`; where it is quoted as a whole, what is quoted."""
    inside = quoted(content, start, min(len(content), start + 32_768))
    if inside:
        return inside
    match = _WORD.match(content, start)
    return start, match.end() if match else start


def _outside(found: dict[tuple[int, int], Found], skipped: list[tuple[int, int]]) -> list[Found]:
    """What does not stand in a comment."""
    kept = []
    comments = iter(skipped)
    comment = next(comments, None)
    for _, each in sorted(found.items()):
        while comment and comment[1] < each.start:
            comment = next(comments, None)
        if comment is None or not comment[0] <= each.start < comment[1]:
            kept.append(each)
    return kept


def _line_end(content: bytes, start: int) -> int:
    end = content.find(b"\n", start)
    return end if end >= 0 else len(content)
