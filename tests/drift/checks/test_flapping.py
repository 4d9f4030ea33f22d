"""Values that go back and forth."""

from __future__ import annotations

from tests.drift.told import BROKEN, DEV, PROD, A, Files, events, history, told


def test_a_value_that_goes_back_and_forth_flaps() -> None:
    """Two returns within three months."""
    one, two = {DEV: A, PROD: {"A": "1"}}, {DEV: A, PROD: {"A": "2"}}
    found = events(one, two, one, two, one)
    assert [each[0] for each in found].count("flapping") == 1


ONE, TWO, THREE = ({DEV: A, PROD: {"A": value}} for value in ("1", "2", "3"))


def flaps(*commits: Files) -> list[tuple[tuple[str, str, int, int | None], str, list[str]]]:
    return [
        (told(each), each.closed_how, [text for _, text in each.steps])
        for each in history(*commits).events
        if each.kind == "flapping"
    ]


def quiet(files: Files, days: int) -> list[Files]:
    """The same for so many days, but for a file that is no configuration of these."""
    return [{**files, "other/.env": {"N": str(day)}, "other/.env.x": A} for day in range(days)]


def test_it_takes_two_returns() -> None:
    """One is a change that was taken back."""
    assert not flaps(ONE, TWO, ONE)
    assert flaps(ONE, TWO, ONE, TWO) == [(("flapping", "A", 2, None), "", [])]
    assert not flaps(ONE, TWO, ONE, THREE)
    assert not flaps(ONE, TWO, ONE, THREE, TWO)


def test_each_further_return_is_told() -> None:
    """Of one event, that ends with the last once all has been quiet for three months."""
    flapping = [ONE, TWO, ONE, TWO, ONE]
    told_once = ["prod went back again"]
    assert flaps(*flapping) == [(("flapping", "A", 2, None), "", told_once)]
    assert flaps(*flapping, *quiet(ONE, 90)) == [(("flapping", "A", 2, None), "", told_once)]
    assert flaps(*flapping, *quiet(ONE, 91)) == [(("flapping", "A", 2, 5), "settled", told_once)]


def test_a_return_after_months_of_quiet_is_another_story() -> None:
    """What flapped before has settled, and a new event opens only when it flaps again."""
    found = flaps(ONE, TWO, ONE, TWO, *quiet(TWO, 100), ONE)
    assert found == [(("flapping", "A", 2, 4), "settled", [])]


def test_slow_returns_do_not_flap() -> None:
    """The two have to come within three months."""
    assert flaps(ONE, TWO, *quiet(TWO, 89), ONE, TWO) == []
    assert [each for each, *_ in flaps(ONE, TWO, *quiet(TWO, 80), ONE, TWO)] == [
        ("flapping", "A", 2, None)
    ]


def test_environments_that_change_together_do_not_flap() -> None:
    """A switch is turned on and off everywhere."""
    on, off = {DEV: A, PROD: A}, {DEV: {"A": "2"}, PROD: {"A": "2"}}
    assert not flaps(on, off, on, off, on)
    gone = {DEV: {"B": "7"}, PROD: {"B": "7"}}
    assert not flaps(on | {}, gone, on, gone, on)


def test_what_does_not_parse_does_not_flap() -> None:
    """Nor is anything told of the version after it."""
    broken: Files = {DEV: A, PROD: BROKEN}
    assert not flaps(ONE, broken, TWO, broken, ONE, broken, TWO, broken, ONE)
