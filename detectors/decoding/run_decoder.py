"""Decodes runs of one alphabet, base64 or hex, around the encoded words of secrets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from detectors.anchor import Anchor
from detectors.decoding.decoder import Budget, Decoded
from detectors.decoding.plausible import plausible
from detectors.decoding.runs import Run, Runs
from detectors.decoding.trie import trie
from detectors.decoding.words import alternatives
from detectors.detector import Spans

__all__ = ["Encoding", "RunDecoder"]

_AHEAD = 64
"""Bytes after a marker in which encoded text must start."""


class Encoding(NamedTuple):
    """A way to write bytes in characters of one alphabet, some of them a group."""

    how: str
    alphabet: bytes
    group: int
    """Characters that together hold whole bytes."""
    least: int
    """Characters of the shortest run worth a look where nothing says that it is encoded."""
    any_case: bool
    undo: Callable[[bytes], bytes]
    """What characters hold, from the start of a group; of the last group, what is there."""
    place: Callable[[int, int], tuple[int, int]]
    """The span of characters that hold a span of bytes."""


class RunDecoder:
    """Undoes an encoding where one of its literals stands: a word of secrets, encoded."""

    def __init__(
        self, encoding: Encoding, literals: Mapping[bytes, int], markers: Sequence[bytes] = ()
    ) -> None:
        """Undo `encoding` around `literals` and after `markers`.

        Args:
            encoding: what to undo.
            literals: each with how many characters after the start of a group it starts.
            markers: what stands right before encoded text whatever it holds, as in `data:` URLs.
        """
        self._encoding = encoding
        self._offsets = dict(literals)
        self._markers = tuple(markers)
        found = alternatives((one.decode() for one in literals), any_case=encoding.any_case)
        self._count = len(found)
        self._width = max(anchor.width for anchor in found)
        found += alternatives(one.decode() for one in markers)
        self.anchors: tuple[Anchor, ...] = tuple(found)
        self.version = f"{encoding.how} 1 {sorted(literals)} {markers}"

    def decode(
        self, content: bytes, spans: Mapping[int, Spans] | None, budget: Budget
    ) -> Iterator[Decoded]:
        """Yield what the runs around literals and after markers hold, or any readable run."""
        if spans is None:
            yield from self._everywhere(content, budget)
            return
        yield from self._around(content, spans, budget)
        yield from self._after(content, spans.get(self._count, ()), budget)

    def _everywhere(self, content: bytes, budget: Budget) -> Iterator[Decoded]:
        for run in self._runs.everywhere(content):
            budget.item()
            phases = {0} | {
                (found.start() - self._offset(found.group())) % self._encoding.group
                for found in self._literals.finditer(run.text)
            }
            for phase in sorted(phases):
                decoded = self._decoded(run, phase, budget)
                if phase or plausible(decoded.content):
                    yield decoded

    def _around(
        self, content: bytes, spans: Mapping[int, Spans], budget: Budget
    ) -> Iterator[Decoded]:
        places = [place for at, those in spans.items() if at < self._count for place in those]
        run: Run | None = None
        phases: set[int] = set()
        looked = after = 0
        for first, last in sorted(places):
            end = last + self._width
            for found in self._literals.finditer(content, max(first, looked), end):
                if run is None or found.start() >= run.end:
                    if run is not None:
                        yield from self._phases(run, phases, budget)
                        after = run.end
                    budget.item()
                    run, phases = self._runs.around(content, found.start(), after, budget), set()
                place = run.pieces.inside(found.start()) - self._offset(found.group())
                phases.add(place % self._encoding.group)
                looked = found.end()
                budget.deadline.remaining()
        if run is not None:
            yield from self._phases(run, phases, budget)

    def _after(self, content: bytes, spans: Spans, budget: Budget) -> Iterator[Decoded]:
        free = 0
        for first, last in spans:
            for found in self._marker.finditer(content, first, last + _AHEAD):
                ahead = content[found.end() : found.end() + _AHEAD]
                at = found.end() + len(ahead) - len(ahead.lstrip(b" \t\r\n\"'"))
                if at < free or content[at : at + 1] not in self._one:
                    continue
                budget.item()
                run = self._runs.around(content, at, at, budget)
                free = run.end
                decoded = self._decoded(run, 0, budget)
                if plausible(decoded.content):
                    yield decoded

    @cached_property
    def _runs(self) -> Runs:
        return Runs(self._encoding.alphabet, self._encoding.least)

    @cached_property
    def _literals(self) -> re.Pattern[bytes]:
        flag = "(?i:" if self._encoding.any_case else "(?:"
        return re.compile((flag + trie(self._offsets) + ")").encode())

    @cached_property
    def _marker(self) -> re.Pattern[bytes]:
        return re.compile(b"|".join(map(re.escape, self._markers)) or b"(?!)")

    @cached_property
    def _one(self) -> frozenset[bytes]:
        return frozenset(bytes((byte,)) for byte in self._encoding.alphabet)

    def _offset(self, literal: bytes) -> int:
        return self._offsets[literal.lower() if self._encoding.any_case else literal]

    def _phases(self, run: Run, phases: set[int], budget: Budget) -> Iterator[Decoded]:
        for phase in sorted(phases):
            yield self._decoded(run, phase, budget)

    def _decoded(self, run: Run, phase: int, budget: Budget) -> Decoded:
        encoding = self._encoding
        budget.spend(len(run.text))
        content = encoding.undo(run.text[phase:] if phase else run.text)

        def outer(start: int, end: int) -> tuple[int, int]:
            first, last = encoding.place(start, end)
            place = run.pieces(first + phase, last + phase)
            # A text that is secret to its end takes its padding along.
            return place if end < len(content) else (place[0], run.end)

        return Decoded(content, run.start, run.end, encoding.how, outer)
