"""Environment variables that Go reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from forensics.config.env_reads.model import EXPRESSION, LITERAL, NONE, REQUIRED, EnvRead
from forensics.config.env_reads.syntax import (
    Source,
    arguments,
    call_around,
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

MARKER = re.compile(rb"etenv|LookupEnv|BindEnv|env(?:config)?:\"|EnvVars?\b|[eE]nv\w*\(")
_CALL = re.compile(rb"\b(?:os|syscall)\.(Getenv|LookupEnv)\b")
_BIND = re.compile(rb"\.(BindEnv)\b")
_TAGGED = re.compile(rb"\b(?:env|envconfig):\"")
_TAG = re.compile(r'(\w[\w-]*):"((?:[^"\\]|\\.)*)"')
_FLAG = re.compile(rb"\b(EnvVars?)\b\s*[:(]")
_NAMES = re.compile(r'"([A-Z][A-Z0-9_]*)"')
_GIVES_UP = re.compile(r"\b(?:panic|Fatal\w*|Exit|Errorf?|errors\.New|Fail\w*)\b")
_PREFIXED = re.compile(rb"[pP]refix")
_DEFAULTS = ("envDefault", "env-default", "default")
_AHEAD = 2


def find(source: Source) -> Iterator[EnvRead]:
    """What the code reads through os, viper, struct tags and command-line flags."""
    for match, node in source.found(_CALL):
        call = call_around(node)
        if node.type != "field_identifier" or call is None or not arguments(call):
            continue
        how, name = f"os.{match[1].decode()}", literal(arguments(call)[0])
        if name is None:
            yield EnvRead("", line_of(node), NONE, how, False)
        elif is_name(name):
            use = _use(call)
            optional = use.optional or (how == "os.LookupEnv" and use.default == NONE)
            yield EnvRead(name, line_of(node), use.default, how, True, optional)
    for _, node in source.found(_BIND):
        call = call_around(node)
        for argument in (arguments(call) if call is not None else [])[1:]:
            if is_name(name := literal(argument)):
                yield EnvRead(str(name), line_of(node), NONE, "viper.BindEnv", True, True)
    prefixed = _PREFIXED.search(source.content) is not None
    for _, node in source.found(_TAGGED):
        if node.type.startswith("raw_string") and _field(node) is not None:
            yield from _tag(node, prefixed)
    for _, node in source.found(_FLAG):
        yield from _flag(node)
    yield from wrapped(source)


def _use(call: Node) -> Use:
    """Also of a variable that is tested right after it was read."""
    use = use_of(call)
    if use.default != NONE or use.optional:
        return use
    held = call.parent
    statement = held.parent if held is not None else None
    if held is None or statement is None or held.type != "expression_list":
        return use
    left = statement.child_by_field_name("left")
    if left is None or statement.type not in ("short_var_declaration", "assignment_statement"):
        return use
    name = re.escape(text(left).partition(",")[0].strip())
    condition = re.compile(rf'\b{name} *(?:==|!=) *""|len\({name}\)|! *ok\b|\bok\b')
    if statement.parent is not None and statement.parent.type == "if_statement":
        return Use(NONE, optional=True)
    at = statement.next_named_sibling
    for _ in range(_AHEAD):
        if at is None:
            break
        if at.type == "if_statement":
            asked = text(at.child_by_field_name("condition"))
            if condition.search(asked):
                done = text(at.child_by_field_name("consequence"))
                if "!=" in asked or not (_GIVES_UP.search(done) or "err" in done):
                    assigned = re.search(rf"\b{name} *=[^=]", done) or "return" in done
                    return Use(EXPRESSION) if assigned else Use(NONE, optional=True)
                return Use(REQUIRED)
        at = at.next_named_sibling
    return use


def _field(node: Node) -> Node | None:
    at: Node | None = node
    while at is not None and at.type.startswith("raw_string"):
        at = at.parent
    return at if at is not None and at.type == "field_declaration" else None


def _tag(node: Node, prefixed: bool) -> Iterator[EnvRead]:
    """`env:"X,required" envDefault:"y"`, `envconfig:"X" default:"y" required:"true"`, and others.

    Sources: https://github.com/caarlos0/env, https://github.com/kelseyhightower/envconfig,
    https://github.com/ilyakaznacheev/cleanenv, https://github.com/sethvargo/go-envconfig
    """
    tags: dict[str, str] = dict(_TAG.findall(text(node)))
    how = "env tag" if "env" in tags else "envconfig tag"
    first, *options = [one.strip() for one in tags.get("env", tags.get("envconfig", "")).split(",")]
    given = next((option for option in options if option.startswith("default=")), "")
    default = next((tags[name] for name in _DEFAULTS if name in tags), None)
    if given:
        default = given.partition("=")[2]
    required = {"required", "notEmpty"} & set(options) or "env-required" in tags
    kind = LITERAL if default else "empty" if default is not None else NONE
    if kind == NONE and (required or tags.get("required") == "true"):
        kind = REQUIRED
    for name in [first, *(one for one in options if one.isupper() and how == "env tag")]:
        if is_name(name) and name.isupper():
            # Where the structure is read, a prefix can be given that stands before it.
            certain = how == "env tag" and not prefixed
            yield EnvRead(name, line_of(node), kind, how, certain, kind == NONE)


def _flag(node: Node) -> Iterator[EnvRead]:
    """`EnvVars: []string{"X"}` of urfave/cli; a flag can always be given instead."""
    at: Node | None = node
    for _ in range(4):
        if at is None or at.type in ("keyed_element", "call_expression"):
            break
        at = at.parent
    if at is not None and at.type in ("keyed_element", "call_expression"):
        for name in _NAMES.findall(text(at)):
            yield EnvRead(name, line_of(node), NONE, "flag", True, True)
