"""Keys that environments lack: `missing` and `extra`."""

from __future__ import annotations

from tests.drift.told import AB, BROKEN, DEV, PROD, STAGING, A, Files, events, history, told


def test_a_key_that_production_lacks_is_missing_until_it_gets_it() -> None:
    """One event, from the commit that added it elsewhere."""
    survey = history({DEV: A, PROD: A}, {DEV: AB, PROD: A}, {DEV: AB, PROD: AB})
    (event,) = survey.events
    assert told(event) == ("missing", "B", 2, 3)
    assert (event.present, event.missing) == (("dev",), ("prod",))
    assert (event.closed_how, event.days, event.certain) == ("added", 1.0, True)


def test_a_key_of_production_alone_is_extra() -> None:
    """Where several others lack it."""
    assert events(
        {DEV: A, STAGING: A, PROD: A}, {DEV: A, STAGING: A, PROD: AB}, {DEV: A, STAGING: A, PROD: A}
    ) == [("extra", "B", 2, 3)]


def test_partial_steps_are_told_of_one_event() -> None:
    """It reaches staging first."""
    survey = history(
        {DEV: A, STAGING: A, PROD: A},
        {DEV: AB, STAGING: A, PROD: A},
        {DEV: AB, STAGING: AB, PROD: A},
        {DEV: AB, STAGING: AB, PROD: AB},
    )
    (event,) = survey.events
    assert told(event) == ("missing", "B", 2, 4)
    assert event.missing == ("staging", "prod")
    assert [text for _, text in event.steps] == ["staging got it"]


def test_a_file_deleted_and_made_again_goes_on() -> None:
    """One event, not two."""
    survey = history(
        {DEV: AB, PROD: A, STAGING: AB}, {DEV: AB, STAGING: AB}, {DEV: AB, PROD: A, STAGING: AB}
    )
    (event,) = survey.events
    assert told(event) == ("missing", "B", 1, None)
    assert "prod is back" in [text for _, text in event.steps]


def test_an_environment_removed_ends_what_it_lacked() -> None:
    """There is nothing left to reconcile."""
    (event,) = history({DEV: AB, PROD: A, STAGING: AB}, {DEV: AB, STAGING: AB}).events
    assert (told(event), event.closed_how) == (("missing", "B", 1, 2), "environment removed")


def test_renamed_files_keys_and_folders_go_on() -> None:
    """Drift is neither ended nor begun by a name."""
    old, new = "a/", "b/"
    first = {old + ".env.dev": AB, old + ".env.prod": A}
    second = {new + ".env.dev": AB, new + ".env.prod": A}
    (event,) = history(first, second).events
    assert told(event) == ("missing", "B", 1, None)
    assert event.set == "b"
    keys = {DEV: {"A": "1", "C": "2"}, PROD: A}
    ended, event = sorted(history({DEV: AB, PROD: A}, keys).events, key=lambda each: each.key)
    assert (told(ended), ended.closed_how) == (("missing", "B", 1, 2), "renamed")
    assert told(event) == ("missing", "C", 1, None)


def test_severity_is_by_who_lacks_it() -> None:
    """Production's is the worst; elsewhere a secret's; tests hardly matter."""

    def severity(files: Files) -> dict[str, str]:
        return {each.key: each.severity for each in history(files).events if each.kind != "shared"}

    secret = A | {"API_TOKEN": "x", "B": "2"}
    assert severity({DEV: secret, STAGING: secret, PROD: A})["B"] == "high"
    assert severity({DEV: secret, STAGING: A, PROD: secret}) == {"API_TOKEN": "high", "B": "medium"}
    assert severity({DEV: A, STAGING: secret, PROD: secret}) == {"API_TOKEN": "low", "B": "low"}
    assert severity({DEV: A, STAGING: A, PROD: secret}) == {"API_TOKEN": "low", "B": "low"}


def test_what_tests_alone_have_or_lack_is_meant() -> None:
    """As long as those that are no tests agree."""
    ci = ".env.ci"
    for files in ({ci: AB, DEV: A, PROD: A}, {ci: A, DEV: AB, PROD: AB}):
        assert [each.severity for each in history(files).events] == ["info"]
    for files in ({ci: AB, DEV: AB, PROD: A}, {ci: A, DEV: AB, PROD: A}):
        assert [each.severity for each in history(files).events] == ["high"]


def test_most_of_those_above_that_have_it_make_it_missing_below() -> None:
    """Rather than extra in all of them."""
    assert events({DEV: A, STAGING: AB, PROD: AB}) == [("missing", "B", 1, None)]


def test_doubt_about_others_leaves_an_end_certain() -> None:
    """Only what does not parse of those that it is about counts."""
    first: Files = {DEV: AB, PROD: A, "x/.env.dev": A, "x/.env.prod": A}
    (event,) = history(first, {**first, "x/.env.dev": BROKEN, PROD: AB}).events
    assert event.certain


def test_doubt_about_others_leaves_a_beginning_certain() -> None:
    """Values that part are about those that have them."""
    first: Files = {DEV: A, PROD: A, STAGING: {"B": "1"}}
    found = history(first, {DEV: {"A": "2"}, PROD: A, STAGING: BROKEN}).events
    assert [each.certain for each in found if each.kind == "stale"] == [True]


def test_an_environment_that_never_parsed_joins_no_difference() -> None:
    """Until it does."""
    first: Files = {DEV: AB, PROD: A}
    unread: Files = {**first, STAGING: BROKEN}
    for commits, missing in (
        ((first, unread), ("prod",)),
        ((first, unread, {**first, STAGING: A}), ("staging", "prod")),
    ):
        (event,) = history(*commits).events
        assert event.missing == missing


def test_what_was_meant_is_drift_once_others_part_too() -> None:
    """As old as it is."""
    ci = ".env.ci"
    (event,) = history({ci: AB, DEV: A, PROD: A}, {ci: AB, DEV: AB, PROD: A}).events
    assert (told(event), event.expected) == (("missing", "B", 1, None), "")
    assert event.severity != "info"
    (event,) = history({ci: AB, DEV: A, PROD: A}, {ci: AB, DEV: A, PROD: A, STAGING: A}).events
    assert event.severity == "info"
