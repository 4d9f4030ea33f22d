"""Configuration files of gitleaks, with what they extend merged in as gitleaks does.

Source: https://github.com/gitleaks/gitleaks/blob/master/README.md#configuration
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from detectors.errors import RuleError
from detectors.foreign.reading import Table, lowered, strings, tables, text
from detectors.foreign.records import MAX_FILE

__all__ = ["Extended", "load", "with_extended"]

_MAX_RULES = 5_000
_MAX_EXTENDED = 2
_MERGED = ("keywords", "tags", "allowlists")


class Extended(NamedTuple):
    """What one file and those that it extends say."""

    rules: dict[str, dict[str, Any]]
    """By name."""
    allowlists: list[Table]
    """For all rules."""
    built_in: bool = False
    """Whether the tool's own rules are extended."""
    disabled: tuple[str, ...] = ()
    """Which of them are not to run."""


def load(file: Path, text: str = "") -> Table:
    """What stands in a configuration file, or in a text that is called so.

    Raises:
        RuleError: it cannot be read, or is no TOML.
    """
    try:
        data = text.encode("utf-8", "surrogateescape")
        if not text:
            with file.open("rb") as opened:
                data = opened.read(MAX_FILE + 1)
    except OSError as error:
        raise RuleError(f"{file}: {error.strerror}; name a configuration file") from None
    if len(data) > MAX_FILE:
        raise RuleError(f"{file}: it is larger than {MAX_FILE >> 20} MiB")
    try:
        found: Table = lowered(tomllib.loads(data.decode()))
    except RuleError as error:
        raise RuleError(f"{file}: {error}") from None
    except (ValueError, RecursionError) as error:  # also of a number too long to be one
        raise RuleError(f"{file}: not TOML: {str(error)[:200]}") from None
    return found


def with_extended(raw: Table, file: Path, notes: list[str], depth: int = 0) -> Extended:
    """What `raw`, the content of `file`, says together with the files that it extends.

    What cannot be used is added to `notes`.

    Raises:
        RuleError: it is no such file.
    """
    try:
        own = tables(raw, "rules")
        listed = [*tables(raw, "allowlist"), *tables(raw, "allowlists")]
        extend = tables(raw, "extend")[:1]
        path = text(extend[0], "path") if extend else ""
        disabled = strings(extend[0], "disabledrules") if extend else ()
    except RuleError as error:
        raise RuleError(f"{file}: {error}") from None
    if len(own) > _MAX_RULES:
        raise RuleError(f"{file}: more than {_MAX_RULES:,} rules")
    rules: dict[str, dict[str, Any]] = {}
    for number_, table in enumerate(own, 1):
        name = table.get("id")
        if not isinstance(name, str) or not name.strip():
            notes.append(f"rule number {number_} is left out: it has no id")
        else:
            rules[name.strip()] = _with_one_list(dict(table))
    if not extend:
        return Extended(rules, listed)
    if extend[0].get("url"):
        notes.append("extend.url is left out: nothing is fetched for a configuration")
    if extend[0].get("usedefault") is True:
        return Extended(rules, listed, True, disabled)
    if not path:
        return Extended(rules, listed)
    if depth >= _MAX_EXTENDED:
        notes.append(f"{path} is left out: no more than {_MAX_EXTENDED} files extend one another")
        return Extended(rules, listed)
    other = file.parent / path
    base = with_extended(load(other), other, notes, depth + 1)
    for name, table in base.rules.items():
        if name not in disabled:
            rules[name] = _merged(table, rules.get(name, {}))
    return Extended(rules, [*listed, *base.allowlists], base.built_in, (*disabled, *base.disabled))


def _with_one_list(table: dict[str, Any]) -> dict[str, Any]:
    """A rule's allowlists under one name; older files have one, under another."""
    older = table.pop("allowlist", None)
    if older is not None:
        table["allowlists"] = [older, *(table.get("allowlists") or [])]
    return table


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """A rule of an extended file with what the extending one says of it."""
    merged = base | {field: value for field, value in own.items() if value}
    for field in _MERGED:
        both = [base.get(field) or [], own.get(field) or []]
        if all(isinstance(one, list) for one in both):
            merged[field] = both[0] + both[1]
    return merged
