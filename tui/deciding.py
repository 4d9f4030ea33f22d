"""What screens share on which is decided about secrets: one thing after another, as keys were
pressed, and never over what somebody else decided."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from textual import work

from forensics.errors import ForensicsError
from forensics.index.decision import ASK_FOR_COUNT
from tui.dialogs import AskFields, Field, many
from tui.queried import Queried
from tui.undoing import Done, Undoing, dates_problem, plainly

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

    async def decide_about(self, verb: Verb, seen: dict[str, int], known: int) -> str | None:
        """Ask what a verb needs to know and decide; about how many, in words, or None and a word
        about it where nothing was decided.

        Args:
            verb: what to decide.
            seen: by fingerprint, the revisions of secrets as they stood there when the key was
                pressed.
            known: how often this session had decided then.
        """
        count = f"{len(seen):,} secrets" if len(seen) > 1 else f"#{next(iter(seen))[:8]}"
        given: Given | None = {}
        if verb.fields:
            dialog = AskFields(
                f"{verb.title}: {count}",
                verb.fields,
                lambda given: verb.problem(given) or dates_problem(given),
            )
            given = await self.app.push_screen_wait(dialog)
        if given is None:
            return None
        if len(seen) > ASK_FOR_COUNT:
            if await self.app.push_screen_wait(many(len(seen))) is None:
                return None
            self.say(f"{verb.name}: {count}…")
        for secret, own in self.opened.own.since(known).items():
            if secret in seen:  # decided by this session since the key was pressed: no news
                seen[secret] = 0 if own is None else own.revision
        said = verb.said(given)
        done = await self._change(lambda: self._undoing.decide(f"{verb.name}: {count}", seen, said))
        return None if done is None else count

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
        undoing: Undoing = self.app.undoing  # type: ignore[attr-defined]
        return undoing

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
