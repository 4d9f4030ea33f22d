"""Deciding about secrets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import ClassVar, NamedTuple

from textual import work
from textual.binding import Binding, BindingType

from forensics.errors import ForensicsError
from forensics.index.browse.rows import SecretRow
from forensics.index.database import Connection
from forensics.index.decision import ASK_FOR_COUNT
from tui.asking import Superseded
from tui.dialogs import AskFields, Field, many
from tui.screens.triage.marking import COUNTING, Marking
from tui.undoing import Done, Undoing, dates_problem, plainly

__all__ = ["VERBS", "Verb", "Verbs"]

_AT_ONCE = 1000


class Verb(NamedTuple):
    """A key that decides."""

    key: str
    name: str
    what: str
    state: str | None
    """What the secret is then; None leaves it as it is."""
    fields: tuple[Field, ...] = ()
    needed: tuple[str, ...] = ()


VERBS = (
    Verb("a", "real", "Real: a secret that has to be rotated", "confirmed"),
    Verb("f", "false", "False positive", "false-positive"),
    Verb(
        "w", "accept", "Accepted until some day", "accepted",
        (
            Field("expires", "Expires", "", "2027-01-31, or 90d from now: needed"),
            Field("reason", "Reason", "", "why this may be"),
            Field("owner", "Owner", "", "who answers for it"),
        ),
        ("expires",),
    ),
    Verb("u", "unset", "Open again", "open"),
    Verb("c", "note", "Note", None, (Field("note", "Note", "", "anything but the secret"),),
         ("note",)),
    Verb(
        "r", "rotate", "To be rotated, by whom and until when", "confirmed",
        (
            Field("owner", "Owner", "", "who rotates it"),
            Field("due", "Due", "", "2027-01-31, or 14d from now"),
        ),
    ),
)  # fmt: skip
_BY_NAME = {one.name: one for one in VERBS}


class Verbs(Marking):
    """The part of the screen that decides."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(one.key, f"decide('{one.name}')", one.what, id=f"triage.{one.name}")
            for one in VERBS
        ),
        *(
            Binding(one.key.upper(), f"decide('{one.name}', True)", f"{one.what}, then next",
                    show=False, id=f"triage.{one.name}-next")
            for one in VERBS
        ),
        Binding("z", "undo", "Undo", id="triage.undo"),
        Binding("Z", "redo", "Redo", id="triage.redo"),
    ]  # fmt: skip

    seen_decisions: int
    """Decisions of this session that the list shows."""

    def __init__(self) -> None:
        super().__init__()
        self._one_by_one = asyncio.Lock()

    def reread_detail(self) -> None:
        """Something about the current secret has changed."""
        raise NotImplementedError

    # Decisions

    def action_decide(self, name: str, then_next: bool = False) -> None:
        """Ask what a verb needs to know, and decide about what is marked or current now."""
        verb, row = _BY_NAME[name], self.table.row
        if self.opened.read_only:
            self.say("this is read-only: nothing can be decided")
        elif self.marked and not self.complete:
            self.say(COUNTING)
        elif self.marked or row is not None:
            self._decide(verb, row, [*self.marked], self.opened.own.decisions, then_next)
            if then_next and not verb.fields:
                self.table.action_step(1)
        else:
            self.say("no secret is chosen")

    @work(group="triage-change")  # each to its end: one after another, as they were asked for
    async def _decide(
        self, verb: Verb, row: SecretRow | None, marked: list[int], known: int, then_next: bool
    ) -> None:
        async with self._one_by_one:
            seen = await self._revisions(row, marked)
            if not seen:
                return
            count = f"{len(seen):,} secrets" if len(seen) > 1 else f"#{next(iter(seen))[:8]}"
            given = await self._given(verb, count, len(seen))
            if given is None:
                return
            for secret, own in self.opened.own.since(known).items():
                if secret in seen:  # decided here since the key was pressed: no news
                    seen[secret] = 0 if own is None else own.revision
            done = await self._change(
                lambda: self._undoing.decide(f"{verb.name} {count}", seen, given)
            )
            if done is None:
                return
            for one in marked:
                self.marked.pop(one, None)
            self.show_marks()
            self.say(f"{verb.name}: {count}; z takes it back")
            if then_next and verb.fields:
                self.table.action_step(1)

    async def _given(self, verb: Verb, count: str, many_of: int) -> dict[str, str] | None:
        """What the verb says; None if that was given up."""
        given: Mapping[str, str] | None = {}
        if verb.fields:
            given = await self.app.push_screen_wait(
                AskFields(f"{verb.what}: {count}", verb.fields, self._problem(verb))
            )
        if given is None:
            return None
        if many_of > ASK_FOR_COUNT:
            if await self.app.push_screen_wait(many(many_of)) is None:
                return None
            self.say(f"{verb.name}: {count}…")
        said = {field: text for field, text in given.items() if text.strip()}
        return said if verb.state is None else {**said, "state": verb.state}

    def _problem(self, verb: Verb) -> Callable[[Mapping[str, str]], str]:
        """Says what is wrong with what was given, before the dialog goes."""

        def problem(given: Mapping[str, str]) -> str:
            lacking = [one for one in verb.needed if not given.get(one, "").strip()]
            return f"{lacking[0]} is needed" if lacking else dates_problem(given)

        return problem

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

    @property
    def _undoing(self) -> Undoing:
        undoing: Undoing = self.app.undoing  # type: ignore[attr-defined]
        return undoing

    @work(group="triage-change")
    async def action_undo(self) -> None:
        """Take back what this session decided last."""
        async with self._one_by_one:
            done = await self._change(self._undoing.undo)
        if done is not None:
            self.say(f"took back: {done.what}")

    @work(group="triage-change")
    async def action_redo(self) -> None:
        """Do again what was taken back."""
        async with self._one_by_one:
            done = await self._change(self._undoing.redo)
        if done is not None:
            self.say(f"did again: {done.what}")

    async def _change(self, change: Callable[[], Done]) -> Done | None:
        """Change in a thread, and restyle the rows concerned where they stand; None and a word
        about it where that was refused."""
        try:
            done = await self.writes(change)
        except ForensicsError as error:
            self.say(plainly(error))
            return None
        self.restyle()
        return done

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
