"""Scanning what is not in git: a folder, or one stream."""

from __future__ import annotations

import os
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from detectors.scanner import Scanner
from forensics.errors import UsageProblem
from forensics.index.database import Connection
from forensics.index.records import Occurrence, Sighting, Skip
from forensics.index.writer import IndexWriter
from forensics.key import Key
from forensics.scan.afterwards import note_reopened, report_findings
from forensics.scan.by_value import KnownValues
from forensics.scan.examine import examine, examine_large
from forensics.scan.ignoring import apply_lists
from forensics.scan.masking import Masker
from forensics.scan.observer import Observer, Silent
from forensics.scan.setup import ENGINE, ScannerSetup
from forensics.scan.summary import ScanSummary

__all__ = ["FolderOptions", "scan_folder", "scan_stream"]

_IN_MEMORY = 64 << 20
_SYSTEM_FOLDERS = frozenset((".git",))


class _OnDisk:
    """The bytes of an open file, read as they are asked for. A mapping would kill the process if
    somebody cut the file off meanwhile."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._size = os.fstat(descriptor).st_size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, place: slice) -> bytes:
        start, stop, _ = place.indices(self._size)
        return os.pread(self._descriptor, stop - start, start)


class _Files:
    """One run over things that have a name and bytes."""

    def __init__(
        self,
        connection: Connection,
        key: Key,
        setup: ScannerSetup,
        root: Path,
        watch: Observer | None = None,
    ) -> None:
        self._connection, self._watch = connection, watch or Silent()
        self._began = time.monotonic()
        self._scanner: Scanner = setup.scanner()
        self._lists, self._most_bytes = setup.lists, setup.most_bytes
        self._key, self._masker = key, Masker(self._scanner, key)
        path = os.fsencode(root)
        self._writer = IndexWriter(connection, key, path, self._masker.mask(path), "none")
        self._writer.begin(f"{ENGINE}:{self._scanner.version}", ENGINE, self._scanner.kinds)
        self.summary = ScanSummary(
            repository=self._writer.repository,
            rules=len(self._scanner.kinds),
            prefilter=self._scanner.prefilter.name,
        )
        self._known = KnownValues()
        self._found: list[tuple[bytes, Sequence[Sighting]]] = []
        """Names of files, and what was found in each."""
        self._occurrences: list[Occurrence] = []
        self._sightings: list[Sighting] = []
        self._skips: list[Skip] = []

    def leave_out(self, size: int) -> bool:
        """Whether something of that size is larger than the user wants to have read."""
        if self._most_bytes is None or size <= self._most_bytes:
            return False
        self.summary.left_out += 1
        return True

    def add(self, name: bytes, content: bytes | _OnDisk) -> None:
        """Examine one content."""
        self.summary.objects += 1
        self.summary.bytes_read += len(content)
        oid = self._key.fingerprint(b"file\0" + name)
        if isinstance(content, bytes):
            seen, missed = examine(
                self._scanner, self._key, oid, "file", content, learn=self._known.learn
            )
        else:
            seen, missed = examine_large(
                self._scanner, self._key, oid, "file", content, self._known.learn
            )
        self._skips += missed
        self._found.append((name, seen))

    def _place(self, name: bytes, seen: Sequence[Sighting]) -> None:
        """Say where a file's sightings are, and those in its name."""
        shown, mark, in_name, unsure = self._masker.name(name, "path")
        self._skips += unsure
        for sightings in (seen, in_name):
            self._sightings += sightings
            self._occurrences += [
                Occurrence(fingerprint, (shown, mark), at, kind, "branch", True, True, True, ())
                for fingerprint, at, kind in dict.fromkeys(
                    (one.fingerprint, one.oid, one.kind) for one in sightings
                )
            ]

    def skip(self, name: bytes, reason: str) -> None:
        """Record what could not be read."""
        shown = self._masker.mask(name).decode("utf-8", "backslashreplace")
        self._skips.append(Skip(b"", f"{shown}: {reason}"))

    def finish(self) -> ScanSummary:
        """Store everything and count."""
        parts = self._known.parts(self._key, marks=self._scanner.marks)
        self._masker.learn(look for _, look in parts)
        for name, seen in self._found:
            self._place(name, seen)
        self._writer.add(self._sightings, self._skips)
        self._writer.place(self._occurrences)
        self._writer.finish_without_coverage(self.summary.objects, self.summary.bytes_read)
        apply_lists(self._writer, self._lists)
        note_reopened(self._connection, self._key, self._writer, self._watch)
        report_findings(self._writer, self.summary)
        self.summary.seconds = time.monotonic() - self._began
        return self.summary


