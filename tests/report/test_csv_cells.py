"""Cells of CSV are texts, whatever a repository has in them."""

from __future__ import annotations

import pytest

from forensics.report.csv_cells import as_text, csv_line


@pytest.mark.parametrize(
    "name", ["=cmd()", " =cmd()", "\uff1dcmd()", "  \uff0b1", "@x", "-1", "+s"]
)
def test_nothing_becomes_a_formula(name: str) -> None:
    """Nor behind spaces, nor in full-width letters."""
    assert as_text(name) == f"'{name}"
    assert csv_line([name, [name, "b"]]) == f"'{name},'{name} b"


def test_a_line_is_one_line() -> None:
    """Numbers stay numbers, and nothing is an empty cell."""
    assert csv_line([None, True, -3, 1.5, "a\n", 'b"', ["c", "d"], []]) == (
        ',true,-3,1.5,a\\x0a,"b""",c d,'
    )
