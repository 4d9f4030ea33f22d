"""HCL: Terraform, its variables, Nomad. Source: https://github.com/hashicorp/hcl"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from forensics.config.grammar import children, first_error, syntax
from forensics.config.json_file import unescaped
from forensics.config.slot import Reading, key_text
from forensics.config.templated import read_templated
from forensics.config.tree import Items, Node, Parsed, Scalar, Table
from forensics.config.walk import settings_of, slots_of

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax

__all__ = ["hcl_settings", "read_hcl"]

_DEEPEST = 50
_WRAPPED = frozenset({"expression", "literal_value", "template_expr", "collection_value"})
_WORKED_OUT = frozenset({"conditional", "operation", "for_expr"})
_NAMED = re.compile(rb"[A-Za-z_]")
_LITERALS = {"numeric_lit": "number", "bool_lit": "boolean"}
_SURE = re.compile(rb"([$%])\1\{")
_HEREDOC = re.compile(rb"<<(-?)[^\n]*\n")
_NEGATIVE = re.compile(rb"-[ \t]*[0-9][0-9.eE+-]*")


def read_hcl(content: bytes) -> Reading:
    """`name = value` under the blocks around it: `variable.db_password.default`."""
    return read_templated(content, lambda text: slots_of(text, _Reader(text).parsed()), b"#")


def hcl_settings(content: bytes) -> Reading:
    """Settings of it; an expression is told as it is written."""
    return read_templated(content, lambda text: settings_of(text, _Reader(text).parsed()), b"#")


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def parsed(self) -> Parsed:
        root = syntax("hcl", self._content)
        line = first_error(root)
        trouble = f"not HCL in line {line}" if line else ""
        documents: list[Node] = [self._body(root, 0)]
        return Parsed(documents, trouble)

    def _body(self, node: Syntax, depth: int) -> Table:
        """Attributes and blocks; blocks of one name are a list."""
        table = Table([], node.start_byte)
        blocks: dict[tuple[str, ...], list[Node]] = {}
        todo = list(reversed(children(node)))
        while todo:
            each = todo.pop()
            if each.type in ("body", "ERROR"):
                todo += reversed(children(each))
            elif each.type == "attribute":
                inside = children(each)
                if len(inside) == 2:
                    table.entries.append((self._name(inside[0]), self._value(inside[1], depth)))
            elif each.type == "block" and depth < _DEEPEST:
                names = tuple(
                    self._name(name)
                    for name in children(each)
                    if name.type in ("identifier", "string_lit")
                )
                body = next((inner for inner in children(each) if inner.type == "body"), None)
                block = self._body(body, depth + 1) if body else Table([], each.start_byte)
                blocks.setdefault(names, []).append(block)
        for (*above, name), made in blocks.items():
            inner = _below(table, above)
            inner.entries.append((name, made[0] if len(made) == 1 else Items(made)))
        return table

    def _name(self, node: Syntax) -> str:
        raw = self._content[node.start_byte : node.end_byte]
        if raw[:1] == b'"' and raw[-1:] == b'"':
            raw = unescaped(raw[1:-1])
        return key_text(raw)

    def _value(self, node: Syntax, depth: int) -> Node:
        while node.type in _WRAPPED and len(children(node)) == 1:
            node = children(node)[0]
        start, end = node.start_byte, node.end_byte
        raw = self._content[start:end]
        if depth < _DEEPEST and node.type == "tuple":
            items = [each for each in children(node) if each.type == "expression"]
            return Items([self._value(each, depth + 1) for each in items], start)
        if depth < _DEEPEST and node.type == "object":
            table = Table([], start)
            for each in children(node):
                inside = children(each)
                if each.type == "object_elem" and len(inside) == 2:
                    name = self._name(inside[0])
                    table.entries.append((name, self._value(inside[1], depth + 1)))
            return table
        if node.type in ("string_lit", "quoted_template") and raw[-1:] == b'"' and len(raw) > 1:
            text = _SURE.sub(rb"\1{", unescaped(raw[1:-1]))
            return Scalar(start + 1, end - 1, text, "string")
        if node.type == "heredoc_template":
            return self._heredoc(start, end)
        if node.type == "null_lit":
            return Scalar(start, end, b"", "null")
        if node.type in _LITERALS or _NEGATIVE.fullmatch(raw):
            return Scalar(start, end, raw, _LITERALS.get(node.type, "number"))
        if node.type in _WORKED_OUT and _NAMED.search(raw):
            return Scalar(start, end, None, kind="reference", by="variable")
        return Scalar(start, end)

    def _heredoc(self, start: int, end: int) -> Scalar:
        content = self._content
        match = _HEREDOC.match(content, start, end)
        first = match.end() if match else start
        last = max(first, content.rfind(b"\n", first, end))
        text = content[first:last].replace(b"\r\n", b"\n")
        if match and match[1]:
            text = textwrap.dedent(text.decode("latin-1")).encode("latin-1")
        return Scalar(first, last, text + b"\n" * (last > first), "string")


def _below(table: Table, names: list[str]) -> Table:
    """The table under `names`, made where there is none."""
    for name in names:
        # An attribute may have the same name: blocks go beside it.
        inner = next(
            (each for key, each in table.entries if key == name and isinstance(each, Table)), None
        )
        if inner is None:
            inner = Table([])
            table.entries.append((name, inner))
        table = inner
    return table
