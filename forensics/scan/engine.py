"""A scan of a repository, from its objects to the index."""

from __future__ import annotations

import os
import time
from pathlib import Path

from forensics.git.inventory import Inventory, take_inventory
from forensics.git.refs import Tips, read_tips
from forensics.git.repository import Repository
from forensics.index.coverage import Coverage, last_coverage, pack_name
from forensics.index.database import Connection
from forensics.index.writer import IndexWriter
from forensics.key import Key
from forensics.scan.afterwards import note_reopened, report_findings
from forensics.scan.ignoring import apply_lists
from forensics.scan.masking import Masker
from forensics.scan.observer import Observer, Silent
from forensics.scan.payloads import payload_arrived
from forensics.scan.setup import ENGINE, ScannerSetup
from forensics.scan.summary import ScanSummary
from forensics.scan.tips import tips_digest
from forensics.scan.uncovered import uncovered

__all__ = ["cores", "is_current", "scan_repository"]


def scan_repository(
    repository: Repository,
    connection: Connection,
    key: Key,
    setup: ScannerSetup,
    *,
    index: Path | None = None,
    jobs: int = 0,
    retry: bool = False,
    observer: Observer | None = None,
) -> ScanSummary:
    """Bring the index up to date with everything in the repository.

    Args:
        repository: as `open_repository` gives it.
        connection: of the index, as `create_or_open` gives it, the lock being held.
        key: the index's.
        setup: what to look with.
        index: where the index lies.
        jobs: worker processes; 0 for one a core.
        retry: also read again what earlier scans read as far as they could.
        observer: who watches.

    Raises:
        GitFailed: refs cannot be listed, or git is missing.
        IndexWriteFailed: the index cannot be written; what was committed stays.
    """
    began = time.monotonic()
    inside = index is not None and index.resolve().is_relative_to(repository.common_dir)
    watch = observer or Silent()
    scanner = setup.scanner()
    name = f"{ENGINE}:{scanner.version}"
    path = os.fsencode(repository.home)
    shown = Masker(scanner, key).mask(path)
    writer = IndexWriter(connection, key, path, shown, repository.object_format, inside)
    coverage = writer.coverage(name)
    if coverage.names_objects() and coverage.findings() != writer.findings_digest():
        watch.note("somebody changed findings in the index: reading everything again")
        writer.forget_coverage()
        coverage = writer.coverage(name)
    if retry and writer.retry(coverage, repository.hash_bytes):
        coverage = writer.coverage(name)
    _explain_rescan(writer.last_scanner(), name, watch)
    summary = ScanSummary(
        repository=writer.repository, rules=len(scanner.kinds), prefilter=scanner.prefilter.name
    )
    with repository.git() as git:
        tips = read_tips(repository, git)
        inventory = take_inventory(repository)
        finished = writer.last_run_finished()
        if finished and _nothing_new(repository, coverage, inventory, tips):
            summary.known = len(coverage.known(repository.hash_bytes))
            covered = coverage
        else:
            from forensics.scan.reading import Reading  # NumPy, which a scan without news spares

            writer.begin(name, ENGINE, scanner.kinds)
            if not finished:  # it may have read what it did not search for known values
                writer.forget_swept()
            reading = Reading(repository, git, writer, coverage, key, setup, watch, summary)
            reading.run(inventory, tips, jobs or cores())
            covered = writer.coverage(name)
    apply_lists(writer, setup.lists)
    note_reopened(connection, key, writer, watch)
    summary.refs = len(tips.refs)
    summary.commits = writer.commits_walked()
    report_findings(writer, summary)
    payloads = covered.payloads(repository.hash_bytes)
    summary.uncovered += uncovered(repository, payloads.values())
    summary.seconds = time.monotonic() - began
    return summary


def is_current(repository: Repository, connection: Connection, key: Key, row: int) -> bool:
    """Whether the last scan saw all that is in a repository now.

    Args:
        repository: as `open_repository` gives it.
        connection: of the index.
        key: the index's.
        row: of the repository in the index.
    """
    last = last_coverage(connection, key, row)
    if last is None or not last.finished:
        return False
    with repository.git() as git:
        tips = read_tips(repository, git)
    return _nothing_new(repository, last.coverage, take_inventory(repository), tips)


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _explain_rescan(last: str | None, name: str, watch: Observer) -> None:
    if last is not None and last != name:
        what = "rules have" if last.split(":")[0] == ENGINE else "engine has"
        watch.note(f"the {what} changed since the last scan: reading everything again")


def _nothing_new(
    repository: Repository, coverage: Coverage, inventory: Inventory, tips: Tips
) -> bool:
    """Whether an earlier scan covered every object and placed exactly these refs."""
    borrows = repository.alternates or repository.alternates_missing
    if borrows or coverage.tips() != tips_digest(tips, repository.boundary()):
        return False
    if payload_arrived(repository, coverage):
        return False
    if coverage.packs() != {pack_name(path): facts for path, facts in inventory.packs.items()}:
        return False
    return coverage.loose() == b"".join(sorted(set(inventory.loose)))
