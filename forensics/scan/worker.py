"""Reading and examining one task: what a worker process of a scan does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from detectors.scanner import Scanner
from forensics.errors import GitFailed
from forensics.git.careful_history import read_history_carefully
from forensics.git.history import HistoryPart, read_history
from forensics.git.lfs import read_pointer
from forensics.git.objects import ObjectReader, Skipped, Vouched
from forensics.git.plan import HistoryTask, ObjectPlan, PackTask, PayloadTask, Task
from forensics.git.runner import Git
from forensics.index.payloads import ABSENT, READ, UNREADABLE, PayloadClaim
from forensics.index.records import Sighting, Skip
from forensics.key import Key
from forensics.scan.changes import voucher
from forensics.scan.examine import examine, examine_large
from forensics.scan.payloads import at_pointer, claim
from forensics.scan.setup import ScannerSetup

__all__ = [
    "ScanWork", "TaskResult", "history_task", "lost_task", "payload_task", "scan_task",
]  # fmt: skip


class TaskResult(NamedTuple):
    """What a task found. Crosses from worker to parent; holds no secret."""

    covered: bytes
    """Ids of the objects examined, one after another."""
    bytes_read: int
    sightings: list[Sighting]
    skips: list[Skip]
    loose_commits: list[bytes]
    """Ids of commits that the plan could not know. They count as covered once their changes are
    told."""
    history: HistoryPart | None = None
    payloads: Sequence[PayloadClaim] = ()
    """Pointers of LFS that were met, or what came of their payloads."""


def lost_task(reason: str) -> TaskResult:
    """What a task found that was not done."""
    return TaskResult(b"", 0, [], [Skip(b"", reason)], [])


class ScanWork(NamedTuple):
    """What the workers of a scan do, see `forensics.scan.pool.Work`."""

    plan: ObjectPlan
    git: Git
    setup: ScannerSetup
    key: Key
    sendable: bool = True

    def begin(self) -> Callable[[Task], TaskResult]:
        """Make the scanner, unless a parent did, and a reader."""
        scanner = self.setup.scanner()
        reader = ObjectReader(self.plan)

        def do(task: Task) -> TaskResult:
            if isinstance(task, HistoryTask):
                return history_task(self.plan, self.git, task.commits)
            if isinstance(task, PayloadTask):
                return payload_task(reader, scanner, self.key, task)
            return scan_task(reader, scanner, self.key, task)

        return do


def history_task(made: ObjectPlan, git: Git, commits: tuple[bytes, ...]) -> TaskResult:
    """What some commits changed: as git tells it, or where git gives up or could be led astray,
    as our own reader does."""
    try:
        if made.faulty:
            raise GitFailed("a damaged pack could lead git astray")
        return TaskResult(b"", 0, [], [], [], read_history(git, commits))
    except GitFailed:
        part, lost = read_history_carefully(made.repository, made, commits)
        return TaskResult(b"", 0, [], [Skip(one.oid, one.reason) for one in lost], [], part)


def scan_task(reader: ObjectReader, scanner: Scanner, key: Key, task: Task) -> TaskResult:
    """Examine every object of a task."""
    covered: list[bytes] = []
    sightings: list[Sighting] = []
    skips: list[Skip] = []
    loose_commits: list[bytes] = []
    payloads: list[PayloadClaim] = []
    total = 0
    packed = isinstance(task, PackTask)
    find = scanner.prefilter.find
    stream = reader.read(task, voucher(lambda seen: find(seen) is not None, scanner.reach))
    reach, near = scanner.reach, 0
    while True:
        try:
            found = stream.send(near or None)
        except StopIteration:
            break
        near = 0
        if isinstance(found, Vouched):
            covered.append(found.oid)
            total += found.size
            continue
        if isinstance(found, Skipped):
            skips.append(Skip(found.oid, found.reason))
            continue
        oid, kind, content = found.oid, found.kind, found.content
        total += len(content)
        seen: list[Sighting] = []
        missed: list[Skip] = []
        # No version that is small enough for a pointer is ever vouched for.
        if kind == "blob" and (pointer := read_pointer(oid, content)) is not None:
            payloads.append(claim(pointer, ABSENT))
        if not isinstance(content, bytes):
            seen, missed = examine_large(scanner, key, oid, kind, content)
        elif (anchors := find(content)) is None:
            near = reach
        else:
            seen, missed = examine(scanner, key, oid, kind, content, anchors)
            if not seen and not missed:
                near = scanner.settled(content, anchors)
        sightings += seen
        if kind == "commit" and not packed:
            # Covered once its changes are told, so what was missed is not read again.
            loose_commits.append(oid)
            missed = [one._replace(lasting=True) for one in missed]
        elif not missed or all(one.lasting for one in missed):
            covered.append(oid)
        skips += missed
    return TaskResult(b"".join(covered), total, sightings, skips, loose_commits, payloads=payloads)


def payload_task(reader: ObjectReader, scanner: Scanner, key: Key, task: PayloadTask) -> TaskResult:
    """Examine payloads of LFS, as far as they are here."""
    pointers = {one.oid: one for one in task.pointers}
    states = dict.fromkeys(pointers, ABSENT)
    sightings: list[Sighting] = []
    skips: list[Skip] = []
    total = 0
    for found in reader.read(task):
        assert not isinstance(found, Vouched)
        if isinstance(found, Skipped):
            states[found.oid] = UNREADABLE
            skips.append(Skip(found.oid, found.reason))
            continue
        total += len(found.content)
        if isinstance(found.content, bytes):
            seen, missed = examine(scanner, key, found.oid, found.kind, found.content)
        else:
            seen, missed = examine_large(scanner, key, found.oid, found.kind, found.content)
        states[found.oid] = READ if all(one.lasting for one in missed) else UNREADABLE
        sightings += at_pointer(pointers[found.oid], key, seen)
        skips += missed
    claims = [claim(pointers[oid], state) for oid, state in states.items()]
    return TaskResult(b"", total, sightings, skips, [], payloads=claims)
