"""Code as strings, names and marks, whatever the language; comments are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["Token", "tokens"]

_MOST_QUOTED = 65_536
_TOKEN = re.compile(
    rb"""(?:[ \t\r\f\v]++|\\\r?\n)*+
    (?:(?P<newline>\n[ \t]*+)
    |(?P<comment>//|/\*|\#(?!\[|\{|[ \t]*define\b|[A-Za-z_]\w*+[ \t]*+=(?![=>])))
    |(?P<quoted>[@$]?(?:[A-Za-z]{1,2}\#*)?(?P<quote>\"\"\"|'''|["'`]))
    |(?:\#[ \t]*+define[ \t]++(?P<define>\w++)(?!\())
    |(?P<name>[A-Za-z_$@\x80-\xff][\w$\x80-\xff]*+(?:(?:\?\.|\.|->|::)[A-Za-z_$][\w$]*+)*+[!?]?+)
    |(?P<number>\d[\w.]*+)
    |(?P<mark>[=!]==?|=>|:=|<-|->|\?\?|\?:|&&|\|\||[<>]=|<<=?|>>=?|[+\-*/%|&^.?]=|\.\.|.))
    """,
    re.X | re.S,
)
_QUOTED = {
    b'"': re.compile(rb'(?:[^"\\\n]|\\.){0,%d}+(?=")' % _MOST_QUOTED, re.S),
    b"'": re.compile(rb"(?:[^'\\\n]|\\.){0,%d}+(?=')" % _MOST_QUOTED, re.S),
    b"`": re.compile(rb"(?:[^`\\]|\\.){0,%d}+(?=`)" % _MOST_QUOTED, re.S),
}


Token = tuple[str, int, int]
"""A stretch of code: `newline` (with the indentation after it), `string` (inside its quotes),
`define`, `name`, `number` or `mark`; its start and end."""


def tokens(content: bytes) -> Iterator[Token]:
    """Yield what `content` is made of.

    A quote that is not closed on its line is a mark, so that an apostrophe misleads for no more
    than a line.
    """
    at = 0
    unclosed: dict[bytes, int] = {}
    take = _TOKEN.match
    while match := take(content, at):
        kind = match.lastgroup or "mark"
        at = match.end()
        if kind == "comment":
            long = content[at - 2 : at] == b"/*"
            end = content.find(b"*/" if long else b"\n", at)
            if end < 0:
                return
            at = end + 2 if long else end
        elif kind == "quoted":
            quote = match["quote"]
            end = _closing(content, at, quote) if at >= unclosed.get(quote, 0) else -1
            if end < 0:
                # Where one did not close, none is looked for, so that no byte is read twice.
                if at >= unclosed.get(quote, 0):
                    unclosed[quote] = _unclosed_until(content, at, quote)
                yield "mark", match.start(kind), at
            else:
                yield "string", at, end
                at = end + len(quote)
        else:
            yield kind, *match.span(kind)


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
