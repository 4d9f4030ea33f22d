"""Where a secret still waits to be replaced, slot by slot and environment by environment."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from forensics.index.life import LifeEvent, LifePlace, Moment
from forensics.lifecycle.case import Case

__all__ = ["SlotState", "slot_states"]

_CHANGED = ("replaced", "externalised")
_DAY = 86_400


class SlotState(NamedTuple):
    """What became of a secret in one slot."""

    environment: str
    """Empty where its file belongs to none."""
    path: bytes
    slot: str
    pending: bool
    """Whether it still stands there, where people work."""
    how: str
    """`stands`, or what happened to it there last."""
    by: str
    """What stands there now, if that is another secret: its preview and name; or what its value
    comes through."""
    at: Moment | None
    """When it came there, or went."""
    lag_days: int | None
    """Days from when it was first replaced anywhere until it was here, or until now; None where it
    was nowhere."""


def slot_states(
    case: Case, environment: Callable[[bytes], str], now: float
) -> tuple[SlotState, ...]:
    """Every slot that a secret stands or stood in, those that wait first.

    Args:
        case: of the secret.
        environment: of a file, by its path.
        now: seconds since 1970.
    """
    events: dict[int, list[LifeEvent]] = {}
    for one in case.life.events:
        events.setdefault(one.place, []).append(one)
    first = min(
        (one.at.commit_time for one in case.life.events if one.lasting and one.how in _CHANGED),
        default=None,
    )
    found = [
        _state(
            place, events.get(place.id, []), place.id in case.present_at, environment, first, now
        )
        for place in case.life.places
        if place.path is not None
    ]
    return tuple(sorted(found, key=lambda one: (not one.pending, one.environment, one.path)))


def _state(
    place: LifePlace,
    events: list[LifeEvent],
    pending: bool,
    environment: Callable[[bytes], str],
    first: int | None,
    now: float,
) -> SlotState:
    path = place.path or b""
    wanted = ("introduced",) if pending else ("removed", "changed")
    last = next((one for one in reversed(events) if one.kind in wanted), None)
    slot = place.slot or next((one.slot for one in reversed(events) if one.slot), None) or ""
    how, by = ("stands", "") if pending else ("gone", "")
    if last is not None and not pending:
        how, by = last.how, last.via
        if last.how == "replaced" and last.related is not None:
            by = f"{last.related.preview} #{last.related.secret[:8]}"
    lag = None
    if first is not None and (pending or last is not None):
        end = now if pending or last is None else last.at.commit_time
        lag = max(0, int(end - first) // _DAY)
    return SlotState(
        environment(path), path, slot, pending, how, by, last.at if last else None, lag
    )
