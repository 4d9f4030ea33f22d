"""Decisions are sealed as a whole, though a change costs only what it touches; and many decisions
are one change, though they are several transactions."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.errors import IndexRefused, IndexWriteFailed, StaleDecision, UsageProblem
from forensics.index import triage as deciding
from forensics.index.database import create_or_open, in_memory
from forensics.index.journal import Journal
from forensics.index.triage import Decision, Triage
from tests.scan.scanning import KEY

TAMPERING = (
    "UPDATE triage SET state = 'test' WHERE id = :row",
    "UPDATE triage SET note = note || 'x' WHERE id = :row",
    "UPDATE triage SET ended_by = made_by WHERE id = :row AND ended_by IS NULL",
    "DELETE FROM triage WHERE id = :row",
    "UPDATE triage SET id = (SELECT max(id) + 1 FROM triage) WHERE id = :row",
    "UPDATE meta SET value = substr(value, 1, 40) || '0' || substr(value, 42)"
    " WHERE name = 'triage' AND substr(value, 41, 1) <> '0'",
    "DELETE FROM meta WHERE name = 'triage'",
)


def name(secret: int) -> str:
    return f"{secret:02x}" * 32


def said(*secrets: int, note: str = "") -> list[tuple[str, Decision]]:
    return [(name(one), Decision("confirmed", note=note)) for one in secrets]


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(in_memory(KEY)) as made:
        yield made


@pytest.fixture
def triage(connection: sqlite3.Connection) -> Triage:
    return Triage(connection, KEY)


def states(triage: Triage) -> dict[str, str]:
    return {one.secret: one.decision.note for one in triage.current()}


def change(triage: Triage, made: random.Random) -> None:
    """Something that people do."""
    secrets = made.sample(range(100), made.randrange(1, 60))
    if made.random() < 0.6:
        triage.decide_all(said(*secrets, note=str(made.random())))
    else:
        with suppress(UsageProblem):
            triage.undo([name(one) for one in secrets] if made.random() < 0.5 else None)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(TAMPERING))
def test_whatever_is_changed_by_others_shows_and_goes_on_to(seed: int, tampering: str) -> None:
    """Also after later decisions of ours, by somebody who had looked before."""
    made = random.Random(seed)  # how often it is asked hangs on what is there, so not Hypothesis
    with closing(in_memory(KEY)) as connection:
        triage = Triage(connection, KEY)
        triage.decide_all(said(*range(40)))
        for _ in range(made.randrange(6)):
            change(triage, made)
            assert Triage(connection, KEY).sound()
        before = connection.total_changes
        rows = connection.execute("SELECT count(*) FROM triage").fetchone()[0]
        connection.execute(tampering, {"row": made.randrange(1, rows + 1)})
        if connection.total_changes == before:
            return
        assert not Triage(connection, KEY).sound()
        with pytest.raises(IndexRefused):
            Triage(connection, KEY).decide_all(said(1))
        for _ in range(3):
            with suppress(IndexRefused):
                change(triage, made)
            assert not Triage(connection, KEY).sound()


def test_an_older_state_does_not_fit(connection: sqlite3.Connection, triage: Triage) -> None:
    """Rows, seal and all: the journal has gone on."""
    triage.decide_all(said(1, 2))
    rows = connection.execute("SELECT * FROM triage").fetchall()
    seal = connection.execute("SELECT value FROM meta WHERE name = 'triage'").fetchone()
    triage.decide_all(said(1, note="later"))
    connection.execute("DELETE FROM triage")
    marks = ", ".join("?" * len(rows[0]))
    connection.executemany(f"INSERT INTO triage VALUES ({marks})", rows)  # noqa: S608
    connection.execute("UPDATE meta SET value = ? WHERE name = 'triage'", seal)
    assert not triage.sound()


def test_the_sum_is_hidden(connection: sqlite3.Connection, triage: Triage) -> None:
    """Two seals over the same rows have nothing in common: what is added up cannot be told."""
    seals = []
    for _ in range(2):
        triage.decide_all(said(1))
        triage.undo()
        (value,) = connection.execute("SELECT value FROM meta WHERE name = 'triage'").fetchone()
        seals.append(value.split(":"))
    assert not {*seals[0]} & {*seals[1]}


def test_a_seal_of_version_2_counts_until_the_next_change(
    connection: sqlite3.Connection, triage: Triage
) -> None:
    """It was over all rows at once; forged, it is refused as ever."""
    triage.decide_all([*said(1, 2), (name(3), Decision("confirmed", due=9))])
    rows = connection.execute("SELECT * FROM triage ORDER BY id").fetchall()
    text = repr([row if row[-1] is not None else row[:-1] for row in rows])
    told = Journal(connection, KEY).last_chain(("triaged",))
    older = KEY.seal("triage", told, text.encode()).hex()
    connection.execute("UPDATE meta SET value = ? WHERE name = 'triage'", (older,))
    assert triage.sound()
    triage.decide_all(said(2, note="new"))
    assert Triage(connection, KEY).sound()
    connection.execute("UPDATE meta SET value = ? WHERE name = 'triage'", (older,))
    assert not triage.sound()


def test_one_decision_reads_few_rows(connection: sqlite3.Connection, triage: Triage) -> None:
    """However many there are."""
    triage.decide_all(said(*range(250)))
    read: list[int] = []
    known = triage._sealed._sum

    def counting(rows: object) -> int:
        held = list(rows)  # type: ignore[call-overload]
        read.append(len(held))
        return known(held)

    triage._sealed._sum = counting  # type: ignore[method-assign]
    triage.decide_all(said(7, note="again"))
    assert sum(read) < 200


# Many at once.


@pytest.fixture
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "_AT_ONCE", 2)


@pytest.mark.usefixtures("two_at_once")
def test_many_are_one_change(connection: sqlite3.Connection, triage: Triage) -> None:
    """Told by its first row, taken back as one."""
    triage.decide_all(said(1, 2, 3, note="before"))
    made = triage.decide_all(said(*range(7)))
    causes = connection.execute(
        "SELECT DISTINCT related_to FROM journal WHERE id > ?", (min(made.values()),)
    ).fetchall()
    assert causes == [(min(made.values()),)]
    assert [*triage.undo()] == [name(one) for one in range(7)]
    assert states(triage) == {name(one): "before" for one in (1, 2, 3)}
    assert triage.sound()


@pytest.mark.usefixtures("two_at_once")
@pytest.mark.parametrize("stale", [3, 4, 7])
def test_nothing_holds_where_somebody_comes_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stale: int
) -> None:
    """What was already stored is taken back; what the other one decided stays."""
    path = tmp_path / "index.db"
    with (
        closing(create_or_open(path, KEY)) as ours,
        closing(create_or_open(path, KEY)) as theirs,
    ):
        triage, other = Triage(ours, KEY), Triage(theirs, KEY)
        before = triage.decide_all(said(5, note="before"))
        store = Triage._store

        def late(self: Triage, *given: object) -> object:
            monkeypatch.setattr(Triage, "_store", store)
            answer = store(self, *given)  # type: ignore[arg-type]
            ours.execute("COMMIT")
            other.decide_all(said(stale, note="theirs"))
            ours.execute("BEGIN IMMEDIATE")
            return answer

        monkeypatch.setattr(Triage, "_store", late)
        seen = dict.fromkeys((name(one) for one in range(8)), 0) | before
        with pytest.raises(StaleDecision):
            triage.decide_all(said(*range(8)), seen=seen)
        assert states(triage) == {name(5): "before", name(stale): "theirs"}
        assert Triage(ours, KEY).sound()


@pytest.mark.usefixtures("two_at_once")
def test_what_a_killed_change_leaves_is_taken_back_as_one(
    connection: sqlite3.Connection, triage: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole transactions are there, told in the journal, under seal."""
    left = [True, True, False]
    store = Triage._store

    def killed(self: Triage, *given: object) -> object:
        if not left.pop(0):
            raise KeyboardInterrupt
        return store(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Triage, "_store", killed)
    with pytest.raises(KeyboardInterrupt):
        triage.decide_all(said(*range(9)))
    assert len(states(triage)) == 4
    assert triage.sound()
    assert Journal(connection, KEY).verify() == []
    assert len(triage.undo()) == 4
    assert states(triage) == {}


@pytest.mark.usefixtures("two_at_once")
def test_what_cannot_be_written_to_the_end_is_taken_back(
    connection: sqlite3.Connection, triage: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as where another process does not let go of the index."""
    left = [True, False]
    store = Triage._store

    def refused(self: Triage, *given: object) -> object:
        if not left.pop(0):
            raise IndexWriteFailed("the index cannot be written")
        return store(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Triage, "_store", refused)
    with pytest.raises(IndexWriteFailed):
        triage.decide_all(said(*range(5)))
    assert states(triage) == {}
    assert triage.sound()
