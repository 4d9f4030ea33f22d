"""Facets change the text of a query, and nothing that they do not mean."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from forensics.query.complete import complete
from forensics.query.edit import add, exactly, remove, wants, without_texts
from forensics.query.lexer import LONGEST, quoted
from forensics.query.parse import parse
from forensics.query.problem import QueryProblem

VALUES = {
    "sev": ["high", ">=high", "low"],
    "path": ["a/**", '"two words"', r"x\,y", exactly("=q"), "**/test/**"],
    "": ["word", '"two words"', quoted("a:b")],
    "sightings": [">3", "1..2"],
}
FIELD = st.sampled_from([*VALUES])


@st.composite
def terms(draw: st.DrawFn) -> str:
    field = draw(FIELD)
    values = draw(st.lists(st.sampled_from(VALUES[field]), min_size=1, max_size=3))
    sign = draw(st.sampled_from(["", "-"]))
    return f"{sign}{field}{':' if field else ''}{','.join(values)}"


@st.composite
def queries(draw: st.DrawFn) -> str:
    gaps = st.sampled_from([" ", "  ", "\t"])
    text = ""
    for one in draw(st.lists(terms(), max_size=4)):
        text += (draw(gaps) if text else "") + one
    return text


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, str, bool]:
    field = draw(FIELD)
    return field, draw(st.sampled_from(VALUES[field])), draw(st.booleans())


@settings(deadline=None)
@given(queries(), changes())
def test_what_is_added_is_wanted(text: str, change: tuple[str, str, bool]) -> None:
    """Or not wanted, if negated; doing it twice changes nothing."""
    field, value, negated = change
    after = add(text, field, value, negated=negated)
    assert wants(after, field, value) is not negated
    assert add(after, field, value, negated=negated) == after


@settings(deadline=None)
@given(queries(), changes())
def test_taking_away_what_was_added_gives_the_query_back(
    text: str, change: tuple[str, str, bool]
) -> None:
    """To the letter."""
    field, value, negated = change
    assume(wants(text, field, value) is None)
    after = add(text, field, value, negated=negated)
    assert remove(after, field, value, negated=negated) == text


@settings(deadline=None)
@given(queries(), changes())
def test_other_terms_stay_as_they_were_written(text: str, change: tuple[str, str, bool]) -> None:
    """In their order and spelling."""
    field, value, negated = change

    def others(query: str) -> list[str]:
        found = parse(query).terms
        return [query[one.start : one.end] for one in found if one.field != field]

    assert others(add(text, field, value, negated=negated)) == others(text)
    assert others(remove(text, field, value, negated=negated)) == others(text)
    assert (
        wants(remove(remove(text, field, value), field, value, negated=True), field, value) is None
    )


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", "sev:high"),
        ("sev:low", "sev:low,high"),
        ("severity:low  path:a", "severity:low,high  path:a"),
        ("-sev:high,low x", "-sev:low x sev:high"),
        ("a -sev:high  b", "a  b sev:high"),
        ("sev:HIGH", "sev:HIGH"),
    ],
)
def test_adding(text: str, after: str) -> None:
    """Joined to a term of the field, under whatever name and in whatever spelling."""
    assert add(text, "sev", "high") == after


def test_a_query_that_cannot_be_read_is_not_changed() -> None:
    """What it means is not known."""
    with pytest.raises(QueryProblem):
        add("path:", "sev", "high")


@pytest.mark.parametrize(
    ("text", "first", "cursor"),
    [
        ("", "state:", 6),
        ("pa", "path:", 5),
        ("sev:high -au", "sev:high -author:", 17),
        ("env", "env:", 4),
        ("sev:", "sev:low", 7),
        ("sev:>=h", "sev:>=high", 10),
        ("sev:low,CR", "sev:low,critical", 16),
        ('repo:"b', 'repo:"b c"', 10),
        ("repo:b", 'repo:"b c"', 10),
        ("repo:x,web", "repo:x,web", 10),
        ("repo:d*", r"repo:d\*e", 9),
    ],
)
def test_completing(text: str, first: str, cursor: int) -> None:
    """Names of fields, choices, and values that the caller knows."""
    found = complete(
        text, len(text), lambda field: ["b c", "web", "d*e"] if field == "repo" else []
    )
    assert (found[0].text, found[0].cursor) == (first, cursor)


def test_completing_in_the_middle_keeps_what_follows() -> None:
    """The cursor ends behind what was put in."""
    found = complete("se path:a", 2, lambda _: [])
    assert [(one.text, one.cursor) for one in found] == [
        ("sev: path:a", 4),
        ("seen: path:a", 5),
    ]


@settings(deadline=None)
@given(st.text(max_size=40), st.integers(0, 40))
def test_completing_never_fails(text: str, cursor: int) -> None:
    """Whatever was typed so far."""
    for one in complete(text, min(cursor, len(text)), lambda _: ["a", 'b"c']):
        assert 0 <= one.cursor <= len(one.text)


def test_nothing_is_completed_in_what_is_too_long() -> None:
    """It could not be asked anyway."""
    assert complete("a" * (LONGEST + 1), LONGEST + 1, lambda _: []) == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("", ""),
        ("state:open sev:>=high", "state:open sev:>=high"),
        ("state:open value", "state:open"),
        ('-"two words"  path:a "more" sev:low', "path:a sev:low"),
        ("one,two", ""),
    ],
)
def test_texts_can_be_left_out(text: str, left: str) -> None:
    """Whatever has a field stays."""
    assert without_texts(text) == left
