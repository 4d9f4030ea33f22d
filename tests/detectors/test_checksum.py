"""Checksums that providers build into their tokens."""

from zlib import crc32

import pytest

from detectors.checksum import CHECKSUMS, base62_crc32, grafana_crc32
from detectors.template import expand


def test_a_checksum_is_that_of_a_published_example():
    """The body of a token that is public as an example of the format ends in this checksum."""
    assert base62_crc32(b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ") == b"0mLq" + b"17"


def test_a_base62_checksum_has_six_digits():
    """Small checksums are padded with zeros."""
    for number in range(200):
        checksum = base62_crc32(b"%d" % number)
        assert len(checksum) == 6
        assert checksum.isalnum()


def test_a_grafana_checksum_is_the_crc_with_its_low_byte_first():
    """Grafana writes the bytes of the CRC-32 from the least to the most significant."""
    number = int.from_bytes(bytes.fromhex(grafana_crc32(b"glsa_key").decode()), "little")
    assert number == crc32(b"glsa_key")


@pytest.mark.parametrize(
    ("name", "template"),
    [
        ("crc32-base62", "{crc32:ghp_}"),
        ("crc32-base62", "{crc32:npm_}"),
        ("grafana-crc32", "{glsa:}"),
    ],
)
def test_a_changed_character_makes_a_checksum_wrong(name, template):
    """A token copied with a mistake is told from a genuine one."""
    token = expand(template)
    assert CHECKSUMS[name](token)
    other = token[:10] + (b"A" if token[10:11] != b"A" else b"B") + token[11:]
    assert not CHECKSUMS[name](other)


@pytest.mark.parametrize("name", CHECKSUMS)
@pytest.mark.parametrize("value", [b"", b"_", b"no underscore", b"ghp_", b"\xff_\xff"])
def test_a_checksum_of_nonsense_is_wrong_and_raises_nothing(name, value):
    """Whatever a rule's pattern lets through is judged."""
    assert not CHECKSUMS[name](value)
