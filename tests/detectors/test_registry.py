"""Detectors of other packages run beside the built-in ones."""

import pytest

from detectors import registry
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

        monkeypatch.setattr(registry, "entry_points", entry_points)

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
