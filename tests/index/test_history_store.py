"""Walked history is kept as it was, compactly and under a seal."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.index.database import in_memory
from forensics.index.history_store import HistoryStore, StoredSegment
from tests.scan.scanning import KEY


@st.composite
def segments(draw: st.DrawFn) -> StoredSegment:
    """Any commits, parents, paths, blobs and changes between them."""
    length = draw(st.sampled_from([20, 32]))
    oid = st.binary(min_size=length, max_size=length)
    commits = tuple(draw(st.lists(oid, min_size=1, max_size=6, unique=True)))
    parents = tuple(tuple(draw(st.lists(oid, max_size=4))) for _ in commits)
    name = st.binary(min_size=1, max_size=12).map(lambda one: one.replace(b"\0", b"\xff"))
    fingerprint = st.just(b"") | st.binary(min_size=32, max_size=32)
    paths = tuple(draw(st.lists(st.tuples(name, fingerprint), max_size=6)))
    blobs = (b"", *draw(st.lists(oid, max_size=6)))
    some = [len(commits), max(len(paths), 1), len(blobs), len(blobs)]
    rows = st.tuples(*(st.integers(0, count - 1) for count in some))
    changes = draw(st.lists(rows, max_size=8)) if paths else []
    people = tuple(draw(st.lists(st.tuples(st.binary(), st.binary()), min_size=1, max_size=4)))
    moment = st.tuples(
        st.integers(0, len(people) - 1), st.integers(-(2**60), 2**60), st.integers(-720, 720)
    )
    rows_made = [draw(st.tuples(moment, moment)) for _ in commits]
    whole = frozenset(draw(st.sets(st.integers(0, len(commits) - 1))))
    return StoredSegment(
        commits, parents, paths, blobs, np.array(changes, np.int32).reshape(-1, 4), people,
        np.array(rows_made, np.int64).reshape(-1, 6), whole,
    )  # fmt: skip


def same(one: StoredSegment, other: StoredSegment) -> bool:
    return (
        (one.commits, one.parents, one.paths, one.blobs, one.people, one.whole)
        == (other.commits, other.parents, other.paths, other.blobs, other.people, other.whole)
    ) and all(
        np.array_equal(mine, theirs)
        for mine, theirs in ((one.changes, other.changes), (one.made, other.made))
    )  # fmt: skip


def open_index() -> sqlite3.Connection:
    connection = in_memory(KEY)
    connection.executescript(
        "INSERT INTO repository (id, path, fingerprint, object_format)"
        " VALUES (1, x'2f', x'01', 'sha1');"
        "INSERT INTO repository (id, path, fingerprint, object_format)"
        " VALUES (2, x'2e', x'02', 'sha1');"
    )
    return connection


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(open_index()) as made:
        yield made


def segment(mark: int, parents: int = 1) -> StoredSegment:
    oid = bytes([mark]) * 20
    return StoredSegment((oid,), ((b"\7" * 20,) * parents,), ((b"a", b""),), (b"", oid),
                         np.array([[0, 0, 0, 1]], np.int32), ((b"Ada", b"a@b"),),
                         np.array([[0, 1, 0, 0, 2, 60]], np.int64))  # fmt: skip


@given(st.lists(segments(), min_size=1, max_size=3))
def test_segments_come_back_as_they_were(given: list[StoredSegment]) -> None:
    """In the order in which they were kept, with paths in any bytes."""
    with closing(open_index()) as connection:
        store = HistoryStore(connection, KEY, 1, b"")
        for one in given:
            store.append(one)
        loaded = HistoryStore(connection, KEY, 1, b"").load()
    assert len(loaded) == len(given)
    assert all(same(*pair) for pair in zip(loaded, given, strict=True))


@pytest.mark.parametrize("count", [0, 255, 256, 70_000])
def test_a_commit_may_have_any_number_of_parents(
    connection: sqlite3.Connection, count: int
) -> None:
    """Git sets no limit."""
    store = HistoryStore(connection, KEY, 1, b"")
    store.append(segment(1, count))
    assert same(store.load()[0], segment(1, count))


def test_a_segment_without_commits_leaves_no_gap(connection: sqlite3.Connection) -> None:
    """What is kept after it is still found."""
    store = HistoryStore(connection, KEY, 1, b"")
    empty = np.empty((0, 4), np.int32), (), np.empty((0, 6), np.int64)
    nothing = StoredSegment((), (), (), (b"",), *empty)
    for one in (segment(1), nothing, segment(2)):
        store.append(one)
    assert [one.commits[0][:1] for one in store.load()] == [b"\1", b"\2"]


def test_repositories_and_boundaries_do_not_mix(connection: sqlite3.Connection) -> None:
    """History as a shallow clone had it is not history as it is now."""
    HistoryStore(connection, KEY, 1, b"cut").append(segment(1))
    assert HistoryStore(connection, KEY, 1, b"").load() == []
    assert HistoryStore(connection, KEY, 2, b"cut").load() == []
    assert len(HistoryStore(connection, KEY, 1, b"cut").load()) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history SET data = substr(data, 1, 30)",
        "UPDATE history SET data = zeroblob(10)",
        "UPDATE history SET seal = x''",
        "UPDATE history SET repository_id = 2",
    ],
)
def test_what_is_not_sealed_is_not_even_decoded(
    connection: sqlite3.Connection, statement: str
) -> None:
    """Nothing that somebody else wrote reaches the decoder."""
    HistoryStore(connection, KEY, 1, b"").append(segment(1))
    connection.execute(statement)
    assert HistoryStore(connection, KEY, 1, b"").load() == []
    assert HistoryStore(connection, KEY, 2, b"").load() == []
