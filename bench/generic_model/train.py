"""Train the model of generic secrets, and say how good it is on repositories it has not seen.

    python bench/generic_model/train.py FOLDER [--write]

FOLDER holds `files.tar.xz` and `labels.csv`, see `dataset.py`. Without --write only the figures
are printed. `docs/generic-model.md` says what they mean.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from dataset import (
    Example,
    Label,
    Lines,
    examples,
    label_rows,
    read_files,
    reported_by_shape,
    words_of,
)
from human import HUMAN, humanized
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression
from sklearn.model_selection import GroupKFold

from detectors.assignments.features import NAMES, VALUE_NAMES, vector
from detectors.assignments.text import Language, letter_pairs

TREES, LEAVES, RATE = 100, 15, 0.1
FOLDS = 8
IN_REPOSITORIES = 4
"""Repositories that use a word before it counts as one of the dictionary."""
MODEL = Path(__file__).parents[2] / "detectors" / "assignments" / "model.json"


class Copy(NamedTuple):
    """The data, as it is or with made-up passwords."""

    labels: dict[str, list[Label]]
    examples: list[Example]


class Score(NamedTuple):
    """By labelled lines."""

    precision: float
    recall: float
    f1: float
    made_up: float
    """Recall of made-up passwords."""


def words_by_repository(
    files: dict[str, bytes], labels: dict[str, list[Label]]
) -> dict[str, Counter[str]]:
    """Words of each repository, without the lines that hold secrets."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name, content in files.items():
        secret = {
            line
            for label in labels.get(name, ())
            if label.verdict != "false"
            for line in range(label.lines[0], label.lines[1] + 1)
        }
        found[name.split("/")[0]] += words_of(content, secret)
    return found


def language_of(words: Sequence[Counter[str]]) -> tuple[list[float], list[str]]:
    """Letter pairs and dictionary of some repositories."""
    used_by = Counter(word for counter in words for word in counter)
    total: Counter[str] = sum(words, Counter())
    pairs = letter_pairs({word: min(n, 50) for word, n in total.items() if used_by[word] > 1})
    dictionary = [word for word, n in used_by.items() if n >= IN_REPOSITORIES and len(word) > 2]
    return [round(pair, 3) for pair in pairs], sorted(dictionary)


def _fit(rows: Any, verdicts: Any) -> HistGradientBoostingClassifier:
    model = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=LEAVES, learning_rate=RATE, l2_regularization=1.0,
        random_state=0,
    )  # fmt: skip
    return model.fit(rows, verdicts)


def _rows(chosen: Sequence[Example], language: Language) -> Any:
    return np.array([vector(one.place, one.around, language) for one in chosen])


def _learned(plain: Sequence[Example], copy: Sequence[Example]) -> list[Example]:
    """What a model learns from: all places that are not neutral, and made-up passwords."""
    return [
        *(one for one in plain if one.verdict != "neutral"),
        *(one for one in copy if one.verdict == "true" and HUMAN in one.categories),
    ]


def cross_validated(
    copies: Sequence[Copy], words: dict[str, Counter[str]], columns: Sequence[int]
) -> list[Any]:
    """For each copy, the score of each example by a model that never saw its repository, neither
    for its trees nor for its words."""
    scores = [np.zeros(len(copy.examples)) for copy in copies]
    names = sorted(words)
    weight = Counter(one.repository for one in copies[0].examples)
    folds = GroupKFold(FOLDS).split(
        np.zeros(sum(weight.values())),
        groups=[name for name in names for _ in range(weight[name])],
    )
    order = [name for name in names for _ in range(weight[name])]
    for _, test in folds:
        held_out = {order[number] for number in test}
        language = Language(*language_of([words[name] for name in names if name not in held_out]))
        seen = [[one for one in copy.examples if one.repository not in held_out] for copy in copies]
        learned = _learned(*seen)
        model = _fit(
            _rows(learned, language)[:, columns], [one.verdict == "true" for one in learned]
        )
        for copy, score in zip(copies, scores, strict=True):
            numbers = [n for n, one in enumerate(copy.examples) if one.repository in held_out]
            if numbers:
                rows = _rows([copy.examples[n] for n in numbers], language)[:, columns]
                score[numbers] = model.predict_proba(rows)[:, 1]
    return scores


def _overlap(one: Lines, other: Lines) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def scored(copy: Copy, scores: Any, by_shape: dict[str, list[Lines]], threshold: float) -> Score:
    """What a scan reports from this threshold on, against the labels."""
    reported: dict[str, set[Lines]] = {name: set(lines) for name, lines in by_shape.items()}
    for one, score in zip(copy.examples, scores, strict=True):
        if score >= threshold:
            reported[one.file].add((one.line, one.line))
    right = wrong = missed = found_made_up = made_up = 0
    for name, labels in copy.labels.items():
        true = [label for label in labels if label.verdict == "true"]
        neutral = [label for label in labels if label.verdict == "neutral"]
        lines = reported.get(name, set())
        for label in true:
            found = any(_overlap(label.lines, each) for each in lines)
            right += found
            missed += not found
            if HUMAN in label.categories:
                made_up += 1
                found_made_up += found
        wrong += sum(
            not any(_overlap(label.lines, each) for label in (*true, *neutral)) for each in lines
        )
    precision, recall = right / (right + wrong), right / (right + missed)
    return Score(
        precision, recall, 2 * precision * recall / (precision + recall),
        found_made_up / made_up if made_up else 0.0,
    )  # fmt: skip


