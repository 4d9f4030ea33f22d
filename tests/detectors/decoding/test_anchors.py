"""What decoders have the prefilter look for."""

from __future__ import annotations

import random

import pytest
import regex

from detectors.anchor import MAX_ANCHOR_WIDTH, Anchor, widest
from detectors.decoding.defaults import default_decoding
from detectors.prefilter import best_prefilter

ANCHORS = [anchor for decoder in default_decoding().decoders for anchor in decoder.anchors]
AT_START = [anchor for anchor in ANCHORS if r"\A" in anchor.expression]
MAGICS = [
    b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh61AY&SY", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd",
    b"\xff\xfe", b"\xfe\xff", bytes(257) + b"ustar", b"\n" * 257 + b"ustar",
]  # fmt: skip


@pytest.mark.parametrize("anchor", ANCHORS, ids=range(len(ANCHORS)))
def test_an_anchor_is_as_wide_as_it_says(anchor: Anchor) -> None:
    """So that what is looked at around a change is enough."""
    assert widest(anchor.expression) <= anchor.width <= MAX_ANCHOR_WIDTH


@pytest.mark.parametrize("magic", MAGICS, ids=range(len(MAGICS)))
def test_the_start_of_a_content_is_nowhere_else(magic: bytes) -> None:
    """Hyperscan and `regex` agree on `\\A`, also behind a line break."""
    for before in (b"", b"x", b"\n", b"\0" * 300):
        content = before + magic + b"rest"
        expected = [bool(regex.search(one.expression.encode(), content)) for one in AT_START]
        found = best_prefilter(AT_START).find(content) or {}
        assert [index in found for index in range(len(AT_START))] == expected
        assert any(expected) == (not before)


def test_prefilters_agree_on_random_bytes() -> None:
    """On whether an anchor stands somewhere, and near where."""
    draw = random.Random(1)
    pieces = [word.encode("latin-1") for anchor in ANCHORS for word in anchor.keywords] + MAGICS
    prefilter = best_prefilter(ANCHORS)
    for _ in range(200):
        content = b"".join(draw.choices([*pieces, b"\n", b" ", b"\x01", b"=a"], k=6))
        found = prefilter.find(content) or {}
        for index, anchor in enumerate(ANCHORS):
            match = regex.search(anchor.expression.encode(), content)
            assert (index in found) == (match is not None)
            if match:
                assert any(first <= match.start() <= last for first, last in found[index])
                lowered = content.lower()
                assert not anchor.keywords or any(
                    word.encode() in lowered for word in anchor.keywords
                )
