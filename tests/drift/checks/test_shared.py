"""One secret in several environments."""

from __future__ import annotations

from tests.drift.told import DEV, PROD, STAGING, A, Files, events, history, told


def test_one_secret_in_two_environments_is_shared() -> None:
    """Until one gets its own."""
    same, other = {"DB_PASSWORD": "correct horse"}, {"DB_PASSWORD": "battery staple"}
    found = events({DEV: same, PROD: same}, {DEV: other, PROD: same})
    assert ("shared", "DB_PASSWORD", 1, 2) in found
    assert ("rotation", "DB_PASSWORD", 2, None) in found


def test_a_secret_under_another_key_is_shared_as_well() -> None:
    """The first key stands for all, and the others are told; until one of them changes."""
    one: Files = {DEV: {"DB_PASSWORD": "correct horse"}, PROD: {"PG_PASSWORD": "correct horse"}}
    other: Files = {DEV: {"DB_PASSWORD": "correct horse"}, PROD: {"PG_PASSWORD": "battery staple"}}
    (event,) = [each for each in history(one, other).events if each.kind == "shared"]
    assert told(event) == ("shared", "DB_PASSWORD", 1, 2)
    assert event.present == ("dev", "prod")
    assert [text for _, text in event.steps] == ["PG_PASSWORD in prod"]


def test_what_sops_says_of_itself_is_no_key_of_an_environment() -> None:
    """Neither in the states nor as something that is missing."""
    secret = {"PASSWORD": "ENC:8:a"}
    survey = history({DEV: secret | {"sops.age[0].enc": "k", "sops.mac": "m"}, PROD: secret})
    assert {key for got in survey.states["env"].environments.values() for key in got} == {
        "PASSWORD"
    }
    assert {event.kind for event in survey.events} == {"shared"}


def test_another_environment_that_gets_it_is_told_of_the_same_event() -> None:
    """It ends when no two have it: as different, or removed where one at most has the key."""
    same, own = A | {"DB_PASSWORD": "correct horse"}, A | {"DB_PASSWORD": "battery staple"}
    other = A | {"DB_PASSWORD": "paper clip"}
    first: Files = {DEV: same, STAGING: same, PROD: own}
    three: Files = {DEV: same, STAGING: same, PROD: same}
    ends: tuple[tuple[Files, str], ...] = (
        ({DEV: same, STAGING: other, PROD: own}, "different"),
        ({DEV: A, STAGING: other, PROD: own}, "different"),
        ({DEV: A, STAGING: A, PROD: own}, "removed"),
    )
    for last, how in ends:
        (event,) = [each for each in history(first, three, last).events if each.kind == "shared"]
        assert (told(event), event.closed_how) == (("shared", "DB_PASSWORD", 1, 3), how)
        assert event.present == ("dev", "staging", "prod")
        assert [text for _, text in event.steps] == ["prod too"]


def test_it_is_severe_where_production_has_it() -> None:
    """Else less so."""
    same, own = {"DB_PASSWORD": "correct horse"}, {"DB_PASSWORD": "battery staple"}
    for files, severity in (
        ({DEV: same, STAGING: same, PROD: own}, "medium"),
        ({DEV: own, STAGING: same, PROD: same}, "high"),
    ):
        assert [each.severity for each in history(files).events] == [severity]
