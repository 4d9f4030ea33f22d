"""Looking only at what a version changes never misses what is new in it."""

from __future__ import annotations

import re
from random import Random

import pytest
from dulwich.pack import apply_delta, create_delta
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.anchor import widest
from fixtures_repos.packwriter import copy, delta, insert
from forensics.scan.changes import changed_windows

EXPRESSIONS = [
    r"KEY-[0-9]{4}",
    r"\bKEY-[0-9]{2,4}(?![0-9])",
    r"(?<![A-Z])KEY-[0-9]{3}\b",
    r"K[EY-]{3,30}[0-9]",
]
PIECES = [b"K", b"KE", b"KEY", b"KEY-", b"EY-12", b"-123", b"123", b"0", b"9", b" ", b"\n", b"Y-1"]
SIZE = 20_000


def base_without(expression: re.Pattern[bytes], seed: int) -> bytes:
    """Many pieces of anchors between filler, and no whole one."""
    random = Random(seed)
    parts: list[bytes] = []
    while sum(map(len, parts)) < SIZE:
        parts.append(random.choice(PIECES))
        if random.random() < 0.9:
            parts.append(bytes(random.choices(b"abcdefgh \n=.", k=random.randrange(60))))
    content = b"".join(parts)
    while found := expression.search(content):
        content = content[: found.end() - 1] + b"." + content[found.end() :]
    return content


operations = st.lists(
    st.one_of(
        st.tuples(st.just("skip"), st.integers(0, 300)),
        st.tuples(st.just("back"), st.integers(0, 300)),
        st.tuples(st.just("put"), st.lists(st.sampled_from(PIECES), max_size=3).map(b"".join)),
        st.tuples(st.just("jump"), st.integers(0, SIZE)),
    ),
    max_size=12,
)


def told(base: bytes, operations: list[tuple[str, int | bytes]], seed: int) -> bytes:
    """A delta that mostly copies, and between copies does these things."""
    random, at, made = Random(seed), 0, b""
    size = 0
    for what, how in operations:
        length = min(random.randrange(1, 4000), len(base) - at)
        if length > 0:
            made += copy(at, length)
            at, size = at + length, size + length
        if isinstance(how, bytes):
            made += insert(how)
            size += len(how)
        elif what == "jump":
            at = min(how, len(base))
        else:
            at = min(max(at + (how if what == "skip" else -how), 0), len(base))
    if at < len(base) and random.random() < 0.7:
        length = min(len(base) - at, 60_000)
        made += copy(at, length)
        size += length
    return delta(len(base), size, made)


def assert_nothing_missed(expression: re.Pattern[bytes], reach: int, base: bytes, made: bytes,
                          ) -> None:  # fmt: skip
    result = b"".join(apply_delta(base, made))
    changed = changed_windows(base, made, reach)
    assert changed is None or changed[0] == len(result)
    if changed is not None and expression.search(result):
        assert expression.search(changed[1])
    if changed is not None:
        assert len(changed[1]) <= len(result)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(EXPRESSIONS), st.integers(0, 50), operations, st.integers(0, 1000))
def test_any_delta(
    text: str, base_seed: int, given: list[tuple[str, int | bytes]], seed: int
) -> None:
    """Copies from anywhere in any order, insertions, cuts at either end."""
    expression, reach = re.compile(text.encode()), widest(text)
    base = base_without(expression, base_seed)
    assert_nothing_missed(expression, reach, base, told(base, given, seed))


edits = st.lists(
    st.tuples(st.integers(0, SIZE), st.integers(0, 80), st.sampled_from([*PIECES, b"KEY-123"])),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(EXPRESSIONS), st.integers(0, 50), edits)
def test_deltas_as_packers_make_them(
    text: str, base_seed: int, given: list[tuple[int, int, bytes]]
) -> None:
    """Of a content that somebody edited."""
    expression, reach = re.compile(text.encode()), widest(text)
    base = result = base_without(expression, base_seed)
    for at, length, piece in given:
        result = result[:at] + piece + result[at + length :]
    made = b"".join(create_delta(base, result))
    assert_nothing_missed(expression, reach, base, made)


FILLER = (b"filler " * 9 + b"filler\n") * 200


@pytest.mark.parametrize(
    ("base", "kept"),
    [
        (FILLER + b"KEY-xx1234", [(0, len(FILLER) + 4), (len(FILLER) + 6, 4)]),
        (b"aKEY-123" + FILLER, [(1, 7 + len(FILLER))]),
        (FILLER + b"KEY-1234567", [(0, len(FILLER) + 8)]),
        (b"1234" + FILLER + b"KEY-", [(4, len(FILLER) + 4), (0, 4)]),
        (b"123 " + FILLER + b" KEY-", [(0, 4 + len(FILLER)), (4 + len(FILLER), 5), (0, 3)]),
    ],
    ids=["cut out", "cut off in front", "cut off behind", "swapped", "repeated"],
)
def test_a_seam_without_any_new_byte(base: bytes, kept: list[tuple[int, int]]) -> None:
    """What was left out can let an anchor stand; and here the look is worth it."""
    expression = re.compile(rb"(?<![A-Za-z])KEY-[0-9]{3,4}(?![0-9])")
    assert not expression.search(base)
    made = delta(len(base), sum(length for _, length in kept), *(copy(*one) for one in kept))
    result = b"".join(apply_delta(base, made))
    assert expression.search(result)
    changed = changed_windows(base, made, widest(expression.pattern.decode()))
    assert changed is not None
    size, windows = changed
    assert size == len(result)
    assert len(windows) < len(result) / 10
    assert expression.search(windows)


def test_a_small_change_makes_a_small_window() -> None:
    """Otherwise nothing is gained."""
    base = FILLER * 10
    result = base[:5000] + b"KEY-1234" + base[5000:]
    changed = changed_windows(base, b"".join(create_delta(base, result)), 20)
    assert changed is not None
    assert b"KEY-1234" in changed[1]
    assert len(changed[1]) < 600  # the lines that are judged by what stands next to them


def test_an_unchanged_version_needs_no_look() -> None:
    """A delta may say that nothing changed."""
    base = FILLER
    same = delta(len(base), len(base), copy(0, len(base)))
    assert changed_windows(base, same, 20) == (len(base), b"")


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 50), operations, st.integers(0, 1000), st.data())
def test_a_delta_that_cannot_be_applied_is_not_vouched_for(
    base_seed: int, given: list[tuple[str, int | bytes]], seed: int, data: st.DataObject
) -> None:
    """Else a damaged object would count as read."""
    base = base_without(re.compile(b"KEY-[0-9]{4}"), base_seed)
    made = bytearray(told(base, given, seed))
    at = data.draw(st.integers(0, len(made) - 1))
    made[at] = data.draw(st.integers(0, 255))
    broken = bytes(made[: data.draw(st.integers(max(len(made) - 2, 1), len(made)))])
    changed = changed_windows(base, broken, 20)
    if changed is not None:
        assert len(b"".join(apply_delta(base, broken))) == changed[0]
