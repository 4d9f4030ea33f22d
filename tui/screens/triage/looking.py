"""Looking at what a secret stands in: diffs, whole objects, an editor, the value itself."""

from __future__ import annotations

import asyncio
import os
import shlex
import subprocess
import tempfile
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import work
from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType

from forensics.errors import ForensicsError, UsageProblem
from forensics.index.browse.rows import SecretRow
from forensics.index.database import Connection, create_or_open
from forensics.index.life import LifeEvent
from forensics.index.shown_place import ShownPlace, shown_places
from forensics.report.text import printable
from tui.asking import Superseded
from tui.page import Page
from tui.pager import Pager
from tui.revealed import Revealed
from tui.screens.triage.detail import Detail
from tui.screens.triage.highlighting import LONGEST, highlighted
from tui.screens.triage.reading import diff_of, line_at, whole_object
from tui.table.table import Table

if TYPE_CHECKING:
    from forensics.scan.at_hand import AtHand

__all__ = ["Looking"]

_EDITOR = "vi"
_READ_ONLY = "this is read-only: nothing is revealed"


class Looking(Page):
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
        rows = {one.id: one.repository for one in facts.case.life.places}
        row, commit = rows.get(event.place, 0), event.at.commit
        self.say(f"reading {commit[:12]}…")

        def read(index: Connection) -> list[Text]:
            from forensics.report.masked_lines import diff_texts

            found = diff_of(index, key, self.at_hand, row, commit, secret, event.path)
            return list(diff_texts(found, LONGEST))

        try:
            lines = await self.opened.asking.ask("triage look", read)
        except Superseded:
            return
        except ForensicsError as error:
            self.say(str(error))
            return
        self.say("")
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
        key, dark = self.opened.key, self.app.current_theme.dark
        self.say("reading…")

        def read(index: Connection) -> tuple[list[Text], int]:
            found = whole_object(index, key, self.at_hand, place, secret)
            return highlighted(found.shown.lines, place.path, dark=dark), found.line

        try:
            lines, at = await self.opened.asking.ask("triage look", read)
        except Superseded:
            return
        except ForensicsError as error:
            self.say(str(error))
            return
        self.say("")
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

        text = await self.opened.asking.ask("triage place", read)
        if text:
            self.app.copy_to_clipboard(text)
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
        self.say(f"reading #{row.short} again…")
        try:
            value = await asyncio.to_thread(self._value, row.fingerprint)
        except ForensicsError as error:
            self.say(f"not revealed: {error}")
            return
        if value is None:
            self.say("not revealed: it cannot be read again where it was found")
            return
        self.say("")
        if self.is_current and self.app.app_focus:
            copy = self._copier(row.fingerprint, value) if self.opened.raw_copy else None
            await self.app.push_screen(Revealed(f"#{row.short}", value, copy))

    def _value(self, secret: str) -> bytes | None:
        from forensics.scan.audited import plain_value, revealed_value

        with closing(create_or_open(self.opened.index, self.opened.key)) as index:
            rows = dict.fromkeys(one.repository for one in shown_places(index, secret, 1000))
            places = [self.at_hand.place(index, row) for row in rows]
            found = revealed_value(
                index, self.opened.key, secret, [one for one in places if one is not None],
                "terminal", told=self.opened.own.wrote,
            )  # fmt: skip
        return None if found is None else plain_value(found)

    def _copier(self, secret: str, value: bytes):  # type: ignore[no-untyped-def]
        def tell() -> None:
            from forensics.scan.audited import tell_revealed

            with closing(create_or_open(self.opened.index, self.opened.key)) as index:
                self.opened.own.wrote(tell_revealed(index, self.opened.key, [secret], "clipboard"))

        async def copy() -> str:
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
        try:
            content, line = await asyncio.to_thread(self._plain_object, place, secret)
        except ForensicsError as error:
            self.say(f"not opened: {error}")
            return
        try:
            with self.app.suspend():
                ended = _edited(content, place.path, line)
        except SuspendNotSupported:
            self.say("not opened: this terminal cannot be given away")
            return
        self.app.refresh()
        self.say(ended)

    def _plain_object(self, place: ShownPlace, secret: str) -> tuple[bytes, int]:
        """The content and the line of the secret, after the journal was told of every secret in
        it."""
        from forensics.scan.audited import tell_revealed

        with closing(create_or_open(self.opened.index, self.opened.key)) as index:
            whole = whole_object(index, self.opened.key, self.at_hand, place, secret)
            held = {secret}.union(*whole.shown.secrets)
            self.opened.own.wrote(tell_revealed(index, self.opened.key, sorted(held), "editor"))
            content = self.at_hand.read(index, place.repository, place.oid, place.kind, place.path)
        if content is None:
            raise UsageProblem("it cannot be read again", "its repository is not at hand")
        return bytes(content), whole.line + 1


def _edited(content: bytes, path: bytes | None, line: int) -> str:
    """Open a copy that only the user can read, and take it away after; a word about it."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or _EDITOR
    with tempfile.TemporaryDirectory(prefix="git-forensics-") as folder:
        suffix = Path(os.fsdecode(path or b"")).suffix[:16]
        copy = Path(folder) / f"revealed{suffix if suffix.isascii() else ''}"
        with open(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as file:
            file.write(content)
        try:
            words = shlex.split(command)
            code = subprocess.call([*words, f"+{line}", str(copy)])
        except (OSError, ValueError) as error:
            return f"{printable(command)} did not start: {type(error).__name__}"
        finally:
            copy.chmod(0o600)
            copy.write_bytes(bytes(len(content)))
    return "the copy is gone" if code == 0 else f"{printable(command)} ended with {code}"
