"""Contents too large for memory are scanned in windows, with the same sightings."""

from __future__ import annotations

import mmap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.template import expand
from fixtures_repos import layouts
from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import token
from forensics.index.records import Sighting
from forensics.scan import examine as module
from forensics.scan.examine import examine, examine_large
from tests.scan.scanning import ALL_RULES, KEY, same_findings, scan

WINDOW, OVERLAP = 32768, 16384
SECRETS = [
    token(1),
    token(2),
    expand("sk_live_{alnum:24}"),
    expand("sk_live_{alnum:90}"),
    expand("github_pat_{alnum:22}_{alnum:59}"),
    expand("{jwt:HS256}"),
    b"password = '" + expand("{alnum:30}") + b"'",
    b"postgresql://app:" + expand("{alnum:20}") + b"@db.acme.example/parcels",
    expand("{pem:RSA PRIVATE KEY}"),
    expand("{pem-json:PRIVATE KEY}"),
]
FILLERS = [b"x", b" ", b"\n", b"a line of text\n", b"\0", b"=", b"abc,"]


@pytest.fixture(scope="module", autouse=True)
def small_windows() -> object:
    """Windows of which a test can fill several."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "_WINDOW", WINDOW)
        patched.setattr(module, "_OVERLAP", OVERLAP)
        yield


def in_windows(content: bytes) -> list[Sighting]:
    sightings, skips = examine_large(ALL_RULES.scanner(), KEY, b"o" * 20, "blob", content)
    assert not skips
    return sorted(sightings, key=lambda one: (one.start, one.end))


def at_once(content: bytes) -> list[Sighting]:
    sightings, skips = examine(ALL_RULES.scanner(), KEY, b"o" * 20, "blob", content)
    assert not skips
    return sorted(sightings, key=lambda one: (one.start, one.end))


pieces = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(FILLERS), st.integers(0, 9000)),
        st.tuples(st.sampled_from(SECRETS), st.just(1)),
    ),
    max_size=8,
)


@settings(
    max_examples=150, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(pieces)
def test_windows_see_what_one_look_sees(given: list[tuple[bytes, int]]) -> None:
    """Every sighting once, with its lines and columns, wherever the windows end."""
    content = b"".join((piece * times)[:9000] for piece, times in given)
    assert in_windows(content) == at_once(content)


@pytest.mark.parametrize("secret", SECRETS, ids=range(len(SECRETS)))
def test_a_secret_at_the_edge_of_a_window(secret: bytes) -> None:
    """At its end, or the next one's start: whole, once, and nothing but it."""
    line = b"# a line of text\n"
    edges = (WINDOW - OVERLAP, WINDOW, 2 * (WINDOW - OVERLAP))
    for edge in edges:
        for shift in (-len(secret) - 1, -len(secret), -len(secret) // 2, -8, -1, 0, 1):
            start = edge + shift
            before = (line * 2000)[: start - 1] + b"\n"
            content = before + secret + b"\n" + line * 800
            assert in_windows(content) == at_once(content), (edge, shift)


def test_lines_and_columns_count_from_the_start_of_the_file() -> None:
    """Also where a line is longer than a window."""
    content = b"first\n" + b"." * 3 * WINDOW + b" " + token(1) + b" .\nlast " + token(2) + b"\n"
    first, second = in_windows(content)
    assert (first.start_line, first.end_line) == (2, 2)
    assert first.start_column == 3 * WINDOW + 2
    assert first.end_column == first.start_column + len(token(1)) - 1
    assert (second.start_line, second.start_column) == (3, 6)
    assert content[first.start : first.end] == token(1)


def test_a_mapped_file_is_scanned_like_bytes(tmp_path: Path) -> None:
    """That is how a large one comes."""
    content = b"a line\n" * 5000 + token(1) + b"\n"
    file = tmp_path / "large"
    file.write_bytes(content)
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as held:
        sightings, _ = examine_large(ALL_RULES.scanner(), KEY, b"o" * 20, "blob", held)
    assert sightings == at_once(content)


@pytest.mark.parametrize("packed", [False, True])
def test_large_blobs_in_a_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    """Built in a file, whole or from deltas, and found like any other."""
    builder = Builder(tmp_path / "r", bare=True)
    for at in range(3):
        lines = b"".join(b"line %d of version %d\n" % (line, at) for line in range(2000))
        builder.write("large.env", lines + b"TOKEN=%s\n" % token(at) + lines)
        builder.commit(f"Version {at}")
    if packed:
        layouts.repack(builder.path)
    small = scan(builder.path, tmp_path / "small.db")
    monkeypatch.setattr("forensics.git.inflate.Limits.__new__.__defaults__", (10_000, 4 << 30))
    large = scan(builder.path, tmp_path / "large.db")
    assert large.summary.complete
    assert same_findings(large.findings) == same_findings(small.findings)
    assert large.occurrences == small.occurrences
