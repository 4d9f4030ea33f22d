"""What cannot be read is counted in every report and decides the exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos import damage, layouts
from fixtures_repos.builder import ADA, Builder
from fixtures_repos.git import git
from fixtures_repos.objects import File, encode_commit
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import setting, token
from tests.cli.command import Done, figure, forensics

pytestmark = pytest.mark.usefixtures("key")


def _history(path: Path, *, leak: bool) -> Path:
    """Twenty versions of one file, and a token if it is to leak, in one pack."""
    builder = Builder(path, bare=True)
    for at in range(20):
        lines = (f"line {line} of version {at if line == at else 0}\n" for line in range(80))
        builder.write("long.txt", "".join(lines))
        builder.commit(f"Version {at}")
    if leak:
        builder.write("ci.env", setting(token()))
        builder.commit("Leak")
    layouts.repack(path)
    return path


def no_traceback(done: Done) -> Done:
    assert "Traceback" not in done.err + done.out
    return done


@pytest.mark.parametrize(("leak", "code"), [(True, 1), (False, 3)])
def test_a_damaged_object_is_counted_and_the_rest_is_scanned(
    tmp_path: Path, leak: bool, code: int
) -> None:
    """Found secrets decide first; without any, that something was not read."""
    path = _history(tmp_path / "r", leak=leak)
    lost = damage.flip_byte(path, lambda entry: entry.base is not None)
    done = no_traceback(forensics("scan", path))
    assert done.code == code
    assert int(figure(done, "skipped")) == len(lost)
    assert "damaged" in done.out
    again = no_traceback(forensics("scan", path))
    assert again.code == code
    assert figure(again, "skipped") == figure(done, "skipped")
    assert forensics("findings", path).code == code


def test_a_repaired_object_is_read_by_the_next_scan(tmp_path: Path) -> None:
    """Then nothing is skipped any more."""
    path = _history(tmp_path / "r", leak=False)
    (pack,) = layouts.packs(path)
    sound = pack.read_bytes()
    damage.flip_byte(path, lambda entry: entry.base is not None)
    assert forensics("scan", path).code == 3
    damage.overwrite(pack, sound)
    done = forensics("scan", path)
    assert (done.code, figure(done, "skipped")) == (0, "nothing")


@pytest.mark.parametrize("keep", [0.0, 0.01, 0.5, 0.95])
def test_a_pack_cut_short_ends_in_a_report(tmp_path: Path, keep: float) -> None:
    """Whatever is left of it."""
    path = _history(tmp_path / "r", leak=False)
    damage.truncate_pack(path, keep)
    done = no_traceback(forensics("scan", path))
    assert done.code in (2, 3)
    if done.code == 3:
        assert int(figure(done, "skipped").replace(",", "")) > 0
    else:
        done.error()


def found_or_reported(done: Done) -> bool:
    """Whether the leak was found in spite of the damage, or the damage was reported."""
    return no_traceback(done).code == 1 or (done.code == 3 and figure(done, "skipped") != "nothing")


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.99])
def test_an_index_of_a_pack_cut_short_hides_nothing(tmp_path: Path, keep: float) -> None:
    """The pack's objects are found without it, or reported."""
    path = _history(tmp_path / "r", leak=True)
    damage.cut_index(path, keep)
    assert found_or_reported(forensics("scan", path))


def test_a_pack_without_an_index_hides_nothing(tmp_path: Path) -> None:
    """Nothing else says that the repository is not simply empty."""
    path = _history(tmp_path / "r", leak=True)
    damage.lose_index(path)
    assert found_or_reported(forensics("scan", path))


@pytest.mark.parametrize("what", ["blob", "tree", "commit"])
def test_an_object_that_is_missing_is_counted(leaked_then_deleted: Story, what: str) -> None:
    """What a tree or a commit names and the database lacks was not scanned."""
    path, commits = leaked_then_deleted.path, leaked_then_deleted.commits
    name = {
        "blob": f"{commits['between']}:README.md",
        "tree": f"{commits['between']}^{{tree}}",
        "commit": commits["start"],
    }[what]
    oid = git(path, "rev-parse", name).decode().strip()
    (path / ".git/objects" / oid[:2] / oid[2:]).unlink()
    done = no_traceback(forensics("scan", path))
    assert done.code == 1, "the leak is in none of what is missing"
    assert figure(done, "skipped") != "nothing"
    assert "missing" in done.out


def test_a_missing_blob_may_be_the_one_that_leaked(leaked_then_deleted: Story) -> None:
    """So finding nothing does not end with 0."""
    path = leaked_then_deleted.path
    name = f"{leaked_then_deleted.commits['leak']}:deploy/ci.env"
    oid = git(path, "rev-parse", name).decode().strip()
    (path / ".git/objects" / oid[:2] / oid[2:]).unlink()
    done = no_traceback(forensics("scan", path))
    assert done.code == 3
    assert "missing" in done.out


def test_a_partial_clone_says_what_it_lacks(only_in_a_merge: Story, tmp_path: Path) -> None:
    """Its missing blobs are counted, and named in the summary with the way to get them."""
    clone = layouts.partial_clone(only_in_a_merge.path, tmp_path / "partial")
    done = no_traceback(forensics("scan", clone))
    assert done.code == 3
    assert "git fetch --refetch --no-filter" in done.out
    assert figure(done, "skipped") != "nothing"


def test_a_shallow_clone_says_what_it_lacks(leaked_then_deleted: Story, tmp_path: Path) -> None:
    """A limit that the user set is reported, and is no failure."""
    clone = layouts.shallow_clone(leaked_then_deleted.path, tmp_path / "shallow")
    done = no_traceback(forensics("scan", clone))
    assert done.code == 0
    assert "git fetch --unshallow" in done.out


def test_submodules_are_not_missing_objects(tmp_path: Path) -> None:
    """A tree names their commits, which are elsewhere by design."""
    builder = Builder(tmp_path / "r", bare=True)
    builder.write("file", "text\n")
    builder.commit("Start")
    tree = builder.objects.write_tree({b"module": File("160000", "1" * 40)})
    commit = encode_commit(tree, [builder.head], ADA + b" 1 +0000", ADA + b" 1 +0000", b"Add it\n")
    builder.refs.write("refs/heads/main", builder.objects.write("commit", commit))
    done = no_traceback(forensics("scan", builder.path))
    assert (done.code, figure(done, "skipped")) == (0, "nothing")


def test_a_branch_that_leads_to_nothing_is_no_crash(leaked_then_deleted: Story) -> None:
    """A ref may name an object that is not there, and HEAD a ref that is not."""
    path = leaked_then_deleted.path
    (path / ".git/refs/heads/broken").write_text("1" * 40 + "\n")
    (path / ".git/refs/heads/rubbish").write_text("not an id\n")
    (path / ".git/HEAD").write_text("ref: refs/heads/broken\n")
    done = no_traceback(forensics("scan", path))
    assert done.code == 1
