"""Queries give what they say, whatever the index holds."""

from __future__ import annotations

from array import array
from contextlib import closing
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.index.browse import browser as browsing
from forensics.index.browse.browser import Browser
from forensics.index.browse.facets import FACETS
from forensics.index.browse.names import Known
from forensics.index.browse.order import ORDERS, Order
from forensics.index.database import Connection
from forensics.index.reader import IndexReader
from forensics.query.edit import add
from forensics.query.lexer import quoted
from forensics.query.parse import parse
from forensics.query.tree import Query
from tests.index.browse.by_hand import Told, secrets_of
from tests.index.browse.made import (
    INDEXES,
    NOW,
    PATHS,
    Made,
    MadeEvent,
    MadePlace,
    MadeRepository,
    MadeSighting,
    build,
    fingerprint,
)

VALUES = {
    "state": ["open", "new", "confirmed,fp", "accepted,open"],
    "sev": ["high", ">=high", "<high,critical", ">critical"],
    "rule": ["aws", "*.pat", "=generic.secret", "github*,aws"],
    "repo": ["api-0", "api-1,api-2", "*", "/srv/api-0.git", "="],
    "path": [
        "deploy", "**/test/**", "*.env", "/*", "deploy/*", "test", "tests/[id].js", "100%", "a_b",
        *(quoted(one.decode("utf-8", "backslashreplace")) for one in PATHS),
    ],
    "env": ["prod", "*", "t*"],
    "author": ["alice", "*@example.org", "%", "=\"Bob <bob@example.org>\"", r"\*"],
    "status": ["present", "removed,gone", "ignored", "false-positive,present", "test"],
    "live": ["yes", "no", "yes,no"],
    "seen": ["<300d", ">300d", "1970..1971", "600d..300d"],
    "first": ["1970", "<=1971", ">500d"],
    "last": ["1971..", "<200d", "..1970"],
    "owner": ["ada", "*", "*@x.org", "bo,ada", "=Ada"],
    "due": ["<2d", ">1d", "1972-09-28", "1d..3d", "..1972-09-28"],
    "stage": ["detected", "none", "verified,none", "replaced,assigned"],
    "overdue": ["yes", "no"],
    "new": ["visit", "#0", "#6", "#100", "<7d", ">7d", "1970"],
    "sightings": ["1", ">1", "0", "2..3"],
    "paths": ["0", ">=2", "1"],
    "checksum": ["right", "wrong,none", "none"],
    "fp": ["abc0", "abc1", "a", "abc002,ff"],
    "": ["aws", "AWS_KEY", "%", "deploy", "alice", "x*y", "api-1", "p3", '"A % token"', "zzz"],
}  # fmt: skip


@st.composite
def queries(draw: st.DrawFn) -> str:
    found = []
    for field in draw(st.lists(st.sampled_from([*VALUES]), max_size=3)):
        value = draw(st.sampled_from([one for one in VALUES[field] if one != "="]))
        sign = draw(st.sampled_from(["", "", "-"]))
        found.append(f"{sign}{field}{':' if field else ''}{value}")
    return " ".join(found)


STAGES_SEEN = ("detected", "assigned", "", "verified", "replaced")
STAGE_OF = {fingerprint(n).hex(): one for n, one in enumerate(STAGES_SEEN)}
"""Of all but the last secret."""
VISIT = 6


def environment_of(path: str) -> str:
    return "prod" if "prod" in path else "test" if "test" in path.lower() else ""


def stages_of(connection: Connection, _now: float) -> dict[int, str]:
    rows = connection.execute("SELECT id, lower(hex(fingerprint)) FROM secret")
    return {row: STAGE_OF.get(secret, "") for row, secret in rows}


def browser_of(connection: object) -> Browser:
    return Browser(
        connection,  # type: ignore[arg-type]
        Known(
            lambda path: environment_of(path.decode("utf-8", "backslashreplace")),
            stages_of,
            VISIT,
        ),
        clock=lambda: NOW,
    )


def told(query: Query) -> Told:
    return Told(query, NOW, environment_of, STAGE_OF, VISIT)


@settings(max_examples=120, deadline=None)
@given(INDEXES, queries())
def test_secrets_and_places_are_those_that_the_query_means(made: Made, text: str) -> None:
    """Told again by hand from what scans store."""
    with closing(build(made)) as connection:
        query = parse(text)
        secrets = secrets_of(connection)
        browser = browser_of(connection)
        by_hand = {one.id for one in secrets if told(query).fits(one)}
        assert {*browser.vector(query, Order())} == by_hand
        assert browser.total(query) == len(by_hand)
        listed = IndexReader(connection).findings(fitting=browser.places(query))
        assert {one.occurrence for one in listed} == {
            place.id for one in secrets for place in one.places if told(query).fits_at(one, place)
        }


