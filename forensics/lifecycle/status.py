"""Where a secret stands: from what happened to it, and never from less.

Deleting a secret does not rotate it, replacing it does not revoke it. A status names the events
that it follows from.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from forensics.index.life import LifeEvent, SecretLife

__all__ = ["STATUSES", "Course", "Statement", "Status", "name_of", "named", "status_of"]

STATUSES = (
    "exposed",
    "rolled-back",
    "replaced-still-elsewhere",
    "externalised-not-rotated",
    "deleted-not-rotated",
    "replaced-everywhere",
    "revoked",
    "ignored",
)
"""The worst first."""

_TODO = {
    "exposed": "make a new value, put it where this one stands, revoke this one",
    "rolled-back": "an earlier value is back: put the new one in its place again, revoke this one",
    "replaced-still-elsewhere": "replace it in the places left, then revoke it",
    "externalised-not-rotated": "it only moved out of the files: make a new value, revoke this one",
    "deleted-not-rotated": "deleting is no rotation: make a new value, revoke this one",
    "replaced-everywhere": "confirm that the old value is revoked:"
    " `forensics triage SECRET --state revoked`",
    "revoked": "",
    "ignored": "",
}
_NEVER_COMMITTED = (
    "no commit here ever had it: where it is still staged (`git ls-files -s` names the blob),"
    " unstage it; else it was dropped; make a new value unless nobody else can have seen it"
)
_CHANGED = ("replaced", "externalised")
_WORKED_ON = ("branch", "tag")
"""What leads to commits that count."""


class Statement(NamedTuple):
    """What a person or another system says of a secret."""

    state: str
    """As `forensics triage` has it."""
    by: str
    when: int
    """Seconds since 1970; of a revocation, when that was."""
    evidence: str = ""


class Course(NamedTuple):
    """What happened to a secret where people work: all that its status follows from."""

    present: bool
    """Whether it stands there, or, unless it was taken away, at any tip."""
    back: bool
    """Whether it was rolled back to where it stands."""
    ended: bool
    """Whether it was taken away for good."""
    changed: bool
    """Whether something took its place."""
    replaced: bool
    """Whether that was another value."""


class Status(NamedTuple):
    """Where a secret stands, and why that is said."""

    name: str
    evidence: tuple[LifeEvent, ...]
    """In an order that follows ancestry."""
    statement: Statement | None
    uncertain: tuple[str, ...]
    """Why it may be otherwise."""
    todo: str
    by_events: str
    """What its name were if nobody had said anything; `ignored` where lists say so."""


def name_of(course: Course) -> str:
    """The status that follows from what happened."""
    if course.present:
        if course.back:
            return "rolled-back"
        return "replaced-still-elsewhere" if course.changed else "exposed"
    if not course.ended:  # no commit took it away: whatever led to those that have it is gone
        return "deleted-not-rotated"
    if course.replaced:
        return "replaced-everywhere"
    return "externalised-not-rotated" if course.changed else "deleted-not-rotated"


def named(by_events: str, state: str) -> str:
    """The name of a status.

    Args:
        by_events: what follows from events.
        state: what people said, that holds now.
    """
    if state == "revoked":
        return state
    return by_events if state in ("open", "confirmed") else "ignored"


def status_of(
    life: SecretLife, present_at: Collection[int], statement: Statement | None = None
) -> Status:
    """Where a secret stands.

    Args:
        life: of the secret.
        present_at: rows of its places where it stands where people work.
        statement: what somebody said of it that still holds.
    """
    doubts = list(dict.fromkeys(_doubts(life)))
    ignored = bool(life.places) and all(one.ignored for one in life.places)
    name, evidence = ("ignored", ()) if ignored else _by_events(life, present_at)
    came = [one.at.commit_time for one in life.events if one.kind == "introduced"]
    if statement is not None and statement.state == "revoked":
        if came and statement.when < min(came):
            doubts.append("it is said to be revoked before a commit first had it")
        return _status("revoked", _lasting(life), statement, doubts, name)
    if ignored or (statement is not None and named(name, statement.state) == "ignored"):
        return _status("ignored", (), statement, doubts, name)
    if not life.swept and name not in ("exposed", "rolled-back", "replaced-still-elsewhere"):
        doubts.append("it was looked for by rules alone, not by its value")
    status = _status(name, evidence, statement, doubts, name)
    if name == "deleted-not-rotated" and _never_committed(life):
        return status._replace(todo=_NEVER_COMMITTED)
    return status


def _status(
    name: str,
    evidence: Sequence[LifeEvent],
    statement: Statement | None,
    doubts: Sequence[str],
    by_events: str,
) -> Status:
    return Status(name, tuple(evidence), statement, tuple(doubts), _TODO[name], by_events)


def _by_events(life: SecretLife, present_at: Collection[int]) -> tuple[str, Sequence[LifeEvent]]:
    present = [one for one in life.places if one.id in present_at]
    ends = _lasting(life)
    if not present and not ends and any(one.at_tip for one in life.places):
        # Nothing that is no tag holds it, and no commit took it away.
        present = [one for one in life.places if one.at_tip]
    changed = [
        one for one in _weighed(life)
        if one.how in _CHANGED and (one in ends or (one.kind == "changed" and one.lasting))
    ]  # fmt: skip
    here = {one.id for one in present}
    back = [one for one in life.events if one.how == "rolled-back" and one.lasting
            and one.place in here]  # fmt: skip
    name = name_of(
        Course(
            bool(present), bool(back), bool(ends), bool(changed),
            any(one.how == "replaced" for one in changed),
        )
    )  # fmt: skip
    if name == "rolled-back":
        return name, back
    if name == "exposed":
        return name, _latest(
            [one for one in life.events if one.kind == "introduced" and one.place in here]
        )
    if not ends and not changed:  # what led there is all that is known of it
        return name, _latest([one for one in life.events if one.kind == "introduced"])
    return name, changed if present or not ends else ends


def _never_committed(life: SecretLife) -> bool:
    """Whether it stands in contents alone that no commit here ever had."""
    kinds = {one.kind for one in life.places}
    return not life.events and kinds == {"blob"}


def _latest(events: Sequence[LifeEvent]) -> list[LifeEvent]:
    """The last event of each place."""
    return list({one.place: one for one in events}.values())


def _weighed(life: SecretLife) -> list[LifeEvent]:
    """What happened where people work, or on the way to a release; all if nothing happened there.
    What somebody only stashed, amended away or left behind rotates nothing."""
    if not any(one.reach in _WORKED_ON for one in life.places):
        return list(life.events)
    return [one for one in life.events if one.at.reach in _WORKED_ON]


def _lasting(life: SecretLife) -> list[LifeEvent]:
    """What took the secret away from a place to which no commit on top of that brought it back;
    not where it only moved on, nor where a merge only repeats what was done before."""
    return [
        one for one in _weighed(life)
        if one.kind == "removed" and one.lasting and one.how not in ("moved", "merged")
    ]  # fmt: skip


def _doubts(life: SecretLife) -> list[str]:
    found = [one.uncertain for one in life.events if one.uncertain]
    if _backwards(life.events):
        found.append("dates of its commits run backwards")
    if any(one.gone for one in life.places):
        found.append("an object that held it is gone")
    return found


def _backwards(events: Sequence[LifeEvent]) -> bool:
    """Whether a secret left some place before it first came there, by the dates of commits."""
    came: dict[int, int] = {}
    for one in events:
        if one.kind == "introduced":
            came[one.place] = min(one.at.commit_time, came.get(one.place, one.at.commit_time))
        elif one.at.commit_time < came.get(one.place, one.at.commit_time):
            return True
    return False
