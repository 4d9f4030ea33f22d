"""Files that are templates, before they are parsed as what they become."""

from __future__ import annotations

import re
from collections.abc import Callable

from forensics.config.slot import Found, Reading

__all__ = ["TEMPLATE", "read_templated"]

TEMPLATE = re.compile(rb"\{\{(?:[^{}]|\{(?!\{)|\}(?!\}))*+\}\}|\{%[^%{}]*+%\}|<%[^%<>]*+%>")
_BESIDE = 200
"""Bytes on either side that tell whether a template is alone on its line."""
_PRECEDED = re.compile(rb"[^\s][ \t]*+\Z|\A[ \t]{200}\Z")
_FOLLOWED = re.compile(rb"[ \t\r]*+[^\s]|[ \t]{200}\Z")


def read_templated(content: bytes, read: Callable[[bytes], Reading], comment: bytes) -> Reading:
    """What `read` makes of `content` with a text in each place that a template fills.

    Args:
        content: of the file.
        read: reads it, once it is no template.
        comment: starts a comment that ends with the line.
    """
    if not TEMPLATE.search(content):
        return read(content)
    plain = read(content)
    if not plain.trouble:
        return plain
    filled = _filled(content, comment)
    reading = read(filled)
    return Reading([_restored(each, content, filled) for each in reading.found], reading.trouble)


def _filled(content: bytes, comment: bytes) -> bytes:
    def fill(match: re.Match[bytes]) -> bytes:
        start, end = match.span()
        before = content[max(0, start - _BESIDE) : start]
        after = content[end : end + _BESIDE]
        if not _PRECEDED.search(before) and not _FOLLOWED.match(after):
            return b"\n".join(
                (comment + b"_" * len(line))[: len(line)] for line in match[0].split(b"\n")
            )
        inside = b"_" * (end - start - 2)
        alone = before.rstrip().endswith((b"=", b":", b"[", b"(", b","))
        return b'"' + inside + b'"' if alone else b"_" + inside + b"_"

    return TEMPLATE.sub(fill, content)


def _restored(found: Found, content: bytes, filled: bytes) -> Found:
    """`found` with what the file has where a text was filled in."""
    start, end = found.start, found.end
    if content[start:end] == filled[start:end]:
        return found
    if start and content[start - 1 : start] != filled[start - 1 : start]:
        start, end = start - 1, end + 1
    return found._replace(start=start, end=end, text=content[start:end], type="string")
