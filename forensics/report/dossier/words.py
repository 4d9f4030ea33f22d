"""Words that reports in HTML and in Markdown say alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forensics.index.life import LifeEvent, LifePlace
from forensics.index.triage import Triaged
from forensics.lifecycle.case import Case
from forensics.lifecycle.slot_history import SlotValue
from forensics.report.case_lines import moved
from forensics.report.dossier.gathered import Gathered
from forensics.report.text import iso_date

__all__ = [
    "LIMITS",
    "MOST",
    "decided",
    "doubts",
    "event_note",
    "event_repositories",
    "first_and_last",
    "headline",
    "moment_date",
    "place_text",
    "releases_text",
    "short_ref",
    "stood",
]  # fmt: skip

MOST = 60
"""Rows of one table of a secret."""
LIMITS = (
    "Dates are those of commits, which can lie. Who copied a repository has what it held then:"
    " forks, hosts' caches and other clones are not seen from here. Deleted is not rotated, and"
    " replaced is not revoked: that only a person or another system can say. Values are not in"
    " this report; people's names and addresses, paths and commits are."
)


def moment_date(seconds: int | None, offset: int = 0) -> str:
    """A day, as the commit's own clock has it."""
    return (iso_date(seconds, offset) or "no date")[:10]


def headline(gathered: Gathered) -> str:
    """The one sentence to read."""
    total, left = gathered.total, gathered.left
    if not total:
        known = ", but not everything could be looked through" if gathered.scope.gaps else ""
        return f"No secret was found{known}."
    secrets = "1 secret" if total == 1 else f"{total:,} secrets"
    if not left:
        return f"{secrets}; nothing is left to do."
    open_ = gathered.counts["exposed"] + gathered.counts["rolled-back"]
    open_ += gathered.counts["replaced-still-elsewhere"]
    standing = (
        f"{open_:,} still stand" if open_ > 1 else "1 still stands" if open_ else "none stands"
    )
    return f"{secrets}; something is left to do about {left:,}; {standing} where people work."


def doubts(case: Case) -> str:
    """Why its status may be otherwise."""
    return "; ".join(case.status.uncertain)


def decided(one: Triaged, now: int) -> str:
    """What people decided, and whether it still holds."""
    said, state = one.decision, one.state(now)
    parts = [state if state == said.state else f"open again, was {said.state}"]
    parts.append(f"by {one.actor} on {moment_date(one.changed)}")
    parts += [f"owner {said.owner}"] if said.owner else []
    parts += [] if said.revoked_at is None else [f"revoked on {moment_date(said.revoked_at)}"]
    parts += [] if said.due is None else [f"due on {moment_date(said.due)}"]
    parts += [] if said.expires is None else [f"until {moment_date(said.expires)}"]
    return ", ".join([*parts, *(text for text in (said.reason, said.evidence, said.note) if text)])


def event_note(one: LifeEvent) -> str:
    """What an event goes with, and how sure that is."""
    other, parts = one.related, []
    if other is not None and one.how == "replaced":
        parts.append(f"by {other.preview} #{other.secret[:8]}")
    elif other is not None and one.how in ("moved", "copied"):
        parts.append(moved(one).strip())
    elif other is not None:
        parts.append(f"after {other.commit[:12]}")
    if one.via:
        parts.append(f"{'to' if one.how == 'renamed' else 'through'} {one.via}")
    if one.at.reach not in ("branch", "tag"):
        parts.append(f"reached by {'nothing' if one.at.reach == 'none' else one.at.reach}")
    if one.uncertain:
        parts.append(f"uncertain: {one.uncertain}")
    return "; ".join(parts)


def event_repositories(case: Case) -> Mapping[int, int]:
    """By place, the row of the repository that it and its events are in."""
    return {place.id: place.repository for place in case.life.places}


def stood(one: SlotValue) -> str:
    """What came to stand in a slot."""
    aside = ", in a stash" if one.stash else ""
    if one.secret is None:
        return one.stood + aside
    name = "" if one.identifier is None else f", {': '.join(map(str, one.identifier))}"
    return f"{one.preview} #{one.secret[:8]}{name}{aside}"


def first_and_last(events: Sequence[LifeEvent], most: int = MOST) -> Sequence[LifeEvent]:
    """Of many events, the first and the last half of what can be shown."""
    if len(events) <= most:
        return events
    return [*events[: most - most // 2], *events[-(most // 2) :]]


def place_text(case: Case, one: LifePlace) -> str:
    """Whether a secret stands at a place now."""
    if one.ignored:
        return f"ignored by {one.ignored}"
    if one.gone:
        return "the object is gone"
    if one.id in case.present_at:
        return "present" + (", found by its value alone" if one.by_value else "")
    return "at the tip of a tag or stash only" if one.at_tip else "removed"


def releases_text(case: Case) -> str:
    """First, last and number of the releases that hold a secret."""
    first, last, number = case.releases
    if not number or first is None or last is None:
        return ""
    names = [one.decode("utf-8", "backslashreplace") for one in (first, last)]
    return names[0] if number == 1 else f"{number:,}, from {names[0]} to {names[1]}"


def short_ref(name: bytes) -> bytes:
    """A ref as people write it."""
    for start in (b"refs/heads/", b"refs/tags/", b"refs/remotes/"):
        if name.startswith(start):
            return name[len(start) :]
    return name
