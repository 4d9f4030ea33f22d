"""A report as Markdown that reads well on GitHub, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from forensics import __version__
from forensics.lifecycle.case import Case
from forensics.lifecycle.own_events import own_events
from forensics.lifecycle.slot_history import slot_values
from forensics.report.dossier.gathered import MEANING, Gathered, Row, nameless
from forensics.report.dossier.words import (
    LIMITS,
    decided,
    doubts,
    event_note,
    event_repositories,
    first_and_last,
    headline,
    moment_date,
    place_text,
    short_ref,
    stood,
)
from forensics.report.markdown_text import code, prose
from forensics.report.text import iso_date

__all__ = ["markdown"]

_ROWS, _SECTIONS, _DRAWN, _LINES = 500, 100, 30, 20
"""Rows of the summary, secrets told, secrets drawn, lines of one list."""


def markdown(gathered: Gathered) -> Iterator[str]:
    """The lines of the report."""
    scope = gathered.scope
    yield "# Secrets"
    yield ""
    names = list(scope.repositories.values())
    listed = ", ".join(code(one) for one in names[:_LINES])
    more = f" and {len(names) - _LINES:,} more" if len(names) > _LINES else ""
    yield f"{listed}{more} · as of {(iso_date(scope.now, 0) or '')[:16].replace('T', ' ')} UTC"
    if scope.selection:
        yield ""
        yield f"Only {code(scope.selection)}."
    yield ""
    yield f"**{headline(gathered)}**"
    for gap in scope.gaps:
        yield ""
        yield f"> {prose(gap)}"
    if gathered.rows:
        yield from _counts(gathered)
        yield from _drawn(gathered)
        yield from _summary(gathered.rows, gathered.total)
        yield from _sections(gathered)
    yield ""
    yield "---"
    yield ""
    yield LIMITS
    yield ""
    yield f"Written by git-forensics {__version__}."


def _counts(gathered: Gathered) -> Iterator[str]:
    yield ""
    yield "| status | secrets | what it means |"
    yield "|---|--:|---|"
    for status, meaning in MEANING.items():
        if gathered.counts[status]:
            yield f"| {status} | {gathered.counts[status]:,} | {meaning} |"


def _drawn(gathered: Gathered) -> Iterator[str]:
    """A gantt, which GitHub draws; only of few secrets, for it would be too small to read."""
    if gathered.total > _DRAWN:
        return
    yield ""
    yield "## Exposure over time"
    yield ""
    yield "```mermaid"
    yield "gantt"
    yield "    dateFormat x"  # milliseconds: it misreads where a bar in seconds starts
    yield "    axisFormat %Y-%m-%d"
    now, section = gathered.scope.now, ""
    for case in gathered.told:
        if case.since is None:
            continue
        if case.status.name != section:
            section = case.status.name
            yield f"    section {section}"
        start = max(0, min(case.since.at.commit_time, now))
        end = max(start + 1, now if case.until is None else min(case.until, now))
        rule = re.sub(r"[^A-Za-z0-9.-]", "_", case.life.rule)
        kind = "crit, " if case.present else "done, " if case.until is not None else ""
        yield f"    {rule} {case.life.secret[:8]} : {kind}{start * 1000}, {end * 1000}"
    yield "```"


def _summary(rows: list[Row], total: int) -> Iterator[str]:
    yield ""
    yield "## All secrets"
    yield ""
    yield "| status | severity | secret | where | since | days | places now | people |"
    yield "|---|---|---|---|---|--:|--:|--:|"
    for row in rows[:_ROWS]:
        doubt = " (uncertain)" if row.uncertain else ""
        cells = (
            f"{row.status}{doubt}", row.severity, f"{code(row.preview)} #{row.secret[:8]}",
            code(row.where), "" if row.since is None else moment_date(row.since, row.since_offset),
            "" if row.days is None else f"{row.days:,}", f"{row.present:,} of {row.places:,}",
            f"{row.people:,}",
        )  # fmt: skip
        yield f"| {' | '.join(cells)} |"
    if total > _ROWS:
        yield ""
        yield f"… and {total - _ROWS:,} more: `forensics rotation` lists all."


def _sections(gathered: Gathered) -> Iterator[str]:
    told = gathered.told[:_SECTIONS]
    for case in told:
        yield from _section(gathered, case)
    if len(told) < gathered.total:
        yield ""
        yield (
            f"The worst {len(told):,} of {gathered.total:,} secrets are told here;"
            " `--rule`, `--status` and `--secret` choose others."
        )


def _section(gathered: Gathered, case: Case) -> Iterator[str]:
    life, status = case.life, case.status
    danger, remedy = gathered.advice(life.rule)
    yield ""
    yield f"## {code(life.preview)} #{life.secret[:8]}: {status.name}"
    yield ""
    yield f"- **What:** {prose(life.title)} ({code(life.rule)}), {life.severity}"
    yield f"- **To do:** {prose(status.todo or 'nothing')}"
    yield f"- **Why it matters:** {prose(danger)}"
    yield f"- **What to do about its kind:** {prose(remedy)}"
    if case.since is not None and case.exposed_days is not None:
        until = "" if case.until is None else f", until {moment_date(case.until)}"
        since = moment_date(case.since.at.commit_time, case.since.at.commit_offset)
        yield f"- **Exposed:** {case.exposed_days:,} days, since {since}{until}"
    if status.uncertain:
        yield f"- **Uncertain:** {prose(doubts(case))}"
    if (said := gathered.decisions.get(life.secret)) is not None:
        yield f"- **Decided:** {code(decided(said, gathered.scope.now), 600)}"
    yield f"- **Still reached by:** {case.reachability}"
    first, last, number = case.releases
    if first is not None and last is not None:
        last_one = "" if number == 1 else f" to {code(last)}, {number:,} in all"
        yield f"- **Releases:** {code(first)}{last_one}"
    refs = sorted(case.refs, key=lambda one: (not one.is_default, one.kind, one.name))
    for repository in sorted({one.repository for one in refs}):
        names = [code(short_ref(one.name)) for one in refs if one.repository == repository]
        yield f"- **Refs{_within(gathered, repository)}:** {_some(names)}"
    if case.people:
        people = [code(name + b" <" + email + b">") for name, email in case.people[: _LINES + 1]]
        yield f"- **People:** {_some(people, len(case.people))}"
    yield from _places(gathered, case)
    yield from _events(gathered, case)
    yield from _slots(gathered, case)


def _some(parts: list[str], total: int = 0) -> str:
    more = max(total, len(parts)) - _LINES
    return ", ".join(parts[:_LINES]) + (f" and {more:,} more" if more > 0 else "")


def _within(gathered: Gathered, repository: int) -> str:
    """Which of several repositories something is in."""
    return f" in {code(gathered.path(repository))}" if gathered.several else ""


def _head(gathered: Gathered, *names: str) -> Iterator[str]:
    """The head of a table whose rows name one of several repositories first."""
    shown = ("repository", *names) if gathered.several else names
    yield ""
    yield f"| {' | '.join(shown)} |"
    yield f"|{'---|' * len(shown)}"


def _cell(gathered: Gathered, repository: int | None) -> str:
    """The first cell of such a row."""
    return f"| {code(gathered.path(repository))} " if gathered.several else ""


def _places(gathered: Gathered, case: Case) -> Iterable[str]:
    places = sorted(case.life.places, key=lambda one: (one.id not in case.present_at, one.id))
    yield ""
    yield "Places:"
    yield ""
    for one in places[:_LINES]:
        name = code(nameless(one.kind) if one.path is None else one.path)
        place = f"{name} line {one.line}{_within(gathered, one.repository)}"
        yield f"- {place}: {prose(place_text(case, one))}"
    if len(places) > _LINES:
        yield f"- … and {len(places) - _LINES:,} more places"


def _events(gathered: Gathered, case: Case) -> Iterator[str]:
    events, repositories = own_events(case.life.events), event_repositories(case)
    if not events:
        return
    yield from _head(gathered, "date", "what", "where", "commit", "who")
    for one in first_and_last(events, _LINES):
        note = event_note(one)
        path = b"its text" if one.path is None else one.path
        slot = f" {code(one.slot)}" if one.slot else ""
        date = moment_date(one.at.commit_time, one.at.commit_offset)
        what = f"{one.how} {prose(note)}" if note else one.how
        author = code(one.at.author + b" <" + one.at.email + b">")
        first = _cell(gathered, repositories.get(one.place))
        cells = (date, what, f"{code(path)}{slot}", f"`{one.at.commit[:12]}`", author)
        yield f"{first}| {' | '.join(cells)} |"
    if len(events) > _LINES:
        yield ""
        yield f"… and {len(events) - _LINES:,} more events between these"


def _slots(gathered: Gathered, case: Case) -> Iterator[str]:
    values = list(slot_values(gathered.slots(case.life.id)))
    if not values:
        return
    yield from _head(gathered, "date", "slot", "what came to stand in it", "commit")
    for one in values[:_LINES]:
        date = moment_date(one.at.commit_time, one.at.commit_offset)
        slot = f"{code(one.path)} {code(one.slot)}"
        first, commit = _cell(gathered, one.repository), f"`{one.at.commit[:12]}`"
        yield f"{first}| {date} | {slot} | {code(stood(one))} | {commit} |"
    if len(values) > _LINES:
        yield ""
        yield f"… and {len(values) - _LINES:,} more"
