"""Environments that the rules of a .sops.yaml name: which files are encrypted for which."""

from __future__ import annotations

import re
from typing import NamedTuple

import regex

from forensics.config.read import read_slots
from forensics.drift.names import Names

__all__ = ["SopsRule", "sops_rules"]

_PATH = re.compile(r"creation_rules\[[^\]]*\]\.path_regex")
_ESCAPED = re.compile(r"\\.")
_LITERAL = re.compile(r"[a-z0-9_-]+")
_MOST = 200
_LONGEST = 500
_SECONDS = 0.05


class SopsRule(NamedTuple):
    """Files with such a path are an environment's."""

    pattern: regex.Pattern[str]
    environment: str

    def fits(self, path: str) -> bool:
        """Whether the path is meant.

        Raises:
            TimeoutError: the pattern searches too long, as a hostile one does.
        """
        return self.pattern.search(path, timeout=_SECONDS) is not None


def sops_rules(content: bytes, names: Names) -> tuple[SopsRule, ...]:
    """The creation rules whose `path_regex` names an environment, in their order."""
    rules: list[SopsRule] = []
    for slot in read_slots(b".sops.yaml", content).slots[: _MOST * 20]:
        if not _PATH.fullmatch(slot.key) or slot.end - slot.start > _LONGEST:
            continue
        written = content[slot.start : slot.end].decode(errors="replace")
        environment = _named(written, names)
        if environment and len(rules) < _MOST:
            try:
                rules.append(SopsRule(regex.compile(written), environment))
            except regex.error:
                continue
    return tuple(rules)


def _named(pattern: str, names: Names) -> str:
    """The environment among the words of a pattern; empty if it names none or several."""
    found = set()
    for word in _LITERAL.findall(_ESCAPED.sub(" ", pattern.lower())):
        named = names.find(word)
        if named and (named.certain or not (named.before or named.after)):
            found.add(named.environment)
    return found.pop() if len(found) == 1 else ""
