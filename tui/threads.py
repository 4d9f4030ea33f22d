"""Threads that nobody has to wait for."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import ParamSpec, TypeVar

__all__ = ["Threads"]

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Threads:
    """Works on what comes, in its order; whatever is not done when the program ends is left, where
    the threads of `concurrent.futures` keep it from ending.

    Args:
        count: how many at once.
        name: of the threads.
        leave: what each does last, once they are closed.
    """

    def __init__(self, count: int, name: str, leave: Callable[[], None] = lambda: None) -> None:
        self._count, self._name, self._leave, self._started = count, name, leave, 0
        self._waiting: SimpleQueue[Callable[[], None] | None] = SimpleQueue()

    def submit(
        self, work: Callable[Given, Answer], *args: Given.args, **options: Given.kwargs
    ) -> Future[Answer]:
        """Have something done; it can be cancelled until it begins."""
        future: Future[Answer] = Future()

        def run() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work(*args, **options))
                except BaseException as error:
                    future.set_exception(error)

        self._waiting.put(run)
        if self._started < self._count:
            self._started += 1
            Thread(target=self._work, name=self._name, daemon=True).start()
        return future

    def close(self) -> None:
        """Begin nothing more."""
        with suppress(Empty):
            while True:
                self._waiting.get_nowait()
        for _ in range(self._started):
            self._waiting.put(None)

    def _work(self) -> None:
        while (run := self._waiting.get()) is not None:
            run()
            del run
        self._leave()
