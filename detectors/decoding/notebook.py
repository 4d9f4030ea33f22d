"""Notebooks (`.ipynb`): the text of cells and outputs, which JSON cuts into quoted lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from detectors.anchor import Anchor
from detectors.decoding.decoder import Budget, Decoded
from detectors.decoding.escapes import BACKSLASH
from detectors.decoding.places import Pieces
from detectors.detector import Spans

__all__ = ["NotebookDecoder"]

_TEXT = re.compile(rb'"(?:source|text|text/plain|traceback)"\s{0,8}:\s{0,8}(\[|(?="))')
_LINE = re.compile(rb'[\s,]*+"((?:[^"\\]++|\\.)*+)"', re.DOTALL)


class NotebookDecoder:
    """Puts the lines of each cell together again."""

    version = "notebook 1"
    anchors = (Anchor(r'"cell_type"\s{0,4}:', 18, keywords=('"cell_type"',)),)

    def decode(
        self, content: bytes, spans: Mapping[int, Spans] | None, budget: Budget
    ) -> Iterator[Decoded]:
        """Yield the text of all cells and outputs as one."""
        if spans is None:
            if b'"cell_type"' not in content:
                return
        elif 0 not in spans:
            return
        budget.item()
        budget.spend(len(content))
        parts: list[bytes] = []
        pieces, length, at = Pieces(), 0, 0
        while text := _TEXT.search(content, at):
            at = text.end()
            budget.deadline.remaining()
            while line := _LINE.match(content, at):
                budget.deadline.remaining()
                at = line.end()
                first, last = line.span(1)
                for inner, outer, end, scale in BACKSLASH.stretches(content, first, last):
                    pieces.add(length, outer, end, scale)
                    parts.append(inner)
                    length += len(inner)
                if not text.group(1):
                    break
            parts.append(b"\n")
            pieces.add(length, at, at + 1)
            length += 1
        yield Decoded(b"".join(parts), 0, len(content), "notebook", pieces)
