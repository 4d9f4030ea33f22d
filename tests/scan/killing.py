"""Killing a process at a chosen moment, and what must hold afterwards."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from tests.scan.scanning import Scanned, same_findings, scan


def killed(action: Callable[[], object]) -> int:
    """Run this in a process of its own; gives the signal that ended it, or 0."""
    child = os.fork()
    if not child:
        try:
            action()
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1] & 127


def dying(method: Callable[..., object], *, on_call: int, after: bool) -> Callable[..., object]:
    """The method, killing its process at its n-th call."""
    calls = 0

    def called(*given: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == on_call and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = method(*given, **named)
        if calls == on_call:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return called


def assert_completes(path: Path, index: Path, undisturbed: Scanned) -> None:
    after = scan(path, index)
    assert after.summary.complete
    assert after.occurrences == undisturbed.occurrences
    assert same_findings(after.findings) == same_findings(undisturbed.findings)
    again = scan(path, index)
    assert again.summary.objects == 0
    assert again.findings == after.findings
