"""Looking at what a secret stands in: diffs, whole objects, an editor, the value itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, TypeVar

from rich.text import Text
from textual import work
from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.widgets import Input

from forensics.errors import ForensicsError, UsageProblem
from forensics.index.browse.rows import SecretRow
from forensics.index.database import Connection
from forensics.index.life import LifeEvent
from forensics.index.shown_place import ShownPlace, shown_places
from forensics.report.text import printable
from tui.asking import Superseded
from tui.page import Page
from tui.pager import Pager
from tui.revealed import Revealed
from tui.screens.triage.detail import Detail
from tui.screens.triage.editing import edited, uninterrupted
from tui.screens.triage.highlighting import LONGEST, highlighted
from tui.screens.triage.reading import diff_of, line_at, whole_object
from tui.table.table import Table

if TYPE_CHECKING:
    from forensics.scan.at_hand import AtHand

__all__ = ["LookingUp"]

Answer = TypeVar("Answer")

_TOPICS = ("triage look", "triage reveal")
_READ_ONLY = "this is read-only: nothing is revealed"


class LookingUp(Page):
    """The part of the screen that reads repositories again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "open_masked", "File, every secret masked", id="triage.file"),
        Binding("O", "edit", "File in $EDITOR: a reveal", id="triage.editor"),
        Binding("y", "copy_fingerprint", "Copy the fingerprint", id="triage.copy-fingerprint"),
        Binding("Y", "copy_place", "Copy repository@commit:path:line", id="triage.copy-place"),
        Binding("V", "reveal", "Reveal the value", id="triage.reveal"),
    ]

    @cached_property
    def at_hand(self) -> AtHand:
        """Repositories that stay open; asked for in threads, since it takes long to load."""
        from forensics.scan.at_hand import AtHand

        return AtHand(self.opened.key)

    @property
    def table(self) -> Table[SecretRow]:
        """The list."""
        raise NotImplementedError

    @property
    def detail(self) -> Detail:
        """What is shown of the current secret."""
        raise NotImplementedError

    _reading: object = None
    """What is being read of a repository right now."""

    async def _look(
        self, topic: str, read: Callable[[Connection], Answer], failed: str = ""
    ) -> Answer | None:
        """What is read of a repository; None, and a word about it, where it failed or was given
        up."""
        this = self._reading = object()
        self.say("reading… Esc gives up", lasts=True)
        try:
            answer = await self.opened.looking.ask(topic, read)
        except Superseded:
            return None
        except ForensicsError as error:
            self.say(f"{failed}{error}")
            return None
        finally:
            if self._reading is this:
                self._reading = None
        self.say("")
        return answer

    def gives_up(self) -> bool:
        """Wait no longer for what is being read; whether anything is."""
        if self._reading is None:
            return False
        self._reading = None
        for group in _TOPICS:
            self.opened.looking.give_up(group)
        self.say("given up")
        return True

    def on_detail_opened(self, event: Detail.Opened) -> None:
        """A commit's diff, or a file."""
        secret = self.detail.secret
        if isinstance(event.target, LifeEvent):
            self._show_diff(secret, event.target)
        else:
            self._show_object(secret, event.target)

    @work(group="triage-look", exclusive=True)
    async def _show_diff(self, secret: str, event: LifeEvent) -> None:
        facts, key = self.detail.facts, self.opened.key
        if facts is None:
            return
        go_on = self.opened.looking.go_on
        rows = {one.id: one.repository for one in facts.case.life.places}
        row, commit = rows.get(event.place, 0), event.at.commit

        def read(index: Connection) -> list[Text]:
            from forensics.report.masked_lines import diff_texts

            found = diff_of(index, key, self.at_hand, row, commit, secret, event.path, go_on)
            return list(diff_texts(found, LONGEST))

        lines = await self._look("triage look", read)
        if lines is None:
            return
        mask = f"****#{secret[:8]}"
        at = next((n for n, one in enumerate(lines) if mask in one.plain), 0)
        await self.app.push_screen(Pager(f"{commit[:12]}  every secret masked", lines, at))

    def action_open_masked(self) -> None:
        """The file that the context is of, in the pager."""
        facts = self.detail.facts
        if facts is not None and facts.places:
            self._show_object(self.detail.secret, facts.places[0])

    @work(group="triage-look", exclusive=True)
    async def _show_object(self, secret: str, place: ShownPlace) -> None:
        key, dark, go_on = self.opened.key, self.app.current_theme.dark, self.opened.looking.go_on

        def read(index: Connection) -> tuple[list[Text], int]:
            found = whole_object(index, key, self.at_hand, place, secret, go_on)
            return highlighted(found.shown.lines, place.path, dark=dark), found.line

        found = await self._look("triage look", read)
        if found is None:
            return
        lines, at = found
        name = place.kind if place.path is None else printable(place.path)
        title = f"{name}  {place.oid.hex()[:12]}  every secret masked"
        await self.app.push_screen(Pager(title, lines, at))

    # The clipboard

    def action_copy_fingerprint(self) -> None:
        """The whole fingerprint, which tells nothing without the key."""
        row = self.table.row
        if row is not None:
            self.app.copy_to_clipboard(row.fingerprint)
            self.say(f"copied the fingerprint of #{row.short}")

    @work(group="triage-copy", exclusive=True)
    async def action_copy_place(self) -> None:
        """Where it stands, as other tools name places."""
        row = self.table.row
        if row is None:
            return

        def read(index: Connection) -> str:
            places = shown_places(index, row.fingerprint)
            return line_at(index, places[0], row.fingerprint) if places else ""

        text = await self.asks("triage place", read)
        if text:
            self.app.copy_to_clipboard(text)
        if text is not None:
            self.say(f"copied {text}" if text else "it stands nowhere any more")

    # Values

    @work(group="triage-reveal", exclusive=True)
    async def action_reveal(self) -> None:
        """Read the value again and show it for a moment; the journal is told before."""
        row = self.table.row
        if row is None:
            return
        if self.opened.read_only:
            self.say(_READ_ONLY)
            return
        found = await self._look(
            "triage reveal", lambda _: (self._value(row.fingerprint),), "not revealed: "
        )
        if found is None:
            return
        (value,) = found
        if value is None:
            self.say("not revealed: it cannot be read again where it was found")
            return
        here = self.table.row
        if here is None or here.fingerprint != row.fingerprint or isinstance(self.focused, Input):
            self.say("not shown: you went on meanwhile")
        elif self.is_active and self.app.app_focus and not self.app.too_small:  # type: ignore[attr-defined]
            copy = self._copier(row.fingerprint) if self.opened.raw_copy else None
            await self.app.push_screen(Revealed(f"#{row.short}", value, copy))

    def _value(self, secret: str) -> bytes | None:
        from forensics.scan.audited import plain_value, revealed_value

        with closing(self.opened.for_writing()) as index:
            rows = dict.fromkeys(one.repository for one in shown_places(index, secret, 1000))
            with closing(self.at_hand.places(index, rows)) as places:
                found = revealed_value(
                    index, self.opened.key, secret, places, "terminal", told=self.opened.own.wrote
                )
        return None if found is None else plain_value(found)

    def _copier(self, secret: str) -> Callable[[bytes], Awaitable[str]]:
        def tell() -> None:
            from forensics.scan.audited import tell_revealed

            with closing(self.opened.for_writing()) as index:
                self.opened.own.wrote(tell_revealed(index, self.opened.key, [secret], "clipboard"))

        async def copy(value: bytes) -> str:
            try:
                await asyncio.to_thread(tell)
            except ForensicsError as error:
                return f"not copied: {error}"
            self.app.copy_to_clipboard(value.decode("utf-8", "backslashreplace"))
            self.app._clipboard = ""  # so that nothing here pastes it
            return "copied"

        return copy

    @work(group="triage-reveal", exclusive=True)
    async def action_edit(self) -> None:
        """The file as it is in the user's editor; the journal is told before."""
        facts = self.detail.facts
        if facts is None or not facts.places:
            return
        if self.opened.read_only:
            self.say(_READ_ONLY)
            return
        place, secret = facts.places[0], self.detail.secret
        found = await self._look(
            "triage reveal", lambda _: self._plain_object(place, secret), "not opened: "
        )
        if found is None:
            return
        content, line = found
        try:
            # A scan goes on meanwhile, so what it says is read; but nothing is drawn.
            with self.app.suspend(), self.app.batch_update(), uninterrupted():
                ended = await asyncio.to_thread(edited, content, place.path, line)
        except SuspendNotSupported:
            self.say("not opened: this terminal cannot be given away")
            return
        self.app.refresh()
        self.say(ended)

    def _plain_object(self, place: ShownPlace, secret: str) -> tuple[bytes, int]:
        """The content and the line of the secret, after the journal was told of every secret in
        it."""
        from forensics.scan.audited import tell_revealed

        with closing(self.opened.for_writing()) as index:
            whole = whole_object(
                index, self.opened.key, self.at_hand, place, secret, self.opened.looking.go_on
            )
            held = {secret}.union(*whole.shown.secrets)
            self.opened.own.wrote(tell_revealed(index, self.opened.key, sorted(held), "editor"))
            content = self.at_hand.read(index, place.repository, place.oid, place.kind, place.path)
        if content is None:
            raise UsageProblem("it cannot be read again", "its repository is not at hand")
        return bytes(content), whole.line + 1
