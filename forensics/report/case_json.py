"""One secret's case as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from forensics.index.life import LifeEvent, LifeRef, Moment, SlotEvent, StayOnDefault
from forensics.index.reader import IndexReader
from forensics.index.stored_facts import stored_facts
from forensics.lifecycle.case import Case, stay_days
from forensics.lifecycle.own_events import moved_once
from forensics.lifecycle.ref_spans import RefSpan
from forensics.lifecycle.refs import holds
from forensics.lifecycle.slot_history import slot_values
from forensics.report.text import iso_date, json_text

__all__ = ["case_object", "event_object"]


def _date(moment: Moment) -> str | None:
    return iso_date(moment.commit_time, moment.commit_offset)


def event_object(one: LifeEvent) -> dict[str, Any]:
    """One event; `related_to` is the commit of the event that it goes with."""
    related = one.related
    return {
        "kind": "removed" if one.how == "merged" else one.how,
        "by_merge": one.how == "merged",
        "commit": one.at.commit,
        "path": json_text(one.path),
        "line": one.line,
        "slot": one.slot,
        "via": one.via or None,
        "author": json_text(one.at.author),
        "author_email": json_text(one.at.email),
        "author_date": iso_date(one.at.author_time, one.at.author_offset),
        "committer": json_text(one.at.committer),
        "committer_email": json_text(one.at.committer_email),
        "commit_date": _date(one.at),
        "reach": one.at.reach,
        "related_to": related and related.commit,
        "related": related
        and {"kind": related.how, "commit": related.commit, "path": json_text(related.path),
             "secret": related.secret},
        "uncertain": one.uncertain or None,
    }  # fmt: skip


def _ref_entries(case: Case) -> Iterator[dict[str, Any]]:
    """Each ref with each path at which it holds the secret."""
    for ref in case.refs:
        for place in case.life.places:
            if holds(ref, place):
                yield {
                    "repository": json_text(case.repositories.get(ref.repository)),
                    "name": json_text(ref.name),
                    "kind": ref.kind,
                    "path": json_text(place.path),
                    "default": ref.is_default,
                }


def _place_entries(case: Case) -> Iterator[dict[str, Any]]:
    """Where it stands now, each place with the first ref that holds it, the default branch's; a tag
    or a stash only where nothing else does."""
    ordered = sorted(case.refs, key=lambda ref: (not ref.is_default, *_beside(ref)))
    for place in case.life.places:
        ref = next((one for one in ordered if holds(one, place)), None)
        if ref is not None or place.at_tip or place.kind == "file":
            yield {
                "path": json_text(place.path),
                "line": place.line,
                "ref": json_text(ref.name) if ref else None,
                "kind": place.kind,
                "repository": json_text(case.repositories.get(place.repository)),
                "by_value": place.by_value,
            }


def _beside(ref: LifeRef) -> tuple[bool, bool]:
    return ref.kind == "stash", ref.kind == "tag"


def _span(case: Case, one: RefSpan) -> dict[str, Any]:
    """From which commit to which a ref had it."""
    return {
        "repository": json_text(case.repositories.get(one.repository)),
        "name": json_text(one.name),
        "kind": one.kind,
        "default": one.is_default,
        "at_tip": one.holds,
        "since": one.since and one.since.commit,
        "since_date": one.since and _date(one.since),
        "until": one.until and one.until.commit,
        "until_date": one.until and _date(one.until),
    }


def _stay(one: StayOnDefault, now: float) -> dict[str, Any]:
    return {
        "since": one.since.commit,
        "since_date": _date(one.since),
        "until": one.until and one.until.commit,
        "until_date": one.until and _date(one.until),
        "commits": one.commits,
        "days": stay_days(one, now),
    }


def _slot_entries(case: Case, events: Sequence[SlotEvent]) -> list[dict[str, Any]]:
    return [
        {
            "repository": json_text(case.repositories.get(one.repository)),
            "path": json_text(one.path),
            "slot": one.slot,
            "stands": one.stands,
            "secret": one.secret,
            "preview": one.preview or None,
            "identifier": one.identifier and dict([one.identifier]),
            "via": one.via or None,
            "commit": one.at.commit,
            "commit_date": _date(one.at),
            "reach": one.at.reach,
        }
        for one in slot_values(events)
    ]


def case_object(
    case: Case, reader: IndexReader, slot_events: Sequence[SlotEvent], spans: Sequence[RefSpan]
) -> dict[str, Any]:
    """Everything that `forensics show` says.

    Args:
        case: of the secret.
        reader: of the index.
        slot_events: what happened to its slots.
        spans: from when to when each ref had it.
    """
    life, status, said = case.life, case.status, case.status.statement
    why, remedy = reader.advice(life.rule)
    where = {place.id: place.repository for place in life.places}
    return {
        "secret": life.secret,
        "rule": life.rule,
        "title": life.title,
        "severity": life.severity,
        "confidence": round(life.confidence, 3),
        "preview": life.preview,
        "facts": dict(stored_facts(life.facts)),
        "status": status.name,
        "stated": said and {"state": said.state, "by": said.by, "evidence": said.evidence,
                            "date": iso_date(said.when, 0)},
        "uncertain": list(status.uncertain),
        "reachability": case.reachability,
        "exposed_days": case.exposed_days,
        "slot": case.slot or None,
        "events": [
            {**event_object(one), "repository": json_text(case.repositories.get(where[one.place]))}
            for one in moved_once(life.events)
        ],
        "evidence": [
            {**event_object(one), "repository": json_text(case.repositories.get(where[one.place]))}
            for one in status.evidence
        ],
        "refs": list(_ref_entries(case)),
        "by_ref": [_span(case, one) for one in spans],
        "releases": {
            "first": json_text(case.releases.first),
            "last": json_text(case.releases.last),
            "count": case.releases.number,
        },
        "places": list(_place_entries(case)),
        "default_branch": [_stay(one, case.now) for one in life.stays],
        "people": [
            {"name": json_text(name), "email": json_text(email)} for name, email in case.people
        ],
        "slots": _slot_entries(case, slot_events),
        "looked_for_by_value": life.swept,
        "why": why,
        "remedy": remedy,
        "todo": status.todo,
    }  # fmt: skip
