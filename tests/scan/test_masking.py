"""Text that is stored and shown beside findings is masked where it holds a secret itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.layouts import repack
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import setting, token
from tests.scan.scanning import Scanned, scan


def stored(index: Path, query: str) -> list[tuple[bytes, ...]]:
    with closing(sqlite3.connect(index)) as connection:
        return connection.execute(query).fetchall()


def test_a_path_is_shown_with_its_secret_masked(in_a_path_name: Story, tmp_path: Path) -> None:
    """The rest of it says where to look."""
    (found,) = scan(in_a_path_name.path, tmp_path / "index.db").findings
    assert (found.path, found.kind) == (b"responses/****.json", "path")
    assert (found.commit, found.removed) == (
        in_a_path_name.commits["leak"],
        in_a_path_name.commits["delete"],
    )


def test_an_author_is_shown_with_the_secret_masked(
    in_an_author_name: Story, tmp_path: Path
) -> None:
    """The name and the address around it stay."""
    scanned = scan(in_an_author_name.path, tmp_path / "index.db")
    for found in scanned.findings:
        assert (found.kind, found.author, found.email) == (
            "commit",
            b"token ****",
            b"bot@acme.example",
        )


def test_a_branch_is_stored_with_its_secret_masked(in_a_branch_name: Story, tmp_path: Path) -> None:
    """And found by the name of the branch it is."""
    scanned = scan(in_a_branch_name.path, tmp_path / "index.db")
    (found,) = scanned.findings
    assert (found.kind, found.status) == ("ref", "present")
    names = stored(tmp_path / "index.db", "SELECT name FROM ref")
    assert sorted(names) == [(b"refs/heads/ci/****",), (b"refs/heads/main",)]


def test_texts_are_not_stored_at_all(
    in_a_commit_message: Story, in_a_tag_message: Story, in_a_note: Story, tmp_path: Path
) -> None:
    """They are read again by their ids when somebody asks."""
    for number, story in enumerate((in_a_commit_message, in_a_tag_message, in_a_note)):
        index = tmp_path / f"{number}.db"
        assert scan(story.path, index).findings
        with closing(sqlite3.connect(index)) as connection:
            told = "\n".join(connection.iterdump())
        assert story.secret.decode() not in told
        assert "Authorization: token" not in told
        assert "Published with" not in told
        assert "Deployed with" not in told


def everything_named_after(path: Path, values: list[bytes]) -> Builder:
    """A secret in every name there is."""
    first, second, third, fourth, fifth = values
    builder = Builder(path)
    builder.write(b"plain.txt", "text\n")
    builder.commit("Start", author=b"%s <ada@acme.example>" % first)
    builder.write(b"a/%s/b.txt" % second, setting(third))
    builder.commit(
        b"Message with %s" % fourth,
        author=b"Ada <%s@acme.example>" % fifth,
        committer=b"%s <%s>" % (first, second),
    )
    return builder


def test_a_secret_in_every_name(tmp_path: Path) -> None:
    """Each is found; none is shown."""
    values = [token(seed) for seed in range(40, 45)]
    builder = everything_named_after(tmp_path / "r", values)
    scanned = scan(builder.path, tmp_path / "index.db")
    assert all(scanned.of(value) for value in values)
    shown = repr(scanned.findings).encode()
    assert not [value for value in values if value in shown]
    assert_named(scanned, values[2], b"a/****/b.txt")


def assert_named(scanned: Scanned, value: bytes, path: bytes) -> None:
    assert {one.path for one in scanned.of(value)} == {path}


def test_two_paths_that_look_alike_when_masked_stay_two(tmp_path: Path) -> None:
    """They have different stories."""
    one, two = token(50), token(51)
    builder = Builder(tmp_path / "r")
    builder.write(b"%s.env" % one, setting(token(1)))
    leak = builder.commit("One")
    builder.write(b"%s.env" % two, setting(token(1)))
    more = builder.commit("Two")
    builder.delete(b"%s.env" % one)
    delete = builder.commit("Delete one")
    scanned = scan(builder.path, tmp_path / "index.db")
    placed = {(one.path, one.introduced, one.removed) for one in scanned.of(token(1))}
    assert placed == {
        (b"****.env", frozenset({leak}), frozenset({delete})),
        (b"****.env", frozenset({more}), frozenset()),
    }


def test_a_secret_in_a_name_and_in_the_file_of_that_name(tmp_path: Path) -> None:
    """It stands at one path, loose or packed, at first and later."""
    builder = Builder(tmp_path / "r")
    builder.write(b"named/%s.env" % token(52), setting(token(52)))
    builder.commit("Leak")
    loose = scan(builder.path, tmp_path / "index.db")
    assert [one.path for one in loose.occurrences] == [b"named/****.env"]
    repack(builder.path)
    for index in ("index.db", "fresh.db"):
        packed = scan(builder.path, tmp_path / index)
        assert packed.occurrences == loose.occurrences
        assert len(packed.findings) == len(loose.findings)


@pytest.fixture
def tree(tmp_path: Path) -> tuple[Path, str]:
    """A repository, and a tree in it that no commit has, with a token in a file's name."""
    builder = Builder(tmp_path / "r")
    builder.write("plain.txt", "text\n")
    builder.commit("Start")
    path = builder.populate()
    listed = b"100644 blob %s\t%s.json\n" % (
        git(path, "rev-parse", "HEAD:plain.txt").strip(),
        token(60),
    )
    return path, git(path, "mktree", given=listed).decode().strip()


@pytest.mark.parametrize("packed", [False, True])
def test_a_secret_in_a_tree_that_nothing_leads_to(
    tree: tuple[Path, str], tmp_path: Path, packed: bool
) -> None:
    """Names in it are names too, however it is kept."""
    if packed:
        repack(tree[0])
    (found,) = scan(tree[0], tmp_path / "index.db").of(token(60))
    assert found.reach == "none"


@pytest.mark.parametrize("packed", [False, True])
def test_a_secret_in_a_tree_that_a_tag_names(
    tree: tuple[Path, str], tmp_path: Path, packed: bool
) -> None:
    """It has a path there, as in a commit."""
    git(tree[0], "update-ref", "refs/tags/tree", tree[1])
    if packed:
        repack(tree[0])
    (found,) = scan(tree[0], tmp_path / "index.db").of(token(60))
    assert (found.path, found.reach, found.at_tip) == (b"****.json", "tag", True)


def test_a_secret_in_a_tag_of_a_tag(tmp_path: Path) -> None:
    """The inner one has no name of its own, and is reached all the same."""
    builder = Builder(tmp_path / "r")
    builder.write("plain.txt", "text\n")
    builder.commit("Start")
    path = builder.populate()
    git(path, "tag", "-a", "-m", f"Published with {token(61).decode()}", "inner")
    git(path, "tag", "-a", "-m", "Outer", "outer", "inner")
    git(path, "tag", "-d", "inner")
    (found,) = scan(path, tmp_path / "index.db").of(token(61))
    assert (found.kind, found.reach, found.at_tip) == ("tag", "tag", True)
