"""What became of one key in one environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from forensics.drift.past import Past, Read
from forensics.drift.state import Effective

__all__ = ["Changed", "changed_since", "changes"]


class Changed(NamedTuple):
    """What an environment got for a key until a step, and from it on."""

    number: int
    """Of the step."""
    before: Effective | None
    after: Effective | None
    uncertain: bool
    """Whether a file of the environment did not parse then."""


def changes(
    past: Past, name: str, key: str, environment: str, number: int, read: Read
) -> Iterator[Changed]:
    """Each change of what an environment gets for a key, the last first. Goes on under the names
    that the set had before.

    Args:
        past: of the line.
        name: of the set after step `number`.
        key: as it is called.
        environment: its canonical name.
        number: the last step that counts.
        read: gives what a version of a file held.
    """
    end = number
    while True:
        was = past.was(name, end)
        for at in past.turned(name, key, end):
            if was is not None and at < was[0]:
                break
            named = was[1] if was is not None and at == was[0] else name
            state = past.state(name, at, read)
            before = _got(past, named, key, environment, at - 1, read)
            after = state.environments.get(environment, {}).get(key)
            if not _same(before, after):
                yield Changed(at, before, after, environment in state.uncertain)
        if was is None:
            return
        end, name = was[0] - 1, was[1]


def changed_since(
    past: Past, base: int, number: int, name: str, read: Read
) -> frozenset[tuple[str, str]]:
    """Keys and environments of a set that get after one step what they did not after another.

    Args:
        past: of the line.
        base: the step that they are compared with.
        number: the step at which the set has this name.
        name: of the set.
        read: gives what a version of a file held.
    """
    named, end = name, number
    while base < end and (was := past.was(named, end)) is not None and was[0] > base:
        end, named = was[0] - 1, was[1]
    place = (name, past.version(name, number), named, past.version(named, base))
    found = past.compared.get(place)
    if found is None:
        found = _differing(past, base, number, name, named, read)
        past.compared.put(place, found, len(found))
    return found


def _differing(
    past: Past, base: int, number: int, name: str, named: str, read: Read
) -> frozenset[tuple[str, str]]:
    then = past.state(named, base, read).environments
    now = past.state(name, number, read).environments
    return frozenset(
        (key, environment)
        for environment in then.keys() | now.keys()
        for key in then.get(environment, {}).keys() | now.get(environment, {}).keys()
        if not _same(then.get(environment, {}).get(key), now.get(environment, {}).get(key))
    )


def _got(
    past: Past, name: str, key: str, environment: str, number: int, read: Read
) -> Effective | None:
    if number < 0:
        return None
    return past.state(name, number, read).environments.get(environment, {}).get(key)


def _same(one: Effective | None, other: Effective | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.same(other)
