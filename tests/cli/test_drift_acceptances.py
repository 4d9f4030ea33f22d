"""`forensics drift --acceptances`: what people accepted is no drift."""

from __future__ import annotations

import json

import pytest

from tests.cli.command import forensics
from tests.cli.drift_web import Told, events

pytestmark = pytest.mark.usefixtures("key")


def test_what_is_accepted_is_no_drift_until_it_expires(web: Told) -> None:
    """It is still told, with who accepted it."""
    said = ("--set", "web", "--key", "CACHE_*", "--reason", "no cache there", "--owner", "ops")
    forensics("drift", "accept", *said, "--expires", "30d", "-C", web.path)
    file = web.path / ".forensics-drift.toml"
    words = ("drift", web.path, "--detailed-exitcode", "--acceptances", file)
    assert forensics(*words).code == 0
    (one,) = events(web.path, "--acceptances", file, "--open", "--kind", "missing")
    assert one["accepted"] is True
    assert str(one["acceptance"]).startswith("no cache there (ops, until ")
    log = json.loads(forensics(*words, "-f", "sarif").out)
    assert [one["suppressions"][0]["kind"] for one in log["runs"][0]["results"]] == ["external"]
    text = file.read_text()
    file.write_text(text[: text.index("expires = ")] + "expires = 2024-01-01\n")
    late = forensics(*words)
    assert late.code == 2
    assert "2024-01-01 expired and no longer counts" in late.error()


def test_what_a_repository_accepts_itself_is_not_believed(web: Told) -> None:
    """Unless somebody names the file; that it lies there is said."""
    said = ("--set", "*", "--key", "*", "--reason", "all is well", "--owner", "mallory")
    forensics("drift", "accept", *said, "--expires", "30d", "-C", web.path)
    done = forensics("drift", web.path, "--detailed-exitcode")
    assert done.code == 2
    assert "is not used; name it with --acceptances" in done.error()


def test_an_acceptance_of_nothing_is_told(web: Told) -> None:
    """With its place; not where only a part was looked at."""
    said = ("--set", "web", "--key", "LOG_LEVEL", "--reason", "old", "--owner", "ops")
    forensics("drift", "accept", *said, "--expires", "30d", "-C", web.path)
    words = ("drift", web.path, "--acceptances", web.path / ".forensics-drift.toml")
    assert "accepts nothing" in forensics(*words).error()
    assert forensics(*words, "--key", "CACHE_*").err == ""
