"""Which configuration files make a set at one commit, and how each environment layers them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import NamedTuple

from forensics.drift.adoption import Group, Member, Members, adopted, group_of
from forensics.drift.environments import Placer
from forensics.drift.overrides import BY_USER
from forensics.drift.rules import BASE, CHART, SEVERAL

__all__ = ["Arrangement", "Arranger", "arrange"]

_FEWEST_OF_LOOSE = 2
_MOST_UNKNOWN = 3
"""Of as many names, at least one must be known, or said by a user, for all to count."""


class Arrangement(NamedTuple):
    """The files of one set."""

    environments: dict[str, tuple[bytes, ...]]
    """Files of each environment that a path names, lowest layer first: `base` and `several` too."""
    base: tuple[bytes, ...]
    """Files that every environment has."""
    several: tuple[bytes, ...]
    """Files that may name environments inside, also ones that no path names. What they say of
    none in particular every environment has, as with `base`."""

    def files(self, environment: str) -> tuple[bytes, ...]:
        """The files of an environment, also of one that is only named inside a file."""
        return self.environments.get(environment) or self.base + self.several

    @property
    def paths(self) -> frozenset[bytes]:
        """All of its files."""
        return frozenset(chain(self.base, self.several, *self.environments.values()))


class Arranger:
    """Arranges files that come and go, each set anew only where its own files change."""

    def __init__(self, placer: Placer) -> None:
        """Begin without any file."""
        self._placer = placer
        self._members: dict[str, dict[bytes, Member]] = {}
        self._groups: dict[str, Group] = {}
        self._marked: Counter[str] = Counter()
        self._files: dict[str, tuple[Members, ...]] = {}
        self._sets: dict[str, Arrangement] = {}

    @property
    def sets(self) -> Mapping[str, Arrangement]:
        """All sets that there are, by name. Each has an environment's file, or one that may name
        several inside."""
        return self._sets

    def change(self, came: Iterable[bytes], went: Iterable[bytes]) -> set[str]:
        """Take files in and out; the names of the sets that are others than before, or no more.

        Args:
            came: paths that were not there.
            went: paths that were.
        """
        touched = {self._take(path, in_=True) for path in came}
        touched |= {self._take(path, in_=False) for path in went}
        if not touched - {None}:
            return set()
        for name in touched:
            if name in self._members:
                self._groups[name] = group_of(self._members[name].values())
            elif name:
                self._groups.pop(name, None)
        before, self._files = self._files, adopted(self._groups, self._marked)
        others = set()
        for name, files in self._files.items():
            if before.get(name) == files:
                continue
            arrangement = _arranged([*chain(*files)], self._placer)
            if arrangement != self._sets.get(name):
                others.add(name)
                self._put(name, arrangement)
        for name in before.keys() - self._files.keys():
            if name in self._sets:
                others.add(name)
                self._put(name, None)
        return others

    def _take(self, path: bytes, *, in_: bool) -> str | None:
        """Take a file in or out; which set's it is by its path. Charts are the nameless one's."""
        spot = self._placer.spot(path)
        place = spot.place
        if place is None:
            return None
        if place.role == CHART:
            self._marked[spot.folder] += 1 if in_ else -1
            self._marked += Counter()  # leaves out what is no more
            return ""
        if not place.environment and place.role not in (BASE, SEVERAL):
            return None
        members = self._members.setdefault(place.set, {})
        if in_:
            members[path] = Member(
                path, spot, place.role, place.environment, place.layer, place.rule
            )
        else:
            members.pop(path, None)
        if not members:
            del self._members[place.set]
        return place.set

    def _put(self, name: str, arrangement: Arrangement | None) -> None:
        if arrangement is None:
            del self._sets[name]
        else:
            self._sets[name] = arrangement


def arrange(paths: Iterable[bytes], placer: Placer) -> dict[str, Arrangement]:
    """The sets that these files make, by name."""
    arranger = Arranger(placer)
    arranger.change(paths, ())
    return dict(sorted(arranger.sets.items()))


def _arranged(members: list[Member], placer: Placer) -> Arrangement | None:
    if all(each.role == BASE for each in members):
        return None
    members.sort(key=lambda each: (each.layer, each.path))
    base = tuple(each.path for each in members if each.role == BASE and not each.environment)
    several = tuple(each.path for each in members if each.role == SEVERAL and not each.environment)
    own: dict[str, list[bytes]] = {each.environment: [] for each in members if each.environment}
    if own:
        said = {each.environment for each in members if each.rule.startswith(BY_USER)}
        known = {
            name: files for name, files in own.items() if name in said or placer.names.known(name)
        }
        if len(own) > _MOST_UNKNOWN * len(known):
            own = known
    if not own and not several:
        return None
    loose = all(each.spot.loose for each in members if each.environment)
    if loose and len(own) + bool(base) + 2 * bool(several) < _FEWEST_OF_LOOSE:
        return None
    for each in members:
        for environment in [each.environment] if each.environment else own:
            if environment in own:
                own[environment].append(each.path)
    return Arrangement({name: tuple(own[name]) for name in sorted(own)}, base, several)
