"""Slots of JSON files, also with comments, trailing commas or several values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.config.slot import Reading, key_text
from forensics.config.tree import Items, Node, Scalar, Table, slots_of

__all__ = ["read_json"]

# A string that does not end is taken up to the end of its line, so that no byte is read twice.
_TOKEN = re.compile(
    rb"""[\s,]++|"(?:[^"\\\n]|\\.)*+("?+)|'(?:[^'\\\n]|\\.)*+('?+)"""
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


def read_json(content: bytes) -> Reading:
    """Slots of all values; where the file is no JSON, those that can be told nonetheless."""
    documents: list[Node] = []
    stack: list[_Open] = []
    trouble = ""
    deeper = 0
    for start, end, closed in _tokens(content):
        token = content[start : start + 1]
        if token in (b"{", b"["):
            node: Table | Items = Table([]) if token == b"{" else Items([])
            if len(stack) >= _DEEPEST:
                trouble, deeper = "nested too deep", deeper + 1
                continue
            if stack:
                stack[-1].put(node)
            else:
                documents.append(node)
            stack.append(_Open(node))
        elif token in (b"}", b"]"):
            if deeper:
                deeper -= 1
            elif stack and isinstance(stack[-1].node, Table) == (token == b"}"):
                stack.pop()
            else:
                trouble = trouble or "not JSON: brackets do not match"
        elif deeper:
            continue
        elif token == b":":
            if stack and stack[-1].last is not None:
                last = stack[-1].last
                stack[-1].name = key_text(content[last.start : last.end])
                stack[-1].last = None
            else:
                trouble = trouble or "not JSON: a colon after no name"
        else:
            inner = int(token in (b'"', b"'"))
            if inner and not closed:
                trouble = trouble or "not JSON: a string that does not end"
            elif not inner and not _LITERAL.fullmatch(content, start, end):
                key = stack and isinstance(stack[-1].node, Table) and stack[-1].name is None
                trouble = trouble or ("" if key else "not JSON: a text without quotes")
            scalar = Scalar(start + inner, end - inner * closed)
            if stack:
                stack[-1].put(scalar)
            else:
                documents.append(scalar)
    if stack:
        trouble = trouble or "not JSON: a bracket is left open"
    found, cut = slots_of(content, documents)
    return Reading(found, trouble or cut)


def _tokens(content: bytes) -> Iterator[tuple[int, int, bool]]:
    """Tokens other than blanks, commas and comments: start, end, and whether a string closes."""
    at = 3 if content.startswith(b"\xef\xbb\xbf") else 0
    while match := _TOKEN.match(content, at):
        at = match.end()
        first = content[match.start() : match.start() + 2]
        if first == b"//":
            at = content.find(b"\n", at)
        elif first == b"/*":
            at = content.find(b"*/", at + 1) + 2
            at = -1 if at == 1 else at
        elif not first[:1].isspace() and first[:1] != b",":
            yield match.start(), at, bool(match[1] or match[2])
        if at < 0:
            return
