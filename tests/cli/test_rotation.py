"""`rotation` and `show --format json`: what was rotated, with the events that show it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.stories import STORIES, Story
from fixtures_repos.stories.story import PLACE, begin, setting, token
from forensics.key import Key
from tests.cli.command import forensics

STATUSES = {
    "leaked_then_deleted": ("deleted-not-rotated", "history-only", ["removed"]),
    "replaced": ("replaced-everywhere", "history-only", ["replaced"]),
    "rolled_back": ("rolled-back", "default-branch", ["rolled-back"]),
    "moved_by_rename": ("exposed", "default-branch", ["moved"]),
    "reintroduced": ("exposed", "default-branch", ["reintroduced"]),
    "cherry_picked_to_a_release_branch": ("exposed", "other-branch", ["introduced"]),
    "only_in_a_merge": ("exposed", "default-branch", ["introduced"]),
    "in_a_tag_only": ("exposed", "tag-only", ["introduced"]),
    "in_a_stash": ("deleted-not-rotated", "stash", ["introduced"]),
    "reflog_only": ("deleted-not-rotated", "reflog", ["introduced"]),
    "dangling_commit": ("externalised-not-rotated", "unreachable", ["externalised"]),
    "dangling_blob": ("deleted-not-rotated", "unreachable", []),
}


@pytest.fixture
def rotation(tmp_path: Path, key: Key) -> Callable[[str], tuple[Story, dict[str, Any]]]:
    """Scans a story and gives it with the line of its secret."""

    def tell(name: str) -> tuple[Story, dict[str, Any]]:
        story = STORIES[name](tmp_path / name)
        forensics("scan", story.path)
        lines = forensics("rotation", story.path, "--format", "jsonl").lines
        name = key.fingerprint(story.secret).hex()
        return story, next(line for line in lines if line["secret"] == name)

    return tell


@pytest.mark.parametrize("name", STATUSES)
def test_a_status_names_the_events_that_it_follows_from(
    rotation: Callable[[str], tuple[Story, dict[str, Any]]], name: str
) -> None:
    """And what still leads there."""
    story, told = rotation(name)
    status, reachability, evidence = STATUSES[name]
    assert (told["status"], told["reachability"]) == (status, reachability)
    assert [one["kind"] for one in told["evidence"]] == evidence
    for one in told["evidence"]:
        assert one["commit"] in story.commits.values()
        assert one["path"]
        assert one["date"]
    assert bool(told["todo"])


@pytest.mark.usefixtures("key")
def test_a_table_says_what_is_left_to_do(replaced: Story) -> None:
    """The worst first, and nothing of the values."""
    forensics("scan", replaced.path)
    done = forensics("rotation", replaced.path)
    assert done.code == 1
    rows = done.out.splitlines()
    assert rows[0].split()[0] == "STATUS"
    assert [row.split()[0] for row in rows[1:] if row[0] != " "] == [
        "exposed",
        "replaced-everywhere",
    ]
    for value in (replaced.secret, *replaced.others.values()):
        assert value.decode() not in done.out


def test_only_what_was_asked_for_is_listed(replaced: Story, key: Key) -> None:
    """By status, or by how long it stands without being rotated."""
    forensics("scan", replaced.path)
    listed = forensics("rotation", replaced.path, "--status", "exposed", "-f", "jsonl").lines
    new = key.fingerprint(replaced.others["new"]).hex()
    assert [(one["status"], one["secret"]) for one in listed] == [("exposed", new)]
    stale = forensics("rotation", replaced.path, "--stale", "100", "-f", "jsonl").lines
    assert [one["secret"] for one in stale] == [one["secret"] for one in listed]
    none = forensics("rotation", replaced.path, "--stale", "1000000")
    assert none.code == 0
    assert none.error() == "nothing matches"
    refused = forensics("rotation", replaced.path, "--status", "rotated")
    assert refused.code == 2
    assert "replaced-everywhere" in refused.error()


def test_only_a_statement_makes_it_revoked(replaced: Story, key: Key) -> None:
    """Replaced is never called revoked; who said it, and when, is told."""
    forensics("scan", replaced.path)
    name = key.fingerprint(replaced.secret).hex()
    forensics(
        "triage", name, "--state", "revoked", "--evidence", "ticket 7", "--when", "2023-02-01",
        "-C", replaced.path,
    )  # fmt: skip
    lines = forensics("rotation", replaced.path, "-f", "jsonl").lines
    told = next(one for one in lines if one["secret"] == name)
    assert told["status"] == "revoked"
    assert told["stated"]["evidence"] == "ticket 7"
    assert told["stated"]["date"].startswith("2023-02-01")
    assert told["exposed_days"] == 22


def test_everything_known_of_a_secret_is_one_object(rolled_back: Story, key: Key) -> None:
    """Events with commit, both dates, path, line, slot, and what they go with."""
    forensics("scan", rolled_back.path)
    name = key.fingerprint(rolled_back.secret).hex()
    told = json.loads(forensics("show", name, rolled_back.path, "--format", "json").out)
    assert told["secret"] == name
    assert [one["kind"] for one in told["events"]] == ["introduced", "replaced", "rolled-back"]
    first, gone, back = told["events"]
    assert (back["related_to"], gone["slot"]) == (gone["commit"], "GITHUB_TOKEN")
    assert gone["related"]["secret"] != name
    assert (first["path"], first["line"]) == (PLACE, 2)
    assert first["author_date"] == first["commit_date"] == "2023-01-09T11:00:00+00:00"
    assert [one["name"] for one in told["refs"]] == ["refs/heads/main"]
    assert told["places"] == [
        {"path": PLACE, "line": 2, "ref": "refs/heads/main", "kind": "blob",
         "repository": str(rolled_back.path), "by_value": False}
    ]  # fmt: skip
    assert told["releases"] == {"first": None, "last": None, "count": 0}
    assert [one["commits"] for one in told["default_branch"]] == [1, 1]


def test_releases_are_those_that_hold_it(tmp_path: Path, key: Key) -> None:
    """First and last by ancestry, whatever their names sort like."""
    builder, _ = begin(tmp_path / "r")
    builder.tag("v0.9")
    builder.write(PLACE, setting(token()))
    builder.commit("Leak")
    builder.tag("v0.10")
    builder.tag("nightly")
    builder.write("README.md", "more\n")
    builder.commit("Describe")
    builder.tag("v0.11", "Version 0.11")
    builder.delete(PLACE)
    builder.commit("Remove")
    builder.tag("v1.0")
    forensics("scan", builder.populate())
    name = key.fingerprint(token()).hex()
    told = json.loads(forensics("show", name, builder.path, "-f", "json").out)
    assert told["releases"] == {"first": "v0.10", "last": "v0.11", "count": 2}
    assert told["reachability"] == "history-only"
    assert {one["kind"] for one in told["refs"]} == {"tag"}


def test_the_same_value_in_two_repositories_is_one_secret(tmp_path: Path, key: Key) -> None:
    """With its places in both."""
    for name in ("one", "two"):
        builder = Builder(tmp_path / name)
        builder.write(f"{name}.env", setting(token()))
        builder.commit("Leak")
    index = tmp_path / "index.db"
    forensics("scan", tmp_path / "one", tmp_path / "two", "--index", index)
    (told,) = forensics("rotation", "--index", index, "-f", "jsonl").lines
    assert told["secret"] == key.fingerprint(token()).hex()
    both = {("one", "one.env"), ("two", "two.env")}
    assert {(Path(one["repository"]).name, one["path"]) for one in told["places"]} == both
    shown = json.loads(forensics("show", told["secret"], "--index", index, "-f", "json").out)
    for part in ("events", "refs", "places", "slots"):
        assert {(Path(one["repository"]).name, one["path"]) for one in shown[part]} == both
    text = forensics("show", told["secret"], "--index", index).out
    assert f"one.env: GITHUB_TOKEN  in {tmp_path / 'one'}" in text
    logged = forensics("log", told["secret"], "--index", index).out
    for name in ("one", "two"):
        lines = [line for line in text.splitlines() if line.endswith(f"  in {tmp_path / name}")]
        for part in ("1 branch: refs/heads/main", "1 commits, ", f"introduced .* {name}.env:2"):
            assert len([line for line in lines if re.search(part, line)]) == 1
        assert re.search(f"introduced .* {name}.env:2 .* in {tmp_path / name}\n", logged)
    assert {Path(one["repository"]).name for one in shown["evidence"]} == {"one", "two"}


def test_a_revocation_before_the_leak_is_doubted(replaced: Story, key: Key) -> None:
    """Whoever says so may be wrong; it is told beside the status."""
    forensics("scan", replaced.path)
    name = key.fingerprint(replaced.secret).hex()
    forensics(
        "triage", name, "--state", "revoked", "--evidence", "x", "--when", "2001-01-01",
        "-C", replaced.path,
    )  # fmt: skip
    told = json.loads(forensics("show", name, replaced.path, "-f", "json").out)
    assert told["status"] == "revoked"
    assert any("before a commit first had it" in doubt for doubt in told["uncertain"])


def test_a_stage_says_how_far_the_rotation_has_come(tmp_path: Path, key: Key) -> None:
    """Detected, assigned with a due date, revoked while it still stands, verified once it does not
    and was looked for."""
    builder = Builder(tmp_path / "r")
    index = tmp_path / "index.db"

    def told(*words: object) -> dict[str, Any]:
        lines = forensics("rotation", *words, "-f", "jsonl", "--index", index).lines
        return lines[0] if lines else {}

    builder.write("config/prod.env", setting(token()))
    builder.write("config/dev.env", setting(token()))
    builder.commit("Leak")
    forensics("scan", builder.path, "--index", index)
    assert (told()["stage"], told()["owner"], told()["due"]) == ("detected", None, None)
    name = key.fingerprint(token()).hex()[:8]

    def decide(*words: object) -> None:
        assert forensics("triage", name, *words, "--index", index).code == 0

    decide("--owner", "Ada", "--due", "2d")
    assert (told()["stage"], told()["owner"], told()["overdue"]) == ("assigned", "Ada", False)
    assert not told("--overdue")
    decide("--due", "none")
    assert told("--stage", "assigned")["due"] is None
    builder.write("config/dev.env", setting(token(2)))
    builder.commit("Replace it in one environment")
    forensics("scan", builder.path, "--index", index)
    (line,) = [one for one in forensics("rotation", "-f", "jsonl", "--index", index).lines
               if one["secret"].startswith(name)]  # fmt: skip
    slots = {one["environment"]: (one["pending"], one["how"]) for one in line["slots"]}
    assert slots == {"prod": (True, "stands"), "dev": (False, "replaced")}
    decide("--state", "revoked", "--when", "2024-01-01", "--evidence", "ticket 7")
    assert told("--stage", "revoked")["secret"].startswith(name)
    builder.write("config/prod.env", setting(token(2)))
    builder.commit("Replace it in the other")
    forensics("scan", builder.path, "--index", index)
    assert told("--stage", "verified")["secret"].startswith(name)
