"""What gitleaks' commands scan: history, changes, folders, standard input."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.cli.as_gitleaks.flags import Flags
from forensics.cli.as_gitleaks.scanning import Scan, Scanned, scan_as_gitleaks
from forensics.cli.policy import own_files_in
from forensics.cli.scan_history import findings_in
from forensics.cli.scan_history import scan_history as scan_all
from forensics.cli.scan_new import New, scan_new

if TYPE_CHECKING:
    from forensics.git.repository import Repository
    from forensics.key import Key
    from forensics.scan.setup import ScannerSetup

__all__ = ["scan_changes", "scan_history", "scan_path", "scan_standard_input"]


def scan_history(flags: Flags, target: Path, log_opts: str, index: Path | None) -> None:
    """All of history through the index, or the commits that words for `git log` choose."""
    from forensics.git.log_words import LogWords, parse_log_words

    log = parse_log_words(log_opts) if log_opts.strip() else LogWords(("--all",))
    if not log.everything or flags.setup["most_bytes"] is not None:
        return _scan_new(flags, target, New(log=log), index)

    def scan(stack: ExitStack, key: Key, setup: ScannerSetup) -> Scanned:
        connection, summary = scan_all(stack, target, index, key, setup)
        findings = list(findings_in(connection, summary))
        return Scanned(connection, summary, findings, _opened(target))

    return _scan_repository(flags, target, scan)


def scan_changes(flags: Flags, target: Path, *, staged: bool, index: Path | None) -> None:
    """What is staged below a folder of a work tree; else what is changed there and not staged."""
    _scan_new(flags, target, New(staged=staged, unstaged=not staged, below=True), index)


def _scan_new(flags: Flags, target: Path, new: New, index: Path | None) -> None:
    def scan(stack: ExitStack, key: Key, setup: ScannerSetup) -> Scanned:
        needed = flags.told.any
        connection, summary, findings = scan_new(
            stack, target, index, key, setup, new, needed=needed
        )
        repository = _opened(target)
        source = repository.work_tree if new.unstaged else repository
        return Scanned(connection, summary, findings, source)

    _scan_repository(flags, target, scan)


def _scan_repository(flags: Flags, target: Path, scan: Scan) -> None:
    own = own_files_in(target, trusted=flags.trusted)
    scan_as_gitleaks(flags, scan, own, lambda: _opened(target))


def _opened(target: Path) -> Repository:
    from forensics.git.repository import open_repository

    return open_repository(target)


def scan_path(flags: Flags, target: Path, *, follow_links: bool) -> None:
    """A file, or all files below a folder, named with the path given before them."""

    def scan(stack: ExitStack, key: Key, setup: ScannerSetup) -> Scanned:
        from forensics.cli.progress import watching
        from forensics.index.database import in_memory
        from forensics.scan.files import FolderOptions, scan_folder

        connection = stack.enter_context(closing(in_memory(key)))
        options = FolderOptions(True, follow_links, flags.named_files)
        with watching() as observer:
            summary = scan_folder(
                target, connection, key, setup, observer=observer, options=options
            )
        findings = list(findings_in(connection, summary))
        top = os.fsencode(target / "_")[:-1] if target.is_dir() else b""
        return Scanned(connection, summary, findings, Path(), top)

    own = own_files_in(target, as_folder=True, trusted=flags.trusted)
    scan_as_gitleaks(flags, scan, own)


def scan_standard_input(flags: Flags) -> None:
    """What somebody pipes in."""

    def scan(stack: ExitStack, key: Key, setup: ScannerSetup) -> Scanned:
        from forensics.index.database import in_memory
        from forensics.scan.files import scan_stream

        connection = stack.enter_context(closing(in_memory(key)))
        summary = scan_stream(sys.stdin.buffer, connection, key, setup)
        findings = list(findings_in(connection, summary))
        return Scanned(connection, summary, findings, None)

    own = own_files_in(Path(), as_stream=True, trusted=flags.trusted)
    scan_as_gitleaks(flags, scan, own)
