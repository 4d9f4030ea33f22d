"""Findings about environment variables as SARIF 2.1.0.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from forensics import __version__
from forensics.drift.env_vars.model import KINDS, EnvFinding, Linted
from forensics.report.env_vars.words import REMEDIES, TITLES, since_words, told
from forensics.report.text import printable

__all__ = ["findings_sarif"]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {"high": "error", "medium": "warning", "low": "note"}
_FINGERPRINT = "forensicsEnvVars/v1"


def findings_sarif(linted: Linted) -> Iterator[str]:
    """One log of one run. Results are told apart by kind, component and name."""
    run = {
        "tool": {"driver": {
            "name": "git-forensics", "semanticVersion": __version__,
            "rules": [_rule(kind) for kind in KINDS],
        }},
        "automationDetails": {"id": "git-forensics/env-vars/"},
        "invocations": [{
            "executionSuccessful": True,
            "toolExecutionNotifications": [_notice(*one) for one in linted.trouble],
        }],
        "columnKind": "utf16CodeUnits",
        "properties": {"commit": linted.commit.hex()},
        "results": [_result(one) for one in linted.findings],
    }  # fmt: skip
    yield json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(kind: str) -> dict[str, Any]:
    return {
        "id": f"env-vars/{kind}",
        "shortDescription": {"text": f"{TITLES[kind]}."},
        "help": {"text": REMEDIES[kind]},
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": ["configuration", "environment"]},
    }


def _result(finding: EnvFinding) -> dict[str, Any]:
    since = since_words(finding)
    text = f"{finding.name}: {told(finding)}" + (f", since {since}" if since else "")
    about = "\0".join((finding.kind, finding.component, finding.name))
    return {
        "ruleId": f"env-vars/{finding.kind}",
        "ruleIndex": KINDS.index(finding.kind),
        "level": _LEVELS[finding.severity],
        "message": {"text": printable(text)},
        "locations": [_location(finding.path, finding.line)],
        "partialFingerprints": {
            _FINGERPRINT: hashlib.sha256(about.encode("utf-8", "surrogateescape")).hexdigest()
        },
        "properties": {
            "name": finding.name, "component": finding.component or ".",
            "present": list(finding.present), "missing": list(finding.missing),
            "certain": finding.certain,
            "sinceCommit": finding.since.commit.hex() if finding.since else None,
        },
    }  # fmt: skip


def _location(path: bytes, line: int) -> dict[str, Any]:
    artifact = {"uri": quote(path), "uriBaseId": "%SRCROOT%"}
    return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": line}}}


def _notice(path: bytes, why: str) -> dict[str, Any]:
    notice: dict[str, Any] = {
        "level": "warning",
        "message": {"text": printable(f"{printable(path)} was not read: {why}")},
    }
    return notice | ({"locations": [_location(path, 1)]} if path else {})
