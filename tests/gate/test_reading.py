"""What the [gate] of a file may say."""

from __future__ import annotations

import pytest

from forensics.errors import UsageProblem
from forensics.gate.policy import Policy
from forensics.gate.reading import read_policy
from forensics.settings.file import parsed


def read(said: str) -> Policy | None:
    """The policy of a file with this content."""
    return read_policy(parsed(said.encode(), "forensics.toml"))


def test_without_a_gate_there_is_no_policy() -> None:
    """Other sections make none."""
    assert read("[drift]") is None
    assert read_policy(None) is None


def test_what_nothing_fits_fails() -> None:
    """Unless it is said otherwise."""
    for said, default in (("[gate]", "fail"), ("[gate]\ndefault = 'pass'", "pass")):
        policy = read(said)
        assert policy is not None
        assert policy.default == default


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("gate = 1", r"\[gate\] is a table"),
        ("[gate]\ndefault = 'maybe'", "default is"),
        ("[gate]\ndefaults = 'fail'", "did you mean default"),
        ("[gate]\nrules = 1", "two brackets"),
        ("[gate]\nrules = [1]", "is no table"),
        ("[[gate.rules]]\npaths = ['a']", "entry 1 of .*needs an action"),
        ("[[gate.rules]]\naction = 'allow'", "no such value as allow"),
        ("[[gate.rules]]\naction = 'pass'\npath = 'a'", "no such key as path; did you mean paths"),
        ("[[gate.rules]]\naction = 'pass'\npaths = 'a'", "paths is a list"),
        ("[[gate.rules]]\naction = 'pass'\npaths = []", "paths is a list"),
        ("[[gate.rules]]\naction = 'pass'\npaths = ['/a']", "without a slash"),
        ("[[gate.rules]]\naction = 'pass'\nrules = ['']", "rules is text"),
        ("[[gate.rules]]\naction = 'pass'\nseverity = 'hight'", "did you mean high"),
        ("[[gate.rules]]\naction = 'pass'\nconfidence = 2", "from 0 to 1"),
        ("[[gate.rules]]\naction = 'pass'\nconfidence = nan", "from 0 to 1"),
        ("[[gate.rules]]\naction = 'pass'\nconfidence = true", "from 0 to 1"),
        ("[[gate.rules]]\naction = 'pass'\nstatus = ['exposd']", "did you mean exposed"),
        ("[[gate.rules]]\naction = 'pass'\nunrotated-days = -1", "number of days"),
        ("[[gate.rules]]\naction = 'pass'\nunrotated-days = true", "number of days"),
        ("[[gate.rules]]\naction = 'pass'\nnew-since = 1", "new-since is text"),
        ('[[gate.rules]]\naction = "pass"\nbaseline = "a\\u0000"', "none of them zero"),
        ("[[gate.drift]]\naction = 'pass'\nkinds = ['mising']", "did you mean missing"),
        ("[[gate.drift]]\naction = 'pass'\nopen-days = 1.5", "number of days"),
        ("[[gate.rules]]\naction = 'pass'\n" * 2_001, "at most 2,000"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(said: str, why: str) -> None:
    """With the file, the entry and what is wrong in it."""
    with pytest.raises(UsageProblem, match=why) as error:
        read(said)
    assert "forensics.toml" in str(error.value)
    assert "\n" not in str(error.value)
