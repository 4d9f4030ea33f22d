"""No value keeps a filter busy: their expressions run without a time limit."""

from __future__ import annotations

import pytest

from detectors.filters import CHOSEN, GUESSED, ISSUED, rejection

PARTS = [
    b"a", b"aB", b"Ab", b"ab", b"A", b"0", b"a0", b"a.", b"a/", b"a-", b"a_", b"::", b"->",
    b"<", b"[",
    b"/", b"..", b"x1", b"%", b"{", b"\\",
]  # fmt: skip


@pytest.mark.parametrize("end", [b"", b"!", b"\xff", b" \x00", b"$", b">", b"="])
@pytest.mark.parametrize("part", PARTS)
def test_every_filter_comes_to_an_end(part: bytes, end: bytes) -> None:
    """An expression with nested repeats would take longer than the world lasts."""
    value = part * (4000 // len(part)) + end
    for each in GUESSED:
        each((part * 500)[:1000] + end)
    rejection(value, GUESSED)
    rejection(value, CHOSEN)


@pytest.mark.parametrize(
    "value", [b"someCamelCaseName", b"Password", b"lowercase", b"refreshToken2"]
)
def test_names_are_made_of_words(value: bytes) -> None:
    """As programs write them."""
    assert rejection(value, GUESSED)


@pytest.mark.parametrize("value", [b"ENCRYPTION_KEY_SALT", b"INTERNAL_PROXY"])
def test_a_constant_is_told_by_its_name(value: bytes) -> None:
    """Whatever rule found it: no provider draws such a thing."""
    assert rejection(value, ISSUED)
    assert not rejection(value.replace(b"_", b"_9"), ISSUED)


def test_a_masked_value_holds_nothing() -> None:
    """As programs print it."""
    assert rejection(b"secr***789", ISSUED)
