"""New secrets that have not reached every environment."""

from __future__ import annotations

from tests.drift.told import DEV, PROD, STAGING, A, Files, events, history, told


def test_a_rotation_is_incomplete_until_every_environment_has_it() -> None:
    """And says who had not followed."""
    first = {DEV: {"TOKEN": "a"}, STAGING: {"TOKEN": "b"}, PROD: {"TOKEN": "c"}}
    second = {DEV: {"TOKEN": "d"}, STAGING: {"TOKEN": "e"}, PROD: {"TOKEN": "c"}}
    third = {DEV: {"TOKEN": "d"}, STAGING: {"TOKEN": "e"}, PROD: {"TOKEN": "f"}}
    (event,) = history(first, second, third).events
    assert told(event) == ("rotation", "TOKEN", 2, 3)
    assert event.missing == ("prod",)


def test_one_password_rotated_in_one_environment_after_another_gets_everywhere() -> None:
    """Who takes the new value of those before has followed, and who keeps the old one has not."""
    old, new = {"DB_PASSWORD": "correct horse"}, {"DB_PASSWORD": "battery staple"}
    states = [
        {DEV: old, STAGING: old, PROD: old},
        {DEV: new, STAGING: old, PROD: old},
        {DEV: new, STAGING: new, PROD: old},
        {DEV: new, STAGING: new, PROD: new},
    ]
    assert ("rotation", "DB_PASSWORD", 2, 4) in events(*states)
    assert ("rotation", "DB_PASSWORD", 2, None) in events(*states[:3])
    from_above = [
        states[0],
        {DEV: old, STAGING: old, PROD: new},
        {DEV: old, STAGING: new, PROD: new},
    ]
    assert ("rotation", "DB_PASSWORD", 2, None) in events(*from_above)
    assert ("rotation", "DB_PASSWORD", 2, 4) in events(*from_above, states[3])


def test_a_rotation_that_is_taken_back_is_over() -> None:
    """Nobody has to follow any more."""
    old, new = {"DB_PASSWORD": "correct horse"}, {"DB_PASSWORD": "battery staple"}
    first, second = {DEV: old, PROD: old}, {DEV: new, PROD: old}
    survey = history(first, second, first, {DEV: old, PROD: new})
    event = next(each for each in survey.events if each.kind == "rotation")
    assert (told(event), event.closed_how) == (("rotation", "DB_PASSWORD", 2, 3), "reverted")


def test_a_rotation_is_severe_where_production_has_not_followed() -> None:
    """Else less so."""
    old, new = (
        {name: {"TOKEN": f"{name}{age}"} for name in (DEV, STAGING, PROD)} for age in (1, 2)
    )
    for followed, severity in (((DEV, STAGING), "high"), ((STAGING, PROD), "medium")):
        (event,) = history(old, old | {name: new[name] for name in followed}).events
        assert (event.kind, event.severity) == ("rotation", severity)


def test_production_alone_rotates_without_a_wave() -> None:
    """It becomes one when another follows within three months, as old as its first step."""
    old = {DEV: {"TOKEN": "a"}, STAGING: {"TOKEN": "b"}, PROD: {"TOKEN": "c"}}
    prod = old | {PROD: {"TOKEN": "d"}}
    both = prod | {STAGING: {"TOKEN": "e"}}
    assert events(old, prod) == []
    assert events(old, prod, both) == [("rotation", "TOKEN", 2, None)]
    assert events(old, prod, prod | {PROD: {"TOKEN": "f"}}, both) == [
        ("rotation", "TOKEN", 3, None)
    ]
    wait: list[Files] = [{**prod, "x/.env": {"N": str(day)}, "x/.env.y": A} for day in range(91)]
    assert events(old, prod, *wait[:89], both) == [("rotation", "TOKEN", 2, None)]
    assert events(old, prod, *wait, both) == [("rotation", "TOKEN", 94, None)]


def test_an_environment_that_goes_has_nothing_to_follow() -> None:
    """With the last of them the rotation ends."""
    old = {DEV: {"TOKEN": "a"}, STAGING: {"TOKEN": "b"}, PROD: {"TOKEN": "c"}}
    new = {DEV: {"TOKEN": "d"}, STAGING: {"TOKEN": "e"}, PROD: {"TOKEN": "c"}}
    (event,) = history(old, new, {DEV: new[DEV], STAGING: new[STAGING]}).events
    assert (told(event), event.closed_how) == (("rotation", "TOKEN", 2, 3), "removed")
