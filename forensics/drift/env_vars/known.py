"""Names that something other than the repository provides, or reads."""

from __future__ import annotations

import re
import tomllib
from fnmatch import translate
from functools import cache
from importlib.resources import files

__all__ = ["consumed", "provided"]


def provided(name: str, language: str = "") -> str:
    """What gives a variable of this name its value without anybody's doing, or makes do without
    one; empty for nothing."""
    return _reason("provided", name) or (language and _reason(f"provided-{language}", name))


def consumed(name: str) -> str:
    """What reads a variable of this name, although the code does not; empty for nothing."""
    return _reason("consumed", name)


@cache
def _reason(table: str, name: str) -> str:
    exact, patterns = _table(table)
    if name in exact:
        return exact[name]
    return next((reason for pattern, reason in patterns if pattern.match(name)), "")


@cache
def _table(table: str) -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    data = tomllib.loads(files("forensics.drift").joinpath("known_names.toml").read_text("utf-8"))
    exact: dict[str, str] = {}
    patterns = []
    for entry in data.get(table, ()):
        for name in entry["names"]:
            if "*" in name:
                patterns.append((re.compile(translate(name)), entry["reason"]))
            else:
                exact[name] = entry["reason"]
    return exact, patterns
