"""The order in which environments are told: what is furthest from production first."""

from __future__ import annotations

from collections.abc import Callable, Iterable

__all__ = ["Order"]

_PRODUCTION = 4


class Order:
    """Environments by how near they are to production."""

    def __init__(self, tier: Callable[[str], int]) -> None:
        """Order them.

        Args:
            tier: of an environment, 0 to 4: see `Placer.tier`.
        """
        self.tier = tier

    def arranged(self, environments: Iterable[str]) -> tuple[str, ...]:
        """Lowest tier first, then by name."""
        return tuple(sorted(environments, key=lambda name: (self.tier(name), name)))

    def listed(self, environments: Iterable[str]) -> str:
        """The same, as text."""
        return ", ".join(self.arranged(environments))

    def is_production(self, environment: str) -> bool:
        """Whether it is what customers use."""
        return self.tier(environment) >= _PRODUCTION

    def highest(self, environments: Iterable[str]) -> frozenset[str]:
        """Those of the highest tier."""
        names = set(environments)
        top = max(map(self.tier, names), default=0)
        return frozenset(name for name in names if self.tier(name) == top)
