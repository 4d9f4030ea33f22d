"""Looking for secrets that are known by their values, where no rule finds them.

A value may move to where no rule looks for it. So once values are found they are read again, and
searched for in every object: new ones in all, those of earlier scans in what is new. They stay in
memory, of this process and of those forked from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from detectors.literals import LiteralFinder
from detectors.literals.forms import too_short
from forensics.git.inflate import Content
from forensics.git.plan import HistoryTask, ObjectPlan, Task, plan
from forensics.index.records import Sighting
from forensics.index.writer import IndexWriter
from forensics.key import Key
from forensics.scan.changes import voucher
from forensics.scan.examine import line_mark
from forensics.scan.pool import Failed, WorkerPool
from forensics.scan.reveal import read_values
from forensics.scan.searching import SearchWork
from forensics.scan.setup import ScannerSetup

__all__ = ["sweep"]

_LONGEST = 1 << 14
"""Bytes; a longer value is taken for what only rules can find again."""
_AT_ONCE = 50_000
_FEW = 5_000
"""Literals that are looked for in a content faster than it is told where a version changed."""
_KINDS = ("blob", "commit", "tag")


class _Known(NamedTuple):
    """What to look for."""

    literals: list[bytes]
    samples: list[Sighting]
    """By literal: a sighting of its secret, whose facts go for every other."""
    secrets: set[bytes]
    """Fingerprints."""


def sweep(
    made: ObjectPlan,
    everything: bool,
    writer: IndexWriter,
    key: Key,
    setup: ScannerSetup,
    jobs: int,
) -> None:
    """Store where known values stand and no rule found them.

    Args:
        made: what this scan read.
        everything: whether that is all that there is.
        writer: of the index.
        key: the index's.
        setup: what the scan looked with.
        jobs: worker processes.
    """
    samples = writer.samples()
    new = samples.keys() - writer.swept()
    if not samples or not (new or made.objects):
        return
    known = _read(made, writer, key, setup, samples)
    if not known.literals:
        return
    if new & known.secrets and not everything:
        made = plan(made.repository, kinds=_KINDS, jobs=jobs)
    contents: list[Task] = [one for one in made.tasks if not isinstance(one, HistoryTask)]
    made = replace(made, tasks=contents)
    done = True
    found: list[Sighting] = []
    for at in range(0, len(known.literals), _AT_ONCE):
        finder = LiteralFinder(known.literals[at : at + _AT_ONCE])
        look = _looker(finder, known.samples[at : at + _AT_ONCE], key)
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
    writer.add_swept(_unknown(found, writer), known.secrets if done else set())


def _read(
    made: ObjectPlan,
    writer: IndexWriter,
    key: Key,
    setup: ScannerSetup,
    samples: Mapping[bytes, Sighting],
) -> _Known:
    """The values of secrets, as far as they can be told from chance."""
    known = _Known([], [], set())
    values = read_values(
        made.repository, writer.connection, key, [one.hex() for one in samples], setup
    )
    for name, value in sorted(values.items()):
        canonical, raw = value.canonical.reveal(), value.raw.reveal()
        if too_short(canonical):
            continue
        sample = samples[bytes.fromhex(name)]
        known.secrets.add(sample.fingerprint)
        for literal in {canonical, raw}:
            if len(literal) <= _LONGEST and not too_short(literal):
                known.literals.append(literal)
                known.samples.append(sample)
    return known


def _looker(
    finder: LiteralFinder, samples: Sequence[Sighting], key: Key
) -> Callable[[Content], Sequence[Sighting] | None]:
    """What finds the values in a content, as sightings that lack the object's id."""

    def look(content: Content) -> Sequence[Sighting] | None:
        places = finder.places(content)
        if not places:
            return None if places is None else ()
        found: list[Sighting] = []
        line, counted, line_start = 1, 0, 0
        for number, start, end in places:
            passed = bytes(content[counted:start])
            line += passed.count(b"\n")
            if (last := passed.rfind(b"\n")) >= 0:
                line_start = counted + last + 1
            counted = start
            inside = bytes(content[start : end - 1])
            end_line = line + inside.count(b"\n")
            last = inside.rfind(b"\n")
            end_start = line_start if last < 0 else start + last + 1
            found.append(
                samples[number]._replace(
                    start=start,
                    end=end,
                    start_line=line,
                    start_column=start - line_start + 1,
                    end_line=end_line,
                    end_column=end - end_start,
                    mark=line_mark(key, content, line_start, start),
                )
            )
        return found

    return look


def _unknown(found: Iterable[Sighting], writer: IndexWriter) -> list[Sighting]:
    """Those at places where no sighting of the same secret is known, one a place."""
    listed = list(found)
    if not listed:
        return []
    taken = writer.spans_of({one.oid for one in listed})
    kept: list[Sighting] = []
    for one in sorted(listed, key=lambda one: (one.oid, one.start, -one.end)):
        spans = taken.setdefault((one.oid, one.fingerprint), [])
        if all(one.end <= start or end <= one.start for start, end in spans):
            spans.append((one.start, one.end))
            kept.append(one)
    return kept
