"""Differences that are meant to be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set

from forensics.drift.key_names import meant_to_differ
from forensics.drift.state import Effective, SetState

__all__ = ["meant", "own_entry"]

_NUMBERED = re.compile(r"\d")


def meant(key: str, row: Mapping[str, Effective], *, changed_together: bool = False) -> str:
    """Why these values differ as they should; empty if nothing says so.

    Args:
        key: of the values.
        row: what each environment gets for it, two of them or more.
        changed_together: whether one commit once gave all of them the same new value: then the
            name of the key says nothing against that.
    """
    observations = [each.observation for each in row.values()]
    if len({each.shape for each in observations}) == 1:
        return "the values differ by the name of the environment alone"
    if all("environment-name" in each.traits for each in observations):
        return "each value names its environment"
    if all(each.kind in ("reference", "ciphertext") for each in observations):
        return "each environment refers to a value of its own"
    if len({each.layer for each in row.values()}) > 1:
        return "an environment overrides what the others take from the base"
    if all(each.traits & {"host", "url"} for each in observations):
        return "each environment has hosts of its own"
    return "" if changed_together else meant_to_differ(key)


def own_entry(key: str, state: SetState, missing: Set[str]) -> str:
    """Why environments lack a key as they should: each has an entry of its own in its place, under
    a name with a number in it; empty if nothing says so.

    Args:
        key: what some of them have.
        state: of its set.
        missing: who lacks it.
    """
    parent, dot, name = key.rpartition(".")
    if not dot or not _NUMBERED.search(name):
        return ""
    has = {each for each, got in state.environments.items() if key in got}
    for environment in missing:
        siblings = (
            each
            for each in state.environments[environment]
            if each.rpartition(".")[0] == parent and _NUMBERED.search(each.rpartition(".")[2])
        )
        if not any(all(one not in state.environments[other] for other in has) for one in siblings):
            return ""
    return "each environment has an entry of its own there"
