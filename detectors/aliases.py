"""What other tools call the secrets that the built-in rules find."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

__all__ = ["aliases_of", "built_in_aliases", "rules_called"]


@cache
def built_in_aliases() -> Mapping[str, tuple[str, ...]]:
    """By rule id, its names with other tools, as `tool:id`."""
    found: dict[str, list[str]] = {}
    names: list[str] = []
    for line in (files("detectors") / "aliases.txt").read_text("utf-8").splitlines():
        if line.startswith(" "):
            names.append(":".join(line.split()))
        elif not line.startswith("#"):
            names = found.setdefault(line, [])
    return {rule: tuple(of) for rule, of in found.items()}


@cache
def _rules_by_name() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for rule, names in built_in_aliases().items():
        for name in names:
            tool, _, called = name.lower().partition(":")
            for spelling in (f"{tool}:{called}", called, called.removeprefix(f"{tool}.")):
                found.setdefault(spelling, set()).add(rule)
    return {name: frozenset(rules) for name, rules in found.items()}


def aliases_of(rule: str) -> tuple[str, ...]:
    """What other tools call a built-in rule, as `tool:id`."""
    return built_in_aliases().get(rule, ())


def rules_called(name: str) -> frozenset[str]:
    """Ids of the built-in rules that another tool calls `name`: `tool:id`, or the id alone."""
    return _rules_by_name().get(name.lower(), frozenset())
