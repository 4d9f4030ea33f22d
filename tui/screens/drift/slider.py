"""The line above the matrix: where in history it stands, and how much drift was open when."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.drift.model import Line
from forensics.report.drift.shown import step_date
from tui.screens.drift.view import Open

__all__ = ["slider", "sparkline"]

_HASH = 7
_BARS = "▁▂▅█"
_NARROWEST, _WIDEST = 5, 60


def slider(
    line: Line,
    number: int,
    base: int | None,
    counts: Sequence[int],
    now: Open | None,
    width: int,
) -> str:
    """A line of text for so many cells.

    Args:
        line: the history.
        number: of the step.
        base: the step that is pinned.
        counts: of open differences after each step, accepted or not; none while they are not
            known.
        now: after this step, if that is known.
        width: in cells.
    """
    step = line.steps[number]
    last = len(line.steps) - 1
    left = f" T {step_date(step)} {step.commit.hex()[:_HASH]}  |"
    right = f"| {'now' if number == last else f'{number + 1} of {last + 1}'}"
    if base is not None:
        right += f"  base: {step_date(line.steps[base])}"
    open_now = f"  open {now.counting:,}" if now else ""
    open_now += f" ({now.accepted:,} accepted)" if now and now.accepted else ""
    room = width - len(left) - len(right) - max(len(open_now), len("  open 9,999")) - 2
    bars = max(room // 3, 0)
    long = max(min(room - bars, _WIDEST), _NARROWEST)
    rail = ["-"] * long
    if base is not None:
        rail[_place(base, last, long)] = "="
    rail[_place(number, last, long)] = "●"
    return f"{left}{''.join(rail)}{right}  {sparkline(counts, min(bars, _WIDEST))}{open_now}"


def _place(number: int, last: int, long: int) -> int:
    return round(number / last * (long - 1)) if last else long - 1


def sparkline(counts: Sequence[int], width: int) -> str:
    """Counts as bars of so many cells at most, each the most of its stretch."""
    width = min(width, len(counts))
    if width < 1:
        return ""
    most = max(counts) or 1
    tops = [
        max(counts[at * len(counts) // width : max((at + 1) * len(counts) // width, 1)])
        for at in range(width)
    ]
    return "".join(_BARS[-(-top * (len(_BARS) - 1) // most)] for top in tops)
