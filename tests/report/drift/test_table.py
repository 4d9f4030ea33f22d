"""Drift on a terminal."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console, RenderableType

from forensics.report.drift.shown import marked_shared
from forensics.report.drift.table import events_table, matrix_table
from tests.report.drift.told import MATRIX, cell, event, row, step

SHARED = frozenset({("web", "TOKEN", "dev"), ("web", "TOKEN", "prod")})


def lines(parts: Iterable[RenderableType], width: int = 80) -> list[str]:
    """What a terminal of that width shows, without the spaces at line ends."""
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False, markup=False)
    for part in parts:
        console.print(part)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_only_drift_is_shown_a_block_a_set_and_the_rest_counted() -> None:
    """Letters for values that are equal, signs for what is no value."""
    shown = lines(matrix_table(MATRIX, width=80, everything=False, shared=SHARED))
    assert [line.split() for line in shown] == [
        ["web"],
        ["KEY", "dev", "staging", "prod", "WHY"],
        ["LOG_LEVEL", "A", "A", "-", "missing", "in", "prod"],
        ["TOKEN", "A!", "0", "A!", "shared"],
        [],
        ["api"],
        ["KEY", "dev", "prod", "WHY"],
        ["name", "?", "A!", "placeholder", "in", "prod"],
        [],
        ["and", "1", "without", "drift,", "1", "meant", "to", "differ;", "--all", "shows", "them"],
        *[line.split() for line in shown[-2:]],
    ]
    legend = " ".join(shown[-2:])
    for sign in ("- absent", "0 empty", "! placeholder or shared", "? does not parse"):
        assert sign in legend
    assert "unresolved" not in legend


def test_all_shows_every_key_and_counts_nothing() -> None:
    """What is meant to differ says why."""
    shown = lines(matrix_table(MATRIX, width=80, everything=True))
    assert any(line.split()[:4] == ["HOST", "A", "B", "C"] for line in shown)
    assert any(line.split() == ["PORT", "A", "A", "A"] for line in shown)
    assert not any("--all" in line for line in shown)


def test_what_is_accepted_is_left_out_and_counted() -> None:
    """With --all it says so."""
    rows = tuple(one._replace(accepted=one.drift, drift=False) for one in MATRIX.rows)
    accepted = MATRIX._replace(rows=rows)
    assert lines(matrix_table(accepted, width=80, everything=False)) == [
        "no drift: 1 without drift, 1 meant to differ, 3 accepted; --all shows them"
    ]
    shown = lines(matrix_table(accepted, width=80, everything=True))
    assert any(line.endswith("accepted: missing in prod") for line in shown)


def test_many_environments_go_below_each_other() -> None:
    """None is left out, and no line is wider than the screen."""
    names = [f"environment-{number}" for number in range(12)]
    cells = {name: cell("value", "A", "x", 1) for name in names}
    one = row("A_KEY", why="missing in environment-3", drift=True)._replace(cells=cells)
    many = MATRIX._replace(environments=tuple(names), rows=(one,), uncertain=())
    for width in (40, 80, 120):
        shown = lines(matrix_table(many, width=width, everything=False), width)
        text = "\n".join(shown)
        for name in names:
            assert name in text
        assert "missing in" in text
        assert max(map(len, shown)) <= width


def test_values_stand_below_their_key_once_each() -> None:
    """Only those that were given; a long one is cut, and nothing in it moves the cursor."""
    given = {("web", "PORT", "dev"): "80\x1b[2J", ("web", "PORT", "prod"): "80\x1b[2J",
             ("web", "HOST", "dev"): "h" * 100}  # fmt: skip
    shown = lines(matrix_table(MATRIX, width=120, everything=True, values=given), 120)
    assert [line.strip() for line in shown if " = " in line] == [
        f"A = {'h' * 59}…", "A = 80\\x1b[2J",
    ]  # fmt: skip


def test_nothing_in_a_repository_moves_the_cursor() -> None:
    """Sets, keys, environments, reasons and names of people are escaped."""
    bad = "\x1b]0;x\x07"
    one = row(bad, why=bad, drift=True, name=bad, **{bad: cell("value", "A", bad, 1)})
    matrix = MATRIX._replace(environments=(bad,), rows=(one,))
    told = event(set=bad, key=bad, present=(bad,), opened=step(author=bad), closed_how=bad,
                 closed=step(2), paths=(bad,))  # fmt: skip
    shown = lines(matrix_table(matrix, width=150, everything=True), 150)
    shown += lines(events_table([told], width=150, everything=True), 150)
    assert "\x1b" not in "".join(shown)
    assert "\\x1b" in "".join(shown)


def test_open_events_come_first_and_the_worst_before_the_others() -> None:
    """Then those that are closed, the last first."""
    told = [
        event(set="api", key="OTHER", severity="low", days=1.0),
        event(key="CLOSED_LONG_AGO", closed=step(3), closed_how="added"),
        event(key="LOW", severity="low"),
        event(key="CLOSED", closed=step(9), closed_how="added"),
        event(key="CRITICAL", severity="critical", kind="shared", missing=()),
        event(key="OLDER", severity="low", days=99.0),
    ]
    shown = lines(events_table(told, width=150, everything=False), 150)
    keys = [line.split("web: ")[1].split()[0] for line in shown if "web: " in line]
    assert keys == ["CRITICAL", "OLDER", "LOW", "CLOSED", "CLOSED_LONG_AGO"]
    assert shown[-1] == "4 open, 2 closed"


def test_the_heading_is_whole_above_short_keys() -> None:
    """It needs room of its own."""
    shown = lines(events_table([event(key="A")], width=150, everything=False), 150)
    assert shown[0].split()[:3] == ["SEVERITY", "KIND", "KEY"]


def test_the_set_is_named_where_there_are_several() -> None:
    """With one, it would only take room."""
    alone = lines(events_table([event()], width=150, everything=False), 150)
    assert "web" not in "".join(alone)


def test_events_that_are_meant_to_be_or_accepted_need_all() -> None:
    """Accepted ones are counted, and shown with who accepted them until when."""
    accepted = event(accepted=True, acceptance="cache (ops, until 2030-01-01)")
    told = [accepted, event(key="HOST", kind="value", expected="names hosts", severity="info")]
    assert lines(events_table(told, width=150, everything=False), 150) == [
        "0 open, 1 accepted (--all shows them)"
    ]
    shown = "\n".join(lines(events_table(told, width=200, everything=True), 200))
    assert "cache (ops, until 2030-01-01)" in shown
    assert "names hosts" in shown


def test_uncertain_days_are_marked() -> None:
    """And the mark explained."""
    shown = lines(events_table([event(certain=False)], width=120, everything=False), 120)
    assert "~12.3" in shown[1]
    assert "~ uncertain" in shown[-1]
    assert "clock" in shown[-1]


def test_values_are_marked_as_shared_while_that_is_open() -> None:
    """Not where it is meant to be."""
    told = [event("shared", key="A", present=("dev", "prod"), missing=()),
            event("shared", key="B", closed=step(2)), event("shared", key="C", expected="local"),
            event("value", key="D")]  # fmt: skip
    assert marked_shared(told) == {("web", "A", "dev"), ("web", "A", "prod")}


def test_nothing_of_an_event_is_cut_off() -> None:
    """Long keys and names of people go on below."""
    long = "services.web.environment.A_NAME_THAT_GOES_ON_AND_ON_AND_ON_AND_ON"
    told = [event(key=long, opened=step(author="Maximiliane Muster von Beispiel <m@acme.example>"))]
    for width in (80, 120, 160):
        shown = lines(events_table(told, width=width, everything=False), width)
        letters = "".join("".join(shown).split())
        assert max(map(len, shown)) <= width
        assert letters.count("A_NAME") == 1
        if width >= 110:
            assert all(word in letters for word in ("Maximiliane", "Muster", "Beispiel"))
