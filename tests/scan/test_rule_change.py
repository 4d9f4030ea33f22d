"""Another rule set: everything is looked at again, and what no longer matches is dropped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from fixtures_repos import layouts
from fixtures_repos.damage import overwrite
from fixtures_repos.git import git
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import setting, token
from forensics.git.plan import ObjectPlan
from forensics.index.writer import IndexWriter
from forensics.scan.observer import Silent
from tests.scan.killing import dying, killed
from tests.scan.scanning import ALL_BUT_ONE, ALL_RULES, WITHOUT_GITHUB, scan


class Listener(Silent):
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.planned_objects = 0

    def note(self, message: str) -> None:
        self.notes.append(message)

    def planned(self, objects: int, weight: int) -> None:
        self.planned_objects = objects


def test_a_changed_rule_set_reads_everything_again_and_says_why(
    leaked_then_deleted: Story, tmp_path: Path
) -> None:
    """Once; with it unchanged, nothing is read and nothing said."""
    first = scan(leaked_then_deleted.path, tmp_path / "index.db", setup=WITHOUT_GITHUB)
    assert not first.findings
    heard = Listener()
    second = scan(leaked_then_deleted.path, tmp_path / "index.db", observer=heard)
    (note,) = heard.notes
    assert "rules" in note
    assert "again" in note
    assert heard.planned_objects > 0
    assert second.findings
    heard = Listener()
    assert scan(leaked_then_deleted.path, tmp_path / "index.db", observer=heard).findings
    assert (heard.notes, heard.planned_objects) == ([], 0)


def test_the_first_scan_has_nothing_to_explain(leaked_then_deleted: Story, tmp_path: Path) -> None:
    """Everything is new."""
    heard = Listener()
    scan(leaked_then_deleted.path, tmp_path / "index.db", observer=heard)
    assert heard.notes == []


def test_another_rule_set_finds_what_it_would_have_found_at_first(
    any_story: Story, tmp_path: Path
) -> None:
    """In files, messages, names of files and of refs, and at the same places in history."""
    scan(any_story.path, tmp_path / "index.db", setup=WITHOUT_GITHUB)
    second = scan(any_story.path, tmp_path / "index.db")
    fresh = scan(any_story.path, tmp_path / "fresh.db")
    assert second.occurrences == fresh.occurrences
    assert second.findings == fresh.findings
    assert second.summary.by_severity == fresh.summary.by_severity


def test_what_no_rule_finds_any_more_is_dropped(any_story: Story, tmp_path: Path) -> None:
    """Wherever it was, and from what the summary counts too."""
    first = scan(any_story.path, tmp_path / "index.db")
    assert first.findings
    second = scan(any_story.path, tmp_path / "index.db", setup=WITHOUT_GITHUB)
    assert second.findings == []
    assert second.occurrences == []
    assert second.summary.by_severity == {}
    third = scan(any_story.path, tmp_path / "index.db")
    assert third.findings == first.findings


def test_what_cannot_be_read_this_time_is_not_dropped(
    leaked_then_deleted: Story, tmp_path: Path
) -> None:
    """Nobody looked, so nobody knows that it no longer matches."""
    path = leaked_then_deleted.path
    scan(path, tmp_path / "index.db")
    name = f"{leaked_then_deleted.commits['leak']}:deploy/ci.env"
    oid = git(path, "rev-parse", name).decode().strip()
    place = path / ".git/objects" / oid[:2] / oid[2:]
    place.chmod(0o644)
    place.write_bytes(b"damaged")
    after = scan(path, tmp_path / "index.db", setup=WITHOUT_GITHUB)
    assert not after.summary.complete
    assert {status for _, status in after.statuses(leaked_then_deleted.secret)} == {"removed"}


@pytest.mark.parametrize("setup", [ALL_RULES, WITHOUT_GITHUB])
def test_a_new_rule_set_and_new_commits_together(
    leaked_then_deleted: Story, tmp_path: Path, setup: object
) -> None:
    """Old and new history are placed alike."""
    path = leaked_then_deleted.path
    scan(path, tmp_path / "index.db", setup=WITHOUT_GITHUB)
    (path / "new.env").write_bytes(setting(token(9)))
    git(path, "add", ".")
    git(path, "commit", "-q", "-m", "Leak another")
    scan(path, tmp_path / "index.db", setup=setup)  # type: ignore[arg-type]
    last = scan(path, tmp_path / "index.db")
    assert last.occurrences == scan(path, tmp_path / "fresh.db").occurrences
    assert last.statuses(token(9)) == {(b"new.env", "present")}


def test_another_rule_set_tells_no_commit_again(
    leaked_then_deleted: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """History is stored so that a new rule needs no new walk."""
    scan(leaked_then_deleted.path, tmp_path / "index.db", setup=WITHOUT_GITHUB)
    told: list[int] = []
    real = ObjectPlan.add_history

    def add_history(self: ObjectPlan, commits: Sequence[bytes], jobs: int) -> None:
        told.append(len(commits))
        real(self, commits, jobs)

    monkeypatch.setattr(ObjectPlan, "add_history", add_history)
    again = scan(leaked_then_deleted.path, tmp_path / "index.db")
    assert again.findings
    assert told == [0]


def test_a_pack_that_cannot_be_read_any_more_drops_nothing(
    leaked_then_deleted: Story, tmp_path: Path
) -> None:
    """The new rules did not look at what it holds."""
    path = leaked_then_deleted.path
    layouts.repack(path)
    before = scan(path, tmp_path / "index.db")
    (pack,) = layouts.packs(path)
    overwrite(pack, b"")
    after = scan(path, tmp_path / "index.db", setup=ALL_BUT_ONE)
    assert {one.secret for one in after.findings} == {one.secret for one in before.findings}
    assert after.summary.skipped
    assert "it is missing" not in after.summary.skipped


@pytest.mark.parametrize("moment", ["begin", "add"])
def test_a_kill_under_other_rules_loses_nothing(
    leaked_then_deleted: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """What the first rules found is not taken for something that they did not find again."""
    index = tmp_path / "index.db"
    before = scan(leaked_then_deleted.path, index)
    with monkeypatch.context() as patched:
        method = getattr(IndexWriter, moment)
        patched.setattr(IndexWriter, moment, dying(method, on_call=1, after=True))
        killed(lambda: scan(leaked_then_deleted.path, index, setup=ALL_BUT_ONE))
    assert scan(leaked_then_deleted.path, index).findings == before.findings
