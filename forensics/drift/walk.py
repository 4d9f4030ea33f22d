"""History, commit by commit, as what each set of environments gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from forensics.drift.arrangement import Arrangement, arrange
from forensics.drift.environments import Placer
from forensics.drift.model import Line, Reading, Step
from forensics.drift.state import Layer, SetState, Version, laid_over, version_of

__all__ = ["NOTHING", "Move", "Turn", "Walk"]

NOTHING = SetState({}, frozenset(), frozenset(), ())


class Turn(NamedTuple):
    """A set before and after a commit that changes it."""

    step: Step
    set: str
    before: SetState
    after: SetState
    keys: tuple[str, ...]
    """What may have changed: all keys of which some environment gets another value, and all of the
    set where it gains or loses an environment, or a file stops or begins to parse."""

    @property
    def doubtful(self) -> frozenset[str]:
        """Environments of which a file does not parse now, or did not until now."""
        return self.before.uncertain | self.after.uncertain


class Move(NamedTuple):
    """A set that went on under another name: its files were renamed."""

    step: Step
    before: str
    after: str


class Walk:
    """Takes the steps of a line, oldest first."""

    def __init__(
        self, line: Line, reading: Callable[[bytes, bytes], Reading], placer: Placer
    ) -> None:
        """Begin before the first step.

        Args:
            line: the history.
            reading: of a path and a blob.
            placer: says which environment a file belongs to.
        """
        self._line = line
        self._reading = reading
        self._placer = placer
        self._files: dict[bytes, bytes] = {}
        self._sets: dict[str, Arrangement] = {}
        self._sets_of: dict[bytes, list[str]] = {}
        self._read: dict[bytes, tuple[bytes, str, Version | None]] = {}
        """By path: the version read last, what is wrong with it, and the last that did parse."""
        self.states: dict[str, SetState] = {}
        """By set: where the walk is."""

    def turns(self) -> Iterator[Turn | Move]:
        """What each step changes."""
        for step in self._line.steps:
            yield from self._taken(step)

    def _taken(self, step: Step) -> Iterator[Turn | Move]:
        listed = False
        for change in step.changes:
            if change.after:
                listed = listed or change.path not in self._files
                self._files[change.path] = change.after
            else:
                listed = True
                self._files.pop(change.path, None)
                self._read.pop(change.path, None)
        if listed:
            before, self._sets = self._sets, arrange(self._files, self._placer)
            self._sets_of = {}
            for name, each in self._sets.items():
                for path in _files(each):
                    self._sets_of.setdefault(path, []).append(name)
            gone = [name for name in before if name not in self._sets]
            new = [name for name in self._sets if name not in before]
            names = {name for name, each in self._sets.items() if before.get(name) != each}
        else:
            gone, new, names = [], [], set()
        for change in step.changes:
            names.update(self._sets_of.get(change.path, ()))
        after = {name: self._state(self._sets[name]) for name in sorted(names)}
        for old in gone:
            moved = self._moved_to(old, [name for name in new if name in after], after)
            state = self.states.pop(old)
            if moved:
                new.remove(moved)
                self.states[moved] = state
                yield Move(step, old, moved)
            else:
                yield _turn(step, old, state, NOTHING)
        for name, state in after.items():
            known = self.states.get(name, NOTHING)
            self.states[name] = state
            turn = _turn(step, name, known, state)
            if turn.keys:
                yield turn

    def _state(self, arrangement: Arrangement) -> SetState:
        general = {*arrangement.base, *arrangement.several}
        layers = {path: self._layer(path, base=path in general) for path in _files(arrangement)}
        return laid_over(
            {
                name: [layers[path] for path in paths]
                for name, paths in arrangement.environments.items()
            },
            [layers[path] for path in arrangement.files("")],
        )

    def _layer(self, path: bytes, *, base: bool) -> Layer:
        trouble, version = self._version(path)
        return Layer(path, version or Version({}), trouble, version is not None, base)

    def _version(self, path: bytes) -> tuple[str, Version | None]:
        blob = self._files[path]
        read, trouble, version = self._read.get(path, (b"", "", None))
        if read != blob:
            reading = self._reading(path, blob)
            trouble = reading.trouble
            version = version if trouble else version_of(reading)
            self._read[path] = (blob, trouble, version)
        return trouble, version

    def _moved_to(self, old: str, new: list[str], after: dict[str, SetState]) -> str:
        """The new set that is the old one under another name, if any: it has environments of the
        same names, and most of their keys with the same values."""
        before = self.states[old]
        best, most = "", 0.5
        for name in new:
            state = after[name]
            both = before.environments.keys() & state.environments.keys()
            if not both:
                continue
            total = same = 0
            for environment in both:
                had, has = before.environments[environment], state.environments[environment]
                total += max(len(had), len(has))
                same += sum(1 for key, each in has.items() if key in had and had[key].same(each))
            share = same / total if total else 0.0
            if share > most:
                best, most = name, share
        return best


def _files(arrangement: Arrangement) -> set[bytes]:
    own = (path for paths in arrangement.environments.values() for path in paths)
    return {*arrangement.base, *arrangement.several, *own}


def _turn(step: Step, name: str, before: SetState, after: SetState) -> Turn:
    keys: set[str] = set()
    if (
        before.environments.keys() != after.environments.keys()
        or before.uncertain != after.uncertain
    ):
        for state in (before, after):
            keys.update(*state.environments.values())
    else:
        for environment, had in before.environments.items():
            has = after.environments[environment]
            keys.update(had.keys() ^ has.keys())
            keys.update(
                key
                for key, each in has.items()
                if key in had
                and had[key].observation is not each.observation
                and (not had[key].same(each) or had[key].observation.type != each.observation.type)
            )
    return Turn(step, name, before, after, tuple(sorted(keys)))
