"""Commits that repeat a change: cherry-picks and rebases bring a secret in once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forensics.index.records import Commit, Event, EventKey, Occurrence, Person

__all__ = ["with_repeats"]

_Change = tuple[bytes, tuple[bytes, bytes] | None, Person, int]


def with_repeats(
    occurrences: Sequence[Occurrence], made: Mapping[bytes, Commit]
) -> list[Occurrence]:
    """Link each introduction that repeats another one with it: git keeps author and author's date
    when it copies a commit.

    Args:
        occurrences: all of the repository's.
        made: by id, the commits that their events name.
    """
    first: dict[_Change, Event] = {}
    for one in occurrences:
        for event in one.events:
            change = _change(one, event, made)
            if change is not None:
                known = first.get(change)
                if known is None or event.sequence < known.sequence:
                    first[change] = event
    linked: list[Occurrence] = []
    for one in occurrences:
        events: list[Event] = []
        for event in one.events:
            change = _change(one, event, made)
            original = first[change] if change is not None else event
            if original.commit != event.commit:
                key = EventKey(one.fingerprint, one.path, original.commit, original.kind)
                event = event._replace(related=key)
            events.append(event)
        linked.append(one._replace(events=tuple(events)))
    return linked


def _change(one: Occurrence, event: Event, made: Mapping[bytes, Commit]) -> _Change | None:
    """What is the same in two commits that make the same change; None for what is no first
    introduction."""
    commit = made.get(event.commit)
    if event.how != "introduced" or commit is None or not commit.author_time:
        return None
    return one.fingerprint, one.path, commit.author, commit.author_time
