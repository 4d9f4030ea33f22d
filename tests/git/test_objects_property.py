"""Whatever a repository holds, and however it is packed: every object arrives once."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures_repos import layouts
from fixtures_repos.builder import BEN, Builder
from fixtures_repos.git import git
from forensics.git.objects import stream_objects
from forensics.git.repository import open_repository
from tests.git.as_git_says import objects_by_git, objects_streamed

NAMES = ["a.txt", "b/c.env", "b/d/e.py", "b/d/f", "z.bin"]
few = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)

Step = tuple[str, str, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["change"] * 4
            + ["noise", "delete", "commit", "branch", "merge", "tag", "stray", "pack"]
        ),
        st.sampled_from(NAMES),
        st.integers(0, 10_000),
    ),
    min_size=1,
    max_size=40,
)
formats = st.sampled_from(["sha1", "sha1", "sha256"])


def _text(name: str, seed: int) -> str:
    """Two hundred lines, of which the seed changes a few: versions that make good deltas."""
    random = Random(seed)
    lines = [f"{name} line {at} of the file\n" for at in range(200)]
    for _ in range(random.randrange(6)):
        lines[random.randrange(200)] = f"changed to {random.random()}\n"
    return "".join(lines[: random.choice([1, 50, 200, 200])])


def tell(path: Path, told: list[Step], object_format: Literal["sha1", "sha256"]) -> Builder:
    """A repository to which all this happened; it has at least one commit."""
    builder = Builder(path, bare=True, object_format=object_format)
    builder.write("start", "start\n")
    builder.commit("Start")
    present, branches = {"start"}, ["main"]
    for at, (what, name, seed) in enumerate(told):
        match what:
            case "change":
                builder.write(name, _text(name, seed))
                present.add(name)
            case "noise":
                builder.write("z.bin", Random(seed).randbytes(seed))
                present.add("z.bin")
            case "delete" if name in present:
                builder.delete(name)
                present.discard(name)
            case "commit":
                builder.commit(f"Change {at}", author=BEN)
            case "branch":
                builder.commit(f"Leave {at}")
                builder.branch(f"branch-{at}")
                branches.append(f"branch-{at}")
            case "merge":
                builder.merge(branches[seed % len(branches)], ours=True)
            case "tag":
                builder.tag(f"v{at}", f"Version {at}")
            case "stray":
                builder.objects.write("blob", f"no tree names this {seed}\n".encode())
            case "pack":
                layouts.pack_loose(path, depth=seed % 60, window=seed % 13)
                builder.objects.forget()
    builder.commit("End")
    return builder


def assert_everything_arrives(path: Path) -> None:
    found, skipped = objects_streamed(path)
    assert not skipped
    assert found == objects_by_git(path)


@few
@given(told=steps, object_format=formats)
def test_every_object_arrives_once_from_loose_files_and_several_packs(
    told: list[Step], object_format: Literal["sha1", "sha256"]
) -> None:
    """Packs made while the history grew, and loose objects since the last one."""
    with tempfile.TemporaryDirectory() as folder:
        builder = tell(Path(folder) / "r", told, object_format)
        assert_everything_arrives(builder.path)


@few
@given(
    told=steps,
    object_format=formats,
    depth=st.integers(0, 300),
    window=st.integers(0, 40),
    bitmaps=st.booleans(),
    large=st.booleans(),
    together=st.booleans(),
)
def test_every_object_arrives_once_after_a_repack(
    told: list[Step],
    object_format: Literal["sha1", "sha256"],
    depth: int,
    window: int,
    bitmaps: bool,
    large: bool,
    together: bool,
) -> None:
    """Any depth and window, with bitmaps, 64-bit offsets and a multi-pack-index or without."""
    with tempfile.TemporaryDirectory() as folder:
        builder = tell(Path(folder) / "r", told, object_format)
        layouts.repack(builder.path, depth=depth, window=window, bitmaps=bitmaps)
        if large:
            layouts.use_large_offsets(builder.path)
        if together:
            layouts.write_multi_pack_index(builder.path)
        assert_everything_arrives(builder.path)


@few
@given(told=steps, object_format=formats, more=steps, all_of_it=st.booleans())
def test_borrowed_objects_arrive_when_a_ref_reaches_them_or_all_are_asked_for(
    told: list[Step], object_format: Literal["sha1", "sha256"], more: list[Step], all_of_it: bool
) -> None:
    """What only an alternate holds and nothing here reaches may be another tenant's."""
    with tempfile.TemporaryDirectory() as folder:
        lender = tell(Path(folder) / "lender", told, object_format)
        layouts.pack_loose(lender.path)
        borrower = tell(Path(folder) / "borrower", more, object_format)
        own = set(objects_by_git(borrower.path))
        layouts.add_alternate(borrower.path, lender.path)
        (borrower.path / "refs/heads/borrowed").write_text(
            git(lender.path, "rev-parse", "main").decode()
        )
        everything = objects_by_git(borrower.path)
        if not all_of_it:
            reached = git(borrower.path, "rev-list", "--objects", "--all").decode().splitlines()
            wanted = own | {line.split()[0] for line in reached}
            everything = {oid: told for oid, told in everything.items() if oid in wanted}
        found, skipped = objects_streamed(borrower.path, alternates=all_of_it)
        assert not skipped
        assert found == everything


