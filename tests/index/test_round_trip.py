"""What the writer puts in, the reader gives out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from forensics.errors import UsageProblem
from forensics.index.database import in_memory
from forensics.index.lives import Lives
from forensics.index.reader import IndexReader
from forensics.index.records import Commit, Event, Occurrence, Person, PlacedRef, Sighting, Skip
from forensics.index.writer import IndexWriter
from tests.scan.scanning import KEY


@dataclass(frozen=True)
class Rule:
    """What the index keeps of a rule."""

    id: str
    title: str = "A title"
    severity: str = "high"
    why: str = "Why it matters."
    remedy: str = "What to do."
    generic: bool = False


RULES = (
    Rule("a.low", severity="low"),
    Rule("b.high"),
    Rule("generic.c", severity="critical", generic=True),
)
ADA, BEN = Person(b"Ada \xff", b"ada@acme.example"), Person(b"Ben", b"")
FIRST, LAST = b"\1" * 20, b"\2" * 20


def sighting(value: bytes, oid: bytes = b"o" * 20, at: int = 10, **more: object) -> Sighting:
    """One of rule b.high."""
    one = Sighting(
        oid, "blob", "b.high", KEY.fingerprint(value), "b_…", len(value), "hex", 0.9, None,
        at, at + len(value), 2, 3, 2, 2 + len(value),
    )  # fmt: skip
    return one._replace(**more)  # type: ignore[arg-type]


def commit(oid: bytes, who: Person = ADA) -> tuple[Commit, str]:
    return Commit(oid, who, 1_700_000_000, 60, BEN, 1_700_000_001, -90), "branch"


def occurrence(one: Sighting, path: bytes | None = b"a.env", **more: object) -> Occurrence:
    facts = {
        "fingerprint": one.fingerprint, "path": None if path is None else (path, b""),
        "oid": one.oid, "kind": one.kind, "reach": "branch", "at_head": True, "at_tip": True,
        "at_default": True,
        "events": (Event(FIRST, "introduced", 1, "introduced"),),
    }  # fmt: skip
    return Occurrence(**(facts | more))  # type: ignore[arg-type]


@pytest.fixture
def writer() -> Iterator[IndexWriter]:
    with closing(in_memory(KEY)) as connection:
        made = IndexWriter(connection, KEY, b"/r", b"/r", "sha1")
        made.begin("scanner", "1", RULES)
        yield made


MAIN = PlacedRef(b"refs/heads/main", LAST, LAST, "branch", True, 2, 1)


def put(writer: IndexWriter, *found: tuple[Sighting, Occurrence]) -> IndexReader:
    writer.add([one for one, _ in found])
    commits = [commit(FIRST), commit(LAST, BEN)]
    writer.place([one for _, one in found], commits, [MAIN])
    return IndexReader(writer._db)


def test_what_a_sighting_tells_of_itself_comes_back(writer: IndexWriter) -> None:
    told = sighting(
        b"v", facts='[["account", "1"]]', reasons='[["words", -0.5]]', decoded="base64 > gzip",
        partner=(3, 9, 1), ignored="a marker",
    )  # fmt: skip
    plain = sighting(b"w", at=40)
    reader = put(writer, (told, occurrence(told)), (plain, occurrence(plain)))
    found = {one.start_byte: one for one in reader.findings()}
    first = found[told.start]
    assert (first.facts, first.reasons) == (told.facts, told.reasons)
    assert (first.decoded, first.partner_line, first.ignored) == ("base64 > gzip", 1, "a marker")
    other = found[plain.start]
    assert {other.facts, other.reasons, other.decoded, other.partner_line, other.ignored} == {None}


def test_a_finding_comes_out_as_it_went_in(writer: IndexWriter) -> None:
    """Every field of it."""
    one = sighting(b"secret value")
    events = (Event(FIRST, "introduced", 1, "introduced"), Event(LAST, "removed", 2, "removed"))
    place = occurrence(one, b"\xff\n.env", at_head=False, at_tip=False, events=events)
    (found,) = put(writer, (one, place)).findings()
    assert found.secret == one.fingerprint.hex()
    assert (found.rule, found.title, found.severity) == ("b.high", "A title", "high")
    assert (found.path, found.blob, found.kind) == (b"\xff\n.env", one.oid.hex(), "blob")
    assert (found.start_byte, found.end_byte) == (10, 22)
    assert (found.start_line, found.start_column, found.end_line, found.end_column) == (2, 3, 2, 14)
    assert (found.commit, found.removed) == (FIRST.hex(), LAST.hex())
    assert (found.author, found.email) == (b"Ada \xff", b"ada@acme.example")
    assert (found.commit_time, found.commit_offset) == (1_700_000_001, -90)
    assert (found.status, found.reach) == ("removed", "branch")
    assert found.confidence == pytest.approx(0.9)


def test_findings_come_worst_first_in_the_same_order_every_time(writer: IndexWriter) -> None:
    """By severity, then rule, secret, path and place."""
    found = [
        sighting(b"1" * 9, b"a" * 20, rule="a.low"),
        sighting(b"2" * 9, b"b" * 20, rule="generic.c"),
        sighting(b"3" * 9, b"c" * 20),
        sighting(b"3" * 9, b"c" * 20, at=90),
    ]
    places = [occurrence(one) for one in found[:3]]
    writer.add(found)
    writer.place(places, [commit(FIRST)], ())
    reader = IndexReader(writer._db)
    rules = [one.rule for one in reader.findings()]
    assert rules == ["generic.c", "b.high", "b.high", "a.low"]
    assert [one.start_byte for one in reader.findings(rules=["b.high"])] == [10, 90]


def test_the_same_value_twice_is_one_secret_under_the_more_specific_rule(
    writer: IndexWriter,
) -> None:
    """Whichever of them is stored first."""
    value = b"the same value"
    generic = sighting(value, b"a" * 20, rule="generic.c", confidence=0.95)
    specific = sighting(value, b"b" * 20, confidence=0.5)
    for batch in ([generic, specific], [specific, generic]):
        with closing(in_memory(KEY)) as connection:
            one = IndexWriter(connection, KEY, b"/r", b"/r", "sha1")
            one.begin("scanner", "1", RULES)
            for each in batch:
                one.add([each])
            one.place([occurrence(each) for each in batch], [commit(FIRST)], ())
            assert one.secrets_by_severity() == {"high": 1}


def test_placing_replaces_what_was_placed(writer: IndexWriter) -> None:
    """And leaves no path, person, commit or event behind that nothing names."""
    one = sighting(b"secret value")
    put(
        writer,
        (one, occurrence(one, b"old.env", events=(Event(LAST, "introduced", 1, "introduced"),))),
    )
    reader = put(writer, (one, occurrence(one, b"new.env")))
    assert [found.path for found in reader.findings()] == [b"new.env"]
    db = writer._db
    assert db.execute("SELECT shown FROM path").fetchall() == [(b"new.env",)]
    assert db.execute("SELECT count(*) FROM occurrence_event").fetchone() == (1,)
    assert db.execute("SELECT count(*) FROM ref").fetchone() == (1,)


def test_a_repository_leaves_the_others_alone(writer: IndexWriter) -> None:
    """In one index, each has its own findings, refs, and skipped objects."""
    one = sighting(b"secret value")
    put(writer, (one, occurrence(one)))
    other = IndexWriter(writer._db, KEY, b"/s", b"/s", "sha1")
    other.begin("scanner", "1", RULES)
    put(other, (one, occurrence(one)))
    other.add(skips=[Skip(b"x" * 20, "it is damaged")])
    reader = put(other)
    assert [found.repository for found in reader.findings()] == [b"/r"]
    assert [*reader.findings(other.repository)] == []
    assert (writer.skipped(), other.skipped()) == ({}, {"it is damaged": 1})
    assert not reader.complete(KEY)


def test_the_timeline_follows_ancestry(writer: IndexWriter) -> None:
    """Not clocks, and not the order in which rows were stored."""
    one = sighting(b"secret value")
    events = (Event(LAST, "removed", 5, "removed"), Event(FIRST, "introduced", 2, "introduced"))
    reader = put(writer, (one, occurrence(one, events=events)))
    assert reader
    (life,) = Lives(writer._db).all(secrets=(one.fingerprint.hex(),))
    told = life.events
    assert [(each.kind, each.at.commit) for each in told] == [
        ("introduced", FIRST.hex()),
        ("removed", LAST.hex()),
    ]
    assert told[0].path == b"a.env"
    assert told[0].at.author == b"Ada \xff"


def test_a_prefix_names_one_secret(writer: IndexWriter) -> None:
    """Or it is an error that says which."""
    one = sighting(b"secret value")
    reader = put(writer, (one, occurrence(one)))
    name = one.fingerprint.hex()
    assert reader.resolve(name[:5]) == reader.resolve("#" + name.upper()) == name
    for wrong in ("", "#", "%", "_", "zz", "0x", f"{int(name[:4], 16) ^ 1:04x}"):
        with pytest.raises(UsageProblem):
            reader.resolve(wrong)
