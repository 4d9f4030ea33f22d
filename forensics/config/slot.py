"""A slot: a named place in a file that holds a value.

How keys are written, so that a reader of the file would know the place:

- names are joined by dots: `services.web.environment.DB_HOST`, `section.key`;
- an item of a list goes by what identifies it, `env[name=DB_PASSWORD].value`, else by its index
  from 0, `hosts[0]`;
- a name that itself holds a dot, bracket or quote is quoted: `data["tls.key"]`;
- where a file has several documents, each is named before a colon: `Secret/db:data.token` as
  Kubernetes has them, else `#2:data.token` by its number from 1;
- a key that stands again in the same place has its number: `password#2`;
- the empty key is the file itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

__all__ = [
    "Found", "Reading", "Slot", "Slots", "arranged", "key_text", "paired", "slot_at", "slots_named",
]  # fmt: skip

_LONGEST_KEY = 300
_MOST_SLOTS = 200_000


class Slot(NamedTuple):
    """A named place in a file that holds a value; never the value itself."""

    key: str
    start: int
    """First byte of the value, without its quotes."""
    end: int
    line: int
    """Where the value starts; from 1."""


class Slots(NamedTuple):
    """All slots of a file."""

    slots: tuple[Slot, ...]
    """By where they start."""
    kind: str
    """How the file was read: one of `forensics.config.kinds`."""
    trouble: str = ""
    """Why it could not be parsed as a whole. What rests on these slots is then uncertain."""


class Found(NamedTuple):
    """A value and its key, as a reader of one kind of file tells them. Prints without the value."""

    key: str
    start: int
    end: int
    text: bytes | None = None
    """The value as a program gets it; None where that is what stands between start and end."""
    type: str = "untyped"
    """As `forensics.config.settings.Setting` has it."""
    kind: str = ""
    """As in `Standing`, where not the text but what is around it tells."""
    by: str = ""

    def __repr__(self) -> str:
        return f"Found({self.key!r}, {self.start}, {self.end})"


class Reading(NamedTuple):
    """What a reader of one kind of file makes of a content."""

    found: Sequence[Found]
    trouble: str = ""


def key_text(name: bytes) -> str:
    """`name` as it stands in a key, however hostile it is."""
    return name.decode(errors="backslashreplace")[:_LONGEST_KEY]


def arranged(content: bytes, found: Iterable[Found]) -> tuple[Slot, ...]:
    """Slots in order, each key once, with lines."""
    return tuple(slot for slot, _ in paired(content, found))


def paired(content: bytes, found: Iterable[Found]) -> Iterator[tuple[Slot, Found]]:
    """Slots in order, each key once, with lines, and what each was made of."""
    ordered = sorted(found, key=_start)[:_MOST_SLOTS]
    seen: dict[str, int] = {}
    line, counted = 1, 0
    for each in ordered:
        start = each.start
        line += content.count(b"\n", counted, start)
        counted = start
        key = each.key[:_LONGEST_KEY]
        seen[key] = count = seen.get(key, 0) + 1
        yield Slot(f"{key}#{count}" if count > 1 else key, start, each.end, line), each


_start = attrgetter("start")


def slot_at(slots: Slots, start: int, end: int) -> Slot | None:
    """The innermost slot around the bytes from `start` to `end`, else the first that they touch."""
    around: Slot | None = None
    touched: Slot | None = None
    for slot in slots.slots:
        if slot.start > end:
            break
        if slot.start <= start and end <= slot.end:
            if around is None or slot.end - slot.start < around.end - around.start:
                around = slot
        elif touched is None and slot.start < end and start < slot.end:
            touched = slot
    return around or touched


def slots_named(slots: Slots, key: str) -> list[Slot]:
    """The slots with this key.

    A document is only named where a file has several. So if no slot has the key, it is one in a
    document of a name, or of none: unless there are several such documents.
    """
    exact = [slot for slot in slots.slots if slot.key == key]
    if exact:
        return exact
    own = document(key)
    plain = key[len(own) :]
    others = [slot for slot in slots.slots if _named(slot.key, plain, own)]
    return others if len(others) == 1 else []


def document(key: str) -> str:
    """The name of the document that a key starts with, with its colon; empty if it has none."""
    name, colon, _ = key.partition(":")
    if colon and (name.startswith("#") or "/" in name) and not set(name) & set('."[ '):
        return name + colon
    return ""


def _named(key: str, plain: str, own: str) -> bool:
    """Whether `key` is `plain`, in a document of a name where `own` is none, or the other way."""
    if not key.endswith(plain):
        return False
    name = document(key)
    return key[len(name) :] == plain and bool(name) != bool(own)
