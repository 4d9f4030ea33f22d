"""Which configuration files make a set at one commit, and how each environment layers them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from forensics.drift.environments import Placer
from forensics.drift.rules import BASE, CHART, SEVERAL
from forensics.drift.spots import Spot

__all__ = ["Arrangement", "arrange"]

_FEWEST_OF_LOOSE = 2
_MOST_UNKNOWN = 3
"""Of as many names, at least one must be a known one for all to count."""


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


class _Member(NamedTuple):
    path: bytes
    spot: Spot
    role: str
    environment: str
    layer: int
    rule: str


def arrange(paths: Iterable[bytes], placer: Placer) -> dict[str, Arrangement]:
    """The sets that these files make, by name. Each has an environment's file, or one that may
    name several inside."""
    sets: dict[str, list[_Member]] = {}
    charts: list[str] = []
    for path in paths:
        spot = placer.spot(path)
        place = spot.place
        if place is not None and (place.environment or place.role in (BASE, SEVERAL)):
            member = _Member(path, spot, place.role, place.environment, place.layer, place.rule)
            sets.setdefault(place.set, []).append(member)
        elif place is not None and place.role == CHART:
            charts.append(spot.folder)
    _adopt(sets, charts)
    arranged = {}
    for name in sorted(sets):
        arrangement = _arranged(sets[name], placer)
        if arrangement is not None:
            arranged[name] = arrangement
    return arranged


def _adopt(sets: dict[str, list[_Member]], marked: list[str]) -> None:
    """Bring bases from where they lie to the environments of another folder.

    Three layouts have them apart: a chart with overlays one folder above, overlays below their
    base, and the folders `base` and `overlays` of Kustomize.
    """
    bases: dict[tuple[str, str], str] = {}
    charts: dict[str, list[str]] = {}
    waiting: list[str] = []
    for name, members in sets.items():
        spot = members[0].spot
        if all(each.role == BASE for each in members):
            bases[spot.folder, spot.stem] = name
            if not spot.stem:
                charts.setdefault(_parent(spot.folder), []).append(name)
        elif not any(each.role in (BASE, SEVERAL) for each in members):
            waiting.append(name)
    brought: dict[str, list[_Member]] = {}
    # A chart is one before it has values of its own.
    for folder in marked:
        if folder and folder not in sets:
            charts.setdefault(_parent(folder), []).append(folder)
    for name in waiting:
        members = sets[name]
        spot = members[0].spot
        above = bases.get((_parent(spot.folder), spot.stem)) if spot.folder else None
        if any(each.spot.whole for each in members):
            for (folder, _), base in bases.items():
                if folder == spot.folder or folder.startswith(f"{spot.folder}/"):
                    brought.setdefault(name, []).extend(_of_folder_base(sets[base]))
        elif not spot.stem and spot.folder in charts and _directly(members):
            for base in charts[spot.folder]:
                brought.setdefault(base, []).extend(members)
            members.clear()
        elif above is not None:
            brought.setdefault(name, []).extend(sets[above])
    for name, more in brought.items():
        sets[name] = sets.get(name, []) + more


def _directly(members: list[_Member]) -> bool:
    """Whether the files lie in the folder itself, not in those of environments."""
    return all(
        each.path.rpartition(b"/")[0].decode(errors="backslashreplace") == each.spot.folder
        for each in members
    )


def _of_folder_base(members: list[_Member]) -> list[_Member]:
    return [each for each in members if each.rule == "folder"]


def _arranged(members: list[_Member], placer: Placer) -> Arrangement | None:
    if all(each.role == BASE for each in members):
        return None
    members.sort(key=lambda each: (each.layer, each.path))
    base = tuple(each.path for each in members if each.role == BASE and not each.environment)
    several = tuple(each.path for each in members if each.role == SEVERAL and not each.environment)
    own: dict[str, list[bytes]] = {each.environment: [] for each in members if each.environment}
    if own:
        known = {name: files for name, files in own.items() if placer.names.known(name)}
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


def _parent(folder: str) -> str:
    return folder.rpartition("/")[0]
