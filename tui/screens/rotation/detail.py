"""One secret's rotation in lines: status and what shows it, slots by environment, owner."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.index.database import Connection
from forensics.index.lives import Lives
from forensics.index.reader import IndexReader
from forensics.lifecycle.case import Case, cases
from forensics.lifecycle.pending import SlotState, slot_states
from forensics.lifecycle.statements import stated
from forensics.report.case_lines import event_lines, status_lines
from forensics.report.known import environment_of
from forensics.report.text import iso_date, printable

__all__ = ["detail_lines"]

_MOST = 200


def _day(seconds: int | None, offset: int = 0) -> str:
    return (iso_date(seconds, offset) or "")[:10]


def _at(one: SlotState) -> str:
    return "" if one.at is None else _day(one.at.commit_time, one.at.commit_offset)


def _slot(one: SlotState) -> str:
    where = printable(one.path) + (f" [{printable(one.slot)}]" if one.slot else "")
    when = f" since {_at(one)}" if one.at is not None else ""
    what = f"PENDING{when}" if one.pending else f"{one.how} {_at(one)}"
    by = f" by {printable(one.by)}" if one.by else ""
    lag = "" if one.lag_days is None else f", lag {one.lag_days:,}d"
    return f"{printable(one.environment) or '-':<6} {what}{by}{lag}  {where}"


def detail_lines(index: Connection, secret: str, now: float) -> list[str]:
    """What is known of one secret's rotation; every line printable."""
    decided = IndexReader(index).decision(secret)
    told = stated([decided] if decided else [], now)
    case = next(cases(Lives(index), told, secret=secret, now=now), None)
    if case is None:
        return [f"#{secret[:8]} stands nowhere any more"]
    lines = [f"{printable(case.life.preview)} #{secret[:8]}  {printable(case.life.rule)}"]
    lines += status_lines(case)
    if decided is not None:
        said = decided.decision
        parts = [decided.state(now)] + [f"owner {said.owner}"] * bool(said.owner)
        parts += [f"due {_day(said.due)}"] * (said.due is not None)
        parts += [f"revoked {_day(said.revoked_at)}"] * (said.revoked_at is not None)
        parts += [one for one in (said.evidence, said.reason, said.note) if one]
        lines.append(
            printable(f"{', '.join(parts)}; by {decided.actor} on {_day(decided.changed)}")
        )
    lines += _more(case, now)
    return lines[:_MOST]


def _more(case: Case, now: float) -> Iterator[str]:
    slots = slot_states(case, environment_of, now)
    pending = sum(one.pending for one in slots)
    yield ""
    yield f"SLOTS  {pending:,} of {len(slots):,} pending"
    yield from map(_slot, slots[:_MOST])
    if case.status.evidence:
        yield ""
        yield "SHOWN BY"
        yield from event_lines(case.status.evidence[:_MOST], case)
