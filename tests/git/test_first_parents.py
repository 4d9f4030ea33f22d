"""The first-parent line tells every change of a file, and where it cannot go on, it says so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fixtures_repos.builder import BEN, CLEO, Builder
from fixtures_repos.git import git
from fixtures_repos.hostile import Hostile
from fixtures_repos.stories import Story
from forensics.git import first_parents
from forensics.git.first_parents import SHALLOW, LineIds, Stretch, line_ids, stretches
from forensics.git.merged_side import merged_commits
from forensics.git.repository import open_repository
from forensics.git.resolve import named_commit

Told = list[tuple[str, dict[str, tuple[bool, bool]]]]
"""Commits, and for each path whether there was a file before and is one after."""


def line(
    path: Path, tip: str | None = None, known: frozenset[bytes] = frozenset(), wanted: str = ""
) -> tuple[LineIds, list[Stretch]]:
    repository = open_repository(path)
    with repository.git() as runs:
        oid = bytes.fromhex(tip) if tip else named_commit(repository).oid
        ids = line_ids(repository, runs, oid, known)
        told = stretches(repository, runs, ids, lambda name: wanted.encode() in name)
        return ids, list(told)


def told(found: list[Stretch]) -> Told:
    return [
        (
            one.commit.hex(),
            {os.fsdecode(each.path): (bool(each.before), bool(each.after)) for each in one.changes},
        )
        for stretch in found
        for one in stretch.commits
    ]


def files_at(path: Path, commit: str) -> dict[bytes, bytes]:
    """Plain files of a commit by git's own word."""
    listed = git(path, "ls-tree", "-r", "-z", "--full-tree", commit)
    entries = [entry.split(b"\t", 1) for entry in listed.split(b"\0") if entry]
    return {
        name: bytes.fromhex(facts.split()[2].decode())
        for facts, name in entries
        if facts.startswith(b"100")
    }


def test_changes_of_the_line_add_up_to_its_tip(any_story: Story) -> None:
    """Whatever was merged, moved or reverted: nothing is left out."""
    tip = named_commit(open_repository(any_story.path)).oid.hex()
    files: dict[bytes, bytes] = {}
    for stretch in line(any_story.path, tip)[1]:
        assert not stretch.cut
        for commit in stretch.commits:
            for path, before, after in commit.changes:
                assert files.pop(path, b"") == before
                if after:
                    files[path] = after
    assert files == files_at(any_story.path, tip)


@pytest.fixture
def merged(tmp_path: Path) -> tuple[Builder, dict[str, str]]:
    """Ben's change of a setting comes in by a merge of Ada's."""
    builder = Builder(tmp_path / "merged")
    commits = {}
    builder.write("deploy/.env", "A=1\n")
    commits["start"] = builder.commit("Start")
    builder.branch("side")
    builder.write("deploy/.env", "A=2\n")
    commits["side"] = builder.commit("Set A", author=BEN)
    builder.write("other.txt", "text\n")
    commits["after"] = builder.commit("Something else", author=CLEO)
    builder.checkout("main")
    builder.write("main.txt", "text\n")
    commits["main"] = builder.commit("On main")
    commits["merge"] = builder.merge("side")
    return builder, commits


def test_a_merge_changes_what_it_brings_in(merged: tuple[Builder, dict[str, str]]) -> None:
    """Commits of the merged side are not on the line."""
    builder, commits = merged
    found = line(builder.path, wanted=".env")[1]
    assert told(found) == [
        (commits["start"], {"deploy/.env": (False, True)}),
        (commits["merge"], {"deploy/.env": (True, True)}),
    ]
    assert [one.merge for stretch in found for one in stretch.commits] == [False, True]


def test_who_changed_what_a_merge_brings_in(merged: tuple[Builder, dict[str, str]]) -> None:
    """Only commits of the merged side that touched the file."""
    builder, commits = merged
    with open_repository(builder.path).git() as runs:
        merge = bytes.fromhex(commits["merge"])
        found = merged_commits(runs, merge, b"deploy/.env")
        assert [(one.commit.hex(), one.name, one.email) for one in found] == [
            (commits["side"], b"Ben Instance", b"ben@acme.example")
        ]
        assert merged_commits(runs, merge, b"main.txt") == ()
        assert merged_commits(runs, merge, b"deploy/*") == ()


