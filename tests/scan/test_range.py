"""What commits introduce: judged by content against all parents, not by which objects are new."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.stories import STORIES, Story
from fixtures_repos.stories.story import PLACE, begin, setting, token
from forensics.git.repository import open_repository
from forensics.scan.judged import Judged
from forensics.scan.judged_work import judge_staged, judge_work_tree
from tests.scan.judging import introduced, judge_each, judge_range
from tests.scan.scanning import ALL_RULES, KEY, scan

PLACE_BYTES = PLACE.encode()
BY_EVENTS = [name for name in STORIES if name not in ("staged_only", "in_a_branch_name")]


def everything(path: Path) -> Judged:
    """All commits that are there, judged one by one."""
    objects = git(path, "cat-file", "--batch-all-objects", "--batch-check").decode().splitlines()
    commits = [line.split()[0] for line in objects if line.split()[1] == "commit"]
    return judge_each(path, *commits)


@pytest.mark.parametrize("name", BY_EVENTS)
def test_every_story_is_told_as_a_whole_scan_tells_it(name: str, tmp_path: Path) -> None:
    """Each secret at each path comes with the same commits."""
    story = STORIES[name](tmp_path / name)
    told = introduced(everything(story.path), story.secret)
    scanned = scan(story.path, tmp_path / "index.db")
    by_path = {(one.path, commit) for one in scanned.of(story.secret) for commit in one.introduced}
    assert {one for one in told if one[0] is not None} == {
        one for one in by_path if one[0] is not None
    }
    assert told or not by_path


def test_a_revert_that_restores_a_leaked_blob_introduces_it(tmp_path: Path) -> None:
    """It brings no new object."""
    builder, _ = begin(tmp_path / "r")
    builder.write(PLACE, setting(token()))
    builder.commit("Leak")
    builder.delete(PLACE)
    removed = builder.commit("Remove")
    builder.write(PLACE, setting(token()))
    again = builder.commit("Revert")
    judged = judge_range(builder.populate(), f"{removed}..{again}")
    assert introduced(judged, token()) == {(PLACE_BYTES, again)}


def test_a_merge_introduces_only_what_no_parent_has(
    only_in_a_merge: Story, criss_cross_merge: Story
) -> None:
    """What came with a side branch is the side branch's."""
    for story in (only_in_a_merge, criss_cross_merge):
        git_says = git(story.path, "rev-list", "--merges", "--all").decode().split()
        judged = judge_each(story.path, *git_says)
        whole = introduced(everything(story.path), story.secret)
        assert introduced(judged, story.secret) == {one for one in whole if one[1] in git_says}
    assert introduced(judge_each(only_in_a_merge.path, "HEAD"), only_in_a_merge.secret)


def test_another_line_changed_in_a_file_with_an_old_secret_is_no_introduction(
    tmp_path: Path,
) -> None:
    """Nor is the secret on another line."""
    builder, _ = begin(tmp_path / "r")
    builder.write(PLACE, setting(token()))
    builder.commit("Leak")
    builder.write(PLACE, b"# a line before\n" + setting(token()) + b"MORE=1\n")
    builder.commit("Move it down")
    assert not judge_each(builder.populate(), "HEAD").found


def test_a_second_secret_beside_an_old_one_is_introduced(tmp_path: Path) -> None:
    """And the old one is not."""
    builder, _ = begin(tmp_path / "r")
    builder.write(PLACE, setting(token()))
    builder.commit("Leak")
    builder.write(PLACE, setting(token()) + b"OTHER=%s\n" % token(2))
    last = builder.commit("Leak more")
    judged = judge_each(builder.populate(), "HEAD")
    assert introduced(judged, token(2)) == {(PLACE_BYTES, last)}
    assert not introduced(judged, token())


def test_taking_away_the_mark_that_ignores_a_secret_introduces_it(tmp_path: Path) -> None:
    """It stands there openly for the first time."""
    builder, _ = begin(tmp_path / "r")
    builder.write(PLACE, b"TOKEN=%s # forensics:allow\n" % token())
    allowed = builder.commit("Allowed")
    builder.write(PLACE, b"TOKEN=%s\n" % token())
    last = builder.commit("No longer")
    builder.populate()
    assert introduced(judge_each(builder.path, last), token()) == {(PLACE_BYTES, last)}
    (one,) = judge_each(builder.path, allowed).found
    assert not one.open


