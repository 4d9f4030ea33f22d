"""What was scanned is known by object id."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from forensics.index.coverage import KnownIds
from forensics.index.database import create_or_open, writing
from forensics.index.writer import IndexWriter
from tests.scan.scanning import KEY

lengths = st.sampled_from([20, 32])


@given(st.data(), lengths)
def test_ids_are_found_as_in_a_set(data: st.DataObject, length: int) -> None:
    """Those that are there, and no others."""
    some = st.binary(min_size=length, max_size=length)
    held = data.draw(st.sets(some | some.map(lambda oid: b"\0" + oid[1:]), max_size=50))
    known = KnownIds(b"".join(sorted(held)), length)
    assert len(known) == len(held)
    assert [*known] == sorted(held)
    for oid in [*held, *data.draw(st.lists(some, max_size=10))]:
        assert (oid in known) == (oid in held)
        assert (oid[:-1] in known) is False
    assert (None in known) is False
    assert (b"" in known) is False


def writer_at(path: Path) -> IndexWriter:
    writer = IndexWriter(create_or_open(path, KEY), KEY, Path("/r"), "sha1")
    writer.begin("one", "1", ())
    return writer


def test_batches_add_up(tmp_path: Path) -> None:
    """In any order, with copies, and until they are brought together."""
    writer = writer_at(tmp_path / "index.db")
    coverage = writer.coverage("one")
    assert not coverage.any()
    ids = [bytes([number]) * 20 for number in (5, 3, 9, 3)]
    writer.add(covered=b"".join(ids[:2]), coverage=coverage)
    writer.add(covered=b"".join(ids[2:]), coverage=coverage)
    assert coverage.any()
    assert [*coverage.known(20)] == sorted({*ids})
    with writing(writer._db):
        coverage.consolidate(b"".join(sorted({*ids})), [("a.pack", b"sum")], b"tips")
    assert [*coverage.known(20)] == sorted({*ids})
    assert coverage.packs() == {"a.pack": b"sum"}
    assert coverage.tips() == b"tips"
    writer._db.close()


def test_each_rule_set_has_its_own_coverage(tmp_path: Path) -> None:
    """What one set has looked at, another has not; bringing one together ends the other's."""
    writer = writer_at(tmp_path / "index.db")
    one, two = writer.coverage("one"), writer.coverage("two")
    writer.add(covered=b"a" * 20, coverage=one)
    assert [*two.known(20)] == []
    writer.add(covered=b"b" * 20, coverage=two)
    assert [*one.known(20)] == [b"a" * 20]
    with writing(writer._db):
        two.consolidate(b"b" * 20, [], b"")
    assert [*one.known(20)] == []
    assert [*two.known(20)] == [b"b" * 20]
    writer._db.close()


def test_each_repository_has_its_own_coverage(tmp_path: Path) -> None:
    """An object of the same id may be in both, but was read in one."""
    with closing(create_or_open(tmp_path / "index.db", KEY)) as connection:
        first, second = (
            IndexWriter(connection, KEY, Path(name), "sha1") for name in ("/r", "/s")
        )
        for writer in (first, second):
            writer.begin("one", "1", ())
        first.add(covered=b"a" * 20, coverage=first.coverage("one"))
        assert [*first.coverage("one").known(20)] == [b"a" * 20]
        assert not second.coverage("one").any()
