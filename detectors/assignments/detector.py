"""The detector behind values that are known by the name they are assigned to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from detectors.anchor import Anchor
from detectors.assignments.anchors import assignment_anchor
from detectors.assignments.context import ContextRules
from detectors.deadline import Deadline
from detectors.detector import Spans
from detectors.hit import Hit, Kind
from detectors.rule import Rule

if TYPE_CHECKING:
    from detectors.assignments.verdicts import Verdicts

__all__ = ["AssignmentDetector"]


class AssignmentDetector:
    """Finds values by where they stand: `key = value` in whatever language."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Look for what `rules` describe, which have a `context` or are `scored`."""
        self._rules = tuple(rules)
        self.kinds: Sequence[Kind] = tuple(Kind.of(rule) for rule in self._rules)
        """One for each rule, in the order given."""
        self.anchors: Sequence[Anchor] = (assignment_anchor(),) if self._rules else ()
        """One for all rules."""
        known = list(zip(self._rules, self.kinds, strict=True))
        self._context = ContextRules([(rule, kind) for rule, kind in known if rule.context])
        self._scored = {word.encode(): pair for pair in known for word in pair[0].scored}
        self._verdicts: Verdicts | None = None

    @property
    def version(self) -> str:
        """A digest of the rules and the model."""
        digest = hashlib.sha256(repr(self._rules).encode())
        digest.update((files("detectors.assignments") / "model.json").read_bytes())
        return "assignments-" + digest.hexdigest()[:16]

    def confirm(
        self, content: bytes, spans: Mapping[int, Spans], deadline: Deadline
    ) -> Iterator[Hit]:
        """Yield what is a secret on the lines where an assignment may stand.

        Raises:
            TimeoutError: the deadline has passed.
        """
        if self._verdicts is None:  # takes long to import, and many scans have no use for it
            from detectors.assignments.verdicts import Verdicts

            self._verdicts = Verdicts(self._context, self._scored)
        yield from self._verdicts.of(content, spans[0], deadline)