class FolderOptions(NamedTuple):
    """How a folder is scanned."""

    as_given: bool = False
    """Whether files are named with the path given before them, and that may be a file."""
    follow_links: bool = False
    """Whether links to files are read. Those to folders never are."""
    without: frozenset[Path] = frozenset()
    """Files to pass over, by their resolved paths."""


def _files_below(
    root: Path, files: _Files, options: FolderOptions
) -> Iterator[tuple[Path, os.stat_result]]:
    """Regular files in a fixed order; git's own folders are passed over."""

    def unreadable(error: OSError) -> None:
        name = os.path.relpath(error.filename, root)
        files.skip(os.fsencode(name), f"it cannot be read: {error.strerror}")

    if options.as_given and root.is_file():
        yield root, root.stat()
        return
    for folder, folders, names in os.walk(root, onerror=unreadable):
        folders[:] = sorted(set(folders) - _SYSTEM_FOLDERS)
        for name in sorted(names):
            file = Path(folder, name)
            try:
                facts = file.lstat()
                if options.follow_links and stat.S_ISLNK(facts.st_mode) and file.exists():
                    facts = file.stat()
            except OSError as error:
                unreadable(error)
                continue
            if not stat.S_ISREG(facts.st_mode):
                continue
            if not options.without or file.resolve() not in options.without:
                yield file, facts


_AS_USUAL = FolderOptions()


def scan_folder(
    root: Path,
    connection: Connection,
    key: Key,
    setup: ScannerSetup,
    *,
    observer: Observer | None = None,
    options: FolderOptions = _AS_USUAL,
) -> ScanSummary:
    """Bring the index up to date with the files below a folder that need not be a repository.

    Raises:
        UsageProblem: there is no such folder.
        IndexWriteFailed: the index cannot be written.
    """
    if not (os.path.isdir(root) or (options.as_given and os.path.isfile(root))):
        raise UsageProblem(f"{root} is not a folder", "check the path")
    watch = observer or Silent()
    files = _Files(connection, key, setup, root.resolve(), watch)
    found = list(_files_below(root, files, options))
    watch.planned(len(found), sum(facts.st_size for _, facts in found))
    for file, facts in found:
        name = os.fsencode(file if options.as_given else file.relative_to(root))
        try:
            with file.open("rb") as opened:
                if files.leave_out(facts.st_size):
                    pass
                elif facts.st_size > _IN_MEMORY:
                    files.add(name, _OnDisk(opened.fileno()))
                else:
                    files.add(name, opened.read())
        except OSError as error:
            files.skip(name, f"it cannot be read: {error.strerror}")
        watch.advanced(1, facts.st_size, facts.st_size)
    return files.finish()


def scan_stream(
    stream: BinaryIO, connection: Connection, key: Key, setup: ScannerSetup
) -> ScanSummary:
    """Examine everything that a stream gives, as one content named `-`.

    Raises:
        IndexWriteFailed: the index cannot be written.
    """
    files = _Files(connection, key, setup, Path("-"))
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as held:
        while piece := stream.read(1 << 20):
            held.write(piece)
        length = held.tell()
        held.seek(0)
        if files.leave_out(length):
            pass
        elif length > _IN_MEMORY:
            files.add(b"-", _OnDisk(held.fileno()))
        else:
            files.add(b"-", held.read())
    return files.finish()
