"""The book of drift: what is open, and what was closed by which commit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from forensics.drift.model import DriftEvent, Step
from forensics.drift.ordering import Order

__all__ = ["Entry", "Ledger"]

_DAY = 86_400
_MOST_NOTES = 50


@dataclass(slots=True, kw_only=True)
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
        self._open: dict[tuple[str, str, str], Entry] = {}
        self._closed: list[Entry] = []
        self._last: dict[tuple[str, str, str], Entry] = {}

    def get(self, topic: str, name: str, key: str) -> Entry | None:
        """The open entry about it."""
        return self._open.get((topic, name, key))

    def open(self, entry: Entry) -> Entry:
        """Start to follow a difference."""
        self._open[entry.topic, entry.set_name, entry.key] = entry
        return entry

    def close(self, entry: Entry, step: Step, how: str, *, certain: bool = True) -> None:
        """It ended."""
        entry.closed, entry.closed_how = step, how
        entry.certain = entry.certain and certain
        place = (entry.topic, entry.set_name, entry.key)
        self._open.pop(place, None)
        self._closed.append(entry)
        self._last[place] = entry

    def resumed(self, topic: str, name: str, key: str, how: str) -> Entry | None:
        """The last entry about it, open again, if it was closed in that way."""
        entry = self._last.get((topic, name, key))
        if entry is None or entry.closed_how != how:
            return None
        self._closed.remove(entry)
        entry.closed, entry.closed_how = None, ""
        return self.open(entry)

    def drop(self, entry: Entry) -> None:
        """It was no difference after all."""
        del self._open[entry.topic, entry.set_name, entry.key]

    def about(self, name: str) -> list[Entry]:
        """Open entries of a set."""
        return [each for each in self._open.values() if each.set_name == name]

    def of(self, topic: str) -> list[Entry]:
        """Open entries about it."""
        return [each for each in self._open.values() if each.topic == topic]

    def renamed(self, entry: Entry, key: str, step: Step) -> None:
        """It ends under the old key and goes on, as old as it is, under the new one."""
        if (entry.topic, entry.set_name, key) in self._open:
            return
        ended = replace(entry, missing=set(entry.missing), notes=list(entry.notes))
        ended.note(step, f"became {key}")
        ended.closed, ended.closed_how = step, "renamed"
        self._closed.append(ended)
        self.rename(entry, entry.set_name, key, step)

    def rename(self, entry: Entry, name: str, key: str, step: Step) -> None:
        """It goes on under another name of its set or key, unless there is one about that."""
        if (entry.topic, name, key) in self._open:
            return
        self.drop(entry)
        if entry.set_name != name:
            entry.note(step, f"{entry.set_name} became {name}")
        if entry.key != key:
            entry.note(step, f"{entry.key} became {key}")
        entry.set_name, entry.key = name, key
        self.open(entry)

    def events(self, now: int) -> tuple[DriftEvent, ...]:
        """All that was entered, by when it opened."""
        events = [entry.event(now, self.order) for entry in (*self._closed, *self._open.values())]
        return tuple(sorted(events, key=lambda each: (each.opened.time, each.set, each.key)))
