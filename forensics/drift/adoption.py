"""Files of one set by their paths alone, and bases that other folders lend to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from forensics.drift.rules import BASE, SEVERAL
from forensics.drift.spots import Spot

__all__ = ["Group", "Member", "Members", "adopted", "group_of"]


class Member(NamedTuple):
    """A file of a set."""

    path: bytes
    spot: Spot
    role: str
    environment: str
    layer: int
    rule: str


Members = tuple[Member, ...]


class Group(NamedTuple):
    """The files that paths alone put into one set."""

    members: Members
    """By path."""
    lent: Members
    """Those that environments above them are laid over, if they are a base."""
    folder: str
    stem: str
    base: bool
    """Whether nothing but bases is here."""
    waiting: bool
    """Whether a base from elsewhere may be meant for these."""
    whole: bool
    direct: bool
    """Whether the files lie in the folder itself, not in those of environments."""
    formats: frozenset[bytes]
    """Endings of the files: nothing is laid over what is written in another way."""


def group_of(members: Iterable[Member]) -> Group:
    """What adoption needs to know of some files, one at least."""
    ordered = tuple(sorted(members))
    spot = ordered[0].spot
    return Group(
        ordered,
        tuple(each for each in ordered if each.rule == "folder"),
        spot.folder,
        spot.stem,
        all(each.role == BASE for each in ordered),
        not any(each.role in (BASE, SEVERAL) for each in ordered),
        any(each.spot.whole for each in ordered),
        all(
            each.path.rpartition(b"/")[0].decode(errors="backslashreplace") == each.spot.folder
            for each in ordered
        ),
        frozenset(_format(each.path) for each in ordered),
    )


def _format(path: bytes) -> bytes:
    name = path.rpartition(b"/")[2].lower()
    if name.startswith(b".env") or name.endswith(b".env"):
        return b"env"
    ending = name.rpartition(b".")[2]
    return b"yaml" if ending == b"yml" else ending


def adopted(groups: Mapping[str, Group], marked: Iterable[str]) -> dict[str, tuple[Members, ...]]:
    """The files of each set, once bases are brought from where they lie to the environments of
    another folder.

    Three layouts have them apart: a chart with overlays one folder above, overlays below their
    base, and the folders `base` and `overlays` of Kustomize.

    Args:
        groups: by set.
        marked: folders that are charts, whether they have values or not.
    """
    bases: dict[tuple[str, str], str] = {}
    charts: dict[str, list[str]] = {}
    waiting: list[str] = []
    for name, group in sorted(groups.items()):
        if group.base:
            bases[group.folder, group.stem] = name
            if not group.stem and b"yaml" in group.formats:
                charts.setdefault(_parent(group.folder), []).append(name)
        elif group.waiting:
            waiting.append(name)
    # A chart is one before it has values of its own.
    for folder in marked:
        if folder and folder not in groups:
            charts.setdefault(_parent(folder), []).append(folder)
    below = _below({groups[name].folder for name in waiting if groups[name].whole}, groups)
    found = {name: [group.members] for name, group in groups.items()}
    for name in waiting:
        group = groups[name]
        above = bases.get((_parent(group.folder), group.stem)) if group.folder else None
        if group.whole:
            found[name] += below.get(group.folder, ())
        elif (
            not group.stem
            and group.folder in charts
            and group.direct
            and group.formats == {b"yaml"}
        ):
            for base in charts[group.folder]:
                found.setdefault(base, []).append(group.members)
            found[name].remove(group.members)
        elif above is not None and groups[above].formats & group.formats:
            found[name].append(groups[above].members)
    return {name: tuple(members) for name, members in found.items()}


def _below(folders: set[str], groups: Mapping[str, Group]) -> dict[str, list[Members]]:
    """What the bases lend that lie in each of some folders, or below it."""
    found: dict[str, list[Members]] = {}
    for group in groups.values() if folders else ():
        above = group.folder if group.base else ""
        while above:
            if above in folders:
                found.setdefault(above, []).append(group.lent)
            above = _parent(above)
        if group.base and not group.folder and "" in folders:
            found.setdefault("", []).append(group.lent)
    return found


def _parent(folder: str) -> str:
    return folder.rpartition("/")[0]
