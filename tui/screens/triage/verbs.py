"""Deciding about secrets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType

from forensics.errors import ForensicsError
from forensics.index.browse.rows import SecretRow
from forensics.index.database import Connection
from tui.asking import Superseded
from tui.deciding import Verb
from tui.dialogs import Field
from tui.later import later
from tui.screens.triage.marking import COUNTING, Marking

__all__ = ["KEYS", "Key", "Verbs"]

_AT_ONCE = 1000


class Key(NamedTuple):
    """A key that decides."""

    key: str
    name: str
    what: str
    state: str | None
    """What the secret is then; None leaves it as it is."""
    fields: tuple[Field, ...] = ()
    needed: tuple[str, ...] = ()

    def verb(self) -> Verb:
        """What it decides."""
        return Verb(self.name, self.what, self.fields, self._said, self._problem)

    def _said(self, given: Mapping[str, str]) -> Mapping[str, str]:
        said = {field: text for field, text in given.items() if text.strip()}
        return said if self.state is None else {**said, "state": self.state}

    def _problem(self, given: Mapping[str, str]) -> str:
        lacking = [one for one in self.needed if not given.get(one, "").strip()]
        return f"{lacking[0]} is needed" if lacking else ""


KEYS = (
    Key("a", "real", "Real: a secret that has to be rotated", "confirmed"),
    Key("f", "false", "False positive", "false-positive"),
    Key(
        "w", "accept", "Accepted until some day", "accepted",
        (
            Field("expires", "Expires", "", "2027-01-31, or 90d from now: needed"),
            Field("reason", "Reason", "", "why this may be"),
            Field("owner", "Owner", "", "who answers for it"),
        ),
        ("expires",),
    ),
    Key("u", "unset", "Open again", "open"),
    Key("c", "note", "Note", None, (Field("note", "Note", "", "anything but the secret"),),
         ("note",)),
    Key(
        "r", "rotate", "To be rotated, by whom and until when", "confirmed",
        (
            Field("owner", "Owner", "", "who rotates it"),
            Field("due", "Due", "", "2027-01-31, or 14d from now"),
        ),
    ),
)  # fmt: skip
_BY_NAME = {one.name: one for one in KEYS}


class Verbs(Marking):
    """The part of the screen that decides."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(one.key, f"decide('{one.name}')", one.what, id=f"triage.{one.name}")
            for one in KEYS
        ),
        *(
            Binding(one.key.upper(), f"decide('{one.name}', True)", f"{one.what}, then next",
                    show=False, id=f"triage.{one.name}-next")
            for one in KEYS
        ),
        Binding("z", "undo", "Undo", id="triage.undo"),
        Binding("Z", "redo", "Redo", id="triage.redo"),
    ]  # fmt: skip

    seen_decisions: int
    """Decisions of this session that the list shows."""

    def reread_detail(self) -> None:
        """Something about the current secret has changed."""
        raise NotImplementedError

    # Decisions

    def action_decide(self, name: str, then_next: bool = False) -> None:
        """Ask what a verb needs to know, and decide about what is marked or current now; what an
        open range has is marked by that."""
        if self.range_from is not None:
            self.action_range()
        key, row = _BY_NAME[name], self.table.row
        if self.opened.read_only:
            self.say("this is read-only: nothing can be decided")
        elif self.marked and not self.complete:
            self.say(COUNTING)
        elif self.marked or row is not None:
            # What the rows show: a decision may be written and not drawn yet.
            deciding = later(self._decide, key, row, [*self.marked], self.seen_decisions, then_next)
            self.begins(key.verb(), len(self.marked), deciding)
            if then_next and not key.fields:
                self.table.action_step(1)
        else:
            self.say("no secret is chosen")

    async def _decide(
        self, key: Key, row: SecretRow | None, marked: list[int], known: int, then_next: bool
    ) -> None:
        async with self.one_by_one:
            seen = await self._revisions(row, marked)
            count = await self.decide_about(key.verb(), seen, known)
            if count is None:
                return
            for one in marked:
                self.marked.pop(one, None)
            self.show_marks()
            self.say(f"{key.name}: {count}; z takes it back")
            if then_next and key.fields:
                self.table.action_step(1)

    async def _revisions(self, row: SecretRow | None, marked: list[int]) -> dict[str, int]:
        """Revisions of the secrets that a decision is about, by fingerprint, as they are shown."""
        if not marked:
            return {} if row is None else {row.fingerprint: row.revision}
        shown = {one.id: one for one in self.table.pages.here()}
        others = [one for one in marked if one not in shown]

        def read(index: Connection) -> list[SecretRow]:
            parts = range(0, len(others), _AT_ONCE)
            return [
                one
                for start in parts
                for one in self.browsers.rows(index, others[start : start + _AT_ONCE])
            ]

        try:
            rest = await self.opened.asking.ask("triage chosen", read) if others else []
        except (Superseded, ForensicsError) as error:
            self.say(f"nothing was decided: {error or 'asked anew'}")
            return {}
        found = [shown[one] for one in marked if one in shown]
        return {one.fingerprint: one.revision for one in (*found, *rest) if one is not None}

    def restyle(self) -> None:
        """Show what this session decided, here or on another screen, where the rows stand."""
        fresh = self.decided_since(self.seen_decisions)
        if self.seen_decisions != self.opened.own.decisions:
            self.seen_decisions = self.opened.own.decisions
            self.table.pages.change(fresh)
            self.table.refresh()
            self.reread_detail()

    def decided_since(self, decisions: int) -> Callable[[SecretRow], SecretRow]:
        """Gives a row as it is after what this session decided since."""
        decided, now = self.opened.own.since(decisions), self.opened.now()

        def fresh(row: SecretRow) -> SecretRow:
            if row.fingerprint not in decided:
                return row
            one = decided[row.fingerprint]
            if one is None:
                return row._replace(state="open", revision=0)
            return row._replace(state=one.state(now), revision=one.revision)

        return fresh
