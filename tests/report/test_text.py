"""Text for terminals, cut where it is too long."""

from __future__ import annotations

import pytest

from forensics.report.text import cells, shortened


@pytest.mark.parametrize("character", ["x", "e\u0301", "\u6f22", "\U0001f1e9\U0001f1ea"])
def test_start_and_end_are_left_of_whole_characters(character: str) -> None:
    """As many as fit into the cells."""
    for most in range(3, 20):
        shown = shortened(character * 500, most)
        assert most - 4 <= cells(shown) <= most
        for part in shown.split("…"):
            assert part == character * (len(part) // len(character))


def test_what_fits_stays_as_it_is() -> None:
    """Marks need no room."""
    assert shortened("short", 5) == "short"
    assert shortened("e\u0301" * 5, 5) == "e\u0301" * 5
    assert shortened("\u6f22" * 3, 5) == "\u6f22…\u6f22"


def test_no_mark_is_left_without_its_letter() -> None:
    """However many there are."""
    assert shortened("ab" + "e" + "\u0301" * 1000, 6)[:2] == "ab"
    assert not shortened("a" * 9 + "e" + "\u0301" * 1000, 6).endswith("\u0301")
