"""Environments side by side: what each gets for each key at the end of a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from string import ascii_uppercase

from forensics.drift.expected import meant
from forensics.drift.model import ABSENT, Cell, DriftEvent, Matrix, Row
from forensics.drift.state import Effective, SetState
from forensics.drift.survey import Survey

__all__ = ["Rows", "matrix_of", "wrong"]

_STATES = {"literal": "value"}
_UNCERTAIN = "uncertain"
_MOST_KNOWN = 30_000
_PAST = frozenset({"flapping", "rewrap"})
"""What happened, and is not seen in values as they are."""


Rows = dict[tuple[object, ...], Row]
"""Rows that were told before, by all that they follow from."""


def matrix_of(survey: Survey, events: Sequence[DriftEvent], known: Rows | None = None) -> Matrix:
    """All keys of all sets.

    Args:
        survey: of the line up to the commit wanted.
        events: those of the survey, with what people accepted; only open ones count.
        known: rows without events are taken from there, and put there.
    """
    about: dict[tuple[str, str], list[DriftEvent]] = {}
    for event in events:
        if event.closed is None:
            about.setdefault((event.set, event.key), []).append(event)
    rows: list[Row] = []
    for name, state in sorted(survey.states.items()):
        keys = {key for got in state.environments.values() for key in got}
        arranged = survey.order.arranged(state.environments)
        rows += (
            _row(name, key, state, told, arranged)
            if (told := about.get((name, key), ())) or known is None
            else _known_row(name, key, state, arranged, known)
            for key in sorted(keys)
        )
    environments = {name for state in survey.states.values() for name in state.environments}
    uncertain = {
        (path.decode(errors="replace"), trouble)
        for state in survey.states.values()
        for path, trouble in state.troubles
    }
    line = survey.line
    return Matrix(
        line.ref,
        line.tip.hex(),
        survey.order.arranged(environments),
        tuple(rows),
        tuple(sorted(uncertain)),
    )


def wrong(event: DriftEvent) -> bool:
    """Whether an open event makes its key drift: neither meant nor accepted, and seen in values."""
    return not event.expected and not event.accepted and event.kind not in _PAST


def _known_row(name: str, key: str, state: SetState, arranged: tuple[str, ...], known: Rows) -> Row:
    got = state.environments
    here = tuple(got[environment].get(key) for environment in arranged)
    place = (name, key, arranged, here, frozenset(state.uncertain))
    found = known.get(place)
    if found is None:
        found = _row(name, key, state, (), arranged)
        if len(known) >= _MOST_KNOWN:
            known.clear()
        known[place] = found
    return found


def _row(
    name: str,
    key: str,
    state: SetState,
    events: Sequence[DriftEvent],
    arranged: Sequence[str],
) -> Row:
    row = state.row(key)
    groups = _groups(row, arranged)
    cells = {
        environment: _cell(row.get(environment), groups, environment in state.uncertain)
        for environment in arranged
    }
    drift = [event for event in events if wrong(event)]
    why = "; ".join(dict.fromkeys(_why(event, state.uncertain) for event in drift))
    if not why:
        why = next((event.acceptance or event.expected for event in events), "")
    if not why and len(groups) > 1:
        why = meant(key, row) or _differ(row, state.uncertain, arranged)
    accepted = bool(events) and all(event.accepted for event in events)
    return Row(name, key, cells, bool(drift), why, accepted)


def _groups(row: Mapping[str, Effective], arranged: Sequence[str]) -> dict[bytes, str]:
    """A letter for each value, in the order of environments: A to Z, then A1 …"""
    letters: dict[bytes, str] = {}
    for environment in arranged:
        got = row.get(environment)
        fingerprint = got.observation.fingerprint if got is not None else b""
        if fingerprint and fingerprint not in letters:
            turn, letter = divmod(len(letters), len(ascii_uppercase))
            letters[fingerprint] = ascii_uppercase[letter] + (str(turn) if turn else "")
    return letters


def _cell(each: Effective | None, groups: Mapping[bytes, str], uncertain: bool) -> Cell:
    if each is None:
        return Cell(_UNCERTAIN if uncertain else ABSENT, "", "", 0, "")
    observation = each.observation
    state = _STATES.get(observation.kind, observation.kind)
    return Cell(
        _UNCERTAIN if uncertain else state,
        groups.get(observation.fingerprint, ""),
        each.file,
        observation.line,
        each.layer,
    )


def _differ(row: Mapping[str, Effective], uncertain: Set[str], arranged: Sequence[str]) -> str:
    """Why values differ of which no event tells; those of files that do not parse are old ones."""
    values = {each.observation.fingerprint for name, each in row.items() if name not in uncertain}
    if len(values - {b""}) > 1 or uncertain.isdisjoint(row):
        return "they never were the same"
    return _not_parsed([name for name in arranged if name in uncertain and name in row])


def _not_parsed(environments: Sequence[str]) -> str:
    return f"{', '.join(environments)} could not be parsed"


def _why(event: DriftEvent, uncertain: Set[str]) -> str:
    lost = [name for name in event.missing if name in uncertain]
    told = [name for name in event.missing if name not in uncertain]
    said = [] if lost and not told else [_known_why(event, ", ".join(told))]
    return "; ".join([*said, _not_parsed(lost)] if lost else said)


def _known_why(event: DriftEvent, missing: str) -> str:
    if event.kind in ("missing", "extra"):
        return f"missing in {missing}"
    if event.kind == "rotation":
        return f"not rotated in {missing}"
    words = {
        "type": "different types",
        "value": "no longer the same",
        "stale": f"{missing} did not follow",
        "shared": f"one secret in {', '.join(event.present)}",
        "placeholder": event.steps[0][1] if event.steps else "a placeholder",
    }
    return words.get(event.kind, event.kind)
