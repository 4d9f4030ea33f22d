"""Environment variables that Python reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from forensics.config.env_reads.model import EXPRESSION, LITERAL, NONE, REQUIRED, EnvRead
from forensics.config.env_reads.pydantic import pydantic_fields
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

MARKER = re.compile(rb"environ|getenv|decouple|BaseSettings|[Ee]nv\b|starlette\.config|env_")
_ENVIRON = re.compile(rb"\benvironb?\b")
_GETENV = re.compile(rb"\bgetenv\b")
_IMPORTED = re.compile(rb"^[ \t]*from[ \t]+os[ \t]+import\b([^\n]*)", re.MULTILINE)
_CONFIG = re.compile(rb"\bfrom[ \t]+(?:decouple|starlette\.config)[ \t]+import\b|\bAutoConfig\(")
_CONFIG_CALL = re.compile(rb"(?<![\w.])(config)\(\s*[\"'](?=[A-Z_])")
_ENV_CLASS = re.compile(
    rb"\benviron\.(?:File\w*)?Env\(|\bfrom[ \t]+environs[ \t]+import\b|\bimport environs\b"
)
_ENV_CALL = re.compile(rb"(?<![\w.])(env)(?:\.\w+)?\(\s*[rbu]?[\"']")
_SCHEME = re.compile(rb"\benviron\.(?:File\w*)?(Env)\(")
_CAUGHT = re.compile(r"except\s*(?:\(?[^\n]*\bKeyError\b|:|Exception\b)")
_ACCESS = frozenset(("get", "pop", "setdefault"))
_UP = 12


def find(source: Source) -> Iterator[EnvRead]:
    """What the code reads through os, decouple, environs, django-environ and pydantic."""
    imported = set(re.findall(rb"\w+", b" ".join(_IMPORTED.findall(source.content))))
    for _, node in source.found(_ENVIRON):
        if node.type != "identifier":
            continue
        owner = node.parent
        if owner is not None and owner.type == "attribute":
            if text(owner.child_by_field_name("object")) not in ("os", "_os"):
                continue
            yield from _environ(owner)
        elif b"environ" in imported:
            yield from _environ(node)
    for _, node in source.found(_GETENV):
        call = call_around(node)
        if node.type != "identifier" or call is None:
            continue
        function = text(call.child_by_field_name("function"))
        if function in ("os.getenv", "_os.getenv") or (
            function == "getenv" and b"getenv" in imported
        ):
            yield from _given(call, "os.getenv", required=False)
    content = source.content
    if _CONFIG.search(content):
        for _, node in source.found(_CONFIG_CALL):
            call = call_around(node)
            if node.type == "identifier" and call is not None:
                yield from _given(call, "config()", required=True)
    if _ENV_CLASS.search(content):
        yield from _environs(source)
    if b"BaseSettings" in content:
        yield from pydantic_fields(source)
    yield from wrapped(source)


def _environ(node: Node) -> Iterator[EnvRead]:
    """What is read of `os.environ`, given the node of it."""
    parent = node.parent
    how = "os.environ"
    if parent is None:
        return
    if parent.type == "subscript" and parent.child_by_field_name("value") == node:
        if is_written(parent):
            return
        key = parent.child_by_field_name("subscript")
        if key is not None and literal(key) is None:
            yield EnvRead("", line_of(node), REQUIRED, how, False)
        elif is_name(name := literal(key)):
            caught = _caught(parent)
            default, optional = use_of(parent)
            if default == NONE:
                default = EXPRESSION if caught else REQUIRED
            yield EnvRead(str(name), line_of(node), default, how, True, optional and caught)
    elif parent.type == "attribute":
        call = call_around(node)
        method = text(parent.child_by_field_name("attribute"))
        if call is not None and method in _ACCESS:
            for read in _given(call, how, required=method == "pop"):
                yield read._replace(default=LITERAL) if method == "setdefault" else read
    elif parent.type == "comparison_operator":
        name = literal(parent.named_children[0])
        if is_name(name):
            yield EnvRead(str(name), line_of(node), NONE, how, True, True)


def _given(call: Node, how: str, *, required: bool) -> Iterator[EnvRead]:
    """A read through a call that is given a name, and maybe a default."""
    given = arguments(call)
    if not given or given[0].type in ("dictionary_splat", "list_splat"):
        return
    name = literal(given[0])
    if name is None:
        yield EnvRead("", line_of(call), NONE, how, False)
        return
    if not is_name(name):
        return
    used, optional = use_of(call)
    default = REQUIRED if required else NONE
    for argument in given[1:]:
        if argument.type != "keyword_argument":
            default = default_of(argument) if how != "config()" else default
            optional |= default == NONE
        elif text(argument.child_by_field_name("name")) in (
            "default",
            "missing",
            "default_factory",
        ):
            default = default_of(argument.child_by_field_name("value"))
    if used != NONE and default in (NONE, "empty"):
        default = used
    yield EnvRead(name, line_of(call), default, how, True, optional)


def _caught(node: Node) -> bool:
    """Whether a missing name is caught."""
    at: Node | None = node
    for _ in range(_UP):
        at = at.parent if at is not None else None
        if at is None or at.type in ("function_definition", "class_definition"):
            return False
        if at.type == "try_statement":
            return _CAUGHT.search(text(at)) is not None
    return False


def _environs(source: Source) -> Iterator[EnvRead]:
    """Reads through `Env()` objects, with the defaults that their scheme gives."""
    scheme: dict[str, str] = {}
    for _, node in source.found(_SCHEME):
        call = call_around(node)
        for argument in arguments(call) if call is not None else []:
            if argument.type == "keyword_argument":
                value = argument.child_by_field_name("value")
                name = text(argument.child_by_field_name("name"))
                if value is not None and value.type == "tuple" and len(value.named_children) > 1:
                    scheme[name] = default_of(value.named_children[1])
    for _, node in source.found(_ENV_CALL):
        call = call_around(node)
        if node.type != "identifier" or call is None:
            continue
        method = text(call.child_by_field_name("function")).partition(".")[2]
        if method in ("read_env", "read_envfile", "prefixed", "seal"):
            continue
        for read in _given(call, "env()", required=True):
            known = scheme.get(read.name)
            yield read._replace(default=known) if known and read.default == REQUIRED else read
