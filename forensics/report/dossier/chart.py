"""The exposure of secrets as bars over time: SVG whose positions are percentages, so that bars fit
any screen while letters keep their size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forensics.lifecycle.case import Case
from forensics.report.dossier.gathered import Gathered, where
from forensics.report.dossier.html import Html, cut, element, joined
from forensics.report.dossier.spans import Axis, Bar, axis, bar

__all__ = ["BARS_A_PAGE", "chart", "legend", "symbols"]

BARS_A_PAGE = 40
_ROW, _TOP, _BAR = 34, 24, 10
_EDGE = 0.96
"""Beyond that, a date is written inwards."""
_SHAPES = {
    "came": "M0-5a5 5 0 1 1 0 10a5 5 0 1 1 0-10",
    "back": "M-6-5h12l-6 11z",
    "gone": "M-6-4l2-2 4 4 4-4 2 2-4 4 4 4-2 2-4-4-4 4-2-2 4-4z",
    "replaced": "M0-6.500l6.500 6.500-6.500 6.500-6.500-6.500z",
    "out": "M-6 5h12l-6-11z",
    "minor": "M-1.500-5h3v10h-3z",
}
_LEGEND = {
    "came": "introduced",
    "gone": "removed",
    "replaced": "replaced",
    "out": "moved out of the files",
    "back": "back again",
    "minor": "copied, moved or renamed",
}


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"


def symbols() -> Html:
    """What bars and marks are made of, once a page."""
    shapes = [
        element("g", element("path", d=path), id=f"m-{name}") for name, path in _SHAPES.items()
    ]
    lines = element("path", d="M-1 9L9-1M3 13L13 3M-5 5L5-5", class_="hatching")
    hatch = element("pattern", lines, id="hatch", width=8, height=8, patternUnits="userSpaceOnUse")
    defined = element("defs", *shapes, hatch)
    return element("svg", defined, class_="away", width=0, height=0, aria_hidden="true")


def _sample(*inside: Html) -> Html:
    return element("svg", *inside, width=28, height=14, aria_hidden="true")


def legend() -> Html:
    """What the marks mean."""
    items: list[tuple[Html, str]] = []
    for name, says in _LEGEND.items():
        items.append((_sample(element("use", href=f"#m-{name}", x=14, y=7, class_="mark")), says))
    box = {"y": 2, "width": 28, "height": _BAR}
    items += [
        (_sample(element("rect", **box, class_="bar")), "in files"),
        (_sample(element("rect", **box, class_="bar past")), "in history only, not rotated"),
        (_sample(element("rect", **box, class_="bar"), element("rect", **box, class_="doubt")),
         "uncertain"),
    ]  # fmt: skip
    return element(
        "ul", *(element("li", sample, " ", text) for sample, text in items), class_="legend"
    )


def chart(gathered: Gathered) -> Iterator[Html]:
    """Pages of bars, the worst first; all have the same line of time."""
    line = axis(gathered.told, gathered.scope.now)
    for first in range(0, len(gathered.told), BARS_A_PAGE):
        page = gathered.told[first : first + BARS_A_PAGE]
        last = first + len(page)
        drawn = _page(page, first, line)
        if len(gathered.told) <= BARS_A_PAGE:
            yield drawn
            continue
        names = list(dict.fromkeys(case.status.name for case in page))
        summary = f"{first + 1:,} to {last:,}: {', '.join(names)}"
        yield element("details", element("summary", summary), drawn, open=first == 0)


def _page(cases: Sequence[Case], first: int, line: Axis) -> Html:
    height = _TOP + _ROW * len(cases) + 20
    scale = [_tick(at, says, height, odd=n % 2 == 1) for n, (at, says) in enumerate(line.ticks)]
    rows = [_row(case, first + n, _TOP + _ROW * n, line) for n, case in enumerate(cases)]
    svg = element(
        "svg", *scale, *rows, class_="chart", width="100%", height=height, role="group",
        aria_label=f"Exposure of secrets {first + 1:,} to {first + len(cases):,} over time; the"
        " table below has the same dates",
    )  # fmt: skip
    return element("div", svg, class_="plot")


def _tick(at: float, says: str, height: int, *, odd: bool) -> Html:
    x = _percent(at)
    edge = " last" if at > _EDGE else " first" if at < 1 - _EDGE else ""
    kind = f"tick{' odd' if odd else ''}{edge}"
    texts = [element("text", says, x=x, y=y, class_=kind) for y in (12, height - 4)]
    return joined((element("line", x1=x, x2=x, y1=18, y2=height - 18, class_="grid"), *texts))


def _row(case: Case, number: int, y: int, line: Axis) -> Html:
    life, placed = case.life, bar(case, line)
    days = "" if case.exposed_days is None else f"{case.exposed_days:,} d"
    name = f"{cut(life.preview, 24)} #{life.secret[:8]}"
    label = element(
        "text", name, element("tspan", f"  {where(case, 60)}", class_="wide"), x=0, y=y + 12,
        class_="label",
    )  # fmt: skip
    end = element("text", days or "no commit", x="100%", y=y + 12, class_="days")
    drawn = [] if placed is None else list(_bar(placed, y + 18, case.status.name))
    return element(
        "a", label, end, *drawn, href=f"#secret-{number + 1}",
        aria_label=f"{name}, {case.status.name}, {days or 'no date'}",
    )  # fmt: skip


def _bar(placed: Bar, y: int, status: str) -> Iterator[Html]:
    def box(start: float, end: float, kind: str) -> Html:
        # At least three pixels, so that a day in twenty years can be seen.
        return element(
            "rect", x=_percent(start), y=y, width=_percent(max(end - start, 0.003)), height=_BAR,
            class_=kind,
        )  # fmt: skip

    if placed.end > placed.stood:
        yield box(placed.stood, placed.end, f"bar past {status}")
    yield box(placed.start, placed.stood, f"bar {status}")
    if placed.uncertain:
        yield box(placed.start, placed.end, "doubt")
    for mark in placed.marks:
        kind = f"mark {mark.shape}{' unsure' if mark.uncertain else ''}"
        says = element("title", f"{mark.says}{', uncertain' if mark.uncertain else ''}")
        yield element(
            "use", says, href=f"#m-{mark.shape}", x=_percent(mark.at), y=y + _BAR // 2, class_=kind
        )
