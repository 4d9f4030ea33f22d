"""Questions to the index, asked in threads, of which only the newest of each topic is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Lock, local
from traceback import clear_frames
from typing import TypeVar

from forensics.errors import IndexReadFailed
from forensics.index.database import Connection, is_damage
from tui.threads import Threads

__all__ = ["Asking", "Superseded"]

Answer = TypeVar("Answer")


class Superseded(Exception):
    """A newer question of the same topic was asked meanwhile: nobody waits for this answer."""


class Asking:
    """Threads with a read-only connection each.

    Args:
        connect: opens a connection, in the thread that uses it.
        threads: how many questions are worked on at once.
        check: raises where nothing may be asked any more.
    """

    def __init__(
        self,
        connect: Callable[[], Connection],
        threads: int = 3,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._connect, self._check = connect, check
        self._pool = Threads(threads, "index", self._leave)
        self._own = local()
        self._lock = Lock()
        self._newest: dict[str, int] = {}
        self._running: dict[str, Connection] = {}
        self._age = 0

    async def ask(self, topic: str, question: Callable[[Connection], Answer]) -> Answer:
        """Ask, and stop working on what was asked of this topic before.

        Raises:
            Superseded: somebody asked again before this was answered.
            IndexReadFailed: the index could not be read to the end.
            Exception: as opening the index and `question` raise them.
        """
        generation = self.give_up(topic)
        answer = await asyncio.wrap_future(
            self._pool.submit(self._work, topic, generation, question)
        )
        if self._newest[topic] != generation:
            raise Superseded
        return answer

    def give_up(self, topic: str) -> int:
        """Stop working on what was asked of a topic; the number of what is asked next."""
        with self._lock:
            generation = self._newest[topic] = self._newest.get(topic, 0) + 1
            if topic in self._running:
                self._running[topic].interrupt()
        return generation

    def go_on(self) -> None:
        """For questions that ask more than the index, between the parts of what they do.

        Raises:
            Superseded: nobody waits for the answer any more.
        """
        topic, generation = self._own.asked
        if self._newest[topic] != generation:
            raise Superseded

    def _work(
        self, topic: str, generation: int, question: Callable[[Connection], Answer]
    ) -> Answer:
        failed: Exception
        connection = None
        try:
            self._check()
            connection = self._connection()
            with self._lock:
                if self._newest[topic] != generation:
                    raise Superseded
                self._running[topic] = connection
                self._own.asked = topic, generation
            return question(connection)
        except Exception as error:
            _let_go(error)
            failed = error
        finally:
            with self._lock:  # so that what is interrupted is never another question
                if connection is not None and self._running.get(topic) is connection:
                    del self._running[topic]
        if self._newest[topic] != generation:  # interrupted, as whatever the question made of that
            raise Superseded
        if is_damage(failed):
            raise IndexReadFailed(f"the index cannot be read: {failed}") from failed
        raise failed

    def renew(self, connect: Callable[[], Connection]) -> None:
        """Let every thread open the index again, with this: another file may stand there."""
        self._connect = connect
        self._age += 1

    def _connection(self) -> Connection:
        found: Connection | None = getattr(self._own, "connection", None)
        if found is None or self._own.age != self._age:
            if found is not None:
                found.close()
            age = self._age
            found = self._own.connection = self._connect()
            self._own.age = age
        return found

    def _leave(self) -> None:
        found: Connection | None = getattr(self._own, "connection", None)
        if found is not None:
            found.close()

    def close(self) -> None:
        """Stop working on anything; nobody waits for what goes on until it is asked to."""
        with self._lock:
            self._newest = dict.fromkeys(self._newest, -1)
            for connection in self._running.values():
                connection.interrupt()
        self._pool.close()


def _let_go(error: BaseException | None) -> None:
    """Drop what a failed question still holds: a query that was interrupted in the middle, and is
    not let go, has SQLite interrupt every later one of its connection."""
    while error is not None:
        clear_frames(error.__traceback__)
        error = error.__context__
