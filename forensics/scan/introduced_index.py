"""What was introduced as an index that is gone when it is closed: reports are made from one."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from forensics.git.commit import parse_commit
from forensics.index.database import Connection
from forensics.index.records import Commit, Event, Occurrence, Person
from forensics.index.writer import IndexWriter
from forensics.key import Key
from forensics.scan.afterwards import report_findings
from forensics.scan.ignoring import apply_lists
from forensics.scan.introductions import Introduction
from forensics.scan.judged import Judged, summary_of
from forensics.scan.masking import Masker
from forensics.scan.setup import ENGINE, ScannerSetup
from forensics.scan.summary import ScanSummary

__all__ = ["index_introduced"]


def index_introduced(
    connection: Connection,
    key: Key,
    setup: ScannerSetup,
    home: Path,
    object_format: str,
    judged: Judged,
) -> ScanSummary:
    """Put everything into an empty index.

    Args:
        connection: of the index.
        key: the index's.
        setup: what it was found with.
        home: what names the repository.
        object_format: of it; `none` where files were read.
        judged: what was found.
    """
    scanner = setup.scanner()
    masker = Masker(scanner, key)
    path = os.fsencode(home)
    writer = IndexWriter(connection, key, path, masker.mask(path), object_format)
    writer.begin(f"{ENGINE}:{scanner.version}", ENGINE, scanner.kinds)
    writer.add(judged.sightings, masker.skips(judged.skips))
    commits = {one.commit: one for one in judged.found if one.commit}
    made = [(_commit(oid, judged.raw[oid]), "branch") for oid in commits if oid in judged.raw]
    writer.place(list(_occurrences(judged)), made)
    writer.finish_without_coverage(judged.objects, judged.bytes_read)
    apply_lists(writer, setup.lists)
    summary = summary_of(judged, setup)
    summary.repository = writer.repository
    report_findings(writer, summary)
    return summary


def _occurrences(judged: Judged) -> Iterable[Occurrence]:
    """One for each secret at each place, shown where it was first introduced: openly, if it ever
    was."""
    order = {oid: number for number, oid in enumerate(dict.fromkeys(
        one.commit for one in judged.found))}  # fmt: skip
    groups: dict[tuple[object, ...], list[Introduction]] = {}
    for one in judged.found:
        apart = (one.oid, one.kind) if one.path is None else ()
        groups.setdefault((one.fingerprint, one.path, apart), []).append(one)
    for those in groups.values():
        first = next((one for one in those if one.open), those[0])
        here = first.path is None or (first.fingerprint, first.path) not in judged.ended
        events = tuple(
            Event(commit, "introduced", order[commit], "introduced", oid=one.oid)
            for commit, one in {one.commit: one for one in reversed(those)}.items()
            if commit
        )
        yield Occurrence(
            first.fingerprint, first.path, first.oid, first.kind, "branch", here, here, here,
            tuple(sorted(events, key=lambda event: event.sequence)),
        )  # fmt: skip


def _commit(oid: bytes, raw: bytes) -> Commit:
    author, committer = parse_commit(raw)
    return Commit(
        oid, Person(author.name, author.email), author.time, author.offset,
        Person(committer.name, committer.email), committer.time, committer.offset,
    )  # fmt: skip
