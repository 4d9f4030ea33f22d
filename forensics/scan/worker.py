"""Reading and examining one task: what a worker process does, and what a scan without does."""

from __future__ import annotations

from typing import NamedTuple

from detectors.scanner import Scanner
from forensics.git.graph import GraphPart, GraphTaker
from forensics.git.objects import GitObject, ObjectReader, Skipped
from forensics.git.plan import Task
from forensics.git.treedelta import ParsedTree
from forensics.index.records import Sighting, Skip
from forensics.key import Key
from forensics.scan.changes import changed_windows
from forensics.scan.examine import examine, examine_large

__all__ = ["TaskResult", "scan_task"]

_NOTHING_STANDS = "nothing stands in it"


class TaskResult(NamedTuple):
    """What a task found. Crosses from worker to parent; holds no secret."""

    covered: bytes
    """Ids of the objects examined, one after another."""
    bytes_read: int
    sightings: list[Sighting]
    skips: list[Skip]
    graph: GraphPart
    """Trees and commits."""


def _nothing_new(scanner: Scanner, found: GitObject) -> bool:
    """Whether what changed since a version without anchors shows that this one has none."""
    if found.answer is not _NOTHING_STANDS or not isinstance(found.delta, bytes):
        return False
    assert isinstance(found.content, bytes)
    windows = changed_windows(found.delta, found.content, scanner.reach)
    return windows is not None and scanner.prefilter.find(windows) is None


def _take_tree(graph: GraphTaker, found: GitObject) -> ParsedTree | None:
    base = found.answer if isinstance(found.answer, ParsedTree) else None
    delta = found.delta if isinstance(found.delta, bytes) else None
    return graph.tree(found.oid, bytes(found.content), delta, base)


def scan_task(
    reader: ObjectReader, scanner: Scanner, key: Key, task: Task, hash_bytes: int
) -> TaskResult:
    """Examine every blob, commit and tag of a task, and take down its trees and commits."""
    covered: list[bytes] = []
    sightings: list[Sighting] = []
    skips: list[Skip] = []
    graph = GraphTaker(hash_bytes)
    total = 0
    find = scanner.prefilter.find
    stream = reader.read(task)
    answer: str | ParsedTree | None = None
    while True:
        try:
            found = stream.send(answer)
        except StopIteration:
            break
        answer = None
        if isinstance(found, Skipped):
            skips.append(Skip(found.oid, found.reason))
            continue
        oid, kind, content = found.oid, found.kind, found.content
        covered.append(oid)
        total += len(content)
        if kind == "tree":
            answer = _take_tree(graph, found)
            continue  # its names are scanned where they are joined
        if kind == "commit" and not graph.commit(oid, bytes(content)):
            skips.append(Skip(oid, "it is a malformed commit"))
        if not isinstance(content, bytes):
            seen, missed = examine_large(scanner, key, oid, kind, content)
        elif _nothing_new(scanner, found) or find(content) is None:
            answer = _NOTHING_STANDS
            continue
        else:
            seen, missed = examine(scanner, key, oid, kind, content)
        sightings += seen
        if missed:
            skips += missed
            covered.pop()
    return TaskResult(b"".join(covered), total, sightings, skips, graph.part())
