"""Functions that read the environment variable they are given the name of, by their usual names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.config.env_reads.model import NONE, REQUIRED, EnvRead
from forensics.config.env_reads.syntax import (
    NAME,
    Source,
    arguments,
    call_around,
    default_of,
    line_of,
    literal,
    text,
)
from forensics.config.env_reads.use import use_of

__all__ = ["MARKER", "wrapped"]

_REQUIRING = (
    "requireEnv", "require_env", "requiredEnv", "required_env", "mustGetenv", "mustGetEnv",
    "MustGetenv", "MustGetEnv", "must_getenv", "must_get_env", "mustEnv", "MustEnv", "must_env",
    "getRequiredEnv", "get_required_env", "getEnvOrThrow", "getEnvOrDie", "getEnvOrFail",
    "get_env_or_raise", "ensureEnv", "ensure_env", "assertEnv", "env_required", "envRequired",
    "requireEnvVar", "getRequiredEnvVar", "expectEnv", "RequireEnv", "getEnvVarOrThrow",
)  # fmt: skip
_ASKING = (
    "getEnv", "get_env", "getenv", "GetEnv", "Getenv", "readEnv", "read_env", "getEnvVar",
    "get_env_var", "getEnvVariable", "get_env_variable", "fromEnv", "from_env", "envOr",
    "envOrDefault", "getEnvOr", "getEnvOrDefault", "GetEnvOrDefault", "getenvOrDefault",
    "env_or", "env_or_default",
    "getEnvWithDefault", "getEnvDefault", "getenvDefault", "get_env_or",
    "get_env_or_default", "optionalEnv", "optional_env",
    "env_var", "envVar", "getEnvString", "getEnvInt", "getEnvBool", "getEnvAsInt", "getEnvAsBool",
    "getEnvAsString", "GetEnvAsInt", "env_bool", "env_int", "env_str", "env_list",
    "get_bool_env", "get_int_env", "getEnvNumber", "getEnvBoolean", "get_env_bool", "get_env_int",
    "env_flag", "GetEnvString", "GetEnvInt", "GetEnvBool", "GetEnvDefault", "EnvOr", "EnvOrDefault",
    "getStringEnv", "getIntEnv", "getBoolEnv",
)  # fmt: skip
_CALLED = frozenset((*_REQUIRING, *_ASKING))
MARKER = re.compile(rb"[eE]nv\w{0,20}\s?\(\s*[rbuf]?[\"'`:]")
_NAME = re.compile(rb"([eE]nv)\w{0,20}\s?\(\s*[rbuf]?[\"'`:]")
_UPPER = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")


def wrapped(source: Source, how: str = "") -> Iterator[EnvRead]:
    """Reads through such functions. Only upper-case names count, since what such a function does
    is only told by its name."""
    for _, node in source.found(_NAME):
        called = text(node) if not node.named_children else ""
        if called not in _CALLED or (call := call_around(node)) is None:
            continue
        given = arguments(call)
        name = literal(given[0]) if given else None
        if name is None or not (NAME.fullmatch(name) and _UPPER.fullmatch(name)):
            continue
        default, optional = use_of(call)
        if called in _REQUIRING:
            default, optional = REQUIRED, False
        elif len(given) > 1 and default == NONE:
            default = default_of(given[1])
        yield EnvRead(name, line_of(node), default, how or f"{called}()", True, optional)
