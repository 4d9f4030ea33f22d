"""GitLab's secret detection report.

Source: https://gitlab.com/gitlab-org/security-products/security-report-schemas

It declares version 15.0.7, because an instance refuses a MAJOR.MINOR that it does not know (17.2
refuses 15.2), and all since 15.0 know 15.0. Later ones ask nothing more of what is in it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from forensics.report.fingerprint import Named
from forensics.report.formats.gitleaks import gitleaks_rule
from forensics.report.formats.report import TOOL, Report, Section, place_name, utc
from forensics.report.markdown_text import code, prose
from forensics.report.text import iso_date, printable

__all__ = ["VERSION", "pieces"]

VERSION = "15.0.7"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "git-forensics")
_NO_COMMIT = "0000000"
"""What GitLab's own analyzer says where there is no commit."""


def pieces(report: Report) -> Iterator[str]:
    """One document. Only findings that count are in it: it has no way to say that one does not."""
    head = {
        "version": VERSION,
        "schema": "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/"
        f"v{VERSION}/dist/secret-detection-report-format.json",
        "scan": _scan(report),
    }
    yield json.dumps(head)[:-1] + ', "vulnerabilities": ['
    separator = "\n"
    for section, one in report.counting():
        yield separator + json.dumps(_vulnerability(section, one))
        separator = ",\n"
    yield "\n]}\n"


def _scan(report: Report) -> dict[str, Any]:
    tool = {"id": TOOL, "name": TOOL, "version": report.version, "vendor": {"name": TOOL}}
    return {
        "analyzer": tool,
        "scanner": tool,
        "type": "secret_detection",
        "start_time": utc(report.began),
        "end_time": utc(report.ended),
        "status": "success" if report.complete else "failure",
        "messages": [
            {"level": "info" if gap.known else "warn",
             "value": (f"{gap.objects:,} objects: " if gap.objects else "") + printable(gap.why)}
            for _, gap in report.gaps()
        ],
    }  # fmt: skip


def _vulnerability(section: Section, one: Named) -> dict[str, Any]:
    finding, place = one.reported.finding, one.reported.place
    rule = section.rule(finding)
    theirs = gitleaks_rule(finding.rule)
    identifiers = [_identifier(TOOL, finding.rule)]
    if theirs != finding.rule:
        identifiers.append(_identifier("gitleaks", theirs))
    commit = {"sha": finding.commit or _NO_COMMIT}
    if finding.author is not None:
        commit["author"] = printable(finding.author)
    if date := iso_date(finding.commit_time, finding.commit_offset):
        commit["date"] = date
    if one.reported.message:
        commit["message"] = printable(one.reported.message.split(b"\n")[0])
    return {
        "id": str(uuid.uuid5(_NAMESPACE, section.identity(one))),
        "name": printable(finding.title)[:255],
        "description": f"{prose(finding.title)} {code(finding.preview)} in"
        f" {code(place_name(finding))}, {finding.status}. {prose(rule.why)}",
        "severity": finding.severity.capitalize(),
        "solution": printable(rule.remedy)[:7000],
        "identifiers": identifiers,
        "location": {
            "file": place_name(finding),
            "start_line": place.start_line,
            "end_line": place.end_line,
            "commit": commit,
        },
    }


def _identifier(tool: str, rule: str) -> dict[str, str]:
    kind = f"{tool.replace('-', '_')}_rule_id"
    return {"type": kind, "name": f"{tool} rule ID {rule}", "value": rule}
