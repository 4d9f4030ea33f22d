"""What happened, as one story: what history says, and what people and the program did."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from forensics.index.journal import Journal, JournalRow, of_secret
from forensics.index.life import LifeEvent
from forensics.index.lives import Lives
from forensics.index.reader import IndexReader
from forensics.lifecycle.case import Case
from forensics.lifecycle.own_events import own_events
from forensics.report.case_json import event_object
from forensics.report.case_lines import event_line
from forensics.report.text import iso_date, printable

__all__ = ["StoryEvent", "as_objects", "event_lines", "journal_story", "secret_story"]


_SHORT = 8
"""Characters of a fingerprint that tell which secret it is."""


class StoryEvent(NamedTuple):
    """Something that happened, told by a commit or by the journal."""

    kind: str
    row: JournalRow | None = None
    """Of the journal, or None where history tells it."""
    told: LifeEvent | None = None


def journal_story(rows: Iterable[JournalRow]) -> list[StoryEvent]:
    """What people and the program did."""
    return [StoryEvent(row.kind, row) for row in rows]


def secret_story(
    reader: IndexReader, lives: Lives, journal: Journal, secret: str
) -> list[StoryEvent]:
    """Everything that concerns one secret, in causal order, without asking a clock: what a commit
    says stands where the first scan that knew of the commit stands in the journal. Merges that
    only bring an earlier removal to another branch are left out."""
    scan_row = {
        run: row.id
        for row in journal.rows()
        if row.kind == "scan-started" and isinstance(run := row.facts.get("run"), int)
    }
    runs = reader.runs_that_saw(secret)
    placed: list[tuple[int, StoryEvent]] = [
        (scan_row.get(runs.get(event.at.commit, 0), 0), StoryEvent(event.how, told=event))
        for life in lives.all(secrets=(secret,))
        for event in own_events(life.events)
    ]
    placed += [(row.id, StoryEvent(row.kind, row)) for row in journal.rows(of_secret(secret))]
    placed.sort(key=lambda one: one[0])  # stable: ancestry orders what one scan found
    return [event for _, event in placed]


def _detail(row: JournalRow) -> str:
    """What a row says besides, on one line."""
    facts = row.facts
    first = [str(facts.pop(name)) for name in ("state", "was", "preview") if facts.get(name)]
    for name in ("expires", "due", "revoked_at"):
        if isinstance(moment := facts.get(name), int):
            facts[name] = (iso_date(moment, 0) or "")[:10]
    more = [
        f"{name} {value if isinstance(value, (str, int)) else json.dumps(value)}"
        for name, value in facts.items()
        if name not in ("scanner", "repository")
    ]
    return printable("; ".join([*first, *more]))


def event_lines(story: Iterable[StoryEvent], case: Case | None = None) -> Iterator[str]:
    """One line an event; `case` is of the secret that it is about, if it is about one."""
    for event in story:
        if event.told is not None:
            yield f"{'':<6}{event_line(event.told, case)}"
        elif event.row is not None:
            row = event.row
            date = (iso_date(row.time, 0) or "")[:19] + "Z"
            because = f"  (because of {row.related_to})" if row.related_to else ""
            subject = "" if row.conversation == of_secret(row.subject) else printable(row.subject)
            if row.kind == "revealed":
                subject = f"#{printable(row.subject)[:_SHORT]}"
            yield (
                f"{row.id:<6}{date:<21} {event.kind:<14} {printable(row.actor)}"
                f"  {f'{subject}  ' if subject else ''}{_detail(row)}{because}".rstrip()
            )


def as_objects(story: Iterable[StoryEvent]) -> Iterator[dict[str, Any]]:
    """One object an event, for JSON."""
    for event in story:
        if event.told is not None:
            yield {"source": "history", **event_object(event.told)}
        elif event.row is not None:
            row = event.row
            yield {
                "source": "journal", "id": row.id, "kind": event.kind,
                "date": iso_date(row.time, 0), "conversation": row.conversation,
                "related_to": row.related_to, "actor": row.actor, "subject": row.subject,
                "detail": row.facts,
            }  # fmt: skip
