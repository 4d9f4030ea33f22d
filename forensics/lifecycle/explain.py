"""What events in history mean: what replaced a secret, what hides it now, which one returned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from forensics.index.records import Event, EventKey, Occurrence, Told
from forensics.lifecycle.slots import Fate, Place, Versions

__all__ = ["explain"]

_MOST = 50_000
"""Events that one scan looks into."""
_HOW = {
    "literal": "replaced",
    "reference": "externalised",
    "ciphertext": "externalised",
    "placeholder": "placeholder",
    "empty": "removed",
    "absent": "removed",
}
_ORDER = ("replaced", "externalised", "placeholder", "renamed", "copied", "removed")
"""Of what happened at several places of one file, that comes first which says most."""


IsAncestor = Callable[[bytes, bytes], bool]


class _Explainer:
    def __init__(
        self, occurrences: Sequence[Occurrence], versions: Versions, is_ancestor: IsAncestor
    ) -> None:
        self._versions, self._is_ancestor = versions, is_ancestor
        self._arrivals: dict[bytes, list[tuple[Occurrence, Event]]] = {}
        """By commit, what came there."""
        for one in occurrences:
            for event in one.events:
                if event.kind == "introduced":
                    self._arrivals.setdefault(event.commit, []).append((one, event))

    def arrival(self, one: Occurrence, event: Event) -> Told:
        """An event that brought the secret: its slot."""
        places = self._places(one, event.oid)
        slot = next((place.slot for place in places if place.slot is not None), None)
        return Told(event.how, slot, related=event.related)

    def departure(self, one: Occurrence, event: Event) -> Told:
        """An event that took the secret away: what stands in its place."""
        assert one.path is not None
        places = self._places(one, event.oid)
        slot = next((place.slot for place in places if place.slot is not None), None)
        if event.how != "removed" or not event.oid:
            return Told(event.how, slot, related=event.related)
        if not event.other:
            return self._with_its_file(one, event, slot)
        told = [self._became(one, event, event.oid, place, event.other) for place in places]
        return min(told, key=_first, default=Told("removed", slot))

    def change(self, one: Occurrence, event: Event) -> Told | None:
        """An event that left the secret in its file, at other places; None if these are the same
        slots."""
        before, after = self._places(one, event.other), self._places(one, event.oid)
        stay = {place.slot for place in after if place.slot is not None}
        gone = [place for place in before if place.slot is not None and place.slot not in stay]
        came = stay - {place.slot for place in before}
        told = [self._became(one, event, event.other, place, event.oid) for place in gone]
        if came and all(each.how == "removed" for each in told):
            how = "renamed" if told else "copied"
            return Told(how, told[0].slot if told else min(came))
        return min(told, key=_first, default=None)

    def _places(self, one: Occurrence, blob: bytes) -> list[Place]:
        if one.path is None or (blob, one.fingerprint) not in self._versions.spans:
            return []
        return self._versions.places(one.path[0], blob, one.fingerprint)

    def _became(
        self, one: Occurrence, event: Event, before: bytes, place: Place, after: bytes
    ) -> Told:
        assert one.path is not None
        fate = self._versions.fate(one.path[0], before, place, after)
        how = _HOW[fate.kind]
        related = self._replacement(one, event, after, fate) if how == "replaced" else None
        return Told(how, place.slot, fate.by, fate.uncertain, related)

    def _replacement(
        self, one: Occurrence, event: Event, after: bytes, fate: Fate
    ) -> EventKey | None:
        """The event of the secret that stands where this one stood."""
        for other, arrival in self._arrivals.get(event.commit, ()):
            if other.path == one.path and fate.span is not None:
                for start, end in self._versions.spans.get((after, other.fingerprint), ()):
                    if start < fate.span[1] and fate.span[0] < end:
                        return _key(other, arrival)
        return None

    def _with_its_file(self, one: Occurrence, event: Event, slot: str | None) -> Told:
        """The file went too: the same slot of a file of that name may have another value now."""
        assert one.path is not None
        name = one.path[0].rpartition(b"/")[2]
        for other, arrival in self._arrivals.get(event.commit, ()):
            if other.path is None or other.fingerprint == one.fingerprint or not slot:
                continue
            if other.path[0].rpartition(b"/")[2] == name and slot in {
                place.slot for place in self._places(other, arrival.oid)
            }:
                return Told("replaced", slot, related=_key(other, arrival))
        return Told("removed", slot)

    def returned(
        self, event: Event, told: Told, departures: Iterable[tuple[EventKey, int, Told]]
    ) -> Told:
        """An arrival as what it is if the value stood there before.

        Args:
            event: that brought the secret.
            told: of it.
            departures: of the same secret, each with its place in the order of history.
        """
        earlier = [
            (sequence, key, left)
            for key, sequence, left in departures
            if sequence < event.sequence and left.how != "moved"
            and self._is_ancestor(key.commit, event.commit)
        ]  # fmt: skip
        earlier.sort(key=lambda entry: -entry[0])
        for _, key, left in earlier:
            if left.how == "replaced" and left.slot == told.slot:
                return told._replace(how="rolled-back", related=key)
        if earlier and told.how == "reintroduced":
            return told._replace(related=earlier[0][1])
        return told


def _first(told: Told) -> int:
    return _ORDER.index(told.how)


def _key(one: Occurrence, event: Event) -> EventKey:
    return EventKey(one.fingerprint, one.path, event.commit, event.kind)


def explain(
    occurrences: Sequence[Occurrence],
    versions: Versions,
    is_ancestor: IsAncestor,
    known: Mapping[EventKey, Told],
) -> dict[EventKey, Told | None]:
    """What each event means; None for one that turns out to be none.

    Args:
        occurrences: all of the repository's.
        versions: of their files.
        is_ancestor: whether one commit is above another.
        known: what earlier scans found out.
    """
    explainer = _Explainer(occurrences, versions, is_ancestor)
    found: dict[EventKey, Told | None] = {}
    departures: dict[bytes, list[tuple[EventKey, int, Told]]] = {}
    back: list[tuple[Occurrence, Event, EventKey]] = []
    looked = 0
    for one in occurrences:
        for event in one.events:
            key = _key(one, event)
            told = known.get(key)
            if told is None or "moved" in (told.how, event.how):
                looked += 1
                told = _told(explainer, one, event, look=looked <= _MOST)
            found[key] = told
            if told is None:
                continue
            if event.kind == "introduced" and event.how in ("reintroduced", "copied"):
                back.append((one, event, key))
            elif event.kind != "introduced":
                left = departures.setdefault(one.fingerprint, [])
                left.append((key, event.sequence, told))
    for one, event, key in back:
        told = found[key]
        assert told is not None
        mine = [entry for entry in departures.get(one.fingerprint, ()) if entry[0].path == one.path]
        found[key] = explainer.returned(event, told, mine)
    return found


def _told(explainer: _Explainer, one: Occurrence, event: Event, *, look: bool) -> Told | None:
    if one.path is None:
        return Told(event.how, related=event.related)
    if not look:
        if event.kind == "changed":
            return None
        doubt = "too much happened to look into all of it"
        return Told(event.how, uncertain=doubt, related=event.related)
    if event.kind == "introduced":
        return explainer.arrival(one, event)
    if event.kind == "removed":
        return explainer.departure(one, event)
    return explainer.change(one, event)
