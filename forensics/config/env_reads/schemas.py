"""Schemas that environment variables are checked against in JavaScript and TypeScript.

zod, t3-env (`createEnv`), znv (`parseEnv`), envalid (`cleanEnv`) and env-var.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from forensics.config.env_reads.model import EXPRESSION, NONE, REQUIRED, EnvRead
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

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["schema_reads"]

_CREATED = re.compile(rb"\b(createEnv|parseEnv|cleanEnv)\b\s*\(")
_ZOD = re.compile(rb"\bz\s*\.\s*(?:strictObject|(object))\s*\(\s*\{")
_ENV_VAR = re.compile(rb"[\"']env-var[\"']")
_GET = re.compile(rb"\b(env\s*\.\s*get)\s*\(")
_UPPER = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_DEFAULT = re.compile(r"\.\s*(?:default|catch|prefault)\s*\(|\b(?:dev)?[dD]efault\s*:")
_OPTIONAL = re.compile(
    r"\.\s*(?:optional|nullish)\s*\(\s*\)|z\s*\.\s*optional\s*\(|\.or\(z\.undefined"
)
_EMPTY = re.compile(r"""\.\s*default\s*\(\s*(?:""|''|``)\s*\)|[dD]efault\s*:\s*(?:""|'')""")
_PLAIN = re.compile(
    r"""\.\s*default\s*\(\s*(?:["'`]|-?\d|true|false)|[dD]efault\s*:\s*(?:["'`]|-?\d|true|false)"""
)
_IS_ENV = re.compile(r"env", re.IGNORECASE)
_NAMED = re.compile(rb"\b(?:const|let|var)\s+(\w+)\s*=\s*(z\s*\.[^;]{0,600})")
_CALLED = re.compile(r"([A-Za-z_$]\w*)")
_ALONE = re.compile(r"[\w$.]+")
_SECTIONS = ("server", "client", "shared")
_CHAIN = 10
_PAGE = re.compile(rb"[\"']react[\"']|</|/>")
_READS = re.compile(rb"process\s*\.\s*env|import\.meta\.env")


def schema_reads(source: Source) -> Iterator[EnvRead]:
    """The names of each schema, with what it says of their defaults."""
    known = {name.decode(): schema.decode(errors="replace")
             for name, schema in _NAMED.findall(source.content)}  # fmt: skip
    for match, node in source.found(_CREATED):
        call = call_around(node)
        if call is None or node.type != "identifier":
            continue
        called = match[1].decode()
        for argument in arguments(call):
            if argument.type != "object":
                continue
            sections = [_value(argument, name) for name in _SECTIONS]
            if called == "createEnv":
                for section in sections:
                    if section is not None and section.type == "object":
                        yield from _keys(section, "createEnv", known)
            else:
                yield from _keys(argument, called, known)
    # Beside the parts of a page, a schema is one of a form.
    page = _PAGE.search(source.content) and not _READS.search(source.content)
    for _, node in source.found(_ZOD) if not page else ():
        call = call_around(node)
        if call is not None and node.type == "property_identifier" and arguments(call):
            shape = arguments(call)[0]
            if shape.type == "object" and _of_environment(call, shape):
                yield from _keys(shape, "z.object", known)
    if _ENV_VAR.search(source.content):
        yield from _env_var(source)


def _value(shape: Node, name: str) -> Node | None:
    for pair in shape.named_children:
        if pair.type == "pair" and text(pair.child_by_field_name("key")) == name:
            return pair.child_by_field_name("value")
    return None


def _keys(shape: Node, how: str, known: dict[str, str]) -> Iterator[EnvRead]:
    for pair in shape.named_children:
        key = pair.child_by_field_name("key") if pair.type == "pair" else None
        name = literal(key) if key is not None and key.type == "string" else text(key)
        if pair.type == "pair" and is_name(name):
            schema = text(pair.child_by_field_name("value"))
            called = _CALLED.match(schema)
            if called and called[1] not in ("z", "t"):
                schema += known.get(called[1], "")
            default, optional = _said(schema)
            certain = not _ALONE.fullmatch(schema)
            yield EnvRead(str(name), line_of(pair), default, how, certain, optional)


def _said(schema: str) -> tuple[str, bool]:
    if _EMPTY.search(schema):
        return "empty", False
    if _DEFAULT.search(schema):
        return "literal" if _PLAIN.search(schema) else EXPRESSION, False
    return (NONE, True) if _OPTIONAL.search(schema) else (REQUIRED, False)


def _of_environment(call: Node, shape: Node) -> bool:
    """Whether a zod object describes an environment: by its variable's name and its keys."""
    keys = [text(pair.child_by_field_name("key")) for pair in shape.named_children
            if pair.type == "pair"]  # fmt: skip
    if not keys or not all(_UPPER.fullmatch(key.strip("\"'")) for key in keys):
        return False
    at: Node | None = call
    for _ in range(_CHAIN):
        at = at.parent if at is not None else None
        if at is None:
            return False
        if at.type == "variable_declarator":
            return _IS_ENV.search(text(at.child_by_field_name("name"))) is not None
        if at.type == "call_expression" and "process.env" in text(at):
            return True
        if at.type in ("statement_block", "program"):
            return False
    return False


def _env_var(source: Source) -> Iterator[EnvRead]:
    for _, node in source.found(_GET):
        call = call_around(node)
        given = arguments(call) if call is not None else []
        name = literal(given[0]) if given else None
        if call is None or not is_name(name):
            continue
        default, at = NONE, call.parent
        chain = ""
        for _ in range(_CHAIN):
            if at is None or at.type not in ("member_expression", "call_expression"):
                break
            chain = text(at.child_by_field_name("property")) or chain
            if at.type == "call_expression" and chain == "default" and arguments(at):
                default = default_of(arguments(at)[0])
            elif at.type == "call_expression" and chain == "required" and default == NONE:
                default = REQUIRED
            at = at.parent
        yield EnvRead(str(name), line_of(node), default, "env-var", True)
