"""The lines of the Overview's panels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from forensics.lifecycle.stages import STAGES
from forensics.report.text import iso_date
from tui.screens.overview.panel import Figure, Link

if TYPE_CHECKING:
    from forensics.drift.model import DriftEvent
    from forensics.index.overview import CoverageFigures, News, OverdueRow

__all__ = [
    "coverage_lines", "drift_lines", "news_lines", "overdue_lines", "secret_lines", "stage_lines",
]  # fmt: skip

_SEVERITIES = ("critical", "high", "medium", "low")
_STATES = ("open", "confirmed", "revoked", "accepted", "false-positive", "test")
_STYLES = {"open": "strong", "confirmed": "strong"}
_DAY = 86_400
_MOST = 3
_AGES = ((7, "this week"), (30, "this month"), (365, "this year"))
_STATUSES = (
    "exposed", "rolled-back", "replaced-still-elsewhere", "externalised-not-rotated",
    "deleted-not-rotated",
)  # fmt: skip


def _date(seconds: float | None) -> str:
    return (iso_date(None if seconds is None else int(seconds), 0) or "")[:16].replace("T", " ")


def _short(number: int) -> str:
    """At most five characters."""
    if number < 10_000:
        return f"{number:,}"
    if number < 1_000_000:
        return f"{number / 1000:.1f}k" if number < 100_000 else f"{number // 1000}k"
    return f"{number / 1_000_000:.1f}M"


def secret_lines(counts: Mapping[tuple[str, str], int]) -> list[Figure]:
    """By state and severity."""
    head = tuple((name, None) for name in ("CRIT", "HIGH", "MED", "LOW"))
    lines = [Figure("", head, "muted", 6)]
    for state in _STATES:
        values = tuple(
            (_short(n) if (n := counts.get((state, one), 0)) else "-",
             Link("triage", f"state:{state} sev:{one}") if n else None)
            for one in _SEVERITIES
        )  # fmt: skip
        lines.append(Figure(state, values, _STYLES.get(state, ""), 6))
    total = sum(counts.values())
    lines.append(Figure("all secrets", ((f"{total:,}", Link("triage")),), "", 9))
    return lines


def stage_lines(stages: Mapping[str, int], statuses: Mapping[str, int]) -> list[Figure]:
    """How far rotations have come, and what is left of which status."""
    lines = [
        Figure(one, ((f"{stages.get(one, 0):,}", Link("rotation", f"stage:{one}")),))
        for one in STAGES
    ]
    away = stages.get("", 0)
    if away:
        lines.append(Figure("not to be rotated", ((f"{away:,}", None),), "muted"))
    left = [f"{statuses[one]:,} {one}" for one in _STATUSES if statuses.get(one)]
    lines += [Figure(one, style="muted") for one in left]
    return lines


def news_lines(news: News | None) -> list[Figure]:
    """Since the last visit."""
    if news is None:
        return [Figure("this is the first visit", style="muted")]
    secrets = Link("triage", news.secrets_query)
    scans, decisions = (Link("audit", one) for one in (news.scans_filter, news.decisions_filter))
    return [
        Figure("new secrets", ((f"{news.secrets:,}", secrets),), "strong" if news.secrets else ""),
        Figure("scans", ((f"{news.scans:,}", scans),)),
        Figure("decisions, also by others", ((f"{news.decisions:,}", decisions),)),
    ]


def overdue_lines(rows: Sequence[OverdueRow], now: float) -> list[Figure]:
    """Due dates that have passed, the oldest first."""
    if not rows:
        return [Figure("none", style="muted")]
    late = Link("rotation", "overdue:yes")
    lines = [Figure("! secrets", ((f"{len(rows):,}", late),), "late")]
    for one in rows[:_MOST]:
        days = f"{max(int(now - one.due) // _DAY, 0):,}d"
        link = Link("rotation", f"fp:{one.secret[:12]}")
        lines.append(Figure(f"#{one.secret[:6]} {one.owner or 'no owner'}", ((days, link),)))
    return lines


def drift_lines(events: Sequence[DriftEvent] | None, now: float) -> list[Figure]:
    """Open drift by age."""
    if events is None:
        return [
            Figure("not recorded: run `forensics drift`", style="muted"),
        ]
    ages = [max(now - one.opened.time, 0) / _DAY for one in events]
    lines = [Figure("open", ((f"{len(events):,}", Link("drift", "age:0..")),), "strong")]
    least = 0
    for most, words in _AGES:
        here = sum(least <= one < most for one in ages)
        link = Link("drift", f"age:{least}..{most}")
        lines.append(Figure(f"  opened {words}", ((f"{here:,}", link),)))
        least = most
    older = sum(one >= least for one in ages)
    lines.append(Figure("  longer ago", ((f"{older:,}", Link("drift", f"age:{least}..")),)))
    return lines


def coverage_lines(found: CoverageFigures) -> list[Figure]:
    """What was scanned, and what could not be."""
    if not found.repositories:
        return [Figure("no scan yet: S scans", style="strong")]
    lines = [
        Figure("objects, trees included", ((f"{found.objects:,}", None),), width=12),
        Figure("repositories", ((f"{found.repositories:,}", None),), width=12),
        Figure("last scan", ((_date(found.started), Link("audit", "scan-")),), width=17),
    ]
    if found.unfinished:
        lines.append(Figure("! NOT scanned to the end", ((f"{found.unfinished:,}", None),), "late"))
    if not found.skipped:
        lines.append(Figure("skipped", (("nothing", None),), width=12))
    for reason, count, known in found.skipped[:_MOST]:
        mark = "" if known == count else "! "
        lines.append(Figure(f"{mark}skipped: {reason}", ((f"{count:,}", None),)))
    if len(found.skipped) > _MOST:
        more = sum(one[1] for one in found.skipped[_MOST:])
        lines.append(Figure("skipped for other reasons", ((f"{more:,}", None),)))
    return lines
