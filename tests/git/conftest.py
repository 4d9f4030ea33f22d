"""Tests in this folder read repositories that may never end; each gets a time limit."""

from __future__ import annotations

import faulthandler
import signal
import sys
from collections.abc import Iterator
from types import FrameType

import pytest

_SECONDS, _SECONDS_OF_A_PROPERTY = 20, 300
"""Hypothesis runs one test many times, and longer still to shrink a failure."""


@pytest.fixture(autouse=True)
def _no_hanging(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that runs too long; where a C library never returns, end its process."""

    seconds = _SECONDS_OF_A_PROPERTY if "property" in request.path.name else _SECONDS

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        pytest.fail(f"still running after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    faulthandler.dump_traceback_later(seconds + 5, exit=True, file=sys.__stderr__ or sys.stderr)
    yield
    faulthandler.cancel_dump_traceback_later()
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
