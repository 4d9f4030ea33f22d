"""What leads to a secret in ways that few repositories have."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fixtures_repos import layouts
from fixtures_repos.git import git
from fixtures_repos.stories.story import setting, token
from forensics.errors import NotARepository
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


def test_who_introduced_it_does_not_depend_on_packing(path: Path, tmp_path: Path) -> None:
    """Six amended commits put it there too, and only reflogs know them."""
    leak(path)
    for number in range(6):
        git(path, "commit", "-q", "--amend", "-m", f"Leak {number}")
    (loose,) = scan(path, tmp_path / "loose.db").findings
    layouts.repack(path)
    (packed,) = scan(path, tmp_path / "packed.db").findings
    assert packed == loose
    assert loose.commit == git(path, "rev-parse", "HEAD").decode().strip()


def test_a_place_of_which_every_commit_is_pruned(path: Path, tmp_path: Path) -> None:
    """The same file stands elsewhere, and stays; the other story is over."""
    leak(path, "a.env")
    scan(path, tmp_path / "index.db")
    git(path, "reset", "-q", "--hard", "HEAD~1")
    leak(path, "b.env")
    git(path, "reflog", "expire", "--expire=now", "--all")
    git(path, "gc", "-q", "--prune=now")
    found = statuses(scan(path, tmp_path / "index.db"))
    assert found == {(b"a.env", "gone"), (b"b.env", "present")}
    assert statuses(scan(path, tmp_path / "index.db")) == found


def test_a_configuration_that_names_another_hash(path: Path, tmp_path: Path) -> None:
    """Nothing can be found then, and that is said."""
    leak(path)
    for name, value in (("repositoryformatversion", "1"), ("objectformat", "sha256")):
        section = "core" if name == "repositoryformatversion" else "extensions"
        git(path, "config", "--file", path / ".git/config", f"{section}.{name}", value)
    assert scan(path, tmp_path / "index.db").summary.skipped


def test_git_complaining_at_length(path: Path, tmp_path: Path) -> None:
    """More than a pipe holds; nobody waits for anybody."""
    leak(path)
    info = path / ".git/objects/info"
    info.mkdir(exist_ok=True)
    (info / "alternates").write_text("".join(f"/nowhere/{n}\n" for n in range(3000)))
    assert statuses(scan(path, tmp_path / "index.db")) == {(b"ci.env", "present")}


@pytest.mark.parametrize(
    "name",
    ["shallow", "packed-refs", "refs/heads/pipe",
     "objects/pack/pack-aa.idx", "worktrees/x/HEAD", "commondir"],
)  # fmt: skip
def test_pipes_are_not_waited_for(path: Path, tmp_path: Path, name: str) -> None:
    """Wherever a hostile repository puts one."""
    leak(path)
    pipe = path / ".git" / name
    pipe.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(pipe)
    assert (b"ci.env", "present") in statuses(scan(path, tmp_path / "index.db"))


@pytest.mark.parametrize("name", ["config", "objects/info/alternates"])
def test_a_pipe_that_git_itself_would_wait_for(path: Path, tmp_path: Path, name: str) -> None:
    """Without these nothing can be read, and an error says so."""
    (path / ".git" / name).unlink(missing_ok=True)
    os.mkfifo(path / ".git" / name)
    with pytest.raises(NotARepository, match="not a regular file"):
        scan(path, tmp_path / "index.db")


def test_a_damaged_line_of_packed_refs(path: Path, tmp_path: Path) -> None:
    """Git gives up; the other refs still lead to what they name."""
    leak(path)
    git(path, "checkout", "-q", "-b", "other")
    git(path, "reset", "-q", "--hard", "HEAD~1")
    git(path, "pack-refs", "--all")
    with (path / ".git/packed-refs").open("a") as file:
        file.write("rubbish\n")
    scanned = scan(path, tmp_path / "index.db")
    assert statuses(scanned) == {(b"ci.env", "present")}
    assert scanned.summary.skipped


def test_a_ref_that_a_crash_emptied(path: Path, tmp_path: Path) -> None:
    """Git passes over it with a warning; here it counts as something not read."""
    leak(path)
    (path / ".git/refs/heads/side").write_bytes(b"")
    assert scan(path, tmp_path / "index.db").summary.skipped == {
        "refs/heads/side: it is cut off": 1
    }
