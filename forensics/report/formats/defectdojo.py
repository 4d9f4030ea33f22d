"""JSON that DefectDojo takes as Generic Findings Import.

Source: https://docs.defectdojo.com/supported_tools/parsers/generic_findings_import/
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from forensics.index.records import Finding
from forensics.report.fingerprint import Named
from forensics.report.formats.report import TOOL, Report, Section, place_name
from forensics.report.markdown_text import code, prose
from forensics.report.text import iso_date, printable

__all__ = ["pieces"]

_CWE = 798
"""Use of hard-coded credentials."""
_TITLE, _PATH = 500, 4_000
"""Characters that its database takes."""


def pieces(report: Report) -> Iterator[str]:
    """One document with every finding; those that are ignored or triaged away are not active."""
    yield f'{{"name": {json.dumps(TOOL)}, "type": {json.dumps(TOOL)}, "findings": ['
    separator = "\n"
    for section, one in report.all():
        yield separator + json.dumps(_finding(section, one))
        separator = ",\n"
    yield "\n]}\n"


def _finding(section: Section, one: Named) -> dict[str, Any]:
    finding, place = one.reported.finding, one.reported.place
    rule = section.rule(finding)
    entry: dict[str, Any] = {
        "title": f"{printable(finding.title)} in {place_name(finding)}"[:_TITLE],
        "severity": finding.severity.capitalize(),
        "description": "\n".join(f"- {line}" for line in _description(section, finding)),
        "impact": prose(rule.why),
        "mitigation": prose(rule.remedy),
        "cwe": _CWE,
        "static_finding": True,
        "dynamic_finding": False,
        "active": finding.counts,
        "verified": finding.triage == "confirmed",
        "false_p": finding.triage == "false-positive",
        "risk_accepted": finding.triage == "accepted",
        "out_of_scope": finding.triage == "test" or finding.ignored is not None,
        "is_mitigated": finding.triage == "revoked",
        "file_path": place_name(finding)[:_PATH],
        "line": place.start_line,
        "vuln_id_from_tool": finding.rule,
        "unique_id_from_tool": section.identity(one),
        "tags": ["secret", finding.status, *(["gate-" + finding.gate] if finding.gate else [])],
    }
    if date := iso_date(finding.commit_time, finding.commit_offset):
        entry["date"] = date[:10]
    return entry


def _description(section: Section, finding: Finding) -> Iterator[str]:
    yield f"value: {code(finding.preview)}"
    yield f"rule: {code(finding.rule)}"
    yield f"repository: {code(section.part.repository)}"
    yield f"status: {finding.status}"
    if finding.ignored:
        yield f"ignored by: {code(finding.ignored)}"
    if finding.commit:
        yield f"introduced by: {code(finding.commit)}"
    if finding.author is not None:
        yield f"author: {code(finding.author)} {code(finding.email or b'')}"
    if finding.removed:
        yield f"removed by: {code(finding.removed)}"
