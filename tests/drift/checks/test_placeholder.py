"""Stand-ins, local addresses and debugging in production."""

from __future__ import annotations

from forensics.drift.model import DriftEvent
from tests.drift.told import BASE, BROKEN, DEV, PROD, STAGING, A, Files, history, told

PLACEHOLDER, LOCAL, DEBUG = "a placeholder", "an address of this machine only", "debugging is on"
WRONG = {"KEY": "<fill in>", "DB": "http://localhost/", "DEBUG": "true"}
RIGHT = {"KEY": "x", "DB": "http://db/", "DEBUG": "false"}


def placeholders(*commits: Files) -> list[DriftEvent]:
    return [each for each in history(*commits).events if each.kind == "placeholder"]


def test_each_is_told_with_what_is_wrong_until_it_is_replaced() -> None:
    """Debugging opens no door by itself, so it is less severe."""
    found = placeholders({DEV: WRONG, PROD: WRONG}, {DEV: WRONG, PROD: RIGHT})
    assert [
        (told(each), each.closed_how, each.severity, [text for _, text in each.steps])
        for each in found
    ] == [
        (("placeholder", "DB", 1, 2), "replaced", "high", [LOCAL]),
        (("placeholder", "DEBUG", 1, 2), "replaced", "medium", [DEBUG]),
        (("placeholder", "KEY", 1, 2), "replaced", "high", [PLACEHOLDER]),
    ]


def test_it_goes_on_while_it_is_wrong_in_another_way() -> None:
    """And ends as removed where nothing is left of it."""
    (event,) = placeholders(
        {DEV: A, PROD: A | {"DB": "<fill in>"}},
        {DEV: A, PROD: A | {"DB": "http://localhost/"}},
        {DEV: A, PROD: A},
    )
    assert (told(event), event.closed_how) == (("placeholder", "DB", 1, 3), "removed")


def test_what_comes_from_the_base_is_less_severe() -> None:
    """It is often overridden from outside."""
    base: Files = {BASE: {"KEY": "<fill in>"}, DEV: A, PROD: A}
    own: Files = {BASE: {"KEY": "x"}, DEV: A, PROD: A | {"KEY": "<fill in>"}}
    assert [each.severity for each in (*placeholders(base), *placeholders(own))] == [
        "medium", "high",
    ]  # fmt: skip


def test_development_may_have_them() -> None:
    """And so may pipelines."""
    assert not placeholders({DEV: WRONG, STAGING: WRONG, PROD: RIGHT})


def test_the_end_of_one_in_a_file_that_does_not_parse_is_not_certain() -> None:
    """Only where the file is production's."""
    for broken, certain in ((PROD, False), (DEV, True)):
        before: Files = {DEV: WRONG, PROD: WRONG}
        (event, *_) = placeholders(
            before, {**before, broken: BROKEN}, {**before, broken: BROKEN, PROD: RIGHT}
            if broken == DEV else {DEV: WRONG, PROD: RIGHT},
        )  # fmt: skip
        assert (event.closed is not None, event.certain) == (True, certain)
