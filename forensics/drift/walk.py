"""History, commit by commit, as what each set of environments gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from forensics.drift.arrangement import Arrangement, Arranger
from forensics.drift.environments import Placer
from forensics.drift.model import Reading, Step
from forensics.drift.spellings import Spellings
from forensics.drift.state import Layer, SetState, laid_over, parts_of
from forensics.drift.successors import Successors

__all__ = ["NOTHING", "Made", "Move", "Turn", "Walk", "state_of"]

NOTHING = SetState({}, frozenset(), frozenset(), (), {})


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


class Made(NamedTuple):
    """What makes a set at a commit."""

    arrangement: Arrangement
    layers: tuple[Layer, ...]
    """Its files, without what they give."""


class Move(NamedTuple):
    """A set that went on under another name: its files were renamed."""

    step: Step
    before: str
    after: str


class Walk:
    """Takes the steps of a line, oldest first."""

    def __init__(self, reading: Callable[[bytes, bytes], Reading], placer: Placer) -> None:
        """Begin before the first step.

        Args:
            reading: of a path and a blob.
            placer: says which environment a file belongs to.
        """
        self._reading = reading
        self._files: dict[bytes, bytes] = {}
        self._arranger = Arranger(placer)
        self._spellings = Spellings()
        self._paths_of: dict[str, frozenset[bytes]] = {}
        self._sets_of: dict[bytes, set[str]] = {}
        self._layers: dict[bytes, tuple[bytes, Layer]] = {}
        """By path: the version read last, and what it makes."""
        self.states: dict[str, SetState] = {}
        """By set: where the walk is."""
        self.touched: frozenset[str] = frozenset()
        """Sets that the last step could have made others, or none any more."""

    def taken(self, step: Step) -> Iterator[Turn | Move]:
        """What the next step changes."""
        came, went = set(), set()
        for change in step.changes:
            if change.after:
                if change.path not in self._files:
                    came.add(change.path)
                self._files[change.path] = change.after
            elif self._files.pop(change.path, None) is not None:
                went.add(change.path)
                self._layers.pop(change.path, None)
        others = self._arranged(came, went)
        gone = sorted(name for name in others if name not in self._arranger.sets)
        new = sorted(name for name in others.difference(gone) if name not in self.states)
        names = others.difference(gone)
        for change in step.changes:
            names.update(self._sets_of.get(change.path, ()))
        self.touched = frozenset(names | others)
        after = {name: self._state(self._arranger.sets[name]) for name in sorted(names)}
        successors = Successors({name: after[name] for name in new} if gone else {})
        for old in gone:
            state = self.states.pop(old)
            moved = successors.take(state)
            if moved:
                self.states[moved] = state
                yield Move(step, old, moved)
            else:
                yield _turn(step, old, state, NOTHING)
        for name, state in after.items():
            known = self.states.get(name, NOTHING)
            self.states[name] = state
            turn = _turn(step, name, known, state)
            if turn.keys or known.seals != state.seals:
                yield turn

    def _arranged(self, came: set[bytes], went: set[bytes]) -> set[str]:
        """Which sets are made of other files than before, or no more."""
        others = self._arranger.change(came, went)
        for name in others:
            arrangement = self._arranger.sets.get(name)
            had = self._paths_of.pop(name, frozenset())
            has = arrangement.paths if arrangement else frozenset()
            for path in had - has:
                self._sets_of[path].discard(name)
            for path in has - had:
                self._sets_of.setdefault(path, set()).add(name)
            if arrangement:
                self._paths_of[name] = has
        for path in went:
            self._sets_of.pop(path, None)
        return others

    def made_of(self, name: str) -> Made | None:
        """What makes a set where the walk is; None where there is no such set."""
        arrangement = self._arranger.sets.get(name)
        if arrangement is None:
            return None
        layers = (self._layers[path][1] for path in sorted(arrangement.paths))
        return Made(arrangement, tuple(each._replace(parts={}) for each in layers))

    def _state(self, arrangement: Arrangement) -> SetState:
        general = {*arrangement.base, *arrangement.several}
        layers = {path: self._layer(path, base=path in general) for path in arrangement.paths}
        return state_of(arrangement, layers)

    def _layer(self, path: bytes, *, base: bool) -> Layer:
        blob = self._files[path]
        read, layer = self._layers.get(path, (b"", Layer(path, {}, "")))
        if read != blob:
            reading = self._spellings.one(path, self._reading(path, blob))
            if reading.trouble:
                layer = layer._replace(trouble=reading.trouble)
            else:
                layer = Layer(path, parts_of(path, reading, base=base), "", blob, base)
            self._layers[path] = blob, layer
        return layer


def state_of(arrangement: Arrangement, layers: Mapping[bytes, Layer]) -> SetState:
    """What a set of files gives to its environments.

    Args:
        arrangement: which files, and how they lie over each other.
        layers: each of them, by path.
    """
    return laid_over(
        {
            name: [layers[path] for path in paths]
            for name, paths in arrangement.environments.items()
        },
        [layers[path] for path in arrangement.files("")],
    )


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
        if forked := before.forks.items() ^ after.forks.items():
            below = tuple(f"{key}{sign}" for key, _ in forked for sign in ".[")
            for got in (*before.environments.values(), *after.environments.values()):
                keys.update(key for key in got if key.startswith(below))
    return Turn(step, name, before, after, tuple(sorted(keys)))
