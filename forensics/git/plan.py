"""Planning a read of the object database: each distinct object once, in tasks to share."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forensics.git.families import Families, plan_families
from forensics.git.inflate import Damaged
from forensics.git.loose import list_loose, loose_path, map_file
from forensics.git.packheaders import KINDS, PackHeaders, read_headers
from forensics.git.packindex import DamagedPack, PackIndex, read_pack_index
from forensics.git.repository import Repository
from forensics.git.rescue import single_objects

__all__ = [
    "LooseTask",
    "ObjectPlan",
    "PackTask",
    "PlannedPack",
    "SingleTask",
    "Skipped",
    "Task",
    "contains",
    "plan",
]

_LOOSE_IN_A_TASK = 256
_SINGLE_IN_A_TASK = 1024
_LEAST_TASK, _MOST_TASK = 4 << 20, 48 << 20
_TASKS_A_JOB = 24


@dataclass(frozen=True, slots=True)
class Skipped:
    """An object, or with an empty id a whole pack, that could not be read, and why."""

    oid: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class PlannedPack:
    """A pack and how to read it. The mapping stays valid when the file is deleted."""

    path: Path
    data: memoryview
    headers: PackHeaders
    families: Families
    wanted: NDArray[np.bool_]
    ids: bytes
    """All object ids one after another."""

    def __reduce__(self) -> tuple[object, ...]:
        rest = (self.headers, self.families, self.wanted, self.ids)
        return _reopen, (self.path, *rest)


def _reopen(path: Path, *rest: object) -> PlannedPack:
    return PlannedPack(path, map_file(path), *rest)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class PackTask:
    """Some delta families of a pack, or a part of one."""

    pack: int
    starts: NDArray[np.int64]
    weight: int


@dataclass(frozen=True, slots=True)
class LooseTask:
    """Some loose objects of one object directory."""

    objects: Path
    ids: tuple[bytes, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class SingleTask:
    """Objects that only git itself can find or read."""

    ids: tuple[bytes, ...]
    weight: int


Task = PackTask | LooseTask | SingleTask


@dataclass(slots=True)
class ObjectPlan:
    """What is to be read, and how."""

    repository: Repository
    kinds: frozenset[str]
    packs: list[PlannedPack] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    opened: list[Path] = field(default_factory=list)
    """Packs looked into, those included in which there is nothing to read."""
    commits: list[bytes] = field(default_factory=list)
    """Ids of all commits in them, whether they are to be read or not."""
    objects: int = 0
    """Objects to read; those of loose files count before their kind is known."""
    weight: int = 0
    """Sum of the tasks' weights: about the bytes to handle."""


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
    made = ObjectPlan(repository, frozenset(kinds))
    seen = _Seen(repository.hash_bytes, known)
    loose: list[tuple[Path, list[bytes]]] = []
    opened: list[tuple[Path, memoryview, PackIndex, PackHeaders, NDArray[np.bool_]]] = []
    unusual = False
    for number, objects in enumerate((repository.objects, *repository.alternates)):
        allowed = reachable if number else None
        for path in sorted(objects.glob("pack/pack-*.idx"), key=_pack_size, reverse=True):
            if path.with_suffix(".pack") in whole:
                continue
            try:
                index = read_pack_index(path, repository.hash_bytes)
                data = map_file(path.with_suffix(".pack"))
            except (DamagedPack, Damaged) as damage:
                reason = str(damage).replace("its file", "the pack")
                if "version 2" in reason and repository.object_format == "sha1":
                    unusual = True
                else:
                    made.skipped.append(Skipped(b"", f"{path.name}: {reason}"))
                continue
            headers = read_headers(data, index, repository.hash_bytes)
            new = seen.add(index.names, allowed)
            opened.append((path.with_suffix(".pack"), data, index, headers, new))
        ids = list_loose(objects, repository.hash_bytes)
        names = np.array(ids, f"S{repository.hash_bytes}")
        new = seen.add(names, allowed)
        loose.append((objects, [oid for oid, is_new in zip(ids, new, strict=True) if is_new]))

    codes = [code for code, kind in KINDS.items() if kind in made.kinds]
    chosen = [
        new & (np.isin(headers.kind, codes) | (headers.fault != 0))
        for _, _, _, headers, new in opened
    ]
    expected = sum(
        int(headers.size[headers.root[wanted]].sum())
        for (_, _, _, headers, _), wanted in zip(opened, chosen, strict=True)
    )
    task_weight = min(max(expected // (jobs * _TASKS_A_JOB), _LEAST_TASK), _MOST_TASK)
    for (path, data, index, headers, _), wanted in zip(opened, chosen, strict=True):
        made.opened.append(path)
        made.commits.extend(_ids(index.names[headers.kind == 1], repository.hash_bytes))
        if not wanted.any():
            continue
        families = plan_families(headers, wanted, task_weight)
        pack = PlannedPack(path, data, headers, families, wanted, index.names.tobytes())
        made.tasks.extend(
            PackTask(len(made.packs), starts, weight)
            for starts, weight in zip(families.tasks, families.weights, strict=True)
        )
        faulty = index.names[wanted & (headers.fault != 0)]
        made.tasks.extend(_single_tasks(_ids(faulty, repository.hash_bytes)))
        made.packs.append(pack)
        made.objects += int(wanted.sum())
    for objects, ids in loose:
        made.tasks.extend(_loose_tasks(objects, ids))
        made.objects += len(ids)
    if unusual:
        with single_objects(repository) as single:
            others = sorted(single.ids())
        names = np.array(others, f"S{repository.hash_bytes}")
        new = seen.add(names, None)
        left = [oid for oid, is_new in zip(others, new, strict=True) if is_new]
        made.tasks.extend(_single_tasks(left))
        made.objects += len(left)
    made.tasks.sort(key=lambda task: -task.weight)
    made.weight = sum(task.weight for task in made.tasks)
    return made


def _pack_size(index: Path) -> int:
    try:
        return index.with_suffix(".pack").stat().st_size
    except OSError:
        return 0


def _ids(names: NDArray[np.bytes_], hash_bytes: int) -> list[bytes]:
    data = names.tobytes()
    return [data[at : at + hash_bytes] for at in range(0, len(data), hash_bytes)]


def _loose_tasks(objects: Path, ids: list[bytes]) -> Iterator[LooseTask]:
    for at in range(0, len(ids), _LOOSE_IN_A_TASK):
        group = tuple(ids[at : at + _LOOSE_IN_A_TASK])
        weight = 0
        for oid in group:
            try:
                weight += 4 * loose_path(objects, oid).stat().st_size
            except OSError:
                continue
        yield LooseTask(objects, group, weight)


def _single_tasks(ids: list[bytes]) -> Iterator[SingleTask]:
    for at in range(0, len(ids), _SINGLE_IN_A_TASK):
        group = tuple(ids[at : at + _SINGLE_IN_A_TASK])
        yield SingleTask(group, len(group) << 14)


class _Seen:
    """Which object ids were met before, so that copies are read once."""

    def __init__(self, hash_bytes: int, known: NDArray[np.bytes_] | None) -> None:
        self._known = known
        self._met: list[NDArray[np.bytes_]] = []

    def add(
        self, names: NDArray[np.bytes_], allowed: NDArray[np.bytes_] | None
    ) -> NDArray[np.bool_]:
        """Which of `names` are new, each the first time it comes; and remember them."""
        fresh = np.ones(len(names), np.bool_)
        if allowed is not None:
            fresh &= contains(allowed, names)
        for before in self._met:
            fresh &= ~contains(before, names)
        ordered = np.sort(names[fresh])
        if len(ordered) and (ordered[1:] == ordered[:-1]).any():
            first = np.zeros(len(names), np.bool_)
            first[np.unique(names, return_index=True)[1]] = True
            fresh &= first
            ordered = np.sort(names[fresh])
        self._met.append(ordered)
        if self._known is not None:
            fresh &= ~contains(self._known, names)
        return fresh


def contains(ascending: NDArray[np.bytes_], wanted: NDArray[np.bytes_]) -> NDArray[np.bool_]:
    """Which of `wanted` stand in `ascending`."""
    if not len(ascending):
        return np.zeros(len(wanted), np.bool_)
    place = np.minimum(np.searchsorted(ascending, wanted), len(ascending) - 1)
    found: NDArray[np.bool_] = ascending[place] == wanted
    return found