def test_messages_of_commits_and_of_tags_on_them_count(
    in_a_commit_message: Story, in_a_tag_message: Story
) -> None:
    """Of those in range, and of no other."""
    for story, kind in ((in_a_commit_message, "commit"), (in_a_tag_message, "tag")):
        judged = judge_range(story.path, "HEAD")
        assert [one.kind for one in judged.found if one.path is None] == [kind]
        assert not judged.skips


def test_a_tag_off_the_range_does_not_count(tmp_path: Path) -> None:
    """The tag names the commit before."""
    builder, _ = begin(tmp_path / "r")
    builder.tag("v1", f"Token {token().decode()}")
    builder.write("more", "text\n")
    builder.commit("More")
    builder.populate()
    assert not judge_range(builder.path, "HEAD~1..HEAD").found
    assert judge_range(builder.path, "v1").found


def test_each_message_in_a_tag_of_a_tag_counts(tmp_path: Path) -> None:
    """Also that of one whose own ref is gone."""
    builder, _ = begin(tmp_path / "r")
    path = builder.populate()
    git(path, "tag", "-a", "-m", "First", "v1")
    git(path, "tag", "-a", "-m", f"Token {token().decode()}", "v2", "v1")
    git(path, "tag", "-a", "-m", "Third", "v3", "v2")
    git(path, "tag", "-d", "v1", "v2")
    for words in ("HEAD", "v3"):
        assert [one.kind for one in judge_range(path, words).found] == ["tag"]


def test_a_shallow_boundary_is_not_taken_for_a_root(tmp_path: Path) -> None:
    """What stands in it is not said to be new; that it could not be told is."""
    builder, _ = begin(tmp_path / "r")
    builder.write(PLACE, setting(token()))
    builder.commit("Leak")
    builder.write("more", "text\n")
    builder.commit("More")
    builder.populate()
    git(tmp_path, "clone", "-q", "--depth=2", f"file://{builder.path}", "shallow")
    judged = judge_range(tmp_path / "shallow", "HEAD")
    assert not judged.found
    assert [one.reason for one in judged.skips if "git fetch --deepen" in one.reason]
    assert judge_range(tmp_path / "shallow", "HEAD~1..HEAD").skips == ()


