"""CSV, a row a finding. Source: https://www.rfc-editor.org/rfc/rfc4180"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from forensics.report.csv_cells import as_text
from forensics.report.fingerprint import Named
from forensics.report.formats.report import Report, Section
from forensics.report.text import iso_date

__all__ = ["COLUMNS", "pieces"]

COLUMNS = (
    "fingerprint", "rule", "title", "severity", "confidence", "preview", "repository", "path",
    "kind", "start_line", "end_line", "start_column", "end_column", "object", "commit", "author",
    "email", "date", "removed_in", "status", "ignored",
)  # fmt: skip


def pieces(report: Report) -> Iterator[str]:
    """The header, and a row for every finding, those that are ignored or triaged away last. Where
    there is a policy, a last column has what it says."""
    gated = report.gated
    yield _line((*COLUMNS, "gate") if gated else COLUMNS)
    for section, one in report.all():
        said = (one.reported.finding.gate,) if gated else ()
        yield _line(map(_cell, (*_row(section, one), *said)))


def _row(section: Section, one: Named) -> Iterator[object]:
    finding, place = one.reported.finding, one.reported.place
    yield from (section.identity(one), finding.rule, finding.title, finding.severity)
    yield from (round(finding.confidence, 3), finding.preview, section.part.repository)
    yield from (finding.path, finding.kind, place.start_line, place.end_line)
    last = None if place.end_column is None else place.end_column - 1
    yield from (place.start_column, last, place.oid, finding.commit)
    yield from (finding.author, finding.email)
    yield iso_date(finding.commit_time, finding.commit_offset)
    yield from (finding.removed, finding.status, finding.ignored)


def _cell(value: object) -> object:
    return as_text(value) if isinstance(value, bytes | str) else value


def _line(cells: object) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)  # type: ignore[arg-type]
    return out.getvalue()
