"""Kubernetes Secrets: every value under `data` is base64, whatever it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from detectors.anchor import Anchor
from detectors.decoding.base64_text import BASE64
from detectors.decoding.decoder import Budget, Decoded
from detectors.decoding.plausible import plausible
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


class KubernetesDecoder:
    """Reads each value of a Secret together with its key, as if both had been written plainly."""

    version = "kubernetes 1"
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
                yield from self._values(content, max(start, low), free, budget)

    def _values(self, content: bytes, at: int, end: int, budget: Budget) -> Iterator[Decoded]:
        while found := _VALUE.search(content, at, end):
            run = self._runs.around(content, found.end(), found.end(), budget)
            at = found.end()
            text_end = run.pieces(len(run.text) - 1, len(run.text))[1]
            if len(run.text) % 4 == 1 or not _ENDS.match(content, text_end):
                continue
            budget.item()
            budget.spend(len(run.text))
            value = BASE64.undo(run.text)
            if plausible(value):
                at = run.end
                yield _value(found, run, value)


def _value(found: re.Match[bytes], run: Run, value: bytes) -> Decoded:
    key = b"" if b"\0" in value else found.group(1) + b": "

    def outer(start: int, end: int) -> tuple[int, int]:
        if start < len(key):
            return found.start(), run.end
        first, last = BASE64.place(start - len(key), end - len(key))
        place = run.pieces(first, last)
        return place if end < len(key) + len(value) else (place[0], run.end)

    return Decoded(key + value, run.start, run.end, "base64", outer)
