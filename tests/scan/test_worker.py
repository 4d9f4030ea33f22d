"""What a task counts as covered: all that it examined to the end, and nothing else."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from detectors.anchor import Anchor
from detectors.deadline import Deadline
from detectors.detector import Spans
from detectors.hit import Hit, Kind
from detectors.scanner import Scanner
from forensics.git.objects import GitObject, ObjectReader
from forensics.git.plan import LooseTask, PackTask, Task
from forensics.scan.worker import TaskResult, scan_task
from tests.scan.scanning import KEY

CLEAN, SLOW = b"nothing here", b"this is slow!"


class TooSlow:
    """A detector that is out of time wherever it looks."""

    version = "slow 1"
    kinds = (Kind("acme.slow", "Slow", "low", "It is slow.", "Wait."),)
    anchors: Sequence[Anchor] = (Anchor("slow!", 5, keywords=("slow!",)),)

    def confirm(
        self, content: bytes, spans: Mapping[int, Spans], deadline: Deadline
    ) -> Iterator[Hit]:
        yield from ()
        raise TimeoutError


def oid(number: int) -> bytes:
    return bytes((number,)) * 20


LOOSE = LooseTask(Path("objects"), (), 0)
PACKED = PackTask(0, np.empty(0, np.int64), 0)


def examined(task: Task, *objects: tuple[str, bytes]) -> TaskResult:
    """What becomes of a task that holds these objects, by kind and content."""

    class Reader:
        def read(self, task: Task, vouch: object) -> Generator[GitObject, Any, None]:
            for number, (kind, content) in enumerate(objects):
                yield GitObject(oid(number), kind, content)

    reader = cast(ObjectReader, Reader())
    return scan_task(reader, Scanner([TooSlow()]), KEY, task)


@pytest.mark.parametrize("task", [LOOSE, PACKED], ids=["loose", "packed"])
def test_what_ran_out_of_time_is_read_again_and_nothing_else(task: Task) -> None:
    """Wherever it comes among the others."""
    made = examined(task, ("blob", SLOW), ("blob", CLEAN), ("blob", SLOW), ("tree", CLEAN))
    assert made.covered == oid(1) + oid(3)
    assert [(one.oid, one.lasting) for one in made.skips] == [(oid(0), False), (oid(2), False)]


def test_a_loose_commit_is_covered_by_its_history() -> None:
    """What was missed in its message stays noted, and no other object is read again for it."""
    made = examined(LOOSE, ("blob", CLEAN), ("commit", SLOW), ("commit", CLEAN), ("blob", SLOW))
    assert made.covered == oid(0)
    assert made.loose_commits == [oid(1), oid(2)]
    assert [(one.oid, one.lasting) for one in made.skips] == [(oid(1), True), (oid(3), False)]


def test_a_task_of_loose_commits_alone() -> None:
    """There is nothing else that could count."""
    assert examined(LOOSE, ("commit", SLOW)).covered == b""
