"""A key goes on under another name where something says that it is the same one."""

from __future__ import annotations

import pytest

from forensics.drift.model import Observation
from forensics.drift.renames import renamed_keys
from forensics.drift.state import Effective, SetState
from forensics.drift.walk import Turn
from tests.drift.told import step

Keys = dict[str, tuple[str, int]]


def turn(before: Keys, after: Keys) -> Turn:
    """Keys of two environments: a value and a line each. `true` and digits are common values."""

    def state(keys: Keys) -> SetState:
        got = {}
        for key, (value, line) in keys.items():
            traits = frozenset({"on", "short"} if value == "true" else ())
            told = Observation(
                "", key, line, "literal", "untyped", value.encode(), value.encode(), traits
            )
            got[key] = Effective(told, b".env.dev", "environment")
        return SetState({"dev": got, "prod": {}}, frozenset(), frozenset(), (), {})

    keys = tuple(sorted(before.keys() ^ after.keys()))
    return Turn(step(1), ".", state(before), state(after), keys)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("DB_URL", "postgres:app", 1), ("STORE", "postgres:app", 9)),
        (("FEATURE_X", "true", 4), ("FEATURE_Y", "true", 4)),
        (("EnabledOtel", "true", 4), ("OTEL_ENABLED", "true", 9)),
        (("web.env.NEW_SEARCH", "true", 4), ("web.env.NEW_SEARCH_ENABLED", "true", 9)),
    ],
)
def test_a_rename(old: tuple[str, str, int], new: tuple[str, str, int]) -> None:
    """By a value that only it has, by its line, or by the words of its name."""
    told = turn({old[0]: old[1:]}, {new[0]: new[1:]})
    assert renamed_keys(told) == {old[0]: new[0]}


def test_two_switches_are_two_keys() -> None:
    """That one went as another came, both `true`, says nothing."""
    told = turn({"web.env.OLD_SEARCH": ("true", 4)}, {"web.env.CACHE": ("true", 9)})
    assert renamed_keys(told) == {}


def test_what_most_says_for_is_taken() -> None:
    """Not what comes first by name."""
    before = {"BETA": ("true", 3), "GAMMA": ("true", 4)}
    after = {"ALPHA": ("true", 9), "ENABLE_BETA": ("true", 8), "GAMMA_ON": ("true", 4)}
    assert renamed_keys(turn(before, after)) == {"BETA": "ENABLE_BETA", "GAMMA": "GAMMA_ON"}
