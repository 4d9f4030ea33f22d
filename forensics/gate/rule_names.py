"""Which rules an entry means: ids, globs over them, and what other tools call them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from fnmatch import fnmatchcase

from detectors.aliases import rules_called
from forensics.errors import UsageProblem
from forensics.gate.policy import Policy

__all__ = ["RuleNames"]

_GLOB = frozenset("*?[")


class RuleNames:
    """The rules that names mean, by the names."""

    def __init__(
        self, policy: Policy, known: Collection[str], others: Callable[[], Collection[str]]
    ) -> None:
        """Look every name of the policy up.

        Args:
            policy: whose entries name rules.
            known: ids of the rules that findings may be of.
            others: ids of rules that are none of these, and that a name may mean all the same.

        Raises:
            UsageProblem: a name is no rule's.
        """
        self._meant: dict[str, frozenset[str]] = {}
        for entry in policy.entries:
            for name in entry.rules:
                found = _meant(name, known)
                if not found and not _meant(name, others()):
                    raise UsageProblem(
                        f"{policy.name}: entry {entry.number} of [[gate.rules]]: there is no rule"
                        f" {name!r}",
                        "`forensics rules list` names them all",
                    )
                self._meant[name] = found

    def of(self, names: Collection[str]) -> frozenset[str]:
        """Ids of all rules that these names mean."""
        return frozenset().union(*(self._meant[name] for name in names))


def _meant(name: str, known: Collection[str]) -> frozenset[str]:
    if name in known:
        return frozenset((name,))
    if _GLOB & {*name}:
        return frozenset(one for one in known if fnmatchcase(one, name))
    own = name.lower().replace(":", ".")
    return frozenset(one for one in known if one == own) | (rules_called(name) & {*known})
