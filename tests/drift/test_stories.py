"""Every told history of configuration, through the command line: what is told, and what is not."""

from __future__ import annotations

from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories.drift import DRIFT_STORIES, DriftStory, secrets
from tests.drift.expecting import differences, drift, events_of, matrix_of

FIELDS = {
    "kind", "set", "key", "present", "missing", "opened_commit", "opened_date", "opened_by",
    "closed_commit", "closed_date", "closed_how", "days", "severity", "certain", "accepted",
    "paths",
}  # fmt: skip
KINDS = {
    "missing", "extra", "type", "value", "shared", "stale", "flapping", "placeholder", "rotation",
    "rewrap",
}  # fmt: skip
NOW = {"missing", "extra", "type", "value", "stale", "placeholder"}
"""Kinds that make a row of the matrix drift as long as they are open."""


@pytest.fixture(params=[*DRIFT_STORIES])
def story(request: pytest.FixtureRequest, tmp_path: Path) -> DriftStory:
    """Each history in turn."""
    return DRIFT_STORIES[request.param](tmp_path / request.param)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Where the index is kept."""
    return tmp_path / "index.db"


def test_each_event_is_told_and_nothing_else(story: DriftStory, index: Path) -> None:
    """With the commits that open and close it and the environments that have and lack the key.
    Every field is there, dates and days agree, and an end is told in all its parts or none."""
    events = events_of(story.path, index)
    assert differences(story, events) == []
    for told in events:
        assert told.keys() >= FIELDS
        assert told["kind"] in KINDS
        assert told["accepted"] is False
        assert told["paths"]
        assert "Example" in told["opened_by"] or "Instance" in told["opened_by"]
        opened = datetime.fromisoformat(told["opened_date"])
        if told["closed_commit"]:
            assert told["closed_how"]
            lasted = datetime.fromisoformat(told["closed_date"]) - opened
            assert told["days"] == pytest.approx(lasted.total_seconds() / 86400, abs=0.06)
        else:
            assert not told["closed_date"]
            assert not told["closed_how"]
            assert told["days"] >= 0


def test_the_matrix_shows_the_last_commit(story: DriftStory, index: Path) -> None:
    """Its environments by their canonical names, what is missing now, what is uncertain; where no
    event is open and nothing is uncertain, no row drifts. The exit code says so as Terraform's."""
    matrix = matrix_of(story.path, index)
    assert matrix["commit"] == story.commits["end"]
    assert sorted(matrix["environments"]) == sorted(story.environments)
    drifting = []
    for event in story.events:
        if event.closed is None and event.kind in NOW:
            (row,) = [
                row for row in matrix["keys"]
                if fnmatchcase(row["key"], event.key) and event.component in row["set"]
                and row["drift"]
            ]  # fmt: skip
            drifting.append(row)
            for environment in event.missing or ():
                assert row["cells"][environment]["state"] == "absent"
            for environment in event.present or ():
                assert row["cells"][environment]["state"] == "value"
                assert row["cells"][environment]["line"] > 0
                assert row["cells"][environment]["path"]
    assert [row for row in matrix["keys"] if row["drift"] and row not in drifting] == [
        row for row in matrix["keys"] if row["drift"] and _open_otherwise(story, row["key"])
    ]
    for key, environment in story.uncertain:
        (row,) = [row for row in matrix["keys"] if fnmatchcase(row["key"], key)]
        assert row["cells"][environment]["state"] == "uncertain"
    assert drift(story.path, index, "--detailed-exitcode").code in _exit_codes(story)


def _open_otherwise(story: DriftStory, key: str) -> bool:
    """Whether an event of a kind that says nothing of the matrix is open for the key."""
    return any(
        event.closed is None and event.kind not in NOW and fnmatchcase(key, event.key)
        for event in story.events
    )


def _exit_codes(story: DriftStory) -> set[int]:
    """0 for no drift, 2 for some, 1 where something is uncertain."""
    still = [event for event in story.events if event.closed is None]
    if story.uncertain:
        return {1}
    if any(event.kind in NOW for event in still):
        return {2}
    return {0, 2} if still else {0}


@pytest.mark.parametrize(
    "name", [name for name in secrets.__all__ if name != "names_like_secrets_that_are_none"]
)
def test_no_secret_is_printed_or_stored(name: str, tmp_path: Path, index: Path) -> None:
    """Not with `--show-values` either, in no format."""
    story = DRIFT_STORIES[name](tmp_path / name)
    shown = []
    formats = ("table", "json", "jsonl", "csv", "markdown")
    for option, choice in (("--history", (*formats, "sarif")), ("--show-values", formats)):
        for output_format in choice:
            done = drift(story.path, index, option, "--format", output_format)
            assert done.code in {0, 3}, done.err
            shown.append((done.out + done.err).encode())
    assert any(b"DB_PASSWORD" in one for one in shown)
    stored = [file.read_bytes() for file in index.parent.glob("index.db*") if file.is_file()]
    assert stored
    for secret in story.secrets:
        assert not any(secret in one for one in shown)
        assert not any(secret in one for one in stored)


@pytest.mark.parametrize(
    "name",
    ["from_base_into_one_overlay", "unparsable_when_it_closes", "folder_renamed_while_missing",
     "rotation_that_arrives", "flapping", "branch_merged_with_a_missing_key"],
)  # fmt: skip
def test_what_is_new_gives_what_everything_at_once_gives(
    name: str, tmp_path: Path, index: Path
) -> None:
    """The index is brought up to date at every commit, or once at the end: the same is told."""
    story = DRIFT_STORIES[name](tmp_path / name)
    line = git(story.path, "rev-list", "--first-parent", "--reverse", "HEAD").split()
    for commit in line:
        git(story.path, "update-ref", "refs/heads/main", commit.decode())
        events = events_of(story.path, index)
    assert events == events_of(story.path, tmp_path / "fresh.db")
    assert differences(story, events) == []
