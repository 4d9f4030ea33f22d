"""What the detail says of a secret, as lines of some width."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from forensics.index.life import LifeEvent, Moment
from forensics.index.shown_place import ShownPlace
from forensics.lifecycle.case import Case
from forensics.lifecycle.own_events import own_events
from forensics.report.case_lines import (
    event_line,
    people_lines,
    ref_lines,
    slot_lines,
    status_lines,
    stay_lines,
)
from forensics.report.story import decided_line
from forensics.report.text import iso_date, printable, shortened
from tui.screens.triage.reading import SecretFacts
from tui.table.columns import fitted

__all__ = ["DetailLine", "Highlighted", "Target", "detail_lines", "spark"]

Target = LifeEvent | ShownPlace
_BARS = " ▁▂▃▄▅▆▇█"
_CONSOLE = Console(width=200, no_color=True)
_MOST_PLACES = 12
_INDENT = "  "
_ROOM = 66
_MASKED, _LEAST = "  masked: V reveals", 16
_LONGEST = 600
"""Characters that are told of one thing."""


class Highlighted(NamedTuple):
    """Lines around a secret, ready to be drawn."""

    place: ShownPlace
    line: int
    first: int
    lines: tuple[Text, ...]
    marked: int


class DetailLine(NamedTuple):
    """A line, and what Enter on it opens."""

    text: Text
    target: Target | None = None


def spark(case: Case, now: float, bars: int = 8) -> str:
    """In how many places it stood over time, from the first event to now."""
    moments = [
        (one.at.commit_time, 1 if one.kind == "introduced" else -1) for one in case.life.events
    ]
    if not moments:
        return ""
    moments.sort()
    start = moments[0][0]
    length = max(now - start, 1)
    heights, stood, at = [], 0, 0
    for number in range(1, bars + 1):
        end = start + length * number / bars
        most = stood
        while at < len(moments) and moments[at][0] <= end:
            stood += moments[at][1]
            most = max(most, stood)
            at += 1
        heights.append(max(most, 0))
    top = max(*heights, 2)  # so that one place for all the time is no solid block
    return "".join(_BARS[-(-one * (len(_BARS) - 1) // top)] for one in heights)


def _day(moment: Moment) -> str:
    return (iso_date(moment.commit_time, moment.commit_offset) or "-")[:10]


def head_line(facts: SecretFacts, now: float, width: int) -> Text:
    """The secret's name, where it is, since when."""
    case = facts.case
    heads = [ref.name for ref in case.refs if ref.is_default] or [ref.name for ref in case.refs]
    short = heads[0].rpartition(b"/")[2] if heads else b""
    where = f"at {shortened(printable(short), width)}" if heads else case.reachability
    moments = [one.at for one in case.life.events]
    text = Text().append("── ", "dim")
    text.append(f"#{case.life.secret[:8]}", "bold")
    text.append(f"  {where}")
    if moments:
        first, last = (_day(pick(moments, key=lambda one: one.commit_time)) for pick in (min, max))
        both = f"first {first}  last {last}" if width >= _ROOM else f"{first}..{last}"
        text.append(f"  {both if first != last else first}")
    bars = f" {spark(case, now)} "
    if text.cell_len + len(bars) <= width:
        text.append(bars, "dim")
    elif text.cell_len < width:
        text.append(" ")
    text.append("─" * (width - text.cell_len), "dim")
    text.truncate(width, overflow="ellipsis")
    return text


def _wrapped(said: str, width: int, target: Target | None = None) -> Iterator[DetailLine]:
    text = Text(shortened(said, _LONGEST))
    for number, line in enumerate(text.wrap(_CONSOLE, max(width - len(_INDENT), 8))):
        line.rstrip()
        yield DetailLine(Text(_INDENT) + line if number else line, target)


def _heading(title: str) -> DetailLine:
    return DetailLine(Text().append(title.upper(), "bold"))


def _section(title: str, lines: Iterable[str], width: int) -> Iterator[DetailLine]:
    shown = [*lines]
    if shown:
        yield DetailLine(Text())
        yield _heading(title)
        for line in shown:
            yield from _wrapped(line, width)


def _cut(path: str | bytes, width: int) -> str:
    """A path of which the end, which is the file's name, stays where it is too long."""
    return fitted(path, width, middle=True).rstrip()


def _context(excerpt: Highlighted, width: int, around: int) -> Iterator[DetailLine]:
    place = excerpt.place
    where = (b"its message" if place.path is None else place.path) + b":%d" % excerpt.line
    at = Text().append(_cut(where, max(width - len(_MASKED), _LEAST)), "bold")
    yield DetailLine(at.append(_MASKED, "dim"), place)
    if not excerpt.lines:
        in_name = "it stands in the name: there is nothing to show around it"
        gone = "it cannot be read again: its repository is not at hand"
        yield DetailLine(Text(in_name if place.in_name else gone))
    digits = len(str(excerpt.first + len(excerpt.lines)))
    for number, line in enumerate(excerpt.lines):
        if abs(number - excerpt.marked) > around:
            continue
        here = number == excerpt.marked
        text = Text()
        text.append(f"{'>' if here else ' '}{excerpt.first + number:>{digits}} ", "dim")
        text.append_text(line)
        text.truncate(width, overflow="ellipsis")
        if here:
            text.stylize("bold")
        yield DetailLine(text, place)


def _places(facts: SecretFacts, width: int) -> Iterator[DetailLine]:
    yield DetailLine(Text())
    yield _heading(f"places ({len(facts.case.life.places):,})")
    for one in facts.places[:_MOST_PLACES]:
        now = "at HEAD" if one.at_head else "at a tip" if one.at_tip else "in history"
        where = _cut(one.kind if one.path is None else one.path, max(width - 12, _LEAST))
        yield DetailLine(Text(f"{where}  ").append(now, "dim"), one)


def detail_lines(
    facts: SecretFacts, excerpt: Highlighted | None, width: int, now: float, *, compact: bool
) -> list[DetailLine]:
    """The secret's page: name, context, status, decision, then its life.

    Args:
        facts: of the secret.
        excerpt: lines around it; None until they are here.
        width: in cells.
        now: seconds since 1970.
        compact: whether only the first few lines are in view.
    """
    case = facts.case
    lines = [DetailLine(head_line(facts, now, width))]
    if not compact:
        lines += _wrapped(
            f"{printable(case.life.title)}, {case.life.severity}, {case.life.rule}", width
        )
    if excerpt is not None:
        lines += _context(excerpt, width, 0 if compact else 5)
    if not compact:
        lines.append(DetailLine(Text()))
    for line in status_lines(case):
        lines += _wrapped(line, width)
    if facts.decision is not None:
        lines += _wrapped(f"triage: {printable(decided_line(facts.decision))}", width)
    told = own_events(case.life.events)
    if told:
        lines += [DetailLine(Text()), _heading("events")]
        for one in told:
            lines += _wrapped(event_line(one, case), width, one)
    lines += _section("refs and releases", ref_lines(case), width)
    lines += _section("on the default branch", stay_lines(case), width)
    lines += _section("slots", slot_lines(facts.slots, case.repositories), width)
    lines += _section("people", people_lines(case), width)
    lines += _places(facts, width)
    lines += _section("why", [printable(facts.why)], width)
    lines += _section("what to do", [printable(facts.remedy)], width)
    return lines
