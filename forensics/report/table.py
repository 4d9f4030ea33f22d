"""Findings as a table for people: one row a secret."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.table import Table
from rich.text import Text

from forensics.index.records import AWAY, Finding
from forensics.report.text import iso_date, printable

__all__ = ["findings_table", "place", "short"]

_STYLE = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "dim"}
_WIDE = 110
"""Columns from which on everything is shown."""
_ORDER = (
    "present", "removed", "stash", "reflog", "unreachable", "gone", *sorted(AWAY), "ignored",
)  # fmt: skip


def short(finding: Finding) -> str:
    """A secret's preview and the start of its fingerprint, enough to name it by."""
    return f"{finding.preview} #{finding.secret[:8]}"


def place(finding: Finding) -> str:
    """Where an occurrence stands: path and line, or what else holds it."""
    if finding.path is not None:
        name = printable(finding.path)
        return name if finding.kind == "path" else f"{name}:{finding.start_line}"
    names = {"commit": "commit message", "tag": "tag message", "ref": "name of a ref"}
    return names.get(finding.kind, f"{finding.kind} {finding.blob[:10]}")


def _rows(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Occurrences grouped by secret, in the order of the first of each."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.secret, []).append(finding)
    yield from groups.values()


def findings_table(
    findings: Iterable[Finding], *, width: int, at_most: int | None = None
) -> tuple[Table, int]:
    """The table, and how many secrets there are in all.

    Args:
        findings: worst first.
        width: columns of the screen; on a narrow one the author is left out, and the date is
            all of when.
        at_most: rows to show.
    """
    wide = width >= _WIDE
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("SEVERITY", "RULE", "SECRET", "WHERE", "SINCE", "AUTHOR", "STATUS"):
        if wide or name != "AUTHOR":
            table.add_column(name, overflow="fold", no_wrap=name not in ("RULE", "WHERE", "AUTHOR"))
    count = 0
    for group in _rows(findings):
        count += 1
        if at_most is not None and count > at_most:
            continue
        first = min(group, key=lambda one: (_ORDER.index(one.status), one.path or b""))
        fails = any(one.fails for one in group)
        places = len({(one.repository, one.path, one.start_line, one.blob) for one in group})
        more = f" +{places - 1}" if places > 1 else ""
        date = iso_date(first.commit_time, first.commit_offset)
        commit = first.commit[:8] if first.commit and wide else ""
        cells = [
            Text(first.severity.upper(), style=_STYLE[first.severity] if fails else ""),
            Text(first.rule),
            Text(short(first)),
            Text(place(first) + more),
            Text(f"{date[:10] if date else ''} {commit}".strip()),
            *([Text(printable(first.author or b""))] if wide else []),
            Text(f"{first.status}, passes" if first.gate and not fails else first.status),
        ]
        table.add_row(*cells, style=None if fails else "dim")
    return table, count
