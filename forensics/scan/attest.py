"""Whether known values are gone from a repository, object by object."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime

from detectors.literals.values import Standing, ValueFinder
from forensics import __version__
from forensics.git.gitdir import files_of, leftovers
from forensics.git.lfs import PayloadAbsent, PayloadDamaged, PayloadStore, Pointer
from forensics.git.loose_ids import list_loose
from forensics.git.plan import ObjectPlan, Skipped, plan
from forensics.git.refs import read_tips
from forensics.git.repository import Repository
from forensics.index.database import in_memory
from forensics.index.payloads import ABSENT, PayloadClaim
from forensics.key import Key
from forensics.scan.attested import Attestation, Verdict
from forensics.scan.engine import cores, scan_repository
from forensics.scan.known import KnownValue
from forensics.scan.masking import Masker
from forensics.scan.observer import Observer, Silent
from forensics.scan.payloads import claim
from forensics.scan.pool import Failed, WorkerPool
from forensics.scan.searching import Held, Searched, SearchWork
from forensics.scan.setup import ENGINE, ScannerSetup
from forensics.scan.still_there import Shown, StillThere
from forensics.scan.uncovered import uncovered

__all__ = ["attest"]

_EXAMPLES = 5


class _Looked:
    """What reading all objects came to."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[int, int]] = {}
        self.verified = 0
        self.held: list[Held[Standing]] = []
        self.skipped: list[Skipped] = []
        self.pointers: list[Pointer] = []

    def lost(self, reasons: Iterable[str]) -> None:
        """Note what is no single object and could not be read."""
        self.skipped += [Skipped(b"", reason) for reason in reasons]

    def read(self, task: Searched[Standing]) -> None:
        """Add what a task found."""
        for kind, count in task.objects.items():
            objects, size = self.objects.get(kind, (0, 0))
            self.objects[kind] = (objects + count, size + task.bytes[kind])
        self.verified += task.verified
        self.held += task.held
        self.skipped += task.skipped
        self.pointers += task.pointers


def attest(
    repository: Repository,
    values: Sequence[KnownValue] | None,
    unread: Sequence[str],
    key: Key,
    setup: ScannerSetup,
    *,
    values_from: str = "",
    jobs: int = 0,
    observer: Observer | None = None,
) -> Attestation:
    """Look for values in every object of a repository, and in what else its git directory holds.

    Args:
        repository: opened with all of its alternates.
        values: to look for; None has the detectors look instead.
        unread: fingerprints of secrets whose values could not be had.
        key: for fingerprints.
        setup: what names are masked with, and what looks where no values are given.
        values_from: where they came from, in words.
        jobs: worker processes; 0 for one a core.
        observer: who watches.

    Raises:
        GitFailed: refs cannot be listed, or git is missing.
    """
    watch = observer or Silent()
    scanner = setup.scanner()
    finder = ValueFinder([one.secret.reveal() for one in values or ()])
    shown = Shown(Masker(scanner, key), finder)
    with repository.git() as git:
        tips = read_tips(repository, git)
        made = plan(repository, jobs=jobs or cores())
        looked = _search(made, finder, repository.object_format, jobs or cores(), watch)
        looked.skipped += made.skipped
        looked.lost(tips.trouble)
        looked.lost(
            f"the value of {one[:12]} could not be read out of the earlier clone" for one in unread
        )
        looked.lost(
            "a file or folder among the objects that no git reads, as an interrupted one leaves it:"
            f" {path.parent.name}/{path.name}"
            for path in leftovers(repository)
        )
        absent = _absent(repository, looked)
        there = StillThere(finder, shown)
        there.add_objects(looked.held)
        there.add_refs(tips)
        files = 0
        for file in files_of(repository):
            files += 1
            if file.trouble:
                looked.lost([f"{os.fsdecode(file.name)}: {file.trouble}"])
            there.add_file(file)
        watch.phase("asking what leads to it")
        looked.lost(there.settle(repository, git, tips, made))
    detected = None
    if values is None:
        with closing(in_memory(key)) as connection:
            summary = scan_repository(repository, connection, key, setup, jobs=jobs, observer=watch)
        detected = dict(summary.by_severity)
        looked.lost(reason for reason, count in summary.skipped.items() for _ in range(count))
    refs = [(shown(ref.name), ref.target.hex()) for ref in sorted(tips.refs)]
    digest = hashlib.sha256("".join(f"{oid} {name}\n" for name, oid in refs).encode())
    return Attestation(
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        version=__version__,
        engine=ENGINE,
        scanner=scanner.version,
        rules=len(scanner.kinds),
        searched_with=finder.name if values else scanner.prefilter.name,
        repository=shown(os.fsencode(repository.home)),
        object_format=repository.object_format,
        head=(tips.head or b"").hex(),
        refs=tuple(refs),
        refs_digest=digest.hexdigest(),
        alternates=tuple(shown(os.fsencode(path)) for path in repository.alternates),
        objects=dict(sorted(looked.objects.items())),
        verified=looked.verified,
        copies=_stored(made) - made.objects,
        files=files,
        skipped=_by_reason(looked.skipped, shown),
        uncovered=tuple(uncovered(repository, absent)),
        verdicts=tuple(
            Verdict(one.fingerprint, one.preview, one.rule, one.by_chance, *there.of(number))
            for number, one in enumerate(values or ())
        ),
        values_from=values_from,
        detected=detected,
    )


def _search(
    made: ObjectPlan, finder: ValueFinder, object_format: str, jobs: int, watch: Observer
) -> _Looked:
    looked = _Looked()
    watch.planned(made.objects, made.weight)
    work: SearchWork[Standing] = SearchWork(made, finder.find, verify=object_format)
    with WorkerPool(made, work, jobs) as pool:
        for weight, found in pool.results():
            if isinstance(found, Failed):
                looked.lost([f"a group of objects was not searched: {found.reason}"])
                continue
            looked.read(found)
            watch.advanced(sum(found.objects.values()), sum(found.bytes.values()), weight)
    return looked


def _absent(repository: Repository, looked: _Looked) -> list[PayloadClaim]:
    """Payloads of LFS that are not here. Those that are, are files of the git directory; what is
    there in place of one is noted."""
    store, absent = PayloadStore(repository.common_dir), []
    for one in looked.pointers:
        try:
            store.read(one)
        except PayloadAbsent:
            absent.append(claim(one, ABSENT))
        except PayloadDamaged as damage:
            looked.skipped.append(Skipped(one.oid, str(damage)))
    return absent


def _stored(made: ObjectPlan) -> int:
    """How many objects packs and loose files hold, each copy counted."""
    repository = made.repository
    folders = (repository.objects, *repository.alternates)
    loose = sum(len(list_loose(objects, repository.hash_bytes).ids) for objects in folders)
    return loose + sum(len(pack.names) for pack in made.opened)


def _by_reason(skipped: Iterable[Skipped], shown: Shown) -> dict[str, tuple[int, tuple[str, ...]]]:
    found: dict[str, list[str]] = {}
    for lost in skipped:
        found.setdefault(lost.reason, []).append(lost.oid.hex())
    return {
        shown(reason.encode("utf-8", "surrogateescape")): (
            len(ids),
            tuple(sorted(filter(None, ids))[:_EXAMPLES]),
        )
        for reason, ids in sorted(found.items())
    }
