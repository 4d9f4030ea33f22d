"""CSV of drift, which ends in spreadsheets."""

from __future__ import annotations

import csv

from forensics.report.drift.sheet import events_csv, matrix_csv
from tests.report.drift.told import MATRIX, cell, event, row, step


def test_a_key_in_an_environment_is_a_line() -> None:
    """With where it stands, and whether the key drifts."""
    told = [*csv.DictReader(matrix_csv(MATRIX, {}))]
    assert len(told) == 14
    found = {(one["key"], one["environment"]): one for one in told}
    assert found["LOG_LEVEL", "dev"] == {
        "set": "web", "key": "LOG_LEVEL", "environment": "dev", "state": "value", "class": "A",
        "path": "web/.env.dev", "line": "2", "layer": "environment", "drift": "true",
        "accepted": "false", "why": "missing in prod", "ref": "refs/heads/main",
        "commit": "ab" * 20,
    }  # fmt: skip
    assert found["LOG_LEVEL", "prod"]["state"] == "absent"
    assert found["LOG_LEVEL", "prod"]["path"] == ""


def test_an_event_is_a_line() -> None:
    """Lists are words between spaces."""
    (told,) = csv.DictReader(events_csv([event(closed=step(2), closed_how="added")]))
    assert (told["present"], told["missing"]) == ("dev staging", "prod")
    assert (told["opened_commit"], told["closed_commit"]) == ("01" * 20, "02" * 20)
    assert (told["days"], told["certain"]) == ("12.3", "true")


def test_nothing_in_a_repository_becomes_a_formula() -> None:
    """Nor a line of its own."""
    hostile = row("=cmd()", why="@x", name="+s", dev=cell("value", "A", "-p\n", 1))
    (told,) = csv.DictReader(matrix_csv(MATRIX._replace(rows=(hostile,)), {}))
    assert (told["key"], told["set"], told["why"]) == ("'=cmd()", "'+s", "'@x")
    assert told["path"] == "'-p\\x0a"


def test_values_are_a_column_only_where_they_were_asked_for() -> None:
    """Empty where they may not be shown."""
    assert "value" not in next(iter(matrix_csv(MATRIX, {})))
    told = [*csv.DictReader(matrix_csv(MATRIX, {("web", "PORT", "prod"): "80"}))]
    assert {one["value"] for one in told} == {"", "80"}
