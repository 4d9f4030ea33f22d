"""What `forensics scan` does for a folder, and for standard input."""

from __future__ import annotations

import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.cli.common import warn_of_forged_triage

if TYPE_CHECKING:
    from forensics.index.database import Connection
    from forensics.key import Key
    from forensics.scan.setup import ScannerSetup
    from forensics.scan.summary import ScanSummary

__all__ = ["scan_files"]


def scan_files(
    stack: ExitStack,
    target: Path,
    as_stream: bool,
    index: Path | None,
    key: Key,
    setup: ScannerSetup,
    progress: str,
) -> tuple[Connection, ScanSummary]:
    """Scan the files below a folder, or the stream, into an index that is closed with `stack`."""
    from forensics.cli.progress import watching
    from forensics.index.database import create_or_open, in_memory
    from forensics.index.lock import scan_lock
    from forensics.index.safe_place import refuse_unsafe
    from forensics.scan.files import scan_folder, scan_stream

    if index is None:
        connection = stack.enter_context(closing(in_memory(key)))
    else:
        refuse_unsafe(index)
        stack.enter_context(scan_lock(index))
        connection = stack.enter_context(closing(create_or_open(index, key)))
        warn_of_forged_triage(connection, key)
    if as_stream:
        return connection, scan_stream(sys.stdin.buffer, connection, key, setup)
    with watching(progress) as observer:
        return connection, scan_folder(target, connection, key, setup, observer=observer)
