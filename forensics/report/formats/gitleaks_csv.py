"""CSV with the columns of gitleaks' reports, values redacted.

Source: https://github.com/gitleaks/gitleaks (report/csv.go)
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.report.csv_cells import csv_line
from forensics.report.formats.gitleaks import gitleaks_entry
from forensics.report.formats.report import Report

__all__ = ["COLUMNS", "pieces"]

COLUMNS = (
    "RuleID", "Commit", "File", "SymlinkFile", "Secret", "Match", "StartLine", "EndLine",
    "StartColumn", "EndColumn", "Author", "Message", "Date", "Email", "Fingerprint", "Tags",
)  # fmt: skip


def pieces(report: Report) -> Iterator[str]:
    """The header, and a row for every finding that counts; nothing where there is none, as with
    gitleaks."""
    header = True
    for _, one in report.counting():
        if header:
            yield f"{csv_line(COLUMNS)}\n"
            header = False
        entry = gitleaks_entry(one.reported.finding, one.reported.message)
        yield f"{csv_line(entry[name] for name in COLUMNS)}\n"
