"""The trained model: from the features of a place to how likely its value is a secret."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from detectors.assignments.text import Language

__all__ = ["Model", "built_in_model"]

_TOLD = 6
"""Features that a verdict names."""


class Tree(NamedTuple):
    """A decision tree as columns, one entry a node; the root comes first."""

    feature: list[int]
    """What it looks at; -1 for a leaf."""
    threshold: list[float]
    """Up to this much goes left."""
    left: list[int]
    right: list[int]
    value: list[float]
    """Of a leaf, what it adds to the score; of another node, the mean of what is below it."""


class Model:
    """Gradient-boosted decision trees, made by `bench/generic_model/train.py`.

    Source: J. H. Friedman, Greedy function approximation: a gradient boosting machine, 2001.
    """

    def __init__(self, parts: Any) -> None:
        self.names: list[str] = parts["features"]
        self.threshold: float = parts["threshold"]
        """Confidence from which on a value is reported."""
        self.language = Language(parts["pairs"], parts["words"])
        self.version: str = parts["version"]
        self._start: float = parts["start"]
        self._trees = [Tree(**tree) for tree in parts["trees"]]
        self._raw: list[float] = [raw for raw, _ in parts["calibration"]]
        self._calibrated: list[float] = [confidence for _, confidence in parts["calibration"]]

    def confidence(self, features: Sequence[float]) -> float:
        """How likely a place with these features hands over a secret, 0 to 1."""
        score = self._start
        for feature, threshold, left, right, value in self._trees:
            node = 0
            while (looked_at := feature[node]) >= 0:
                node = (left if features[looked_at] <= threshold[node] else right)[node]
            score += value[node]
        return self._calibrate(1 / (1 + math.exp(-score)))

    def _calibrate(self, raw: float) -> float:
        """The share of secrets among what scored about as much, between measured points."""
        at = bisect_right(self._raw, raw)
        if at == 0 or at == len(self._raw):
            return self._calibrated[max(0, at - 1)]
        (low, high), (start, end) = self._raw[at - 1 : at + 1], self._calibrated[at - 1 : at + 1]
        return start + (end - start) * (raw - low) / (high - low)

    def reasons(self, features: Sequence[float]) -> tuple[tuple[str, float], ...]:
        """The features that moved the score most, and by how much (log odds), largest first.

        Along each path, a step from a node to the next is counted for the feature asked there.
        """
        moved = [0.0] * len(self.names)
        for feature, threshold, left, right, value in self._trees:
            node = 0
            while (looked_at := feature[node]) >= 0:
                child = (left if features[looked_at] <= threshold[node] else right)[node]
                moved[looked_at] += value[child] - value[node]
                node = child
        largest = sorted(range(len(moved)), key=lambda number: -abs(moved[number]))[:_TOLD]
        return tuple(
            (_told(self.names[number], features[number]), round(moved[number], 2))
            for number in largest
            if moved[number]
        )


_MEASURES = (
    "length", "entropy", "lower case", "capitals", "digits", "other characters", "changes of",
    "different", "vowels", "letter pairs", "least likely", "in dictionary", "longest", "words in",
    "indentation", "places in", "quotes in", "parentheses in",
)  # fmt: skip


def _told(name: str, amount: float) -> str:
    if name.startswith(_MEASURES) and not name.startswith("length divisible"):
        return f"{name}: {amount:.3g}"
    return name if amount else f"not: {name}"


@cache
def built_in_model() -> Model:
    """The model that ships with the package."""
    return Model(json.loads((files("detectors.assignments") / "model.json").read_bytes()))
