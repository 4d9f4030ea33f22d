"""Known values are found wherever they stand, by both engines alike."""

import mmap
import os
import pickle
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.literals import MOST_LITERALS, MOST_PLACES, LiteralFinder
from detectors.literals.forms import forms_of

PURE = pytest.mark.parametrize("pure", [False, True])


def everywhere(literals: list[bytes], content: bytes) -> list[tuple[int, int, int]]:
    """What must be found, position by position."""
    return sorted(
        (
            (number, start, start + len(literal))
            for number, literal in enumerate(literals)
            for start in range(len(content))
            if content.startswith(literal, start)
        ),
        key=lambda place: (place[1], place[2], place[0]),
    )


few_bytes = st.lists(st.sampled_from([b"a", b"b", b"\0", b"\xff", b".", b"aab", b"b" * 20]))
strings = few_bytes.map(b"".join)


@settings(max_examples=300, deadline=None)
@given(st.lists(strings.filter(bool), max_size=8), strings)
def test_both_engines_find_every_place(literals: list[bytes], content: bytes) -> None:
    """Overlapping, nested, equal and adjacent ones, with zero bytes and what patterns use."""
    expected = everywhere(literals, content)
    for pure in (False, True):
        finder = LiteralFinder(literals, pure=pure)
        assert finder.find(content) == expected
        assert finder.stands_in(content) == bool(expected)
        assert finder.places(content) == (expected if finder.may_stand_in(content) else None)
        assert finder.may_stand_in(content) or not expected


@PURE
def test_a_literal_longer_than_a_matcher_takes_is_compared_whole(pure: bool) -> None:
    """A key of many kilobytes stands only where all of it does."""
    key = random.Random(1).randbytes(100_000)
    finder = LiteralFinder([key, key[:-1] + b"?"], pure=pure)
    assert finder.find(b"before" + key + b"after") == [(0, 6, 100_006)]
    assert finder.find(key[1:]) == []
    assert not finder.stands_in(key[:-1])
    assert finder.reach == 16
    assert finder.may_stand_in(key[:-1])
    assert finder.places(key[:-1]) == []
    assert finder.places(b"neither") is None


@PURE
def test_literals_that_share_most_of_their_bytes_are_told_apart(pure: bool) -> None:
    """Many tokens with one beginning, and versions of one key."""
    literals = [
        b"the-same-long-beginning-of-all-%04d-and-the-same-end-of-it" % n for n in range(99)
    ]
    finder = LiteralFinder(literals, pure=pure)
    for number, literal in enumerate(literals):
        assert [place[0] for place in finder.find(b"<" + literal + b">")] == [number]


@PURE
def test_of_too_many_places_the_first_of_each_literal_are_among_those_listed(pure: bool) -> None:
    """A hostile content cannot fill the memory, nor hide one value behind another."""
    finder = LiteralFinder([b"aa", b"needle"], pure=pure)
    places = finder.find(b"a" * (5 * MOST_PLACES) + b"needle")
    assert len(places) in (MOST_PLACES, MOST_PLACES + 1)
    assert places[0] == (0, 0, 2)
    assert places[-1] == (1, 5 * MOST_PLACES, 5 * MOST_PLACES + 6)


@PURE
def test_a_large_content_is_searched_in_its_mapping(pure: bool) -> None:
    """It need not fit into memory."""
    with tempfile.TemporaryFile() as file:
        file.write(b"x" * 5000 + b"needle")
        file.flush()
        with mmap.mmap(file.fileno(), 5006, access=mmap.ACCESS_READ) as content:
            assert LiteralFinder([b"needle"], pure=pure).find(content) == [(0, 5000, 5006)]


def test_a_finder_shows_and_hands_out_nothing_of_its_values(
    tmp_path: Path, no_user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It prints as a number, cannot be pickled, and writes no file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    finder = LiteralFinder([b"needle-in-the-hay"])
    assert "needle" not in f"{finder} {finder!r} {[finder]}"
    with pytest.raises(TypeError, match="do not leave"):
        pickle.dumps(finder)
    finder.find(b"hay")
    assert not [*tmp_path.rglob("*"), *no_user.rglob("*")]


def test_a_forked_process_searches_too() -> None:
    """Workers inherit the finder."""
    finder = LiteralFinder([b"needle"])
    assert finder.stands_in(b"a needle")
    child = os.fork()
    if not child:
        os._exit(0 if finder.find(b"a needle") == [(0, 2, 8)] else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_nothing_to_look_for_is_found_nowhere() -> None:
    """A finder without literals is no error; an empty literal, or too many, are."""
    assert LiteralFinder([]).find(b"anything") == []
    assert not LiteralFinder([]).stands_in(b"anything")
    with pytest.raises(ValueError, match="none of them empty"):
        LiteralFinder([b"fine", b""])
    with pytest.raises(ValueError, match="100,000"):
        LiteralFinder([b"x"] * (MOST_LITERALS + 1))


def test_a_character_of_two_units_is_escaped_as_both() -> None:
    """As JSON and JavaScript have no other way."""
    written = {form.whole for form in forms_of("ab\U0001f600cd".encode())}
    assert b"\\u0061\\u0062\\ud83d\\ude00\\u0063\\u0064" in written
