"""Of many paths, the one that is most like another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.scan.nearest import Nearest
from forensics.scan.pairs import Path, bits

PARTS = st.sampled_from([b"a", b"b", b"c", b"x.env", b"y.env"])
PATHS = st.lists(PARTS, min_size=1, max_size=5).map(b"/".join)


@given(st.lists(PATHS, min_size=1, max_size=90, unique=True), st.data())
def test_it_is_the_one_that_a_comparison_with_each_finds(
    paths: list[bytes], data: st.DataObject
) -> None:
    """File names first, then parts in the same places, then the last by name."""
    given_paths = {3 * number: (path, b"") for number, path in enumerate(paths)}
    nearest = Nearest(given_paths)
    for _ in range(3):
        number = data.draw(st.sampled_from(sorted(given_paths)))
        some = data.draw(st.sets(st.sampled_from(sorted(given_paths)), min_size=1))
        among = sum(1 << one for one in some)
        parts = given_paths[number][0].split(b"/")

        def likeness(other: int, parts: list[bytes] = parts) -> tuple[bool, int, Path]:
            theirs = given_paths[other][0].split(b"/")
            shared = sum(one == two for one, two in zip(parts, theirs, strict=False))
            return parts[-1] == theirs[-1], shared, given_paths[other]

        assert nearest.to(number, among) == max(bits(among), key=likeness)


@pytest.mark.parametrize("shape", [b"%s/d/%d.env", b"%s/%d/.env"])
def test_of_many_files_that_move_each_finds_its_own(shape: bytes) -> None:
    """Whether or not their names are the same."""
    paths = {}
    for number in range(2_000):
        for side, top in enumerate((b"old", b"new")):
            paths[2 * number + side] = (shape % (top, number), b"")
    old = sum(1 << number for number in paths if not number % 2)
    nearest = Nearest(paths)
    found = [nearest.to(2 * number + 1, old) for number in range(2_000)]
    assert found == [2 * number for number in range(2_000)]
