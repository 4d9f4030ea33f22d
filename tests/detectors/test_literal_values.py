"""Values are found in every form, whatever stands around them."""

from __future__ import annotations

import base64
import json
import pickle
import textwrap

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from detectors.literals.forms import FORMS, forms_of, too_short
from detectors.literals.values import ValueFinder
from detectors.template import expand

values = st.binary(min_size=8, max_size=120) | st.text(min_size=8, max_size=60).map(
    lambda text: text.encode("utf-8", "replace")
)
around = st.binary(max_size=60)


def forms_found(value: bytes, content: bytes, *, pure: bool = False) -> set[str]:
    return {one.form for one in ValueFinder([value], pure=pure).find(content)}


@settings(max_examples=150, deadline=None)
@given(values, around, around)
def test_each_form_is_found_between_any_bytes(value: bytes, before: bytes, after: bytes) -> None:
    """By both engines, under a name that is listed."""
    for form in forms_of(value):
        assert form.name in FORMS
        content = before + form.whole + after
        assert form.name in forms_found(value, content)
        assert form.name in forms_found(value, content, pure=True)


@settings(max_examples=200, deadline=None)
@given(
    values, around, around, st.integers(48, 100), st.sampled_from(["\n", "\r\n", '",\n  "', "\\n"])
)
@example(b"\1\2\3\4\5\6\7\x08", bytes(30), b"", 48, "\n")
def test_base64_is_found_at_any_offset_and_in_lines(
    value: bytes, before: bytes, after: bytes, width: int, line_end: str
) -> None:
    """Of 48 characters or more, whatever is between them."""
    encoded = base64.b64encode(before + value + after).decode()
    written = line_end.join(textwrap.wrap(encoded, width)).encode()
    assert "base64" in forms_found(value, written)


@settings(max_examples=200, deadline=None)
@given(values, st.binary(max_size=400))
def test_what_does_not_stand_there_is_not_found(value: bytes, content: bytes) -> None:
    """A form is found only where it stands."""
    standing = {form.name for form in forms_of(value) if form.whole in content}
    assert forms_found(value, content) == standing


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=8, max_size=40))
def test_json_is_found_as_json_writes_it(text: str) -> None:
    """With and without escapes for what is not ASCII, and in JSON again."""
    value = text.encode("utf-8", "replace")
    plain = value.decode()
    for ascii_only in (True, False):
        once = json.dumps(plain, ensure_ascii=ascii_only)
        for written in (once, json.dumps(once)):
            finder = ValueFinder([value])
            assert finder.stands_in(written.encode()), written


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"hunter2", True),
        (b"correcthorse", False),
        (b"12345678901234567890", False),
        (b"abababababababababab", True),
        (expand("{alnum:12}"), False),
        (expand("{alnum:8}"), True),
        (bytes(40), True),
    ],
)
def test_what_may_stand_somewhere_by_chance(value: bytes, expected: bool) -> None:
    """Short or monotonous values."""
    assert too_short(value) is expected


def test_a_finder_shows_nothing_of_its_values() -> None:
    """It prints as a number and cannot be pickled."""
    finder = ValueFinder([b"needle-in-the-hay"])
    assert "needle" not in f"{finder} {finder!r}"
    with pytest.raises(TypeError, match="do not leave"):
        pickle.dumps(finder)
    with pytest.raises(ValueError, match="none of them empty"):
        ValueFinder([b""])
    assert ValueFinder([]).find(b"anything") == []
