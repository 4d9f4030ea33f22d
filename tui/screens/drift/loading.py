"""Reading the history of drift: what the index has, then what the repository has more."""

from __future__ import annotations

import gc
from contextlib import closing
from datetime import UTC, date, datetime

from textual import work
from textual.message import Message
from textual.worker import get_current_worker

from forensics.errors import ForensicsError, IndexReadFailed
from forensics.index.database import is_damage
from forensics.scan.drift_browsing import Browsed, browsed
from forensics.scan.drift_child import Stopped, Told, bring_up
from tui.page import Page, retried
from tui.screens.drift.accepted import Accepting

__all__ = ["Loading"]

_NOTHING = (
    "Nothing in this repository is configuration of several environments;"
    " `forensics drift --explain` says of each file why."
)
_NOT_AT_HAND = (
    "The index has no configuration yet, and the repository is not at hand: run `forensics drift`"
    " in it, with this index."
)
_SCAN_FIRST = "the scan that runs here is writing: what is new is read once it is done"
_READ_ONLY = "The index has no configuration that this version read: run `forensics drift` once."


class Loading(Page):
    """A screen that shows a history once it is read."""

    class Progressed(Message):
        """How far reading is."""

        def __init__(self, what: str, done: int, total: int) -> None:
            super().__init__()
            self.told = f"{what}: {done:,} of {total:,}  (Esc stops)"

    class Came(Message):
        """There is something to look at, or nothing."""

        def __init__(self, found: Browsed | None, remark: str) -> None:
            super().__init__()
            self.found, self.remark = found, remark

    class Loaded(Message):
        """Nothing is being read any more."""

    def on_mount(self) -> None:
        """Show what the index has, and what the repository has more."""
        super().on_mount()
        self._browsed: Browsed | None = None
        self._accepting = Accepting(self.opened)
        self._loading = self._once_more = False
        self.action_reload()

    def take(self, found: Browsed) -> None:
        """Show another history."""
        raise NotImplementedError

    def tell(self, text: str) -> None:
        """Say how far reading is, or why there is nothing."""
        raise NotImplementedError

    def read_anew(self) -> None:
        """A scan has changed the index: what is being read may be older."""
        self._once_more = self._loading
        self.action_reload()

    def action_reload(self) -> None:
        """Read what is new in the repository."""
        if not self._loading:
            self._loading = True
            self.tell("reading…")
            self._load(self._browsed)

    def stop_reading(self) -> None:
        """Leave the rest for later."""
        self._once_more = False
        self.workers.cancel_group(self, "drift-load")

    @work(thread=True, group="drift-load", exclusive=True)
    def _load(self, shown: Browsed | None) -> None:
        worker, opened = get_current_worker(), self.opened
        remark, said = "", opened.overrides

        def wanted() -> bool:
            return not worker.is_cancelled

        def followed(done: int, total: int) -> None:
            if not wanted():
                raise Stopped
            if done % 50 == 0:
                self.post_message(self.Progressed("following", done, total))

        def told(one: Told) -> None:
            self.post_message(self.Progressed(*one))

        wrong = ""
        try:
            self._accepting.read()
        except ForensicsError as error:
            wrong = str(error)
        try:
            if shown is None:
                with closing(opened.connect()) as index:
                    shown = browsed(index, opened.key, opened.repository, followed, overrides=said)
                if shown is not None:
                    self.post_message(self.Came(shown, "reading what is new…"))
            if self.scan_runs:
                remark = _SCAN_FIRST
            elif opened.repository is not None and not opened.read_only:
                there = opened.index.exists()
                line = bring_up(opened.repository, opened.index, told, wanted, said)
                if not there:
                    opened.read_anew()
                with closing(opened.connect()) as index:
                    shown = browsed(
                        index, opened.key, opened.repository, followed, line, shown, said
                    )
                remark = _NOTHING if shown is None else _cut(line.cut)
            elif shown is None:
                remark = _READ_ONLY if opened.read_only else _NOT_AT_HAND
            else:
                remark = _as_the_index_has_it(shown)
            if shown is not None:
                gc.freeze()  # it stays: looking for garbage in it would hold up the screen
                remark = wrong or remark or self._accepting.remark(shown.past.events, self.today())
        except Stopped:
            remark = "stopped; r reads on"
        except ForensicsError as error:
            remark = retried(error)
        except Exception as error:
            if not is_damage(error):
                raise
            remark = retried(IndexReadFailed(f"the index cannot be read: {error}"))
        self.post_message(self.Came(shown, remark))
        self.post_message(self.Loaded())

    def on_loading_loaded(self) -> None:
        """It may be asked for again; what is said of it goes with the next key."""
        self._loading = False
        self.say(self._said)
        if self._once_more:
            self.read_anew()

    def on_loading_progressed(self, event: Progressed) -> None:
        """Say so."""
        if self._loading:
            self.tell(event.told)

    def on_loading_came(self, event: Came) -> None:
        """Look at it, where one was."""
        if event.found is not None:
            self.take(event.found)
        self.tell(event.remark)

    def today(self) -> date:
        """The day on which acceptances are judged, in UTC."""
        return datetime.fromtimestamp(self.opened.now(), UTC).date()


def _cut(cut: str) -> str:
    return f"the history is not whole, so some dates may be too late: {cut}" if cut else ""


def _as_the_index_has_it(shown: Browsed) -> str:
    left = shown.stored.left_out
    files = (
        "1 file with a secret in its name is"
        if left == 1
        else (f"{left:,} files with secrets in their names are")
    )
    more = f"; {files} left out" if left else ""
    return f"as the index has it: the repository was not read{more}"
