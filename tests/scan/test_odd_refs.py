"""What leads to a secret in ways that few repositories have."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos import layouts
from fixtures_repos.git import git
from fixtures_repos.stories.story import setting, token
from tests.scan.scanning import Scanned, scan

SECRET = token(3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A repository with a harmless first commit."""
    folder = tmp_path / "odd"
    folder.mkdir()
    git(folder, "init", "-q")
    git(folder, "commit", "-q", "--allow-empty", "-m", "Start")
    return folder


def leak(path: Path, name: str = "ci.env") -> None:
    """Commit the secret."""
    (path / name).parent.mkdir(exist_ok=True)
    (path / name).write_bytes(setting(SECRET))
    git(path, "add", ".")
    git(path, "commit", "-q", "-m", "Leak")


def statuses(scanned: Scanned) -> set[tuple[bytes | None, str]]:
    """Path and status of the secret's findings."""
    return scanned.statuses(SECRET)


def test_a_branch_at_the_stash(path: Path, tmp_path: Path) -> None:
    """It is a branch like any other."""
    (path / "ci.env").write_bytes(b"\n")
    git(path, "add", ".")
    (path / "ci.env").write_bytes(setting(SECRET))
    git(path, "stash", "-q")
    assert statuses(scan(path, tmp_path / "index.db")) == {(b"ci.env", "stash")}
    git(path, "branch", "kept", "stash@{0}")
    assert statuses(scan(path, tmp_path / "index.db")) == {(b"ci.env", "present")}


@pytest.mark.parametrize("name", ["stash", "feature/stash"])
def test_a_branch_called_stash(path: Path, tmp_path: Path, name: str) -> None:
    """Its reflog is no stash."""
    git(path, "checkout", "-q", "-b", name)
    leak(path)
    git(path, "reset", "-q", "--hard", "HEAD~1")
    assert statuses(scan(path, tmp_path / "index.db")) == {(b"ci.env", "reflog")}


def test_a_ref_of_one_work_tree(path: Path, tmp_path: Path) -> None:
    """`for-each-ref` in another does not list it."""
    leak(path)
    linked = layouts.add_worktree(path, tmp_path / "linked")
    git(path, "reset", "-q", "--hard", "HEAD~1")
    git(linked, "update-ref", "refs/worktree/kept", "HEAD")
    git(linked, "checkout", "-q", "--detach", "HEAD~1")
    assert statuses(scan(path, tmp_path / "index.db")) == {(b"ci.env", "present")}


def test_a_tag_on_a_file_that_was_deleted(path: Path, tmp_path: Path) -> None:
    """The tag still holds it."""
    leak(path)
    git(path, "tag", "key", "HEAD:ci.env")
    assert statuses(scan(path, tmp_path / "one.db")) == {(b"ci.env", "present")}
    git(path, "rm", "-q", "ci.env")
    git(path, "commit", "-q", "-m", "Delete")
    found = statuses(scan(path, tmp_path / "two.db"))
    assert found == {(b"ci.env", "removed"), (None, "present")}


def test_a_boundary_that_is_lifted_without_news(path: Path, tmp_path: Path) -> None:
    """No object and no ref changes, and yet the story does."""
    leak(path)
    first = git(path, "rev-parse", "HEAD").decode().strip()
    git(path, "commit", "-q", "--allow-empty", "-m", "Later")
    boundary = path / ".git/shallow"
    boundary.write_bytes(git(path, "rev-parse", "HEAD"))
    (placed,) = scan(path, tmp_path / "index.db").of(SECRET)
    assert placed.introduced != {first}
    boundary.unlink()
    (placed,) = scan(path, tmp_path / "index.db").of(SECRET)
    assert placed.introduced == {first}


def test_a_pack_by_any_name(path: Path, tmp_path: Path) -> None:
    """Git goes by the ending."""
    leak(path)
    layouts.repack(path)
    (pack,) = layouts.packs(path)
    for file in list(pack.parent.glob(pack.stem + ".*")):
        file.rename(file.with_name("prefetch" + file.suffix))
    scanned = scan(path, tmp_path / "index.db")
    assert statuses(scanned) == {(b"ci.env", "present")}
    assert scanned.summary.skipped == {}


