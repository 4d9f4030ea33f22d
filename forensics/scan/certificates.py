"""Which certificates belong to the private keys that were found, wherever in history they stand.

What proves it is that they have the same public key.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from detectors.structure.certificates import Certificate, certificate, in_armour
from forensics.git.inflate import Damaged
from forensics.git.plan import ObjectPlan
from forensics.git.repository import Repository
from forensics.git.single import SingleObjects, single_objects
from forensics.index.history_store import StoredSegment
from forensics.index.records import Holdings
from forensics.scan.graph import Graph

__all__ = ["serials_of"]

_NAMED = re.compile(
    rb"\.(?:crt|cer|cert|certs|pem|der|p7b|p7c|chain|bundle|ca-bundle)$|cert|chain", re.IGNORECASE
)
"""Names of files in which certificates stand."""
_DER = b"\x30\x82"
_MOST_FILES = 4_000
"""Versions of files that are looked into, the newest."""
_LARGEST = 1 << 20
"""Bytes of one."""
_MOST_SERIALS = 4
"""Of one key, the last."""


def serials_of(
    keys: Mapping[str, Collection[bytes]],
    held: Holdings,
    repository: Repository,
    made: ObjectPlan,
    segments: Sequence[StoredSegment],
    graph: Graph,
) -> dict[str, str]:
    """The serial numbers of the certificates of each key, in the order in which they came.

    Args:
        keys: by fingerprint of the public half, the private ones as secrets.
        held: where these stand.
        repository: in which all this is.
        made: what was read of it.
        segments: its history.
        graph: the same as a graph.
    """
    if not keys:
        return {}
    private = {one for fingerprints in keys.values() for one in fingerprints}
    blobs = {
        oid
        for (oid, kind), there in held.secrets.items()
        if kind == "blob" and not there.isdisjoint(private)
    }
    files = sorted(
        _first_in(segments, blobs, graph.number).items(), key=lambda one: (one[1], one[0])
    )
    found: dict[str, dict[str, None]] = {}
    known: dict[bytes, Certificate | None] = {}
    with single_objects(repository, made) as single:
        for blob, _ in files[-_MOST_FILES:]:
            for data in _certificates(single, blob):
                if data not in known:  # bundles have most of theirs from the version before
                    known[data] = certificate(data)
                one = known[data]
                if one is not None and one.public in keys:
                    found.setdefault(one.public, {})[one.serial] = None
    return {
        public: "…, " * (len(serials) > _MOST_SERIALS) + ", ".join([*serials][-_MOST_SERIALS:])
        for public, serials in found.items()
    }


def _first_in(
    segments: Sequence[StoredSegment], blobs: Collection[bytes], order: Mapping[bytes, int]
) -> dict[bytes, int]:
    """By id, the first place in `order` of every blob with a name that certificates have, and of
    these blobs."""
    found: dict[bytes, int] = {}
    for segment in segments:
        if not len(segment.changes):
            continue
        names = (_NAMED.search(path.rpartition(b"/")[2]) for path, _ in segment.paths)
        named = np.fromiter((name is not None for name in names), np.bool_)
        chosen = np.fromiter((blob in blobs for blob in segment.blobs), np.bool_)
        changes = segment.changes
        rows = changes[named[changes[:, 1]] | chosen[changes[:, 3]]]
        for commit, _, _, new in rows.tolist():
            place = order.get(segment.commits[commit])
            blob = segment.blobs[new]
            if blob and place is not None:
                found[blob] = min(place, found.get(blob, place))
    return found


def _certificates(single: SingleObjects, blob: bytes) -> Iterator[bytes]:
    try:
        content = single.read(blob)[1]
    except Damaged:
        return
    if len(content) <= _LARGEST:
        yield from in_armour(content)
        if content.startswith(_DER):
            yield content
