"""Looks into what stands encoded or packed in a content, and into what stands in that."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from detectors.decoding.decoder import Budget, Decoded, Decoder, Exhausted, Limits
from detectors.decoding.plausible import is_packed
from detectors.detector import Spans
from detectors.hit import Hit
from detectors.secret import Secret
from detectors.winners import Region, merged

__all__ = ["Decoding", "Look", "Looked", "unwrap"]

_EVERYWHERE = 256 << 10
"""Bytes. In decoded text up to this size, encodings are looked for without an anchor."""
_LEAST = 8
"""Bytes. Less holds no secret."""
_NAME_LENGTH = 120


class Decoding(NamedTuple):
    """Which encodings are undone, and how deep."""

    texts: tuple[Decoder, ...] = ()
    archives: tuple[Decoder, ...] = ()
    text_depth: int = 5
    archive_depth: int = 4
    limits: Limits = Limits()

    @property
    def decoders(self) -> tuple[Decoder, ...]:
        """All that may be used, in the order that spans are numbered by."""
        return (
            *(self.texts if self.text_depth else ()),
            *(self.archives if self.archive_depth else ()),
        )

    @property
    def version(self) -> str:
        """Changes whenever the same bytes could give other contents."""
        names = [decoder.version for decoder in self.decoders]
        return f"{names} {self.text_depth} {self.archive_depth} {self.limits}"


Places = Mapping[int, Mapping[int, Spans]]
"""By decoder, by index into its anchors: where anchors were found."""


class Looked(NamedTuple):
    """What stands in a content as it is."""

    hits: tuple[Hit, ...] = ()
    places: Places = MappingProxyType({})


Look = Callable[[bytes, Budget], Looked]
"""How a decoded content is looked at."""


class _Depth(NamedTuple):
    text: int
    archive: int

    def below(self, decoded: Decoded) -> _Depth:
        if decoded.packed:
            return _Depth(self.text, self.archive - 1)
        return _Depth(self.text - 1, self.archive)


def unwrap(
    decoding: Decoding, look: Look, content: bytes, looked: Looked, budget: Budget
) -> tuple[Hit, ...]:
    """The hits in `content`, and in all that stands encoded in it, at their places in `content`.

    Whatever ends the work early is noted in `budget`; what was found until then is kept.
    """
    depth = _Depth(decoding.text_depth, decoding.archive_depth)
    return _below(decoding, look, content, looked, depth, budget, everywhere=False)


def _below(
    decoding: Decoding,
    look: Look,
    content: bytes,
    looked: Looked,
    depth: _Depth,
    budget: Budget,
    *,
    everywhere: bool,
) -> tuple[Hit, ...]:
    regions: list[Region] = []
    values: list[tuple[int, int]] = []
    for number, decoder in enumerate(decoding.decoders):
        packs = decoder in decoding.archives
        if not (depth.archive if packs else depth.text):
            continue
        spans = looked.places.get(number)
        if spans is None and (packs or not everywhere):
            continue
        try:
            for decoded in decoder.decode(content, None if everywhere else spans, budget):
                values += decoded.values
                hits = _within(decoding, look, decoded, depth.below(decoded), budget)
                if hits:  # kept one by one: what ends the work early takes none of them away
                    regions.append(Region(decoded.packed, hits))
        except TimeoutError:
            budget.late = True
        except Exhausted as limit:
            budget.note(str(limit))
        except Exception as error:
            # Its message could hold what it was looking at.
            kind = decoder.version.partition(" ")[0]
            budget.failed.append(f"{kind} decoder: {type(error).__name__}")
    direct = looked.hits
    if values:
        values.sort()
        direct = tuple(hit for hit in direct if not _encoded(content, hit, values))
    return merged(direct, regions)


def _encoded(content: bytes, hit: Hit, values: Sequence[tuple[int, int]]) -> bool:
    """Whether `hit` is a guess about the characters of one of the encoded `values`."""
    at = bisect_right(values, (hit.start, len(content))) - 1
    if not hit.kind.generic or at < 0 or hit.end > values[at][1]:
        return False
    return hit.secret == Secret(content[hit.start : hit.end])


def _within(
    decoding: Decoding, look: Look, decoded: Decoded, depth: _Depth, budget: Budget
) -> list[Hit]:
    """The hits inside something decoded, at their places in what it was decoded from."""
    content = decoded.content
    if len(content) < _LEAST:
        return []
    looked = look(content, budget)
    # What chance makes look like an escape in a compressed stream is none, and undoing it would
    # unpack to letters that nobody wrote.
    everywhere = not decoded.packed and len(content) <= _EVERYWHERE and not is_packed(content)
    hits = looked.hits
    if looked.places or everywhere:
        hits = _below(decoding, look, content, looked, depth, budget, everywhere=everywhere)
    if not hits:
        return []
    how = decoded.how
    if decoded.name and (name := _shown(decoded.name, look, budget)):
        how = f"{how}:{name}"
    return list(_outside(hits, decoded, how))


def _outside(hits: tuple[Hit, ...], decoded: Decoded, how: str) -> Iterator[Hit]:
    for hit in hits:
        start, end = decoded.place(hit.start, hit.end)
        yield hit._replace(
            start=start,
            end=end,
            decoded=f"{how} > {hit.decoded}" if hit.decoded else how,
            partner=hit.partner and decoded.place(*hit.partner),
        )


def _shown(name: bytes, look: Look, budget: Budget) -> str:
    """A member's name as it may be shown; empty where a secret stands in it, or nothing sure."""
    text = name[:_NAME_LENGTH].decode("utf-8", "replace")
    if not text.isprintable() or " > " in text or len(name) > _NAME_LENGTH:
        return ""
    try:
        looked = look(name, budget)
    except TimeoutError:
        return ""
    return "" if looked.hits or looked.places else text
