"""Kubernetes Secrets: every value under `data` is base64, whatever it holds."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple

from detectors.anchor import Anchor
from detectors.decoding.base64_text import BASE64
from detectors.decoding.decoder import Budget, Decoded, Exhausted
from detectors.decoding.plausible import MAGIC, is_text, plausible
from detectors.decoding.runs import Run, Runs
from detectors.detector import Spans

__all__ = ["KubernetesDecoder"]

_KINDS = ("kind: Secret", 'kind: "Secret"', '"kind": "Secret"', '"kind":"Secret"')
_AROUND = 1 << 20
"""Bytes on either side of its kind in which a Secret is looked at."""
_VALUE = re.compile(
    rb"(?<![\w.-])([\w.-]{1,253}+)[\"']?[ \t]{0,8}:[ \t]{0,8}(?:[|>][+-]?[ \t]{0,8}\r?\n[ \t]*)?"
    rb"[\"']?(?=[A-Za-z0-9+/]{4})"
)
_ENDS = re.compile(rb"={0,2}(?:[\s\"',}]|\Z)")


class _Value(NamedTuple):
    """A value of a Secret."""

    key: bytes
    start: int
    """First byte of its key in the content."""
    run: Run
    """Its characters."""
    decoded: bytes

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The span in the content of a part of what is decoded."""
        size = len(self.decoded)
        first, last = self.run.pieces(*BASE64.place(min(start, size - 1), min(end, size)))
        return first, last if end < size else self.run.end

    @property
    def text(self) -> bool:
        """Whether it can stand on a line behind its key."""
        return is_text(self.decoded) and not self.decoded.startswith(MAGIC)


class KubernetesDecoder:
    """Reads the values of a Secret together with their keys, as if all had been written plainly:
    so an id and its secret stand near each other. What is no text comes on its own."""

    version = "kubernetes 2"
    anchors = (
        Anchor(
            r"(?:kind: Secret\b|" + "|".join(map(re.escape, _KINDS[1:])) + ")",
            max(map(len, _KINDS)) + 2,
            keywords=tuple(kind.lower() for kind in _KINDS),
        ),
    )

    def __init__(self) -> None:
        self._runs = Runs(BASE64.alphabet, BASE64.least)

    def decode(
        self, content: bytes, spans: Mapping[int, Spans] | None, budget: Budget
    ) -> Iterator[Decoded]:
        """Yield the values of the documents in which a Secret is told."""
        places = [(0, len(content))] if spans is None else spans.get(0, ())
        kind = re.compile(self.anchors[0].expression.encode())
        free = 0
        for first, last in places:
            for found in kind.finditer(content, first, last + self.anchors[0].width):
                if found.start() < free:
                    continue
                low = max(found.start() - _AROUND, free)
                high = min(found.end() + _AROUND, len(content))
                start = content.rfind(b"\n---", low, found.start())
                end = content.find(b"\n---", found.end(), high)
                free = high if end < 0 else end
                yield from self._document(content, max(start, low), free, budget)

    def _document(self, content: bytes, at: int, end: int, budget: Budget) -> Iterator[Decoded]:
        texts: list[_Value] = []
        limit: Exception | None = None
        try:
            for value in self._values(content, at, end, budget):
                if value.text:
                    texts.append(value)
                else:
                    yield Decoded(
                        value.decoded, value.start, value.run.end, BASE64.how, value.place
                    )
        except (Exhausted, TimeoutError) as reached:
            limit = reached
        if texts:
            yield _together(texts)
        if limit:
            raise limit

    def _values(self, content: bytes, at: int, end: int, budget: Budget) -> Iterator[_Value]:
        while found := _VALUE.search(content, at, end):
            run = self._runs.around(content, found.end(), found.end(), budget)
            at = found.end()
            text_end = run.pieces(len(run.text) - 1, len(run.text))[1]
            if len(run.text) % 4 == 1 or not _ENDS.match(content, text_end):
                continue
            budget.item()
            budget.spend(len(run.text))
            decoded = BASE64.undo(run.text)
            if plausible(decoded):
                at = run.end
                yield _Value(found[1], found.start(), run, decoded)


def _together(values: list[_Value]) -> Decoded:
    """Values, each on a line behind its key."""
    lines = [value.key + b": " + value.decoded + b"\n" for value in values]
    starts = [0, *accumulate(map(len, lines))]

    def beside(position: int) -> tuple[_Value, int]:
        """The value on whose line a byte is, and where in it; below zero in its key."""
        at = bisect_right(starts, position) - 1
        return values[at], position - starts[at] - len(values[at].key) - 2

    def outer(start: int, end: int) -> tuple[int, int]:
        (opening, first), (closing, last) = beside(start), beside(end - 1)
        return (
            opening.place(first, first + 1)[0] if first >= 0 else opening.start,
            closing.place(0, last + 1)[1] if last >= 0 else closing.run.end,
        )

    return Decoded(
        b"".join(lines), values[0].start, values[-1].run.end, BASE64.how, outer,
        values=tuple((value.run.start, value.run.end) for value in values),
    )  # fmt: skip
