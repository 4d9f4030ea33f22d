"""Findings about environment variables as JSON, JSON lines and CSV."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from forensics.drift.env_vars.model import EnvFinding, Linted
from forensics.report.csv_cells import csv_line
from forensics.report.text import iso_date, json_text

__all__ = ["COLUMNS", "finding_object", "findings_csv", "findings_json", "findings_jsonl"]

COLUMNS = (
    "kind", "severity", "component", "name", "path", "line", "places", "default", "present",
    "missing", "certain", "since_commit", "since_date", "since_certain",
)  # fmt: skip


def finding_object(finding: EnvFinding) -> dict[str, Any]:
    """One finding; never a value."""
    since = finding.since
    return {
        "kind": finding.kind,
        "severity": finding.severity,
        "component": finding.component or ".",
        "name": finding.name,
        "path": json_text(finding.path),
        "line": finding.line,
        "places": finding.places,
        "default": finding.default,
        "present": list(finding.present),
        "missing": list(finding.missing),
        "certain": finding.certain,
        "since_commit": since.commit.hex() if since else None,
        "since_date": iso_date(since.time, since.offset) if since else None,
        "since_certain": finding.since_certain,
    }


def findings_json(linted: Linted) -> Iterator[str]:
    """One object: the commit, the findings, and what could not be read."""
    told = {
        "commit": linted.commit.hex(),
        "findings": [finding_object(one) for one in linted.findings],
        "unread": [{"path": json_text(path), "why": why} for path, why in linted.trouble],
    }
    yield json.dumps(told, indent=2)


def findings_jsonl(findings: Iterable[EnvFinding]) -> Iterator[str]:
    """One object a line."""
    for one in findings:
        yield json.dumps(finding_object(one))


def findings_csv(findings: Iterable[EnvFinding]) -> Iterator[str]:
    """A header, and a line for each finding; environments stand between spaces."""
    yield csv_line(COLUMNS)
    for one in findings:
        told = finding_object(one)
        yield csv_line([told[name] for name in COLUMNS])
