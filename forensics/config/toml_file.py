"""TOML files. Source: https://toml.io/en/v1.0.0"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from forensics.config.grammar import children, first_error, syntax
from forensics.config.json_file import unescaped
from forensics.config.slot import Reading, key_text
from forensics.config.templated import read_templated
from forensics.config.tree import Items, Node, Parsed, Scalar, Table
from forensics.config.walk import settings_of, slots_of

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax

__all__ = ["read_toml", "toml_settings"]

_BOM = b"\xef\xbb\xbf"
_DEEPEST = 100
_TYPES = {"string": "string", "boolean": "boolean", "integer": "number", "float": "number"}
_LINE = re.compile(r"at line (\d+)")
_LONG_NAME = re.compile(rb"(?:[\w-]{1,50}+[ \t]*+\.[ \t]*+){100}")
_FOLDED = re.compile(rb"\\[ \t]*\r?\n\s*")


def read_toml(content: bytes) -> Reading:
    """Slots of all values; what is not TOML is passed over, and told."""
    return read_templated(content, lambda text: slots_of(text, _Reader(text).parsed()), b"#")


def toml_settings(content: bytes) -> Reading:
    """Settings; what is not TOML is passed over, and told."""
    return read_templated(content, lambda text: settings_of(text, _Reader(text).parsed()), b"#")


def _trouble(content: bytes, root: Syntax) -> str:
    """Why it is not TOML, if it is not: tomllib decides."""
    if _LONG_NAME.search(content):
        return "nested too deep"  # tomllib's time is quadratic in the parts of a name
    try:
        tomllib.loads(content.removeprefix(_BOM).decode())
    except UnicodeDecodeError:
        return "not TOML: not in UTF-8"
    except RecursionError:
        return "nested too deep"
    except ValueError as error:
        match = _LINE.search(str(error))
        line = int(match[1]) if match else first_error(root)
        return f"not TOML in line {line}" if line else "not TOML"
    return ""


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._made: dict[int, dict[str, Node]] = {}
        """What a header or dotted name made, by name, for each table by its identity."""

    def parsed(self) -> Parsed:
        content = self._content
        offset = len(_BOM) if content.startswith(_BOM) else 0
        if offset:
            content = b"   " + content[offset:]
        root = syntax("toml", content)
        top = Table([])
        for node in children(root):
            self._told(top, node)
        return Parsed([top], _trouble(self._content, root))

    def _told(self, top: Table, node: Syntax) -> None:
        """Put a pair, or the pairs under a header, where they belong."""
        if node.type == "pair":
            self._pair(top, node, 0)
            return
        inside = children(node)
        if node.type not in ("table", "table_array_element") or not inside:
            return
        listed = node.type == "table_array_element"
        table = self._section(top, self._names(inside[0]), listed=listed, at=node.start_byte)
        for each in inside[1:]:
            self._pair(table, each, 0)

    def _pair(self, table: Table, node: Syntax, depth: int) -> None:
        inside = [each for each in children(node) if not each.is_error]
        if node.type != "pair" or len(inside) < 2:
            return
        *path, name = self._names(inside[0]) or [""]
        target = self._section(table, path, listed=False, at=node.start_byte) if path else table
        target.entries.append((name, self._value(inside[1], depth)))

    def _value(self, node: Syntax, depth: int) -> Node:
        start, end = node.start_byte, node.end_byte
        if depth > _DEEPEST:
            return Scalar(start, end)
        if node.type == "array":
            return Items([self._value(each, depth + 1) for each in children(node)], start)
        if node.type == "inline_table":
            table = Table([], start)
            for each in children(node):
                self._pair(table, each, depth + 1)
            return table
        raw = self._content[start:end]
        if node.type != "string":
            return Scalar(start, end, raw, _TYPES.get(node.type, "string"))
        long = raw[:3] in (b'"""', b"'''")
        edge = 3 if long else 1
        first, last = start + edge, max(start + edge, end - edge)
        if long:
            first += len(raw[3:5]) if raw[3:5] == b"\r\n" else raw[3:4] == b"\n"
        text = self._content[first:last]
        if long:
            text = text.replace(b"\r\n", b"\n")
        if raw[:1] == b'"' and b"\\" in text:
            text = unescaped(_FOLDED.sub(_fold, text) if long else text)
        return Scalar(first, max(first, last), text, "string")

    def _names(self, node: Syntax) -> list[str]:
        """The names of a key, the outermost first."""
        names: list[str] = []
        todo = [node]
        while todo and len(names) < _DEEPEST:
            each = todo.pop()
            if each.type == "dotted_key":
                todo += reversed(children(each))
                continue
            raw = self._content[each.start_byte : each.end_byte]
            quoted = each.type == "quoted_key"
            name = raw[1:-1] if quoted else raw
            names.append(key_text(unescaped(name) if quoted and raw[:1] == b'"' else name))
        return names

    def _section(self, table: Table, path: list[str], *, listed: bool, at: int) -> Table:
        """The table at `path` below `table`, made where there is none.

        Args:
            table: where to start.
            path: names.
            listed: whether it is one more of an array of tables.
            at: where it is named.
        """
        for number, name in enumerate(path):
            known = self._made.setdefault(id(table), {})
            node = known.get(name)
            last = listed and number == len(path) - 1
            if node is None:
                node = known[name] = Items([], at) if last else Table([], at)
                table.entries.append((name, node))
            if last and isinstance(node, Items):
                node.items.append(Table([], at))
            if isinstance(node, Items):
                node = node.items[-1]
            table = node if isinstance(node, Table) else table
        return table


def _fold(match: re.Match[bytes]) -> bytes:
    # Of several backslashes before a line end, only the last of an odd number folds it.
    text, at = match.string, match.start()
    while at > 0 and text[at - 1] == ord("\\"):
        at -= 1
    return match[0] if (match.start() - at) % 2 else b""
