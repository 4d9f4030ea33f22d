"""Questions are answered in threads; what nobody waits for any more is stopped."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading

import pytest

from forensics.errors import IndexReadFailed
from tui.asking import Asking, Superseded

FOR_EVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def connect() -> sqlite3.Connection:
    return sqlite3.connect(":memory:")


def endless(connection: sqlite3.Connection) -> object:
    return connection.execute(FOR_EVER).fetchone()


def one(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT 1").fetchone()[0])


def test_a_newer_question_of_a_topic_stops_the_older() -> None:
    """Which would else go on for ever; other topics go on beside it."""

    async def run() -> None:
        asking = Asking(connect)
        older = asyncio.create_task(asking.ask("rows", endless))
        await asyncio.sleep(0.05)
        assert await asking.ask("other", one) == 1
        assert await asking.ask("rows", one) == 1
        with pytest.raises(Superseded):
            await older
        asking.close()

    asyncio.run(run())


def test_what_is_superseded_while_it_waits_never_runs() -> None:
    """All threads being busy."""
    ran: list[str] = []
    hold = threading.Event()

    async def run() -> None:
        asking = Asking(connect, threads=1)
        busy = asyncio.create_task(asking.ask("busy", lambda _: hold.wait(5)))
        await asyncio.sleep(0.02)
        first = asyncio.create_task(asking.ask("rows", lambda _: ran.append("first")))
        await asyncio.sleep(0.02)
        second = asyncio.create_task(asking.ask("rows", lambda _: ran.append("second")))
        await asyncio.sleep(0.02)
        hold.set()
        await busy
        await second
        with pytest.raises(Superseded):
            await first
        asking.close()

    asyncio.run(run())
    assert ran == ["second"]


def test_an_error_of_the_newest_question_is_told() -> None:
    """It is not taken for one that was stopped."""

    async def run() -> None:
        asking = Asking(connect)
        with pytest.raises(IndexReadFailed, match="nothing"):
            await asking.ask("rows", lambda connection: connection.execute("SELECT nothing"))
        asking.close()

    asyncio.run(run())


def half_read(connection: sqlite3.Connection) -> object:
    """Stopped with another query open, which whoever keeps the error keeps too."""
    rows = connection.execute("SELECT 1 UNION ALL SELECT 2")
    next(rows)
    return rows, endless(connection)


def test_what_stops_a_question_does_not_stop_the_next_one() -> None:
    """Though the same thread answers it, and the error of the first is still at hand."""

    async def run() -> None:
        asking = Asking(connect, threads=1)
        older = asyncio.create_task(asking.ask("rows", half_read))
        await asyncio.sleep(0.05)
        newer = asyncio.create_task(asking.ask("rows", one))
        with pytest.raises(Superseded) as kept:
            await older
        assert await newer == 1
        assert await asking.ask("other", one) == 1
        assert kept
        asking.close()

    asyncio.run(run())


def test_an_answer_that_came_too_late_is_none() -> None:
    """It was there, but nobody had looked at it, when somebody asked again."""
    answered = threading.Event()

    async def run() -> None:
        asking = Asking(connect)
        older = asyncio.create_task(asking.ask("rows", lambda _: answered.set()))
        await asyncio.sleep(0)
        assert answered.wait(60)
        assert await asking.ask("rows", one) == 1
        with pytest.raises(Superseded):
            await older
        asking.close()

    asyncio.run(run())


def test_what_is_given_up_ends_between_two_of_its_parts() -> None:
    """Where it asks whether to go on; what comes after it is answered."""
    begun, may_go = threading.Event(), threading.Event()
    parts: list[int] = []

    async def run() -> None:
        asking = Asking(connect, threads=1)

        def long(_: sqlite3.Connection) -> None:
            for part in range(3):
                asking.go_on()
                parts.append(part)
                begun.set()
                assert may_go.wait(60)

        older = asyncio.create_task(asking.ask("look", long))
        await asyncio.to_thread(begun.wait, 60)
        asking.give_up("look")
        may_go.set()
        with pytest.raises(Superseded):
            await older
        assert await asking.ask("look", one) == 1
        asking.close()

    asyncio.run(run())
    assert parts == [0]


def test_the_program_ends_while_something_is_being_read() -> None:
    """Nobody waits for it."""
    program = (
        "import asyncio, sqlite3, threading\n"
        "from tui.asking import Asking\n"
        "async def run():\n"
        "    asking = Asking(lambda: sqlite3.connect(':memory:'))\n"
        "    began = threading.Event()\n"
        "    def long(_):\n"
        "        began.set()\n"
        "        threading.Event().wait()\n"
        "    task = asyncio.create_task(asking.ask('look', long))\n"
        "    await asyncio.to_thread(began.wait)\n"
        "    asking.close()\n"
        "asyncio.run(run())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], timeout=60, check=False)
    assert done.returncode == 0


def test_closing_stops_what_runs() -> None:
    """So that leaving never waits."""

    async def run() -> None:
        asking = Asking(connect)
        task = asyncio.create_task(asking.ask("rows", endless))
        await asyncio.sleep(0.05)
        asking.close()
        with pytest.raises(Superseded):
            await task

    asyncio.run(run())


def test_closing_closes_the_index_in_every_thread() -> None:
    """Each closes its own as it ends."""
    opened: list[sqlite3.Connection] = []
    threads: list[threading.Thread] = []

    def kept() -> sqlite3.Connection:
        opened.append(sqlite3.connect(":memory:", check_same_thread=False))
        threads.append(threading.current_thread())
        return opened[-1]

    async def run() -> None:
        asking = Asking(kept, threads=2)
        both = threading.Barrier(2)
        await asyncio.gather(*(asking.ask(topic, lambda _: both.wait(5)) for topic in "ab"))
        asking.close()

    asyncio.run(run())
    assert len(opened) == 2
    for connection, thread in zip(opened, threads, strict=True):
        thread.join(5)
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")
