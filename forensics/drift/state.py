"""What the environments of a set get at one commit, file laid over file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from forensics.drift.model import Observation, Reading
from forensics.drift.replacing import NOTHING, Replaced, replaced, take_away
from forensics.drift.sections import NAMED

__all__ = ["Effective", "Fork", "Layer", "Part", "SetState", "laid_over", "parts_of"]

_SOPS, _DATA_KEY = "sops.", ".enc"
_INDEX = re.compile(r"\[\d+\]")


class Effective(NamedTuple):
    """What an environment gets for a key, and where from."""

    observation: Observation
    path: bytes
    layer: str
    """`base` or `environment`."""

    def same(self, other: Effective) -> bool:
        """Whether both are the same value, however and wherever it is written."""
        mine, theirs = self.observation, other.observation
        return mine.fingerprint == theirs.fingerprint and mine.kind == theirs.kind

    @property
    def file(self) -> str:
        """The path as text."""
        return self.path.decode(errors="replace")


Seals = dict[tuple[bytes, str], Effective]
"""Encrypted data keys of SOPS files, by file and key."""


class Part(NamedTuple):
    """What a file gives to one environment, or to none in particular."""

    got: dict[str, Effective]
    empty: tuple[str, ...]
    """Keys that are an empty mapping, list or text there."""
    parents: frozenset[str]
    """Keys under which others stand."""
    replaced: Replaced
    """What does not stay of what it is laid over."""
    seals: Seals


class Layer(NamedTuple):
    """A file as it enters the environments of a set."""

    path: bytes
    parts: dict[str, Part]
    """By the environment named inside; empty for what is given to none in particular."""
    trouble: str
    """Why the version at this commit does not parse: then `parts` are of an earlier one."""
    blob: bytes = b""
    """The version that `parts` are of; empty where none until now did parse."""
    base: bool = False
    """Whether it is laid under all environments of its set."""


class Fork(NamedTuple):
    """Who has what under one key."""

    values: frozenset[str]
    """Environments in which it is a value."""
    branches: frozenset[str]
    """Those in which it is a mapping or list."""


class SetState(NamedTuple):
    """A set at one commit."""

    environments: dict[str, dict[str, Effective]]
    """By environment: what it gets, by key."""
    uncertain: frozenset[str]
    """Environments of which a file does not parse."""
    unknown: frozenset[str]
    """Those of which a file never did: what they lack cannot be told."""
    troubles: tuple[tuple[bytes, str], ...]
    """Files that do not parse, and why."""
    seals: dict[str, Seals]
    """By environment: what SOPS says of itself in its files."""
    forks: Mapping[str, Fork] = {}
    """Keys that are a value in some environments and a mapping or list in others."""

    def row(self, key: str) -> dict[str, Effective]:
        """Who has a key."""
        return {name: got[key] for name, got in self.environments.items() if key in got}

    def otherwise(self, key: str) -> frozenset[str]:
        """Who has something else in the place of a key: others below it, or a value above it."""
        if not self.forks:
            return frozenset()
        own = self.forks.get(key)
        found = own.branches if own else frozenset[str]()
        for above, fork in self.forks.items():
            if key.startswith((f"{above}.", f"{above}[")):
                found |= fork.values
        return found

    def holds_below(self, key: str) -> bool:
        """Whether a key is a mapping or list in any environment."""
        below = (f"{key}.", f"{key}[")
        return any(each.startswith(below) for got in self.environments.values() for each in got)


def parts_of(path: bytes, reading: Reading, *, base: bool) -> dict[str, Part]:
    """What a version of a file gives, by the environment named inside.

    Args:
        path: of the file.
        reading: of the version.
        base: whether it is laid under all environments of its set.
    """
    by_environment: dict[str, list[Observation]] = {}
    for each in reading.observations:
        by_environment.setdefault(each.environment, []).append(each)
    return {
        name: _part(path, _folded(each), "base" if base and not name else "environment")
        for name, each in by_environment.items()
    }


def _part(path: bytes, observations: dict[str, Observation], layer: str) -> Part:
    observations.pop(NAMED, None)
    of_sops = [key for key in observations if key.startswith(_SOPS)]
    seals = {
        (path, key): Effective(each, path, layer)
        for key in of_sops
        if (each := observations.pop(key)) and key.endswith(_DATA_KEY)
    }
    return Part(
        {key: Effective(each, path, layer) for key, each in observations.items()},
        tuple(key for key, each in observations.items() if each.kind == "empty"),
        _parents(observations),
        replaced(path, observations),
        seals,
    )


def laid_over(layers: Mapping[str, Sequence[Layer]], inside: Sequence[Layer]) -> SetState:
    """Lay files over each other.

    Args:
        layers: of each environment that a path names, lowest first.
        inside: of those that are only named inside a file.
    """
    layers = dict(layers)
    for layer in inside:
        for name in layer.parts:
            if name:
                layers.setdefault(name, inside)
    environments: dict[str, dict[str, Effective]] = {}
    seals: dict[str, Seals] = {}
    for name, files in layers.items():
        got = environments[name] = {}
        seals[name] = {}
        parents: list[frozenset[str]] = []
        for layer in files:
            for of in ("", name):
                if of in layer.parts:
                    part = layer.parts[of]
                    if got and part.replaced is not NOTHING:
                        take_away(got, parents, part.replaced)
                    got.update(part.got)
                    parents.append(part.parents)
                    seals[name].update(part.seals)
    _without_shells(environments, layers)
    every = {layer.path: layer for files in layers.values() for layer in files}
    return SetState(
        environments,
        frozenset(name for name, files in layers.items() if any(each.trouble for each in files)),
        frozenset(name for name, files in layers.items() if not all(each.blob for each in files)),
        tuple((layer.path, layer.trouble) for layer in every.values() if layer.trouble),
        seals,
        _forks(environments, layers),
    )


def _folded(observations: Iterable[Observation]) -> dict[str, Observation]:
    """By key; items of lists that go by number are one value together, since what follows an item
    that was put in would otherwise seem changed."""
    folded: dict[str, Observation] = {}
    lists: dict[str, list[Observation]] = {}
    for each in observations:
        if "[" in each.key and _INDEX.search(each.key):
            lists.setdefault(_INDEX.sub("[]", each.key), []).append(each)
        else:
            folded[each.key] = each
    for key, items in lists.items():
        whole = hashlib.sha256(b"".join(item.fingerprint or b"-" for item in items)).digest()
        shape = hashlib.sha256(b"".join(item.shape or b"-" for item in items)).digest()
        traits = frozenset.intersection(*(item.traits for item in items))
        first = items[0]
        folded[key] = first._replace(key=key, fingerprint=whole, shape=shape, traits=traits)
    return folded


def _without_shells(
    environments: Mapping[str, dict[str, Effective]], layers: Mapping[str, Sequence[Layer]]
) -> None:
    """Drop keys that are an empty mapping or list in one environment and hold keys in another."""
    parts = _parts(layers)
    empty = {key for part in parts for key in part.empty}
    if empty:
        parents = frozenset().union(*(part.parents for part in parts))
        for key in empty & parents:
            for got in environments.values():
                if key in got and got[key].observation.kind == "empty":
                    del got[key]


def _parts(layers: Mapping[str, Sequence[Layer]]) -> Collection[Part]:
    return {
        id(part): part
        for name, files in layers.items()
        for layer in files
        for of, part in layer.parts.items()
        if of in ("", name)
    }.values()


def _forks(
    environments: Mapping[str, dict[str, Effective]], layers: Mapping[str, Sequence[Layer]]
) -> dict[str, Fork]:
    perhaps = {
        key
        for parents in {part.parents for part in _parts(layers)}
        for key in parents
        if any(key in got for got in environments.values())
    }
    if not perhaps:
        return {}
    below = {name: perhaps & _parents(got) for name, got in environments.items()}
    forks = {}
    for key in perhaps:
        has = {name for name, got in environments.items() if key in got}
        has_below = {name for name, parents in below.items() if key in parents}
        if has - has_below and has_below - has:  # in properties, one key may be both
            forks[key] = Fork(frozenset(has - has_below), frozenset(has_below - has))
    return forks


def _parents(keys: Iterable[str]) -> frozenset[str]:
    parents: set[str] = set()
    for key in keys:
        at = len(key)
        while (at := max(key.rfind(".", 0, at), key.rfind("[", 0, at))) > 0:
            if key[:at] in parents:
                break
            parents.add(key[:at])
    return frozenset(parents)
