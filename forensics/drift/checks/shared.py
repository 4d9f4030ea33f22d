"""`shared`: one secret in two environments, or one SOPS data key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from forensics.drift.checks.check import Check
from forensics.drift.key_names import looks_secret
from forensics.drift.ledger import Entry
from forensics.drift.ordering import Order
from forensics.drift.state import Effective, SetState
from forensics.drift.walk import Turn

__all__ = ["Shared"]

_TOPIC = "shared"
_DATA_KEY = "one SOPS data key opens the files of all of them"


class _Place(NamedTuple):
    environment: str
    key: str
    got: Effective


class Shared(Check):
    """Follows secrets that several environments get, under one key or under several."""

    def see(self, turn: Turn) -> None:
        """Enter what a commit does to the sharing of secrets."""
        if turn.before.seals == turn.after.seals and not any(map(looks_secret, turn.keys)):
            return
        secrets = _shared(_secrets(turn.after))
        data_keys = _shared(_data_keys(turn.after))
        for entry in self._ledger.about(turn.set):
            if entry.topic == _TOPIC and entry.key not in secrets and entry.key not in data_keys:
                self._close(turn, entry)
        for sharing, note in ((secrets, ""), (data_keys, _DATA_KEY)):
            for key, places in sharing.items():
                self._follow(turn, key, places, note or _other_keys(key, places, self._order))

    def _follow(self, turn: Turn, key: str, places: list[_Place], note: str) -> None:
        names = {place.environment for place in places}
        entry = self._ledger.get(_TOPIC, turn.set, key)
        if entry is None:
            entry = self._enter(
                turn, key, _TOPIC, [place.got for place in places], present=names,
                severity="high" if any(map(self._order.is_production, names)) else "medium",
            )  # fmt: skip
            if note:
                entry.note(turn.step, note)
        elif names - entry.present:
            entry.note(turn.step, f"{self._order.listed(names - entry.present)} too")
            entry.present |= names

    def _close(self, turn: Turn, entry: Entry) -> None:
        how = "different" if len(turn.after.row(entry.key)) > 1 else "removed"
        certain = not turn.doubtful & entry.present
        self._ledger.close(entry, turn.step, how, certain=certain)


def _secrets(state: SetState) -> Iterator[_Place]:
    """Secrets themselves, and no words that stand anywhere."""
    for environment, got in state.environments.items():
        for key, each in got.items():
            observation = each.observation
            if (
                observation.kind in ("literal", "ciphertext")
                and looks_secret(key)
                and not observation.traits & {"short", "on", "off"}
                and observation.type not in ("number", "boolean", "null")
            ):
                yield _Place(environment, key, each)


def _data_keys(state: SetState) -> Iterator[_Place]:
    """Encrypted data keys of files that are one environment's own."""
    for environment, seals in state.seals.items():
        for (_, key), each in seals.items():
            if each.layer != "base":
                yield _Place(environment, key, each)


def _shared(places: Iterable[_Place]) -> dict[str, list[_Place]]:
    """By key: who has a value that another environment has too. Where it is under another key
    everywhere, the first of them stands for all."""
    by_value: dict[bytes, list[_Place]] = {}
    for place in places:
        by_value.setdefault(place.got.observation.fingerprint, []).append(place)
    shared: dict[str, list[_Place]] = {}
    for same in by_value.values():
        if len({place.environment for place in same}) < 2:
            continue
        under: dict[str, list[_Place]] = {}
        for place in same:
            under.setdefault(place.key, []).append(place)
        several = {key: found for key, found in under.items() if len(found) > 1}
        for key, found in (several or {min(under): same}).items():
            shared.setdefault(key, []).extend(found)
    return shared


def _other_keys(key: str, places: list[_Place], order: Order) -> str:
    others: dict[str, set[str]] = {}
    for place in places:
        if place.key != key:
            others.setdefault(place.key, set()).add(place.environment)
    return ", ".join(f"{other} in {order.listed(others[other])}" for other in sorted(others))
