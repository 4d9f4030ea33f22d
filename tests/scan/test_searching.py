"""A search for known bytes sees every object, and spares what cannot have changed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from detectors.literals import LiteralFinder
from fixtures_repos import layouts
from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from forensics.git.inflate import Limits
from forensics.git.objects import ObjectReader
from forensics.git.plan import plan
from forensics.git.repository import open_repository
from forensics.scan.changes import voucher
from forensics.scan.pool import Failed, WorkerPool
from forensics.scan.searching import SearchWork, search_task

NEEDLES = (b"first-needle-with-a-long-body", b"second-needle")


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """A long file in many versions; needles come, move, are cut by an edit, and go."""
    chance = random.Random(7)
    builder = Builder(tmp_path / "repository")
    lines = [b"line %d says %x\n" % (number, chance.getrandbits(64)) for number in range(800)]
    for version in range(60):
        at = chance.randrange(len(lines))
        lines[at] = b"line %d now says %x\n" % (at, version)
        told = list(lines)
        if version % 5 == 2:
            told[at] = b"x = " + chance.choice(NEEDLES)[: chance.choice((9, 100))] + b"\n"
        builder.write("long", b"".join(told))
        builder.commit(f"Version {version}")
    layouts.repack(builder.path)
    return builder.path


def _as_git_says(path: Path) -> set[tuple[str, int, int, int]]:
    found = set()
    for line in git(path, "cat-file", "--batch-all-objects", "--batch-check").decode().splitlines():
        oid, kind, _ = line.split()
        content = git(path, "cat-file", kind, oid)
        found |= {(oid, *place) for place in LiteralFinder(NEEDLES, pure=True).find(content)}
    return found


@pytest.mark.usefixtures("many_tasks")
@pytest.mark.parametrize("sparing", [False, True])
@pytest.mark.parametrize("in_memory", [64 << 20, 1000])
def test_every_place_is_found(versions: Path, sparing: bool, in_memory: int) -> None:
    """Whether versions that cannot have changed are spared or not, and in files that are not held
    in memory; and every object counts once."""
    finder = LiteralFinder(NEEDLES)
    made = plan(open_repository(versions))
    vouch = voucher(finder.may_stand_in, finder.reach) if sparing else None
    work = SearchWork(made, finder.places, vouch=vouch, limits=Limits(in_memory=in_memory))
    found: set[tuple[str, int, int, int]] = set()
    objects = 0
    with WorkerPool(made, work, 2) as pool:
        for _, one in pool.results():
            assert not isinstance(one, Failed)
            assert not one.skipped
            objects += sum(one.objects.values())
            found |= {(held.oid.hex(), *place) for held in one.held for place in held.found}
    assert found == _as_git_says(versions)
    assert found
    assert objects == made.objects


def test_versions_are_spared(versions: Path) -> None:
    """Most are never built when nothing stands in their base."""
    finder = LiteralFinder(NEEDLES)
    made = plan(open_repository(versions), kinds=("blob",))
    looked = 0

    def look(content: object) -> list[tuple[int, int, int]] | None:
        nonlocal looked
        looked += 1
        return finder.places(content)  # type: ignore[arg-type]

    reader = ObjectReader(made)
    vouch = voucher(finder.may_stand_in, finder.reach)
    for task in made.tasks:
        search_task(reader, task, look, vouch=vouch)
    assert 0 < looked < made.objects / 2


@pytest.mark.parametrize("cut", [1, 900, 1800])
def test_a_long_value_that_a_small_change_completes_is_found(cut: int, tmp_path: Path) -> None:
    """However far the change is from the piece by which it is looked for."""
    long = random.Random(7).randbytes(2000).hex().encode()[:1900]
    lines = b"".join(b"# line %d of a long file\n" % number for number in range(3000))
    builder = Builder(tmp_path / "r")
    builder.write("a", lines + long[:cut] + b"-" + long[cut + 1 :] + lines)
    builder.commit("Not yet")
    blob = builder.write("a", lines + long + lines)
    builder.commit("Now it is")
    layouts.repack(builder.path, depth=50, window=20)
    finder = LiteralFinder([long])
    made = plan(open_repository(builder.path))
    reader = ObjectReader(made)
    vouch = voucher(finder.may_stand_in, finder.reach)
    found = {
        held.oid.hex()
        for task in made.tasks
        for held in search_task(reader, task, finder.places, vouch=vouch).held
    }
    assert found == {blob}


def test_what_fails_names_its_kind_and_no_more(versions: Path) -> None:
    """The message of an error could quote what was read."""
    made = plan(open_repository(versions))

    def look(content: object) -> list[int]:
        raise ValueError(content)

    with WorkerPool(made, SearchWork(made, look), 1) as pool:
        answers = [answer for _, answer in pool.results()]
    assert set(answers) == {Failed("a task failed with ValueError")}
