"""SARIF of drift, as code scanning takes it."""

from __future__ import annotations

import json
from typing import Any

from forensics.drift.acceptance import KINDS
from forensics.drift.model import DriftEvent
from forensics.report.drift.sarif import events_sarif
from tests.report.drift.told import MATRIX, event, step


def run_of(*events: DriftEvent) -> dict[str, Any]:
    """The one run of the log."""
    log = json.loads("\n".join(events_sarif(MATRIX, events)))
    assert (log["version"], log["$schema"][:5]) == ("2.1.0", "https")
    (run,) = log["runs"]
    return dict(run)


def place(location: dict[str, Any]) -> tuple[str, int]:
    """File and line."""
    physical = location["physicalLocation"]
    assert physical["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
    return physical["artifactLocation"]["uri"], physical["region"]["startLine"]


def test_what_lacks_a_key_is_shown_where_others_have_it() -> None:
    """With the commit since when it is missing."""
    (found,) = run_of(event())["results"]
    assert found["ruleId"] == "drift/missing"
    assert found["level"] == "error"
    assert found["message"]["text"] == (
        "LOG_LEVEL: missing in prod; dev, staging have it, since 010101010101 (2024-01-01)"
    )
    assert [place(one) for one in found["locations"]] == [("web/.env.dev", 2)]
    (other,) = found["relatedLocations"]
    assert place(other) == ("web/.env.staging", 2)
    assert (other["id"], other["message"]["text"]) == (1, "staging")
    assert found["properties"]["openedCommit"] == "01" * 20


def test_what_is_wrong_with_an_environment_is_shown_in_its_file() -> None:
    """Such as its placeholder."""
    one = event("placeholder", set="api", key="name", present=("prod",), missing=())
    assert [place(where) for where in run_of(one)["results"][0]["locations"]] == [
        ("api/prod.yml", 7)
    ]


def test_every_kind_has_a_rule_and_points_at_it() -> None:
    """By name and by number."""
    run = run_of(*(event(kind) for kind in KINDS))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [f"drift/{kind}" for kind in KINDS]
    for found in run["results"]:
        assert rules[found["ruleIndex"]]["id"] == found["ruleId"]
    for rule in rules:
        assert rule["shortDescription"]["text"].endswith(".")
        assert rule["help"]["text"]


def test_only_what_is_open_is_told_and_what_is_accepted_is_suppressed() -> None:
    """With the reason."""
    accepted = event(accepted=True, acceptance="cache (ops, until 2030-01-01)")
    told = run_of(event(closed=step(2)), event(expected="host"), accepted)["results"]
    (found,) = told
    assert found["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "cache (ops, until 2030-01-01)"}
    ]


def test_fingerprints_stay_the_same_whatever_the_commit_and_line() -> None:
    """And differ between two results of one run; no key is needed for them."""
    moved = event(opened=step(7), missing=("prod", "qa"), days=99.0)
    first, second = (run_of(one)["results"][0]["partialFingerprints"] for one in (event(), moved))
    assert first == second
    assert [*first] == ["forensicsDrift/v1"]
    twice = run_of(event(), event(), event("value"))["results"]
    assert len({one["partialFingerprints"]["forensicsDrift/v1"] for one in twice}) == 3


def test_names_of_files_are_uris_and_every_result_has_a_place() -> None:
    """Also where the matrix does not know the key, or nobody does."""
    one = event(key="GONE", paths=("a b/ü#.yml",))
    assert place(run_of(one)["results"][0]["locations"][0]) == ("a%20b/%C3%BC%23.yml", 1)
    nowhere = run_of(event(key="GONE", paths=()))["results"][0]
    assert nowhere["locations"] == []


def test_a_key_is_text_whatever_stands_in_it() -> None:
    """Viewers make links of brackets, and put something in the place of braces."""
    (found,) = run_of(event(key="a[0]{1}"))["results"]
    assert found["message"]["text"].startswith("a\\[0\\]{{1}}: missing in prod")


def test_files_that_do_not_parse_are_notifications() -> None:
    """So that nobody takes silence for agreement."""
    (invocation,) = run_of()["invocations"]
    (notice,) = invocation["toolExecutionNotifications"]
    assert notice["message"]["text"] == "api/dev.yml does not parse: it is not YAML"
    assert place(notice["locations"][0]) == ("api/dev.yml", 1)
