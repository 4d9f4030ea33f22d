"""Environment variables that C# reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.config.env_reads.model import NONE, EnvRead
from forensics.config.env_reads.syntax import (
    Source,
    arguments,
    call_around,
    is_name,
    line_of,
    literal,
)
from forensics.config.env_reads.use import use_of
from forensics.config.env_reads.wrappers import wrapped

__all__ = ["MARKER", "find"]

MARKER = re.compile(rb"GetEnvironmentVariable\b|[eE]nv\w*\(")
_CALL = re.compile(rb"\b(GetEnvironmentVariable)\b")


def find(source: Source) -> Iterator[EnvRead]:
    """`Environment.GetEnvironmentVariable`."""
    how = "GetEnvironmentVariable"
    for _, node in source.found(_CALL):
        call = call_around(node)
        if node.type != "identifier" or call is None or not arguments(call):
            continue
        name = literal(arguments(call)[0])
        if name is None:
            yield EnvRead("", line_of(node), NONE, how, False)
        elif is_name(name):
            use = use_of(call)
            yield EnvRead(name, line_of(node), use.default, how, True, use.optional)
    yield from wrapped(source)
