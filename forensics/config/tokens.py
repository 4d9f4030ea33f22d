"""Code as strings, names and marks, whatever the language; comments are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Token", "tokens"]

_MOST_QUOTED = 65_536
_TOKEN = re.compile(
    rb"""(?P<newline>\n[ \t]*+)
    |(?P<blank>[ \t\r\f\v]++|\\\r?\n)
    |(?P<comment>//|/\*|\#(?!\[|\{|[ \t]*define\b|[A-Za-z_]\w*+[ \t]*+=(?![=>])))
    |(?:[@$]?(?:[A-Za-z]{1,2}\#*)?(?P<quote>\"\"\"|'''|["'`]))
    |(?:\#[ \t]*+define[ \t]++(?P<define>\w++)(?!\())
    |(?P<name>[A-Za-z_$@\x80-\xff][\w$\x80-\xff]*+(?:(?:\?\.|\.|->|::)[A-Za-z_$][\w$]*+)*+[!?]?+)
    |(?P<number>\d[\w.]*+)
    |(?P<mark>[=!]==?|=>|:=|<-|->|\?\?|\?:|&&|\|\||[<>]=|<<=?|>>=?|[+\-*/%|&^.?]=|\.\.|.)
    """,
    re.X | re.S,
)
_QUOTED = {
    b'"': re.compile(rb'(?:[^"\\\n]|\\.){0,%d}+(?=")' % _MOST_QUOTED, re.S),
    b"'": re.compile(rb"(?:[^'\\\n]|\\.){0,%d}+(?=')" % _MOST_QUOTED, re.S),
    b"`": re.compile(rb"(?:[^`\\]|\\.){0,%d}+(?=`)" % _MOST_QUOTED, re.S),
}


class Token(NamedTuple):
    """A stretch of code."""

    kind: str
    """`newline` (with the indentation after it), `string` (inside its quotes), `define`, `name`,
    `number` or `mark`."""
    start: int
    end: int


def tokens(content: bytes) -> Iterator[Token]:
    """Yield what `content` is made of.

    A quote that is not closed on its line is a mark, so that an apostrophe misleads for no more
    than a line.
    """
    at = 0
    unclosed: dict[bytes, int] = {}
    while match := _TOKEN.match(content, at):
        kind = match.lastgroup or "mark"
        at = match.end()
        if kind == "blank":
            continue
        if kind == "comment":
            long = match[0] == b"/*"
            end = content.find(b"*/" if long else b"\n", at)
            if end < 0:
                return
            at = end + 2 if long else end
        elif kind == "quote":
            quote = match["quote"]
            end = _closing(content, at, quote) if at >= unclosed.get(quote, 0) else -1
            if end < 0:
                # Where one did not close, none is looked for, so that no byte is read twice.
                if at >= unclosed.get(quote, 0):
                    unclosed[quote] = _unclosed_until(content, at, quote)
                yield Token("mark", match.start(), at)
            else:
                yield Token("string", at, end)
                at = end + len(quote)
        else:
            yield Token(kind, *match.span(kind))


def _closing(content: bytes, start: int, quote: bytes) -> int:
    """Where the quote that was opened before `start` closes; -1 if it does not."""
    if len(quote) == 3:
        return content.find(quote, start)
    match = _QUOTED[quote].match(content, start)
    return match.end() if match else -1


def _unclosed_until(content: bytes, start: int, quote: bytes) -> int:
    """Up to where a quote that was opened before `start` was looked for in vain."""
    if len(quote) == 3:
        return len(content)
    end = -1 if quote == b"`" else content.find(b"\n", start)
    return min(start + _MOST_QUOTED, end if end >= 0 else len(content))