def tree(path: Path, content: bytes) -> str:
    """Write a tree that git itself would not; returns its id."""
    options = ["-t", "tree", "-w", "--literally", "--stdin"]
    return git(path, "hash-object", *options, given=content).decode().strip()


def blob(path: Path) -> bytes:
    """Write the secret; returns the id's bytes."""
    oid = git(path, "hash-object", "-w", "--stdin", given=setting(SECRET))
    return bytes.fromhex(oid.decode().strip())


def test_a_folder_with_a_padded_mode(path: Path, tmp_path: Path) -> None:
    """Old tools wrote 040000, and git reads it."""
    below = tree(path, b"100644 k.env\0" + blob(path))
    git(path, "tag", "odd", tree(path, b"040000 x\0" + bytes.fromhex(below)))
    assert statuses(scan(path, tmp_path / "index.db")) == {(b"x/k.env", "present")}


def test_a_tree_nested_deeper_than_python_recurses(path: Path, tmp_path: Path) -> None:
    """Named by a ref, it is read by our own reader."""
    oid = tree(path, b"100644 k.env\0" + blob(path))
    for _ in range(1500):
        oid = tree(path, b"40000 d\0" + bytes.fromhex(oid))
    git(path, "tag", "deep", oid)
    assert statuses(scan(path, tmp_path / "index.db")) == {(b"d/" * 1500 + b"k.env", "present")}


def test_an_empty_name(path: Path, tmp_path: Path) -> None:
    """Stored, and read again by the next scan."""
    git(path, "tag", "nameless", tree(path, b"100644 \0" + blob(path)))
    first = statuses(scan(path, tmp_path / "index.db"))
    git(path, "commit", "-q", "--allow-empty", "-m", "News")
    assert statuses(scan(path, tmp_path / "index.db")) == first == {(b"", "present")}


def test_a_bomb_of_trees_is_cut_short(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten names for the same folder, ten levels deep; what comes before it is still told."""
    for module in ("history", "careful_history"):
        monkeypatch.setattr(f"forensics.git.{module}.MOST_CHANGES", 2_000)
    leak(path)
    oid = tree(path, b"100644 k\0" + blob(path))
    for _ in range(5):
        entries = (b"40000 %d\0" % n + bytes.fromhex(oid) for n in range(10))
        oid = tree(path, b"".join(entries))
    commit = git(path, "commit-tree", oid, "-p", "HEAD", "-m", "Bomb").decode().strip()
    git(path, "update-ref", "refs/heads/bomb", commit)
    scanned = scan(path, tmp_path / "index.db")
    assert (b"ci.env", "present") in statuses(scanned)
    assert scanned.summary.skipped == {"it holds too many paths": 1}
    assert len(scanned.findings) <= 2_001


def test_a_subtree_that_comes_back(path: Path, tmp_path: Path) -> None:
    """A ref names the tree above it."""
    below = tree(path, b"100644 k.env\0" + blob(path))
    git(path, "tag", "kept", tree(path, b"40000 sub\0" + bytes.fromhex(below)))
    file = path / ".git/objects" / below[:2] / below[2:]
    file.rename(tmp_path / "away")
    scan(path, tmp_path / "index.db")
    (tmp_path / "away").rename(file)
    assert statuses(scan(path, tmp_path / "index.db")) == {(b"sub/k.env", "present")}


def test_several_things_that_come_back(path: Path, tmp_path: Path) -> None:
    """What was told in doubt gives way to what is told in full."""
    leak(path, "sub/k.env")
    missing = git(path, "rev-parse", "HEAD", "HEAD:sub").decode().split()
    (path / "a").write_text("a\n")
    git(path, "add", ".")
    git(path, "commit", "-q", "-m", "Edit")
    files = [path / ".git/objects" / oid[:2] / oid[2:] for oid in missing]
    for number, file in enumerate(files):
        file.rename(tmp_path / str(number))
    scan(path, tmp_path / "index.db")
    for number, file in enumerate(files):
        (tmp_path / str(number)).rename(file)
    again = scan(path, tmp_path / "index.db")
    assert statuses(again) == {(b"sub/k.env", "present")}
    assert again.occurrences == scan(path, tmp_path / "fresh.db").occurrences
