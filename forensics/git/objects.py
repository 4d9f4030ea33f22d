"""Streaming the object database: every distinct object once."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from forensics.git.copies import another_copy
from forensics.git.inflate import IN_MEMORY, Content, Damaged, Limits
from forensics.git.lfs import PayloadAbsent, PayloadDamaged, PayloadStore
from forensics.git.loose import read_loose
from forensics.git.pack import Pack
from forensics.git.packheaders import FAULTS, KINDS, release
from forensics.git.plan import (
    FaultyTask,
    LooseTask,
    ObjectPlan,
    PackTask,
    PayloadTask,
    Skipped,
    Task,
    plan,
)
from forensics.git.reachable import borrowed_and_reachable
from forensics.git.repository import Repository
from forensics.git.walk import Unbuilt, Voucher, walk

__all__ = ["GitObject", "ObjectReader", "Skipped", "Vouched", "stream_objects"]


class GitObject(NamedTuple):
    """One object of the database."""

    oid: bytes
    kind: str
    """`blob`, `tree`, `commit` or `tag`; `payload` for one of LFS, by the id of its pointer."""
    content: Content


class Vouched(NamedTuple):
    """An object that need not be looked at, because of what is known of another version."""

    oid: bytes
    size: int


def _nobody(_base: Content, _delta: Content, _near: int) -> None:
    """Vouch for nothing."""


class ObjectReader:
    """Reads the tasks of a plan."""

    def __init__(self, made: ObjectPlan, limits: Limits | None = None) -> None:
        self._plan, self._limits = made, limits or Limits()
        self._folders = (made.repository.objects, *made.repository.alternates)
        self._payloads = PayloadStore(made.repository.common_dir)

    def read(
        self, task: Task, vouch: Voucher = _nobody
    ) -> Generator[GitObject | Vouched | Skipped, Any, None]:
        """Yield the task's objects.

        Where a number is sent back for one, each version that stands on it is offered to `vouch`
        with that, and if it knows its size it need not be built.
        """
        if isinstance(task, PackTask):
            return self._read_pack(task, vouch)
        if isinstance(task, LooseTask):
            return self._read_loose(task)
        if isinstance(task, PayloadTask):
            return self._read_payloads(task)
        assert isinstance(task, FaultyTask)
        return self._read_faulty(task)

    def _read_pack(
        self, task: PackTask, vouch: Voucher
    ) -> Generator[GitObject | Vouched | Skipped, Any, None]:
        planned = self._plan.packs[task.pack]
        pack, wanted = planned.pack, planned.wanted.view("u1").data
        oid, kinds = pack.oid, pack.headers.kind.data

        def copy(number: int) -> Content | None:
            found = self._copy(oid(number), pack)
            return found and found[1]

        objects = walk(pack, planned.families, task.starts.tolist(), self._limits, copy, vouch)
        answer = None
        while True:
            try:
                built = objects.send(answer)
            except StopIteration:
                release(pack.data)
                return
            answer = None
            if isinstance(built, Unbuilt):
                if wanted[built.number]:
                    yield self._elsewhere(oid(built.number), built.reason, pack)
                continue
            number, content, size = built
            if wanted[number]:
                if content is None:
                    yield Vouched(oid(number), size)
                else:
                    answer = yield GitObject(oid(number), KINDS[kinds[number]], content)

    def _read_loose(self, task: LooseTask) -> Generator[GitObject | Skipped, Any, None]:
        for oid in task.ids:
            try:
                yield GitObject(oid, *read_loose(task.objects, oid, self._limits))
            except Damaged as damage:
                yield self._elsewhere(oid, str(damage), task.objects)

    def _read_faulty(self, task: FaultyTask) -> Generator[GitObject | Skipped, Any, None]:
        pack = self._plan.packs[task.pack].pack
        for number in task.numbers:
            reason = FAULTS[int(pack.headers.fault[number])]
            yield self._elsewhere(pack.oid(number), reason, pack)

    def _read_payloads(self, task: PayloadTask) -> Generator[GitObject | Skipped, Any, None]:
        """Those that are here."""
        for pointer in task.pointers:
            try:
                yield GitObject(pointer.oid, "payload", self._payloads.read(pointer))
            except PayloadAbsent:
                continue
            except PayloadDamaged as damage:
                yield Skipped(pointer.oid, str(damage))

    def _elsewhere(self, oid: bytes, reason: str, besides: Pack | Path) -> GitObject | Skipped:
        """Another copy of the object, or the reason why it cannot be read."""
        found = self._copy(oid, besides)
        return Skipped(oid, reason) if found is None else GitObject(oid, *found)

    def _copy(self, oid: bytes, besides: Pack | Path) -> tuple[str, Content] | None:
        return another_copy(oid, self._plan.opened, self._folders, self._limits, besides=besides)


def stream_objects(
    repository: Repository, *, max_bytes: int = IN_MEMORY
) -> Iterator[GitObject | Skipped]:
    """Yield every object of the repository's database once, in one process.

    Args:
        repository: as `open_repository` gives it.
        max_bytes: larger contents come as mappings of temporary files.

    Raises:
        GitFailed: objects are borrowed, and git cannot tell which of them matter.
    """
    made = plan(repository, reachable=borrowed_and_reachable(repository))
    yield from made.skipped
    reader = ObjectReader(made, Limits(in_memory=max_bytes))
    for task in made.tasks:
        for found in reader.read(task):
            assert not isinstance(found, Vouched)
            yield found
