"""JSON files, also with comments, trailing commas or several values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.config.slot import Reading, key_text
from forensics.config.templated import read_templated
from forensics.config.tree import Items, Node, Parsed, Scalar, Table
from forensics.config.walk import settings_of, slots_of

__all__ = ["json_settings", "read_json", "unescaped"]

# A string that does not end is taken up to the end of its line, so that no byte is read twice.
_TOKEN = re.compile(
    rb"""\s++|,|"(?:[^"\\\n]|\\.)*+("?+)|'(?:[^'\\\n]|\\.)*+('?+)"""
    rb"""|[{}\[\]:]|[^\s{}\[\],:"'/]++|.""",
    re.S,
)
_LITERAL = re.compile(rb"null|true|false|undefined|[-+]?(?:NaN|Infinity|[\d.][\w.+-]*+)")
_DEEPEST = 1_000


class _Open:
    """A collection that is being read."""

    def __init__(self, node: Table | Items) -> None:
        self.node = node
        self.name: str | None = None
        self.last: Scalar | None = None

    def put(self, node: Node) -> None:
        """Put `node` after what was read."""
        if isinstance(self.node, Items):
            self.node.items.append(node)
        elif self.name is not None:
            self.node.entries.append((self.name, node))
            self.name = None
        elif isinstance(node, Scalar):
            self.last = node

    @property
    def waits(self) -> bool:
        """Whether the value of a name, or the colon after one, is still to come."""
        return self.name is not None or self.last is not None


_SIMPLE = {
    b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"f": b"\f", b"v": b"\v", b"0": b"\0",
    b"\n": b"",
}  # fmt: skip
_ESCAPE = re.compile(
    rb"\\(?:u(?P<u>[0-9a-fA-F]{4})(?:\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2}))?"
    rb"|u\{(?P<any>[0-9a-fA-F]{1,6})\}|U(?P<long>[0-9a-fA-F]{8})|x(?P<x>[0-9a-fA-F]{2})|(?P<c>.))",
    re.S,
)


def read_json(content: bytes) -> Reading:
    """Slots of all values; where the file is no JSON, those that can be told nonetheless."""
    return read_templated(content, lambda text: slots_of(text, _parsed(text)), b"//")


def json_settings(content: bytes) -> Reading:
    """Settings; where the file is no JSON, those that can be told nonetheless."""
    return read_templated(content, lambda text: settings_of(text, _parsed(text)), b"//")


def _parsed(content: bytes) -> Parsed:
    documents: list[Node] = []
    stack: list[_Open] = []
    trouble = ""
    deeper = 0
    apart = True
    """Whether a comma, colon or bracket stands before what comes next."""
    for start, end, closed in _tokens(content):
        token = content[start : start + 1]
        if token == b",":
            apart = True
        elif token in (b"{", b"["):
            trouble = trouble or ("" if apart or not stack else _NO_COMMA)
            apart = True
            node: Table | Items = Table([], start) if token == b"{" else Items([], start)
            if len(stack) >= _DEEPEST:
                trouble, deeper = "nested too deep", deeper + 1
                continue
            if stack:
                stack[-1].put(node)
            else:
                documents.append(node)
            stack.append(_Open(node))
        elif token in (b"}", b"]"):
            apart = False
            if deeper:
                deeper -= 1
            elif stack and isinstance(stack[-1].node, Table) == (token == b"}"):
                if stack.pop().waits:
                    trouble = trouble or "not JSON: a name without a value"
            else:
                trouble = trouble or "not JSON: brackets do not match"
        elif deeper:
            continue
        elif token == b":":
            apart = True
            if stack and stack[-1].last is not None:
                last = stack[-1].last
                stack[-1].name = key_text(last.text or b"")
                stack[-1].last = None
            else:
                trouble = trouble or "not JSON: a colon after no name"
        else:
            trouble = trouble or ("" if apart or not stack else _NO_COMMA)
            apart = False
            inner = int(token in (b'"', b"'"))
            if inner and not closed:
                trouble = trouble or "not JSON: a string that does not end"
            elif not inner and not _LITERAL.fullmatch(content, start, end):
                key = stack and isinstance(stack[-1].node, Table) and stack[-1].name is None
                trouble = trouble or ("" if key else "not JSON: a text without quotes")
            scalar = _scalar(content, start + inner, end - inner * closed, quoted=inner > 0)
            if stack:
                stack[-1].put(scalar)
            else:
                documents.append(scalar)
    if stack:
        trouble = trouble or "not JSON: a bracket is left open"
    return Parsed(documents, trouble)


_NO_COMMA = "not JSON: no comma between values"


def _scalar(content: bytes, start: int, end: int, *, quoted: bool) -> Scalar:
    text = content[start:end]
    if quoted:
        return Scalar(start, end, unescaped(text) if b"\\" in text else text, "string")
    if text in (b"null", b"undefined"):
        return Scalar(start, end, b"", "null")
    if text in (b"true", b"false"):
        return Scalar(start, end, text, "boolean")
    return Scalar(start, end, text, "number" if _LITERAL.fullmatch(text) else "string")


def unescaped(text: bytes) -> bytes:
    """`text` with its escapes undone, those of JSON and of languages that look like it."""
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[bytes]) -> bytes:
    if match["c"] is not None:
        return _SIMPLE.get(match["c"], match["c"])
    code = int(next(filter(None, match.group("u", "any", "long", "x"))), 16)
    low = match["low"]
    if low:
        if not 0xD800 <= code < 0xDC00:
            return chr(code).encode(errors="surrogatepass") + chr(int(low, 16)).encode(
                errors="surrogatepass"
            )
        code = 0x10000 + ((code - 0xD800) << 10) + int(low, 16) - 0xDC00
    return chr(code).encode(errors="surrogatepass") if code < 0x110000 else match[0]


def _tokens(content: bytes) -> Iterator[tuple[int, int, bool]]:
    """Tokens other than blanks and comments: start, end, and whether a string closes."""
    at = 3 if content.startswith(b"\xef\xbb\xbf") else 0
    while match := _TOKEN.match(content, at):
        at = match.end()
        first = content[match.start() : match.start() + 2]
        if first == b"//":
            at = content.find(b"\n", at)
        elif first == b"/*":
            at = content.find(b"*/", at + 1) + 2
            at = -1 if at == 1 else at
        elif not first[:1].isspace():
            yield match.start(), at, bool(match[1] or match[2])
        if at < 0:
            return
