"""One hit a place, whether it stands there as it is or encoded."""

from __future__ import annotations

from detectors.hit import Hit, Kind
from detectors.secret import Secret
from detectors.winners import Region, merged

VENDOR = Kind("acme.token", "A token", "high", "It opens.", "Wait.")
GUESS = Kind("generic.key", "A guess", "low", "It may open.", "Wait.", generic=True)

OTHER = VENDOR._replace(id="acme.claim")
OTHER_GUESS = GUESS._replace(id="generic.password")


def hit(kind: Kind, start: int, end: int, value: bytes = b"value") -> Hit:
    return Hit(kind, start, end, Secret(value), 0.9)


def test_a_direct_hit_wins_over_a_decoded_one() -> None:
    """What stands there is what was leaked."""
    for kind in (VENDOR, GUESS):
        direct = (hit(kind, 5, 10),)
        assert merged(direct, [Region(False, [hit(GUESS, 0, 20)])]) == direct
        part = hit(kind, 6, 10, b"part of it")
        assert merged(direct, [Region(False, [part])]) == direct
    direct = (hit(VENDOR, 5, 10, b"a token with claims"),)
    for kind in (GUESS, OTHER, VENDOR):
        assert merged(direct, [Region(False, [hit(kind, 0, 20, direct[0].secret.reveal())])]) == (
            direct
        )
    for kind in (GUESS, OTHER):
        assert merged(direct, [Region(False, [hit(kind, 0, 20, b"a claim")])]) == direct


def test_an_encoded_form_gives_way_to_the_value() -> None:
    """Of the same kind, or a guess as the other one is, and no shorter than that."""
    for kind, other in ((VENDOR, VENDOR), (GUESS, GUESS), (GUESS, OTHER_GUESS)):
        decoded = hit(other, 5, 12, b"plain")
        assert merged((hit(kind, 5, 12, b"pl\\u0061in"),), [Region(False, [decoded])]) == (decoded,)


def test_a_guess_gives_way_to_what_is_recognized_in_it() -> None:
    """All guesses that the encoded text overlaps."""
    direct = (hit(GUESS, 0, 4), hit(GUESS, 6, 9), hit(GUESS, 30, 40))
    decoded = hit(VENDOR, 2, 20)
    assert merged(direct, [Region(False, [decoded])]) == (decoded, hit(GUESS, 30, 40))


def test_two_ways_to_decode_one_text_give_one_hit() -> None:
    """The surest, or the longest, stays."""
    one, other = hit(VENDOR, 0, 10, b"one"), hit(VENDOR, 5, 20, b"other")
    assert merged((), [Region(False, [one]), Region(False, [other])]) == (other,)


def test_hits_of_one_compressed_text_share_its_place() -> None:
    """Each value once."""
    hits = [hit(VENDOR, 0, 10, b"one"), hit(VENDOR, 0, 10, b"two"), hit(VENDOR, 0, 10, b"one")]
    assert merged((), [Region(False, hits)]) == tuple(hits[:2])


def test_an_archive_overlaps_nothing() -> None:
    """Its place is the whole content, in which other secrets may stand."""
    direct = (hit(VENDOR, 50, 60, b"direct"),)
    packed = [hit(VENDOR, 0, 99, b"packed"), hit(VENDOR, 0, 99, b"direct"),
              hit(GUESS, 0, 99, b"packed")]  # fmt: skip
    assert merged(direct, [Region(True, packed)]) == (packed[0], *direct)
