"""What is kept of a set after each step of a line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from forensics.drift.noted import Noted
from forensics.drift.walk import Made

__all__ = ["SetPast"]


class SetPast:
    """What is kept of a set."""

    def __init__(self) -> None:
        self.at: list[int] = []
        """Numbers of the steps after which it is made of other files than before."""
        self.made: list[Made | None] = []
        self.noted_at: list[int] = []
        self.noted: list[tuple[Noted, ...]] = []
        self.turned_at: list[int] = []
        self.turned: list[tuple[str, ...]] = []
        """Keys that may have changed."""
        self.was: tuple[int, str] | None = None
        """The step from which on it has this name, and the one that it had."""

    def version(self, number: int) -> int:
        """Which one it is after a step; -1 before the first."""
        return bisect_right(self.at, number) - 1

    def open(self, number: int) -> tuple[Noted, ...]:
        """What is open after a step."""
        place = bisect_right(self.noted_at, number) - 1
        return self.noted[place] if place >= 0 else ()

    def stretches(self, steps: int) -> Iterator[tuple[int, int, tuple[Noted, ...]]]:
        """The first step of each stretch with one and the same open, the one after its last, and
        what is open."""
        return zip(self.noted_at, [*self.noted_at[1:], steps], self.noted, strict=True)
