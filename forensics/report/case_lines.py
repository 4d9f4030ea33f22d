"""Parts of one secret's page in a terminal, as lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from forensics.index.life import LifeEvent, Moment, SlotEvent
from forensics.lifecycle.case import Case, stay_days
from forensics.lifecycle.own_events import own_events
from forensics.lifecycle.ref_spans import RefSpan
from forensics.lifecycle.slot_history import slot_values
from forensics.report.text import iso_date, printable

__all__ = [
    "WIDTH", "event_line", "event_lines", "labelled", "moved", "people_lines", "ref_lines",
    "slot_lines", "span_lines", "status_lines", "stay_lines",
]  # fmt: skip

WIDTH = 92
_FEW = 8
"""Names on one line."""
_MOST_SLOT_LINES = 40
_MOST_SPANS = 20


def labelled(label: str, lines: Iterable[str]) -> Iterator[str]:
    """Lines under a label that stands on the first."""
    for number, line in enumerate(lines):
        yield f"{label if not number else '':<11}{line}".rstrip()


def _where(case: Case, repository: int | None) -> str:
    """The repository of an index in which a secret stands in several."""
    if repository is None or len({one.repository for one in case.life.places}) < 2:
        return ""
    return f"  in {printable(case.repositories[repository])}"


def _day(moment: Moment) -> str:
    return (iso_date(moment.commit_time, moment.commit_offset) or "no date")[:10]


def _person(moment: Moment) -> str:
    who = f"{printable(moment.author)} <{printable(moment.email)}>"
    if (moment.committer, moment.committer_email) != (moment.author, moment.email):
        who += f", committed by {printable(moment.committer)}"
    return who


def status_lines(case: Case) -> Iterator[str]:
    status = case.status
    days = "" if case.exposed_days is None else f", exposed for {case.exposed_days:,} days"
    yield f"{status.name.upper()}, {case.reachability}{days}"
    for doubt in status.uncertain:
        yield f"uncertain: {printable(doubt)}"
    if status.todo:
        yield from textwrap.wrap(f"to do: {status.todo}", WIDTH)


def moved(one: LifeEvent) -> str:
    """Where what was moved came from, or went to, or was copied from, in words; empty of anything
    else."""
    if one.how not in ("moved", "copied") or one.related is None:
        return ""
    way = "to" if one.how == "moved" and one.kind != "introduced" else "from"
    return f" {way} {printable(one.related.path or b'')}"


def _related(one: LifeEvent) -> str:
    """What an event goes with, in words."""
    other = one.related
    if other is None:
        return ""
    if one.how == "replaced":
        return f" by {other.preview} #{other.secret[:8]}"
    if one.how in ("moved", "copied"):
        return moved(one)
    if one.how == "introduced":
        return f", the same change as {other.commit[:12]}"
    return f" after {other.commit[:12]}"


def event_line(one: LifeEvent, case: Case | None = None) -> str:
    """What happened, where, in which slot, by whom.

    Args:
        one: the event.
        case: of its secret, where the line is to say in which of several repositories it was.
    """
    repository = ""
    if case is not None:
        rows = (place.repository for place in case.life.places if place.id == one.place)
        repository = _where(case, next(rows, None))
    where = printable(one.path) if one.path is not None else "its message"
    line = f":{one.line}" if one.line and one.path is not None else ""
    slot = f"  [{printable(one.slot)}]" if one.slot else ""
    way = "to" if one.how == "renamed" else "through"
    via = f" {way} {printable(one.via)}" if one.via else ""
    reach = "" if one.at.reach in ("branch", "tag") else f"  ({one.at.reach})"
    doubt = f"  (uncertain: {printable(one.uncertain)})" if one.uncertain else ""
    return (
        f"{_day(one.at)}  {one.how:<12} {one.at.commit[:12]}  {where}{line}{slot}{via}"
        f"{_related(one)}  {_person(one.at)}{repository}{reach}{doubt}"
    )


def event_lines(events: Sequence[LifeEvent], case: Case) -> Iterator[str]:
    """What happened to a secret, one line an event.

    Args:
        events: some of its events, or all.
        case: of it.
    """
    yield from (event_line(one, case) for one in own_events(events))
    if merged := sum(one.how == "merged" for one in events):
        yield f"and {merged:,} merges of branches that still had it"


def stay_lines(case: Case) -> Iterator[str]:
    for one in case.life.stays:
        until = (
            "until now" if one.until is None else f"to {_day(one.until)} {one.until.commit[:12]}"
        )
        since = f"{_day(one.since)} {one.since.commit[:12]}"
        days = f"{stay_days(one, case.now):,} days"
        yield f"{one.commits:,} commits, {days}, {since} {until}{_where(case, one.repository)}"


def ref_lines(case: Case) -> Iterator[str]:
    kinds: dict[tuple[int, str], list[bytes]] = {}
    for ref in case.refs:
        kinds.setdefault((ref.repository, ref.kind), []).append(ref.name)
    for (repository, kind), names in kinds.items():
        shown = ", ".join(printable(name) for name in names[:_FEW])
        more = f" and {len(names) - _FEW:,} more" if len(names) > _FEW else ""
        yield f"{len(names):,} {kind}: {shown}{more}{_where(case, repository)}"
    first, last, number = case.releases
    if first is not None and last is not None:
        yield f"releases: {number:,}, from {printable(first)} to {printable(last)}"


def span_lines(case: Case, spans: Sequence[RefSpan]) -> Iterator[str]:
    """From which commit to which each ref had it: branches and their like before tags, and those
    that have it before those that had it once. Refs of a kind of which the same is said share a
    line."""
    ordered = sorted(spans, key=lambda one: (not one.holds, one.kind == "tag", not one.is_default))
    alike: dict[tuple[object, ...], list[RefSpan]] = {}
    for one in ordered:
        alike.setdefault((one.repository, one.kind, one.since, one.until), []).append(one)
    for one, *more in list(alike.values())[:_MOST_SPANS]:
        others = f" and {len(more):,} more" if more else ""
        since = "it is known" if one.since is None else f"{_day(one.since)} {one.since.commit[:12]}"
        until = (
            "still at its tip" if one.until is None
            else f"to {_day(one.until)} {one.until.commit[:12]}"
        )  # fmt: skip
        yield f"{printable(one.name)}{others}: since {since}, {until}{_where(case, one.repository)}"
    if len(alike) > _MOST_SPANS:
        left = sum(map(len, list(alike.values())[_MOST_SPANS:]))
        yield f"and {left:,} more"


def people_lines(case: Case) -> Iterator[str]:
    if case.people:
        shown = ", ".join(
            f"{printable(name)} <{printable(email)}>" for name, email in case.people[:_FEW]
        )
        more = f" and {len(case.people) - _FEW:,} more" if len(case.people) > _FEW else ""
        yield from textwrap.wrap(
            f"{len(case.people):,} had it: {shown}{more}", WIDTH, subsequent_indent="  "
        )


def slot_lines(events: Sequence[SlotEvent], repositories: Mapping[int, bytes]) -> Iterator[str]:
    """What stood in each slot, one value after another.

    Args:
        events: of the slots.
        repositories: by row, the path of each.
    """
    slot: tuple[int, bytes, str, str] | None = None
    values = list(slot_values(events))
    several = len({one.repository for one in values}) > 1
    for number, one in enumerate(values):
        if number >= _MOST_SLOT_LINES:
            yield f"and {len(values) - number:,} more"
            return
        if (*one[:3], one.stash) != slot:
            slot = (*one[:3], one.stash)
            where = f"  in {printable(repositories[one.repository])}" if several else ""
            name = f": {printable(one.slot)}" if one.slot else ""
            yield f"{printable(one.path)}{name}{'  in a stash' if one.stash else ''}{where}"
        stood = one.stood
        if one.secret is not None:
            name = "" if one.identifier is None else f"  {': '.join(one.identifier)}"
            stood = f"{one.preview} #{one.secret[:8]}{name}"
        yield f"  {_day(one.at)}  {one.at.commit[:12]}  {printable(stood)}"
