"""Worker processes that share the tasks of a plan.

The parent hands out tasks, two ahead, so that nobody idles and nobody holds a lock when it dies.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Generic, NamedTuple, Protocol, TypeVar

from forensics.git.plan import ObjectPlan, Task

__all__ = ["Failed", "Work", "WorkerPool"]

_AHEAD = 2

Result = TypeVar("Result")
Made = TypeVar("Made", covariant=True)


class Failed(NamedTuple):
    """What comes of a task that was not done."""

    reason: str


class Work(Protocol[Made]):
    """What workers are to do. Forked workers inherit it."""

    @property
    def sendable(self) -> bool:
        """Whether it can be pickled. A worker that takes the place of one that died is then
        started from nothing and sent it; else it is forked too."""

    def begin(self) -> Callable[[Task], Made]:
        """What does a task; called once in each worker."""


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    tasks: deque[int] = field(default_factory=deque)
    """Numbers of the tasks handed out and not answered, the one being worked on first."""


def _work(pipe: Connection, others: list[Connection], plan: ObjectPlan, work: Work[object]) -> None:
    """The life of a worker: a task number in, a result out, until there is nobody to ask.

    It may be killed at any moment, so it makes no folder or file that would stay behind.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_DFL)
    for other in others:
        other.close()  # else the parent's death would go unnoticed
    do = work.begin()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while (number := pipe.recv()) is not None:
            try:
                answer = do(plan.tasks[number])
            except Exception as error:
                # Only the kind of error: its message could hold what was being read.
                answer = Failed(f"a task failed with {type(error).__name__}")
            pipe.send(answer)


class WorkerPool(Generic[Result]):
    """Does the tasks of a plan in processes of its own. Use as a context manager; leaving it ends
    them."""

    def __init__(self, plan: ObjectPlan, work: Work[Result], jobs: int) -> None:
        self._plan, self._work = plan, work
        self._left = deque(range(len(plan.tasks)))
        self._workers: list[_Worker] = []
        methods = multiprocessing.get_all_start_methods()
        self._first = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
        for _ in range(min(jobs, len(plan.tasks))):
            self._start(self._first)

    def __enter__(self) -> WorkerPool[Result]:
        return self

    def __exit__(self, *_: object) -> None:
        # A second Ctrl-C must not leave a worker behind, which would go on holding the lock.
        masked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        for worker in self._workers:
            worker.pipe.close()
            worker.process.kill()
            worker.process.join()
        signal.pthread_sigmask(signal.SIG_SETMASK, masked)

    def _start(self, context: BaseContext) -> None:
        ours, theirs = multiprocessing.Pipe()
        forked = context.get_start_method() == "fork"
        others = [worker.pipe for worker in self._workers] + [ours] if forked else []
        process = context.Process(  # type: ignore[attr-defined]
            target=_work,
            args=(theirs, others, self._plan, self._work),
            daemon=True,
        )
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        self._feed(worker)

    def _feed(self, worker: _Worker) -> None:
        while self._left and len(worker.tasks) < _AHEAD:
            number = self._left.popleft()
            worker.tasks.append(number)
            with suppress(BrokenPipeError, ConnectionResetError):
                worker.pipe.send(number)

    def results(self) -> Iterator[tuple[int, Result | Failed]]:
        """Yield the weight and result of each task as it is done."""
        while busy := [worker for worker in self._workers if worker.tasks]:
            ready = wait([worker.pipe for worker in busy])
            for worker in busy:
                if worker.pipe not in ready:
                    continue
                try:
                    answer = worker.pipe.recv()
                except (EOFError, OSError):  # it was killed, perhaps while it answered
                    yield self._died(worker)
                    continue
                number = worker.tasks.popleft()
                self._feed(worker)
                yield self._plan.tasks[number].weight, answer

    def _died(self, worker: _Worker) -> tuple[int, Failed]:
        """Give up the task that a worker died on, and put another in its place for the rest."""
        worker.process.join()
        worker.pipe.close()
        self._workers.remove(worker)
        number = worker.tasks.popleft()
        self._left.extendleft(reversed(worker.tasks))
        if self._left:
            sendable = self._work.sendable
            self._start(multiprocessing.get_context("spawn") if sendable else self._first)
        reason = f"a worker died with {worker.process.exitcode}"
        return self._plan.tasks[number].weight, Failed(reason)
