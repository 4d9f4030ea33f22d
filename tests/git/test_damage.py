"""Damage costs the objects it hits and no other, and each of them says why."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures_repos import damage, layouts
from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.malformed import LOOSE, PACKED, deep_chain
from fixtures_repos.objects import ObjectWriter
from tests.git.as_git_says import Objects, ids_by_index, objects_by_git, objects_streamed

BROKEN_DATA = r"compress|inflate|zlib|damaged|corrupt|checksum|cut"
BROKEN_DELTA = r"delta|base"
WRONG_SIZE = r"declare|size|grow|larger|limit|cut"

REASONS = {
    "a bomb": WRONG_SIZE,
    "a size too large to be true": WRONG_SIZE,
    "an object larger than it declares": WRONG_SIZE,
    "an object smaller than it declares": WRONG_SIZE,
    "type bits 0": r"type|kind",
    "type bits 5": r"type|kind",
    "no zlib stream": BROKEN_DATA,
    "a zlib stream with a wrong checksum": BROKEN_DATA,
    "an offset beyond the file": r"outside|beyond|offset",
    "an offset beyond 63 bits": r"outside|beyond|offset",
    "a missing base": r"base",
    "a cycle of two": r"circle|cycle|loop",
    "a cycle through an offset": r"circle|cycle|loop",
    "a delta upon itself": r"circle|cycle|loop|base",
    "a base before the pack": r"base|header",
    "a base inside another object": r"base",
    "a delta larger than it declares": WRONG_SIZE,
}
LOOSE_REASONS = {
    "an empty file": r"empty",
    "an unknown kind": r"header|kind|type",
    "no size": r"header|size",
    "a size too small": WRONG_SIZE,
    "a size too large": WRONG_SIZE,
    "a negative size": r"header|size",
    "no end of the header": r"header",
    "a bomb": WRONG_SIZE,
}


def _history(path: Path) -> Path:
    """A repository of thirty versions of two files, in one pack of deltas."""
    builder = Builder(path, bare=True)
    for at in range(30):
        lines = [f"line {line} of version {at if line % 30 == at else 0}\n" for line in range(120)]
        builder.write("long.txt", "".join(lines))
        builder.write("short/settings.env", f"VERSION={at}\n")
        builder.commit(f"Version {at}")
    layouts.repack(path, depth=20, window=10)
    return path


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return _history(tmp_path / "history")


def assert_only_lost(path: Path, before: Objects, lost: frozenset[str]) -> dict[str, str]:
    """Everything but `lost` arrives unchanged; gives the reasons for what was skipped."""
    found, skipped = objects_streamed(path)
    assert set(skipped) == lost
    assert found == {oid: told for oid, told in before.items() if oid not in lost}
    return skipped


@pytest.mark.parametrize("name", PACKED)
def test_a_malformed_packed_object_is_skipped_with_its_reason(history: Path, name: str) -> None:
    """Its neighbours in the pack and everything else still arrive."""
    lost = PACKED[name](history)
    readable = ids_by_index(history) - lost
    skipped = assert_only_lost(history, objects_by_git(history, readable), lost)
    pattern = REASONS.get(name, BROKEN_DELTA)
    assert any(re.search(pattern, reason) for reason in skipped.values()), skipped
    assert all(skipped.values())


@pytest.mark.parametrize("name", LOOSE)
def test_a_malformed_loose_object_is_skipped_with_its_reason(history: Path, name: str) -> None:
    """Whatever its file holds, the packed objects still arrive."""
    before = objects_by_git(history)
    lost = LOOSE[name](history)
    (reason,) = assert_only_lost(history, before, lost).values()
    assert re.search(LOOSE_REASONS.get(name, BROKEN_DATA), reason), reason


@pytest.mark.parametrize("at", [0.0, 0.3, 0.6, 1.0])
@pytest.mark.parametrize("of", ["whole object", "delta"])
def test_a_flipped_byte_costs_the_object_and_what_is_built_upon_it(
    history: Path, at: float, of: str
) -> None:
    """Wherever in the zlib stream it is, its checksum included."""
    before = objects_by_git(history)
    bases = {entry.base for entry in damage.packed_objects(history)}
    lost = damage.flip_byte(
        history,
        lambda entry: entry.oid in bases and (entry.base is None) == (of == "whole object"),
        at,
    )
    assert len(lost) > 1
    skipped = assert_only_lost(history, before, lost)
    assert all(re.search(f"{BROKEN_DATA}|{BROKEN_DELTA}", reason) for reason in skipped.values())


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_pack_gives_what_lies_before_the_cut(history: Path, keep: float) -> None:
    """Objects past the cut, and deltas upon them, are skipped."""
    before = objects_by_git(history)
    surely, perhaps = damage.truncate_pack(history, keep)
    found, skipped = objects_streamed(history)
    assert surely <= skipped.keys() <= perhaps
    assert found == {oid: told for oid, told in before.items() if oid not in skipped}


@pytest.mark.parametrize("keep", [0.0, 0.001, 0.1, 0.6, 0.99])
def test_a_pack_whose_index_is_cut_is_never_silently_missing(history: Path, keep: float) -> None:
    """Its objects arrive all the same, or something is reported as skipped."""
    before = objects_by_git(history)
    damage.cut_index(history, keep)
    found, skipped = objects_streamed(history)
    assert found == before or any("index" in reason for reason in skipped.values())
    assert found.items() <= before.items()


def test_a_pack_without_an_index_is_never_silently_missing(history: Path) -> None:
    """A crash between writing a pack and its index leaves objects that nothing names."""
    before = objects_by_git(history)
    damage.lose_index(history)
    found, skipped = objects_streamed(history)
    assert found == before or skipped


def test_an_index_without_its_pack_is_reported(history: Path) -> None:
    """The names are known, the objects are not; other packs still arrive."""
    before = objects_by_git(history)
    lost = PACKED["a missing base"](history)
    small = min(layouts.packs(history), key=lambda pack: pack.stat().st_size)
    small.unlink()
    found, skipped = objects_streamed(history)
    assert found == before
    assert skipped
    assert all("pack" in reason for reason in skipped.values())
    assert lost


def test_a_chain_of_three_thousand_deltas_arrives(history: Path) -> None:
    """Depth is no damage, and needs no recursion."""
    ids = deep_chain(history)
    found, skipped = objects_streamed(history)
    assert not skipped
    assert ids <= found.keys()
    assert found == objects_by_git(history)


def _second_pack(path: Path, *, depth: int = 0) -> None:
    """Put every object into another pack as well."""
    objects = layouts.git_dir_of(path) / "objects"
    given = "".join(f"{oid}\n" for oid in objects_by_git(path)).encode()
    kept = {pack: pack.read_bytes() for pack in layouts.packs(path)}
    options = ["-q", "--no-reuse-delta", f"--depth={depth}"]
    git(path, "pack-objects", *options, objects / "pack/pack", given=given)
    assert len(layouts.packs(path)) == len(kept) + 1


@pytest.mark.parametrize("depth", [0, 50])
@pytest.mark.parametrize("first", [True, False])
def test_an_object_in_two_packs_arrives_from_the_sound_one(
    history: Path, depth: int, first: bool
) -> None:
    """Whichever pack is read first, and whether the other one holds deltas or not."""
    before = objects_by_git(history)
    bases = {entry.base for entry in damage.packed_objects(history)}
    (pack,) = layouts.packs(history)
    sound = pack.read_bytes(), pack.with_suffix(".idx").read_bytes()
    damage.flip_byte(history, lambda entry: entry.oid in bases)
    broken = pack.read_bytes(), sound[1]
    damage.overwrite(pack, sound[0])
    _second_pack(history, depth=depth)
    other = next(one for one in layouts.packs(history) if one != pack)
    if first:
        damage.overwrite(pack, broken[0])
    else:
        for suffix in (".pack", ".idx"):
            pack.with_suffix(suffix).rename(history / f"aside{suffix}")
        damage.flip_byte(history, lambda entry: entry.base is None)
        for suffix in (".pack", ".idx"):
            (history / f"aside{suffix}").rename(pack.with_suffix(suffix))
    assert other.exists()
    assert objects_streamed(history) == (before, {})


def test_an_object_broken_in_one_pack_arrives_from_its_loose_file(history: Path) -> None:
    """A loose copy is a copy; so deltas upon it in the broken pack arrive too."""
    before = objects_by_git(history)
    bases = {entry.base for entry in damage.packed_objects(history)}
    victim = next(entry for entry in damage.packed_objects(history) if entry.oid in bases)
    kind, content = before[victim.oid]
    damage.break_objects(history, victim.oid)
    assert ObjectWriter(history / "objects").write(kind, content) == victim.oid
    assert objects_streamed(history) == (before, {})


def test_a_broken_loose_file_does_not_hide_the_packed_copy(history: Path) -> None:
    """The file comes first in git's own order."""
    before = objects_by_git(history)
    oid = next(iter(before))
    place = layouts.git_dir_of(history) / "objects" / oid[:2] / oid[2:]
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(b"rubbish")
    assert objects_streamed(history) == (before, {})


MEMORY = """
import resource, sys
from pathlib import Path
from forensics.git.objects import stream_objects
from forensics.git.repository import open_repository

def peak():
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(one).ru_maxrss for one in who)

before = peak()
items = sum(1 for _ in stream_objects(open_repository(Path(sys.argv[1])), max_bytes=64 << 20))
print(items, peak() - before)
"""


@pytest.mark.parametrize(
    "add",
    [
        PACKED["a bomb"],
        LOOSE["a bomb"],
        PACKED["a size too large to be true"],
        PACKED["a delta that promises 4 GiB"],
    ],
    ids=["packed bomb", "loose bomb", "claimed giant", "giant delta"],
)
def test_no_declared_or_real_size_is_taken_into_memory_unseen(history: Path, add: object) -> None:
    """200 MiB behind ten declared bytes, or 4 GiB that a delta promises, are never held."""
    assert callable(add)
    add(history)
    told = subprocess.run(
        [sys.executable, "-c", MEMORY, history],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    ).stdout
    items, grown = map(int, told.split())
    assert items
    unit = 1 if sys.platform == "darwin" else 1024
    assert grown * unit < 64 << 20, f"grew by {grown * unit >> 20} MiB"
