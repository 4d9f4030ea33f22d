"""One secret's story, as lines of text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from forensics.index.reader import IndexReader
from forensics.report.table import place
from forensics.report.text import iso_date, printable

__all__ = ["story_lines"]

_WIDTH = 92


def _wrapped(label: str, text: str) -> Iterator[str]:
    lines = textwrap.wrap(printable(text), _WIDTH) or [""]
    for number, line in enumerate(lines):
        yield f"{label if not number else '':<11}{line}"


def story_lines(reader: IndexReader, prefix: str) -> Iterator[str]:
    """What it is, why it matters, what to do, where it stands, and where it came and went.

    Raises:
        UsageProblem: no fingerprint starts with `prefix`, or several do.
    """
    secret = reader.resolve(prefix)
    findings = list(reader.findings(secret=secret))
    if not findings:
        yield f"#{secret[:8]} is in the index, but stands nowhere any more"
        return
    best = max(findings, key=lambda one: one.confidence)
    why, remedy = reader.advice(best.rule)
    yield f"{best.preview} #{secret[:8]}  {best.title}"
    checksum = {1: ", its checksum is right", 0: ", its checksum is wrong", None: ""}
    yield (
        f"           {best.severity.upper()}, confidence {best.confidence:.2f}"
        f"{checksum[best.checksum]}; {best.length} bytes, {best.character_class}; {best.rule}"
    )
    yield ""
    yield from _wrapped("why", why)
    yield from _wrapped("what to do", remedy)
    yield ""
    yield f"where      {reader.sightings(secret):,} sightings in all versions"
    for one in findings:
        lines = f"{one.start_line}" if one.start_line == one.end_line else (
            f"{one.start_line}-{one.end_line}"
        )  # fmt: skip
        yield f"           {one.status:<12}{place(one)}  line {lines}, {one.kind} {one.blob[:12]}"
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
