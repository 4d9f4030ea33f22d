"""Events and cells in words and signs."""

from __future__ import annotations

import pytest

from forensics.drift.acceptance import KINDS
from forensics.report.drift.shown import event_words, mark
from tests.report.drift.told import cell, event, step

WORDS = {
    "missing": "missing in prod; dev, staging have it",
    "extra": "only in dev, staging",
    "type": "of different types in dev: number, prod: string",
    "value": "no longer the same in dev, staging: dev changed",
    "shared": "one value shared by dev, staging",
    "stale": "dev changed, prod did not follow",
    "flapping": "goes back and forth in dev, staging",
    "placeholder": "an address of this machine only in dev, staging",
    "rotation": "rotated in dev, staging, not in prod",
    "rewrap": "encrypted anew in dev, staging, the value unchanged",
}
NOTES = {
    "type": "dev: number, prod: string", "value": "dev changed", "stale": "dev changed",
    "placeholder": "an address of this machine only",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words_of_its_own(kind: str) -> None:
    """With the environments, and what the survey notes where it opened."""
    steps = ((step(), NOTES[kind]),) if kind in NOTES else ()
    assert event_words(event(kind, steps=steps)) == WORDS[kind]


def test_one_environment_has_and_several_have() -> None:
    """As one speaks."""
    assert event_words(event(present=("dev",))) == "missing in prod; dev has it"


def test_a_cell_is_a_letter_or_a_sign_or_both() -> None:
    """An environment that the set does not have is nothing."""
    shown = {
        state: mark(cell(state, group, "x", 1))
        for state, group in (
            ("value", "B"), ("absent", ""), ("empty", ""), ("placeholder", "A"),
            ("reference", "C"), ("ciphertext", "D"), ("uncertain", "A"),
        )
    }  # fmt: skip
    assert shown == {
        "value": "B", "absent": "-", "empty": "0", "placeholder": "A!", "reference": "C~",
        "ciphertext": "D#", "uncertain": "?",
    }  # fmt: skip
    assert mark(None) == ""
    assert mark(cell("value", "A", "x", 1), shared=True) == "A!"
