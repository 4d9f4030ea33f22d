"""The allowlists of another scanner's configuration, for what our own rules find."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from detectors.foreign.allowing import Judged, allowed_by_content
from detectors.foreign.records import Allowlist, ForeignConfig
from detectors.hit import Hit
from detectors.ignoring import is_pending

__all__ = ["ConfigIgnorer"]


class ConfigIgnorer:
    """Applies a configuration's allowlists to the hits of all detectors but its own, which has
    applied them itself: it knows the whole match."""

    def __init__(self, config: ForeignConfig, ours: Mapping[str, Sequence[Allowlist]]) -> None:
        """Take the lists for all rules from `config`; `ours` has those for some, by rule id."""
        self._config, self._ours = config, ours
        self._own = {rule.id for rule in config.rules}

    @property
    def version(self) -> str:
        """A digest of the lists."""
        facts = repr((self._config.allowlists, sorted(self._ours.items())))
        return "allowlists-" + hashlib.sha256(facts.encode()).hexdigest()[:16]

    def reason(self, content: bytes, hit: Hit) -> str:
        """The list that ignores `hit`, or those that do if path or commit agree."""
        if hit.kind.id in self._own:
            return ""
        value = content[hit.start : hit.end]
        judged = Judged(content, hit.start, value, value)
        pending: list[str] = []
        for one in (*self._config.allowlists, *self._ours.get(hit.kind.id, ())):
            reason = allowed_by_content(one, judged)
            if reason and not is_pending(reason):
                return reason
            if reason:
                pending.append(reason)
        return "\n".join(pending)
