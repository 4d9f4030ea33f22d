"""Passwords as people make them up, in place of a data set's obfuscated ones.

The true passwords of the data were replaced by random letters, so that a model may learn that
words mean harmless. On a copy with passwords like these it cannot.
"""

from __future__ import annotations

from collections import defaultdict
from random import Random

from dataset import Label

__all__ = ["HUMAN", "humanized", "made_up"]

HUMAN = "made up"
"""Category of the passwords put in."""

_CHOSEN = frozenset(("Password", "SQL Password", "CMD Password"))
_WALKS = (
    "qwerty", "1qaz2wsx", "qazwsx", "asdfgh", "zxcvbn", "1q2w3e4r", "qwertyuiop", "!QAZ2wsx",
    "zaq12wsx", "qweasd", "147258", "asdf1234",
)  # fmt: skip
_DEFAULTS = (
    "admin", "root", "postgres", "mysql", "P@ssw0rd", "user", "password", "guest", "welcome",
    "letmein", "passw0rd", "redis", "rabbit", "default", "master", "manager", "tomcat", "oracle",
    "super", "system", "service",
)  # fmt: skip
_LEET = (("a", "a@4"), ("o", "o0"), ("e", "e3"), ("i", "i1!"), ("s", "s$5"))


def made_up(random: Random, nouns: list[str]) -> str:
    """A password: a word and a year, leet, a passphrase, a keyboard walk, a default credential,
    or a word and a number."""
    pick = random.choice
    word = pick((str.lower, str.capitalize, str.capitalize))(pick(nouns))
    kind = random.random()
    if kind < 0.25:
        return word + str(random.randrange(1970, 2026)) + pick(("", "!", "#", "@", "$"))
    if kind < 0.40:
        for plain, alike in _LEET:
            word = word.replace(plain, pick(alike))
        return word + str(random.randrange(1, 999)) + pick(("", "!"))
    if kind < 0.55:
        words = [pick(nouns) for _ in range(pick((3, 4)))]
        if random.random() < 0.7:
            return pick("-_.").join(words)
        return "".join(each.capitalize() for each in words[:3])
    if kind < 0.70:
        return pick(_WALKS) + pick(("", "123", "1", "!", "12", "@2019"))
    if kind < 0.85:
        return pick(_DEFAULTS) + pick(("", "1", "123", "1234", "!", "2020", "@123", "01"))
    return word + pick(("", "_", ".")) + str(random.randrange(10_000))


def humanized(
    files: dict[str, bytes], labels: dict[str, list[Label]], nouns: list[str], seed: int
) -> tuple[dict[str, bytes], dict[str, list[Label]]]:
    """The files with every true password of 4 to 24 bytes replaced by one that is made up, and
    the labels moved along."""
    random = Random(seed)  # noqa: S311 - the same seed gives the same copy
    new_files, new_labels = {}, {}
    for name, content in files.items():
        lines = content.split(b"\n")
        by_line: dict[int, list[Label]] = defaultdict(list)
        for label in labels.get(name, ()):
            by_line[label.lines[0]].append(label)
        moved: list[Label] = []
        for number, some in by_line.items():
            spans = _replaceable(some)
            if not spans:
                moved += some
                continue
            line, made, at, places = lines[number - 1], b"", 0, {}
            for start, end in spans:
                made += line[at:start]
                password = made_up(random, nouns).encode()
                places[start, end] = (len(made), len(made) + len(password))
                made, at = made + password, end
            lines[number - 1] = made + line[at:]
            moved += [_moved(label, places) for label in some]
        new_files[name], new_labels[name] = b"\n".join(lines), moved
    return new_files, new_labels


def _replaceable(labels: list[Label]) -> list[tuple[int, int]]:
    """Spans of the passwords of a line, in order, none overlapping another."""
    spans = sorted(
        {
            label.value
            for label in labels
            if label.verdict == "true"
            and label.categories & _CHOSEN
            and label.lines[0] == label.lines[1]
            and label.value
            and 4 <= label.value[1] - label.value[0] <= 24
        }
    )
    kept: list[tuple[int, int]] = []
    for span in spans:
        if not kept or kept[-1][1] <= span[0]:
            kept.append(span)
    return kept


def _moved(label: Label, places: dict[tuple[int, int], tuple[int, int]]) -> Label:
    if label.value in places:
        return label._replace(value=places[label.value], categories=label.categories | {HUMAN})
    verdict = "neutral" if label.verdict == "true" else label.verdict
    return label._replace(value=None, verdict=verdict)
