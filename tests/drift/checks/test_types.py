"""Values of different types."""

from __future__ import annotations

from tests.drift.told import DEV, PROD, A, Files, events, history, told


def test_a_mapping_here_and_a_value_there_is_a_different_type() -> None:
    """And neither lacks anything; whoever has none of both does."""
    text, mapping = A | {"cache": "off"}, A | {"cache.host": "h", "cache.port": "1"}
    dev, staging, prod = "config/dev.yml", "config/staging.yml", "config/prod.yml"
    assert events(
        {dev: mapping, prod: mapping}, {dev: text, prod: mapping}, {dev: mapping, prod: mapping}
    ) == [("type", "cache", 2, 3)]
    assert events(
        {dev: A | {"hosts[0]": "h"}, prod: A},
        {dev: A | {"hosts[0]": "h"}, prod: A | {"hosts": "h"}},
    ) == [("missing", "hosts[]", 1, 2), ("type", "hosts", 2, None)]
    assert events({dev: text, staging: mapping, prod: A}) == [
        ("missing", "cache", 1, None), ("type", "cache", 1, None),
        ("missing", "cache.host", 1, None), ("missing", "cache.port", 1, None),
    ]  # fmt: skip
    survey = history({dev: text, staging: mapping, prod: A})
    assert {event.missing for event in survey.events} == {("prod",), ()}
    ends = history(
        {dev: text, prod: text}, {dev: text, prod: mapping}, {dev: mapping, prod: mapping}
    )
    assert [event.closed_how for event in ends.events if event.kind == "type"] == ["equal"]


def test_a_text_here_and_a_boolean_there_are_different_types() -> None:
    """Where the format tells them apart, until they are the same or gone."""
    mixed: Files = {DEV: {"A": "boolean true"}, PROD: {"A": "string true"}}
    same: Files = {DEV: {"A": "string true"}, PROD: {"A": "string true"}}
    gone: Files = {DEV: {"B": "string b"}, PROD: {"B": "string b"}}
    for after, how in ((same, "equal"), (gone, "removed")):
        (event,) = history(mixed, after).events
        assert (told(event), event.closed_how) == (("type", "A", 1, 2), how)
        assert [text for _, text in event.steps] == ["dev: boolean, prod: string"]
    assert events(same) == events({DEV: {"A": "number 1"}, PROD: {"A": "1"}}) == []
