"""Versions of files are read once, however many secrets stand in them."""

from __future__ import annotations

import pytest

from forensics.config.read import read_slots
from forensics.config.slot import Slots
from forensics.lifecycle.slots import Versions


def test_a_version_is_parsed_once_for_all_of_its_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a file of thousands would be parsed for each of them."""
    parsed: list[bytes] = []

    def counting(path: bytes, content: bytes, *, kind: str = "") -> Slots:
        parsed.append(content)
        return read_slots(path, content, kind=kind)

    monkeypatch.setattr("forensics.lifecycle.slots.read_slots", counting)
    monkeypatch.setattr("forensics.config.became.read_slots", counting)
    files = {
        b"old": b"".join(b"KEY_%02d=before%02d\n" % (n, n) for n in range(20)),
        b"new": b"".join(b"KEY_%02d=afterward%02d\n" % (n, n) for n in range(20)),
    }
    spans = {(b"old", b"%d" % n): [(16 * n + 7, 16 * n + 15)] for n in range(20)}
    versions = Versions(files.get, spans)
    for number in range(20):
        (place,) = versions.places(b".env", b"old", b"%d" % number)
        assert place.slot == f"KEY_{number:02}"
        assert versions.fate(b".env", b"old", place, b"new").kind == "literal"
    assert len(parsed) == len(set(parsed)) == 2
