"""Dockerfiles. Source: https://docs.docker.com/reference/dockerfile"""

from __future__ import annotations

import re

from forensics.config.lines import value_span
from forensics.config.shell import read_shell
from forensics.config.slot import Found, Reading, key_text

__all__ = ["dockerfile_settings", "read_dockerfile"]

_INSTRUCTION = re.compile(rb"^[ \t]*+(?P<name>(?i:ENV|ARG))[ \t]++", re.M)
_LINE = re.compile(rb"(?:[^\n\\]|\\[ \t]*+\r?\n(?:[ \t]*+#[^\n]*+\n)*+|\\)*+")
_PAIR = re.compile(
    rb"(?:\s|\\[ \t]*+\r?\n(?:[ \t]*+#[^\n]*+\n)*+)*+"
    rb"(?P<key>[A-Za-z_][\w.-]*+)(?P<mark>=)?"
)
_WORD = re.compile(
    rb"(?:\"(?:[^\"\\]|\\.)*+\"|'[^']*+'|\$\{[^{}\n]*+\}|\\(?![ \t]*+\r?\n).|[^\s\"'\\])*+", re.S
)
_PIECE = re.compile(rb"\"((?:[^\"\\]|\\.)*+)\"|'([^']*+)'|\\(.)|([^\"'\\]+|.)", re.S)
_IN_QUOTES = re.compile(rb"\\([\"\\$`])|\\[ \t]*\r?\n", re.S)
_CONTINUED = re.compile(rb"\\[ \t]*\r?\n(?:[ \t]*#[^\n]*\n)*")


def read_dockerfile(content: bytes) -> Reading:
    """`ENV` and `ARG` in all their forms, and what is in commands."""
    found = _given(content)
    taken = {each.start for each in found}
    ends = [_LINE.match(content, each.end()) for each in _INSTRUCTION.finditer(content)]
    spans = [match.span() for match in ends if match]
    for each in read_shell(content).found:
        inside = any(start <= each.start < end for start, end in spans)
        if each.start not in taken and not inside:
            found.append(each)
    return Reading(found)


def dockerfile_settings(content: bytes) -> Reading:
    """`ENV` and `ARG`; an `ARG` without a default comes from outside."""
    return Reading(_given(content))


def _given(content: bytes) -> list[Found]:
    """What is declared, without an `ARG` whose value is given too."""
    found = _declared(content)
    given = {each.key for each in found if not each.kind}
    return [each for each in found if not each.kind or each.key not in given]


def _declared(content: bytes) -> list[Found]:
    found: list[Found] = []
    at = 0
    for instruction in _INSTRUCTION.finditer(content):
        if instruction.start() < at:
            continue
        line = _LINE.match(content, instruction.end())
        at = end = line.end() if line else instruction.end()
        is_arg = instruction["name"].upper() == b"ARG"
        start = instruction.end()
        while pair := _PAIR.match(content, start, end):
            key = key_text(pair["key"])
            if pair["mark"]:
                word = _WORD.match(content, pair.end(), end)
                start = word.end() if word else pair.end()
                found.append(_word(key, content, pair.end(), start))
            elif is_arg:
                found.append(
                    Found(key, pair.end(), pair.end(), b"", "untyped", "reference", "environment")
                )
                start = pair.end()
            else:
                first, last = value_span(content, pair.end(), end)
                text = _CONTINUED.sub(b"", content[first:last])
                found.append(Found(key, first, last, text))
                break
    return found


def _word(key: str, content: bytes, start: int, end: int) -> Found:
    """A value that may be quoted as a whole or in parts."""
    text = b"".join(_piece(match) for match in _PIECE.finditer(content, start, end))
    whole = _PIECE.match(content, start, end)
    if whole and whole.end() == end and end - start > 1 and content[start] in b"\"'":
        start, end = start + 1, end - 1
    return Found(key, start, end, text)


def _piece(match: re.Match[bytes]) -> bytes:
    double, single, escaped, plain = match.groups()
    if double is not None:
        return _IN_QUOTES.sub(lambda each: each[1] or b"", double)
    return next(each for each in (single, escaped, plain) if each is not None)
