"""Findings as JSON: one line an occurrence, or one object a secret."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from forensics.index.records import Finding
from forensics.index.stored_facts import stored_facts, stored_reasons
from forensics.report.text import iso_date, json_text

__all__ = ["as_json", "as_jsonl"]


def _occurrence(finding: Finding) -> dict[str, Any]:
    return {
        "repository": json_text(finding.repository),
        "path": json_text(finding.path),
        "kind": finding.kind,
        "start_line": finding.start_line,
        "end_line": finding.end_line,
        "start_column": finding.start_column,
        "end_column": finding.end_column,
        "decoded": finding.decoded,
        "partner_line": finding.partner_line,
        "ignored": finding.ignored,
        "blob": finding.blob,
        "commit": finding.commit,
        "author": json_text(finding.author),
        "email": json_text(finding.email),
        "date": iso_date(finding.commit_time, finding.commit_offset),
        "removed_in": finding.removed,
        "status": finding.status,
        "reachable": finding.reach in ("branch", "tag") and not finding.gone,
        "reach": finding.reach,
        **({} if finding.gate is None else {"gate": finding.gate}),
    }


def _secret(finding: Finding) -> dict[str, Any]:
    return {
        "secret": finding.secret,
        "rule": finding.rule,
        "title": finding.title,
        "severity": finding.severity,
        "confidence": round(finding.confidence, 3),
        "preview": finding.preview,
        "length": finding.length,
        "character_class": finding.character_class,
        "triage": finding.triage,
        "checksum": None if finding.checksum is None else bool(finding.checksum),
        "facts": dict(stored_facts(finding.facts)),
        "reasons": stored_reasons(finding.reasons),
    }


def as_jsonl(findings: Iterable[Finding]) -> Iterator[str]:
    """One line an occurrence."""
    for finding in findings:
        yield json.dumps(_secret(finding) | _occurrence(finding))


def as_json(findings: Iterable[Finding]) -> Iterator[str]:
    """One array with one object a secret, its occurrences inside, streamed."""
    separator = "["
    ordered = sorted(findings, key=lambda finding: finding.secret)
    for _, group in groupby(ordered, key=lambda finding: finding.secret):
        members = list(group)
        best = max(members, key=lambda finding: finding.confidence)
        entry = _secret(best) | {"occurrences": [_occurrence(one) for one in members]}
        yield separator + json.dumps(entry, indent=2)
        separator = ","
    yield "]" if separator == "," else "[]"
