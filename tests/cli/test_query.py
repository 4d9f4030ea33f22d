"""`forensics findings --query`"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import Done, forensics

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def scanned(acme_repository: Path) -> Path:
    forensics("scan", acme_repository)
    return acme_repository


def findings(path: Path, query: str, *more: str) -> Done:
    return forensics("findings", path, "--query", query, *more)


def listed(path: Path, query: str) -> list[dict[str, object]]:
    return findings(path, query, "-f", "jsonl").lines


def test_findings_are_those_that_fit(scanned: Path) -> None:
    """By what each line says of itself."""
    every = listed(scanned, "")
    assert every == forensics("findings", scanned, "-f", "jsonl").lines
    for query, fits in {
        "sev:>=high": lambda one: one["severity"] in ("high", "critical"),
        "-sev:>=high": lambda one: one["severity"] not in ("high", "critical"),
        "status:present": lambda one: one["status"] == "present",
        "path:deploy": lambda one: "deploy" in (one["path"] or "").split("/"),
        "-path:deploy": lambda one: "deploy" not in (one["path"] or "").split("/"),
        "rule:aws*": lambda one: one["rule"].startswith("aws"),
    }.items():
        found = listed(scanned, query)
        assert found == [one for one in every if fits(one)], query
        assert 0 < len(found) < len(every), query
    whole = str(every[0]["secret"])
    assert {one["secret"] for one in listed(scanned, f"fp:#{whole[:8]}")} == {whole}


def test_environments_are_those_of_drift(scanned: Path) -> None:
    """As paths tell."""
    found = {one["path"] for one in listed(scanned, "env:prod")}
    assert found
    assert all("prod" in str(path) for path in found)


def test_the_exit_code_is_that_of_what_is_listed(scanned: Path) -> None:
    """Nothing listed, nothing found."""
    assert findings(scanned, "sev:low path:nowhere").code == 0
    assert findings(scanned, "sev:critical").code == 1
    assert findings(scanned, "status:ignored sev:critical").code == 0


def test_reports_are_filtered_too(scanned: Path, tmp_path: Path) -> None:
    """Printed or written."""
    report = tmp_path / "out.json"
    findings(scanned, "sev:critical", "--report", f"json={report}")
    told = json.loads(report.read_text())
    assert told
    assert {one["severity"] for one in told} == {"critical"}
    sarif = json.loads(findings(scanned, "sev:critical", "-f", "sarif").out)
    every = json.loads(forensics("findings", scanned, "-f", "sarif").out)
    assert 0 < len(sarif["runs"][0]["results"]) < len(every["runs"][0]["results"])


@pytest.mark.parametrize(
    ("query", "line", "caret"),
    [
        ("sev:hihg", "sev:hihg", "    ^"),
        ("a 日本:x path:", "a 日本:x path:", "              ^"),
        ("\x1b[31m sev:x", r"\x1b[31m sev:x", "             ^"),
        ("x" * 100 + " seen:never", "…" + "x" * 42 + " seen:never", " " * 49 + "^"),
        ("path:a,", "path:a,", "       ^"),
    ],
)
def test_a_caret_points_at_what_cannot_be_read(
    tmp_path: Path, query: str, line: str, caret: str
) -> None:
    """Under the text, whatever a terminal makes of it; before any index is opened."""
    done = findings(tmp_path, query)
    assert done.code == 2
    shown, pointing, said = done.err.splitlines()
    assert (shown, pointing) == (line, caret)
    assert said.startswith("forensics: ")
    assert "write" in said
    assert done.out == ""
