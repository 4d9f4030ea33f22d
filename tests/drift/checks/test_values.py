"""Values that were the same and are no longer: `value` and `stale`."""

from __future__ import annotations

from tests.drift.told import BROKEN, DEV, PROD, STAGING, A, Files, events, history, told


def test_production_that_does_not_follow_is_stale() -> None:
    """Until it follows."""
    new = {"A": "2"}
    assert events(
        {DEV: A, STAGING: A, PROD: A},
        {DEV: new, STAGING: A, PROD: A},
        {DEV: new, STAGING: new, PROD: A},
        {DEV: new, STAGING: new, PROD: new},
    ) == [("stale", "A", 2, 4)]


def test_a_change_in_production_alone_is_a_different_value() -> None:
    """Where all were the same before."""
    (event,) = history({DEV: A, PROD: A}, {DEV: A, PROD: {"A": "2"}}, {DEV: A, PROD: A}).events
    assert (told(event), event.closed_how) == (("value", "A", 2, 3), "reverted")


def test_values_that_never_were_the_same_are_no_drift() -> None:
    """Nor those whose key says that they differ."""
    assert events({DEV: A, PROD: {"A": "2"}}, {DEV: {"A": "3"}, PROD: {"A": "2"}}) == []
    hosts = {"DB_HOST": "1"}
    assert events({DEV: hosts, PROD: hosts}, {DEV: hosts, PROD: {"DB_HOST": "2"}}) == []


def test_who_did_not_follow_is_told() -> None:
    """Whether that is production or what comes nearest to it."""
    new = {"A": "2"}
    (event,) = history({DEV: A, STAGING: A}, {DEV: new, STAGING: A}).events
    assert (event.kind, event.missing) == ("stale", ("staging",))


def test_what_is_remembered_of_a_key_goes_on_under_its_new_name() -> None:
    """That all environments once got the same new value: so a host is expected to be the same."""
    files = [{DEV: {key: value}, PROD: {key: value}} for key, value in
             (("DB_HOST", "1"), ("DB_HOST", "2"), ("SQL_HOST", "2"))]  # fmt: skip
    parted = {DEV: {"SQL_HOST": "3"}, PROD: {"SQL_HOST": "2"}}
    assert [told(each) for each in history(*files, parted).events] == [
        ("stale", "SQL_HOST", 4, None)
    ]


def test_an_event_of_values_ends_with_the_key() -> None:
    """In all environments but one."""
    both: Files = {DEV: {"A": "2", "B": "1"}, PROD: {"A": "1", "B": "1"}}
    first: Files = {DEV: {"A": "1", "B": "1"}, PROD: {"A": "1", "B": "1"}}
    found = history(first, both, {DEV: {"A": "2", "B": "1"}, PROD: {"B": "1"}}).events
    event = next(each for each in found if each.kind == "stale")
    assert (told(event), event.closed_how) == (("stale", "A", 2, 3), "removed")


def test_environments_that_each_go_their_own_way_are_expected_to() -> None:
    """From when every one of them has had a value of its own."""
    files = [{DEV: {"A": dev}, PROD: {"A": prod}} for dev, prod in
             (("1", "1"), ("2", "1"), ("2", "3"))]  # fmt: skip
    (event,) = history(*files).events
    assert (event.severity, bool(event.expected)) == ("info", True)
    (event,) = history(*files[:2]).events
    assert (event.severity, event.expected) == ("medium", "")


def test_who_follows_the_others_has_not_gone_its_own_way() -> None:
    """Nor has who went first, until it has a value that no other had."""
    rows = [("1", "1", "1"), ("2", "1", "1"), ("2", "2", "1"), ("2", "2", "3")]
    files = [dict(zip((DEV, STAGING, PROD), ({"A": each} for each in row), strict=True))
             for row in rows]  # fmt: skip
    (event,) = history(*files[:3]).events
    assert (event.kind, event.missing, event.expected) == ("stale", ("prod",), "")
    assert [text for _, text in event.steps] == ["dev changed", "staging changed"]
    (event,) = history(*files).events
    assert (event.kind, event.expected) == ("stale", "")


def test_doubt_about_another_environment_leaves_an_end_certain() -> None:
    """Only those that it is about count."""
    first: Files = {DEV: A, PROD: A, STAGING: {"B": "1"}}
    parted: Files = {**first, DEV: {"A": "2"}}
    for last, certain in (
        ({**first, STAGING: BROKEN}, True),
        ({**first, PROD: BROKEN}, False),
    ):
        found = history(first, parted, last).events
        assert [each.certain for each in found if each.kind == "stale"] == [certain]
