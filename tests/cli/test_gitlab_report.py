"""GitLab's report is valid by GitLab's own schema, whatever was scanned; and the test can fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import ValidationError

from fixtures_repos.damage import overwrite
from fixtures_repos.git import git
from fixtures_repos.hostile import Hostile
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import begin, setting, token
from tests.cli.command import forensics
from tests.cli.formats import gitlab_of, told
from tests.data.without_prose import without_prose

pytestmark = pytest.mark.usefixtures("key")

Report = dict[str, Any]


def test_every_story_makes_a_valid_report(any_story: Story) -> None:
    """In files, merges, messages, tags, notes and names; present, deleted and unreachable."""
    done = told("gitlab", any_story.path, command="scan")
    found = gitlab_of(done.out)["vulnerabilities"]
    assert done.code in (0, 1)
    assert bool(found) == (done.code == 1)
    for one in found:
        assert one["location"]["commit"]["sha"]
        assert one["location"]["file"]


def test_every_hidden_leak_makes_a_valid_report(hiding: Hostile) -> None:
    """Repositories that lie to git, some of them too damaged to be read in full."""
    done = told("gitlab", hiding.path, command="scan")
    report = gitlab_of(done.out)
    assert report["vulnerabilities"]
    assert report["scan"]["status"] in ("success", "failure")


@pytest.mark.parametrize("words", [
    ("--range", "HEAD"), ("--commit", "HEAD"), ("--since", "HEAD~1"),
    ("--staged",), ("--worktree",),
], ids=" ".join)  # fmt: skip
def test_what_is_new_makes_a_valid_report(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Committed, staged, and in files."""
    builder, _ = begin(tmp_path / "new")
    builder.write("committed.env", setting(token(1)))
    builder.commit("Leak")
    (builder.path / "staged.env").write_bytes(setting(token(2)))
    git(builder.path, "reset", "-q", "--hard")
    (builder.path / "staged.env").write_bytes(setting(token(2)))
    git(builder.path, "add", "staged.env")
    report = gitlab_of(told("gitlab", builder.path, *words, command="scan").out)
    places = {one["location"]["file"] for one in report["vulnerabilities"]}
    assert places == {"staged.env" if len(words) == 1 else "committed.env"}


def test_files_and_streams_make_a_valid_report(tmp_path: Path) -> None:
    """Which stand in no commit; GitLab asks for one all the same."""
    (tmp_path / "ci.env").write_bytes(setting(token()))
    for done in (
        told("gitlab", "--dir", tmp_path, command="scan"),
        forensics("scan", "--stdin", "-f", "gitlab", given=setting(token())),
    ):
        (one,) = gitlab_of(done.out)["vulnerabilities"]
        assert one["location"]["commit"] == {"sha": "0000000"}


def test_an_incomplete_scan_makes_a_valid_report(tmp_path: Path) -> None:
    """With findings, and with what could not be read."""
    builder, _ = begin(tmp_path / "damaged")
    builder.write("ci.env", setting(token()))
    oid = builder.write("data.bin", b"\0" * 400)
    builder.commit("Leak")
    overwrite(builder.git_dir / "objects" / oid[:2] / oid[2:], b"nothing")
    report = gitlab_of(told("gitlab", builder.path, command="scan").out)
    assert report["scan"]["status"] == "failure"
    assert report["scan"]["messages"]
    assert len(report["vulnerabilities"]) == 1


def _spoil(*way: str | int, value: Any = None) -> Callable[[Report], None]:
    """Put a value there, or take away what is there."""

    def spoil(report: Report) -> None:
        *folders, name = way
        at: Any = report
        for one in folders:
            at = at[one]
        if value is None:
            del at[name]
        else:
            at[name] = value

    return spoil


_FIRST = ("vulnerabilities", 0)
_SPOILT = {
    "no version": _spoil("version"),
    "another version": _spoil("version", value="15.0"),
    "an address that is none": _spoil("schema", value="schemas/15.0.7"),
    "no scan": _spoil("scan"),
    "a zone behind the time": _spoil("scan", "end_time", value="2026-01-01T00:00:00Z"),
    "another kind of scan": _spoil("scan", "type", value="sast"),
    "a status of ours": _spoil("scan", "status", value="incomplete"),
    "a scanner without a vendor": _spoil("scan", "scanner", "vendor"),
    "a level of ours": _spoil("scan", "messages", value=[{"level": "error", "value": "x"}]),
    "an empty message": _spoil("scan", "messages", value=[{"level": "warn", "value": ""}]),
    "no list": _spoil("vulnerabilities", value={}),
    "no id": _spoil(*_FIRST, "id"),
    "a long name": _spoil(*_FIRST, "name", value="x" * 256),
    "a severity in small letters": _spoil(*_FIRST, "severity", value="high"),
    "a long solution": _spoil(*_FIRST, "solution", value="x" * 7001),
    "no identifier": _spoil(*_FIRST, "identifiers", value=[]),
    "an identifier without a value": _spoil(*_FIRST, "identifiers", 0, "value", value=""),
    "no place": _spoil(*_FIRST, "location"),
    "no commit": _spoil(*_FIRST, "location", "commit"),
    "an empty id of a commit": _spoil(*_FIRST, "location", "commit", "sha", value=""),
    "a line that is text": _spoil(*_FIRST, "location", "start_line", value="2"),
    "a field that GitLab does not know": _spoil(*_FIRST, "location", "column", value=2),
    "one that it does not know at the top": _spoil("tool", value="git-forensics"),
}  # fmt: skip


@pytest.mark.parametrize("spoil", _SPOILT.values(), ids=_SPOILT)
def test_a_report_that_is_not_valid_is_noticed(
    leaked_then_deleted: Story, spoil: Callable[[Report], None]
) -> None:
    """So the tests above can fail."""
    report = gitlab_of(told("gitlab", leaked_then_deleted.path, command="scan").out)
    spoil(report)
    with pytest.raises(ValidationError):
        gitlab_of(json.dumps(report))


def test_a_schema_loses_its_prose_and_no_name() -> None:
    """A field may be called as prose is."""
    schema = {
        "title": "T", "description": "D", "examples": [1],
        "definitions": {"title": {"type": "string", "description": "D"}},
        "properties": {
            "description": {"const": {"kept": 1}, "title": "T"},
            "properties": {"properties": {"examples": {"examples": ["E"], "minLength": 1}}},
        },
        "oneOf": [{"required": ["description"], "description": "D"}],
    }  # fmt: skip
    assert without_prose(schema) == {
        "definitions": {"title": {"type": "string"}},
        "properties": {
            "description": {"const": {"kept": 1}},
            "properties": {"properties": {"examples": {"minLength": 1}}},
        },
        "oneOf": [{"required": ["description"]}],
    }
