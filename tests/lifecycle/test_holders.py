"""Who holds a secret is what each holder's bits say."""

from __future__ import annotations

from random import Random

from forensics.index.life import LifePlace
from forensics.lifecycle.holders import Holders


def _place(repository: int, number: int) -> LifePlace:
    return LifePlace(
        1, repository, b"a.env", "blob", "ab" * 20, 1, "branch", True, True, number, False, False,
        None, None,
    )  # fmt: skip


def test_holders_are_those_that_have_the_bit() -> None:
    """Of any place, in any repository, also where nobody has it."""
    random = Random(4)
    rows = [(repository, random.getrandbits(random.choice((0, 3, 40, 90))), name)
            for name, repository in enumerate([1, 2, 1, 2, 2, 1, 1, 2])]  # fmt: skip
    holders = Holders(rows, lambda found: found)
    for _ in range(500):
        places = [_place(random.choice((1, 2, 3)), random.randrange(100)) for _ in range(3)]
        has = {name for repository, held, name in rows for place in places
               if place.repository == repository and held >> place.number & 1}  # fmt: skip
        assert set(holders.of(places)) == has


def test_what_is_told_of_the_same_holders_is_told_once() -> None:
    """So that thousands of secrets with the same refs share it."""
    told: list[tuple[str, ...]] = []

    def tell(found: tuple[str, ...]) -> tuple[str, ...]:
        told.append(found)
        return found

    holders = Holders([(1, 0b11, "a"), (1, 0b111, "b")], tell)
    assert holders.of([_place(1, 0)]) is holders.of([_place(1, 1)])
    assert holders.of([_place(1, 2)]) == ("b",)
    assert told == [("a", "b"), ("b",)]
