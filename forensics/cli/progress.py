"""Progress of a scan on a terminal."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from forensics.cli.common import note
from forensics.report.text import printable, size
from forensics.scan.observer import Observer, Silent

if TYPE_CHECKING:
    from forensics.drift.progress import Progress as DriftProgress

__all__ = ["following", "watching"]

_EACH_SECONDS = 0.1


class _Notes(Silent):
    """Where standard error is no terminal: notes only."""

    def note(self, message: str) -> None:
        note(message)


class _Lines:
    """A JSON object a line on standard error, a few a second."""

    def __init__(self) -> None:
        self._facts: dict[str, int | str] = {"phase": "reading objects", "objects": 0, "bytes": 0,
                                             "done": 0, "total": 0}  # fmt: skip
        self._told = 0.0

    def note(self, message: str) -> None:
        click.echo(json.dumps({"note": message}), err=True)

    def planned(self, objects: int, weight: int) -> None:
        self._add(total=weight)

    def advanced(self, objects: int, read: int, weight: int) -> None:
        for name, more in (("objects", objects), ("bytes", read), ("done", weight)):
            self._facts[name] = int(self._facts[name]) + more
        self._add()

    def phase(self, name: str) -> None:
        self._told = 0.0
        self._add(phase=name)

    def _add(self, **facts: int | str) -> None:
        self._facts |= facts
        if time.monotonic() - self._told > _EACH_SECONDS:
            self._told = time.monotonic()
            click.echo(json.dumps(self._facts), err=True)


@contextmanager
def watching(how: str = "auto") -> Iterator[Observer]:
    """An observer that shows progress, throughput and time left if standard error is a
    terminal, and prints notes in any case; with `lines`, lines for programs."""
    if how == "lines":
        yield _Lines()
        return
    if not sys.stderr.isatty():
        yield _Notes()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading objects", total=None, speed="")

        class Bar:
            """Passes what happens on to the bar."""

            read = 0
            objects = 0

            def note(self, message: str) -> None:
                progress.console.print(
                    f"forensics: {printable(message)}", markup=False, highlight=False
                )

            def planned(self, objects: int, weight: int) -> None:
                progress.update(task, total=weight)

            def advanced(self, objects: int, read: int, weight: int) -> None:
                self.read += read
                self.objects += objects
                elapsed = progress.tasks[0].elapsed or 0
                rate = f"{size(self.read / elapsed)}/s" if elapsed else ""
                progress.update(task, advance=weight, speed=f"{self.objects:,} objects  {rate}")

            def phase(self, name: str) -> None:
                progress.update(task, description=name)

        yield Bar()


@contextmanager
def following() -> Iterator[DriftProgress | None]:
    """What shows how far configuration was read, if standard error is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("following history", total=None)

        class Bar:
            """Passes what happens on to the bar."""

            def walked(self, commits: int, total: int) -> None:
                progress.update(task, completed=commits, total=total)

            def read(self, versions: int, total: int) -> None:
                progress.update(task, description="reading files", completed=versions, total=total)

        yield Bar()
