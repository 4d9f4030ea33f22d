"""Environment variables that PHP reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.config.env_reads.model import NONE, EnvRead
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
from forensics.config.env_reads.use import Use, is_written, use_of
from forensics.config.env_reads.wrappers import wrapped

__all__ = ["MARKER", "find"]

MARKER = re.compile(rb"getenv|\benv\s*\(|_ENV\b|_SERVER\b|Env::get|%env\(|[eE]nv\w*\(")
_CALL = re.compile(rb"(?<![\w$>])(getenv|env)\s*\(|\bEnv::(get(?:OrFail)?)\s*\(")
_ARRAY = re.compile(rb"\$(_ENV|_SERVER)\b")
_REQUEST = re.compile(
    r"(?:HTTP|REQUEST|SERVER|REMOTE|SCRIPT|PHP|PATH|DOCUMENT|CONTENT|QUERY|GATEWAY|HTTPS|AUTH"
    r"|ORIG|REDIRECT)(?:_\w+)?|arg[cv]"
)


def find(source: Source) -> Iterator[EnvRead]:
    """`getenv`, `$_ENV`, `$_SERVER`, Laravel's `env` and `Env`."""
    for match, node in source.found(_CALL):
        call = call_around(node)
        if call is None or node.type not in ("name", "scoped_call_expression"):
            call = node if node.type == "scoped_call_expression" else None
        if call is None or not arguments(call):
            continue
        called = text(call.child_by_field_name("function")) or text(
            call.child_by_field_name("name")
        )
        given = arguments(call)
        name = literal(given[0])
        how = called or "env"
        if name is None:
            yield EnvRead("", line_of(call), NONE, how, False)
        elif is_name(name):
            use = use_of(call)
            default = use.default
            if len(given) > 1 and how.endswith(("env", "get")) and how != "getenv":
                default = default_of(given[1]) if default == NONE else default
                use = Use(default, use.optional or default == NONE)
            elif b"OrFail" in match[0]:
                default = "required"
            yield EnvRead(name, line_of(call), default, how, True, use.optional)
    for match, node in source.found(_ARRAY):
        held = node.parent if node.type == "name" else node
        parent = held.parent if held is not None else None
        if (
            held is None
            or parent is None
            or parent.type != "subscript_expression"
            or is_written(parent)
        ):
            continue
        if len(parent.named_children) < 2 or parent.named_children[0] != held:
            continue
        name = literal(parent.named_children[1])
        server = match[1] == b"_SERVER"
        if name is None:
            yield EnvRead("", line_of(held), NONE, f"${match[1].decode()}", False)
        elif is_name(name) and not (server and (_REQUEST.fullmatch(name) or not name.isupper())):
            use = use_of(parent)
            how = f"${match[1].decode()}"
            yield EnvRead(name, line_of(held), use.default, how, not server, use.optional)
    yield from wrapped(source)