def test_the_line_goes_on_from_a_known_commit(merged: tuple[Builder, dict[str, str]]) -> None:
    """And tells nothing twice."""
    builder, commits = merged
    known = frozenset([bytes.fromhex(commits["start"])])
    ids, found = line(builder.path, known=known)
    assert ids.known.hex() == commits["start"]
    assert [commit for commit, _ in told(found)] == [commits["main"], commits["merge"]]
    assert line(builder.path, known=frozenset([bytes.fromhex(commits["merge"])]))[1] == []


def test_links_and_modes_are_no_changes_of_files(tmp_path: Path) -> None:
    """A file that becomes a link is gone."""
    builder = Builder(tmp_path / "modes")
    builder.write(".env", "A=1\n")
    first = builder.commit("Start")
    builder.write(".env", "A=1\n", mode="100755")
    builder.write("link.env", "target", mode="120000")
    builder.commit("Executable, and a link")
    builder.write(".env", "A=1\n", mode="120000")
    third = builder.commit("A link")
    builder.write(".env", "A=1\n")
    fourth = builder.commit("A file again")
    assert told(line(builder.path, wanted=".env")[1]) == [
        (first, {".env": (False, True)}),
        (third, {".env": (True, False)}),
        (fourth, {".env": (False, True)}),
    ]


def test_odd_names_are_told_as_they_are(tmp_path: Path) -> None:
    """Also one that looks like what comes before a commit."""
    builder = Builder(tmp_path / "odd")
    names = [b"\x01abc/.env", b"new\nline/.env", b"\xff\xfe.env", b'"quoted".env', b":100644 x.env"]
    for name in names:
        builder.write(name, "A=1\n")
    commit = builder.commit("Start")
    ((found, changes),) = told(line(builder.path, wanted=".env")[1])
    assert found == commit
    assert {os.fsencode(name) for name in changes} == {*names}


def test_a_shallow_clone_ends_where_it_is_cut(
    merged: tuple[Builder, dict[str, str]], tmp_path: Path
) -> None:
    """Its oldest commit lists all that it holds."""
    builder, commits = merged
    clone = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{builder.path}", str(clone))
    ids, found = line(clone, wanted=".env")
    assert ids.cut == SHALLOW
    assert [one.cut for one in found] == [SHALLOW]
    assert told(found) == [(commits["merge"], {"deploy/.env": (False, True)})]


def remove(builder: Builder, oid: str) -> None:
    (builder.git_dir / "objects" / oid[:2] / oid[2:]).unlink()


@pytest.fixture
def five(tmp_path: Path) -> tuple[Builder, list[str]]:
    """Five commits, each of which changes a setting."""
    builder = Builder(tmp_path / "five")
    commits = []
    for number in range(5):
        builder.write("deploy/.env", f"A={number}\n")
        builder.write(f"{number}/.env", "B=1\n")
        commits.append(builder.commit(f"Number {number}"))
    return builder, commits


@pytest.mark.parametrize("at_once", [1, 2, 4000])
def test_a_missing_tree_cuts_the_line(
    five: tuple[Builder, list[str]], monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """The next commit whose files can be told lists them all; what came before does not count."""
    monkeypatch.setattr(first_parents, "_COMMITS_AT_ONCE", at_once)
    builder, commits = five
    remove(builder, git(builder.path, "rev-parse", f"{commits[2]}^{{tree}}").decode().strip())
    _, found = line(builder.path, wanted=".env")
    last = max(at for at, one in enumerate(found) if one.cut)
    assert told(found[last:]) == [
        (
            commits[3],
            {"deploy/.env": (False, True)} | {f"{n}/.env": (False, True) for n in range(4)},
        ),
        (commits[4], {"deploy/.env": (True, True), "4/.env": (False, True)}),
    ]


def test_a_missing_commit_cuts_the_line(five: tuple[Builder, list[str]]) -> None:
    """Its child lists all that it holds."""
    builder, commits = five
    remove(builder, commits[2])
    ids, found = line(builder.path, wanted=".env")
    assert ids.cut
    assert found[0].cut
    assert [commit for commit, _ in told(found)] == commits[3:]
    assert len(told(found)[0][1]) == 5


def test_a_missing_tip_is_said(five: tuple[Builder, list[str]]) -> None:
    """Not an empty history."""
    builder, commits = five
    remove(builder, commits[4])
    ids, found = line(builder.path, tip=commits[4])
    assert ids.cut
    assert not told(found)
    assert all(one.cut for one in found)


def test_telling_the_line_runs_nothing(running_commands: Hostile) -> None:
    """Neither configuration, hooks, filters and signatures nor a promisor's remote."""
    found = told(line(running_commands.path)[1])
    assert found
    assert not [*running_commands.marks.iterdir()]
