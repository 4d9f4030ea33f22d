"""Labelled lines of source files, as places with a verdict each.

Reads a folder with `files.tar.xz` (one folder a repository) and `labels.csv` (FilePath, LineStart,
LineEnd, ValueStart, ValueEnd, GroundTruth, Category), as CredData has them.
"""

from __future__ import annotations

import csv
import re
import tarfile
from collections import Counter, defaultdict
from collections.abc import Container, Iterator
from pathlib import Path
from typing import NamedTuple

from detectors.assignments.anchors import assignment_anchor
from detectors.assignments.features import Surroundings, near
from detectors.assignments.pieces import pieces
from detectors.assignments.places import Place, places
from detectors.assignments.rejection import worth_judging
from detectors.prefilter import best_prefilter
from detectors.registry import detectors_for
from detectors.rule import built_in_rules
from detectors.scanner import Scanner

__all__ = [
    "Example",
    "Label",
    "Lines",
    "examples",
    "label_rows",
    "read_files",
    "reported_by_shape",
    "words_of",
]

NEUTRAL = frozenset(
    ("UUID", "Nonce", "Salt", "AWS S3 Bucket", "Firebase Domain", "Tencent WeChat API App ID")
)
"""Categories of identifiers, which are no secrets: such lines count neither way."""

Lines = tuple[int, int]
"""First and last, from 1, inclusive."""


class Label(NamedTuple):
    """One labelled span of a file."""

    lines: Lines
    value: tuple[int, int] | None
    """Bytes of the value in its line; None where the label does not say."""
    verdict: str
    """true, false or neutral."""
    categories: frozenset[str]


class Example(NamedTuple):
    """One place of a file, and what is known of it."""

    repository: str
    file: str
    line: int
    place: Place
    around: Surroundings
    verdict: str
    """true, false, neutral, or unlabelled."""
    categories: frozenset[str]


def read_files(folder: Path) -> dict[str, bytes]:
    """Contents by path, the repository's folder first."""
    with tarfile.open(folder / "files.tar.xz") as archive:
        return {
            member.name.removeprefix("./").removeprefix("data/"): opened.read()
            for member in archive
            if member.isfile() and (opened := archive.extractfile(member))
        }


def _value(row: dict[str, str]) -> tuple[int, int] | None:
    start, end = row["ValueStart"] or "-1", row["ValueEnd"] or "-1"
    return None if "-1" in (start, end) else (int(start), int(end))


def label_rows(folder: Path) -> dict[str, list[Label]]:
    """Labels by path."""
    found: dict[str, list[Label]] = defaultdict(list)
    with (folder / "labels.csv").open(newline="") as handle:
        for row in csv.DictReader(handle):
            categories = frozenset(row["Category"].split(":"))
            verdict = "true" if row["GroundTruth"] == "T" else "false"
            if verdict == "true" and categories <= NEUTRAL:
                verdict = "neutral"
            found[row["FilePath"].removeprefix("data/")].append(
                Label(
                    (int(row["LineStart"]), int(row["LineEnd"])), _value(row), verdict, categories
                )
            )
    return found


def words_of(content: bytes, left_out: set[int]) -> Counter[str]:
    """The words of a file in lower case, but for those lines and very long ones."""
    return Counter(
        word.lower().decode()
        for number, line in enumerate(content.split(b"\n"), 1)
        if number not in left_out and len(line) < 400
        for word in re.findall(rb"[A-Z]?[a-z]{2,13}|[A-Z]{3,14}(?![a-z])", line)
    )


def reported_by_shape(files: dict[str, bytes]) -> dict[str, list[Lines]]:
    """Lines on which rules that know a provider's shape report something."""
    scanner = Scanner(detectors_for([rule for rule in built_in_rules() if not rule.generic]))
    found: dict[str, list[Lines]] = {}
    for name, content in files.items():
        found[name] = [
            (content.count(b"\n", 0, hit.start) + 1, content.count(b"\n", 0, hit.end - 1) + 1)
            for hit in scanner.scan(content).hits
        ]
    return found


def _verdict(labels: list[Label], line: int, start: int, end: int) -> tuple[str, frozenset[str]]:
    """What the labels of its line say of a value: true if it covers half of a true one."""
    verdict = "unlabelled"
    for label in labels:
        if label.verdict == "true":
            if label.value is None or label.lines[0] != label.lines[1]:
                if label.lines[0] == line:
                    return "true", label.categories
                continue
            shared = min(end, label.value[1]) - max(start, label.value[0])
            if shared * 2 >= label.value[1] - label.value[0]:
                return "true", label.categories
            verdict = "neutral"
        elif label.verdict == "neutral" and verdict == "unlabelled":
            verdict = "neutral"
        elif verdict == "unlabelled":
            verdict = "false"
    return verdict, frozenset()


def examples(
    files: dict[str, bytes], labels: dict[str, list[Label]], words: Container[bytes]
) -> Iterator[Example]:
    """Every place of the files that a scan would judge, with this dictionary."""
    prefilter = best_prefilter([assignment_anchor()])
    for name, content in files.items():
        by_line: dict[int, list[Label]] = defaultdict(list)
        for label in labels.get(name, ()):
            for line in range(label.lines[0], label.lines[1] + 1):
                by_line[line].append(label)
        starts = [0, *(match.end() for match in re.finditer(rb"\n", content))]
        counted, line = 0, 1
        for piece in pieces(content, (prefilter.find(content) or {0: []})[0]):
            text = content[piece.start : piece.end]
            found = [place for place in places(text) if worth_judging(place, text, words)]
            around = Surroundings(text, len(found), near(b"\n".join(piece.around(content))))
            for place in found:
                start = piece.start + place.start
                if not piece.first <= piece.start + place.opening <= piece.last:
                    continue
                line += content.count(b"\n", counted, start)
                counted = start
                column = start - starts[line - 1]
                verdict, categories = _verdict(
                    by_line[line], line, column, column + place.end - place.start
                )
                repository = name.split("/")[0]
                yield Example(repository, name, line, place, around, verdict, categories)