def calibration(copy: Copy, scores: Any) -> list[tuple[float, float]]:
    """Points between raw score and share of true, on repositories left out."""
    known = [n for n, one in enumerate(copy.examples) if one.verdict != "neutral"]
    raw = scores[known]
    true = [copy.examples[n].verdict == "true" for n in known]
    fitted = IsotonicRegression(y_min=0.001, y_max=0.98, out_of_bounds="clip").fit(raw, true)
    at = np.array([0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0])
    # Means over a neighbourhood, so that each point rests on more than a few examples.
    points = []
    for low, middle, high in zip(at[:-2], at[1:-1], at[2:], strict=True):
        inside = raw[(raw >= low) & (raw <= high)]
        points.append((float(middle), float(fitted.predict(inside).mean()) if len(inside) else 0.0))
    points = [(0.0, 0.0), *points, (1.0, max(points[-1][1], float(fitted.predict([0.995])[0])))]
    best, rising = 0.0, []
    for raw_score, share in points:
        best = max(best, share)
        rising.append((raw_score, round(best, 4)))
    return rising


def exported(
    model: HistGradientBoostingClassifier, pairs: list[float], dictionary: list[str],
    points: list[tuple[float, float]], threshold: float,
) -> dict[str, Any]:  # fmt: skip
    """The model as `detectors.assignments.model` reads it."""
    trees = []
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        value = nodes["value"].astype(float)
        for number in reversed(range(len(nodes))):  # children come after their parents
            if not nodes["is_leaf"][number]:
                below = [nodes["left"][number], nodes["right"][number]]
                value[number] = np.average(value[below], weights=nodes["count"][below])
        leaf = nodes["is_leaf"].astype(bool)
        trees.append({
            "feature": np.where(leaf, -1, nodes["feature_idx"]).tolist(),
            "threshold": [float(f"{t:.6g}") for t in np.where(leaf, 0, nodes["num_threshold"])],
            "left": nodes["left"].tolist(),
            "right": nodes["right"].tolist(),
            "value": [float(f"{each:.5g}") for each in value],
        })  # fmt: skip
    parts: dict[str, Any] = {
        "features": list(NAMES), "start": float(model._baseline_prediction[0][0]), "trees": trees,
        "calibration": points, "threshold": threshold, "pairs": pairs, "words": dictionary,
    }  # fmt: skip
    parts["version"] = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]
    return parts


def main() -> None:
    """Measure, and with --write train on everything and write the model."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--threshold", type=float, default=0.6, help="raw score to report from")
    arguments = parser.parse_args()
    files, labels = read_files(arguments.folder), label_rows(arguments.folder)
    files = {name: content for name, content in files.items() if name in labels}
    by_shape = reported_by_shape(files)
    words = words_by_repository(files, labels)
    pairs, dictionary = language_of(list(words.values()))
    used_by = Counter(word for counter in words.values() for word in counter)
    nouns = sorted(word for word, n in used_by.items() if n >= 8 and 4 <= len(word) <= 8)
    known = Language(pairs, dictionary).words
    plain = Copy(labels, list(examples(files, labels, known)))
    new_files, new_labels = humanized(files, labels, nouns, seed=7)
    copy = Copy(new_labels, list(examples(new_files, new_labels, known)))
    print(f"{len(plain.examples):,} places", Counter(one.verdict for one in plain.examples))
    every = list(range(len(NAMES)))
    without_value = [n for n in every if NAMES[n] not in VALUE_NAMES]
    print("all features\n" + _HEAD)
    scores = cross_validated((plain, copy), words, every)
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        _print(threshold, scored(plain, scores[0], by_shape, threshold),
               scored(copy, scores[1], by_shape, threshold))  # fmt: skip
    points = calibration(plain, scores[0])
    print("raw score and share of true:", points)
    if not arguments.write:
        print("without what the value says\n" + _HEAD)
        blind = cross_validated((plain, copy), words, without_value)
        for threshold in (0.2, 0.3, 0.5):
            _print(threshold, scored(plain, blind[0], by_shape, threshold),
                   scored(copy, blind[1], by_shape, threshold))  # fmt: skip
        return
    learned = _learned(plain.examples, copy.examples)
    model = _fit(
        _rows(learned, Language(pairs, dictionary)), [one.verdict == "true" for one in learned]
    )
    raw, share = (list(column) for column in zip(*points, strict=True))
    threshold = round(float(np.interp(arguments.threshold, np.array(raw), np.array(share))), 3)
    MODEL.write_text(json.dumps(exported(model, pairs, dictionary, points, threshold)) + "\n")
    print(f"wrote {MODEL.name}: {MODEL.stat().st_size:,} bytes")


_HEAD = "from  | precision recall F1    | made-up passwords: precision recall F1, recall of them"


def _print(threshold: float, plain: Score, copy: Score) -> None:
    print(
        f"{threshold:.2f}  | {plain.precision:.3f}     {plain.recall:.3f}  {plain.f1:.3f} |"
        f" {copy.precision:.3f} {copy.recall:.3f} {copy.f1:.3f}, {copy.made_up:.3f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
