"""Sets that went on under another name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from forensics.drift.state import SetState

__all__ = ["Successors"]

_MOST_OF = 0.5
_Entry = tuple[str, str, str, bytes]


class Successors:
    """The sets that a commit brought, as far as they may be ones that it took away."""

    def __init__(self, came: Mapping[str, SetState]) -> None:
        """Take the new sets by name."""
        self._came = dict(came)
        self._holders: dict[_Entry, list[str]] = defaultdict(list)
        for name, state in came.items():
            for entry in _entries(state):
                self._holders[entry].append(name)

    def take(self, gone: SetState) -> str:
        """The new set that is this one under another name, and no other's from now on; empty if
        there is none. It has environments of the same names, and most of their keys with the same
        values."""
        same: Counter[str] = Counter()
        for entry in _entries(gone):
            same.update(self._holders.get(entry, ()))
        best, most = "", _MOST_OF
        for name in sorted(same.keys() & self._came.keys()):
            state = self._came[name]
            total = sum(
                max(len(had), len(state.environments[environment]))
                for environment, had in gone.environments.items()
                if environment in state.environments
            )
            if total and same[name] / total > most:
                best, most = name, same[name] / total
        self._came.pop(best, None)
        return best


def _entries(state: SetState) -> Iterator[_Entry]:
    for environment, got in state.environments.items():
        for key, each in got.items():
            yield environment, key, each.observation.kind, each.observation.fingerprint
