"""How environments stood after each step of a line, without following it again.

What is kept of a step is little: which versions of which files make each set that it touches, which
keys it changes, and what is open. What the files give is read again where somebody looks, and what
was looked at last is kept, so that a step to the next or the previous commit reads few files.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import accumulate
from threading import Lock

from forensics.drift.acceptance import Acceptance, accept_events
from forensics.drift.environments import Placer
from forensics.drift.kept import Kept
from forensics.drift.matrix import Rows, matrix_of
from forensics.drift.model import DriftEvent, Line, Matrix, Reading
from forensics.drift.noted import Notes
from forensics.drift.ordering import Order
from forensics.drift.set_past import SetPast
from forensics.drift.state import Layer, SetState, parts_of
from forensics.drift.survey import Following, Survey
from forensics.drift.walk import NOTHING, Move, Turn, state_of

__all__ = ["Past", "Read", "past_of"]

Read = Callable[[bytes, bytes], Reading]
"""What a version of a file held, by its path and the id of its blob."""
_MOST_OBSERVATIONS = 60_000
_MOST_ROWS = 30_000
_MOST_COUNTS = 100_000


class Past:
    """A line, and how things stood after each of its steps. Steps go by number, from 0.

    Safe to ask from several threads, one of which is answered at a time.
    """

    def __init__(self, line: Line, order: Order) -> None:
        """Without any step; see `past_of`."""
        self.line, self.order = line, order
        self.events: tuple[DriftEvent, ...] = ()
        """All of the line, as `surveyed` has them."""
        self._sets: dict[str, SetPast] = {}
        self._lock = Lock()
        self.compared: Kept[tuple[object, ...], frozenset[tuple[str, str]]] = Kept(_MOST_ROWS)
        """For `forensics.drift.cell_past`, which fills it."""
        self._layers: Kept[tuple[bytes, bytes, bool], Layer] = Kept(_MOST_OBSERVATIONS)
        self._states: Kept[tuple[str, int], SetState] = Kept(_MOST_ROWS)
        self._counts: Kept[tuple[str, ...] | None, tuple[int, ...]] = Kept(_MOST_COUNTS)
        self._single_rows: Rows = {}
        self._rows: Kept[tuple[object, ...], tuple[Matrix, tuple[DriftEvent, ...]]]
        self._rows = Kept(_MOST_ROWS)

    def enter(
        self, number: int, following: Following, turns: Sequence[Turn | Move], notes: Notes
    ) -> None:
        """Keep what a step did."""
        for turn in turns:
            if isinstance(turn, Move):
                known = self._sets.setdefault(turn.after, SetPast())
                known.was = (number, turn.before)
            elif turn.keys:
                known = self._sets.setdefault(turn.set, SetPast())
                known.turned_at.append(number)
                known.turned.append(turn.keys)
        for name in following.walk.touched:
            known = self._sets.setdefault(name, SetPast())
            known.at.append(number)
            known.made.append(following.walk.made_of(name))
            noted = notes.of(name)
            if not known.noted or known.noted[-1] != noted:
                known.noted_at.append(number)
                known.noted.append(noted)

    def sets(self, number: int) -> list[str]:
        """The names of all sets that there are after a step."""
        found = (
            name
            for name, known in self._sets.items()
            if (version := known.version(number)) >= 0 and known.made[version] is not None
        )
        return sorted(found)

    def open_counts(self, sets: Sequence[str] | None = None) -> tuple[int, ...]:
        """After each step: how many differences are open and not meant to be, of all sets or
        these."""
        place = None if sets is None else tuple(sets)
        found = self._counts.get(place)
        if found is not None:
            return found
        changes = [0] * (len(self.line.steps) + 1)
        for name in self._sets if sets is None else sets:
            known = self._sets.get(name, SetPast())
            for first, until, noted in known.stretches(len(self.line.steps)):
                counting = [one for one in noted if not one.event.expected]
                changes[first] += len(counting)
                changes[until] -= len(counting)
                for one in counting:
                    if one.ends is not None:
                        for number in range(first, until):
                            if self._now(number) > one.ends:
                                changes[number] -= 1
                                changes[number + 1] += 1
        counts = tuple(accumulate(changes[:-1]))
        self._counts.put(place, counts, len(counts))
        return counts

    def matrix(
        self,
        number: int,
        read: Read,
        sets: Sequence[str] | None = None,
        accepted: Sequence[Acceptance] = (),
        today: date | None = None,
    ) -> Matrix:
        """Keys by environments after a step, as `matrix_of` has them at the end of a line.

        Args:
            number: of the step.
            read: gives what a version of a file held.
            sets: only these; all where there is nothing given.
            accepted: what people accept.
            today: the day on which that is judged; needed where something is accepted.
        """
        names = self.sets(number) if sets is None else sets
        with self._lock:
            looked = [self._looked(one, number, read, tuple(accepted), today) for one in names]
        parts = [matrix for matrix, _ in looked]
        return Matrix(
            self.line.ref,
            self.line.steps[number].commit.hex(),
            self.order.arranged({name for part in parts for name in part.environments}),
            tuple(row for part in parts for row in part.rows),
            tuple(sorted({one for part in parts for one in part.uncertain})),
        )

    def judged(
        self,
        number: int,
        read: Read,
        sets: Sequence[str],
        accepted: Sequence[Acceptance] = (),
        today: date | None = None,
    ) -> tuple[DriftEvent, ...]:
        """What is open of these sets after a step, those marked that people accept; see
        `matrix`."""
        with self._lock:
            looked = [self._looked(one, number, read, tuple(accepted), today) for one in sets]
        return tuple(event for _, events in looked for event in events)

    def _looked(
        self, name: str, number: int, read: Read, accepted: tuple[Acceptance, ...],
        today: date | None,
    ) -> tuple[Matrix, tuple[DriftEvent, ...]]:  # fmt: skip
        events = self.open(number, name)
        version = self.version(name, number)
        place = (name, version, tuple(map(id, events)), accepted, today)
        found = self._rows.get(place)
        if found is None:
            step = self.line.steps[number]
            end = Line(self.line.ref, step.commit, step.time, ())
            survey = Survey(end, events, {name: self._state(name, number, read)}, self.order)
            if accepted and today is not None:
                events = accept_events(events, accepted, today, matrix_of(survey, events))
            found = matrix_of(survey, events, self._single_rows), events
            self._rows.put(place, found, len(found[0].rows))
        return found

    def open(self, number: int, name: str) -> tuple[DriftEvent, ...]:
        """What is open of a set after a step."""
        known, now = self._sets.get(name), self._now(number)
        if known is None:
            return ()
        return tuple(one.event for one in known.open(number) if one.ends is None or now <= one.ends)

    def _now(self, number: int) -> int:
        """When it is after a step: nothing came after the last one but other commits."""
        last = number == len(self.line.steps) - 1
        return self.line.tip_time if last else self.line.steps[number].time

    def version(self, name: str, number: int) -> int:
        """Tells apart what a set is made of after steps: equal numbers are the same files."""
        known = self._sets.get(name)
        return known.version(number) if known is not None else -1

    def state(self, name: str, number: int, read: Read) -> SetState:
        """What the environments of a set get after a step; nothing where there is no such set."""
        with self._lock:
            return self._state(name, number, read)

    def _state(self, name: str, number: int, read: Read) -> SetState:
        known = self._sets.get(name)
        version = known.version(number) if known else -1
        made = known.made[version] if known and version >= 0 else None
        if made is None:
            return NOTHING
        state = self._states.get((name, version))
        if state is None:
            layers = {each.path: self._layer(each, read) for each in made.layers}
            state = state_of(made.arrangement, layers)
            size = sum(map(len, state.environments.values()))
            self._states.put((name, version), state, size)
        return state

    def _layer(self, layer: Layer, read: Read) -> Layer:
        if not layer.blob:
            return layer
        place = (layer.path, layer.blob, layer.base)
        found = self._layers.get(place)
        if found is None:
            reading = read(layer.path, layer.blob)
            parts = parts_of(layer.path, reading, base=layer.base)
            found = Layer(layer.path, parts, reading.trouble, layer.blob, layer.base)
            self._layers.put(place, found, len(reading.observations))
        return found._replace(trouble=found.trouble or layer.trouble)

    def next_change(self, number: int, by: int, sets: Sequence[str] | None = None) -> int | None:
        """The nearest step after (`by` 1) or before (-1) one that changes what some environment of
        these sets gets; None where there is none."""
        found = []
        for name in self._sets if sets is None else sets:
            at = self._sets[name].turned_at if name in self._sets else []
            place = bisect_right(at, number) if by > 0 else bisect_left(at, number) - 1
            if 0 <= place < len(at):
                found.append(at[place])
        return (min(found) if by > 0 else max(found)) if found else None

    def turned(self, name: str, key: str, number: int) -> Iterator[int]:
        """The steps up to this one that may have changed a key of a set, the last first."""
        known = self._sets.get(name)
        if known is not None:
            for place in range(bisect_right(known.turned_at, number) - 1, -1, -1):
                if key in known.turned[place]:
                    yield known.turned_at[place]

    def was(self, name: str, number: int) -> tuple[int, str] | None:
        """The step, up to this one, from which on a set has its name, and the name before; None
        where it had no other."""
        known = self._sets.get(name)
        found = known.was if known is not None else None
        return found if found is not None and found[0] <= number else None


def past_of(
    line: Line,
    read: Read,
    placer: Placer,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> Past:
    """Follow a line from its first commit to its tip, and keep how things stood.

    Args:
        line: see `forensics.drift.record`.
        read: of a path and a blob.
        placer: says which environment a file belongs to.
        told: is told how many steps are done, and of how many.
    """
    following = Following(read, placer)
    past = Past(line, following.ledger.order)
    notes = Notes(following)
    for number, step in enumerate(line.steps):
        past.enter(number, following, following.take(step), notes)
        told(number + 1, len(line.steps))
    following.finish(line.tip_time)
    past.events = following.ledger.events(line.tip_time)
    return past
