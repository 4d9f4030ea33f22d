"""What every scan does once its findings are placed."""

from __future__ import annotations

from forensics.index.database import Connection
from forensics.index.triage import Triage
from forensics.index.writer import IndexWriter
from forensics.key import Key
from forensics.scan.observer import Observer
from forensics.scan.summary import ScanSummary

__all__ = ["note_reopened", "report_findings"]


def report_findings(writer: IndexWriter, summary: ScanSummary) -> None:
    """Put into the summary what the index now holds of what was scanned."""
    summary.skipped = writer.skipped()
    summary.acknowledged = writer.acknowledged() if summary.skipped else 0
    summary.by_severity = writer.secrets_by_severity()
    summary.ignored = writer.ignored()
    summary.triaged = writer.triaged_away()


def note_reopened(connection: Connection, key: Key, writer: IndexWriter, watch: Observer) -> None:
    """Reopen what was triaged and calls for a new look after this scan, and say so."""
    reopened = Triage(connection, key).reopen(writer.repository, writer.started)
    if reopened:
        names = ", ".join(f"#{one[:8]}" for one in reopened[:5])
        more = f" and {len(reopened) - 5} more" if len(reopened) > 5 else ""
        watch.note(f"triaged and open again: {names}{more}; `forensics log` says why")
