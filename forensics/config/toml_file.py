"""Slots of TOML files. Source: https://toml.io/en/v1.0.0"""

from __future__ import annotations

import re

from forensics.config.slot import Reading, key_text
from forensics.config.tree import Items, Node, Scalar, Table, slots_of

__all__ = ["read_toml"]

_BLANK = re.compile(rb"(?:[ \t\r\n]++|#[^\n]*+)*+")
_SPACES = re.compile(rb"[ \t]*+")
_HEADER = re.compile(rb"\[(\[?)[ \t]*+((?:[^\]\n\"']++|\"[^\"\n]*+\"|'[^'\n]*+')++)\]\]?")
_KEY = re.compile(
    rb"(?:[\w-]++|\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+')"
    rb"(?:[ \t]*+\.[ \t]*+(?:[\w-]++|\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+'))*+"
)
_NAME = re.compile(rb"\"((?:[^\"\\]|\\.)*+)\"|'([^']*+)'|([^\s.\"']++)")
_STRING = re.compile(rb"\"((?:[^\"\\\n]|\\.)*+)\"|'([^'\n]*+)'")
_BARE = re.compile(rb"[^\s,\]\}#=\[{\"'][^,\]\}#\n]*+")
_DEEPEST = 100
_LEAST_VALUES = 10_000


def read_toml(content: bytes) -> Reading:
    """Slots of all values; a line that is not TOML is passed over, and told."""
    return _Reader(content).read()


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._trouble = ""
        self._left = _LEAST_VALUES + len(content) // 2
        """Values to be read: those of a list that does not end are read again, line by line."""

    def read(self) -> Reading:
        content = self._content
        root = table = Table([])
        at = 3 if content.startswith(b"\xef\xbb\xbf") else 0
        seen: dict[int, dict[str, Node]] = {}
        while True:
            at = _after(_BLANK, content, at)
            if at >= len(content):
                break
            header = _HEADER.match(content, at)
            key = None if header else _KEY.match(content, at)
            if header:
                table = _section(root, _names(header[2]), seen, listed=bool(header[1]))
                at = header.end()
                continue
            equals = _after(_SPACES, content, key.end()) if key else -1
            after = None
            if key and content[equals : equals + 1] == b"=":
                after = self._value(_after(_SPACES, content, equals + 1), 0)
            if key and after:
                *path, name = _names(key[0]) or [""]
                target = _section(table, path, seen, listed=False) if path else table
                target.entries.append((name, after[0]))
                at = after[1]
            else:
                line = content.count(b"\n", 0, at) + 1 if not self._trouble else 0
                self._trouble = self._trouble or f"not TOML in line {line}"
                end = content.find(b"\n", at)
                at = end if end >= 0 else len(content)
        found, cut = slots_of(content, [root])
        return Reading(found, self._trouble or cut)

    def _value(self, at: int, depth: int) -> tuple[Node, int] | None:
        """The value at `at` and where it ends."""
        content = self._content
        self._left -= 1
        for quotes in (b'"""', b"'''"):
            if content.startswith(quotes, at):
                end = content.find(quotes, at + 3)
                while quotes[0] == ord('"') and end > 0 and _escaped(content, end):
                    end = content.find(quotes, end + 1)
                start = at + 3 + (content[at + 3 : at + 4] == b"\n")
                return (Scalar(start, max(end, start)), end + 3) if end >= 0 else None
        match = _STRING.match(content, at)
        if match:
            return Scalar(at + 1, match.end() - 1), match.end()
        if content[at : at + 1] in (b"[", b"{"):
            allowed = depth < _DEEPEST and self._left > 0
            return self._collection(at, depth) if allowed else None
        match = _BARE.match(content, at)
        return (Scalar(at, at + len(match[0].rstrip())), match.end()) if match else None

    def _collection(self, at: int, depth: int) -> tuple[Node, int] | None:
        content = self._content
        listed = content[at : at + 1] == b"["
        items: list[Node] = []
        table = Table([])
        at += 1
        while True:
            at = _after(_BLANK, content, at)
            token = content[at : at + 1]
            if token == b",":
                at += 1
                continue
            if token == (b"]" if listed else b"}"):
                return (Items(items) if listed else table), at + 1
            key = None
            if not listed:
                key = _KEY.match(content, at)
                equals = _after(_SPACES, content, key.end()) if key else -1
                if key is None or content[equals : equals + 1] != b"=":
                    return None
                at = _after(_SPACES, content, equals + 1)
            value = self._value(at, depth + 1)
            if value is None:
                return None
            if key:
                *path, name = _names(key[0]) or [""]
                _section(table, path, {}, listed=False).entries.append((name, value[0]))
            else:
                items.append(value[0])
            at = value[1]


def _section(
    table: Table, path: list[str], seen: dict[int, dict[str, Node]], *, listed: bool
) -> Table:
    """The table at `path` below `table`, made where there is none.

    Args:
        table: where to start.
        path: names.
        seen: what was made, by name, for each table by its identity.
        listed: whether it is one more of an array of tables.
    """
    for number, name in enumerate(path[:_DEEPEST]):
        known = seen.setdefault(id(table), {})
        node = known.get(name)
        last = listed and number == len(path) - 1
        if node is None:
            node = known[name] = Items([]) if last else Table([])
            table.entries.append((name, node))
        if last and isinstance(node, Items):
            node.items.append(Table([]))
        if isinstance(node, Items):
            node = node.items[-1]
        table = node if isinstance(node, Table) else table
    return table


def _names(key: bytes) -> list[str]:
    return [key_text(next(filter(None, each.groups()), b"")) for each in _NAME.finditer(key)]


def _after(pattern: re.Pattern[bytes], content: bytes, at: int) -> int:
    match = pattern.match(content, at)
    return match.end() if match else at


def _escaped(content: bytes, at: int) -> bool:
    """Whether an odd number of backslashes stands before `at`."""
    start = at
    while start > 0 and content[start - 1] == ord("\\"):
        start -= 1
    return (at - start) % 2 == 1
