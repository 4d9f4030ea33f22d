"""The table of rules in environments.toml, as it ships."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

__all__ = [
    "BASE", "BY_FOLDER", "BY_SOPS", "BY_STEM", "CHART", "ENVIRONMENT", "EXAMPLE", "LOCAL",
    "SEVERAL", "Rule", "rule_table", "rules",
]  # fmt: skip

BASE, ENVIRONMENT, SEVERAL, EXAMPLE, LOCAL = "base", "environment", "several", "example", "local"
CHART = "chart"
"""Holds no settings of environments; where it is, overlays one folder above are for it."""


class Rule(NamedTuple):
    """What a file with such a path is."""

    id: str
    pattern: re.Pattern[str]
    """Searched in the whole path, small letters. The group `name` holds the environment's name."""
    role: str
    names: str
    """Which names it takes: `open` any, `known` known ones, `certain` only words that say by
    themselves that they are an environment's."""
    stem: str
    """What the set is called beside its folder; empty where the group `stem` says it."""
    any_format: bool
    """Whether the rule also takes files whose format nothing tells."""


_NEVER = re.compile(r"(?!)")
BY_FOLDER = Rule("folder", _NEVER, ENVIRONMENT, "", "", True)
BY_STEM = Rule("base-name", _NEVER, BASE, "", "", True)
BY_SOPS = Rule("sops", _NEVER, ENVIRONMENT, "certain", "", True)


@cache
def rule_table() -> dict[str, Any]:
    """All of environments.toml."""
    return tomllib.loads(files("forensics.drift").joinpath("environments.toml").read_text("utf-8"))


def rules(table: Mapping[str, Any]) -> list[Rule]:
    """Its rules, in their order: the first that fits counts."""
    return [
        Rule(
            rule["id"],
            re.compile(rule["pattern"]),
            rule.get("role", ENVIRONMENT),
            rule.get("names", ""),
            rule.get("stem", ""),
            rule.get("formats") == "any",
        )
        for rule in table["rules"]
    ]
