"""The values of secrets, taken again from contents in which they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

from detectors.canonical import canonical
from detectors.secret import Secret
from forensics.index.places import SecretPlace
from forensics.key import Key
from forensics.scan.setup import ScannerSetup

if TYPE_CHECKING:
    from forensics.git.inflate import Content

__all__ = ["Value", "ValueReader"]

_FORMS = ("", "percent", "pem", "base64")
"""How a canonical form follows from what stands there; see `detectors.canonical`."""
_AROUND = 1 << 20
"""Bytes on either side that are looked at with a secret in a content too large for all of it."""


class Value(NamedTuple):
    """A secret's value. Both hide it until `reveal()` is called."""

    canonical: Secret
    """In the form of which the fingerprint was made."""
    raw: Secret
    """As it stands in the object; where it was decoded, what it was decoded from."""
    decoded: bool = False


class ValueReader:
    """Collects what fits a fingerprint."""

    def __init__(self, key: Key, setup: ScannerSetup) -> None:
        self._key, self._setup = key, setup
        self.found: dict[str, Value] = {}

    def look(self, content: Content, places: Iterable[SecretPlace]) -> None:
        """Take the values at these places: as they stand there, else as the detectors see them."""
        left = [one for one in places if not self._plain(content, one)]
        for one in left:
            if one.secret not in self.found:
                self._detected(content, one, {other.secret for other in left})

    def _plain(self, content: Content, place: SecretPlace) -> bool:
        if place.secret in self.found:
            return True
        if place.decoded:
            return False
        raw = bytes(content[place.start : place.end])
        for form in _FORMS:
            value = canonical(raw, form)
            if self._key.fingerprint(value).hex() == place.secret:
                self.found[place.secret] = Value(Secret(value), Secret(raw))
                return True
        return False

    def _detected(self, content: Content, place: SecretPlace, wanted: Collection[str]) -> None:
        if not isinstance(content, bytes):
            content = bytes(content[max(place.start - _AROUND, 0) : place.end + _AROUND])
        for hit in self._setup.scanner().scan(content).hits:
            name = self._key.fingerprint(hit.secret.reveal()).hex()
            if name in wanted and name not in self.found:
                self.found[name] = Value(
                    hit.secret, Secret(content[hit.start : hit.end]), bool(hit.decoded)
                )
