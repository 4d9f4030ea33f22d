"""Environments side by side: who gets which of the values, and what of it is drift."""

from __future__ import annotations

from forensics.drift.matrix import matrix_of
from forensics.drift.model import Row
from tests.drift.told import BROKEN, Files, history


def rows(*commits: Files) -> dict[str, Row]:
    survey = history(*commits)
    return {row.key: row for row in matrix_of(survey, survey.events).rows}


def groups(row: Row) -> str:
    return " ".join(cell.group or cell.state for cell in row.cells.values())


def test_letters_are_groups_of_equal_values() -> None:
    """From the environment furthest from production on, whatever they are."""
    row = rows({".env.prod": {"A": "1"}, ".env.dev": {"A": "2"}, ".env.staging": {"A": "1"}})["A"]
    assert list(row.cells) == ["dev", "staging", "prod"]
    assert groups(row) == "A B B"
    assert not row.drift
    assert row.why == "they never were the same"


def test_a_missing_key_is_drift_and_says_where() -> None:
    """The cell tells the state, its file and line, and the layer it comes from."""
    row = rows({".env": {"B": "1"}, ".env.prod": {"B": "1"}, ".env.dev": {"A": "1"}})["A"]
    assert row.drift
    assert row.why == "missing in prod"
    assert row.cells["prod"].state == "absent"
    assert row.cells["dev"][2:] == (".env.dev", 1, "environment")
    other = rows({".env": {"B": "1"}, ".env.prod": {}, ".env.dev": {"A": "1"}})["B"]
    assert {cell.layer for cell in other.cells.values()} == {"base"}


def test_what_does_not_parse_is_uncertain() -> None:
    """In every cell of its environment, known before or not; and the file is named."""
    both: Files = {".env.dev": {"A": "1"}, ".env.prod": {"A": "1"}}
    survey = history(both, {".env.dev": {"A": "1", "B": "1"}, ".env.prod": BROKEN})
    matrix = matrix_of(survey, survey.events)
    assert [(row.key, row.cells["prod"].state, row.drift) for row in matrix.rows] == [
        ("A", "uncertain", False),
        ("B", "uncertain", False),
    ]
    assert matrix.uncertain == ((".env.prod", BROKEN),)


def test_why_says_nothing_of_values_that_cannot_be_parsed() -> None:
    """Neither that they did not follow nor that they never were the same."""
    both: Files = {".env.dev": {"A": "1", "B": "1"}, ".env.prod": {"A": "1", "B": "2"}}
    followed: Files = {".env.dev": {"A": "3", "B": "1"}, ".env.prod": {"A": "1", "B": "2"}}
    broken: Files = {**followed, ".env.prod": BROKEN}
    assert [row.why for row in rows(both, followed).values()] == [
        "prod did not follow", "they never were the same",
    ]  # fmt: skip
    assert [row.why for row in rows(both, followed, broken).values()] == [
        "prod could not be parsed", "prod could not be parsed",
    ]  # fmt: skip
    third: Files = {".env.staging": {"A": "1", "B": "5"}}
    why = rows({**both, **third}, {**broken, **third})["B"].why
    assert why == "they never were the same"


def test_accepted_drift_is_none() -> None:
    """The row says so."""
    survey = history({".env.dev": {"A": "1", "B": "1"}, ".env.prod": {"A": "1"}})
    events = [each._replace(accepted=True, acceptance="by design") for each in survey.events]
    (row,) = [each for each in matrix_of(survey, events).rows if each.key == "B"]
    assert (row.drift, row.accepted, row.why) == (False, True, "by design")
