"""From when to when each ref had a secret, by the commits that it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from forensics.index.database import Connection
from forensics.index.led_to import LedTo
from forensics.key import Key
from forensics.lifecycle.case import Case

__all__ = ["RefSpan", "ref_spans"]

_MOST_HOLDING = 12
_MOST_ASKED = 40
"""Branches of a repository of which it is asked whether they had it once."""


class RefSpan(NamedTuple):
    """The first commit on a ref that brought a secret, and the last that took it away."""

    name: bytes
    since: int
    """Seconds since 1970."""
    until: int | None
    """None where the ref has it at its tip."""


def ref_spans(connection: Connection, key: Key, case: Case) -> Iterator[RefSpan]:
    """Of the refs that hold the secret, up to some number, and of branches that had it once. In a
    shallow clone, and where no commit brought it, refs are said to hold it since it is known."""
    holding = {(ref.repository, ref.name) for ref in case.refs[:_MOST_HOLDING]}
    skipped = {(ref.repository, ref.name) for ref in case.refs[_MOST_HOLDING:]}
    where = {place.id: place.repository for place in case.life.places}
    for repository in sorted(set(where.values())):
        events = [one for one in case.life.events if where[one.place] == repository]
        led_to = LedTo(connection, key, repository)
        asked = 0
        for name, kind, tip in led_to.tips():
            held = (repository, name) in holding
            if not held:
                if (repository, name) in skipped or kind not in ("branch", "remote"):
                    continue
                asked += 1
                if asked > _MOST_ASKED:
                    continue
            above = led_to.above(tip)
            here = [one for one in events if bytes.fromhex(one.at.commit) in above]
            came = [one.at.commit_time for one in here if one.kind == "introduced"]
            left = [one.at.commit_time for one in here if one.kind == "removed"]
            if held and (came or case.since is not None):
                known = 0 if case.since is None else case.since.at.commit_time
                yield RefSpan(name, came[0] if came else known, None)
            elif came and left:
                yield RefSpan(name, came[0], left[-1])
