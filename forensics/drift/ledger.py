"""The book of drift: what is open, and what was closed by which commit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from forensics.drift.model import DriftEvent, Step
from forensics.drift.ordering import Order

__all__ = ["Entry", "Ledger"]

_DAY = 86_400
_MOST_NOTES = 50


@dataclass(slots=True, kw_only=True, eq=False)
class Entry:
    """One difference, while it is being followed."""

    topic: str
    """What may be open once for each key: `presence` covers both `missing` and `extra`."""
    kind: str
    set_name: str
    key: str
    present: set[str]
    """Environments that have the key, or that it is about, when it opens."""
    missing: set[str] = field(default_factory=set)
    """Those that lacked it at any time."""
    having: set[str] = field(default_factory=set)
    """Those that had it last."""
    lacking: set[str] = field(default_factory=set)
    """Those that lacked it last."""
    opened: Step
    severity: str
    certain: bool = True
    expected: str = ""
    paths: set[str] = field(default_factory=set)
    notes: list[tuple[Step, str]] = field(default_factory=list)
    closed: Step | None = None
    closed_how: str = ""

    def note(self, step: Step, text: str) -> None:
        """Something else that happened to it."""
        if len(self.notes) < _MOST_NOTES and (step, text) not in self.notes[-3:]:
            self.notes.append((step, text))

    def event(self, now: int, order: Order) -> DriftEvent:
        """What is told of it, if the line ends at `now`."""
        end = self.closed.time if self.closed else now
        seconds = end - self.opened.time
        if self.closed:
            present, missing = self.present, self.missing
        else:
            present, missing = self.having or self.present, self.lacking or self.missing
        return DriftEvent(
            self.kind,
            self.set_name,
            self.key,
            order.arranged(present),
            order.arranged(missing),
            self.opened,
            self.closed,
            self.closed_how,
            max(seconds, 0) / _DAY,
            "info" if self.expected else self.severity,
            self.certain and seconds >= 0,
            self.expected,
            tuple(self.notes),
            tuple(sorted(self.paths)),
        )


class Ledger:
    """All entries. An open one is found by its topic, set and key."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self._open: dict[str, dict[tuple[str, str], Entry]] = {}
        """By set, then by topic and key."""
        self._closed: dict[int, Entry] = {}
        self._last: dict[str, dict[tuple[str, str], Entry]] = {}

    def get(self, topic: str, name: str, key: str) -> Entry | None:
        """The open entry about it."""
        return self._open.get(name, {}).get((topic, key))

    def open(self, entry: Entry) -> Entry:
        """Start to follow a difference."""
        self._open.setdefault(entry.set_name, {})[entry.topic, entry.key] = entry
        return entry

    def close(self, entry: Entry, step: Step, how: str, *, certain: bool = True) -> None:
        """It ended."""
        entry.closed, entry.closed_how = step, how
        entry.certain = entry.certain and certain
        place = (entry.topic, entry.key)
        self._open.get(entry.set_name, {}).pop(place, None)
        self._closed[id(entry)] = entry
        self._last.setdefault(entry.set_name, {})[place] = entry

    def resumed(self, topic: str, name: str, key: str, how: str) -> Entry | None:
        """The last entry about it, open again, if it was closed in that way."""
        entry = self._last.get(name, {}).get((topic, key))
        if entry is None or entry.closed_how != how:
            return None
        self._closed.pop(id(entry), None)
        entry.closed, entry.closed_how = None, ""
        entry.set_name = name
        return self.open(entry)

    def about(self, name: str) -> list[Entry]:
        """Open entries of a set."""
        return [*self._open.get(name, {}).values()]

    def of(self, topic: str) -> list[Entry]:
        """Open entries about it."""
        return [each for each in self._all_open() if each.topic == topic]

    def renamed(self, entry: Entry, key: str, step: Step) -> None:
        """It ends under the old key and goes on, as old as it is, under the new one, unless there
        is one about that."""
        if self.get(entry.topic, entry.set_name, key) is not None:
            return
        ended = replace(
            entry,
            present=set(entry.present),
            missing=set(entry.missing),
            paths=set(entry.paths),
            notes=list(entry.notes),
        )
        ended.note(step, f"became {key}")
        ended.closed, ended.closed_how = step, "renamed"
        self._closed[id(ended)] = ended
        del self._open[entry.set_name][entry.topic, entry.key]
        entry.note(step, f"{entry.key} became {key}")
        entry.key = key
        self.open(entry)

    def moved(self, before: str, after: str, step: Step) -> None:
        """All that is known of a set goes on under another name of it."""
        for entry in self._open.pop(before, {}).values():
            entry.note(step, f"{before} became {after}")
            entry.set_name = after
            self.open(entry)
        self._last[after] = self._last.get(after, {}) | self._last.pop(before, {})

    def events(self, now: int) -> tuple[DriftEvent, ...]:
        """All that was entered, by when it opened."""
        entries = (*self._closed.values(), *self._all_open())
        events = [entry.event(now, self.order) for entry in entries]
        return tuple(sorted(events, key=lambda each: (each.opened.time, each.set, each.key)))

    def _all_open(self) -> Iterator[Entry]:
        for entries in self._open.values():
            yield from entries.values()