def _linked(path: Path, to: Path) -> Path:
    return layouts.add_worktree(path, to, "main")


@pytest.mark.parametrize(
    "derive",
    [layouts.bare_clone, layouts.shallow_clone, layouts.partial_clone, _linked],
    ids=["bare clone", "shallow clone", "partial clone", "linked work tree"],
)
@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_every_object_arrives_once_from_a_clone_or_linked_work_tree(
    tmp_path: Path,
    derive: Callable[[Path, Path], Path],
    object_format: Literal["sha1", "sha256"],
) -> None:
    """What a shallow or partial clone never fetched is not in its object database."""
    told = [(what, name, 7) for what in ("change", "commit", "tag", "merge") for name in NAMES]
    builder = tell(tmp_path / "r", told, object_format)
    layouts.repack(builder.path)
    derived = derive(builder.path, tmp_path / "derived")
    git(derived, "config", "remote.origin.promisor", "false")
    assert_everything_arrives(derived)


def test_the_objects_do_not_depend_on_how_they_are_packed(tmp_path: Path) -> None:
    """Loose, in one pack, and in one pack of other deltas: the same objects."""
    told = [("change", name, seed) for seed in range(12) for name in NAMES[:3]]
    builder = tell(tmp_path / "r", told, "sha1")
    loose = objects_streamed(builder.path)
    layouts.repack(builder.path, depth=50, window=10)
    assert objects_streamed(builder.path) == loose
    layouts.repack(builder.path, depth=1, window=40)
    assert objects_streamed(builder.path) == loose
    layouts.unpack(builder.path)
    assert objects_streamed(builder.path) == loose


@pytest.mark.parametrize("max_bytes", [1, 100, 3000])
@pytest.mark.parametrize("packed", [True, False])
def test_contents_too_large_for_memory_are_the_same_bytes(
    tmp_path: Path, max_bytes: int, packed: bool
) -> None:
    """Whole objects and deltas, empty ones too, however little may be held."""
    told = [("change", name, seed) for seed in range(12) for name in NAMES[:3]]
    builder = tell(tmp_path / "r", [*told, ("noise", "z.bin", 9000)], "sha1")
    builder.objects.write("blob", b"")
    if packed:
        layouts.repack(builder.path)
    found = objects_streamed(builder.path, max_bytes=max_bytes)
    assert found == (objects_by_git(builder.path), {})


def test_the_default_limit_is_large(tmp_path: Path) -> None:
    """Whoever names no limit gets everything as well."""
    path = tell(tmp_path / "r", [], "sha1").path
    assert len([*stream_objects(open_repository(path))]) == len(objects_by_git(path))


def test_an_empty_repository_has_no_objects(tmp_path: Path) -> None:
    """No commit, no object, no complaint."""
    assert objects_streamed(Builder(tmp_path / "r").path) == ({}, {})
