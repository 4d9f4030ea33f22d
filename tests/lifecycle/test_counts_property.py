"""What is kept of each secret gives the same figures as its whole life."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import closing

from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.index.browse.browser import Browser
from forensics.index.database import Connection, in_memory, writing
from forensics.index.lives import Lives
from forensics.index.overview import counts_by_state, exposed_by_month
from forensics.index.tally import tally
from forensics.index.triage import STATES, Decision, Triage, decisions
from forensics.lifecycle.case import cases, slots
from forensics.lifecycle.rotating import Stages
from forensics.lifecycle.stages import (
    counts_by_stage,
    most_urgent_first,
    restated,
    rotation_rows,
    row_of,
)
from forensics.lifecycle.statements import stated
from forensics.query.parse import parse
from tests.scan.scanning import KEY

DAY = 86_400
NOW = 20_000.5 * DAY
REACHES = ("branch", "branch", "tag", "stash", "reflog", "none", "gone")
HOWS = {
    "introduced": ("introduced", "copied", "moved", "reintroduced", "rolled-back"),
    "removed": ("removed", "replaced", "externalised", "moved", "merged"),
    "changed": ("replaced", "externalised", "placeholder", "renamed"),
}
REFS = ("branch", "remote", "tag", "stash", "pull-request")
SECRETS, REPOSITORIES, COMMITS = 6, 2, 8


def insert(connection: Connection, table: str, *values: object) -> None:
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608


def build(made: random.Random, *, sealed: bool = False) -> Connection:
    """An index of rows that are made up, where no decision is open again if its seal is to hold."""
    connection = in_memory(KEY)
    with writing(connection):
        insert(connection, "rule", 1, "a.b", "A", "high", "Why.", "What.", 0)
        insert(connection, "person", 1, b"Ada", b"a@example.org")
        for secret in range(1, SECRETS + 1):
            insert(connection, "secret", secret, bytes([secret]) * 32, "*", 9, "hex", 1, 0.9)
        for repository in range(1, REPOSITORIES + 1):
            fill(connection, made, repository)
    said = [(bytes([secret]).hex() * 32, decided(made)) for secret in range(1, SECRETS + 1)]
    Triage(connection, KEY).decide_all(one for one in said if one[1] is not None)
    if not sealed:
        connection.execute("UPDATE triage SET reopened_by = made_by WHERE id % 5 = 0")
    return connection


def decided(made: random.Random) -> Decision | None:
    """What somebody said of a secret, if anything."""
    if made.random() < 0.3:
        return None
    state = made.choice((*STATES, "revoked"))
    return Decision(
        state, made.choice(("", "Ada")), evidence="e" if state == "revoked" else "",
        revoked_at=made.randrange(20_000) * DAY if state == "revoked" else None,
        expires=made.choice((None, None, int(NOW) - 5, int(NOW) + 10**9)),
    )  # fmt: skip


def fill(connection: Connection, made: random.Random, repository: int) -> None:
    """One repository: places of secrets, what happened there, refs."""
    insert(connection, "repository", repository, b"/r", bytes([repository]) * 32, "sha1")
    insert(connection, "run", repository, repository, 0.0, 1.0, "s", "e", 0, 0, 0)
    base = repository * 100
    for commit in range(COMMITS):
        when = made.randrange(20_100) * DAY
        insert(connection, "git_commit", base + commit, repository, bytes([commit]) * 20, 1, when,
               0, 1, when, 0, made.choice(REACHES))  # fmt: skip
    for secret in range(1, SECRETS + 1):
        if made.random() < 0.5:
            insert(connection, "swept", repository, secret)
    places = made.randrange(9)
    for number in range(places):
        place(connection, made, repository, base + number, number)
    for ref in range(made.randrange(4)):
        bits = made.randrange(1 << places + 3)
        insert(connection, "ref", base + ref, repository, b"r%d" % ref, b"", b"", made.choice(REFS),
               0, ref, bits.to_bytes((bits.bit_length() + 7) // 8, "little"))  # fmt: skip
    tally(connection, repository)


def place(
    connection: Connection, made: random.Random, repository: int, row: int, number: int
) -> None:
    """One place, with events in any order."""
    secret = made.randrange(1, SECRETS + 1)
    kind = made.choice(("blob", "blob", "blob", "commit", "file"))
    insert(connection, "object", row, repository, bytes([number]) * 20, kind, made.random() < 0.1)
    insert(connection, "path", row, b"p%d" % row, b"")
    insert(connection, "sighting", row, secret, row, 1, "*", 0, 9, 1, 1, 1, 9, 0.9,
           *[None] * 7, made.choice((None, None, "inline", "?path")), b"", 0,
           repository)  # fmt: skip
    at_tip = made.random() < 0.5
    insert(connection, "occurrence", row, repository, secret, row, row, made.choice(REACHES),
           at_tip, at_tip, made.random() < 0.3, number, b"", None)  # fmt: skip
    if made.random() < 0.3:
        insert(connection, "ignored", row, row, made.choice(("", "list")))
    for event, commit in enumerate(made.sample(range(COMMITS), made.randrange(4))):
        kind = made.choice((*HOWS, "introduced"))
        insert(connection, "occurrence_event", row * 10 + event, row, repository * 100 + commit,
               kind, made.choice(HOWS[kind]), None, "", made.choice(("", "", "", "perhaps")),
               commit, b"", None, made.random() < 0.7)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32).map(random.Random))
def test_stages_and_statuses_are_counted_as_cases_tell_them(made: random.Random) -> None:
    """Whatever the index holds, and whatever was said about it."""
    with closing(build(made)) as connection:
        said = {one.secret: one for one in decisions(connection)}
        stages, statuses = Counter[str](), Counter[str]()
        for one in cases(Lives(connection), stated(said.values(), NOW), now=NOW):
            stages[row_of(one, said.get(one.life.secret), NOW).stage] += 1
            statuses[one.status.name] += 1
        assert counts_by_stage(connection, NOW) == (stages, statuses)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32).map(random.Random))
def test_rows_are_those_of_cases(made: random.Random) -> None:
    """In every figure and in their order; their slots too, wherever they are asked for."""
    with closing(build(made)) as connection:
        said = {one.secret: one for one in decisions(connection)}
        found = [*cases(Lives(connection), stated(said.values(), NOW), now=NOW)]
        rows = [row_of(one, said.get(one.life.secret), NOW) for one in found]
        assert rotation_rows(connection, NOW) == sorted(rows, key=most_urgent_first(NOW))
        assert Stages()(connection, NOW) == {one.id: one.stage for one in rows}
        some = [one.life.secret for one in found if made.random() < 0.5]
        assert slots(Lives(connection), some) == {
            one.life.secret: one.slot for one in found if one.life.secret in some
        }


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32).map(random.Random))
def test_stages_are_kept_until_something_changes_them(made: random.Random) -> None:
    """Decisions, their end, and what expires."""
    with closing(build(made, sealed=True)) as connection:
        stages = Stages()
        for now in (NOW, NOW + 2 * 10**9):
            assert stages(connection, now) == told_by_cases(connection, now)
        for _ in range(3):
            secret = bytes([made.randrange(1, SECRETS + 1)]).hex() * 32
            Triage(connection, KEY).decide_all([(secret, Decision("open", made.choice("ab")))])
            assert stages(connection, NOW) == told_by_cases(connection, NOW)
        Triage(connection, KEY).undo([secret])
        assert stages(connection, NOW) == told_by_cases(connection, NOW)


def told_by_cases(connection: Connection, now: float) -> dict[int, str]:
    """The stage of each secret, out of its whole life."""
    said = {one.secret: one for one in decisions(connection)}
    found = cases(Lives(connection), stated(said.values(), now), now=now)
    return {one.life.id: row_of(one, said.get(one.life.secret), now).stage for one in found}


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32).map(random.Random))
def test_a_row_says_after_a_decision_what_is_read_anew(made: random.Random) -> None:
    """But for its days: these wait until everything is read."""
    with closing(build(made, sealed=True)) as connection:
        before = rotation_rows(connection, NOW)
        said = [(one.secret, decided(made)) for one in before]
        Triage(connection, KEY).decide_all(one for one in said if one[1] is not None)
        now = {one.secret: one for one in decisions(connection)}
        after = {one.secret: one for one in rotation_rows(connection, NOW)}
        for row in before:
            same = after[row.secret]._replace(exposed_days=row.exposed_days)
            assert restated(row, now.get(row.secret), NOW) == same


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32).map(random.Random))
def test_states_are_counted_as_queries_find_them(made: random.Random) -> None:
    """Each figure leads to a list of as many secrets."""
    with closing(build(made)) as connection:
        browser = Browser(connection)
        for (state, severity), count in counts_by_state(connection).items():
            assert browser.total(parse(f"state:{state} sev:{severity}")) == count


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32).map(random.Random))
def test_exposure_is_that_of_every_life(made: random.Random) -> None:
    """From the first commit that brought a finding to the last that took it away."""
    with closing(build(made)) as connection:
        spans = []
        for life in Lives(connection).all():
            came = [one.at.commit_time for one in life.events if one.kind == "introduced"]
            went = [one.at.commit_time for one in life.events if one.kind == "removed"]
            if came and life.places:
                stays = any(one.at_tip for one in life.places) or not went
                first = min(month(min(came)), month(NOW))  # a clock was ahead
                spans.append((first, NOW if stays else max(month(max(went)), first)))
        for at, count in exposed_by_month(connection, NOW):
            assert count == sum(came <= at < went for came, went in spans), at


def month(seconds: float) -> int:
    return 1970 * 12 + int(int(seconds) // DAY * 12 / 365.2425)
