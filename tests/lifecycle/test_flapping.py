"""A slot in which two values take turns, thousands of times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fixtures_repos.stories.story import setting, token
from forensics.index.records import Event, EventKey, Occurrence
from forensics.lifecycle.explain import explain
from forensics.lifecycle.parts import Span
from forensics.lifecycle.slots import Versions

PATH = (b"a.env", b"")
NAMES = (b"S", b"U")
TEXTS = {b"blob %s" % name: setting(token(seed)) for seed, name in enumerate(NAMES, 1)}
TURNS = 200


class Counted(tuple[Event, ...]):
    """Events that say how often somebody went through all of them."""

    walks = 0

    def __iter__(self) -> Iterator[Event]:
        type(self).walks += 1
        return super().__iter__()


def flapping() -> list[Occurrence]:
    """What happened to both where each commit puts one in the other's place."""
    events: dict[bytes, list[Event]] = {name: [] for name in NAMES}
    for turn in range(TURNS):
        came, went = NAMES[turn % 2], NAMES[turn % 2 - 1]
        commit, new, old = b"%d" % turn, b"blob " + came, b"blob " + went
        how = "introduced" if turn < 2 else "reintroduced"
        events[came].append(Event(commit, "introduced", turn, how, new, old if turn else b""))
        if turn:
            events[went].append(Event(commit, "removed", turn, "removed", old, new))
    return [
        Occurrence(name, PATH, b"", "blob", "branch", False, False, False, Counted(events[name]))
        for name in NAMES
    ]


def test_what_replaced_a_value_is_told_without_going_through_all_each_time() -> None:
    """Each departure names what came in the same commit; looking for it costs no walk."""
    spans: dict[tuple[bytes, bytes], Sequence[Span]] = {}
    for seed, name in enumerate(NAMES, 1):
        text, value = TEXTS[b"blob " + name], token(seed)
        start = text.index(value)
        spans[b"blob " + name, name] = [(start, start + len(value))]
    found = explain(flapping(), Versions(TEXTS.get, spans), lambda *_: True, {})
    for turn in range(1, TURNS):
        came, went = NAMES[turn % 2], NAMES[turn % 2 - 1]
        told = found[EventKey(went, PATH, b"%d" % turn, "removed")]
        assert told is not None
        assert (told.how, told.related) == (
            "replaced", EventKey(came, PATH, b"%d" % turn, "introduced"),
        )  # fmt: skip
    assert Counted.walks < TURNS / 4
