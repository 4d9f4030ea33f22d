"""Days are told where commits tell of them, and called uncertain where these cannot be right."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.stories.story import setting, token
from forensics.key import Key
from tests.cli.command import forensics

_DAY = 86_400


def told(path: Path, key: Key) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `show` and `rotation` say of the secret."""
    forensics("scan", path)
    shown = json.loads(forensics("show", key.fingerprint(token()).hex(), path, "-f", "json").out)
    (row,) = forensics("rotation", path, "--all", "-f", "jsonl").lines
    return shown, row


@pytest.mark.parametrize(
    ("days", "since_now", "sure"),
    [
        (1, False, False),
        (400, False, True),  # of a history that an older system kept
        (-1, True, True),
        (0, True, True),
        (900, True, False),
    ],
)
def test_dates_that_cannot_be_are_uncertain(
    tmp_path: Path, key: Key, days: int, since_now: bool, sure: bool
) -> None:
    """Days in 1970, and days to come."""
    when = days * _DAY + (time.time() if since_now else 0)
    builder = Builder(tmp_path / "r")
    builder.write("a.env", setting(token()))
    builder.commit("Leak", authored=int(when), committed=int(when))
    shown, row = told(builder.populate(), key)
    (event,) = shown["events"]
    assert (not event["uncertain"], not row["uncertain"]) == (sure, sure)


@pytest.mark.parametrize(("days", "sure"), [(1, True), (400, False)])
def test_a_commit_that_is_dated_before_its_parent_is_uncertain(
    tmp_path: Path, key: Key, days: int, sure: bool
) -> None:
    """One of the two clocks was wrong; a day is a matter of zones."""
    now = int(time.time()) - 1_000 * _DAY
    builder = Builder(tmp_path / "r")
    builder.write("README", "nothing")
    builder.commit("Start", authored=now, committed=now)
    builder.write("a.env", setting(token()))
    builder.commit("Leak", authored=now - days * _DAY, committed=now - days * _DAY)
    shown, row = told(builder.populate(), key)
    (event,) = shown["events"]
    assert (not event["uncertain"], not row["uncertain"]) == (sure, sure)


def test_a_tag_on_a_tree_tells_no_date(tmp_path: Path, key: Key) -> None:
    """Nobody committed it."""
    builder = Builder(tmp_path / "r")
    builder.write("README", "nothing")
    builder.commit("Start")
    builder.populate()
    blob = builder.objects.write("blob", setting(token()))
    tree = builder.objects.write("tree", b"100644 a.env\0" + bytes.fromhex(blob))
    git(builder.path, "tag", "release", tree)
    shown, row = told(builder.path, key)
    assert shown["events"] == []
    assert shown["exposed_days"] is None
    assert row["exposed_days"] is None
    assert [(one["name"], one["path"]) for one in shown["refs"]] == [("refs/tags/release", "a.env")]
