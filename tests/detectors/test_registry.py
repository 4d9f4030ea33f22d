"""Detectors of other packages run beside the built-in ones."""

import importlib.metadata
import sys
import zipfile

import pytest

from detectors import registered, registry
from detectors.anchor import Anchor
from detectors.errors import RuleError
from detectors.hit import Hit, Kind
from detectors.scanner import Scanner
from detectors.secret import Secret

KIND = Kind("acme.badge", "Acme badge number", "low", "It opens a door.", "Print another.")


class Badges:
    """Finds `badge#` and four digits, as a third party would write it."""

    version = "badges-1"
    kinds = (KIND,)
    anchors = (Anchor(r"badge#[0-9]{4}", 12, keywords=("badge#",)),)

    def confirm(self, content, spans, deadline):
        for first, last in spans[0]:
            at = content.find(b"badge#", first, last)
            if at >= 0:
                yield Hit(KIND, at + 6, at + 10, Secret(content[at + 6 : at + 10]), 0.8)


class Entry:
    def __init__(self, name, target):
        self.name = name
        self._target = target

    def load(self):
        if isinstance(self._target, Exception):
            raise self._target
        return self._target


@pytest.fixture
def installed(monkeypatch):
    """Says which detectors other packages register."""

    def install(**targets):
        def entry_points(*, group):
            assert group == "git_forensics.detectors"
            return [Entry(name, target) for name, target in targets.items()]

        monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)
        monkeypatch.setattr(registered, "_may_be_registered", lambda: True)

    return install


def test_a_registered_detector_finds_its_secrets(installed):
    """An entry point is all that another package needs."""
    installed(badges=Badges)
    detectors = registry.default_detectors()
    (hit,) = Scanner(detectors).scan(b"issued badge#4711 today").hits
    assert hit.kind is KIND
    assert hit.secret.reveal() == b"4711"


def test_registered_detectors_come_in_the_order_of_their_names(installed):
    """So the same installation always has the same version."""
    installed(zebra=Badges, ant=Badges)
    one = Scanner(registry.default_detectors([])).version
    installed(ant=Badges, zebra=Badges)
    assert Scanner(registry.default_detectors([])).version == one


@pytest.mark.parametrize("broken", [ImportError("gone"), lambda: 1 / 0, 7])
def test_a_detector_that_does_not_load_is_a_clear_error(installed, broken):
    """It is never left out silently: findings would be missing without a word."""
    installed(badges=broken)
    with pytest.raises(RuleError, match="'badges' of another package does not load"):
        registry.default_detectors([])


def test_without_other_packages_the_built_in_rules_run_alone():
    """One detector knows shapes, with an anchor for each; one knows names, with one for all."""
    shapes, names = registry.default_detectors()
    assert len(shapes.kinds) == len(shapes.anchors) > 75
    assert len(names.anchors) == 1
    assert "generic.password" in {kind.id for kind in names.kinds}


MODULE = """
from detectors.anchor import Anchor
from detectors.hit import Kind


class Doors:
    version = "doors-1"
    kinds = (Kind("acme.door", "Acme door code", "low", "It opens a door.", "Change it."),)
    anchors = (Anchor(r"door#[0-9]{4}", 12, keywords=("door#",)),)

    def confirm(self, content, spans, deadline):
        return iter(())
"""
FILES = {
    "acme_doors.py": MODULE,
    "acme_doors-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: acme-doors\nVersion: 1\n",
    "acme_doors-1.dist-info/entry_points.txt":
        "[git_forensics.detectors]\ndoors = acme_doors:Doors\n",
}  # fmt: skip


def _in_folder(place):
    for name, text in FILES.items():
        (place / name).parent.mkdir(exist_ok=True, parents=True)
        (place / name).write_text(text)
    return place


def _in_archive(place):
    place.mkdir()
    with zipfile.ZipFile(place / "packages.zip", "w") as archive:
        for name, text in FILES.items():
            archive.writestr(name, text)
    return place / "packages.zip"


def _in_egg(place):
    egg = _in_folder(place / "acme_doors-1.egg")
    (egg / "acme_doors-1.dist-info").rename(egg / "EGG-INFO")
    (egg / "EGG-INFO" / "METADATA").rename(egg / "EGG-INFO" / "PKG-INFO")
    return egg


@pytest.mark.parametrize("install", [_in_folder, _in_archive, _in_egg])
def test_installed_packages_are_found_wherever_they_are(install, tmp_path, monkeypatch):
    """As `importlib.metadata` finds them; the same once nothing is installed any more."""
    monkeypatch.delitem(sys.modules, "acme_doors", raising=False)
    before = registry.default_detectors([])
    with monkeypatch.context() as patch:
        patch.syspath_prepend(install(tmp_path / "place"))
        (found,) = [one for one in registry.default_detectors([]) if one.version == "doors-1"]
        assert found.kinds[0].id == "acme.door"
    assert len(registry.default_detectors([])) == len(before)


def test_nothing_is_asked_of_installed_packages_where_none_names_us(monkeypatch):
    """Reading all that is said of them takes longer than a scan without news may."""

    def entry_points(**_):
        raise AssertionError("asked")

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)
    assert registry.default_detectors([]) == []
