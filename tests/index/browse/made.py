"""Small indexes made up of rows, through the one writer."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from forensics.index.database import Connection, in_memory
from forensics.index.records import Commit, Event, Occurrence, Person, Sighting
from forensics.index.triage import Decision, Triage
from forensics.index.writer import IndexWriter
from tests.scan.scanning import KEY

PATHS = (
    b"a", b"deploy/prod.env", b"deploy/test/x", b"Test/y", b"tests/[id].js", b"100%/a_b",
    b"nul\0/x", b"\xff\xfe/q", "ü/x y".encode(), b'"quoted",/z', b"src/" + b"d/" * 40 + b"e",
)  # fmt: skip
PEOPLE = (
    Person(b"Alice B", b"alice@example.org"), Person(b"Bob", b"bob@example.org"),
    Person(b"\xff%_", b"*"),
)  # fmt: skip
STATES = ("confirmed", "false-positive", "accepted", "revoked", "test", "open")
DAY = 86_400
NOW = 1_000 * DAY


class Rule(NamedTuple):
    """What the index keeps of a rule."""

    id: str
    title: str
    severity: str
    why: str = "Why."
    remedy: str = "What."
    generic: bool = False


RULES = (
    Rule("aws.access-key", "AWS access key", "critical"), Rule("github.pat", "A % token", "high"),
    Rule("generic.secret", "Some secret", "low"),
)  # fmt: skip


class MadeSighting(NamedTuple):
    secret: int
    blob: int
    rule: int
    checksum: bool | None
    ignored: str | None


class MadeEvent(NamedTuple):
    commit: int
    kind: str


class MadePlace(NamedTuple):
    of: int
    """Number of the sighting that shows it."""
    path: int | None
    reach: str
    at_tip: bool
    events: tuple[MadeEvent, ...]
    listed: str | None
    """What a list says of it."""
    slot: str | None


class MadeRepository(NamedTuple):
    sightings: tuple[MadeSighting, ...]
    places: tuple[MadePlace, ...]
    gone: tuple[int, ...]
    """Blobs that have vanished."""
    finished: bool
    """Whether the scan came to its end."""


class Made(NamedTuple):
    repositories: tuple[MadeRepository, ...]
    triaged: tuple[tuple[int, str], ...]


SIGHTINGS = st.builds(
    MadeSighting, st.integers(0, 5), st.integers(0, 5), st.integers(0, 2),
    st.sampled_from([None, True, False]), st.sampled_from([None, None, "inline", "?path"]),
)  # fmt: skip
EVENTS = st.builds(
    MadeEvent, st.integers(0, 7), st.sampled_from(["introduced", "removed", "changed"])
)
PLACES = st.builds(
    MadePlace, st.integers(0, 20), st.sampled_from([None, *range(len(PATHS))]),
    st.sampled_from(["branch", "tag", "stash", "reflog", "none", "gone"]), st.booleans(),
    st.lists(EVENTS, max_size=3, unique=True).map(tuple),
    st.sampled_from([None, None, None, "list", ""]), st.sampled_from([None, "AWS_KEY"]),
)  # fmt: skip
REPOSITORIES = st.builds(
    MadeRepository, st.lists(SIGHTINGS, max_size=8).map(tuple),
    st.lists(PLACES, max_size=8).map(tuple), st.lists(st.integers(0, 5), max_size=2).map(tuple),
    st.sampled_from([True, True, True, False]),
)  # fmt: skip
INDEXES = st.builds(
    Made, st.lists(REPOSITORIES, min_size=1, max_size=3).map(tuple),
    st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from(STATES)), max_size=3,
        unique_by=lambda one: one[0],
    ).map(tuple),
)  # fmt: skip


def fingerprint(secret: int) -> bytes:
    """Some start alike."""
    return bytes([0xAB, 0xC0 + secret // 2, secret]) + bytes(29)


OWNERS = ("", "Ada", "Bo <bo@x.org>")


def decision(secret: int, state: str) -> Decision:
    """Of some an owner, of some a due date, some of which have passed."""
    due = None if secret % 4 == 3 else NOW + (secret - 1) * DAY
    return Decision(state, OWNERS[secret % 3], due=due)


def _commit(number: int) -> Commit:
    who = PEOPLE[number % len(PEOPLE)]
    return Commit(bytes([number + 1]) * 20, who, 0, 0, who, (100 + 120 * number) * DAY, 0)


def build(made: Made) -> Connection:
    """The index, in memory."""
    connection = in_memory(KEY)
    for number, one in enumerate(made.repositories):
        _scan(connection, number, one)
    placed = {
        row[0]
        for row in connection.execute(
            "SELECT fingerprint FROM secret JOIN occurrence ON secret_id = secret.id"
        )
    }
    decided = [one for one in made.triaged if fingerprint(one[0]) in placed]
    Triage(connection, KEY).decide_all(
        (fingerprint(secret).hex(), decision(secret, state)) for secret, state in decided
    )
    return connection


_HOW = {"changed": "renamed"}


def _scan(connection: Connection, number: int, made: MadeRepository) -> None:
    path = b"/srv/api-%d.git" % number
    writer = IndexWriter(connection, KEY, path, path, "sha1")
    writer.begin("scanner", "engine", RULES)
    sightings = [
        Sighting(
            bytes([one.blob]) * 20, "blob", RULES[one.rule].id, fingerprint(one.secret),
            f"p{one.secret}%…", 9, "hex", 0.5, one.checksum, 10 * at, 10 * at + 9, at + 1, 1,
            at + 1, 9, ignored=one.ignored,
        )
        for at, one in enumerate(made.sightings)
    ]  # fmt: skip
    writer.add(sightings)
    if not made.finished:
        return
    writer.mark_gone(
        {bytes([blob]) * 20 for blob in range(6)} - {bytes([b]) * 20 for b in made.gone}
    )
    occurrences: dict[tuple[bytes, int | None], tuple[Occurrence, str | None]] = {}
    for one in made.places:
        if not sightings:
            break
        shown = sightings[one.of % len(sightings)]
        events = tuple(
            Event(_commit(event.commit).oid, event.kind, at, _HOW.get(event.kind, event.kind))
            for at, event in enumerate(one.events)
        )
        where = None if one.path is None else (PATHS[one.path], b"")
        occurrences[shown.fingerprint, one.path] = (
            Occurrence(
                shown.fingerprint, where, shown.oid, "blob", one.reach, False, one.at_tip,
                one.at_tip, events, slot=one.slot,
            ),
            one.listed,
        )  # fmt: skip
    given = [*occurrences.values()]
    writer.place([one for one, _ in given], [(_commit(n), "branch") for n in range(8)])
    said = {
        (one.fingerprint, None if one.path is None else one.path[0]): listed
        for one, listed in given
    }
    secret = dict(connection.execute("SELECT id, fingerprint FROM secret").fetchall())
    writer.set_ignored(
        (one.occurrence, one.sighting, listed)
        for one in writer.placed_sightings()
        if (listed := said[secret[one.secret], one.path]) is not None
    )
    writer._db.execute("BEGIN")
    writer._end_run(0, 0, 0)
    writer._db.execute("COMMIT")
