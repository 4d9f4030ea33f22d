"""What screens share on which is decided about secrets: one thing after another, as keys were
pressed, and never over what somebody else decided."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual import work

from forensics.errors import ForensicsError
from forensics.index.decision import ASK_FOR_COUNT
from tui.dialogs import AskFields, Field, many
from tui.queried import Queried
from tui.typeahead import ASKS, asked
from tui.undoing import Done, Undoing, dates_problem, plainly

if TYPE_CHECKING:
    from tui.app import ForensicsApp

__all__ = ["Deciding", "Verb"]

Given = Mapping[str, str]
"""What stands in the fields of a dialog, by name."""


class Verb(NamedTuple):
    """Something that can be decided."""

    name: str
    title: str
    fields: Sequence[Field]
    said: Callable[[Given], Given]
    """What is decided, by the names of the options of `forensics triage`, of what was given."""
    problem: Callable[[Given], str] = lambda _: ""
    """What is wrong with what was given, beside its dates; empty if nothing is."""


class Deciding(Queried):
    """A screen on which is decided."""

    def __init__(self) -> None:
        super().__init__()
        self.one_by_one = asyncio.Lock()
        """Held by whoever decides, while a dialog is open too."""

    def begins(self, verb: Verb, secrets: int, deciding: Callable[[], Awaitable[None]]) -> None:
        """Decide about so many secrets in a worker: each to its end, one after another, as keys
        were pressed."""
        asks = verb.fields or secrets > ASK_FOR_COUNT
        self.run_worker(deciding, group="decide", description=ASKS if asks else verb.name)

    async def decide_about(self, verb: Verb, seen: dict[str, int], known: int) -> str | None:
        """Ask what a verb needs to know and decide; about how many, in words, or None and a word
        about it where nothing was decided.

        Args:
            verb: what to decide.
            seen: by fingerprint, the revisions of secrets as they stood there when the key was
                pressed; none where nothing is to be decided.
            known: how often this session had decided then.
        """
        given = await self._given(verb, seen) if seen else None
        asked()
        if given is None:
            return None
        count = _counted(seen)
        if len(seen) > ASK_FOR_COUNT:
            self.say(f"{verb.name}: {count}…")
        for secret, own in self.opened.own.since(known).items():
            if secret in seen:  # decided by this session since the key was pressed: no news
                seen[secret] = 0 if own is None else own.revision
        said = verb.said(given)
        done = await self._change(lambda: self._undoing.decide(f"{verb.name}: {count}", seen, said))
        return None if done is None else count

    async def _given(self, verb: Verb, seen: Mapping[str, int]) -> Given | None:
        """What is said of it in dialogs; None where the user would rather not."""
        given: Given | None = {}
        if verb.fields:
            dialog = AskFields(
                f"{verb.title}: {_counted(seen)}",
                verb.fields,
                lambda given: verb.problem(given) or dates_problem(verb.said(given)),
            )
            given = await self.app.push_screen_wait(dialog)
        if given is None or len(seen) <= ASK_FOR_COUNT:
            return given
        typed = await self.app.push_screen_wait(many(verb.name, len(seen)))
        return None if typed is None else given

    @work(group="decide")
    async def action_undo(self) -> None:
        """Take back what this session decided last."""
        await self._go("took back", self._undoing.undo)

    @work(group="decide")
    async def action_redo(self) -> None:
        """Do again what was taken back."""
        await self._go("did again", self._undoing.redo)

    async def _go(self, what: str, change: Callable[[], Done]) -> None:
        async with self.one_by_one:
            done = await self._change(change)
        if done is not None:
            self.say(f"{what}: {done.what}")

    @property
    def _undoing(self) -> Undoing:
        return self._app.undoing

    @property
    def _app(self) -> ForensicsApp:
        app: ForensicsApp = self.app  # type: ignore[assignment]
        return app

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


def _counted(seen: Mapping[str, int]) -> str:
    return f"{len(seen):,} secrets" if len(seen) > 1 else f"#{next(iter(seen))[:8]}"
