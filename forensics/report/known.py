"""What a query needs beyond the tables that are browsed; nothing is loaded before it is asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from forensics.index.browse.names import Known, StagesOf

if TYPE_CHECKING:
    from forensics.index.overview import Point

__all__ = ["environment_of", "known"]


@cache
def _placer() -> Callable[[bytes], str]:
    from forensics.drift.environments import Placer

    return Placer().environment_of


def environment_of(path: bytes) -> str:
    """The environment that a path belongs to, by its name alone; empty where it belongs to none."""
    return _placer()(path)


def known(visit: Point | None) -> Known:
    """For browsers of one index; it may be kept as long as the program works on that index.

    Args:
        visit: up to where the user has seen it.
    """

    @cache
    def stages() -> StagesOf:
        from forensics.lifecycle.rotating import Stages

        return Stages()

    return Known(
        environment_of,
        lambda connection, now: stages()(connection, now),
        visit.journal if visit is not None else 0,
    )
