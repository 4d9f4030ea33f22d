"""Telling whether an earlier report lists a finding, for a scan's baseline and a policy's alike."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property

from forensics.scan.known_findings import KnownFindings, KnownPlace, written

__all__ = ["Known", "all_named"]

_TOOLS = ("gitleaks", "betterleaks")
"""Whose configurations bring rules along."""


class Known:
    """Tells which findings a report lists."""

    def __init__(
        self, found: KnownFindings, means: Callable[[str, str], bool] | None = None
    ) -> None:
        """Ask about what was `found` in it.

        Args:
            found: what it lists.
            means: says whether what it calls a rule is that of an id; if it is not given, names
                of built-in rules and of those in a configuration of gitleaks or betterleaks are
                known.
        """
        self.file = found.file
        self._found, self._means = found, means or _means

    def lists(
        self,
        secret: str,
        path: bytes | None,
        rule: str,
        lines: Callable[[], Collection[int]],
        commits: Callable[[], Collection[str]],
    ) -> bool:
        """Whether it lists a secret at its path; or its place, in every commit that introduced it
        there, or in no commit where it came with none.

        Args:
            secret: its keyed fingerprint in hexadecimal digits.
            path: where it stands; None for that of a message.
            rule: id of the rule that found it.
            lines: tells on which it stands in any version; asked only where that decides.
            commits: tells ids of those that introduced it there; asked only where that decides.
        """
        name = None if path is None else written(path)
        if (secret, name) in self._found.secrets:
            return True
        places = self._by_path.get(name, ()) if name is not None else ()
        if not places:
            return False
        stands = lines()
        named = {one.commit for one in places if one.line in stands and self._means(one.rule, rule)}
        introducing = commits() if named else ()
        if not introducing:
            return "" in named
        named.discard("")
        return all_named(introducing, named)

    @cached_property
    def _by_path(self) -> dict[str, list[KnownPlace]]:
        found: dict[str, list[KnownPlace]] = {}
        for one in self._found.places:
            found.setdefault(one.path, []).append(one)
        return found


def all_named(commits: Collection[str], named: Collection[str]) -> bool:
    """Whether each of the commits is named, by its id or the start of it."""
    return all(any(commit.startswith(name) for name in named) for commit in commits)


def _means(called: str, rule: str) -> bool:
    from detectors.aliases import rules_called

    if rule == called or rule in rules_called(called):
        return True
    tool = rule.partition(".")[0]
    if tool not in _TOOLS:
        return False
    from detectors.foreign.gitleaks import foreign_id

    return rule == foreign_id(tool, called)
