"""One secret's case: its life, its status, and the figures that people ask for."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from forensics.index.life import LifeEvent, LifeRef, SecretLife, StayOnDefault
from forensics.index.lives import Lives
from forensics.lifecycle.holders import Holders
from forensics.lifecycle.refs import Releases, present_at, reachability, refs_by_place
from forensics.lifecycle.status import STATUSES, Statement, Status, status_of

__all__ = ["Case", "cases", "days_between", "since_of", "slots", "stay_days", "worst_first"]

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
    """The first event that brought it, by ancestry; in several repositories, the earliest of
    these."""
    until: int | None
    """When it stopped being of use, in seconds since 1970; None as long as nothing shows that."""
    exposed_days: int | None
    """Whole days from `since` to `until` or now; None where no commit brought it."""
    slot: str
    """Path and key of the slot that it stands in, or stood in last: the path alone where it stands
    in no slot, empty if in no file."""
    people: tuple[tuple[bytes, bytes], ...]
    """Names and addresses of those who committed on top of it."""
    repositories: Mapping[int, bytes]
    """By row, the path of each repository of the index."""
    present_at: Collection[int]
    """Rows of the places where it stands where people work."""
    now: float
    """When this was said, in seconds since 1970."""

    @property
    def present(self) -> bool:
        """Whether it stands where people work."""
        return bool(self.present_at)


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
        repository: only of secrets that are or were in this row: where else they stand counts.
        secret: only the secret of this fingerprint.
        now: seconds since 1970.
    """
    moment = time.time() if now is None else now
    refs, repositories = refs_by_place(lives.refs()), lives.repositories()
    people = Holders(
        ((where, held, (name, email)) for where, name, email, held in lives.people()),
        lambda found: tuple(dict.fromkeys(found)),
    )
    only = [secret] if secret else None
    if repository is not None:
        here = lives.secrets_in(repository)
        only = here if only is None else [one for one in only if one in here]
    for life in lives.all(secrets=only):
        present = present_at(life.places, refs)
        status = status_of(life, present, statements.get(life.secret))
        holding = refs.of(life.places)
        since = since_of(life)
        until = _until(status)
        days = None
        if since is not None:
            end = moment if until is None else until
            days = days_between(since.at.commit_time, end)
        yield Case(
            life, status, reachability(life, holding.refs), holding.refs, holding.releases, since,
            until, days, _slot(life, present), people.of(life.places), repositories, present,
            moment,
        )  # fmt: skip


def days_between(since: int, end: float) -> int:
    """Whole days from one moment to another."""
    return max(0, int(end - since) // _DAY)


def stay_days(stay: StayOnDefault, now: float) -> int:
    """Whole days that a stretch of the default branch held a secret, until now if it still does."""
    return days_between(
        stay.since.commit_time, now if stay.until is None else stay.until.commit_time
    )


def worst_first(case: Case) -> tuple[object, ...]:
    """A key that sorts cases."""
    severities = ("critical", "high", "medium", "low")
    return (
        STATUSES.index(case.status.name),
        severities.index(case.life.severity),
        -(case.exposed_days or 0),
        case.life.secret,
    )


def since_of(life: SecretLife) -> LifeEvent | None:
    """The first event that brought it: by ancestry in each repository, and of repositories, which
    no ancestry joins, the one that had it first by date."""
    repository = {place.id: place.repository for place in life.places}
    first: dict[int, LifeEvent] = {}
    for one in life.events:
        if one.kind == "introduced":
            first.setdefault(repository.get(one.place, 0), one)
    return min(first.values(), key=lambda one: one.at.commit_time, default=None)


def _until(status: Status) -> int | None:
    if status.name == "revoked" and status.statement is not None:
        return status.statement.when
    if status.name == "replaced-everywhere":
        return max(one.at.commit_time for one in status.evidence)
    return None


def _slot(life: SecretLife, present: Collection[int]) -> str:
    """The slot in which it stands where people work, else of the last event."""
    here = [place for place in life.places if place.path is not None and place.id in present]
    here.sort(key=lambda place: (not place.at_default, place.slot is None))
    slots = [(place.path, place.slot) for place in here[:1]] or [
        (one.path, one.slot) for one in life.events if one.slot is not None
    ]
    if not slots:
        return ""
    path = (slots[-1][0] or b"").decode("utf-8", "backslashreplace")
    return f"{path}: {slots[-1][1]}" if slots[-1][1] else path


def slots(lives: Lives, secrets: Collection[str]) -> dict[str, str]:
    """The slot of each of these secrets, as its case has it."""
    refs = refs_by_place(lives.refs())
    return {
        life.secret: _slot(life, present_at(life.places, refs))
        for life in lives.all(secrets=secrets)
    }
