"""Syntax trees of code, looked at only around the places that matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from forensics.config.env_reads.model import EMPTY, EXPRESSION, LITERAL, NONE

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

__all__ = [
    "NAME", "Source", "arguments", "call_around", "default_of", "is_name", "line_of", "literal",
    "parsed", "text",
]  # fmt: skip

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")
_SECONDS = 2.0
_PIECE = 8192
_LONGEST = 1 << 16
_UNCLOSED = 300
_NEAR = 6
"""How far up a call is looked for from the name of what is called."""

_GRAMMARS = {
    "python": "python.language",
    "javascript": "javascript.language",
    "typescript": "typescript.language_typescript",
    "tsx": "typescript.language_tsx",
    "go": "go.language",
    "ruby": "ruby.language",
    "java": "java.language",
    "kotlin": "kotlin.language",
    "php": "php.language_php",
    "csharp": "c_sharp.language",
    "rust": "rust.language",
    "shell": "bash.language",
}
_CALLS = frozenset(
    ("call", "call_expression", "method_invocation", "function_call_expression",
     "member_call_expression", "scoped_call_expression", "invocation_expression",
     "macro_invocation", "nullsafe_member_call_expression", "object_creation_expression")
)  # fmt: skip
_ARGUMENTS = frozenset(("argument_list", "arguments", "value_arguments", "token_tree"))
_ONE_ARGUMENT = frozenset(("argument", "value_argument"))
_STRINGS = frozenset(
    ("string", "template_string", "interpreted_string_literal", "raw_string_literal",
     "string_literal", "encapsed_string", "verbatim_string_literal", "raw_string", "symbol",
     "simple_symbol")
)  # fmt: skip
_MADE_UP = frozenset(
    ("interpolation", "template_substitution", "variable_name", "member_access_expression",
     "subscript_expression", "dynamic_variable_name")
)  # fmt: skip
_QUOTES = re.compile(r"""(?s)[A-Za-z@$#]{0,3}(?:\"\"\"|'''|"|'|`)(.*?)(?:\"\"\"|'''|"|'|`)#?""")
_NOTHING = frozenset(("none", "null", "nil", "undefined", "null_literal", "nil_literal"))
_CONSTANTS = frozenset(
    ("integer", "float", "number", "true", "false", "boolean", "int_literal", "float_literal",
     "integer_literal", "boolean_literal", "real_literal", "decimal_integer_literal", "bool",
     "number_literal", "long_literal", "symbol", "simple_symbol", "character_literal")
)  # fmt: skip


class Source(NamedTuple):
    """Code and its tree."""

    content: bytes
    root: Node
    until: float
    """When to stop, by the monotonic clock: in a tree as deep as it is long every step is slow."""

    def found(self, anchor: re.Pattern[bytes]) -> Iterator[tuple[re.Match[bytes], Node]]:
        """Each match of an expression, and the smallest node around its first group, or around
        all of it where it has none; as far as time allows."""
        for match in anchor.finditer(self.content):
            if monotonic() > self.until:
                return
            start, end = match.span(1 if anchor.groups else 0)
            node = self.root.descendant_for_byte_range(start, end)
            if node is not None:
                yield match, node


@cache
def _parser(language: str) -> Parser:
    from tree_sitter import Language, Parser

    module, _, name = _GRAMMARS[language].partition(".")
    return Parser(Language(getattr(import_module(f"tree_sitter_{module}"), name)()))


def parsed(language: str, content: bytes) -> Source | None:
    """The code with its tree; None where that takes too long."""
    if language == "csharp" and content.count(b"<") - content.count(b">") > _UNCLOSED:
        return None  # its grammar goes over open angles again and again, without a pause
    end = monotonic() + _SECONDS
    try:
        tree = _parser(language).parse(
            lambda start, _: content[start : start + _PIECE],
            progress_callback=lambda *_: monotonic() > end,
        )
    except ValueError:
        _parser(language).reset()
        return None
    return Source(content, tree.root_node, monotonic() + _SECONDS)


def text(node: Node | None) -> str:
    """What stands at a node; empty for none, and for one so large that it is no expression."""
    if node is None or node.end_byte - node.start_byte > _LONGEST:
        return ""
    return (node.text or b"").decode(errors="replace")


def line_of(node: Node) -> int:
    """Its line, from 1."""
    return int(node.start_point[0]) + 1


def literal(node: Node | None) -> str | None:
    """The text of a plain string; None for what is none, or is put together."""
    if node is None or node.type not in _STRINGS:
        return None
    if any(child.type in _MADE_UP for child in node.named_children):
        return None
    written = text(node)
    if node.type in ("symbol", "simple_symbol"):
        return written.removeprefix(":")
    found = _QUOTES.fullmatch(written)
    return found[1] if found else None


def is_name(name: str | None) -> bool:
    """Whether this can be the name of an environment variable."""
    return name is not None and NAME.fullmatch(name) is not None


def default_of(node: Node | None) -> str:
    """What kind of default an expression is."""
    if node is None or text(node) in ("None", "null", "nil", "undefined"):
        return NONE
    node = _bare(node)
    if node.type in _NOTHING:
        return NONE
    plain = literal(node)
    if plain is not None:
        return LITERAL if plain else EMPTY
    return LITERAL if node.type in _CONSTANTS else EXPRESSION


def call_around(node: Node) -> Node | None:
    """The call whose callee a node belongs to."""
    at: Node | None = node
    for _ in range(_NEAR):
        at = at.parent if at is not None else None
        if at is None:
            return None
        if at.type in _CALLS:
            held = _held(at)
            return at if held is None or node.end_byte <= held.start_byte else None
    return None


def arguments(call: Node) -> list[Node]:
    """The arguments of a call, without wrapping and comments."""
    held = _held(call)
    if held is None:
        return []
    return [_bare(child) for child in held.named_children if "comment" not in child.type]


def _held(call: Node) -> Node | None:
    for child in call.named_children:
        if child.type in _ARGUMENTS:
            return child
        if child.type == "call_suffix":
            return _held(child)
    return None


def _bare(node: Node) -> Node:
    for _ in range(_NEAR):
        if node.type not in (*_ONE_ARGUMENT, "parenthesized_expression"):
            break
        inner = [child for child in node.named_children if "comment" not in child.type]
        if len(inner) != 1:
            break
        node = inner[0]
    return node
