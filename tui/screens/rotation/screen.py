"""Rotation: how far each secret has come, as a board or a list; assigned and stated here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from forensics.errors import ForensicsError
from forensics.index.decision import ASK_FOR_COUNT
from forensics.lifecycle.stages import RotationRow, restated
from forensics.report.text import iso_date
from tui.dialogs import AskFields, Field, many
from tui.screens.rotation.listing import Listed
from tui.screens.rotation.lists import Lists
from tui.table.table import Table
from tui.undoing import Done, dates_problem, plainly

__all__ = ["ThisScreen"]

_NEVER = "none"
"""Takes a due date away."""


class ThisScreen(Lists):
    """What can be decided about what is listed."""

    mode = "rotation"
    counts_secrets = False
    hints = "/ query  Space mark  a assign  x revoked  u unset  z undo  Enter story  ? keys"
    read_only_hints = "/ query  Enter story  ? keys"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "assign", "Assign: owner and due date", id="rotation.assign"),
        Binding("x", "revoked", "Revoked, with evidence", id="rotation.revoked"),
        Binding("u", "unset", "Open again", id="rotation.unset"),
        Binding("z", "undo", "Undo", id="rotation.undo"),
        Binding("Z", "redo", "Redo", id="rotation.redo"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._one_by_one = asyncio.Lock()

    def action_assign(self) -> None:
        """Say who takes care of it, and until when."""
        row = self._one()
        due = (iso_date(row.due, 0) or "")[:10] if row else ""
        self._decide(
            "Assign",
            (
                Field("owner", "Owner", row.owner if row else "", "who takes care of it"),
                Field("due", "Due", due, "2027-01-31, 14d from now, or none"),
            ),
            lambda given: {"owner": given["owner"], "due": given["due"] or "none"},
        )

    def action_revoked(self) -> None:
        """State that it was revoked, when, and what shows it."""
        today = (iso_date(int(self.opened.now()), 0) or "")[:10]
        self._decide(
            "Revoked",
            (
                Field("when", "When", today, "2027-01-31"),
                Field("evidence", "Shown by", "", "a ticket, a log, an answer of the provider"),
            ),
            lambda given: {"state": "revoked", **given},
            lambda given: "" if all(given.values()) else "say when it was and what shows it",
        )

    def action_unset(self) -> None:
        """Take back what was stated: it is open again."""
        self._decide("Open again", (), lambda _: {"state": "open"})

    def _one(self) -> RotationRow | None:
        item = self._main().row
        return item.row if isinstance(item, Listed) and not self._marked else None

    def _decide(
        self,
        what: str,
        fields: Sequence[Field],
        decided: Callable[[Mapping[str, str]], dict[str, str]],
        problem: Callable[[Mapping[str, str]], str] = lambda _: "",
    ) -> None:
        """Decide about what is marked or current now."""
        if self.opened.read_only:
            self.say("this is read-only: nothing can be decided")
            return
        chosen = self._marked or {self._current(): None}
        seen = {row.secret: row.revision for row in self._rows if row.secret in chosen}
        if seen:
            self._ask_and_decide(
                what, fields, decided, lambda given: problem(given) or dates_problem(
                    {name: text for name, text in given.items() if text != _NEVER}
                ), seen, self.opened.own.decisions,
            )  # fmt: skip
        else:
            self.say("no secret is chosen")

    @work(group="rotation-change")  # each to its end: one after another, as they were asked for
    async def _ask_and_decide(
        self,
        what: str,
        fields: Sequence[Field],
        decided: Callable[[Mapping[str, str]], dict[str, str]],
        problem: Callable[[Mapping[str, str]], str],
        seen: dict[str, int],
        known: int,
    ) -> None:
        async with self._one_by_one:
            count = f"{len(seen):,} secrets" if len(seen) > 1 else f"#{next(iter(seen))[:8]}"
            given: Mapping[str, str] | None = {}
            if fields:
                dialog = AskFields(f"{what}: {count}", fields, problem)
                given = await self.app.push_screen_wait(dialog)
            if given is None:
                return
            many_of = len(seen)
            if many_of > ASK_FOR_COUNT and await self.app.push_screen_wait(many(many_of)) is None:
                return
            for secret, own in self.opened.own.since(known).items():
                if secret in seen:  # decided here since the key was pressed: no news
                    seen[secret] = 0 if own is None else own.revision
            said = decided(given)
            undoing = self.app.undoing  # type: ignore[attr-defined]
            await self._change(lambda: undoing.decide(f"{what.lower()}: {count}", seen, said), "{}")

    @work(group="rotation-change")
    async def action_undo(self) -> None:
        """Take back what this session decided last."""
        async with self._one_by_one:
            await self._change(self.app.undoing.undo, "took back: {}")  # type: ignore[attr-defined]

    @work(group="rotation-change")
    async def action_redo(self) -> None:
        """Do again what was taken back."""
        async with self._one_by_one:
            await self._change(self.app.undoing.redo, "did again: {}")  # type: ignore[attr-defined]

    async def _change(self, change: Callable[[], Done], saying: str) -> None:
        """Change in a thread, and restyle the rows concerned where they stand."""
        if self.opened.read_only:
            self.say("this is read-only: nothing can be decided")
            return
        try:
            done = await self.writes(change)
        except ForensicsError as error:
            self.say(plainly(error))
            return
        self.restyle()
        self._marked.clear()
        self._show_marks()
        self.say(saying.format(done.what))
        self._tell_of(self._main().row)

    def restyle(self) -> None:
        """Show what this session decided, here or on another screen, where the rows stand."""
        own = self.opened.own
        decided, now = own.since(self._seen_decisions), self.opened.now()
        self._seen_decisions = own.decisions
        if not decided:
            return

        def fresh(row: RotationRow) -> RotationRow:
            return restated(row, decided[row.secret], now)

        self._rows = [fresh(row) if row.secret in decided else row for row in self._rows]
        for name, items in self._shown.items():
            table = self.query_one(f"#{name}", Table)
            for place, item in enumerate(items):
                if isinstance(item, Listed) and item.row.secret in decided:
                    items[place] = item._replace(row=fresh(item.row))
                    table.pages.replace(place, items[place])
            table.refresh()
