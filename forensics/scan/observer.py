"""Who watches a scan. The scan itself prints nothing."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Observer", "Silent"]


class Observer(Protocol):
    """Told what happens; called from the scan's own thread."""

    def note(self, message: str) -> None:
        """Something a person should know once, such as why everything is read again."""

    def planned(self, objects: int, weight: int) -> None:
        """How many objects are to be read, and about how many bytes handling them is."""

    def advanced(self, objects: int, read: int, weight: int) -> None:
        """A task is done: its objects, their bytes, and its part of the planned weight."""

    def phase(self, name: str) -> None:
        """What comes next."""


class Silent:
    """Watches nothing."""

    def note(self, message: str) -> None:
        """Pass over it."""

    def planned(self, objects: int, weight: int) -> None:
        """Pass over it."""

    def advanced(self, objects: int, read: int, weight: int) -> None:
        """Pass over it."""

    def phase(self, name: str) -> None:
        """Pass over it."""
