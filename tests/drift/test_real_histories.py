"""Drift in public repositories, as plain git tells it.

Clones are looked for in the folder that DRIFT_CLONES names, as `<owner>/<name>`, `<name>` or
`<name>.git`, bare or not:

    git clone --bare https://github.com/akash-network/console
    git clone --bare https://github.com/ministryofjustice/hmpps-audit-api
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.drift.expecting import events_of

CLONES = os.environ.get("DRIFT_CLONES")


def _events(owner: str, name: str, index: Path) -> list[dict[str, Any]]:
    """Drift events of that repository; the test is skipped where there is no clone."""
    if CLONES is None:
        pytest.skip("DRIFT_CLONES names no folder of clones")
    for place in (f"{owner}/{name}", f"{owner}/{name}.git", name, f"{name}.git"):
        if (Path(CLONES) / place).is_dir():
            return events_of(Path(CLONES) / place, index)
    pytest.skip(f"no clone of {owner}/{name} in DRIFT_CLONES")


def _of(events: list[dict[str, Any]], last: str) -> list[dict[str, Any]]:
    """Presence events of the keys that end in `last`."""
    return [
        event
        for event in events
        if event["key"].split(".")[-1] == last and event["kind"] in {"missing", "extra"}
    ]


def test_a_measurement_id_is_in_production_only_for_five_months(tmp_path: Path) -> None:
    """From the commit that sets it there to the one that sets it in staging."""
    events = _events("akash-network", "console", tmp_path / "index.db")
    (event,) = [
        event
        for event in _of(events, "NEXT_PUBLIC_GA_MEASUREMENT_ID")
        if "deploy-web" in event["set"]
    ]
    assert event["kind"] == "extra"
    assert event["present"] == ["prod"]
    assert event["missing"] == ["staging"]
    assert event["opened_commit"].startswith("94bc07ebdad8")
    assert event["opened_date"].startswith("2024-09-18")
    assert event["closed_commit"].startswith("c88ff59c19c0")
    assert event["closed_date"].startswith("2025-02-19")
    assert event["days"] == pytest.approx(153.6, abs=0.05)
    assert event["certain"] is True


def test_what_moves_from_base_into_dev_is_missing_elsewhere(tmp_path: Path) -> None:
    """Until it stands in base again, 26 days later."""
    events = _events("ministryofjustice", "hmpps-audit-api", tmp_path / "index.db")
    (event,) = _of(events, "HMPPS_S3_AUDIT_BUCKET_NAME")
    assert event["kind"] == "missing"
    assert event["present"] == ["dev"]
    assert sorted(event["missing"]) == ["preprod", "prod"]
    assert event["opened_commit"].startswith("9420d3b1e304")
    assert event["opened_date"].startswith("2024-10-24")
    assert event["closed_commit"].startswith("d67746edb174")
    assert event["closed_date"].startswith("2024-11-19")
    assert event["days"] == pytest.approx(26, abs=0.05)
    assert event["certain"] is True


def test_what_has_a_default_in_base_is_not_missing(tmp_path: Path) -> None:
    """The same commit sets another key in dev, which the others have from base; they lack it only
    once its default is taken away."""
    events = _events("ministryofjustice", "hmpps-audit-api", tmp_path / "index.db")
    (event,) = _of(events, "saveToS3Bucket")
    assert event["opened_commit"].startswith("749709bb1683")
    assert event["closed_commit"].startswith("3c67e3149170")
    assert sorted(event["missing"]) == ["preprod", "prod"]
