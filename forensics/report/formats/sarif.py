"""Findings as SARIF 2.1.0."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from detectors.inline import ON_LINE, ON_NEXT_LINE
from forensics.index.records import Finding
from forensics.report.fingerprint import Named
from forensics.report.formats.report import Report, Section, place_name, utc
from forensics.report.formats.sarif_flows import code_flows
from forensics.report.formats.sarif_places import base_id, location
from forensics.report.formats.sarif_rules import LEVELS, reporting_rules
from forensics.report.sarif_log import SCHEMA, plain, tool

__all__ = ["pieces"]


def pieces(report: Report) -> Iterator[str]:
    """One log of one run, a result a line."""
    rules = reporting_rules(report)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report, rules)]}
    yield json.dumps(log).removesuffix("}]}") + ', "results": ['
    separator = "\n"
    for section in report.sections:
        for one in section.findings:
            result = _result(section.number, one, numbers)
            yield separator + json.dumps(result)
            separator = ",\n"
    yield "\n]}]}\n"


def _run(report: Report, rules: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Everything but the results."""
    run: dict[str, Any] = {
        "tool": tool(report.version, rules),
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {
            base_id(section.number): {"description": {"text": f"The root of {plain(section.name)}"}}
            for section in report.sections
        },
        "invocations": [_invocation(report)],
    }
    provenance = [
        _provenance(section) for section in report.sections if section.part.provenance is not None
    ]
    if provenance:
        run["versionControlProvenance"] = provenance
    return run


def _invocation(report: Report) -> dict[str, Any]:
    return {
        "executionSuccessful": report.complete,
        "exitCode": report.exit_code,
        "startTimeUtc": f"{utc(report.began)}Z",
        "endTimeUtc": f"{utc(report.ended)}Z",
        "toolExecutionNotifications": [
            {
                "level": "note" if gap.known else "error",
                "message": {"text": plain(f"{section.name}: {gap.why}")
                            + (f" ({gap.objects:,} objects)" if gap.objects else "")},
                "descriptor": {"id": "not-covered"},
            }
            for section, gap in report.gaps()
        ],
    }  # fmt: skip


def _provenance(section: Section) -> dict[str, Any]:
    found = section.part.provenance
    assert found is not None
    said: dict[str, Any] = {
        "repositoryUri": found.url,
        "mappedTo": {"uriBaseId": base_id(section.number)},
    }
    if found.commit:
        said["revisionId"] = found.commit
    if found.branch:
        said["branch"] = found.branch.encode("utf-8", "surrogateescape").decode(
            "utf-8", "backslashreplace"
        )
    return said


def _result(number: int, one: Named, rules: dict[str, int]) -> dict[str, Any]:
    finding = one.reported.finding
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rules[finding.rule],
        "level": "note" if finding.gate == "pass" else LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [location(number, finding, one.reported.place)],
        "partialFingerprints": _fingerprints(one),
        "rank": round(finding.confidence * 100, 1),
        "properties": _properties(finding),
    }
    if flows := code_flows(number, one.reported.events):
        result["codeFlows"] = flows
    if not finding.counts:
        result["suppressions"] = [_suppression(finding)]
    return result


def _message(finding: Finding) -> str:
    since = f" since commit {finding.commit[:12]}" if finding.commit else ""
    return plain(
        f"{finding.title} {finding.preview} in {place_name(finding)}{since} ({finding.status})"
    )


def _fingerprints(one: Named) -> dict[str, str]:
    """GitHub reads the first, under the name that it would give to one of its own."""
    name = "forensicsLine/v1" if one.by_line else "forensicsPlace/v1"
    return {"primaryLocationLineHash": f"{one.fingerprint}:1", name: one.fingerprint}


def _properties(finding: Finding) -> dict[str, Any]:
    said = {
        "status": finding.status,
        "severity": finding.severity,
        "confidence": round(finding.confidence, 3),
        "preview": finding.preview,
        "kind": finding.kind,
        "commit": finding.commit,
        "removedIn": finding.removed,
        "decodedFrom": finding.decoded,
        "gate": finding.gate,
    }
    return {name: value for name, value in said.items() if value is not None}


def _suppression(finding: Finding) -> dict[str, str]:
    in_source = finding.ignored in (*ON_LINE, *ON_NEXT_LINE)
    why = f"ignored by {finding.ignored}" if finding.ignored else f"triaged as {finding.triage}"
    kind = "inSource" if in_source else "external"
    return {"kind": kind, "status": "accepted", "justification": plain(why)}
