"""What the environments of a set get at one commit, file laid over file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from forensics.drift.model import Observation, Reading
from forensics.drift.sections import NAMED

__all__ = ["Effective", "Layer", "SetState", "Version", "laid_over", "version_of"]

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


class Version(NamedTuple):
    """One version of a file, by the environment named inside, then by key."""

    observations: dict[str, dict[str, Observation]]


class Layer(NamedTuple):
    """A file as it enters the environments of a set."""

    path: bytes
    version: Version
    trouble: str
    """Why the version at this commit does not parse: then `version` is an earlier one."""
    known: bool
    """Whether any version until now did."""
    base: bool
    """Whether it is laid under all environments of its set."""


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

    def row(self, key: str) -> dict[str, Effective]:
        """Who has a key."""
        return {name: got[key] for name, got in self.environments.items() if key in got}


def version_of(reading: Reading) -> Version:
    """The observations of a reading, arranged to be laid over others."""
    by_environment: dict[str, list[Observation]] = {}
    for each in reading.observations:
        by_environment.setdefault(each.environment, []).append(each)
    folded = {name: _folded(each) for name, each in by_environment.items()}
    for by_key in folded.values():
        by_key.pop(NAMED, None)
    return Version(folded)


def laid_over(layers: Mapping[str, Sequence[Layer]], inside: Sequence[Layer]) -> SetState:
    """Lay files over each other.

    Args:
        layers: of each environment that a path names, lowest first.
        inside: of those that are only named inside a file.
    """
    layers = dict(layers)
    for layer in inside:
        for name in layer.version.observations:
            if name:
                layers.setdefault(name, inside)
    environments: dict[str, dict[str, Effective]] = {}
    for name, files in layers.items():
        got = environments[name] = {}
        for layer in files:
            for of in ("", name):
                how = "base" if layer.base and not of else "environment"
                for key, each in layer.version.observations.get(of, {}).items():
                    got[key] = Effective(each, layer.path, how)
    _without_shells(environments)
    every = {layer.path: layer for files in layers.values() for layer in files}
    return SetState(
        environments,
        frozenset(name for name, files in layers.items() if any(each.trouble for each in files)),
        frozenset(name for name, files in layers.items() if not all(each.known for each in files)),
        tuple((layer.path, layer.trouble) for layer in every.values() if layer.trouble),
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


def _without_shells(environments: Mapping[str, dict[str, Effective]]) -> None:
    """Drop keys that are an empty mapping or list in one environment and hold keys in another."""
    empty = {
        key
        for got in environments.values()
        for key, each in got.items()
        if each.observation.kind == "empty"
    }
    if not empty:
        return
    parents: set[str] = set()
    for got in environments.values():
        for key in got:
            at = len(key)
            while (at := max(key.rfind(".", 0, at), key.rfind("[", 0, at))) > 0:
                if key[:at] in parents:
                    break
                parents.add(key[:at])
    for key in empty & parents:
        for got in environments.values():
            if key in got and got[key].observation.kind == "empty":
                del got[key]
