"""Fields of other scanners' files, which may hold anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detectors.errors import RuleError
from detectors.foreign.emit import emit
from detectors.foreign.syntax import parse_expression

__all__ = ["Table", "expression", "lowered", "number", "strings", "tables", "text"]

_MAX_DEPTH = 12
Table = Mapping[str, Any]


def lowered(value: Any, depth: int = 0) -> Any:
    """`value` with the keys of all its tables in lower case: their spelling varies."""
    if depth > _MAX_DEPTH:
        raise RuleError("it is nested too deep")
    if isinstance(value, dict):
        return {str(key).lower(): lowered(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list):
        return [lowered(one, depth + 1) for one in value]
    return value


def text(table: Table, field: str) -> str:
    """A text, empty where there is none.

    Raises:
        RuleError: it is something else.
    """
    value = table.get(field, "")
    if not isinstance(value, str):
        raise RuleError(f"its {field!r} is not a text")
    return value


def number(table: Table, field: str) -> float:
    """A number, 0 where there is none.

    Raises:
        RuleError: it is something else.
    """
    value = table.get(field, 0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RuleError(f"its {field!r} is not a number")
    return float(value)


def strings(table: Table, field: str) -> tuple[str, ...]:
    """A list of texts, empty where there is none.

    Raises:
        RuleError: it is something else.
    """
    value = table.get(field) or []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise RuleError(f"its {field!r} is not a list of texts")
    return tuple(value)


def tables(table: Table, field: str) -> list[Table]:
    """A list of tables, empty where there is none; one alone is a list of one.

    Raises:
        RuleError: it is something else.
    """
    value = table.get(field) or []
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise RuleError(f"its {field!r} is not a list of tables")
    return value


def expression(pattern: str) -> str:
    """An expression as Go or Rust write it, for `regex`, over bytes.

    Raises:
        RuleError: it is none.
    """
    return emit(parse_expression(pattern))
