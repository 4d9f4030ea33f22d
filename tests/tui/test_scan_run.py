"""What is told of a scan that runs within the interface, and which options it takes."""

from __future__ import annotations

import pytest

from tui.scan_run import ScanRun
from tui.scans import options_problem


@pytest.mark.parametrize(
    "options", ["2345", "--index=other.db", "--dir .", "-- x", "--rules 'x", "--progress auto"]
)
def test_options_that_would_scan_something_else_are_refused(options: str) -> None:
    """At once, not by a scan that does not end."""
    assert options_problem(options)
    assert not options_problem("--rules my.toml --jobs 2")


def test_the_line_fits_and_tells_the_most_important_first() -> None:
    """Share, new secrets, throughput, time left."""
    now = 100.0
    run = ScanRun(lambda: now)
    run.take(b'{"phase": "reading objects", "objects": 1, "bytes": 0, "done": 10, "total": 100}')
    now = 110.0
    assert run.line(80) == "scan: reading objects  10%  0 new  1 object  S shows more"
    run.take(b'{"objects": 1234, "bytes": 20000000, "done": 50}')
    run.found = 12
    assert run.line(200) == (
        "scan: reading objects  50%  12 new  2.0 MB/s  0:12 left  1,234 objects  S shows more"
    )
    assert run.line(65) == "scan: reading objects  50%  12 new  2.0 MB/s  S shows more"
    assert run.line(5) == "scan: reading objects  S shows more"


def test_while_only_history_was_read_that_is_said() -> None:
    """It is part of the work, and none of it is an object."""
    run = ScanRun()
    run.take(b'{"phase": "reading objects", "objects": 0, "bytes": 0, "done": 36, "total": 100}')
    assert run.lines()[1].endswith(" 36% of the work")
    assert run.lines()[2] == "history until now, no object yet"
    run.take(b'{"objects": 2, "bytes": 10, "done": 40}')
    assert run.lines()[2].startswith("2 objects, 10 B")


@pytest.mark.parametrize(
    "told",
    [b"\xff\x1b[31m\n", b"[]", b'{"done": "x", "total": null}', b"[" * 100_000, b'{"note": 5}'],
)
def test_whatever_a_scan_says_is_shown_as_text(told: bytes) -> None:
    """Nothing of it is a command to the terminal, and nothing ends the interface."""
    run = ScanRun()
    run.take(told)
    for shown in (*run.lines(), *run.notes, run.line(80)):
        assert shown.isprintable()


@pytest.mark.parametrize(
    ("code", "words"),
    [(0, "is done: 0"), (1, "is done"), (3, "could not be read"), (2, "end: no such option"),
     (-9, "what it read is kept")],
)  # fmt: skip
def test_how_it_ended_is_told(code: int, words: str) -> None:
    """In a line, with what it said last where it failed."""
    run = ScanRun()
    run.take(b"no such option")
    run.code = code
    assert words in run.ending()
    assert run.line(80) == run.lines()[0] == run.ending()
