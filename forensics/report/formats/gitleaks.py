"""JSON with the fields of gitleaks' reports, values redacted.

Source: https://github.com/gitleaks/gitleaks (report/finding.go)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from detectors.aliases import aliases_of
from forensics.index.records import Finding
from forensics.report.formats.report import Report
from forensics.report.text import iso_date, json_text

__all__ = ["gitleaks_entry", "gitleaks_rule", "pieces"]

_TOOL = "gitleaks:"


def pieces(report: Report) -> Iterator[str]:
    """An array with an object for every finding that counts, in which gitleaks knows no others.
    Each stands where the commit put it that it names, so that its fingerprint means the same to
    gitleaks."""
    separator = "["
    for _, one in report.counting():
        entry = gitleaks_entry(one.reported.finding, one.reported.message)
        yield f"{separator}\n{json.dumps(entry, indent=1)}"
        separator = ","
    yield "[]\n" if separator == "[" else "\n]\n"


def gitleaks_rule(rule: str) -> str:
    """What gitleaks calls a rule, where it has it; else what we do."""
    names = (one.removeprefix(_TOOL) for one in aliases_of(rule) if one.startswith(_TOOL))
    return next(names, rule)


def gitleaks_entry(finding: Finding, message: bytes = b"") -> dict[str, Any]:
    """A finding in gitleaks' fields."""
    rule = gitleaks_rule(finding.rule)
    file = json_text(finding.path) or ""
    return {
        "RuleID": rule,
        "Description": finding.title,
        "StartLine": finding.start_line,
        "EndLine": finding.end_line,
        "StartColumn": finding.start_column,
        "EndColumn": finding.end_column,
        "Match": finding.preview,
        "Secret": finding.preview,
        "File": file,
        "SymlinkFile": "",
        "Commit": finding.commit or "",
        "Entropy": 0,  # of the value: guesses could be tested against it
        "Author": json_text(finding.author) or "",
        "Email": json_text(finding.email) or "",
        "Date": _date(finding),
        "Message": json_text(message),
        "Tags": [],
        "Fingerprint": _fingerprint(finding, file, rule),
    }


def _date(finding: Finding) -> str:
    """In UTC, as gitleaks writes it."""
    return (iso_date(finding.commit_time, 0) or "").replace("+00:00", "Z")


def _fingerprint(finding: Finding, file: str, rule: str) -> str:
    place = f"{file}:{rule}:{finding.start_line}"
    return f"{finding.commit}:{place}" if finding.commit else place
