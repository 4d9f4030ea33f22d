"""Names of commits, as git reads them in the repository itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from forensics.errors import UsageProblem
from forensics.git.repository import open_repository
from forensics.git.resolve import named_commit

NAMES = ("HEAD", "@", "main", "HEAD~0", "@^0", "v1", "refs/tags/v1", "ORIG_HEAD", None)


def commit_at(path: Path, name: str | None) -> str:
    """The id of what is named."""
    return named_commit(open_repository(path), name).oid.hex()


@pytest.mark.parametrize("name", NAMES)
def test_names_are_read_as_git_reads_them(tmp_path: Path, name: str | None) -> None:
    """HEAD and its like are those of the repository, which git does not work in."""
    builder = Builder(tmp_path)
    builder.write("a", "1\n")
    commit = builder.commit("One")
    builder.tag("v1", "Release")
    (tmp_path / ".git" / "ORIG_HEAD").write_text(f"{commit}\n")
    assert commit_at(tmp_path, name) == commit


def test_a_detached_head_and_one_of_a_branch_without_commits(tmp_path: Path) -> None:
    """The first is a commit; the second is none."""
    builder = Builder(tmp_path)
    builder.write("a", "1\n")
    commit = builder.commit("One")
    builder.detach()
    assert commit_at(tmp_path, "HEAD") == commit
    builder.orphan("empty")
    with pytest.raises(UsageProblem, match="has no commit yet"):
        commit_at(tmp_path, "HEAD")


def test_a_head_whose_commit_is_missing_is_not_called_empty(tmp_path: Path) -> None:
    """Its id says what is to be looked for."""
    missing = "1" * 40
    (Builder(tmp_path).path / ".git" / "HEAD").write_text(f"{missing}\n")
    with pytest.raises(UsageProblem, match=f"'HEAD' needs {missing}, which is not here"):
        commit_at(tmp_path, "HEAD")


def test_a_name_of_several_refs_names_none_of_them(tmp_path: Path) -> None:
    """Git would take the tag, which others may have pushed. In full it is one."""
    builder = Builder(tmp_path)
    builder.write("a", "1\n")
    first = builder.commit("One")
    builder.write("a", "2\n")
    second = builder.commit("Two")
    git(tmp_path, "update-ref", "refs/tags/main", first)
    with pytest.raises(UsageProblem, match="'main' means refs/heads/main, refs/tags/main"):
        commit_at(tmp_path, "main~0")
    assert commit_at(tmp_path, "refs/heads/main") == second
    assert commit_at(tmp_path, None) == second
