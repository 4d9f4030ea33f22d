"""Environments that a configuration file names inside."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from forensics.config.settings import Setting, Settings
from forensics.config.slot import document
from forensics.drift.environments import known_names
from forensics.drift.jobs import by_job
from forensics.drift.manifests import by_namespace
from forensics.drift.model import Place
from forensics.drift.names import Names
from forensics.drift.rules import BASE, SEVERAL

__all__ = ["NAMED", "sections"]

_DEEPEST = 3
_STEP = re.compile(r'\.?("(?:[^"\\]|\\.)*"|[^.\[\]"]+|\[[^\]]*\])')
_QUOTED = re.compile(r'\["([\w.-]+)"\]')
_LONGEST_TEXT = 200
NAMED = ""
"""In place of a key: it only says that there is such an environment."""
_HOLDERS = frozenset({"env", "environments", "environment", "context", "stages", "profiles"})
"""Tables that hold environments, and whose name says no more than that."""
_COMMON = frozenset({"default", "defaults", "base", "common", "shared", "global", "all"})
_PROFILE = re.compile(
    r'(?:\[")?spring\.(?:config\.activate\.on-profile|profiles)(?:"\])?(?:\[\d+\])?'
)
_SPRING = ("application", "bootstrap")
_ALWAYS = ("shared", "DEFAULT")
"""Rails and INI give these to all, whatever stands in the others."""
_Sections = tuple[tuple[str, Setting], ...]


def sections(
    path: bytes, place: Place, settings: Settings, names: Names | None = None
) -> _Sections:
    """Each setting with the environment that the file names for it, its key as it is within.

    The environment is empty for what the file gives to no one in particular: what an environment
    has of its own is laid over that. A setting may come more than once, for several environments,
    or not at all, where it only counts in none that is known.

    Args:
        path: of the file.
        place: of the path.
        settings: of the file.
        names: what environments are called, where a user has more.
    """
    names = names or known_names()
    found = settings.settings
    spring = path.rpartition(b"/")[2].decode("latin-1").lower().startswith(_SPRING)
    if spring:
        found = tuple(replace(each, key=_unquoted(each.key)) for each in found)
    if place.rule == "ci":
        return by_job(found, names)
    own = by_namespace(path, found, names, place.role in (SEVERAL, BASE))
    if own is not None:
        return own
    if place.role not in (SEVERAL, BASE):
        return tuple(("", each) for each in found)
    if spring:
        profiled = _by_profile(found, names)
        if profiled is not None:
            return profiled
    return _by_table(found, names)


def _unquoted(key: str) -> str:
    """To Spring, `a.b: 1` and `a: {b: 1}` are one key."""
    own = document(key)
    return own + _QUOTED.sub(r".\1", key[len(own) :]).removeprefix(".") if '["' in key else key


def _by_profile(found: tuple[Setting, ...], names: Names) -> _Sections | None:
    """Spring: each document of a file may be for some profiles. None if no document is."""
    profiles: dict[str, list[str]] = defaultdict(list)
    for each in found:
        own = document(each.key)
        if _PROFILE.fullmatch(each.key, len(own)):
            text = each.text[:_LONGEST_TEXT].decode(errors="replace")
            profiles[own] += [name for name in re.split(r"[,|\s]+", text) if name]
    if not profiles:
        return None
    placed = []
    for each in found:
        own = document(each.key)
        within = replace(each, key=each.key[len(own) :]) if own.startswith("#") else each
        if own not in profiles:
            placed.append(("", within))
        else:
            if _PROFILE.fullmatch(within.key):  # the environment is there, if with nothing else
                within = replace(within, key=NAMED, text=b"", kind="empty", type="untyped")
            wanted = {names.canonical(name) for name in profiles[own] if names.known(name)}
            placed += [(name, within) for name in sorted(wanted) if not name.startswith("!")]
    return tuple(placed)


def _by_table(found: tuple[Setting, ...], names: Names) -> _Sections:
    """Tables beside each other, two or more of which are called like environments."""
    steps = [_steps(each.key) for each in found]
    beside: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for each in steps:
        for depth in range(min(_DEEPEST, len(each) - 1)):
            beside[each[:depth]].add(each[depth])
    holders = {
        prefix: environments
        for prefix, children in beside.items()
        if (environments := _environments(prefix, children, names))
    }
    if not holders:
        return tuple(("", each) for each in found)
    common = {
        prefix: _common(prefix, steps, environments) for prefix, environments in holders.items()
    }
    placed = []
    for setting, each in zip(found, steps, strict=True):
        prefix = next((each[:n] for n in range(len(each) - 1) if each[:n] in holders), None)
        name = each[len(prefix)] if prefix is not None else ""
        if prefix is None or (name not in holders[prefix] and name.lower() not in _COMMON):
            placed.append(("", setting))
            continue
        environment = holders[prefix].get(name, "")
        if not environment and not common[prefix].get(name):
            continue
        kept = prefix[:-1] if prefix and prefix[-1] in _HOLDERS else prefix
        key = document(setting.key) + _joined(kept + each[len(prefix) + 1 :])
        placed.append((environment, replace(setting, key=key)))
    return tuple(placed)


def _environments(prefix: tuple[str, ...], children: set[str], names: Names) -> dict[str, str]:
    """Children that are environments, with their canonical names; none if too little says so."""
    environments = {}
    certain = False
    for child in children:
        named = names.find(child.lower().strip('"')) if len(child) <= _LONGEST_TEXT else None
        if named and not named.before and not named.after:
            environments[child] = named.environment
            certain = certain or named.certain
    others = sum(child not in environments and child.lower() not in _COMMON for child in children)
    holds = bool(prefix) and prefix[-1] in _HOLDERS
    enough = len(environments) > 1 or (environments and (holds or not (others or prefix)))
    return environments if enough and certain else {}


def _common(
    prefix: tuple[str, ...], steps: list[tuple[str, ...]], environments: dict[str, str]
) -> dict[str, bool]:
    """Whether what stands beside environments as `default` is given to all.

    Where some environment has all of its keys, it merges it, as one does with `<<: *default`: then
    the others that are to have it do so too.
    """
    keys: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    at = len(prefix)
    for each in steps:
        if each[:at] == prefix and len(each) > at + 1:
            keys[each[at]].add(each[at + 1 :])
    return {
        name: name in _ALWAYS or not any(own <= keys[environment] for environment in environments)
        for name, own in keys.items()
        if name.lower() in _COMMON
    }


def _steps(key: str) -> tuple[str, ...]:
    """The names that lead to a value, an item's brackets a step of their own."""
    return tuple(_STEP.findall(key[len(document(key)) :])) or (key,)


def _joined(steps: tuple[str, ...]) -> str:
    key = ""
    for step in steps:
        key += f".{step}" if key and not step.startswith("[") else step
    return key
