"""Rules in SARIF, with what GitHub shows of them."""

from __future__ import annotations

from typing import Any

from detectors.aliases import aliases_of
from forensics.index.reported import RuleFacts
from forensics.report.formats.report import Report
from forensics.report.markdown_text import prose
from forensics.report.text import printable

__all__ = ["LEVELS", "reporting_rules"]

LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.5"}
"""In the middle of what GitHub takes for critical, high, medium and low.
Source: https://docs.github.com/code-security/reference/code-scanning/sarif-files/sarif-support"""
_PROBLEMS = {"error": "error", "warning": "warning", "note": "recommendation"}
_HELP = "https://cwe.mitre.org/data/definitions/798.html"
"""CWE-798, use of hard-coded credentials."""
_MOST_TAGS = 20


def reporting_rules(report: Report) -> list[dict[str, Any]]:
    """Every rule that a result names, by its id."""
    found = {
        one.reported.finding.rule: section.rule(one.reported.finding)
        for section, one in report.all()
    }
    return [_rule(found[name]) for name in sorted(found)]


def _rule(rule: RuleFacts) -> dict[str, Any]:
    title, why, remedy = (
        " ".join(printable(each).split()) for each in (rule.title, rule.why, rule.remedy)
    )
    level = LEVELS[rule.severity]
    others = [one for one in aliases_of(rule.id) if one.startswith("gitleaks:")]
    tags = ["security", "secret", "external/cwe/cwe-798", *others]
    return {
        "id": rule.id,
        "name": _pascal(rule.id),
        "shortDescription": {"text": title},
        "fullDescription": {"text": why},
        "help": {
            "text": f"{why}\nWhat to do: {remedy}",
            "markdown": f"{prose(why)}\n\n**What to do:** {prose(remedy)}",
        },
        "helpUri": _HELP,
        "defaultConfiguration": {"enabled": True, "level": level},
        "properties": {
            "tags": tags[:_MOST_TAGS],
            "security-severity": _SCORES[rule.severity],
            "precision": "medium" if rule.generic else "high",
            "problem.severity": _PROBLEMS[level],
        },
    }


def _pascal(rule: str) -> str:
    """The id as SARIF wants names: `GithubPatClassic`."""
    words = "".join(one if one.isalnum() else " " for one in rule).split()
    return "".join(word[:1].upper() + word[1:] for word in words)
