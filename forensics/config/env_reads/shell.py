"""Environment variables that shell scripts read: upper-case names that they do not set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from forensics.config.env_reads.model import EMPTY, EXPRESSION, LITERAL, NONE, REQUIRED, EnvRead
from forensics.config.env_reads.syntax import Source, line_of, text

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["MARKER", "find"]

MARKER = re.compile(rb"\$\{?[A-Z]")
_USED = re.compile(rb"\$\{?[#!]?([A-Z][A-Z0-9_]*)")
_SET = re.compile(
    rb"(?:^|[\s;&|(`\"'])(?:export\s+|local\s+|readonly\s+|declare\s+(?:-\w+\s+)*|typeset\s+)?"
    rb"([A-Z][A-Z0-9_]*)\+?=(?!=)|\bfor\s+([A-Z][A-Z0-9_]*)\b|\b(?:select|getopts\s+\S+)\s+([A-Z]\w*)"
)
_READ = re.compile(rb"\b(?:read|mapfile|readarray|local|declare|typeset|printf\s+-v)\b([^\n;|&]*)")
_WORD = re.compile(rb"\b[A-Z][A-Z0-9_]*\b")
_SOURCES = re.compile(
    rb"(?:^|[\n;&|])[ \t]*(?:source|\.)[ \t]+[^\s;]|\bset -[a-z]*a|\beval\b|\bxargs\b"
)
_TESTED = frozenset(("test_command", "unary_expression", "case_statement"))
_OPERATOR = re.compile(r"\$\{[A-Z][A-Z0-9_]*(:?[-=?+])(.*)\}", re.DOTALL)


def find(source: Source) -> Iterator[EnvRead]:
    """Expansions of names that the script does not set itself."""
    content = source.content
    own = {name for found in _SET.finditer(content) for name in found.groups() if name}
    own |= {word for found in _READ.finditer(content) for word in _WORD.findall(found[1])}
    sure = not _SOURCES.search(content)
    for match, node in source.found(_USED):
        if node.type != "variable_name":
            continue
        held = node.parent
        if held is None or held.type not in ("expansion", "simple_expansion"):
            continue
        default, optional = _default(held)
        name = match[1]
        # `X="${X:-1}"` reads it before it sets it.
        if name in own and not (default not in (NONE, "") and _sets_itself(held, name.decode())):
            continue
        plain = default == NONE
        yield EnvRead(name.decode(), line_of(node), default, "$", sure or not plain, optional)


def _default(held: Node) -> tuple[str, bool]:
    found = _OPERATOR.fullmatch(text(held))
    if found is None:
        at: Node | None = held
        for _ in range(4):
            at = at.parent if at is not None else None
            if at is None or at.type == "command":
                break
            if at.type in _TESTED:
                return NONE, True
        return NONE, False
    operator, value = found.groups()
    if "?" in operator:
        return REQUIRED, False
    if "+" in operator:
        return NONE, True
    if not value.strip("\"'"):
        return EMPTY, False
    return EXPRESSION if "$" in value or "`" in value else LITERAL, False


def _sets_itself(held: Node, name: str) -> bool:
    at: Node | None = held
    for _ in range(5):
        at = at.parent if at is not None else None
        if at is None:
            return False
        if at.type == "variable_assignment":
            return text(at.child_by_field_name("name")) == name
    return text(held)[2:].startswith(name)
