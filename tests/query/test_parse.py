"""What a query means, and what is said of one that means nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forensics.index.records import AWAY
from forensics.index.triage import STATES as TRIAGE_STATES
from forensics.query.fields import FIELDS, STATES, STATUSES
from forensics.query.lexer import LONGEST, quoted
from forensics.query.parse import parse
from forensics.query.problem import QueryProblem
from forensics.query.tree import Digits, Numbers, OneOf, Pattern, Position, Value, When
from tests.cli.command import ROOT

DAY = 86_400


def only(text: str) -> Value:
    (term,) = parse(text).terms
    (value,) = term.values
    return value


def choices(text: str) -> set[str]:
    value = only(text)
    assert isinstance(value, OneOf)
    return {*value.choices}


def test_terms_know_where_they_stand() -> None:
    """So that each can be marked, changed and taken away."""
    text = '  state:new -path:**/test/**,docs  "two words"'
    terms = parse(text).terms
    assert [(one.field, one.negated, len(one.values)) for one in terms] == [
        ("state", False, 1), ("path", True, 2), ("", False, 1),
    ]  # fmt: skip
    assert [text[one.start : one.end] for one in terms] == [
        "state:new", "-path:**/test/**,docs", '"two words"',
    ]  # fmt: skip


def test_an_empty_query_asks_for_everything() -> None:
    """Blanks too."""
    assert parse("").terms == parse(" \t\n").terms == ()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("sev:>=high", {"high", "critical"}),
        ("severity:HIGH", {"high"}),
        ("sev:<medium", {"low"}),
        ("sev:>critical", set()),
        ("state:new", {"open"}),
        ("state:fp", {"false-positive"}),
        ("live:yes", {"yes"}),
        ("status:present", {"present"}),
    ],
)
def test_choices(text: str, meant: set[str]) -> None:
    """Words in any case, other words for them, and comparisons where they have an order."""
    assert choices(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("sightings:3", Numbers(3, 3)),
        ("sightings:>3", Numbers(4, None)),
        ("sightings:<=3", Numbers(None, 3)),
        ("paths:2..5", Numbers(2, 5)),
        ("paths:2..", Numbers(2, None)),
        ("fp:#9F3c", Digits("9f3c")),
        ("fp:9f3c21…", Digits("9f3c21")),
        ("new:#137", Position(137)),
        ("since:<7d", When(7 * DAY, None, low_ago=True)),
        ("first:1970", When(0, 365 * DAY)),
        ("first:1972-02", When(761 * DAY, 790 * DAY)),
        ("first:1970-12", When(334 * DAY, 365 * DAY)),
        ("last:1970-01-02", When(DAY, 2 * DAY)),
        ("last:>1970", When(365 * DAY, None)),
        ("last:>=1970-01-02", When(DAY, None)),
        ("last:<1970-01-02", When(None, DAY)),
        ("last:<=1970-01-02", When(None, 2 * DAY)),
        ("seen:1970..1971", When(0, 730 * DAY)),
        ("seen:..1970", When(None, 365 * DAY)),
        ("seen:<30d", When(30 * DAY, None, low_ago=True)),
        ("seen:>2w", When(None, 14 * DAY, high_ago=True)),
        ("seen:30d..7d", When(30 * DAY, 7 * DAY, low_ago=True, high_ago=True)),
        ("path:=a*", Pattern("a*", "a*", exact=True)),
        (r"path:a\*b", Pattern("a*b", r"a\*b", exact=False)),
        (r'path:"a \"b\" *"', Pattern('a "b" *', 'a "b" *', exact=False)),
        ('path:a" "b', Pattern("a b", "a b", exact=False)),
        ('rule:"=x"', Pattern("=x", "=x", exact=False)),
        ("-", Pattern("-", "-", exact=False)),
        ("path:a:b", Pattern("a:b", "a:b", exact=False)),
    ],
)
def test_values(text: str, meant: Value) -> None:
    """Numbers, times, fingerprints, places in the journal and patterns."""
    assert only(text) == meant


def test_relative_times_are_told_by_the_clock_of_whoever_asks() -> None:
    """A query that is kept means another time tomorrow."""
    value = only("seen:<30d")
    assert isinstance(value, When)
    assert value.between(40 * DAY) == (10 * DAY, None)
    assert value.between(41 * DAY) == (11 * DAY, None)


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("patj:x", 0, "path is"),
        ("a -sevrity:high", 3, "severity is"),
        ("sev:hihg", 4, "high is"),
        ("sev:>", 5, "critical"),
        ("state:>open", 6, "one of open"),
        ("path:", 5, "missing after path:"),
        ("path:a,", 7, "after the comma"),
        (",a", 0, "before the comma"),
        ("path:a,,b", 7, "after the comma"),
        ('x "abc', 2, 'a closing "'),
        ('path:""', 7, "missing"),
        ('""', 0, "empty"),
        ("a\\", 1, "backslash"),
        ("fp:xyz", 3, "hexadecimal"),
        ("seen:yesterday", 5, "<30d"),
        ("seen:2019-13", 5, "a date"),
        ("seen:2019-02-30", 5, "a date"),
        ("seen:0000", 5, "a date"),
        ("seen:30d", 5, "a date"),
        ("seen:..", 5, "a date"),
        ("first:>2019..2020", 6, "a date"),
        ("sightings:many", 10, "a number"),
        ("sightings:²", 10, "a number"),
        ("sightings:9999999999999999", 10, "a number"),
        ("path:>x", 5, "a path"),
        ("http://x", 0, "quotation marks"),
        ("new:#x", 4, "a row of the journal"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, position: int, says: str) -> None:
    """And what could stand there."""
    with pytest.raises(QueryProblem) as problem:
        parse(text)
    assert problem.value.position == position
    assert says in str(problem.value)


@pytest.mark.parametrize(
    "text",
    ["x" * (LONGEST + 1), "a " * 101, "path:" + ",".join("a" * 501), "\0" * 100_000, '"' * 100_000],
    ids=len,
)
def test_a_query_is_bounded(text: str) -> None:
    """Whatever it is made of."""
    with pytest.raises(QueryProblem):
        parse(text)


@settings(deadline=None)
@given(st.text(max_size=60))
@example("-" * 50)
@example('\\"')
@example("a\u2028b:")
def test_any_text_is_read_or_refused(text: str) -> None:
    """Terms cover all but blanks, in order; a problem points into the text."""
    problem = None
    try:
        terms = parse(text).terms
    except QueryProblem as raised:
        problem = raised
    if problem is not None:
        assert 0 <= problem.position <= len(text)
        assert problem.expected
        return
    at = 0
    for one in terms:
        assert not text[at : one.start].strip()
        assert at <= one.start < one.end
        at = one.end
    assert not text[at:].strip()


@settings(deadline=None)
@given(st.text(min_size=1, max_size=30))
@example("*")
@example("=x")
@example("-a:b,c")
def test_any_text_can_be_written(text: str) -> None:
    """As a text and as a value, and means itself and nothing else."""
    for query in (quoted(text), f"path:{quoted(text)}", f"path:={quoted(text)}"):
        value = only(query)
        assert isinstance(value, Pattern)
        assert value.text == text


def test_states_are_those_of_triage() -> None:
    """Which the language may not import."""
    assert STATES == TRIAGE_STATES
    assert {*STATUSES} >= AWAY


def test_no_name_is_used_twice() -> None:
    """Else one of the fields could never be asked for."""
    names = [name for one in FIELDS for name in (one.name, *one.aliases)]
    assert len(names) == len({*names})


def test_reading_a_query_loads_little() -> None:
    """The terminal interface starts with it."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys, forensics.query.parse, forensics.query.edit;"
         " print(*sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = {*done.stdout.split()}
    assert "forensics.query.parse" in loaded
    assert not loaded & {
        "sqlite3",
        "pathlib",
        "dataclasses",
        "inspect",
        "difflib",
        "click",
        "numpy",
    }
