"""Histories that git allows and nobody expects."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos import layouts
from fixtures_repos.builder import ADA, Builder
from fixtures_repos.git import git
from fixtures_repos.objects import encode_commit
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import setting, token
from forensics.report.text import iso_date
from tests.scan.scanning import Placed, scan


def the_only(path: Path, tmp_path: Path) -> Placed:
    (found,) = scan(path, tmp_path / "index.db").of(token())
    return found


def begin(tmp_path: Path) -> Builder:
    builder = Builder(tmp_path / "r")
    builder.write("README.md", "# Parcels\n")
    builder.commit("Start")
    return builder


def test_a_merge_of_three_hundred_branches(tmp_path: Path) -> None:
    """One of which brought the secret, and the merge more of it."""
    builder = begin(tmp_path)
    start, tips = builder.head, []
    for number in range(300):
        builder.detach(start)
        builder.write("a.env", setting(token()) if number == 200 else f"{number}\n")
        tips.append(builder.commit(f"Branch {number}"))
    builder.checkout("main")
    builder.write("b.env", setting(token()))
    merge = builder.commit("Merge them all", parents=tips)
    found = {one.path: one for one in scan(builder.path, tmp_path / "index.db").of(token())}
    assert found[b"a.env"].introduced == {tips[200]}
    assert found[b"a.env"].removed == {merge}
    assert found[b"b.env"].introduced == {merge}


def test_the_same_parent_twice(tmp_path: Path) -> None:
    """Git does not write such commits, but reads them."""
    builder = begin(tmp_path)
    builder.write("a.env", setting(token()))
    leak = builder.commit("Leak")
    tree = git(builder.path, "rev-parse", "HEAD~1^{tree}").decode().strip()
    twice = encode_commit(tree, [leak, leak], ADA + b" 1 +0000", ADA + b" 1 +0000", b"Twice\n")
    commit = builder.objects.write("commit", twice)
    builder.refs.write("refs/heads/main", commit)
    found = the_only(builder.path, tmp_path)
    assert (found.introduced, found.removed) == ({leak}, {commit})


PEOPLE = {
    "no date": b"Ada <ada@acme.example>",
    "a date beyond every calendar": b"Ada <ada@acme.example> 99999999999999999 +0000",
    "a date beyond 64 bits": b"Ada <ada@acme.example> 99999999999999999999999999 +0000",
    "a date before 1970": b"Ada <ada@acme.example> -86400 +0000",
    "an offset beyond every zone": b"Ada <ada@acme.example> 1700000000 +9999",
    "an offset of seconds": b"Ada <ada@acme.example> 1700000000 +053015",
    "no name": b"<ada@acme.example> 1700000000 +0000",
    "no address": b"Ada 1700000000 +0000",
    "nothing": b"",
    "brackets": b"Ada <<ada@acme.example>> 1700000000 +0000",
    "bytes": b"\xff\xfe <\xe9> 1700000000 +0100",
}


@pytest.mark.parametrize("who", PEOPLE)
def test_people_and_dates_of_any_kind(tmp_path: Path, who: str) -> None:
    """What is malformed comes out empty; nothing is lost for it."""
    builder = begin(tmp_path)
    builder.write("a.env", setting(token()))
    tree = builder.objects.write_tree(builder._files)
    content = encode_commit(tree, [builder.head], PEOPLE[who], PEOPLE[who], b"Leak\n")
    leak = builder.objects.write("commit", content)
    builder.refs.write("refs/heads/main", leak)
    (found,) = scan(builder.path, tmp_path / "index.db").findings
    assert (found.commit, found.path) == (leak, b"a.env")
    iso_date(found.commit_time, found.commit_offset)


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "nonsense", "UTF-16"])
def test_commits_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    """Bytes are shown as they are; git's guess is not asked for."""
    builder = begin(tmp_path)
    builder.write("a.env", setting(token()))
    author = b"J\xf6rg <joerg@acme.example>"
    leak = builder.commit("Leak", author=author, headers=f"encoding {encoding}\n".encode())
    (found,) = scan(builder.path, tmp_path / "index.db").findings
    assert (found.commit, found.author) == (leak, b"J\xf6rg")


def test_a_tag_that_names_a_blob(tmp_path: Path) -> None:
    """As some repositories keep public keys."""
    builder = begin(tmp_path)
    blob = builder.write("a.env", setting(token()))
    builder.delete("a.env")
    builder.refs.write("refs/tags/key", blob)
    found = the_only(builder.populate(), tmp_path)
    assert (found.path, found.reach, found.at_tip) == (None, "tag", True)


def test_a_stash_of_untracked_files_and_one_below_another(tmp_path: Path) -> None:
    """Git keeps the first in a commit without parents, the second in a reflog only."""
    path = begin(tmp_path).populate()
    for seed, name in ((1, "one.env"), (2, "two.env")):
        (path / name).write_bytes(setting(token(seed)))
        git(path, "stash", "push", "-q", "--include-untracked")
    scanned = scan(path, tmp_path / "index.db")
    assert scanned.statuses(token(1)) == {(b"one.env", "stash")}
    assert scanned.statuses(token(2)) == {(b"two.env", "stash")}


@pytest.mark.parametrize(
    "name", ["refs/pull/1/head", "refs/notes/x", "refs/custom", "refs/bisect/bad"]
)
def test_refs_of_any_kind_reach(tmp_path: Path, name: str) -> None:
    """Pull requests, notes and whatever a server keeps."""
    builder = begin(tmp_path)
    builder.branch("side")
    builder.write("a.env", setting(token()))
    leak = builder.commit("Leak")
    builder.checkout("main")
    builder.drop_branch("side")
    builder.forget_reflogs()
    builder.refs.write(name, leak)
    found = the_only(builder.populate(), tmp_path)
    assert (found.reach, found.at_tip, found.at_head) == ("branch", True, False)


def test_the_head_of_another_work_tree_reaches(leaked_then_deleted: Story, tmp_path: Path) -> None:
    """Somebody stands there, detached."""
    path = leaked_then_deleted.path
    layouts.add_worktree(path, tmp_path / "linked", leaked_then_deleted.commits["leak"])
    scanned = scan(path, tmp_path / "index.db")
    assert scanned.statuses(leaked_then_deleted.secret) == {(b"deploy/ci.env", "present")}
    assert not scanned.occurrences[0].at_head


@pytest.mark.parametrize("mode", ["100755", "120000", "100664"])
def test_modes_do_not_matter(tmp_path: Path, mode: str) -> None:
    """An executable, a link whose target is the secret, an old mode."""
    builder = begin(tmp_path)
    builder.write("a", setting(token()), mode)
    leak = builder.commit("Leak")
    assert the_only(builder.path, tmp_path).introduced == {leak}


def test_a_change_of_mode_alone_is_no_event(tmp_path: Path) -> None:
    """Nor is a file that becomes a folder and comes back."""
    builder = begin(tmp_path)
    builder.write("a", setting(token()))
    leak = builder.commit("Leak")
    builder.write("a", setting(token()), "100755")
    builder.commit("Make it executable")
    found = the_only(builder.path, tmp_path)
    assert (found.introduced, found.removed) == ({leak}, set())
    builder.delete("a")
    builder.write("a/b", "text\n")
    folder = builder.commit("Make it a folder")
    builder.delete("a/b")
    builder.write("a", setting(token()))
    back = builder.commit("And back")
    found = the_only(builder.path, tmp_path)
    assert (found.introduced, found.removed) == ({leak, back}, {folder})
