"""Places where a line hands a value to something that names a credential."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from detectors.assignments.anchors import WORDS

__all__ = ["FORMS", "Place", "places"]


class Place(NamedTuple):
    """A value, and what hands it over."""

    form: str
    """One of `FORMS`."""
    key: bytes
    """The name, as it is written, without quotes."""
    operator: bytes
    """What stands between name and value, quotes and spaces included."""
    quote: bytes
    """What opens the value: a quote, an escaped one, or nothing."""
    start: int
    """First byte of the value in the line."""
    end: int
    """One past its last."""
    key_start: int
    opening: int
    """First byte of the value or of the quote before it."""


_WORD = "|".join(sorted(WORDS, key=len, reverse=True))
_VALUE = rb"""
(?: (?P<q>\\{0,3}["'`]) (?P<quoted> (?: (?!(?P=q)) (?: \\. | [^\\\r\n] ) ){3,400}+ ) (?=(?P=q))
  | (?P<bare> [^\s"'`,;<>(){}\[\]\\&|]{3,256}+ )
)"""
_CALL = rb"(?:[\w.\[\]]{1,16}\(|[bu@](?=[\"'`]))?"
_ASSIGN = re.compile(
    rb"""
    (?P<key> (?<![\w.$@-]) [\w.$@-]{0,60}? (?i:"""
    + _WORD.encode()
    + rb""") )
    (?: [ ]?:[ ]? &? (?:'static[ ])? (?:str|[sS]tring|SecretStr|any|Optional\[str\])
            (?: [ ]\|[ ]None )? (?= [ ]?=[ ]?["'`] )
      | \[\w{0,8}\] (?= [ ]?=[ ]?" ) )?
    (?P<op>
        (?: \\{0,3}["'`]\]?[ \t]{0,16} (?: => | := | [=!]={0,2} | : | , )
          | [ \t]{0,16} (?: => | := | [=!]={0,2} | :(?!:) )
          | \((?=["']) | >
        )
        [ \t]{0,16} """
    + _CALL
    + rb""" \[? )
    """
    + _VALUE,
    re.VERBOSE,
)
_NAMED = re.compile(
    rb"""(?: \bdefine[ \t]{1,4} (?P<name> \w{0,60}? (?i:"""
    + _WORD.encode()
    + rb""") ) [ \t]{1,12} (?=")
      | ^[ \t]{0,4}ENV[ \t]{1,4} (?P<variable> \w{0,60}? (?i:"""
    + _WORD.encode()
    + rb""") ) [ \t]{1,4} (?=[^=\s]) )"""
    + _VALUE,
    re.VERBOSE,
)
"""What C's preprocessor and a Dockerfile name: nothing stands between name and value."""
_FLAG = re.compile(
    rb"""(?P<key> (?<![A-Z])-(?i:password|passwd|pass|token|secret|key|pwd)) (?P<op>[ ])"""
    + _VALUE,
    re.VERBOSE,
)
_SCHEME = re.compile(
    rb"""(?P<key> (?i:bearer|basic)) (?P<op> [ ]{1,2} )
    (?P<bare> [A-Za-z0-9+/_.~|=%-]{6,400}+ ) (?P<q>) (?P<quoted> (?!) )?""",
    re.VERBOSE,
)
_SQL = re.compile(
    rb"""(?P<key> (?i:identified\ by|password|pass(?:in|out)(?=\ pass:)))
    (?P<op> (?<=y)[ ] | [ ](?=["']) | [ ](?i:pass): )"""
    + _VALUE,
    re.VERBOSE,
)
_URL = re.compile(
    rb"""(?P<key> \b[a-zA-Z][\w+.-]{1,20}://[^\s:/@"'`<>]{0,60}) (?P<op>:)
    (?P<bare> [^\s:/@"'`<>]{3,100}+ ) (?=@[\w\[.%*$\{-])(?P<q>)(?P<quoted>(?!))?""",
    re.VERBOSE,
)
_ARRAY = re.compile(
    rb"""
    (?P<key> (?<![\w.$-]) [\w.$-]{0,60}? (?i:password|secret|token|key|auth)(?i:data|s)? )
    (?P<op>
        ["']? (?: : | [ ]:= | [ ]= ) [ ]* (?:new[ ])?
        (?:byte)? \[[\w ]{0,4}\] (?:byte|uint8|string)? [ ]? \{
    )
    (?: (?P<bare> [\d, xa-fA-F]{20,400}+ )
      | (?P<q> ["'] ) (?P<quoted> [^"'\\\r\n]{3,400}+ ) ["'] )""",
    re.VERBOSE,
)
_EXPRESSIONS: tuple[tuple[str, re.Pattern[bytes], tuple[bytes, ...]], ...] = (
    ("array", _ARRAY, (b"{",)),
    ("assign", _ASSIGN, (b"",)),
    ("scheme", _SCHEME, (b"bearer ", b"basic ")),
    ("flag", _FLAG, (b"-",)),
    ("sql", _SQL, (b"identified by", b"password ", b"pass:")),
    ("url", _URL, (b"://",)),
)
"""Name, expression, and texts of which one stands in every match, in lower case."""

FORMS = tuple(name for name, _, _ in _EXPRESSIONS)
"""Forms of places: values in braces, after a name, after an option, after the scheme of an
Authorization header, in a statement of SQL or openssl, and in a URL."""


_BRACE = ord("{")
_DEFAULT = b"-="
"""What stands between `${NAME:` and the value that a shell takes where there is none."""
_MEMBER = re.compile(rb"""["']([^"'\\\r\n]{8,400}+)\\{0,3}["']""")


_TAG = re.compile(rb"(?<![?P])<(?:\w{1,20}:)?\Z")


def _in_element(line: bytes, match: re.Match[bytes]) -> bool:
    """Whether a name before `>` is that of an element, and the value all that is in it."""
    before = line[max(0, match.start() - 24) : match.start()]
    return _TAG.search(before) is not None and line[match.end() : match.end() + 2] == b"</"


def _longest_member(line: bytes, start: int, end: int) -> tuple[int, int]:
    """Of a value that is JSON in a string, the longest string inside it; else the value."""
    spans = [member.span(1) for member in _MEMBER.finditer(line, start, end)]
    return max(spans, key=lambda span: span[1] - span[0], default=(start, end))


def _named(line: bytes) -> Iterator[Place]:
    """Values that a directive hands to a name, as if they were assigned."""
    for match in _NAMED.finditer(line):
        group = "quoted" if match["quoted"] is not None else "bare"
        key = "name" if match["name"] else "variable"
        opening = match.start(group) - len(match["q"] or b"")
        yield Place(
            "assign", match[key], b" = ", match["q"] or b"", *match.span(group),
            match.start(key), opening,
        )  # fmt: skip


def places(line: bytes) -> Iterator[Place]:
    """Every place in a line, of every form; places may overlap."""
    lowered = line.lower()
    if b"define" in line or b"ENV" in line:
        yield from _named(line)
    for form, expression, needed in _EXPRESSIONS:
        if not any(text in lowered for text in needed):
            continue
        for match in expression.finditer(line):
            if match["op"][:1] == b">" and not _in_element(line, match):
                continue
            group = "quoted" if match["quoted"] is not None else "bare"
            start, end = match.span(group)
            if match["op"] == b":" and line[max(0, match.start() - 2) : match.start()] == b"${":
                start += line[start] in _DEFAULT
            if line[start] == _BRACE:
                start, end = _longest_member(line, start, end)
            yield Place(
                form, match["key"], match["op"], match["q"] or b"", start, end, match.start(),
                match.end("op"),
            )  # fmt: skip
