"""What was scanned is known by object id."""

from __future__ import annotations

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


def writer_at(path: Path, scanner: str = "one", repository: str = "/r") -> IndexWriter:
    writer = IndexWriter(
        create_or_open(path, KEY), KEY, repository.encode(), repository.encode(), "sha1"
    )
    writer.begin(scanner, "1", ())
    return writer


def known(writer: IndexWriter, scanner: str = "one") -> list[bytes]:
    return [*writer.coverage(scanner).known(20)]


def test_batches_add_up(tmp_path: Path) -> None:
    """In any order, with copies, and until they are brought together."""
    writer = writer_at(tmp_path / "index.db")
    assert known(writer) == []
    ids = [bytes([number]) * 20 for number in (5, 3, 9, 3)]
    writer.add(covered=b"".join(ids[:2]))
    writer.add(covered=b"".join(ids[2:]))
    assert known(writer) == sorted({*ids})
    with writing(writer._db):
        writer.coverage("one").consolidate(
            b"".join(sorted({*ids})), [(b"a\xff.pack", b"sum")], ids[0], b"tips", b"history"
        )
    assert known(writer) == sorted({*ids})
    assert writer.coverage("one").packs() == {b"a\xff.pack": b"sum"}
    assert writer.coverage("one").tips() == b"tips"
    assert writer.coverage("one").history() == b"history"
    writer._db.close()


def test_each_rule_set_has_its_own_coverage(tmp_path: Path) -> None:
    """What one set has looked at, another has not; and what it finds replaces the other's."""
    writer = writer_at(tmp_path / "index.db", "one")
    writer.add(covered=b"a" * 20)
    writer.begin("two", "1", ())
    assert known(writer, "two") == []
    assert known(writer, "one") == []
    writer.add(covered=b"b" * 20)
    with writing(writer._db):
        writer.coverage("two").consolidate(b"b" * 20, [], b"", b"", b"")
    assert known(writer, "one") == []
    assert known(writer, "two") == [b"b" * 20]
    writer._db.close()


def test_each_repository_has_its_own_coverage(tmp_path: Path) -> None:
    """An object of the same id may be in both, but was read in one."""
    first = writer_at(tmp_path / "index.db")
    second = writer_at(tmp_path / "index.db", repository="/s")
    first.add(covered=b"a" * 20)
    assert known(first) == [b"a" * 20]
    assert known(second) == []
    first._db.close()
    second._db.close()
