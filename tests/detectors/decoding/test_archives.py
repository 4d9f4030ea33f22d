"""Secrets in archives and compressed streams, and what keeps hostile ones in bounds."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from base64 import b64encode
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.decoding.decoder import Limits
from detectors.decoding.defaults import default_decoding
from detectors.rule import built_in_rules
from detectors.rule_detector import RuleDetector
from detectors.scanner import CLEAN, Scanner
from detectors.template import expand
from tests.detectors.decoding.encoders import tarred, wrapped, zipped

VALUE = expand("{crc32:ghp_}", 3)
LINE = b"# for the build: password, token\n" + VALUE + b"\n# secret token, password\n" * 4
DETECTOR = RuleDetector([rule for rule in built_in_rules() if rule.id == "github.pat-classic"])
SCANNER = Scanner([DETECTOR], decoding=default_decoding())


def bounded(**limits: int) -> Scanner:
    return Scanner([DETECTOR], decoding=default_decoding()._replace(limits=Limits(**limits)))


def found(content: bytes, scanner: Scanner = SCANNER) -> list[tuple[bytes, str]]:
    result = scanner.scan(content)
    assert not result.failed
    assert not result.timed_out
    return [(hit.secret.reveal(), hit.decoded) for hit in result.hits]


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.compress,
    "zip:app.env": zipped,
}


@pytest.mark.parametrize("how", PACKERS)
def test_what_is_packed_is_found(how: str) -> None:
    """Its place is all of the archive."""
    content = PACKERS[how](expand("{letters:4000} ") + LINE)  # short, some leave it as it is
    (hit,) = SCANNER.scan(content).hits
    assert hit.secret.reveal() == VALUE
    assert (hit.start, hit.end, hit.decoded) == (0, len(content), how)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_method_of_zip(method: int) -> None:
    """As far as the standard library writes it."""
    assert found(zipped(LINE * 99, method=method)) == [(VALUE, "zip:app.env")]


def test_a_member_that_is_only_stored_has_a_place_of_its_own() -> None:
    """Right behind the member's name, where a word would not end."""
    content = zipped(VALUE, method=zipfile.ZIP_STORED)
    (hit,) = SCANNER.scan(content).hits
    assert content[hit.start : hit.end] == VALUE


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from([*PACKERS, "tar:app.env"]), min_size=1, max_size=4))
def test_archives_in_each_other(ways: list[str]) -> None:
    """Whatever is in which. A tar archive holds its members as they are."""
    content = LINE
    for how in ways:
        content = tarred(content) if how.startswith("tar") else PACKERS[how](content)
    ((value, decoded),) = found(content)
    assert value == VALUE
    # A stream that would not get smaller holds it as it is, and a tar archive always does.
    assert not decoded or set(decoded.split(" > ")) <= set(ways)


def test_several_secrets_of_one_archive() -> None:
    """They have one place, and each is found once."""
    others = [expand("{crc32:ghp_}", seed) for seed in range(3)]
    content = gzip.compress(b"\n".join(others * 2))
    assert sorted(found(content)) == sorted((value, "gzip") for value in others)


def test_a_helm_release() -> None:
    """Gzip in base64 in base64, over lines."""
    content = b"release: |\n  " + wrapped(b64encode(b64encode(gzip.compress(LINE))), 76, b"\n  ")
    assert found(content) == [(VALUE, "base64 > base64 > gzip")]


def test_a_word_document() -> None:
    """Its text, though markup stands in the middle of the token."""
    half = len(VALUE) // 2
    markup = b"<w:p><w:r><w:t>%s</w:t></w:r><w:r><w:t>%s</w:t></w:r></w:p>"
    content = zipped(markup % (VALUE[:half], VALUE[half:]), "word/document.xml")
    assert found(content) == [(VALUE, "zip:word/document.xml")]


def test_the_name_of_a_member_that_holds_a_secret_is_not_told() -> None:
    """Nor one that could move a cursor, or lead a reader astray."""
    other = expand("{crc32:ghp_}", 9)
    for name in (other.decode() + ".txt", "a\x1b[2J", "a > b", "x" * 500):
        shown = dict(found(zipped(LINE, name)))
        assert shown[VALUE] == "zip"


def test_an_archive_in_base64() -> None:
    """A whole jar in a manifest."""
    content = b"jar: " + b64encode(zipped(LINE)) + b"\n"
    (hit,) = SCANNER.scan(content).hits
    assert (hit.start, hit.end) == (5, len(content) - 1)
    assert hit.decoded == "base64 > zip:app.env"


def test_a_compressed_stream_holds_no_escapes() -> None:
    """Chance writes some, and a stream in which they are undone unpacks to what nobody wrote."""
    stream = gzip.compress(LINE)
    escaped = stream[:20] + b"\\x%02x" % stream[20] + stream[21:]
    assert found(b"blob: " + b64encode(escaped) + b"\n") == []
    assert found(b"blob: " + b64encode(stream) + b"\n") == [(VALUE, "base64 > gzip")]


def test_depth_of_archives() -> None:
    """As many as asked for, one in the other."""
    content = gzip.compress(gzip.compress(gzip.compress(LINE)))
    depths = [default_decoding(archive_depth=depth) for depth in range(5)]
    counts = [len(Scanner([DETECTOR], decoding=one).scan(content).hits) for one in depths]
    assert counts == [0, 0, 0, 1, 1]


