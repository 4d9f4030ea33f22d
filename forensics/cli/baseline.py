"""`forensics scan --write-secrets-baseline`"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.cli.common import note
from forensics.errors import UsageProblem

if TYPE_CHECKING:
    from forensics.index.database import Connection
    from forensics.index.records import Finding
    from forensics.key import Key
    from forensics.scan.summary import ScanSummary

__all__ = ["check_baseline_wish", "write_baseline"]


def check_baseline_wish(file: Path, accepted: bool, targets: int, as_stream: bool) -> None:
    """Refuse what cannot or should not be written.

    Raises:
        UsageProblem: nobody accepted unsalted hashes, or there is not just one place scanned.
    """
    if not accepted:
        raise UsageProblem(
            f"{file} would hold a plain SHA-1 of each secret: whoever reads it can test guesses"
            " by the billion, and finds short passwords in seconds",
            "give --unsalted-hashes too if that is acceptable",
        )
    if targets > 1 or as_stream:
        raise UsageProblem("a baseline is of one repository or folder", "name one PATH")


def write_baseline(
    file: Path,
    target: Path,
    as_folder: bool,
    connection: Connection,
    key: Key,
    summary: ScanSummary,
    plugins: tuple[str, ...],
) -> None:
    """Write the baseline of what was scanned at `target`, and record that in the index.

    Raises:
        UsageProblem: it cannot be written.
        NotARepository: the target is gone meanwhile.
    """
    from forensics.index.database import writing
    from forensics.index.journal import INDEX, Journal
    from forensics.index.reader import IndexReader
    from forensics.scan.secrets_baseline import write_secrets_baseline

    findings = list(IndexReader(connection).findings(summary.repository))
    if as_folder:
        count = write_secrets_baseline(file, findings, _from_folder(target), plugins)
    else:
        from forensics.git.inflate import Damaged
        from forensics.git.repository import open_repository
        from forensics.git.single import single_objects

        with single_objects(open_repository(target)) as single:

            def read(one: Finding) -> bytes | None:
                try:
                    return single.read(bytes.fromhex(one.blob))[1] if one.kind == "blob" else None
                except Damaged:
                    return None

            count = write_secrets_baseline(file, findings, read, plugins)
    with writing(connection):
        Journal(connection, key).append(
            "baseline-written", INDEX, "unsalted hashes in a secrets baseline", {"values": count}
        )
    note(f"{file} holds unsalted hashes of {count:,} values: treat it as you treat the secrets")


def _from_folder(root: Path) -> Callable[[Finding], bytes | None]:
    def read(one: Finding) -> bytes | None:
        if one.path is None or one.kind != "file":
            return None
        try:
            return (root / os.fsdecode(one.path)).read_bytes()
        except OSError:
            return None

    return read
