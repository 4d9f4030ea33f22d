"""Planning a read of the object database: each distinct object once, in tasks to share."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forensics.git.families import Families, plan_families
from forensics.git.lfs import Pointer
from forensics.git.loose import loose_path
from forensics.git.loose_ids import list_loose
from forensics.git.pack import Pack, open_pack
from forensics.git.packheaders import COMMIT, KINDS, TREE
from forensics.git.packindex import DamagedPack
from forensics.git.packs import list_indexes, list_packs
from forensics.git.repository import Repository
from forensics.git.seen import Seen, contains

__all__ = [
    "FaultyTask", "HistoryTask", "LooseTask", "ObjectPlan", "PackTask", "PayloadTask",
    "PlannedPack", "Skipped", "Task", "plan",
]  # fmt: skip

_LOOSE_IN_A_TASK = 256
_FAULTY_IN_A_TASK = 4096
_LEAST_TASK, _MOST_TASK = 4 << 20, 48 << 20
_TASKS_A_JOB = 24
_COMMIT_COST = 50_000
"""Bytes whose handling costs as much as telling what a commit changed."""


class Skipped(NamedTuple):
    """An object, or with an empty id a whole pack, that could not be read, and why."""

    oid: bytes
    reason: str


class PlannedPack(NamedTuple):
    """A pack and what to read of it."""

    pack: Pack
    wanted: NDArray[np.bool_]
    """Shape (n,)."""
    families: Families


class PackTask(NamedTuple):
    """Some delta families of a pack, or a part of one."""

    pack: int
    starts: NDArray[np.int64]
    weight: int


class FaultyTask(NamedTuple):
    """Objects of a pack whose headers show that they cannot be read from it."""

    pack: int
    numbers: tuple[int, ...]
    weight: int


class LooseTask(NamedTuple):
    """Some loose objects of one object directory."""

    objects: Path
    ids: tuple[bytes, ...]
    weight: int


class HistoryTask(NamedTuple):
    """Commits whose changes are to be told."""

    commits: tuple[bytes, ...]
    weight: int


class PayloadTask(NamedTuple):
    """Payloads of LFS to read. No plan of objects has such: what points to one is known once
    objects were read."""

    pointers: tuple[Pointer, ...]
    weight: int


Task = PackTask | FaultyTask | LooseTask | HistoryTask | PayloadTask


@dataclass(slots=True)
class ObjectPlan:
    """What is to be read, and how."""

    repository: Repository
    opened: list[Pack] = field(default_factory=list)
    """Packs looked into, those included in which there is nothing to read."""
    packs: list[PlannedPack] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    """The costliest first."""
    skipped: list[Skipped] = field(default_factory=list)
    objects: int = 0
    """Objects to read; those of loose files count before their kind is known."""
    weight: int = 0
    """Sum of the tasks' weights: about the bytes to handle."""

    commits: list[bytes] = field(default_factory=list)
    """Ids of all commits in the packs opened, whether they are to be read or not."""

    def add_history(self, commits: Sequence[bytes], jobs: int) -> None:
        """Plan to tell what these commits changed."""
        share = min(max(len(commits) // (2 * jobs), 500), 8000)
        for at in range(0, len(commits), share):
            group = tuple(commits[at : at + share])
            self.tasks.append(HistoryTask(group, len(group) * _COMMIT_COST))
        self._weigh()

    def _weigh(self) -> None:
        self.tasks.sort(key=lambda task: -task.weight)
        self.weight = sum(task.weight for task in self.tasks)

    @property
    def overlooked(self) -> bool:
        """Whether whole packs or folders of objects could not be looked into."""
        return any(not lost.oid for lost in self.skipped)

    @property
    def faulty(self) -> bool:
        """Whether a pack holds what could lead git itself astray, such as a circle of deltas."""
        return any(pack.headers.fault.any() for pack in self.opened)


def plan(
    repository: Repository,
    *,
    known: NDArray[np.bytes_] | None = None,
    whole: Collection[Path] = (),
    reachable: NDArray[np.bytes_] | None = None,
    kinds: Collection[str] = ("blob", "commit", "tag", "tree"),
    jobs: int = 1,
) -> ObjectPlan:
    """Plan to read every object of these kinds once, except those `known`.

    Args:
        repository: whose object database to read, alternates included.
        known: ids, ascending, of objects that need not be read.
        whole: packs all of whose objects of these kinds are known, which are not opened.
        reachable: ids, ascending; of alternates only these objects are read. None reads all.
        kinds: of packed objects to read. Loose ones come whatever their kind, because that is
            only known once they are read.
        jobs: how many readers will share the tasks.
    """
    made = ObjectPlan(repository)
    if repository.alternates_missing:
        made.skipped.append(Skipped(b"", "a folder that objects are borrowed from is not there"))
    seen = Seen(known)
    codes = [code for code, kind in KINDS.items() if kind in kinds]
    chosen: list[NDArray[np.bool_]] = []
    for number, objects in enumerate((repository.objects, *repository.alternates)):
        allowed = reachable if number else None
        for path in sorted(list_packs(objects), key=_size, reverse=True):
            if path in whole:
                continue
            try:
                pack = open_pack(path, repository)
            except DamagedPack as damage:
                made.skipped.append(Skipped(b"", f"{path.name}: {damage}"))
                continue
            of_kind = np.isin(pack.headers.kind, codes) | (pack.headers.fault != 0)
            if path.with_suffix(".mtimes").exists():
                of_kind |= pack.headers.kind == TREE  # a cruft pack: no commit may lead to them
            chosen.append(seen.add(pack.names, allowed) & of_kind)
            made.opened.append(pack)
            is_commit = pack.headers.kind == COMMIT
            if allowed is not None:
                is_commit &= contains(allowed, pack.names)
            made.commits += pack.ids(is_commit)
        for path in list_indexes(objects):
            if not path.with_suffix(".pack").exists():
                made.skipped.append(Skipped(b"", f"{path.stem}.pack: the pack is missing"))
        loose = list_loose(objects, repository.hash_bytes)
        made.skipped += [Skipped(b"", reason) for reason in loose.trouble]
        if (objects / "pack").is_dir() and not os.access(objects / "pack", os.R_OK | os.X_OK):
            made.skipped.append(Skipped(b"", "objects/pack: it cannot be read"))
        fresh = seen.add(np.array(loose.ids, f"S{repository.hash_bytes}"), allowed).tolist()
        left = [oid for oid, is_fresh in zip(loose.ids, fresh, strict=True) if is_fresh]
        made.tasks.extend(_loose_tasks(objects, left))
        made.objects += len(left)
    _plan_packs(made, chosen, jobs)
    made._weigh()
    return made


def _plan_packs(made: ObjectPlan, chosen: Sequence[NDArray[np.bool_]], jobs: int) -> None:
    expected = sum(
        int(pack.headers.size[pack.headers.root[wanted]].sum())
        for pack, wanted in zip(made.opened, chosen, strict=True)
    )
    task_weight = min(max(expected // (jobs * _TASKS_A_JOB), _LEAST_TASK), _MOST_TASK)
    for pack, wanted in zip(made.opened, chosen, strict=True):
        if not wanted.any():
            continue
        number = len(made.packs)
        families = plan_families(pack.headers, wanted, task_weight)
        made.packs.append(PlannedPack(pack, wanted, families))
        made.objects += int(wanted.sum())
        made.tasks.extend(
            PackTask(number, starts, weight)
            for starts, weight in zip(families.tasks, families.weights, strict=True)
        )
        faulty = np.nonzero(wanted & (pack.headers.fault != 0))[0].tolist()
        for at in range(0, len(faulty), _FAULTY_IN_A_TASK):
            group = tuple(faulty[at : at + _FAULTY_IN_A_TASK])
            made.tasks.append(FaultyTask(number, group, len(group)))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _loose_tasks(objects: Path, ids: Sequence[bytes]) -> Iterator[LooseTask]:
    for at in range(0, len(ids), _LOOSE_IN_A_TASK):
        group = tuple(ids[at : at + _LOOSE_IN_A_TASK])
        yield LooseTask(objects, group, 4 * sum(_size(loose_path(objects, one)) for one in group))
