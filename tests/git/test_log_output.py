"""What git prints is cut into tokens, wherever the pieces of it end."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from forensics.git.log_output import whole_tokens

PRINTED = b"\x01one\0\n:1 2 a b M\0path\0:1 2 a b A\0\x01odd\0\x01two\0\n:1 2 a b D\0end\0"
TOKENS = PRINTED.rstrip(b"\0").split(b"\0")


@given(st.sets(st.integers(1, len(PRINTED) - 1)))
def test_where_pieces_end_changes_nothing(cuts: set[int]) -> None:
    """And a change always comes with its path, also with one that looks like a header."""
    ends = sorted({0, *cuts, len(PRINTED)})
    pieces = [PRINTED[a:b] for a, b in pairwise(ends)]
    found = [*whole_tokens(pieces)]
    assert [token for tokens in found for token in tokens] == TOKENS
    for tokens in found:
        assert not tokens or tokens[-1][:1] == b"\x01" or b":" not in tokens[-1]


def test_what_git_did_not_end_is_told_too() -> None:
    """As it is when git is stopped."""
    assert [*whole_tokens([b"\x01o", b"ne"])] == [[b"\x01one"]]


def test_a_name_of_many_pieces_takes_no_longer_than_it_is() -> None:
    """A commit can hold a name of a hundred megabytes."""
    began = time.process_time()
    (tokens,) = whole_tokens([b"\x01", *([b"x" * 1000] * 30_000), b"\0"])
    assert len(tokens[0]) == 30_000_001
    assert time.process_time() - began < 5
