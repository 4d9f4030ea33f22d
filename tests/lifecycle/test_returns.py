"""A secret comes back after the last of its departures above."""

from __future__ import annotations

from random import Random

from forensics.index.records import Event, EventKey, Told
from forensics.lifecycle.returns import MOST_ABOVE, Departure, Departures, Path

PATHS = [(b"a/.env", b""), (b"b/.env", b""), (b"c.txt", b""), None]


def _by_looking_at_all(
    left: list[Departure], path: Path | None, event: Event, above: set[bytes]
) -> EventKey | None:
    """The last one of all, those at the path before others of the same commit."""
    earlier = [one for one in left if one.sequence < event.sequence and one.told.how != "moved"]
    earlier.sort(key=lambda one: (-one.sequence, one.key.path != path, one.key.path or (b"", b"")))

    def last(among: list[Departure]) -> EventKey | None:
        return next((one.key for one in among[:MOST_ABOVE] if one.key.commit in above), None)

    here = last([one for one in earlier if one.key.path == path]) if path else None
    return here or last(earlier)


def test_it_is_the_last_one_above() -> None:
    """Whatever order they are given in."""
    random = Random(4)
    for _ in range(300):
        left = [
            Departure(
                EventKey(b"f", path, b"%d" % sequence, "removed"), sequence,
                Told(random.choice(("removed", "moved", "externalised")), None),
            )
            for sequence in range(12) for path in PATHS if random.random() < 0.5
        ]  # fmt: skip
        random.shuffle(left)
        above = {b"%d" % number for number in range(12) if random.random() < 0.6}
        event = Event(b"now", "introduced", random.randrange(14), "reintroduced")
        path = random.choice(PATHS)
        departures = Departures(left, lambda older, _, above=above: older in above)
        told = departures.before(path, event, Told("reintroduced", None))
        assert told.related == _by_looking_at_all(left, path, event, above)
