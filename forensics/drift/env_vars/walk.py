"""Going back along the first-parent line until findings stand no more."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from forensics.config.env_reads import language_of
from forensics.drift.env_vars.definitions import may_define
from forensics.drift.env_vars.gathered import Read
from forensics.drift.env_vars.state import Bearing, Facts
from forensics.git.first_parents import FileChange

__all__ = ["Walk"]

_WORD = re.compile(rb"[A-Z][A-Z0-9_]{2,}")
_ANY_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")


class Walk:
    """The findings that still stand, as commit after commit is undone."""

    def __init__(self, read: Read, facts: Facts, bearings: dict[int, Bearing]) -> None:
        """Start at the commit in which all of them stand."""
        self._read, self._facts = read, facts
        self.open = bearings
        self.blobs = 0
        """How many versions of files were looked at."""
        self._at: dict[bytes, set[int]] = defaultdict(set)
        self._called: dict[bytes, set[int]] = defaultdict(set)
        self._named_in: dict[bytes, set[int]] = {}
        for number, bearing in bearings.items():
            self._called[bearing.name.encode()].add(number)
            for path in (*bearing.holders, *bearing.givers, *bearing.standing):
                self._at[path].add(number)
        plain = all(len(name) > 2 and name.isupper() for name in self._called)
        self._word = _WORD if plain else _ANY_WORD

    def step(self, changes: Sequence[FileChange]) -> list[int]:
        """Undo what a commit changed; the numbers of the findings that did not stand before."""
        self._named_in.clear()
        ended: set[int] = set()
        without: set[int] = set()
        for change in changes:
            for number in self._at.get(change.path, set()) & self.open.keys():
                if not self._still_there(self.open[number], change):
                    ended.add(number)
                elif not self.open[number].holders:
                    without.add(number)
            ended |= self._kept_off(change)
        for number in without - ended:
            if not self._moved(number, changes):
                ended.add(number)
        for number in ended:
            bearing = self.open.pop(number)
            self._called[bearing.name.encode()].discard(number)
        return sorted(ended)

    def _still_there(self, bearing: Bearing, change: FileChange) -> bool:
        """Take from what a finding rests on what was not there before a change; whether all that
        has to stand does, holders aside, which can have moved."""
        facts = self._facts.of(change.path, change.before, self._read)
        self.blobs += 1
        if not bearing.holds(facts):
            bearing.holders.discard(change.path)
        if change.path in bearing.givers and bearing.name not in facts.defined:
            bearing.givers.discard(change.path)
            if not bearing.givers:
                return False
        if change.path in bearing.standing and not change.before:
            bearing.standing.discard(change.path)
            if not bearing.standing:
                return False
        return True

    def _named(self, change: FileChange) -> set[int]:
        """Findings whose name stood in a file before a change."""
        if not change.before:
            return set()
        if change.path in self._named_in:
            return self._named_in[change.path] & self.open.keys()
        self.blobs += 1
        content = self._facts.content(change.before, self._read)
        found: set[int] = set()
        for name in set(self._word.findall(content)) & self._called.keys():
            found |= self._called[name]
        self._named_in[change.path] = found
        return found

    def _kept_off(self, change: FileChange) -> set[int]:
        """Findings that something in a file, before a change, kept from standing: a definition,
        or, where nothing uses a name, a use."""
        defines = may_define(change.path)
        if not defines and not any(bearing.unread for bearing in self.open.values()):
            return set()
        found = set()
        for number in self._named(change):
            bearing = self.open[number]
            if bearing.unread:
                if not defines and language_of(change.path):
                    found.add(number)
            elif defines and bearing.blocks(change.path):
                facts = self._facts.of(change.path, change.before, self._read)
                if bearing.name in facts.defined:
                    found.add(number)
        return found

    def _moved(self, number: int, changes: Sequence[FileChange]) -> bool:
        """Whether what a finding rests on stood in another file that the commit changed."""
        bearing = self.open[number]
        for change in changes:
            if number not in self._named(change) or not bearing.may_hold(change.path):
                continue
            if bearing.holds(self._facts.of(change.path, change.before, self._read)):
                bearing.holders.add(change.path)
                self._at[change.path].add(number)
        return bool(bearing.holders)
