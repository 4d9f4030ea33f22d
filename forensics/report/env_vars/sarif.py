"""Findings about environment variables as SARIF 2.1.0."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forensics.drift.env_vars.model import KINDS, EnvFinding, Linted
from forensics.report.env_vars.words import REMEDIES, TITLES, since_words, told
from forensics.report.sarif_log import digest, log_text, notice, place, plain
from forensics.report.text import printable

__all__ = ["findings_sarif"]

_LEVELS = {"high": "error", "medium": "warning", "low": "note"}
_FINGERPRINT = "forensicsEnvVars/v1"


def findings_sarif(linted: Linted) -> Iterator[str]:
    """One log of one run. Results are told apart by kind, component and name."""
    unread = [
        notice(path, f"{printable(path)} was not read: {why}") for path, why in linted.trouble
    ]
    commit = {"commit": linted.commit.hex()}
    results = [_result(one) for one in linted.findings]
    yield log_text("env-vars", [_rule(kind) for kind in KINDS], unread, commit, results)


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
    return {
        "ruleId": f"env-vars/{finding.kind}",
        "ruleIndex": KINDS.index(finding.kind),
        "level": _LEVELS[finding.severity],
        "message": {"text": plain(text)},
        "locations": [place(finding.path, finding.line)],
        "partialFingerprints": {
            _FINGERPRINT: digest(finding.kind, finding.component, finding.name)
        },
        "properties": {
            "name": finding.name, "component": finding.component or ".",
            "present": list(finding.present), "missing": list(finding.missing),
            "certain": finding.certain,
            "sinceCommit": finding.since.commit.hex() if finding.since else None,
        },
    }  # fmt: skip
