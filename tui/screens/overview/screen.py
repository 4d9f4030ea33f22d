"""Overview: what there is, what is new, what is late, what was covered. Cheap figures first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import ClassVar, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical, VerticalScroll

from forensics.errors import ForensicsError
from forensics.index.database import Connection
from forensics.index.overview import (
    counts_by_state,
    coverage_figures,
    exposed_by_month,
    news_since,
    overdue_rows,
    point_of,
)
from tui.asking import Superseded
from tui.polled import Polled
from tui.screens.overview.exposure import Exposure
from tui.screens.overview.panel import Figure, Panel
from tui.screens.overview.words import (
    coverage_lines,
    drift_lines,
    news_lines,
    overdue_lines,
    secret_lines,
    stage_lines,
)

__all__ = ["OverviewScreen"]

Answer = TypeVar("Answer")
_ORDER = ("secrets", "stages", "news", "overdue", "coverage", "drift")


class OverviewScreen(Polled):
    """Panels of figures; each can be entered."""

    mode = "overview"
    own_is_news = True
    hints = "j k h l figure  Tab panel  Enter go there  S scan  F5 read again  ? keys"
    read_only_hints = "j k h l figure  Tab panel  Enter go there  F5 read again  ? keys"
    DEFAULT_CSS = """
    OverviewScreen #all { height: 1fr; }
    OverviewScreen #panels { height: auto; }
    OverviewScreen #panels Vertical { height: auto; }
    OverviewScreen #left { width: 11fr; }
    OverviewScreen #right { width: 10fr; }
    OverviewScreen.-wide #right { layout: horizontal; width: 20fr; }
    OverviewScreen.-wide Panel, OverviewScreen.-middle Panel { margin-bottom: 1; }
    OverviewScreen #exposure { dock: bottom; height: 9; }
    OverviewScreen.-narrow #exposure { height: 4; }
    OverviewScreen.-tall VerticalScroll { height: auto; }
    OverviewScreen.-tall #exposure { dock: none; height: 1fr; max-height: 18; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "reload", "Read again", id="overview.reload"),
    ]

    def compose_body(self) -> ComposeResult:
        """Panels in two columns, or three; exposure below."""
        with Container(id="all"):
            with VerticalScroll(can_focus=False), Horizontal(id="panels"):
                with Vertical(id="left"):
                    yield Panel("Secrets", "secrets")
                    yield Panel("Rotation", "stages")
                with Vertical(id="right"):
                    with Vertical():
                        yield Panel("Since your last visit", "news")
                        yield Panel("Overdue", "overdue")
                    with Vertical():
                        yield Panel("Coverage", "coverage")
                        yield Panel("Open drift", "drift")
            yield Exposure()

    def on_mount(self) -> None:
        """Begin to count."""
        self._panel("secrets").focus()
        self._count_all()

    def _panel(self, name: str) -> Panel:
        return self.query_one(f"#{name}", Panel)

    def _count_all(self) -> None:
        self.counting()
        self._quick()
        self._slow()

    @work(group="overview", exclusive=True)
    async def _quick(self) -> None:
        """What is counted in no time."""
        now = self.opened.now()
        read = await self._ask(
            "coverage", lambda index: (point_of(index).journal, coverage_figures(index))
        )
        found = None
        if read is not None:
            journal, found = read
            self.is_of(journal)
            self._panel("coverage").show(coverage_lines(found))
        counts = await self._ask("secrets", counts_by_state)
        if counts is not None:
            self._panel("secrets").show(secret_lines(counts))
            total = sum(counts.values())
            self.count(f"{total:,} secrets")
            if self.scan_runs or found is None:
                self.say("")
            elif not found.repositories:
                self.say("No scan yet: S scans here.  ? keys", lasts=True)
            elif not total and found.unfinished:
                self.say("No secret was found yet: S goes on with the scan.  ? keys", lasts=True)
            elif not total:
                self.say("Clean: no secret was found.  S scan again  ? keys", lasts=True)
        rows = await self._ask("overdue", lambda index: overdue_rows(index, now))
        if rows is not None:
            self._panel("overdue").show(overdue_lines(rows, now))
        visit = self.visit
        try:
            await visit.begin()
        except Superseded:
            return
        except ForensicsError as error:
            self._fails("news", error)
            return
        if not self.query(Panel):
            return
        point = visit.before
        if point is None:
            self._panel("news").show(news_lines(None))
            return
        news = await self._ask(
            "news", lambda index: (point_of(index).journal, news_since(index, point))
        )
        if news is not None:
            visit.saw(news[0])
            self._panel("news").show(news_lines(news[1]))

    @work(group="overview-slow", exclusive=True)
    async def _slow(self) -> None:
        """What takes longer, and what takes longest last."""
        now, key = self.opened.now(), self.opened.key
        months = await self._ask("exposure", lambda index: exposed_by_month(index, now))
        if months is not None:
            self.query_one(Exposure).show(months)

        def stages(index: Connection) -> Sequence[Figure]:
            from forensics.lifecycle.stages import counts_by_stage

            return stage_lines(*counts_by_stage(index, now))

        figures = await self._ask("stages", stages)
        if figures is not None:
            self._panel("stages").show(figures)

        def drift(index: Connection) -> Sequence[Figure]:
            from forensics.drift.accepting import read_acceptances
            from forensics.scan.drift_browsing import open_drift

            file, day = self.opened.acceptances, datetime.fromtimestamp(now, UTC).date()
            accepted = () if file is None else read_acceptances(file).acceptances
            return drift_lines(
                open_drift(
                    index, key, self.opened.repository, self.opened.overrides, accepted, day
                ),
                now,
            )

        figures = await self._ask("drift", drift)
        if figures is not None:
            self._panel("drift").show(figures)

    async def _ask(self, topic: str, question: Callable[[Connection], Answer]) -> Answer | None:
        """Ask for a panel; where that fails, it says why in its place."""
        try:
            answer = await self.opened.asking.ask(f"overview {topic}", question)
            return answer if self.query(Panel) else None  # it may have been left meanwhile
        except Superseded:
            return None
        except ForensicsError as error:
            self._fails(topic, error)
            return None

    def _fails(self, topic: str, error: ForensicsError) -> None:
        if not self.query(Panel):  # it was left meanwhile
            return
        if topic in _ORDER:
            again = "" if error.hint else ": F5 tries again"
            self._panel(topic).show((Figure(f"! not read{again}", style="late"),))
        else:
            self.query_one(Exposure).fail()
        self.count("not read")
        self.say(str(error), lasts=True)

    async def on_panel_entered(self, event: Panel.Entered) -> None:
        """Go where a figure leads."""
        await self.app.open_screen(event.link.mode, event.link.query)  # type: ignore[attr-defined]

    def on_panel_left(self, event: Panel.Left) -> None:
        """On to the next panel."""
        at = _ORDER.index(event.panel.id or "")
        if 0 <= at + event.by < len(_ORDER):
            self._panel(_ORDER[at + event.by]).enter_at(event.by)

    def action_reload(self) -> None:
        """Count again."""
        self.say("")
        self._count_all()

    def read_anew(self) -> None:
        """Count what a scan found."""
        self.say("")
        self._count_all()

    def restyle(self) -> None:
        """Count again where the index was changed while another screen was in front."""
        self._come_back()

    @work(group="overview-back", exclusive=True)
    async def _come_back(self) -> None:
        if await self.news("overview back"):
            self.read_anew()

    def read_more(self) -> None:
        """Count what a scan has found so far; what takes long waits for its end."""
        self._quick()
