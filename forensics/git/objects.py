"""Streaming the object database: every distinct object once."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple

from forensics.git.inflate import IN_MEMORY, Content, Damaged, Limits
from forensics.git.loose import read_loose
from forensics.git.packheaders import KINDS
from forensics.git.plan import LooseTask, ObjectPlan, PackTask, SingleTask, Skipped, Task, plan
from forensics.git.repository import Repository
from forensics.git.rescue import SingleObjects
from forensics.git.walk import Unbuilt, walk

__all__ = ["GitObject", "ObjectReader", "Skipped", "stream_objects"]


class GitObject(NamedTuple):
    """One object of the database."""

    oid: bytes
    kind: str
    """`blob`, `tree`, `commit` or `tag`."""
    content: Content
    delta: Content | None = None
    """The delta that makes it of another version, if it is stored so."""
    answer: Any = None
    """What the reader's user answered to that other version, if it was read in the same task."""


class ObjectReader:
    """Reads the tasks of a plan. Each process has its own; it is a context manager."""

    def __init__(self, made: ObjectPlan, limits: Limits | None = None) -> None:
        self._plan, self._limits = made, limits or Limits()
        self._stack = ExitStack()
        self._single: SingleObjects | None = None

    def __enter__(self) -> ObjectReader:
        return self

    def __exit__(self, *_: object) -> None:
        if self._single is not None:
            self._single.close()
        self._stack.close()

    def read(self, task: Task) -> Generator[GitObject | Skipped, Any, None]:
        """Yield the task's objects. What is sent back for one comes with those built on it."""
        if isinstance(task, PackTask):
            return self._read_pack(task)
        if isinstance(task, LooseTask):
            return self._read_loose(task)
        return self._read_single(task)

    def _read_pack(self, task: PackTask) -> Generator[GitObject | Skipped, Any, None]:
        pack = self._plan.packs[task.pack]
        length = self._plan.repository.hash_bytes
        ids, kinds = pack.ids, pack.headers.kind.data
        wanted = pack.wanted.view("u1").data
        objects = walk(pack.data, pack.headers, pack.families, task.starts.tolist(), self._limits)
        answer = None
        while True:
            try:
                built = objects.send(answer)
            except StopIteration:
                return
            answer = None
            if isinstance(built, Unbuilt):
                number = built.number
                if wanted[number]:
                    oid = ids[number * length : number * length + length]
                    yield self._rescued(oid, built.reason)
                continue
            number, content, delta, before = built
            if wanted[number]:
                oid = ids[number * length : number * length + length]
                answer = yield GitObject(oid, KINDS[kinds[number]], content, delta, before)

    def _read_loose(self, task: LooseTask) -> Generator[GitObject | Skipped, Any, None]:
        for oid in task.ids:
            try:
                kind, content = read_loose(task.objects, oid, self._limits)
            except Damaged as damage:
                yield self._rescued(oid, str(damage))
            else:
                yield GitObject(oid, kind, content)

    def _read_single(self, task: SingleTask) -> Generator[GitObject | Skipped, Any, None]:
        for oid in task.ids:
            yield self._rescued(oid, "")

    def _rescued(self, oid: bytes, reason: str) -> GitObject | Skipped:
        """The object as libgit2 or git read it, perhaps from another copy."""
        if self._single is None:
            self._single = SingleObjects(self._plan.repository, self._limits, self._stack)
        try:
            return GitObject(oid, *self._single.read(oid))
        except Damaged as damage:
            return Skipped(oid, reason or str(damage))


def stream_objects(
    repository: Repository, *, max_bytes: int = IN_MEMORY
) -> Iterator[GitObject | Skipped]:
    """Yield every object of the repository's database once, in one process.

    Args:
        repository: as `open_repository` gives it.
        max_bytes: larger contents come as mappings of temporary files.
    """
    made = plan(repository)
    yield from made.skipped
    with ObjectReader(made, Limits(in_memory=max_bytes)) as reader:
        for task in made.tasks:
            yield from reader.read(task)
