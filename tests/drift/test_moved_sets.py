"""What is remembered of a set goes on when all of its files move."""

from __future__ import annotations

from tests.drift.told import Files, history, told


def at(folder: str, **values: dict[str, str]) -> Files:
    """A set in a folder: keys and values by environment."""
    return {f"{folder}/.env.{name}": each for name, each in values.items()}


def one(folder: str, key: str, dev: str, prod: str, **same: str) -> Files:
    return at(folder, dev={key: dev, **same}, prod={key: prod, **same})


SAME = {"B": "1", "C": "2", "D": "3"}


def test_a_value_that_goes_back_after_a_move_flaps() -> None:
    """Its first return was under the old name."""
    steps = [("a", "1"), ("a", "2"), ("a", "1"), ("b", "1"), ("b", "2")]
    survey = history(*(one(folder, "A", value, "1", **SAME) for folder, value in steps))
    (event,) = [event for event in survey.events if event.kind == "flapping"]
    assert (event.set, event.key, event.present) == ("b", "A", ("dev",))


def test_a_value_that_all_got_together_before_a_move_is_not_meant_to_differ() -> None:
    """Whatever its name says: one commit once gave it to all."""
    survey = history(
        one("a", "REPLICAS", "1", "1", **SAME),
        one("a", "REPLICAS", "2", "2", **SAME),
        one("b", "REPLICAS", "2", "2", **SAME),
        one("b", "REPLICAS", "3", "2", **SAME),
    )
    assert [told(event) for event in survey.events] == [("stale", "REPLICAS", 4, None)]


def test_a_wave_that_production_began_before_a_move_goes_on() -> None:
    """It opens where the first other environment follows."""

    def secrets(folder: str, *values: str) -> Files:
        held = {name: f"{value * 16}" for name, value in zip("dsp", values, strict=True)}
        return at(
            folder,
            dev={"API_TOKEN": held["d"], **SAME},
            staging={"API_TOKEN": held["s"], **SAME},
            prod={"API_TOKEN": held["p"], **SAME},
        )

    survey = history(
        secrets("a", "u", "v", "w"),
        secrets("a", "u", "v", "x"),
        secrets("b", "u", "v", "x"),
        secrets("b", "u", "y", "x"),
    )
    (event,) = [event for event in survey.events if event.kind == "rotation"]
    assert told(event) == ("rotation", "API_TOKEN", 2, None)
    assert (event.present, event.missing) == (("staging", "prod"), ("dev",))


def test_an_environment_that_returns_after_a_move_is_back() -> None:
    """One event, not two."""
    survey = history(
        at("a", dev={"A": "1", **SAME}, prod=SAME, staging={"A": "1", **SAME}),
        at("a", dev={"A": "1", **SAME}, staging={"A": "1", **SAME}),
        at("b", dev={"A": "1", **SAME}, staging={"A": "1", **SAME}),
        at("b", dev={"A": "1", **SAME}, prod=SAME, staging={"A": "1", **SAME}),
    )
    (event,) = survey.events
    assert (told(event), event.set) == (("missing", "A", 1, None), "b")


def test_flapping_ends_with_its_set() -> None:
    """Nothing is left to go back and forth."""
    steps = ["1", "2", "1", "2"]
    gone: Files = {"README": {}}
    survey = history(*(one("a", "A", value, "1", **SAME) for value in steps), gone)
    (event,) = [event for event in survey.events if event.kind == "flapping"]
    assert (event.closed_how, event.closed is not None) == ("removed", True)


def test_what_ended_under_an_old_name_of_a_key_does_not_change_afterwards() -> None:
    """It was about those environments and files, and nobody got the key in that commit."""
    token, other = "t" * 20, "o" * 20
    first = at("a", dev={"A_TOKEN": token}, prod={"A_TOKEN": token}, staging={"A_TOKEN": other})
    second = at("a", dev={"B_TOKEN": token}, prod={"B_TOKEN": token}, staging={"B_TOKEN": other})
    third = at("a", dev={"B_TOKEN": token}, prod={"B_TOKEN": token}, staging={"B_TOKEN": token})
    events = history(first, second, third).events
    ended, event = [each for each in events if each.kind == "shared"]
    assert (ended.key, ended.present) == ("A_TOKEN", ("dev", "prod"))
    assert (event.key, event.present) == ("B_TOKEN", ("dev", "staging", "prod"))
    keys = {"dev": {"A": "1", "X": "2"}, "prod": {"A": "1"}}
    renamed = {"dev": {"A": "1", "Y": "2"}, "prod": {"A": "1"}}
    _, event = history(at("a", **keys), at("a", **renamed)).events
    assert [text for _, text in event.steps] == ["X became Y"]


def test_each_of_many_sets_goes_on_as_the_one_that_is_most_like_it() -> None:
    """They differ in one value, and one of them is new."""

    def everything(top: str, numbers: range) -> Files:
        return {
            path: values
            for number in numbers
            for path, values in at(
                f"{top}/c{number}", dev={"ID": str(number), "X": "1", **SAME}, prod=SAME
            ).items()
        }

    events = history(everything("old", range(30)), everything("new", range(31))).events
    missing = {(each.set, each.key): told(each)[2:] for each in events}
    assert missing == {
        (f"new/c{number}", key): (1 if number < 30 else 2, None)
        for number in range(31)
        for key in ("ID", "X")
    }
