"""How environments stood after each step is what following the line up to it tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.drift.acceptance import Acceptance, accept_events
from forensics.drift.cell_past import changed_since, changes
from forensics.drift.environments import Placer
from forensics.drift.kept import Kept
from forensics.drift.matrix import matrix_of
from forensics.drift.model import Line, Matrix, Reading
from forensics.drift.past import Past, past_of
from forensics.drift.survey import surveyed
from tests.drift.told import BROKEN, Files, line_of

Read = Callable[[bytes, bytes], Reading]

KEYS = st.sampled_from(["DB_HOST", "LOG_LEVEL", "RETRIES", "URLS[0]", "URLS[1]"])
VALUES = st.sampled_from(["one", "two", "three", "", "<set me>", "localhost", "true"])
FILES = st.one_of(st.dictionaries(KEYS, VALUES, max_size=4), st.just(BROKEN))
PATHS = st.sampled_from(
    [f"{folder}/{name}" for folder in ("web", "api", "app")
     for name in (".env", ".env.dev", ".env.staging", ".env.prod")]
)  # fmt: skip
HISTORIES = st.lists(st.dictionaries(PATHS, FILES, max_size=7), min_size=1, max_size=7)


def until(line: Line, number: int) -> Line:
    """The line as far as a step."""
    step = line.steps[number]
    return line._replace(tip=step.commit, tip_time=step.time, steps=line.steps[: number + 1])


def followed(line: Line, read: Read, number: int) -> Matrix:
    """The matrix after a step, from the first commit on."""
    survey = surveyed(until(line, number), read, Placer.load(None))
    return matrix_of(survey, survey.events)


def made(*commits: Files) -> tuple[Past, Read]:
    """Followed."""
    line, read = line_of(*commits)
    return past_of(line, read, Placer.load(None)), read


@settings(max_examples=150, deadline=None)
@given(HISTORIES, st.randoms(use_true_random=False))
def test_each_step_is_what_following_tells(commits, random) -> None:
    """In whatever order steps are looked at, and whatever came, went, moved or broke."""
    line, read = line_of(*commits)
    past = past_of(line, read, Placer.load(None))
    numbers = [*range(len(line.steps))] * 2
    random.shuffle(numbers)
    for number in numbers:
        expected = followed(line, read, number)
        assert past.matrix(number, read) == expected
        for name in past.sets(number):
            rows = tuple(row for row in expected.rows if row.set == name)
            assert past.matrix(number, read, [name]).rows == rows
        events = surveyed(until(line, number), read, Placer.load(None)).events
        open_now = [one for one in events if one.closed is None and not one.expected]
        assert past.open_counts()[number] == len(open_now)
        judged = past.judged(number, read, past.sets(number))
        assert sum(not one.expected for one in judged) == len(open_now)
    assert past.events == surveyed(line, read, Placer.load(None)).events


@settings(max_examples=60, deadline=None)
@given(HISTORIES)
def test_what_is_accepted_is_judged_at_each_step(commits) -> None:
    """As it is judged at the end of a line that ends there."""
    line, read = line_of(*commits)
    past = past_of(line, read, Placer.load(None))
    day = date(2024, 1, 1)
    accepted = [Acceptance("web*", "*", "", "", "why", "me", day)]
    for number in range(len(line.steps)):
        survey = surveyed(until(line, number), read, Placer.load(None))
        events = accept_events(survey.events, accepted, day, matrix_of(survey, survey.events))
        found = past.matrix(number, read, accepted=accepted, today=day)
        assert found == matrix_of(survey, events)


@settings(max_examples=60, deadline=None)
@given(HISTORIES)
def test_changes_are_where_what_is_got_changes(commits) -> None:
    """Steps between two changes of a cell leave it as it is."""
    line, read = line_of(*commits)
    past = past_of(line, read, Placer.load(None))
    last = len(line.steps) - 1
    for row in past.matrix(last, read).rows:
        for name in row.cells:
            told = [*changes(past, row.set, row.key, name, last, read)]
            got = past.state(row.set, last, read).environments[name].get(row.key)
            for change in told:
                assert _same(change.after, got)
                got = change.before
            assert got is None


def _same(one, other) -> bool:
    return one is other if one is None or other is None else one.same(other)


WEB = {"web/.env.dev": {"A": "one", "B": "two"}, "web/.env.prod": {"A": "one", "B": "two"}}
API = {"api/.env.dev": {"A": "one"}, "api/.env.prod": {"A": "one"}}


def test_changes_go_on_under_the_name_a_set_had_before() -> None:
    """A folder that is renamed does not begin anew."""
    changed = WEB | {"web/.env.prod": {"A": "one", "B": "three"}}
    moved = {path.replace("web", "site"): held for path, held in changed.items()}
    past, read = made(WEB, changed, moved)
    assert [one.number for one in changes(past, "site", "B", "prod", 2, read)] == [1, 0]
    assert changed_since(past, 0, 2, "site", read) == {("B", "prod")}
    assert changed_since(past, 1, 2, "site", read) == set()


def test_the_next_change_is_one_of_the_sets_asked_for() -> None:
    """What only moves lines or other sets is passed over; at the ends there is none."""
    past, read = made(
        WEB,
        WEB | API,
        WEB | {"web/.env.dev": {"A": "other", "B": "two"}} | API,
        WEB | {"web/.env.dev": {"A": "other", "B": "two"}} | API | {"api/.env.dev": {"A": "new"}},
    )
    assert past.next_change(0, 1) == 1
    assert past.next_change(0, 1, ["web"]) == 2
    assert past.next_change(3, -1, ["web"]) == 2
    assert past.next_change(2, 1, ["web"]) is None
    assert past.next_change(0, -1) is None
    assert changed_since(past, 3, 1, "api", read) == {("A", "dev")}


def test_what_is_kept_has_a_bound() -> None:
    """What was not used for longest goes first; the newest stays, however heavy."""
    kept: Kept[str, int] = Kept(20)
    for name in "abc":
        kept.put(name, 1, 5)
    assert kept.get("a") == 1
    kept.put("d", 2, 5)
    assert [kept.get(name) for name in "abcd"] == [1, None, 1, 2]
    kept.put("e", 3, 1000)
    assert [kept.get(name) for name in "acde"] == [None, None, None, 3]
