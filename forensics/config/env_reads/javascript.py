"""Environment variables that JavaScript and TypeScript read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from forensics.config.env_reads.model import NONE, EnvRead
from forensics.config.env_reads.schemas import schema_reads
from forensics.config.env_reads.syntax import (
    Source,
    arguments,
    call_around,
    default_of,
    is_name,
    line_of,
    literal,
    text,
)
from forensics.config.env_reads.use import is_written, use_of
from forensics.config.env_reads.wrappers import wrapped

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["MARKER", "find"]

MARKER = re.compile(rb"\benv\b|[eE]nv\w*\s*\(|z\.object")
_OBJECT = re.compile(rb"\b(process\s*\??\.\s*env|import\.meta\.env|Bun\.env)\b")
_CALL = re.compile(rb"\b(Deno\.env\.(?:get|has))\b")
_NODES = frozenset(("member_expression", "subscript_expression"))


def find(source: Source) -> Iterator[EnvRead]:
    """What the code reads of `process.env` and its like, and through schemas of them."""
    schemas = list(schema_reads(source))
    told = {read.name for read in schemas}
    yield from schemas
    for match, node in source.found(_OBJECT):
        if node.type == "member_expression":
            how = re.sub(r"[\s?]", "", match[1].decode())
            for read in _of_object(node, how):
                # The schema of a name says what its default is.
                if read.name not in told:
                    yield read
    for match, node in source.found(_CALL):
        call = call_around(node)
        if node.type != "member_expression" or call is None or not arguments(call):
            continue
        name = literal(arguments(call)[0])
        use = use_of(call)
        optional = use.optional or match[1].endswith(b"has")
        if is_name(name):
            yield EnvRead(str(name), line_of(node), use.default, "Deno.env", True, optional)
        elif name is None:
            yield EnvRead("", line_of(node), NONE, "Deno.env", False)
    yield from wrapped(source)


def _of_object(node: Node, how: str) -> Iterator[EnvRead]:
    parent = node.parent
    while parent is not None and parent.type in (
        "parenthesized_expression",
        "non_null_expression",
        "as_expression",
    ):
        node, parent = parent, parent.parent
    if parent is None:
        return
    if parent.type in _NODES and parent.child_by_field_name("object") == node:
        key = parent.child_by_field_name("property") or parent.child_by_field_name("index")
        name = text(key) if parent.type == "member_expression" else literal(key)
        if is_written(parent):
            return
        if name is None:
            yield EnvRead("", line_of(node), NONE, how, False)
        elif is_name(name):
            use = use_of(parent)
            yield EnvRead(name, line_of(key or node), use.default, how, True, use.optional)
    elif parent.type == "variable_declarator":
        pattern = parent.child_by_field_name("name")
        if pattern is not None and pattern.type == "object_pattern":
            yield from _taken_apart(pattern, how)
    elif parent.type == "assignment_expression" and parent.child_by_field_name("right") == node:
        pattern = parent.child_by_field_name("left")
        if pattern is not None and pattern.type == "object_pattern":
            yield from _taken_apart(pattern, how)
    elif (
        parent.type == "binary_expression" and text(parent.child_by_field_name("operator")) == "in"
    ):
        name = literal(parent.child_by_field_name("left"))
        if is_name(name):
            yield EnvRead(str(name), line_of(node), NONE, how, True, True)


def _taken_apart(pattern: Node, how: str) -> Iterator[EnvRead]:
    """`{A, B = "x", C: d, E: f = 1}`"""
    for part in pattern.named_children:
        default = NONE
        key: Node | None = part
        if part.type == "object_assignment_pattern":
            key = part.child_by_field_name("left")
            default = default_of(part.child_by_field_name("right"))
        elif part.type == "pair_pattern":
            key, value = part.child_by_field_name("key"), part.child_by_field_name("value")
            if value is not None and value.type == "assignment_pattern":
                default = default_of(value.child_by_field_name("right"))
        elif part.type == "rest_pattern":
            yield EnvRead("", line_of(part), NONE, how, False)
            continue
        name = literal(key) if key is not None and key.type == "string" else text(key)
        if is_name(name):
            yield EnvRead(str(name), line_of(part), default, how)
