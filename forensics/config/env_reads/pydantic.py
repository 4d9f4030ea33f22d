"""Settings classes of pydantic: fields that are filled from environment variables.

Source: https://docs.pydantic.dev/latest/concepts/pydantic_settings/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from forensics.config.env_reads.model import EXPRESSION, REQUIRED, EnvRead
from forensics.config.env_reads.syntax import (
    Source,
    arguments,
    default_of,
    is_name,
    line_of,
    literal,
    text,
)

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["pydantic_fields"]

_CLASS = re.compile(rb"\bclass\s+\w+\s*\(([^)\n]*BaseSettings\b)")
_PREFIX = re.compile(r"""\benv_prefix\s*=\s*["'](\w*)["']""")
_PLAIN = re.compile(
    r"(?:Optional\[|Union\[)?\s*(?:str|int|float|bool|bytes|SecretStr|\w*Url|\w*Dsn|Path|list|dict"
    r"|List|Dict|Literal|Annotated|Any|UUID|timedelta)\b"
)
_NAMED = ("validation_alias", "alias", "env")


def pydantic_fields(source: Source) -> Iterator[EnvRead]:
    """The fields of each class that inherits from `BaseSettings` itself."""
    for _, node in source.found(_CLASS):
        at: Node | None = node
        while at is not None and at.type != "class_definition":
            at = at.parent
        body = at.child_by_field_name("body") if at is not None else None
        if body is None:
            continue
        found = _PREFIX.search(_configuration(body))
        prefix = found[1] if found else ""
        for statement in body.named_children:
            inner = statement.named_children[0] if statement.named_children else None
            if statement.type == "expression_statement" and inner and inner.type == "assignment":
                yield from _field(inner, prefix)


def _configuration(body: Node) -> str:
    """The text of what configures a class."""
    return "\n".join(
        text(one)
        for one in body.named_children
        if one.type == "class_definition" or text(one).startswith("model_config")
    )


def _field(assignment: Node, prefix: str) -> Iterator[EnvRead]:
    name = text(assignment.child_by_field_name("left"))
    kind = text(assignment.child_by_field_name("type"))
    if not kind or name.startswith("_") or "ClassVar" in kind or not is_name(name):
        return
    value = assignment.child_by_field_name("right")
    default, alias = REQUIRED if value is None else default_of(value), ""
    called = text(value.child_by_field_name("function")) if value is not None else ""
    if value is not None and called.rpartition(".")[2] in ("Field", "SettingsField"):
        default, alias = _of_field(value)
    elif text(value) == "...":
        default = REQUIRED
    elif default == "none":
        default = EXPRESSION  # an explicit None is a default here
    certain = bool(alias) or _PLAIN.match(kind) is not None
    yield EnvRead(
        alias or f"{prefix}{name}".upper(), line_of(assignment), default, "BaseSettings", certain
    )


def _of_field(call: Node) -> tuple[str, str]:
    """Default and own name of a field."""
    default, alias = REQUIRED, ""
    for number, argument in enumerate(arguments(call)):
        value: Node | None = argument
        key = "default" if number == 0 else ""
        if argument.type == "keyword_argument":
            key = text(argument.child_by_field_name("name"))
            value = argument.child_by_field_name("value")
        if key in ("default", "default_factory") and text(value) != "...":
            default = default_of(value)
            default = EXPRESSION if default == "none" else default
        elif key in _NAMED and value is not None:
            if value.type == "call":  # AliasChoices("A", "B")
                value = next(iter(arguments(value)), None)
            written = literal(value)
            alias = written if written and is_name(written) else alias
    return default, alias
