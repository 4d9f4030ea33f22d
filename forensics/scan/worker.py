"""Reading and examining one task: what a worker process does."""

from __future__ import annotations

from typing import NamedTuple

from detectors.scanner import Scanner
from forensics.errors import GitFailed
from forensics.git.careful_history import read_history_carefully
from forensics.git.history import HistoryPart, read_history
from forensics.git.inflate import Content
from forensics.git.objects import ObjectReader, Skipped, Vouched
from forensics.git.plan import ObjectPlan, PackTask, Task
from forensics.git.runner import Git
from forensics.git.walk import Voucher
from forensics.index.records import Sighting, Skip
from forensics.key import Key
from forensics.scan.changes import changed_windows
from forensics.scan.examine import examine, examine_large

__all__ = ["TaskResult", "history_task", "scan_task"]


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


def _voucher(scanner: Scanner) -> Voucher:
    """What knows the size of a version in which nothing stands, if it stood in none before."""
    find, reach = scanner.prefilter.find, scanner.reach

    def vouch(base: Content, delta: Content) -> int | None:
        if not isinstance(base, bytes) or not isinstance(delta, bytes):
            return None
        changed = changed_windows(base, delta, reach)
        if changed is None or find(changed[1]) is not None:
            return None
        return changed[0]

    return vouch


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
    total = 0
    packed = isinstance(task, PackTask)
    find = scanner.prefilter.find
    stream = reader.read(task, _voucher(scanner))
    nothing_stands: bool | None = None
    while True:
        try:
            found = stream.send(nothing_stands)
        except StopIteration:
            break
        nothing_stands = None
        if isinstance(found, Vouched):
            covered.append(found.oid)
            total += found.size
            continue
        if isinstance(found, Skipped):
            skips.append(Skip(found.oid, found.reason))
            continue
        oid, kind, content = found.oid, found.kind, found.content
        loose = kind == "commit" and not packed
        if loose:
            loose_commits.append(oid)
        else:
            covered.append(oid)
        total += len(content)
        if not isinstance(content, bytes):
            seen, missed = examine_large(scanner, key, oid, kind, content)
        elif (anchors := find(content)) is None:
            nothing_stands = True
            continue
        else:
            seen, missed = examine(scanner, key, oid, kind, content, anchors)
            nothing_stands = True if not seen and not missed and scanner.by_line(anchors) else None
        sightings += seen
        if loose:  # covered once its changes are told, so what was missed is not read again
            missed = [one._replace(lasting=True) for one in missed]
        elif any(not one.lasting for one in missed):
            covered.pop()
        skips += missed
    return TaskResult(b"".join(covered), total, sightings, skips, loose_commits)
