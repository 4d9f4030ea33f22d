"""Versions that do not parse make things uncertain."""

from __future__ import annotations

from tests.drift.told import AB, BROKEN, DEV, PROD, A, events, history, told


def test_what_does_not_parse_lacks_nothing() -> None:
    """Keys are there still, and what comes to light afterwards is not certain."""
    assert events({DEV: AB, PROD: AB}, {DEV: AB, PROD: BROKEN}, {DEV: AB, PROD: AB}) == []
    assert events({DEV: A, PROD: A}, {DEV: A, PROD: BROKEN}, {DEV: AB, PROD: BROKEN}) == []
    survey = history(
        {DEV: AB, PROD: AB}, {DEV: AB, PROD: BROKEN}, {DEV: AB, PROD: A}, {DEV: AB, PROD: AB}
    )
    (event,) = survey.events
    assert told(event) == ("missing", "B", 3, 4)
    assert not event.certain


def test_a_file_that_never_parsed_lacks_nothing() -> None:
    """Its environment is there, and nothing is told of it."""
    assert events({DEV: AB, PROD: BROKEN}, {DEV: A, PROD: BROKEN}) == []
