"""JSON of drift: the fields that others build on."""

from __future__ import annotations

import json

from forensics.report.drift.lines import events_json, events_jsonl, matrix_json, matrix_jsonl
from tests.report.drift.told import MATRIX, event, step

EVENT = {
    "kind", "set", "key", "present", "missing", "opened_commit", "opened_date", "opened_by",
    "closed_commit", "closed_date", "closed_how", "days", "severity", "certain", "accepted",
    "paths",
}  # fmt: skip


def test_an_event_is_a_line_with_every_field_of_the_contract() -> None:
    """What is open has no end, and says so with null."""
    (line,) = events_jsonl([event()])
    told = json.loads(line)
    assert told.keys() >= EVENT
    assert (told["kind"], told["set"], told["key"]) == ("missing", "web", "LOG_LEVEL")
    assert (told["present"], told["missing"]) == (["dev", "staging"], ["prod"])
    assert told["opened_commit"] == "01" * 20
    assert told["opened_date"] == "2024-01-01T12:00:00+02:00"
    assert told["opened_by"] == "Ada Example <ada@acme.example>"
    assert [told[name] for name in ("closed_commit", "closed_date", "closed_how")] == [None] * 3
    assert (told["days"], told["severity"]) == (12.3, "high")
    assert (told["certain"], told["accepted"]) == (True, False)
    assert told["paths"] == ["web/.env.dev"]


def test_a_closed_event_says_by_which_commit_and_how() -> None:
    """And what happened to it in between."""
    one = event(closed=step(9), closed_how="added", steps=((step(3), "staging got it"),))
    (line,) = events_jsonl([one])
    told = json.loads(line)
    assert (told["closed_commit"], told["closed_how"]) == ("09" * 20, "added")
    assert told["closed_date"].startswith("2024-01-09T12")
    assert told["steps"] == [
        {
            "commit": "03" * 20, "date": "2024-01-03T12:00:00+02:00",
            "by": "Ada Example <ada@acme.example>", "what": "staging got it",
        }
    ]  # fmt: skip


def test_events_are_one_array_too() -> None:
    """Also an empty one."""
    assert [one["kind"] for one in json.loads("".join(events_json([event(), event("value")])))] == [
        "missing", "value",
    ]  # fmt: skip
    assert json.loads("".join(events_json([]))) == []


def test_a_matrix_is_one_object_with_every_field_of_the_contract() -> None:
    """Every key is in it, whether or not it drifts."""
    told = json.loads("\n".join(matrix_json(MATRIX, {})))
    assert (told["ref"], told["commit"]) == ("refs/heads/main", "ab" * 20)
    assert told["environments"] == ["dev", "staging", "prod"]
    assert [(one["set"], one["key"], one["drift"]) for one in told["keys"]] == [
        ("web", "HOST", False), ("web", "LOG_LEVEL", True), ("web", "PORT", False),
        ("web", "TOKEN", True), ("api", "name", True),
    ]  # fmt: skip
    cells = told["keys"][1]["cells"]
    assert cells["dev"] == {
        "state": "value", "class": "A", "path": "web/.env.dev", "line": 2, "layer": "environment",
    }  # fmt: skip
    assert cells["prod"] == dict.fromkeys(("class", "path", "line", "layer")) | {"state": "absent"}
    assert told["uncertain"] == [{"path": "api/dev.yml", "why": "it is not YAML"}]


def test_a_matrix_without_keys_is_whole_json() -> None:
    """Nothing was found, and that is said."""
    assert json.loads("\n".join(matrix_json(MATRIX._replace(rows=()), {})))["keys"] == []


def test_a_matrix_is_a_line_a_key_too() -> None:
    """Each with the commit that it is of."""
    told = [json.loads(line) for line in matrix_jsonl(MATRIX, {})]
    assert {(one["ref"], one["commit"]) for one in told} == {("refs/heads/main", "ab" * 20)}
    assert [one["key"] for one in told] == ["HOST", "LOG_LEVEL", "PORT", "TOKEN", "name"]


def test_values_stand_only_in_cells_that_were_given_one() -> None:
    """Without one, there is no such field."""
    told = [json.loads(line) for line in matrix_jsonl(MATRIX, {("web", "PORT", "prod"): "80"})]
    have = {
        (one["key"], name): cell["value"]
        for one in told
        for name, cell in one["cells"].items()
        if "value" in cell
    }
    assert have == {("PORT", "prod"): "80"}
