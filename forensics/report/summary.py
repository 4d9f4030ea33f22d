"""What a scan covered, for people."""

from __future__ import annotations

from forensics.report.text import printable, size
from forensics.scan.summary import ScanSummary

__all__ = ["summary_lines"]


def summary_lines(summary: ScanSummary) -> list[str]:
    """A few lines on what was read, what was not and why, and what was found."""
    known = f", {summary.known:,} known from earlier scans" if summary.known else ""
    rate = summary.bytes_read / summary.seconds if summary.seconds else 0.0
    lines = [
        f"objects   {summary.objects:,} read ({size(summary.bytes_read)}){known}",
        f"history   {summary.commits:,} commits, {summary.refs:,} refs",
        f"rules     {summary.rules:,} ({summary.prefilter})",
        f"time      {summary.seconds:.2f} s"
        + (f" ({size(rate)}/s)" if summary.bytes_read else f", {_idle(summary)}"),
    ]
    total = sum(summary.skipped.values())
    known_of = f" ({summary.acknowledged:,} acknowledged)" if summary.acknowledged else ""
    lines.append(f"skipped   {total:,}{known_of}" if total else "skipped   nothing")
    lines += [f"          {n:,}: {printable(reason)}" for reason, n in summary.skipped.items()]
    if summary.left_out:
        lines.append(f"left out  {summary.left_out:,} that are larger than was asked for")
    lines += [f"uncovered {printable(what)}" for what in summary.uncovered]
    if summary.ignored:
        by = ", ".join(f"{n:,} {printable(what)}" for what, n in summary.ignored.items())
        lines.append(f"ignored   {sum(summary.ignored.values()):,} ({by})")
    if summary.triaged:
        by = ", ".join(f"{n:,} {state}" for state, n in summary.triaged.items())
        lines.append(f"triaged   {sum(summary.triaged.values()):,} ({by})")
    found = ", ".join(f"{n:,} {severity}" for severity, n in summary.by_severity.items())
    lines.append(
        f"secrets   {sum(summary.by_severity.values()):,}" + (f" ({found})" if found else "")
    )
    return lines


def _idle(summary: ScanSummary) -> str:
    return "nothing new to read" if summary.known or summary.complete else "nothing could be read"