@settings(max_examples=60, deadline=None)
@given(INDEXES, queries(), st.sampled_from(FACETS))
def test_a_facet_counts_what_adding_its_value_gives(made: Made, text: str, field: str) -> None:
    """With the field's own terms out of the way; and what is cut off is counted."""
    with closing(build(made)) as connection:
        query = parse(text)
        browser = browser_of(connection)
        whole = browser.facet(query, field)
        others = " ".join(text[one.start : one.end] for one in query.terms if one.field != field)
        for value in whole.values:
            assert value.secrets == browser.total(parse(add(others, field, value.value))), value
        assert whole.more == 0
        cut = browser.facet(query, field, most=1)
        assert (*cut.values, cut.more) == (*whole.values[:1], max(0, len(whole.values) - 1))


@settings(max_examples=60, deadline=None)
@given(
    INDEXES, queries(), st.builds(Order, st.sampled_from(ORDERS), st.booleans()),
    st.integers(1, 3), st.sampled_from([1, 2, 4, 1024]),
)  # fmt: skip
def test_the_first_are_the_start_of_the_vector(
    made: Made, text: str, order: Order, size: int, ahead: int
) -> None:
    """Under every order, with ties, however far ahead is looked first."""
    with closing(build(made)) as connection, patch.object(browsing, "_AHEAD", ahead):
        query, browser = parse(text), browser_of(connection)
        vector = browser.vector(query, order)
        assert isinstance(vector, array)
        assert browser.first(query, order, size) == tuple(vector[:size])


@settings(max_examples=40, deadline=None)
@given(INDEXES)
def test_rows_show_what_stands_in_the_index(made: Made) -> None:
    """And the order is that of what they show."""
    with closing(build(made)) as connection:
        browser = browser_of(connection)
        secrets = {one.id: one for one in secrets_of(connection)}
        rows = browser.rows(secrets)
        assert {*rows} == {*secrets}
        for row, one in rows.items():
            secret = secrets[row]
            assert (one.fingerprint, one.state, one.severity, one.rule, one.preview) == (
                secret.fingerprint, secret.state, secret.severity, secret.rule, secret.preview,
            )  # fmt: skip
            assert (one.sightings, one.places) == (secret.sightings, len(secret.places))
            assert (one.first_seen, one.last_seen) == (secret.first, secret.last)
            assert one.repositories == len({place.repository for place in secret.places})
            assert one.ignored == (bool(secret.places) and all(p.ignored for p in secret.places))
            statuses = ("present", "removed", "stash", "reflog", "unreachable", "gone")
            seen = [statuses.index(place.status) for place in secret.places]
            assert one.status == (statuses[min(seen)] if seen else "")
        sorted_by = [*browser.vector(parse("sightings:>=0"), Order("sightings"))]
        shown = [rows[one].sightings for one in sorted_by]
        assert shown == sorted(shown, reverse=True)


def test_terms_about_places_hold_at_one_place() -> None:
    """Not one here and another there."""
    seen = (MadeSighting(0, 0, 0, None, None), MadeSighting(0, 1, 0, None, None))
    places = (
        MadePlace(0, 1, "branch", True, (MadeEvent(0, "introduced"),), None, None),
        MadePlace(1, 2, "branch", True, (MadeEvent(1, "introduced"),), None, None),
    )
    with closing(build(Made((MadeRepository(seen, places, (), True),), ()))) as connection:
        browser = browser_of(connection)
        for text, total in {
            "path:deploy/prod.env author:alice": 1,
            "path:deploy/prod.env author:bob": 0,
            "-path:**/test/**": 1,
            "-path:deploy": 0,
            "author:alice author:bob": 0,
            "author:alice,bob": 1,
        }.items():
            assert browser.total(parse(text)) == total, text


@pytest.mark.parametrize("field", [*VALUES])
def test_a_query_of_many_parts_is_answered(field: str) -> None:
    """As many as a query may have; SQLite takes no chain of a thousand."""
    seen = (MadeSighting(0, 0, 0, None, None),)
    place = MadePlace(0, 1, "branch", True, (MadeEvent(0, "introduced"),), None, "AWS_KEY")
    colon = ":" if field else ""
    values = VALUES[field][0].split(",")[0]
    with closing(build(Made((MadeRepository(seen, (place,), (), True),), ()))) as connection:
        browser = browser_of(connection)
        once = browser.total(parse(f"{field}{colon}{values}"))
        assert browser.total(parse(f"{field}{colon}" + ",".join([values] * 500))) == once
        assert browser.total(parse(" ".join([f"{field}{colon}{values}"] * 100))) == once
        for name in FACETS:
            browser.facet(parse(" ".join([f"-{field}{colon}{values},{values}"] * 100)), name)


@pytest.mark.parametrize(
    "text", ["path:" + "*a" * 4000, "x" * 9_999, "\0", "'; DROP TABLE secret; --"]
)
def test_hostile_texts_are_only_texts(text: str) -> None:
    """They match nothing and break nothing."""
    with closing(build(Made((), ()))) as connection:
        browser = browser_of(connection)
        query = parse(text if text.startswith("path:") else quoted(text))
        assert browser.total(query) == 0
        for field in FACETS:
            assert browser.facet(query, field).values == ()
