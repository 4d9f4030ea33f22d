"""Environment variables that Rust reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from forensics.config.env_reads.model import EMPTY, EXPRESSION, NONE, REQUIRED, EnvRead
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
from forensics.config.env_reads.use import Use
from forensics.config.env_reads.wrappers import wrapped

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["MARKER", "find"]

MARKER = re.compile(rb"\benv\b|dotenv|option_env|env_?\w*\(")
_CALL = re.compile(rb"\b(?:env|dotenvy?)::(var(?:_os)?)\b")
_MACRO = re.compile(rb"\b(env|option_env|dotenv)!\s*[(\[{]\s*\"(\w+)\"")
_FLAG = re.compile(rb"\benv\s*(?:=|\()\s*\"([A-Z][A-Z0-9_]*)\"")
_TAKEN = re.compile(r"\s*\.\s*(\w+)\s*\(")
_HIGHEST = 16


def find(source: Source) -> Iterator[EnvRead]:
    """`env::var`, `env!`, `option_env!`, dotenvy and clap's `env = "X"`."""
    for match, node in source.found(_CALL):
        call = call_around(node)
        if node.type != "identifier" or call is None or call.type != "call_expression":
            continue
        how = f"env::{match[1].decode()}"
        name = literal(arguments(call)[0]) if arguments(call) else None
        if name is None:
            yield EnvRead("", line_of(node), NONE, how, False)
        elif is_name(name):
            use = _use(call)
            yield EnvRead(name, line_of(node), use.default, how, True, use.optional)
    for match, node in source.found(_MACRO):
        at: Node | None = node
        while at is not None and at.type == "identifier":
            at = at.parent
        if at is None or at.type not in ("macro_invocation", "token_tree"):
            continue
        macro = match[1].decode()
        optional = macro == "option_env"
        kind = NONE if optional else REQUIRED
        yield EnvRead(match[2].decode(), line_of(node), kind, f"{macro}!", True, optional)
    for match, node in source.found(_FLAG):
        held = _attribute(node)
        if held is not None:
            default = "literal" if "default_value" in held else NONE
            # A flag can always be given instead.
            yield EnvRead(match[1].decode(), line_of(node), default, "clap", True, default == NONE)
    yield from wrapped(source)


def _use(call: Node) -> Use:
    """What is done with the result."""
    at = call
    for _ in range(_HIGHEST):
        parent = at.parent
        if parent is None:
            break
        if parent.type == "try_expression":
            return Use(REQUIRED)
        if parent.type == "field_expression":
            method = text(parent.child_by_field_name("field"))
            outer = parent.parent
            given = arguments(outer) if outer is not None else []
            if method in ("unwrap", "expect"):
                return Use(REQUIRED)
            if method == "unwrap_or_default":
                return Use(EMPTY)
            if method in ("unwrap_or", "map_or"):
                return Use(_default(given[0]) if given else EXPRESSION)
            if method in ("unwrap_or_else", "or_else", "or", "map_or_else"):
                return Use(EXPRESSION)
            if method in ("is_ok", "is_err", "is_some", "is_none", "is_ok_and", "is_some_and"):
                return Use(NONE, optional=True)
            if method == "ok" and outer is not None:
                after = (
                    text(outer.parent)[outer.end_byte - outer.parent.start_byte :]
                    if outer.parent
                    else ""
                )
                if not _TAKEN.match(after):
                    return Use(NONE, optional=True)
            at = outer if outer is not None else parent
            continue
        if parent.type in (
            "let_condition",
            "match_expression",
            "if_expression",
            "binary_expression",
        ):
            return Use(NONE, optional=True)
        if parent.type not in ("reference_expression", "parenthesized_expression"):
            break
        at = parent
    return Use(NONE)


def _default(node: Node) -> str:
    """Of `"x".into()` and its like it is the string."""
    while node.type in ("call_expression", "field_expression"):
        inner = node.child_by_field_name("function") or node.child_by_field_name("value")
        if inner is None or text(inner) in ("String::from", "String::new"):
            given = arguments(node)
            return default_of(given[0]) if given else EMPTY
        node = inner
    return default_of(node)


def _attribute(node: Node) -> str | None:
    at: Node | None = node
    for _ in range(5):
        if at is None:
            return None
        if at.type == "attribute_item":
            return text(at)
        at = at.parent
    return None
