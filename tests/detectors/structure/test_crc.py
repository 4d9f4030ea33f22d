"""Tokens that end in a CRC-32 of what stands before."""

from zlib import crc32

import pytest

from detectors.structure import Token, inspect
from detectors.structure.crc import base36, base62_crc32, grafana_crc32
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


def test_a_base36_number_is_what_python_reads_back():
    """Zero is one digit, and a width is filled up."""
    for number in (0, 1, 35, 36, 10**9):
        assert int(base36(number, 1), 36) == number
    assert base36(0, 1) == "0"
    assert base36(37, 7) == "0000011"


def test_a_grafana_checksum_is_the_crc_with_its_low_byte_first():
    """Grafana writes the bytes of the CRC-32 from the least to the most significant."""
    number = int.from_bytes(bytes.fromhex(grafana_crc32(b"glsa_key").decode()), "little")
    assert number == crc32(b"glsa_key")


def test_a_routable_token_says_whose_it_is():
    """The ids in its payload are in base 36."""
    facts = dict(inspect("gitlab", Token(expand("{gitlab:glpat-}"))).facts)
    assert facts["cell id"] == "1"
    assert facts["organization id"].isdecimal()
    assert facts["user id"].isdecimal()


def test_an_older_gitlab_token_has_no_checksum():
    """Neither right nor wrong, and nothing is read from it."""
    structure = inspect("gitlab", Token(expand("glpat-{alnum:20}")))
    assert structure.valid is None
    assert structure.facts == ()


@pytest.mark.parametrize("payload", ["A" * 27, "-" * 27, "{alnum:27}"])
def test_a_routable_token_whose_payload_is_none_is_wrong(payload: str):
    """A length or a payload that cannot be is no genuine token."""
    assert inspect("gitlab", Token(expand(f"glpat-{payload}.01.zz0000000"))).valid is False
