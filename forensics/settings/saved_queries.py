"""Queries that the user saved by name, for an index, outside of any repository."""

from __future__ import annotations

import re

from forensics.errors import UsageProblem
from forensics.settings.remembered import Remembered

__all__ = ["SavedQueries"]

_KEPT_AS = "queries"
_NAME = re.compile(r"\w[\w.-]{0,39}")
_MOST = 200
_LONGEST = 4000


class SavedQueries:
    """Saved queries by name.

    Args:
        remembered: what is kept of the index.
    """

    def __init__(self, remembered: Remembered) -> None:
        self._remembered = remembered

    def all(self) -> dict[str, str]:
        """Queries by name, in the order of names."""
        found = self._remembered.named(_KEPT_AS)
        return {name: found[name] for name in sorted(found) if _NAME.fullmatch(name)}

    def named(self, name: str) -> str:
        """The query of that name.

        Raises:
            UsageProblem: there is none.
        """
        known = self.all()
        if name not in known:
            names = ", ".join(f"@{one}" for one in known) or "none is saved"
            raise UsageProblem(
                f"no query is saved as @{name}", f"`forensics query list` lists them: {names}"
            )
        return known[name]

    def save(self, name: str, text: str) -> None:
        """Keep a query under a name, in place of any that has it.

        Raises:
            UsageProblem: that is no name, the query is empty or too long, there are too many, or
                they cannot be written.
        """
        if not _NAME.fullmatch(name):
            raise UsageProblem(
                "that is no name for a query", "up to 40 letters, digits, dots and hyphens"
            )
        if not text.strip():
            raise UsageProblem("not saved: the query is empty", "say what it narrows to")
        if len(text) > _LONGEST:
            raise UsageProblem("the query is too long to be saved", f"at most {_LONGEST:,} letters")
        known = {**self.all(), name: text}
        if len(known) > _MOST:
            raise UsageProblem(f"{_MOST} queries are saved already", "drop one")
        self._keep(known)

    def drop(self, name: str) -> None:
        """Forget a query.

        Raises:
            UsageProblem: there is none of that name, or it cannot be written.
        """
        self.named(name)
        self._keep({one: text for one, text in self.all().items() if one != name})

    def _keep(self, known: dict[str, str]) -> None:
        if not self._remembered.keep(**{_KEPT_AS: known}):
            raise UsageProblem(
                "nothing more can be kept of this index",
                "drop queries, or see that the folder of XDG_STATE_HOME is yours",
            )
