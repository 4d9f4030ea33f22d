"""Rotation: how far each secret has come, as a board or a list; assigned and stated here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from forensics.lifecycle.stages import RotationRow, restated
from forensics.report.text import iso_date
from tui.deciding import Verb
from tui.dialogs import Field
from tui.later import later
from tui.screens.rotation.listing import Listed
from tui.screens.rotation.lists import Lists
from tui.table.table import Table

__all__ = ["RotationScreen"]

_NONE = "none"


class RotationScreen(Lists):
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

    def action_assign(self) -> None:
        """Say who takes care of it, and until when."""
        row = self._one()
        shown = {
            "owner": row.owner if row else "",
            "due": (iso_date(row.due, 0) or "")[:10] if row else "",
        }
        self._decide(Verb(
            "assign", "Assign",
            (
                Field("owner", "Owner", shown["owner"], "who takes care of it, or none"),
                Field("due", "Due", shown["due"], "2027-01-31, 14d from now, or none"),
            ),
            partial(_changed, shown),
            lambda given: "" if _changed(shown, given) else "nothing is changed; Esc leaves it so",
        ))  # fmt: skip

    def action_revoked(self) -> None:
        """State that it was revoked, when, and what shows it."""
        today = (iso_date(int(self.opened.now()), 0) or "")[:10]
        self._decide(Verb(
            "revoked", "Revoked",
            (
                Field("when", "When", today, "2027-01-31"),
                Field("evidence", "Shown by", "", "a ticket, a log, an answer of the provider"),
            ),
            lambda given: {"state": "revoked", **given},
            lambda given: "" if all(given.values()) else "say when it was and what shows it",
        ))  # fmt: skip

    def action_unset(self) -> None:
        """Take back what was stated: it is open again."""
        self._decide(Verb("open again", "Open again", (), lambda _: {"state": "open"}))

    def _one(self) -> RotationRow | None:
        item = self._main().row
        return item.row if isinstance(item, Listed) and not self._marked else None

    def _decide(self, verb: Verb) -> None:
        """Decide about what is marked or current now; what an open range has is marked by that."""
        if self._range_from >= 0:
            self.action_range()
        chosen = self._marked or {self._current(): None}
        seen = {row.secret: row.revision for row in self._rows if row.secret in chosen}
        if self.opened.read_only:
            self.say("this is read-only: nothing can be decided")
        elif seen:
            deciding = later(self._decide_about, verb, seen, self._seen_decisions)
            self.begins(verb, len(seen), deciding)
        else:
            self.say("no secret is chosen")

    async def _decide_about(self, verb: Verb, seen: dict[str, int], known: int) -> None:
        async with self.one_by_one:
            count = await self.decide_about(verb, seen, known)
        if count is not None:
            for secret in seen:
                self._marked.pop(secret, None)
            self._show_marks()
            self.say(f"{verb.name}: {count}")

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
        if self._shown:
            self._tell_stages()
        self._tell_of(self._main().row)


def _changed(shown: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """What is decided where fields that say what holds were changed; the others leave it so, each
    secret as it is. `none` takes away, as does an empty field where something stood."""
    said = {name: text or _NONE for name, text in given.items() if text != shown[name]}
    if said.get("owner") == _NONE:
        said["owner"] = ""
    return said
