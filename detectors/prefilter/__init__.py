"""The prefilter: all anchors of all detectors, looked for in one pass over a content."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from detectors.anchor import Anchor

__all__ = ["Found", "Prefilter", "best_prefilter"]

Found = dict[int, list[tuple[int, int]]]
"""By anchor index: ascending, disjoint `(first, last)` positions where a finding may start. Anchors
that look for the same may have one list together."""


class Prefilter(Protocol):
    """Says which anchors stand in a content, and where."""

    name: str

    def find(self, content: bytes) -> Found | None:
        """Where findings may start, by anchor; None, as for most contents, if none can."""


def best_prefilter(
    anchors: Sequence[Anchor], *, cache: Path | None = None, cache_key: bytes = b""
) -> Prefilter:
    """Hyperscan's where there is a build of it for this platform, else the pure Python one.

    Args:
        anchors: what to look for.
        cache: folder of the user's for the compiled database; None compiles it anew.
        cache_key: authenticates what is read back from the cache.
    """
    try:
        from detectors.prefilter.hyperscan import HyperscanPrefilter
    except ImportError:
        from detectors.prefilter.pure import PurePrefilter

        return PurePrefilter(anchors)
    return HyperscanPrefilter(anchors, cache=cache, cache_key=cache_key)
