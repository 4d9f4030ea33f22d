"""From which commit to which each ref had a secret, by the commits that it leads to."""

from __future__ import annotations

from typing import NamedTuple

from forensics.index.database import Connection
from forensics.index.life import Moment
from forensics.key import Key
from forensics.lifecycle.case import Case

__all__ = ["RefSpan", "ref_spans"]


class RefSpan(NamedTuple):
    """The first commit that a ref leads to which brought a secret, and the last which took it
    away: by ancestry, and of commits that it does not order by one order of all."""

    repository: int
    name: bytes
    kind: str
    """As of `PlacedRef`."""
    is_default: bool
    since: Moment | None
    """None where no commit is known that brought it: in a shallow clone, in a tree that a tag
    names."""
    until: Moment | None
    """None where the ref has it at its tip."""

    @property
    def holds(self) -> bool:
        """Whether it has the secret at its tip."""
        return self.until is None


def ref_spans(connection: Connection, key: Key, case: Case) -> list[RefSpan]:
    """Of every ref that holds the secret, and of every one that had it once, in an order that
    follows ancestry."""
    from forensics.index.led_to import LedTo  # loads NumPy, which a screen's first picture spares

    found: list[RefSpan] = []
    holding = {(ref.repository, ref.name) for ref in case.refs}
    where = {place.id: place.repository for place in case.life.places}
    for repository in sorted(set(where.values())):
        events = [one for one in case.life.events if where[one.place] == repository]
        first: dict[bytes, int] = {}
        last: dict[bytes, int] = {}
        for number, one in enumerate(events):
            commit = bytes.fromhex(one.at.commit)
            if one.kind == "introduced":
                first.setdefault(commit, number)
            elif one.kind == "removed":
                last[commit] = number
        led_to = LedTo(connection, key, repository)
        reached = led_to.first_and_last(first, last)
        for name, kind, is_default, tip in led_to.tips():
            held = (repository, name) in holding
            came, left = reached.get(tip, (-1, -1))
            if held or (came >= 0 and left >= 0):
                since = events[came].at if came >= 0 else None
                until = None if held else events[left].at
                found.append(RefSpan(repository, name, kind, is_default, since, until))
    return found
