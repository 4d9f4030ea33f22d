"""What events in history mean: what replaced a secret, what hides it now, which one returned."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from forensics.index.records import Event, EventKey, Occurrence, Told
from forensics.lifecycle.parts import LESS_TELLING
from forensics.lifecycle.returns import MOST_ABOVE, Departure, Departures, IsAncestor
from forensics.lifecycle.slots import Fate, Place, Versions

__all__ = ["explain"]

_MOST = 50_000
"""Events that one scan looks into."""
_TOO_MUCH = "too much happened to look into all of it"
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


class _Spans(NamedTuple):
    """Where secrets stand in a blob at a path."""

    spans: list[tuple[int, int, int]]
    """In order: start, end, and which of the occurrences at the path stands there."""
    longest: int


class _Came(NamedTuple):
    """What brought a secret to a path."""

    events: list[Event]
    """In the order of history."""
    sequences: list[int]
    """Their places in it."""
    commits: frozenset[bytes]


class _Explainer:
    def __init__(
        self, occurrences: Sequence[Occurrence], versions: Versions, is_ancestor: IsAncestor
    ) -> None:
        self._versions, self._is_ancestor = versions, is_ancestor
        self._arrivals: dict[bytes, list[tuple[Occurrence, Event]]] = {}
        """By commit, what came there."""
        self._at_path: dict[tuple[bytes, bytes], list[Occurrence]] = {}
        self._spans: dict[tuple[tuple[bytes, bytes], bytes], _Spans] = {}
        """By path and blob."""
        self._came: dict[tuple[tuple[bytes, bytes] | None, bytes], _Came] = {}
        """By path and secret."""
        self._newly_there: dict[bytes, dict[str, list[tuple[Occurrence, Event]]]] = {}
        """By commit and slot, what came there in files that it adds."""
        # In an order that does not depend on what was scanned when.
        for one in sorted(occurrences, key=lambda one: (one.path or (b"", b""), one.fingerprint)):
            if one.path is not None:
                self._at_path.setdefault(one.path, []).append(one)
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
        return min(told, key=_weight, default=Told("removed", slot))

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
            if not told:
                return Told(how, min(came))
            return Told(how, told[0].slot, min(came))
        return min(told, key=_weight, default=None)

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
        doubt = "" if related and fate.uncertain == LESS_TELLING else fate.uncertain
        return Told(how, place.slot, fate.by, doubt, related)

    def _replacement(
        self, one: Occurrence, event: Event, after: bytes, fate: Fate
    ) -> EventKey | None:
        """The event that brought the secret that stands where this one stood: in the same commit
        or, as in a merge, in one above it."""
        if one.path is None or fate.span is None:
            return None
        there = self._at_path[one.path]
        spans, longest = self._spans_in(one.path, after)
        first = bisect_left(spans, (fate.span[0] - longest,))
        near = spans[first : bisect_left(spans, (fate.span[1],))]
        over = [at for _, end, at in near if fate.span[0] < end and there[at] is not one]
        if not over:
            return None
        # First what came there in this very commit.
        arrived = [at for at in over if event.commit in self._came_to(there[at]).commits]
        return self._last_arrival(there[min(arrived or over)], event)

    def _spans_in(self, path: tuple[bytes, bytes], blob: bytes) -> _Spans:
        found = self._spans.get((path, blob))
        if found is None:
            spans = sorted(
                (start, end, at)
                for at, other in enumerate(self._at_path[path])
                for start, end in self._versions.spans.get((blob, other.fingerprint), ())
            )
            longest = max((end - start for start, end, _ in spans), default=0)
            found = self._spans[path, blob] = _Spans(spans, longest)
        return found

    def _last_arrival(self, other: Occurrence, event: Event) -> EventKey | None:
        came = self._came_to(other)
        last = bisect_right(came.sequences, event.sequence)
        for arrival in reversed(came.events[max(last - MOST_ABOVE, 0) : last]):
            if arrival.commit == event.commit or self._is_ancestor(arrival.commit, event.commit):
                return _key(other, arrival)
        return None

    def _came_to(self, one: Occurrence) -> _Came:
        found = self._came.get((one.path, one.fingerprint))
        if found is None:
            came = [event for event in one.events if event.kind == "introduced"]
            came.sort(key=lambda event: event.sequence)
            found = self._came[one.path, one.fingerprint] = _Came(
                came,
                [event.sequence for event in came],
                frozenset(event.commit for event in came),
            )
        return found

    def _with_its_file(self, one: Occurrence, event: Event, slot: str | None) -> Told:
        """The file went too: the same slot of a file of that name may have another value now."""
        assert one.path is not None
        name = one.path[0].rpartition(b"/")[2]
        for other, arrival in self._added(event.commit).get(slot, ()) if slot else ():
            if other.path is None or other.fingerprint == one.fingerprint:
                continue
            if other.path[0].rpartition(b"/")[2] == name or self._versions.alike(
                event.oid, arrival.oid
            ):
                return Told("replaced", slot, related=_key(other, arrival))
        return Told("removed", slot)

    def _added(self, commit: bytes) -> dict[str, list[tuple[Occurrence, Event]]]:
        found = self._newly_there.get(commit)
        if found is None:
            found = self._newly_there[commit] = {}
            for other, arrival in self._arrivals.get(commit, ()):
                if arrival.other:
                    continue  # that file was there before
                for slot in {place.slot for place in self._places(other, arrival.oid)}:
                    if slot:
                        found.setdefault(slot, []).append((other, arrival))
        return found


def _weight(told: Told) -> int:
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
    left: dict[bytes, list[Departure]] = {}
    back: list[tuple[Occurrence, Event, EventKey]] = []
    displaced: dict[EventKey, Occurrence] = {}
    """By arrival, what stood in its slot until then."""
    looked = 0
    news = _News(occurrences, known)
    for one in occurrences:
        for event in one.events:
            key = _key(one, event)
            told = news.still(one, event, known.get(key))
            if told is None:
                looked += 1
                told = _told(explainer, one, event, look=looked <= _MOST)
            found[key] = told
            if told is None:
                continue
            if told.how == "replaced" and told.related is not None:
                displaced[told.related] = one
            came = bool({event.how, told.how} & {"reintroduced", "copied", "rolled-back"})
            if came and event.kind != "removed":
                back.append((one, event, key))
            elif event.kind != "introduced":
                left.setdefault(one.fingerprint, []).append(Departure(key, event.sequence, told))
    departures: dict[bytes, Departures] = {}
    for one, event, key in back:
        told = found[key]
        assert told is not None
        if one.fingerprint not in departures:
            gone = left.get(one.fingerprint, ())
            departures[one.fingerprint] = Departures(gone, is_ancestor)
        told = departures[one.fingerprint].before(one.path, event, told)
        other = displaced.get(key)
        if told.how == "rolled-back" and other is not None and _first(other) < _first(one):
            told = told._replace(how="reintroduced")  # what was rolled back is undone
        found[key] = told
    return found


def _first(one: Occurrence) -> int:
    """Where in the order of history it came first; its events are in that order."""
    return one.events[0].sequence


class _News:
    """What an earlier scan could not know of events that it told."""

    def __init__(self, occurrences: Sequence[Occurrence], known: Mapping[EventKey, Told]) -> None:
        self._paths: set[tuple[bytes, bytes] | None] = set()
        self._commits: set[bytes] = set()
        for one in occurrences if known else ():
            for event in one.events:
                if event.kind == "introduced" and _key(one, event) not in known:
                    self._paths.add(one.path)
                    self._commits.add(event.commit)

    def still(self, one: Occurrence, event: Event, told: Told | None) -> Told | None:
        """What was told, as far as it holds still."""
        if told is None or told.uncertain == _TOO_MUCH:
            return None
        if event.kind == "introduced" or event.how == "reintroduced":
            return Told(event.how, told.slot, related=event.related)
        if event.kind == "changed" and told.how == "rolled-back":
            told = Told("copied", told.slot)
        if told.uncertain or "moved" in (told.how, event.how) or "merged" in (told.how, event.how):
            return None
        if told.related is None and (one.path in self._paths or event.commit in self._commits):
            return None  # what came there since may be what replaced it
        return told


def _told(explainer: _Explainer, one: Occurrence, event: Event, *, look: bool) -> Told | None:
    if one.path is None:
        return Told(event.how, related=event.related)
    if not look:
        if event.how == "changed":
            return None
        return Told(event.how, uncertain=_TOO_MUCH, related=event.related)
    if event.kind == "introduced" or event.how == "reintroduced":
        return explainer.arrival(one, event)
    if event.kind == "removed":
        return explainer.departure(one, event)
    return explainer.change(one, event)
