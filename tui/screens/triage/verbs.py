"""Marking secrets and deciding about them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from textual import work
from textual.binding import Binding, BindingType

from forensics.errors import ForensicsError
from forensics.index.browse.rows import SecretRow
from forensics.index.database import Connection
from forensics.index.decision import ASK_FOR_COUNT
from tui.dialogs import AskFields, Field, many
from tui.queried import Queried
from tui.table.table import Table
from tui.undoing import Done, Undoing

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


class Verbs(Queried):
    """The part of the screen that marks and decides."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark", id="triage.mark"),
        Binding("v", "range", "Mark from here to where v is pressed again", id="triage.range"),
        Binding("asterisk", "mark_all", "Mark all matching", id="triage.all"),
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

    ids: array[int]
    marked: dict[int, None]
    """Rows of marked secrets, in the order in which they were marked."""
    range_from: int | None
    """Where a range of marks began."""
    seen_decisions: int
    """Decisions of this session that the list shows."""

    @property
    def table(self) -> Table[SecretRow]:
        """The list."""
        raise NotImplementedError

    def redraw_line(self) -> None:
        """Say how many are marked."""
        raise NotImplementedError

    def reread_detail(self) -> None:
        """Something about the current secret has changed."""
        raise NotImplementedError

    # Marks

    def action_mark(self) -> None:
        """Mark the current secret, or take the mark away; go on to the next. In a range, end it."""
        if self.range_from is not None:
            self.action_range()
            return
        at = self.table.cursor
        if at < len(self.ids):
            row = self.ids[at]
            if row in self.marked:
                del self.marked[row]
            else:
                self.marked[row] = None
            self.show_marks()
            self.table.action_step(1)

    def action_range(self) -> None:
        """Begin a range of marks, or mark all from there to here."""
        at = self.table.cursor
        if self.range_from is None:
            self.range_from = at
            self.say(f"a range begins at row {at + 1:,}: v or Space marks to the cursor, Esc not")
            return
        low, high = sorted((self.range_from, at))
        self.range_from = None
        self.marked.update(dict.fromkeys(self.ids[low : high + 1]))
        self.show_marks()
        self.say(f"marked {high - low + 1:,}")

    def action_mark_all(self) -> None:
        """Mark all that match, or none if all are."""
        if len(self.marked) >= len(self.ids):
            self.marked.clear()
            self.say("no mark is left")
        else:
            self.marked.update(dict.fromkeys(self.ids))
            self.say(f"marked all {len(self.ids):,} that match")
        self.show_marks()

    def show_marks(self) -> None:
        """Draw marks where marked secrets are listed."""
        marked = self.marked
        places = (place for place, row in enumerate(self.ids) if row in marked) if marked else ()
        self.table.mark(frozenset(places))
        self.redraw_line()

    # Decisions

    @work(group="triage-change", exclusive=True)
    async def action_decide(self, name: str, then_next: bool = False) -> None:
        """Ask what a verb needs to know, and decide about what is marked or current."""
        verb = _BY_NAME[name]
        if self.opened.read_only:
            self.say("this is read-only: nothing can be decided")
            return
        seen = await self._chosen()
        if not seen:
            self.say("no secret is chosen")
            return
        count = f"{len(seen):,} secrets" if len(seen) > 1 else f"#{next(iter(seen))[:8]}"
        given: Mapping[str, str] | None = {}
        if verb.fields:
            given = await self.app.push_screen_wait(
                AskFields(f"{verb.what}: {count}", verb.fields, _lacking(verb))
            )
        if given is None:
            return
        if len(seen) > ASK_FOR_COUNT and await self.app.push_screen_wait(many(len(seen))) is None:
            return
        if len(seen) > ASK_FOR_COUNT:
            self.say(f"{verb.name}: {count}…")
        said = {field: text for field, text in given.items() if text.strip()}
        if verb.state is not None:
            said["state"] = verb.state
        done = await self._change(lambda: self._undoing.decide(f"{name} {count}", seen, said))
        if done is not None:
            self.marked.clear()
            self.show_marks()
            self.say(f"{verb.name}: {count}; z takes it back")
            if then_next:
                self.table.action_step(1)

    async def _chosen(self) -> dict[str, int]:
        """Revisions of the secrets that a decision is about, by fingerprint, as they are shown."""
        row = self.table.row
        if not self.marked:
            return {} if row is None else {row.fingerprint: row.revision}
        shown = {one.id: one for one in self.table.pages.here()}
        others = [one for one in self.marked if one not in shown]

        def read(index: Connection) -> list[SecretRow]:
            parts = range(0, len(others), _AT_ONCE)
            return [
                one
                for start in parts
                for one in self.browsers.rows(index, others[start : start + _AT_ONCE])
            ]

        rest = await self.opened.asking.ask("triage chosen", read) if others else []
        found = [shown[one] for one in self.marked if one in shown]
        return {one.fingerprint: one.revision for one in (*found, *rest) if one is not None}

    @property
    def _undoing(self) -> Undoing:
        undoing: Undoing = self.app.undoing  # type: ignore[attr-defined]
        return undoing

    @work(group="triage-change", exclusive=True)
    async def action_undo(self) -> None:
        """Take back what this session decided last."""
        done = await self._change(self._undoing.undo)
        if done is not None:
            self.say(f"took back: {done.what}")

    @work(group="triage-change", exclusive=True)
    async def action_redo(self) -> None:
        """Do again what was taken back."""
        done = await self._change(self._undoing.redo)
        if done is not None:
            self.say(f"did again: {done.what}")

    async def _change(self, change: Callable[[], Done]) -> Done | None:
        """Change in a thread, and restyle the rows concerned where they stand; None and a word
        about it where that was refused."""
        try:
            done = await self.writes(change)
        except ForensicsError as error:
            self.say(str(error).replace("--", ""))
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


def _lacking(verb: Verb) -> Callable[[Mapping[str, str]], str]:
    """What a verb needs that was not given."""
    names: Sequence[str] = verb.needed

    def problem(given: Mapping[str, str]) -> str:
        lacking = [one for one in names if not given.get(one, "").strip()]
        return f"{lacking[0]} is needed" if lacking else ""

    return problem
