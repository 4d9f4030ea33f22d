"""What stood in a slot, one value after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from forensics.index.life import Moment, SlotEvent
from forensics.index.stored_facts import stored_facts

__all__ = ["SlotValue", "slot_values"]

_IDENTIFIERS = (
    "access key id", "key id", "token id", "webhook id", "certificate serial", "public key",
    "client id", "user id", "id", "user",
)  # fmt: skip
"""Facts that name what a secret belongs to and may be shown, the most telling first."""


class SlotValue(NamedTuple):
    """What came to stand in a slot with a commit."""

    repository: int
    """Its row."""
    path: bytes
    slot: str
    stands: str
    """`secret`, `another value`, `reference`, `placeholder`, `moved` or `removed`."""
    secret: str | None
    """Fingerprint of the secret."""
    preview: str
    identifier: tuple[str, str] | None
    """Name and value of what tells this key from the next: an id or the public half."""
    via: str
    """What a reference goes through, or the slot to which the value was renamed."""
    at: Moment

    @property
    def stash(self) -> str:
        """Id of the commit if only the stash leads to it: work that was put aside is no value
        after another."""
        return self.at.commit if self.at.reach == "stash" else ""

    @property
    def stood(self) -> str:
        """What came to stand there, of what is no secret, in words."""
        if not self.via:
            return self.stands
        return f"{self.stands} {'to' if self.stands == 'moved' else 'through'} {self.via}"


_STANDS = {
    "replaced": "another value",
    "externalised": "reference",
    "placeholder": "placeholder",
    "moved": "moved",
    "renamed": "moved",
}
_CAME = frozenset({"copied", "reintroduced", "rolled-back"})
"""What came into another slot of its file."""


def slot_values(events: Sequence[SlotEvent]) -> Iterator[SlotValue]:
    """What stood in each slot after another, so that a key id can be followed through rollovers;
    then what each commit of a stash put there.

    Args:
        events: of slots, grouped by slot, each in an order that follows ancestry.
    """
    came = {
        (*one[:3], one.at.commit) for one in events if one.kind == "introduced" or one.how in _CAME
    }
    for one in _stashes_last(events):
        if one.kind == "introduced" or one.how in _CAME:
            yield SlotValue(
                *one[:3], "secret", one.secret, one.preview, _identifier(one.facts), "",
                one.at,
            )  # fmt: skip
        elif (*one[:3], one.at.commit) not in came:
            stands = _STANDS.get(one.how, "removed")
            yield SlotValue(*one[:3], stands, None, "", None, one.via, one.at)


def _stashes_last(events: Sequence[SlotEvent]) -> Iterator[SlotEvent]:
    for _, group in groupby(events, key=lambda one: one[:3]):
        aside: dict[str, list[SlotEvent]] = {}
        for one in group:
            if one.at.reach == "stash":
                aside.setdefault(one.at.commit, []).append(one)
            else:
                yield one
        for stashed in aside.values():
            yield from stashed


def _identifier(facts: str | None) -> tuple[str, str] | None:
    told = dict(stored_facts(facts))
    return next(((name, told[name]) for name in _IDENTIFIERS if name in told), None)
