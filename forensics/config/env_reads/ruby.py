"""Environment variables that Ruby reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.config.env_reads.model import EXPRESSION, NONE, REQUIRED, EnvRead
from forensics.config.env_reads.syntax import (
    Source,
    arguments,
    default_of,
    is_name,
    line_of,
    literal,
    text,
)
from forensics.config.env_reads.use import is_written, use_of
from forensics.config.env_reads.wrappers import wrapped

__all__ = ["MARKER", "find"]

MARKER = re.compile(rb"\bENV\b|_env\b|env_")
_ENV = re.compile(rb"\bENV\b")
_ASKS = frozenset(("key?", "has_key?", "include?", "member?"))


def find(source: Source) -> Iterator[EnvRead]:
    """`ENV["X"]`, `ENV.fetch("X")` and what else reads `ENV`."""
    for _, node in source.found(_ENV):
        parent = node.parent
        if node.type != "constant" or parent is None:
            continue
        if parent.type == "element_reference" and parent.child_by_field_name("object") == node:
            if is_written(parent) or len(parent.named_children) < 2:
                continue
            name = literal(parent.named_children[1])
            if name is None:
                yield EnvRead("", line_of(node), NONE, "ENV", False)
            elif is_name(name):
                use = use_of(parent)
                yield EnvRead(name, line_of(node), use.default, "ENV", True, use.optional)
        elif parent.type == "call" and parent.child_by_field_name("receiver") == node:
            method = text(parent.child_by_field_name("method"))
            given = arguments(parent)
            if not given or method not in (*_ASKS, "fetch", "dig", "values_at"):
                continue
            name = literal(given[0])
            if name is None:
                yield EnvRead("", line_of(node), NONE, f"ENV.{method}", False)
                continue
            default = REQUIRED if method == "fetch" else NONE
            if method == "fetch" and len(given) > 1:
                default = default_of(given[1])
                # Without it, fetch fails; so nil is a default.
                default = use_of(parent).default if default == NONE else default
            elif parent.child_by_field_name("block") is not None:
                default = EXPRESSION
            if is_name(name):
                optional = method in _ASKS or (
                    (default == NONE and method == "fetch") or use_of(parent).optional
                )
                yield EnvRead(name, line_of(node), default, f"ENV.{method}", True, optional)
    yield from wrapped(source)
