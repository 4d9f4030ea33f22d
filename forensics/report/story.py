"""One secret's story, as lines of text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from forensics.index.database import Connection
from forensics.index.lives import Lives
from forensics.index.reader import IndexReader
from forensics.index.records import Finding
from forensics.index.stored_facts import stored_facts, stored_reasons
from forensics.index.triage import Triaged
from forensics.key import Key
from forensics.lifecycle.case import cases
from forensics.lifecycle.ref_spans import ref_spans
from forensics.lifecycle.statements import statements
from forensics.report.case_lines import (
    WIDTH,
    event_lines,
    labelled,
    people_lines,
    ref_lines,
    slot_lines,
    span_lines,
    status_lines,
    stay_lines,
)
from forensics.report.table import place
from forensics.report.text import iso_date, printable

__all__ = ["decided_line", "story_lines"]

_CHECKSUM = "checksum"
"""The fact that tells what was tested from a form alone."""


def _wrapped(label: str, text: str) -> Iterator[str]:
    lines = textwrap.wrap(printable(text), WIDTH) or [""]
    for number, line in enumerate(lines):
        yield f"{label if not number else '':<11}{line}"


def _test(best: Finding) -> str:
    """Whether the token passes the test that its format has, if it has one."""
    if best.checksum is None:
        return ""
    facts = dict(stored_facts(best.facts))
    what = "checksum" if _CHECKSUM in facts else "structure"
    return f", its {what} is {'right' if best.checksum else 'wrong'}"


def _details(best: Finding, *, why: bool) -> Iterator[str]:
    """What the token says about itself, how it was found, and what moved its score."""
    for name, value in stored_facts(best.facts):
        if name != _CHECKSUM:
            yield from _wrapped("", f"{name}: {value}")
    if best.decoded:
        yield from _wrapped("", f"decoded from {best.decoded}")
    if best.partner_line:
        yield from _wrapped("", f"belongs to what stands on line {best.partner_line}")
    if not why:
        return
    yield ""
    reasons = stored_reasons(best.reasons)
    if not reasons:
        yield from _wrapped("score", f"fixed by the rule {best.rule}, which knows the shape")
    for number, (text, amount) in enumerate(reasons):
        yield f"{'score' if not number else '':<11}{amount:+6.2f}  {printable(text)}"


def decided_line(one: Triaged) -> str:
    """What people decided, and whether it still holds."""
    said = one.decision
    now = one.state()
    parts = [now if now == said.state else f"open again, was {said.state}"]
    parts.append(f"by {one.actor} on {(iso_date(one.changed, 0) or '')[:10]}")
    if said.owner:
        parts.append(f"owner {said.owner}")
    if said.revoked_at is not None:
        parts.append(f"revoked on {(iso_date(said.revoked_at, 0) or '')[:10]}")
    if said.due is not None:
        parts.append(f"due on {(iso_date(said.due, 0) or '')[:10]}")
    if said.expires is not None:
        parts.append(f"until {(iso_date(said.expires, 0) or '')[:10]}")
    parts += [text for text in (said.reason, said.evidence, said.note) if text]
    return ", ".join(parts)


def story_lines(
    connection: Connection, key: Key, prefix: str, *, why: bool = False
) -> Iterator[str]:
    """What it is, where it stands and why that is said, what to do; where it is, which refs and
    releases have it, who could; what happened, and what stood in its slots.

    Args:
        connection: of the index.
        key: the index's.
        prefix: the start of the secret's fingerprint.
        why: also what moved the score of a generic finding.

    Raises:
        UsageProblem: no fingerprint starts with `prefix`, or several do.
    """
    reader, lives = IndexReader(connection), Lives(connection)
    secret = reader.resolve(prefix)
    findings = list(reader.findings(secret=secret))
    case = next(cases(lives, statements(connection), secret=secret), None)
    if not findings or case is None:
        yield f"#{secret[:8]} is in the index, but is no finding anywhere"
        return
    best = max(findings, key=lambda one: one.confidence)
    danger, remedy = reader.advice(best.rule)
    yield f"{best.preview} #{secret[:8]}  {best.title}"
    yield (
        f"           {best.severity.upper()}, confidence {best.confidence:.2f}"
        f"{_test(best)}; {best.length} bytes, {best.character_class}; {best.rule}"
    )
    yield from _details(best, why=why)
    yield ""
    yield from labelled("status", status_lines(case))
    if decided := reader.decision(secret):
        yield from _wrapped("triage", decided_line(decided))
    yield ""
    yield from _wrapped("why", danger)
    yield from _wrapped("what to do", remedy)
    yield ""
    yield f"where      {reader.sightings(secret):,} sightings in all versions"
    several = len({one.repository for one in findings}) > 1
    for one in findings:
        where = f"  in {printable(one.repository)}" if several else ""
        yield f"           {_place_line(one)}{where}"
    sections = (
        ("refs", ref_lines(case)),
        ("by ref", span_lines(case, ref_spans(connection, key, case))),
        ("default", stay_lines(case)),
        ("people", people_lines(case)),
        ("history", event_lines(case.life.events, case)),
        ("slots", slot_lines(lives.slot_events(case.life.id), case.repositories)),
    )
    for label, lines in sections:
        shown = list(labelled(label, lines))
        if shown:
            yield ""
            yield from shown


def _place_line(one: Finding) -> str:
    more = f" to line {one.end_line}" if one.end_line != one.start_line else ""
    by = f", by {printable(one.ignored)}" if one.ignored else ""
    return f"{one.status:<11} {place(one)}{more}  {one.kind} {one.blob[:12]}{by}"
