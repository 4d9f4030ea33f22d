"""A finding as `gitleaks --verbose` prints it, its value redacted."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.index.records import Finding
from forensics.report.formats.gitleaks import gitleaks_entry
from forensics.report.text import printable

__all__ = ["gitleaks_lines"]

_FIELDS = {
    "Finding": "Match", "Secret": "Secret", "RuleID": "RuleID", "File": "File", "Line": "StartLine",
    "Commit": "Commit", "Author": "Author", "Email": "Email", "Date": "Date",
    "Fingerprint": "Fingerprint",
}  # fmt: skip


def gitleaks_lines(finding: Finding) -> Iterator[str]:
    """A field a line, without those that are empty; then an empty line."""
    entry = gitleaks_entry(finding)
    for name, field in _FIELDS.items():
        if entry[field] != "":
            label = f"{name}:"
            yield f"{label:<12} {printable(str(entry[field]))}"
    yield ""
