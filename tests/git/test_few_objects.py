"""What keeps a repository open reads what a scan reads, and keeps little of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fixtures_repos import damage, layouts
from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.malformed import PACKED
from forensics.git.astray import leads_astray
from forensics.git.few_objects import few_objects
from forensics.git.inflate import Damaged
from forensics.git.repository import open_repository
from forensics.git.single import SingleObjects, careful_objects

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sha1", "sha256"])
def history(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Versions of a file, in a pack of deltas, and one beside it."""
    builder = Builder(tmp_path / "history", bare=True, object_format=request.param)
    for at in range(12):
        builder.write(
            "long.txt", "".join(f"line {line} {at if line == at else ''}\n" for line in range(99))
        )
        builder.commit(f"Version {at}")
    layouts.repack(builder.path, depth=20, window=10)
    builder.write("loose.txt", "not packed\n")
    builder.commit("One more")
    return builder.path


def told(path: Path, *, few: bool) -> dict[str, bytes | None]:
    """By id, what stands in every object that git has indexed or that is loose."""
    repository = open_repository(path)
    listed = git(path, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
    with few_objects(repository) if few else careful_objects(repository) as single:
        return {one: content(single, bytes.fromhex(one)) for one in listed.decode().split()}


def content(single: SingleObjects, oid: bytes) -> bytes | None:
    """What stands in an object, if it can be read."""
    try:
        return bytes(single.read_any_size(oid)[1])
    except Damaged:
        return None


def test_every_object_is_read_alike(history: Path) -> None:
    """Whatever its kind and wherever it lies."""
    found = told(history, few=True)
    assert found == told(history, few=False)
    assert None not in found.values()
    assert b"not packed\n" in found.values()


@pytest.mark.parametrize("history", ["sha1"], indirect=True)
@pytest.mark.parametrize("name", ["a cycle of two", "a missing base", "type bits 5", "a bomb"])
def test_what_leads_git_astray_is_left_to_our_own_reader(history: Path, name: str) -> None:
    """Found out by another process; objects that are lost are told to be."""
    lost = PACKED[name](history)
    assert lost
    repository = open_repository(history)
    assert leads_astray(repository) is (name != "a bomb")
    found = told(history, few=True)
    assert found == told(history, few=False)
    assert {found.get(one) for one in lost} == {None}


@pytest.mark.parametrize("history", ["sha1"], indirect=True)
def test_what_libgit2_cannot_read_costs_nothing_else(history: Path) -> None:
    """Our own reader, asked after it, tells the same as in a scan."""
    kept = {one: held for one, held in told(history, few=False).items() if held is not None}
    lost = damage.flip_byte(history, lambda entry: entry.base is None, 0.5)
    assert lost & kept.keys()
    found = told(history, few=True)
    assert found == told(history, few=False)
    assert {one for one, held in found.items() if held is None} == lost & found.keys()


@pytest.mark.parametrize("history", ["sha1"], indirect=True)
def test_no_pack_is_looked_into_here(history: Path) -> None:
    """So that this process keeps neither its table nor NumPy."""
    oid = git(history, "rev-parse", "HEAD:long.txt").strip()
    program = (
        "import sys; from pathlib import Path\n"
        "from forensics.git.repository import open_repository\n"
        "from forensics.git.few_objects import few_objects\n"
        "with few_objects(open_repository(Path(sys.argv[1]))) as single:\n"
        "    print(len(single.read(bytes.fromhex(sys.argv[2]))[1]))\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, history, oid],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    size, _, loaded = done.stdout.partition("\n")
    assert int(size) > 500
    assert not {*loaded.split()} & {"numpy", "forensics.git.plan"}


@pytest.mark.parametrize("history", ["sha1"], indirect=True)
def test_where_it_cannot_be_told_our_own_reader_reads(
    history: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other process ends before it says anything, or does not start."""
    repository = open_repository(history)
    assert not leads_astray(repository)
    for program in ("/bin/false", "/bin/true", "/nowhere"):
        monkeypatch.setattr(sys, "executable", program)
        assert leads_astray(repository)
