"""Globs over paths."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.settings.globs import path_glob


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("a.txt", "a.txt", True),
        ("a.txt", "b/a.txt", False),
        ("*.txt", "b/a.txt", False),
        ("**/*.txt", "a.txt", True),
        ("**/*.txt", "b/c/a.txt", True),
        ("tests/**", "tests/a/b", True),
        ("tests/**", "tests", False),
        ("tests/**", "Tests/a", False),
        ("tests/**", "tests/a\nb", True),
        ("**/a*b/**", "ax/ab/f", True),
        ("**/a*b", "aXX/ab", True),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/**/b", "ab", False),
        ("a?c", "a/c", False),
        ("[x]", "[x]", True),
        ("[x]", "x", False),
        ("{set}/x", "{set}/x", True),
        ("{set}/x", "y/x", False),
    ],
)
def test_a_glob_fits_what_it_says(glob: str, path: str, fits: bool) -> None:
    """Stars know folders; case, brackets and braces mean themselves."""
    assert bool(path_glob(glob).fullmatch(path)) is fits


_WORDS = st.lists(st.sampled_from(["a", "b", "/", "*", "**", "**/", "?", "ab"]), max_size=8)


def _plainly(glob: str) -> re.Pattern[str]:
    """The same, with all the going back that an engine does by itself."""
    meaning = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.split(r"((?:(?<=/)|^)\*\*/|\*\*|\*|\?)", glob)
    return re.compile("".join(meaning.get(one, re.escape(one)) for one in pieces), re.DOTALL)


@given(_WORDS.map("".join), st.text("ab/", max_size=9))
def test_not_going_back_loses_nothing(glob: str, path: str) -> None:
    """What is committed to first leaves most to what follows."""
    assert bool(path_glob(glob).fullmatch(path)) is bool(_plainly(glob).fullmatch(path))


def test_names_are_taken_where_asked() -> None:
    """As far to the left as they can be."""
    taken = path_glob("**/{set}-{environment}.yaml", names=True).fullmatch("x/a-b-c.yaml")
    assert taken is not None
    assert taken.groupdict() == {"set": "a", "environment": "b-c"}


@pytest.mark.parametrize("star", ["*", "**", "**/"])
def test_a_path_made_to_take_for_ever_does_not(star: str) -> None:
    """Thirty stars over the longest path: going back would take years."""
    glob = f"{star}a" * 30 + "b"
    assert path_glob(glob).fullmatch("a/" * 2_000) is None
    assert path_glob(glob).fullmatch("a" * 4_000) is None
