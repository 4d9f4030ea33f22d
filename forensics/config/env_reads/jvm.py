"""Environment variables that Java and Kotlin read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from forensics.config.env_reads.model import NONE, REQUIRED, EnvRead
from forensics.config.env_reads.spring import PLACE, placeholders
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
from forensics.config.env_reads.use import Use, use_of
from forensics.config.env_reads.wrappers import wrapped

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["MARKER", "find"]

MARKER = re.compile(rb"getenv|@Value|dotenv|[eE]nv\w*\(")
_GETENV = re.compile(rb"\bSystem\s*\.\s*(getenv)\b")
_DOTENV = re.compile(rb"\bdotenv\s*\.\s*(get)\b|\bdotenv\s*(\[)")
_STRINGS = frozenset(("string_literal", "string_fragment", "string_content"))
_OTHER = re.compile(r"\.?\s*(orElse|orElseGet|orElseThrow|getOrDefault|getOrElse)\b")


def find(source: Source) -> Iterator[EnvRead]:
    """`System.getenv`, `@Value` and java-dotenv."""
    for _, node in source.found(_GETENV):
        call = call_around(node)
        if node.type not in ("identifier", "simple_identifier") or call is None:
            continue
        given = arguments(call)
        if given:
            yield from _read(call, literal(given[0]), "System.getenv", _use(call))
            continue
        outer = call.parent
        if outer is not None and outer.type in ("index_expression", "indexing_expression"):
            held = outer.named_children[-1]
            yield from _read(outer, literal(held), "System.getenv", use_of(outer))
            continue
        outer = call_around(call)
        if outer is None or not arguments(outer):
            continue
        method = text(outer.child_by_field_name("name")) or text(outer)
        if re.search(r"\b(?:get|getOrDefault|getOrElse|containsKey)\b", method):
            use = use_of(outer)
            if len(arguments(outer)) > 1:
                use = Use(default_of(arguments(outer)[1]))
            yield from _read(outer, literal(arguments(outer)[0]), "System.getenv", use)
    for match, _ in source.found(PLACE):
        end = source.content.find(b")", match.end())
        place = source.root.descendant_for_byte_range(match.start(), match.start() + 1)
        if place is not None and "comment" not in place.type and "string" not in place.type:
            within = source.content[match.end() : end].decode(errors="replace")
            yield from placeholders(within, line_of(place), "@Value")
    for _, node in source.found(_DOTENV):
        call = call_around(node)
        if call is not None and "comment" not in node.type and arguments(call):
            given = arguments(call)
            use = Use(default_of(given[1])) if len(given) > 1 else use_of(call)
            yield from _read(call, literal(given[0]), "dotenv", use)
    yield from wrapped(source)


def _use(call: Node) -> Use:
    """Also of `Optional.ofNullable(…).orElse(…)`."""
    at: Node | None = call
    for _ in range(8):
        at = at.parent if at is not None else None
        if at is None or at.type.endswith(("statement", "declaration", "body")):
            break
        if at.type in ("method_invocation", "call_expression"):
            after = text(at)[call.end_byte - at.start_byte :]
            found = _OTHER.search(after)
            if found and "Optional" in text(at)[: call.start_byte - at.start_byte]:
                if found[1] == "orElseThrow":
                    return Use(REQUIRED)
                return Use(default_of(next(iter(arguments(at)), None)))
    return use_of(call)


def _read(node: Node, name: str | None, how: str, use: Use) -> Iterator[EnvRead]:
    if name is None:
        yield EnvRead("", line_of(node), NONE, how, False)
    elif is_name(name):
        yield EnvRead(name, line_of(node), use.default, how, True, use.optional)
