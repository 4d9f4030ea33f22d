"""Looking for secrets that are known by their values, where no rule finds them.

A value may move to where no rule looks for it. So once values are found they are read again, and
searched for in every object: new ones in all, those of earlier scans in what is new. They stay in
memory, of this process and of those forked from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from forensics.git.plan import HistoryTask, ObjectPlan, Task, plan
from forensics.git.single import single_objects
from forensics.index.records import Sighting
from forensics.index.writer import IndexWriter
from forensics.key import Key
from forensics.scan.by_value import KnownValues, Look, elsewhere
from forensics.scan.changes import voucher
from forensics.scan.payloads import KnownPayloads, at_pointer, payload_tasks
from forensics.scan.pool import Failed, WorkerPool
from forensics.scan.reveal import read_values
from forensics.scan.searching import SearchWork
from forensics.scan.setup import ScannerSetup

__all__ = ["sweep"]

_FEW = 5_000
"""Literals that are looked for in a content faster than it is told where a version changed."""
_KINDS = ("blob", "commit", "tag")


def sweep(
    made: ObjectPlan,
    payloads: KnownPayloads,
    everything: bool,
    writer: IndexWriter,
    key: Key,
    setup: ScannerSetup,
    jobs: int,
) -> list[Look]:
    """Store where known values stand and no rule found them; what finds these values.

    Args:
        made: what this scan read.
        payloads: of LFS that it and those before it read.
        everything: whether that is all that there is.
        writer: of the index.
        key: the index's.
        setup: what the scan looked with.
        jobs: worker processes.
    """
    samples = writer.samples()
    known = _read(made, writer, key, setup, samples) if samples else KnownValues()
    parts = [*known.parts(key, marks=setup.marks)]
    looks = [look for _, look in parts]
    new = samples.keys() - writer.swept()
    pointers = payloads.read(before=False)
    if not known or not (new or made.objects or pointers):
        return looks
    if new & known.secrets and not everything:
        made = plan(made.repository, kinds=_KINDS, jobs=jobs)
        pointers = payloads.read()
    contents: list[Task] = [one for one in made.tasks if not isinstance(one, HistoryTask)]
    made = replace(made, tasks=[*contents, *payload_tasks(pointers)])
    pointing = {one.oid: one for one in pointers}
    done = True
    found: list[Sighting] = []
    for finder, look in parts:
        few = len(finder) < _FEW
        vouch = None if few else voucher(finder.may_stand_in, finder.reach)
        work = SearchWork(made, look, vouch=vouch)
        with WorkerPool(made, work, jobs) as pool:
            for _, answer in pool.results():
                if isinstance(answer, Failed):
                    done = False
                    continue
                found += [
                    one._replace(oid=held.oid, kind=held.kind)
                    for held in answer.held
                    if held.kind in _KINDS
                    for one in held.found
                ]
                for held in answer.held:
                    if held.kind == "payload":
                        found += at_pointer(pointing[held.oid], key, held.found)
    taken = writer.spans_of({one.oid for one in found})
    writer.add_swept(elsewhere(found, taken), known.secrets if done else set())
    return looks


def _read(
    made: ObjectPlan,
    writer: IndexWriter,
    key: Key,
    setup: ScannerSetup,
    samples: Mapping[bytes, Sighting],
) -> KnownValues:
    """The values of secrets, as far as they can be told from chance."""
    known = KnownValues()
    secrets = [one.hex() for one in samples]
    with single_objects(made.repository, made) as single:
        values = read_values(made.repository, writer.connection, key, secrets, setup, single)
    for name, value in sorted(values.items()):
        known.add(samples[bytes.fromhex(name)], value.canonical, value.raw)
    return known
