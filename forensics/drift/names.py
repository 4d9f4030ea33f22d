"""Names of environments: which words are some, how they are written, how much they matter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["Named", "Names"]

_SEPARATORS = "-_. +:/"
_WORD = re.compile(r"[^-_. +:/]+")
_NUMBERED = re.compile(r"([a-z-]*[a-z])([0-9]{1,4})")
_LONGEST = 100
_MOST_REMEMBERED = 100_000
_TIER_OF_UNKNOWN = 2


class Named(NamedTuple):
    """An environment's name inside a longer one, such as `web-prod-eu`."""

    environment: str
    """Canonical: `prod-eu`."""
    before: str
    """What stands before it: `web`."""
    after: str
    certain: bool
    """Whether the word says so by itself."""


class _Word(NamedTuple):
    text: str
    """Canonical where it is an environment's."""
    known: bool
    belongs: bool
    """Whether it can stand beside an environment's name as part of it."""
    start: int
    end: int


class Names:
    """The table of names, and what a user adds to it."""

    def __init__(
        self,
        table: Mapping[str, Any],
        aliases: Mapping[str, str] | None = None,
        tiers: Mapping[str, int] | None = None,
    ) -> None:
        """Read the tables `names` and `qualifiers`; `aliases` and `tiers` are the user's."""
        self._canonical: dict[str, str] = {}
        self._tiers: dict[str, int] = {}
        self._certain: set[str] = set()
        for name, entry in table["names"].items():
            canonical = entry.get("is", name)
            self._tiers.setdefault(canonical, entry["tier"])
            written = {name, *entry.get("aliases", ())}
            self._canonical |= dict.fromkeys(written, canonical)
            if entry.get("certain"):
                self._certain |= written
        for alias, name in (aliases or {}).items():
            canonical = self._canonical.get(name.lower(), name.lower())
            self._canonical[alias.lower()] = canonical
            self._certain.add(alias.lower())
        for name, level in (tiers or {}).items():
            self._tiers[self._canonical.setdefault(name.lower(), name.lower())] = level
            self._certain.add(name.lower())
        words = table["qualifiers"]
        self._lowering = frozenset(words["lowering"])
        self._qualifiers = frozenset(words["names"]) | self._lowering
        self._yielding = frozenset(words["yielding"])
        self._found: dict[str, Named | None] = {}

    def canonical(self, name: str) -> str:
        """The one way to write an environment's name; an unknown one stays, in small letters."""
        lowered = name.strip().lower()[:_LONGEST]
        if lowered in self._canonical:
            return self._canonical[lowered]
        words = self._words(lowered)
        if not any(word.known for word in words):
            return lowered
        if all(word.belongs for word in words):
            return self._joined(words)
        return "-".join(word.text for word in words)

    def known(self, name: str) -> bool:
        """Whether some word of it is an environment's."""
        return self.find(name.lower()) is not None

    def tier(self, environment: str) -> int:
        """0 where no one depends on it, to 4 where customers do."""
        if environment in self._tiers:
            return self._tiers[environment]
        words = self._words(environment.lower()[:_LONGEST])
        if any(word.text in self._lowering for word in words):
            return 0
        if not any(word.known for word in words):
            return _TIER_OF_UNKNOWN
        return self._tiers[_unnumbered(self._main(words).text, self._tiers)]

    def find(self, text: str) -> Named | None:
        """The environment that `text`, in small letters, names; None if it names none."""
        if text in self._found:
            return self._found[text]
        if len(self._found) >= _MOST_REMEMBERED:
            self._found.clear()
        found = self._found[text] = self._find(text)
        return found

    def _find(self, text: str) -> Named | None:
        words = self._words(text[:_LONGEST])
        if not any(word.known for word in words):
            return None
        main = words.index(self._main(words))
        first, last = main, main + 1
        while first and words[first - 1].belongs:
            first -= 1
        while last < len(words) and words[last].belongs:
            last += 1
        run = words[first:last]
        certain = any(_unnumbered(word.text, self._certain) in self._certain for word in run)
        before = text[: run[0].start].rstrip(_SEPARATORS)
        after = text[run[-1].end :].lstrip(_SEPARATORS)
        return Named(self._joined(run), before, after, certain)

    def _main(self, words: list[_Word]) -> _Word:
        known = [word for word in words if word.known]
        return next((word for word in known if word.text not in self._yielding), known[0])

    def _joined(self, words: list[_Word]) -> str:
        """The main word first: `testnet-staging` is `staging-testnet`."""
        main = self._main(words)
        return "-".join([main.text, *(word.text for word in words if word is not main)])

    def _words(self, text: str) -> list[_Word]:
        pieces = list(_WORD.finditer(text))
        words: list[_Word] = []
        for at, piece in enumerate(pieces):
            if words and piece.start() < words[-1].end:
                continue
            start, end = piece.span()
            name = ""
            if at + 1 < len(pieces):
                name = self._name(f"{piece[0]}-{pieces[at + 1][0]}")
                end = pieces[at + 1].end() if name else end
            name = name or self._name(piece[0])
            belongs = bool(name) or piece[0] in self._qualifiers or piece[0].isdigit()
            words.append(_Word(name or piece[0], bool(name), belongs, start, end))
        return words

    def _name(self, word: str) -> str:
        if word in self._canonical:
            return self._canonical[word]
        numbered = _NUMBERED.fullmatch(word)
        if numbered and numbered[1] in self._canonical:
            return self._canonical[numbered[1]] + numbered[2]
        return ""


def _unnumbered(name: str, among: Any) -> str:
    return name if name in among else name.rstrip("0123456789")
