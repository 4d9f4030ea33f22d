"""One secret's story, as lines of text."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator

from forensics.index.reader import IndexReader
from forensics.index.records import Finding
from forensics.report.table import place
from forensics.report.text import iso_date, printable

__all__ = ["story_lines"]

_WIDTH = 92
_CHECKSUM = "checksum"
"""The fact that tells what was tested from a form alone."""


def _wrapped(label: str, text: str) -> Iterator[str]:
    lines = textwrap.wrap(printable(text), _WIDTH) or [""]
    for number, line in enumerate(lines):
        yield f"{label if not number else '':<11}{line}"


def _test(best: Finding) -> str:
    """Whether the token passes the test that its format has, if it has one."""
    if best.checksum is None:
        return ""
    facts = dict(json.loads(best.facts or "[]"))
    what = "checksum" if _CHECKSUM in facts else "structure"
    return f", its {what} is {'right' if best.checksum else 'wrong'}"


def _details(best: Finding, *, why: bool) -> Iterator[str]:
    """What the token says about itself, how it was found, and what moved its score."""
    for name, value in json.loads(best.facts or "[]"):
        if name != _CHECKSUM:
            yield from _wrapped("", f"{name}: {value}")
    if best.decoded:
        yield from _wrapped("", f"decoded from {best.decoded}")
    if best.partner_line:
        yield from _wrapped("", f"belongs to what stands on line {best.partner_line}")
    if not why:
        return
    yield ""
    reasons = json.loads(best.reasons or "[]")
    if not reasons:
        yield from _wrapped("score", f"fixed by the rule {best.rule}, which knows the shape")
    for number, (text, amount) in enumerate(reasons):
        yield f"{'score' if not number else '':<11}{amount:+6.2f}  {printable(text)}"


def story_lines(reader: IndexReader, prefix: str, *, why: bool = False) -> Iterator[str]:
    """What it is, why it matters, what to do, where it stands, and where it came and went.

    Args:
        reader: of the index.
        prefix: the start of the secret's fingerprint.
        why: also what moved the score of a generic finding.

    Raises:
        UsageProblem: no fingerprint starts with `prefix`, or several do.
    """
    secret = reader.resolve(prefix)
    findings = list(reader.findings(secret=secret))
    if not findings:
        yield f"#{secret[:8]} is in the index, but stands nowhere any more"
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
    yield from _wrapped("why", danger)
    yield from _wrapped("what to do", remedy)
    yield ""
    yield f"where      {reader.sightings(secret):,} sightings in all versions"
    for one in findings:
        lines = f"{one.start_line}" if one.start_line == one.end_line else (
            f"{one.start_line}-{one.end_line}"
        )  # fmt: skip
        by = f", by {printable(one.ignored)}" if one.ignored else ""
        yield (
            f"           {one.status:<12}{place(one)}  line {lines}, {one.kind} {one.blob[:12]}{by}"
        )
    events = reader.timeline(secret)
    if events:
        yield ""
    for number, event in enumerate(events):
        date = iso_date(event.commit_time, event.commit_offset) or "no date"
        where = printable(event.path) if event.path is not None else "its message"
        reach = "" if event.reach == "ref" else f"  ({event.reach})"
        yield (
            f"{'history' if not number else '':<11}{date[:10]}  {event.kind:<11} "
            f"{event.commit[:12]}  {where}  {printable(event.author)} "
            f"<{printable(event.email)}>{reach}"
        )
