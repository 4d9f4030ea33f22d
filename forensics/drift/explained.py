"""Why each file belongs where it does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from forensics.drift.acceptance import fits
from forensics.drift.arrangement import arrange
from forensics.drift.environments import Placer

__all__ = ["Explained", "explained"]
_LEFT_OUT = "; no known environment, but [drift.tiers] of a forensics.toml can name it"


class Explained(NamedTuple):
    """A file, and what its path says of it."""

    path: bytes
    set: str
    """Empty where the file belongs nowhere."""
    environment: str
    role: str
    layer: int | None
    rule: str
    why: str
    """In words."""
    used: tuple[tuple[str, str], ...]
    """Set and environment of everything that gets what is in it; environments that are only named
    inside files have none here."""


def explained(
    paths: Iterable[bytes], placer: Placer, sets: Sequence[str] = (), *, everything: bool = False
) -> list[Explained]:
    """What the paths of a commit say of its files, by path.

    Args:
        paths: of all of its files.
        placer: knows the rules.
        sets: globs; empty for every set.
        everything: also files that belong nowhere.
    """
    ordered = sorted(paths)
    used = _used(ordered, placer)
    found = []
    for path in ordered:
        place = placer.place(path)
        if place is None:
            if everything and not sets:
                found.append(Explained(path, "", "", "", None, "", placer.explain(path), ()))
            continue
        at = tuple(used.get(path, ()))
        names = {place.set, *(name for name, _ in at)}
        if not sets or any(fits(name, glob) for name in names for glob in sets):
            why = placer.explain(path)
            if place.environment and not at and not placer.names.known(place.environment):
                why += _LEFT_OUT
            found.append(
                Explained(path, place.set, place.environment, place.role, place.layer, place.rule,
                          why, at)
            )  # fmt: skip
    return found


def _used(paths: Iterable[bytes], placer: Placer) -> dict[bytes, list[tuple[str, str]]]:
    used: dict[bytes, list[tuple[str, str]]] = {}
    for name, arrangement in arrange(paths, placer).items():
        for environment, files in arrangement.environments.items():
            for path in files:
                used.setdefault(path, []).append((name, environment))
        if not arrangement.environments:
            for path in (*arrangement.base, *arrangement.several):
                used.setdefault(path, []).append((name, ""))
    return used
