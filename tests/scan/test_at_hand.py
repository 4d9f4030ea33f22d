"""Repositories that stay open while somebody looks at them."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from fixtures_repos import layouts
from fixtures_repos.malformed import PACKED
from fixtures_repos.stories import Story
from forensics.git.single import SingleObjects
from forensics.index.database import create_or_open
from forensics.scan.at_hand import AtHand
from tests.scan.scanning import KEY, scan

ROOT = Path(__file__).parents[2]


def test_packs_that_come_are_judged_anew(leaked_then_deleted: Story, tmp_path: Path) -> None:
    """One of them could lead git astray; until one comes, the same reader serves."""
    index, path = tmp_path / "index.db", leaked_then_deleted.path
    layouts.repack(path)
    scan(path, index)
    at_hand = AtHand(KEY)
    with closing(create_or_open(index, KEY)) as connection, closing(at_hand):
        with at_hand.objects(connection, 1) as first:
            assert first is not None
            assert not first.astray
        with at_hand.objects(connection, 1) as again:
            assert again is first
        PACKED["a cycle of two"](path)
        with at_hand.objects(connection, 1) as then:
            assert then is not None
            assert then.astray


def test_of_many_places_one_is_held_at_a_time(
    leaked_then_deleted: Story, replaced: Story, tmp_path: Path
) -> None:
    """Those that are gone are left out, and who leaves early holds none any more."""
    index = tmp_path / "index.db"
    for story in (leaked_then_deleted, replaced):
        scan(story.path, index)
    leaked_then_deleted.path.rename(tmp_path / "elsewhere")
    at_hand = AtHand(KEY)
    with closing(create_or_open(index, KEY)) as connection, closing(at_hand):
        with closing(at_hand.places(connection, [1, 2])) as places:
            (found, *_) = places
            assert isinstance(found, SingleObjects)
            assert found.repository.home == replaced.path.resolve()
        with closing(at_hand.places(connection, [2, 2])) as places:
            next(places)
        with at_hand.objects(connection, 1) as gone:
            assert gone is None


def test_what_shows_masked_objects_spares_numpy() -> None:
    """A program that stays open would keep it."""
    modules = ("at_hand", "audited", "masked_diff", "masked_whole", "setup")
    program = "".join(f"import forensics.scan.{one}\n" for one in modules)
    done = subprocess.run(
        [sys.executable, "-c", f"{program}import sys; print(*sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert not {*done.stdout.split()} & {"numpy", "forensics.git.plan", "detect_secrets"}
