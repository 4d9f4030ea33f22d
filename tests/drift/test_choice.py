"""Which events and rows are asked for."""

from __future__ import annotations

import pytest

from forensics.drift.choice import Choice
from forensics.drift.model import Cell, DriftEvent, Matrix, Row, Step

PAIR = Choice(between=("staging", "prod"))
OPENED = Step(b"\1" * 20, "Ada Example <ada@acme.example>", 1_700_000_000, 0, ())


def event(kind: str, present: str, missing: str = "") -> DriftEvent:
    """Open drift between environments."""
    sides = tuple(present.split()), tuple(missing.split())
    return DriftEvent(kind, "web", "KEY", *sides, OPENED, None, "", 1, "high", True, "", (), ())


def row(drift: bool, why: str, **letters: str) -> Row:
    """A key with such groups; `-` where it is absent."""
    cells = {
        name: Cell("absent", "", "", 0, "") if letter == "-" else Cell("value", letter, "f", 1, "")
        for name, letter in letters.items()
    }
    return Row("web", "KEY", cells, drift, why)


@pytest.mark.parametrize(
    ("one", "wanted"),
    [
        (event("missing", "staging", "prod"), True),
        (event("missing", "dev staging", "prod"), True),
        (event("missing", "dev", "staging prod"), False),
        (event("missing", "staging prod", "dev"), False),
        (event("extra", "prod", "dev staging"), True),
        (event("rotation", "dev", "prod"), False),
        (event("rotation", "staging", "prod"), True),
        (event("value", "dev staging prod"), True),
        (event("value", "dev staging"), False),
        (event("shared", "dev prod"), False),
        (event("placeholder", "prod"), True),
        (event("flapping", "dev"), False),
    ],
    ids=lambda one: (
        f"{one.kind}:{one.present}-{one.missing}" if isinstance(one, DriftEvent) else ""
    ),
)
def test_between_two_only_what_sets_them_apart_counts(one: DriftEvent, wanted: bool) -> None:
    """Or what is wrong with one of them alone."""
    assert PAIR.events([one]) == ((one,) if wanted else ())


def test_between_two_no_other_environment_is_shown() -> None:
    """Where the two agree, nothing is said of why others do not."""
    both = row(False, "a host", dev="A", staging="B", prod="B")
    apart = row(False, "a host", dev="A", staging="B", prod="C")
    other = Row("api", "KEY", {"dev": Cell("value", "A", "f", 1, "")}, False, "")
    matrix = Matrix("main", "00", ("dev", "staging", "prod"), (both, apart, other), ())
    shown = PAIR.matrix(matrix, ())
    assert shown.environments == ("staging", "prod")
    assert [tuple(one.cells) for one in shown.rows] == [("staging", "prod")] * 2
    assert [one.why for one in shown.rows] == ["", "a host"]


def test_kinds_leave_rows_that_have_such_events() -> None:
    """Open ones."""
    matrix = Matrix("main", "00", ("dev",), (row(True, "x", dev="A"),), ())
    choice = Choice(kinds=("missing",))
    found = choice.events([event("missing", "dev", "prod"), event("value", "dev prod")])
    assert [one.kind for one in found] == ["missing"]
    assert choice.matrix(matrix, found).rows == matrix.rows
    assert choice.matrix(matrix, ()).rows == ()
