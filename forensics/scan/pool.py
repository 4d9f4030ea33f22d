"""Worker processes that share the tasks of a plan.

The parent hands out tasks, two ahead, so that nobody idles and nobody holds a lock when it dies.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

from forensics.git.objects import ObjectReader
from forensics.git.plan import HistoryTask, ObjectPlan
from forensics.git.runner import Git
from forensics.index.records import Skip
from forensics.key import Key
from forensics.scan.setup import ScannerSetup
from forensics.scan.worker import TaskResult, history_task, scan_task

__all__ = ["WorkerPool"]

_AHEAD = 2


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    tasks: deque[int] = field(default_factory=deque)
    """Numbers of the tasks handed out and not answered, the one being worked on first."""


def _work(
    pipe: Connection,
    others: list[Connection],
    plan: ObjectPlan,
    git: Git,
    setup: ScannerSetup,
    key: Key,
) -> None:
    """The life of a worker: a task number in, a result out, until there is nobody to ask.

    It may be killed at any moment, so it makes no folder or file that would stay behind.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_DFL)
    for other in others:
        other.close()  # else the parent's death would go unnoticed
    scanner = setup.scanner()
    reader = ObjectReader(plan)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while (number := pipe.recv()) is not None:
            try:
                task = plan.tasks[number]
                answer: TaskResult | str = (
                    history_task(plan, git, task.commits)
                    if isinstance(task, HistoryTask)
                    else scan_task(reader, scanner, key, task)
                )
            except Exception as error:
                # Only the kind of error: its message could hold what was being read.
                answer = f"a task failed with {type(error).__name__}"
            pipe.send(answer)


class WorkerPool:
    """Runs a plan in processes of its own. Use as a context manager; leaving it ends them."""

    def __init__(
        self, plan: ObjectPlan, git: Git, setup: ScannerSetup, key: Key, jobs: int
    ) -> None:
        self._plan, self._git, self._setup, self._key = plan, git, setup, key
        self._left = deque(range(len(plan.tasks)))
        self._workers: list[_Worker] = []
        setup.scanner()  # so that forked workers inherit it
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
        for _ in range(min(jobs, len(plan.tasks))):
            self._start(context)

    def __enter__(self) -> WorkerPool:
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
            args=(theirs, others, self._plan, self._git, self._setup, self._key),
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

    def results(self) -> Iterator[tuple[int, TaskResult]]:
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
                yield self._plan.tasks[number].weight, _result(answer)

    def _died(self, worker: _Worker) -> tuple[int, TaskResult]:
        """Give up the task that a worker died on, and put another in its place for the rest."""
        worker.process.join()
        worker.pipe.close()
        self._workers.remove(worker)
        number = worker.tasks.popleft()
        self._left.extendleft(reversed(worker.tasks))
        if self._left:
            self._start(multiprocessing.get_context("spawn"))
        reason = f"a worker died with {worker.process.exitcode}"
        return self._plan.tasks[number].weight, _result(reason)


def _result(answer: TaskResult | str) -> TaskResult:
    if isinstance(answer, str):
        return TaskResult(b"", 0, [], [Skip(b"", answer)], [])
    return answer
