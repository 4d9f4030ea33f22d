"""One secret's case: its life, its status, and the figures that people ask for."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from forensics.index.life import LifeEvent, LifeRef, Lives, SecretLife
from forensics.lifecycle.refs import Releases, present_in, reachability, refs_holding, releases
from forensics.lifecycle.status import STATUSES, Statement, Status, status_of

__all__ = ["Case", "cases", "worst_first"]

_DAY = 86_400


class Case(NamedTuple):
    """What can be said of a secret, with the evidence."""

    life: SecretLife
    status: Status
    reachability: str
    refs: tuple[LifeRef, ...]
    """Those that hold it at their tips."""
    releases: Releases
    since: LifeEvent | None
    """The first event that brought it, by ancestry."""
    until: int | None
    """When it stopped being of use, in seconds since 1970; None as long as nothing shows that."""
    exposed_days: int | None
    """Whole days from `since` to `until` or now; None where no commit brought it."""
    slot: str
    """Path and key of the slot that it stands in, or stood in last; empty if it has none."""
    people: tuple[tuple[bytes, bytes], ...]
    """Names and addresses of those who committed on top of it."""

    @property
    def present(self) -> bool:
        """Whether it stands where people work."""
        return any(present_in(place, self.refs) for place in self.life.places)


def cases(
    lives: Lives,
    statements: Mapping[str, Statement],
    *,
    repository: int | None = None,
    secret: str = "",
    now: float | None = None,
) -> Iterator[Case]:
    """The case of every secret, or of one, in the order of the index.

    Args:
        lives: of the index.
        statements: by fingerprint, what people said that still holds.
        repository: only what concerns this row.
        secret: only the secret of this fingerprint.
        now: seconds since 1970.
    """
    moment = time.time() if now is None else now
    refs, people = lives.refs(), lives.people()
    for life in lives.all(repository, secret):
        status = status_of(life, refs, statements.get(life.secret))
        holding = tuple(refs_holding(life.places, refs))
        since = next((one for one in life.events if one.kind == "introduced"), None)
        until = _until(status)
        days = None
        if since is not None:
            end = moment if until is None else until
            days = max(0, int(end - since.at.commit_time) // _DAY)
        bits: dict[int, int] = {}
        for place in life.places:
            bits[place.repository] = bits.get(place.repository, 0) | 1 << place.number
        had = {(name, email): None for where, name, email, held in people
               if held & bits.get(where, 0)}  # fmt: skip
        yield Case(
            life, status, reachability(life, holding), holding, releases(holding), since, until,
            days, _slot(life, holding), tuple(had),
        )  # fmt: skip


def worst_first(case: Case) -> tuple[object, ...]:
    """A key that sorts cases."""
    severities = ("critical", "high", "medium", "low")
    return (
        STATUSES.index(case.status.name),
        severities.index(case.life.severity),
        -(case.exposed_days or 0),
        case.life.secret,
    )


def _until(status: Status) -> int | None:
    if status.name == "revoked" and status.statement is not None:
        return status.statement.when
    if status.name == "replaced-everywhere":
        return max(one.at.commit_time for one in status.evidence)
    return None


def _slot(life: SecretLife, refs: tuple[LifeRef, ...]) -> str:
    """The slot of the last event at a place where it still stands, else of the last of all."""
    here = {place.id for place in life.places if present_in(place, refs)}
    slotted = [one for one in life.events if one.slot is not None and one.path is not None]
    chosen = [one for one in slotted if one.place in here] or slotted
    if not chosen:
        return ""
    path = (chosen[-1].path or b"").decode("utf-8", "backslashreplace")
    return f"{path}: {chosen[-1].slot}" if chosen[-1].slot else path