def test_a_blob_that_is_missing_is_told(leaked_then_deleted: Story) -> None:
    """It is never silence."""
    story = leaked_then_deleted
    blob = git(story.path, "rev-parse", f"{story.commits['leak']}:{PLACE}").decode().strip()
    (story.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    judged = judge_range(story.path, "HEAD")
    assert [(one.oid.hex(), one.reason) for one in judged.skips] == [(blob, "it is missing")]


def test_a_conflict_resolved_with_a_secret_is_staged_against_all_that_is_merged(
    tmp_path: Path,
) -> None:
    """What one side brings is not new; what the resolution adds is."""
    builder, _ = begin(tmp_path / "r")
    path = builder.populate()
    person = ("-c", "user.name=A", "-c", "user.email=a@b.example")
    git(path, "switch", "-q", "-c", "side")
    (path / "side.env").write_bytes(setting(token()))
    (path / "README.md").write_text("side\n")
    git(path, "add", ".")
    git(path, *person, "commit", "-q", "-m", "side")
    git(path, "switch", "-q", "main")
    (path / "README.md").write_text("main\n")
    git(path, *person, "commit", "-q", "-am", "main")
    git(path, *person, "merge", "-q", "--no-commit", "-s", "ours", "side")
    git(path, "checkout", "side", "--", "side.env")
    (path / "README.md").write_bytes(setting(token(2)))
    git(path, "add", ".")
    judged = judge_staged(open_repository(path), KEY, ALL_RULES)
    assert introduced(judged, token(2)) == {(b"README.md", "")}
    assert not introduced(judged, token())


def test_staged_is_what_the_index_holds_and_worktree_what_files_hold(tmp_path: Path) -> None:
    """Ignored files are neither; what HEAD has is neither."""
    builder = Builder(tmp_path / "r")
    builder.write("old.env", setting(token(1)))
    builder.write(".gitignore", "ignored.env\n")
    builder.commit("Start")
    path = builder.populate()
    (path / "staged.env").write_bytes(setting(token(2)))
    git(path, "add", "staged.env")
    (path / "staged.env").write_text("nothing any more\n")
    (path / "untracked.env").write_bytes(setting(token(3)))
    (path / "ignored.env").write_bytes(setting(token(4)))
    (path / "old.env").write_bytes(setting(token(1)) + b"NEW=%s\n" % token(5))
    repository = open_repository(path)
    staged = judge_staged(repository, KEY, ALL_RULES)
    assert {one.path for one in staged.found} == {(b"staged.env", b"")}
    at_work = judge_work_tree(repository, KEY, ALL_RULES)
    assert introduced(at_work, token(3)) == {(b"untracked.env", "")}
    assert introduced(at_work, token(5)) == {(b"old.env", "")}
    assert len(at_work.found) == 2


@pytest.mark.parametrize("told", ["--assume-unchanged", "--skip-worktree"])
@pytest.mark.parametrize("name", ["old.env", "sub/\u00e9\nx.env"])
def test_files_that_git_is_told_to_overlook_are_files_at_work(
    tmp_path: Path, told: str, name: str
) -> None:
    """What HEAD holds at that path is not new, and what is not there is no error."""
    builder, _ = begin(tmp_path / "r")
    builder.write(name, setting(token(1)))
    builder.write("gone.env", setting(token(2)))
    builder.commit("Two files")
    path = builder.populate()
    git(path, "update-index", told, name, "gone.env")
    (path / "gone.env").unlink()
    repository = open_repository(path)
    assert not judge_work_tree(repository, KEY, ALL_RULES).found
    (path / name).write_bytes(setting(token(1)) + b"NEW=%s\n" % token(5))
    at_work = judge_work_tree(repository, KEY, ALL_RULES)
    assert introduced(at_work, token(5)) == {(name.encode(), "")}
    assert len(at_work.found) == 1
    assert not at_work.skips


def test_what_is_staged_before_the_first_commit_counts(tmp_path: Path) -> None:
    """There is nothing to compare with."""
    path = Builder(tmp_path / "r").path
    (path / "a.env").write_bytes(setting(token()))
    git(path, "add", ".")
    assert introduced(judge_staged(open_repository(path), KEY, ALL_RULES), token()) == {
        (b"a.env", "")
    }


def test_a_split_index_is_read_whole(tmp_path: Path) -> None:
    """Part of it lies in a file of its own."""
    builder, _ = begin(tmp_path / "r")
    path = builder.populate()
    (path / "a.env").write_bytes(setting(token()))
    git(path, "add", ".")
    git(path, "update-index", "--split-index")
    (path / "b.env").write_bytes(setting(token(2)))
    git(path, "-c", "core.splitIndex=true", "add", ".")
    staged = judge_staged(open_repository(path), KEY, ALL_RULES)
    assert {one.path for one in staged.found} == {(b"a.env", b""), (b"b.env", b"")}


def test_a_linked_work_tree_has_a_head_and_an_index_of_its_own(tmp_path: Path) -> None:
    """Also where it is detached."""
    builder, _ = begin(tmp_path / "r")
    path = builder.populate()
    git(path, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    (tmp_path / "linked/a.env").write_bytes(setting(token()))
    git(tmp_path / "linked", "add", ".")
    assert judge_staged(open_repository(tmp_path / "linked"), KEY, ALL_RULES).found
    assert judge_work_tree(open_repository(tmp_path / "linked"), KEY, ALL_RULES).found
    assert not judge_staged(open_repository(path), KEY, ALL_RULES).found


def test_a_linked_work_tree_has_a_reflog_of_its_own(tmp_path: Path) -> None:
    """HEAD@{1} is where HEAD was there."""
    builder, _ = begin(tmp_path / "r")
    path, linked = builder.populate(), tmp_path / "linked"
    git(path, "worktree", "add", "-q", "--detach", str(linked))
    (linked / "a.env").write_bytes(setting(token()))
    git(linked, "add", ".")
    git(linked, "commit", "-q", "-m", "Leak")
    git(path, "checkout", "-q", "--detach", git(linked, "rev-parse", "HEAD").decode().strip())
    git(path, "checkout", "-q", "--detach", "HEAD")
    assert judge_range(linked, "HEAD@{1}..HEAD").commits == 1