def encrypted() -> bytes:
    content = bytearray(zipped(LINE))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (encrypted(), "zip: a member is encrypted"),
        (zipped(LINE)[:-30], "zip: it is damaged or cut off"),
        (gzip.compress(LINE, mtime=0)[:-12], "gzip: it is damaged or cut off"),
        (lzma.compress(LINE)[:-12], "xz: it is damaged or cut off"),
        (bz2.compress(LINE)[:-12], "bzip2: it is damaged or cut off"),
        (tarred(LINE)[:515], "tar: it is cut off"),
    ],
)
def test_what_cannot_be_read_is_told(content: bytes, reason: str) -> None:
    """It is never silence."""
    assert SCANNER.scan(content).unread == (reason,)


def test_a_text_is_no_archive_for_its_first_letters() -> None:
    """It can be the name of a file, or of a person."""
    assert SCANNER.scan(b"BZhang wrote this") == CLEAN
    assert SCANNER.scan(b"PK\n") == CLEAN


def test_what_was_unpacked_before_the_damage_counts() -> None:
    """The start of a stream is not given up for its end."""
    content = gzip.compress(LINE + bytes(range(256)) * 200, 0)
    result = SCANNER.scan(content[:-1000])
    assert [hit.secret.reveal() for hit in result.hits] == [VALUE]
    assert result.unread


@pytest.mark.parametrize("how", PACKERS)
def test_a_bomb_is_told_and_not_unpacked(how: str) -> None:
    """Past the limits nothing is unpacked, whatever it claims to hold."""
    content = PACKERS[how](bytes(20 << 20))
    (reason,) = SCANNER.scan(content).unread
    assert reason == "what is packed in it is 250 times its size"
    (reason,) = bounded(total=1 << 20).scan(content).unread
    assert reason == "more than 1 MB are encoded in it"


def test_bombs_in_bombs() -> None:
    """What is in an archive in an archive counts for the outermost one."""
    content = zipped(bytes(15 << 20))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for number in range(50):
            archive.writestr(str(number), content)
    assert SCANNER.scan(held.getvalue()).unread == ("what is packed in it is 250 times its size",)


def test_too_many_members() -> None:
    """They are counted before they are listed."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for number in range(30):
            archive.writestr(str(number), b"nothing")
    (reason,) = bounded(parts=20).scan(held.getvalue()).unread
    assert reason == "zip: it has more than 20 members"


def test_a_long_stream_is_looked_at_in_pieces() -> None:
    """Nothing is lost where one piece ends."""
    tokens = [expand("{crc32:ghp_}", seed) for seed in range(40)]
    text = b"".join(token + b"\n" + b"x y\n" * 20_000 for token in tokens)
    content = gzip.compress(text, 1)
    values = {value for value, _ in found(content, bounded(piece=1 << 19, ratio=1000))}
    assert values == set(tokens)


def test_time_runs_out() -> None:
    """It is recorded, as where a detector takes too long."""
    scanner = Scanner([DETECTOR], decoding=default_decoding(), confirm_seconds=0.0)
    assert scanner.scan(zipped(LINE)).timed_out == ("decoding",)


STARTS = [
    b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\x1f\x8b\x08", b"BZh91AY&SY", b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd", b"\xff\xfe", bytes(257) + b"ustar", b'"cell_type":', b'"source": ["',
    b"kind: Secret\n", b"cGFzc3dvcmQ", b"H4sIAAAA", b"UEsDB", b"\\u0067",
    b"\\x67\\x68",
    b"%3A%2F%2Fa%3A", b'token\\"', b"token&quot;", b"&#103;&#104;&#", b"p\0a\0s\0s\0w\0o\0r\0d\0",
    b"70617373776f7264", b";base64,", b"\n", b"\\n", b"\\", b'"', b"=", b"%", VALUE, b"password",
    gzip.compress(LINE), zipped(LINE), tarred(zipped(LINE)), b64encode(LINE),
]  # fmt: skip


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.one_of(st.sampled_from(STARTS), st.binary(max_size=30)), st.integers(1, 40)),
        max_size=8,
    ),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=5),
)
def test_hostile_contents_are_survived(
    parts: list[tuple[bytes, int]], damage: list[tuple[int, int]]
) -> None:
    """Nothing fails, and what is found lies in the content."""
    content = bytearray(b"".join(part * times for part, times in parts))
    for at, byte in damage:
        if at < len(content):
            content[at] = byte
    result = SCANNER.scan(bytes(content))
    assert not result.failed
    assert not any("failed" in reason for reason in result.unread)
    for hit in result.hits:
        assert 0 <= hit.start < hit.end <= len(content)


@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(STARTS), st.integers(1000, 8000), st.sampled_from([50, 500]),
    st.sampled_from([10_000, 100_000]),
)  # fmt: skip
def test_the_work_is_bounded(start: bytes, times: int, parts: int, total: int) -> None:
    """However often something starts in a content, so much is decoded and no more."""
    seen: list[int] = []

    class Counting(RuleDetector):
        def confirm(self, content, spans, deadline):
            seen.append(len(content))
            return super().confirm(content, spans, deadline)

    decoding = default_decoding()._replace(limits=Limits(total=total, parts=parts))
    Scanner(
        [Counting([rule for rule in built_in_rules() if rule.prefix and not rule.assigned])],
        decoding=decoding,
    ).scan(start * times)
    assert len(seen) <= 1 + parts * 8
    assert sum(seen[1:]) <= total * 8
