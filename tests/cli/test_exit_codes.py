"""0 nothing found, 1 found, 2 an error, 3 nothing found but not everything read."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.stories import Story
from tests.cli.command import figure, forensics

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """A repository without a secret."""
    builder = Builder(tmp_path / "clean")
    builder.write("README.md", "# Nothing here\n")
    builder.commit("Start")
    return builder.populate()


def test_nothing_found_is_0(clean: Path) -> None:
    """And again, with nothing new; and from the index."""
    for words in (["scan", clean], ["scan", clean], ["findings", clean]):
        assert forensics(*words).code == 0


def test_something_found_is_1(any_story: Story) -> None:
    """Wherever it is, and whether it is still there; also where nothing is new."""
    for words in (["scan"], ["scan"], ["findings"]):
        done = forensics(*words, any_story.path)
        assert (done.code, done.err) == (1, "")


def test_of_several_repositories_the_worst_counts(clean: Path, leaked_then_deleted: Story) -> None:
    """In either order."""
    assert forensics("scan", clean, leaked_then_deleted.path).code == 1
    assert forensics("scan", leaked_then_deleted.path, clean).code == 1


def test_several_repositories_can_share_an_index(
    clean: Path, leaked_then_deleted: Story, replaced: Story, tmp_path: Path
) -> None:
    """Each scan lists its own findings; `findings` lists all."""
    index = tmp_path / "index.db"
    forensics("scan", leaked_then_deleted.path, "--index", index)
    forensics("scan", replaced.path, "--index", index)
    assert forensics("scan", clean, "--index", index).code == 0
    done = forensics("scan", leaked_then_deleted.path, "--index", index, "-f", "jsonl")
    assert len(done.lines) == 1
    done = forensics("findings", "--index", index, "-f", "jsonl")
    assert len(done.lines) == 3
    assert len({line["repository"] for line in done.lines}) == 2


def test_a_subfolder_names_the_same_repository(only_in_a_merge: Story) -> None:
    """A scan from below continues the one from above, and lists nothing twice."""
    path = only_in_a_merge.path
    forensics("scan", path)
    below = forensics("scan", "-f", "jsonl", cwd=path / "deploy")
    assert figure(below, "objects").startswith("0 read")
    assert len(below.lines) == 1
    assert len(forensics("findings", path, "-f", "jsonl").lines) == 1


def test_a_linked_work_tree_names_the_same_repository(
    only_in_a_merge: Story, tmp_path: Path
) -> None:
    """It shares objects, refs and index."""
    path = only_in_a_merge.path
    forensics("scan", path)
    git(path, "worktree", "add", "-q", "--detach", tmp_path / "linked")
    linked = forensics("scan", tmp_path / "linked", "-f", "jsonl")
    assert figure(linked, "objects").startswith("0 read")
    assert len(forensics("findings", path, "-f", "jsonl").lines) == 1


def test_a_repository_that_was_moved_is_listed_once(only_in_a_merge: Story) -> None:
    """Its index moved with it."""
    forensics("scan", only_in_a_merge.path)
    moved = only_in_a_merge.path.rename(only_in_a_merge.path.parent / "moved")
    done = forensics("scan", moved, "-f", "jsonl")
    assert done.code == 1
    assert len(forensics("findings", moved, "-f", "jsonl").lines) == 1


def test_the_summary_says_what_was_covered(leaked_then_deleted: Story) -> None:
    """Objects, history, rules, time, what was skipped and what was found."""
    path = leaked_then_deleted.path
    first = forensics("scan", path)
    listed = git(path, "cat-file", "--batch-all-objects", "--batch-check").decode().split()
    count = sum(listed.count(kind) for kind in ("blob", "commit", "tag", "tree"))
    assert figure(first, "history") == "4 commits, 1 refs"
    assert figure(first, "skipped") == "nothing"
    assert figure(first, "secrets") == "1 (1 critical)"
    assert figure(first, "rules").endswith("(Hyperscan)") or "pure Python" in first.out
    assert 0 < int(figure(first, "objects").split()[0]) <= count
    second = forensics("scan", path)
    assert figure(second, "objects").startswith("0 read (0 B)")
    assert "known from earlier scans" in figure(second, "objects")
    assert figure(second, "secrets") == "1 (1 critical)"
    assert "nothing new to read" in figure(second, "time")


def test_a_repository_and_its_files_share_an_index(only_in_a_merge: Story, tmp_path: Path) -> None:
    """The same path is two things, and neither takes from the other."""
    index = ("--index", tmp_path / "index.db")
    whole = forensics("scan", only_in_a_merge.path, *index, "-f", "jsonl")
    forensics("scan", "--dir", only_in_a_merge.path, *index, "-f", "jsonl")
    again = forensics("scan", only_in_a_merge.path, *index, "-f", "jsonl")
    assert again.lines == whole.lines
    assert "changed" not in again.err
