"""The line of a ref is brought up to date: what is new is read, and what was rewritten anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from forensics.drift.environments import Placer
from forensics.errors import UsageProblem
from forensics.settings.file import named_by_user
from tests.drift.record.bringing import DEV, PROD, bring_up


def test_a_line_and_its_readings(told: Builder, index: Path) -> None:
    """Steps are those commits that change configuration."""
    found = bring_up(told.path, index)
    assert found.line.ref == "refs/heads/main"
    assert found.line.tip.hex() == told.head
    assert found.line.tip_time == told.now
    assert not found.line.cut
    assert [{change.path for change in step.changes} for step in found.line.steps] == [
        {DEV.encode(), PROD.encode()},
        {PROD.encode()},
    ]
    assert found.line.steps[1].author == "Ben Instance <ben@acme.example>"
    assert all(not one.trouble for one in found.readings.values())
    keys = [[each.key for each in one.observations] for one in found.readings.values()]
    assert sorted(keys) == [["HOST"], ["HOST", "LIMIT"], ["HOST", "LIMIT"]]


def test_a_second_time_reads_nothing(told: Builder, index: Path, reads: list[bytes]) -> None:
    """And gives the same."""
    first = bring_up(told.path, index)
    assert len(reads) == 3
    assert bring_up(told.path, index) == first
    assert len(reads) == 3


def test_a_new_commit_is_added(told: Builder, index: Path, reads: list[bytes]) -> None:
    """Only what it changes is read."""
    before = bring_up(told.path, index)
    reads.clear()
    told.write(DEV, "HOST=db.dev.example.com\nLIMIT=20\n")
    told.commit("Another limit")
    after = bring_up(told.path, index)
    assert after.steps == [*before.steps, told.head]
    assert reads == [DEV.encode()]


def test_a_rewritten_branch_is_told_anew(told: Builder, index: Path, tmp_path: Path) -> None:
    """Steps that are not on the line any more are not in it."""
    first = bring_up(told.path, index)
    start = first.steps[0]
    told.reset(start)
    told.write(PROD, "HOST=db.prod.example.com\nLIMIT=30\n")
    told.commit("Otherwise")
    rewritten = bring_up(told.path, index)
    assert rewritten.steps == [start, told.head]
    assert rewritten == bring_up(told.path, tmp_path / "fresh.db")
    told.reset(start)
    assert bring_up(told.path, index).steps == [start]


def test_an_older_line_that_became_the_merged_side(told: Builder, index: Path) -> None:
    """First parents decide, not what is reachable."""
    bring_up(told.path, index)
    start = bring_up(told.path, index).steps[0]
    told.branch("other", start)
    told.write("env/.env.staging", "HOST=db.staging.example.com\n")
    other = told.commit("Staging")
    merge = told.merge("main")
    told.checkout("main")
    told.reset(merge)
    found = bring_up(told.path, index)
    assert found.steps == [start, other, merge]
    assert found.line.steps[-1].merge


def test_deleted_and_recreated(told: Builder, index: Path) -> None:
    """Both are changes."""
    told.delete(PROD)
    deleted = told.commit("Drop production")
    told.write(PROD, "HOST=db.prod.example.com\n")
    again = told.commit("Production again")
    found = bring_up(told.path, index)
    assert found.steps[-2:] == [deleted, again]
    changes = [found.line.steps[at].changes[0] for at in (-2, -1)]
    assert [(bool(one.before), bool(one.after)) for one in changes] == [
        (True, False),
        (False, True),
    ]


def test_any_ref_or_commit_can_be_asked_for(told: Builder, index: Path, reads: list[bytes]) -> None:
    """They share what was read."""
    main = bring_up(told.path, index)
    reads.clear()
    assert bring_up(told.path, index, "main~1").steps == main.steps[:1]
    assert bring_up(told.path, index, "HEAD").steps == main.steps
    assert bring_up(told.path, index, main.steps[0]).steps == main.steps[:1]
    assert not reads
    told.branch("topic", main.steps[0])
    told.write(DEV, "LIMIT=1\n")
    told.commit("On a branch")
    assert bring_up(told.path, index, "topic").steps == [main.steps[0], told.head]
    assert bring_up(told.path, index).steps == main.steps


@pytest.mark.parametrize("ref", ["nothing", "--all", "", "main:env", "HEAD~99", "\n"])
def test_what_names_no_commit(told: Builder, index: Path, ref: str) -> None:
    """Is said in one line."""
    with pytest.raises(UsageProblem, match="names no commit"):
        bring_up(told.path, index, ref)


def test_an_empty_repository(tmp_path: Path, index: Path) -> None:
    """Has no line."""
    with pytest.raises(UsageProblem, match="no commit yet"):
        bring_up(Builder(tmp_path / "empty").path, index)


def test_another_table_of_environments_reads_anew(
    told: Builder, index: Path, tmp_path: Path, reads: list[bytes]
) -> None:
    """What was placed otherwise is not believed any more."""
    bring_up(told.path, index)
    reads.clear()
    said = tmp_path / "forensics.toml"
    said.write_text('[[drift.files]]\npath = "env/.env.dev"\nrole = "ignore"\n')
    found = bring_up(told.path, index, placer=Placer.load(named_by_user(said)))
    assert {path for path, _ in found.readings} == {PROD.encode()}
    assert {*reads} == {PROD.encode()}
    assert len(bring_up(told.path, index).readings) == 3


def test_a_clone_that_is_deepened_is_told_anew(told: Builder, index: Path, tmp_path: Path) -> None:
    """What the oldest commit seemed to add was there before."""
    clone = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{told.path}", str(clone))
    shallow = bring_up(clone, index)
    assert "shallow" in shallow.line.cut
    assert shallow.steps == [told.head]
    git(clone, "fetch", "-q", "--unshallow")
    assert bring_up(clone, index).steps == bring_up(told.path, tmp_path / "fresh.db").steps


def test_a_missing_blob_is_read_once_it_is_there(told: Builder, index: Path) -> None:
    """Until then what it holds is uncertain."""
    blob = git(told.path, "rev-parse", f"HEAD:{PROD}").decode().strip()
    file = told.git_dir / "objects" / blob[:2] / blob[2:]
    content = file.read_bytes()
    file.unlink()
    version = (PROD.encode(), bytes.fromhex(blob))
    assert "missing" in bring_up(told.path, index).readings[version].trouble
    file.write_bytes(content)
    assert not bring_up(told.path, index).readings[version].trouble


def test_a_line_that_was_cut_is_told_anew(told: Builder, index: Path) -> None:
    """As soon as what was missing is there."""
    tree = git(told.path, "rev-parse", "HEAD~1^{tree}").decode().strip()
    file = told.git_dir / "objects" / tree[:2] / tree[2:]
    content = file.read_bytes()
    file.unlink()
    cut = bring_up(told.path, index)
    assert cut.line.cut
    assert cut.steps == [told.head]
    file.write_bytes(content)
    whole = bring_up(told.path, index)
    assert not whole.line.cut
    assert len(whole.steps) == 2
