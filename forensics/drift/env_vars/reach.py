"""Which definitions reach the code of a component."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from forensics.drift.env_vars.gathered import Gathered
from forensics.drift.env_vars.model import EXAMPLE, FILE, Definition, EnvUse

__all__ = ["Reach"]


class Reach:
    """Definitions by name, and how far each reaches.

    What stands in a component or above it reaches its code, and so does what stands where no code
    reads anything, as folders of manifests. Code of a component that has no environment file of
    its own, as libraries have none, is reached by everything.
    """

    def __init__(self, tree: Gathered) -> None:
        """Sort what was gathered."""
        self._by_name: dict[str, list[Definition]] = defaultdict(list)
        self._files: set[str] = set()
        self._examples: set[str] = set()
        for one in tree.definitions:
            # Settings classes pass over case.
            self._by_name[one.name.upper()].append(one)
            if one.role in (FILE, EXAMPLE):
                self._files.add(one.component)
            if one.role == EXAMPLE:
                self._examples.add(one.component)
        self._reading = {use.component for use in tree.uses if not use.test}

    def definitions(self, use: EnvUse) -> Iterator[Definition]:
        """Those of the variable that a read asks for."""
        mine = use.component
        for one in self._by_name.get(use.name.upper(), ()):
            free = mine not in self._files or one.component not in self._reading
            if free or _above(one.component, mine):
                yield one

    def examples(self, component: str) -> bool:
        """Whether there is an example that should document what a component reads."""
        return any(_above(each, component) for each in self._examples)


def _above(one: str, other: str) -> bool:
    return not one or one == other or other.startswith(f"{one}/")
