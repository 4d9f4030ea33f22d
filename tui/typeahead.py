"""Keys that come faster than they can be handled: each waits until the one before has done what it
does, so that what is typed after `/` or into a dialog that is still to open is text, no command."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from textual import events
from textual.app import App, ScreenStackError
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import ModalScreen
from textual.worker import get_current_worker

from tui.later import later

__all__ = ["ASKS", "LISTS", "Passed", "TypeAhead", "asked"]

ASKS = "asks"
"""Description of a worker that opens a dialog: what is typed until it is there is meant for it."""
LISTS = "lists"
"""Description of a worker that lists what was asked for: keys are for what it lists, and wait for
it some seconds at most."""
_NO_MORE = "asked"
_TICK = 0.01
"""Seconds between two looks whether a dialog or a list is there."""
_PATIENCE = 3.0
_ALT = "alt+"
_MOVES = {"alt+b": "ctrl+left", "alt+f": "ctrl+right"}
"""What terminals send for keys that move by words, and what these are where something moves so."""


def asked() -> None:
    """The current worker opens no more dialogs, or lists nothing new: keys need not wait for it."""
    get_current_worker().description = _NO_MORE


class Passed(Message):
    """Comes up to the application from where a key was sent, behind the key itself."""

    def __init__(self, reached: asyncio.Event) -> None:
        super().__init__()
        self.reached = reached


class TypeAhead:
    """Hands on one key, or pasted text, after another.

    Args:
        app: where they come from; it has `Passed.reached` set where that arrives.
        hand_on: sends one to whatever has the focus.
    """

    def __init__(self, app: App[Any], hand_on: Callable[[events.Event], Awaitable[None]]) -> None:
        self._app, self._hand_on = app, hand_on
        self._typed: deque[events.Event] = deque()
        self._at_work = False

    def add(self, event: events.Event) -> None:
        """Hand it on as soon as everything before it is done."""
        self._typed.append(event)
        if not self._at_work:
            self._at_work = True
            self._app.run_worker(later(self._hand_all_on), group="keys")

    async def _hand_all_on(self) -> None:
        try:
            while self._typed:
                await self._hand_one_on()
        except ScreenStackError:  # all ends
            self._typed.clear()
        finally:
            self._at_work = False

    async def _hand_one_on(self) -> None:
        end = time.monotonic() + _PATIENCE
        while self._dialog_comes or (self._at_work_here(LISTS) and time.monotonic() < end):
            await asyncio.sleep(_TICK)
        screen, target = self._app.screen, self._app.focused or self._app.screen
        await self._hand_on(self._next())
        # What a key has the target send itself comes up behind the key.
        await self._passed(target)
        await self._passed(target)
        if self._app.screen is not screen:
            await self._passed(self._app.screen)

    def _next(self) -> events.Event:
        """A key with Alt that does nothing here is Esc and that key, which terminals send alike."""
        event = self._typed.popleft()
        if not isinstance(event, events.Key) or not event.key.startswith(_ALT):
            return event
        does = self._app.screen.active_bindings
        if event.key in does:
            return event
        if (moves := _MOVES.get(event.key)) in does:
            return events.Key(moves, None)
        name = event.key.removeprefix(_ALT)
        self._typed.appendleft(events.Key(name, event.character))
        return events.Key("escape", "\x1b")

    @property
    def _dialog_comes(self) -> bool:
        """Whether somebody is about to open a dialog and none is there yet."""
        return not isinstance(self._app.screen, ModalScreen) and self._at_work_here(ASKS)

    def _at_work_here(self, description: str) -> bool:
        """Whether a worker so described is at work for the screen in front."""
        here = (self._app, self._app.screen)
        return any(
            one.description == description and not one.is_finished and one.node in here
            for one in self._app.workers
        )

    @staticmethod
    async def _passed(target: MessagePump) -> None:
        """Wait until all that was sent to something has been handled, there and above."""
        reached = asyncio.Event()
        target.post_message(Passed(reached))
        while not reached.is_set() and target.is_running and target.is_attached:
            with suppress(TimeoutError):
                await asyncio.wait_for(reached.wait(), _TICK)
