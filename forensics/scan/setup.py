"""What a scan looks with."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from detectors.aliases import rules_called
from detectors.decoding.defaults import ARCHIVE_DEPTH, TEXT_DEPTH, default_decoding
from detectors.detector import Detector
from detectors.foreign.plugin_names import BY_DEFAULT
from detectors.foreign.records import Allowlist, ForeignConfig
from detectors.ignoring import Ignorer
from detectors.registry import default_detectors
from detectors.rule import Rule
from detectors.scanner import Scanner
from forensics.key import Key, cache_folder
from forensics.scan.ignoring import Lists

__all__ = ["ENGINE", "ScannerSetup", "allowlists_for_ours", "setup_for", "usual_setup"]

ENGINE = "4"
"""Changes whenever the same rules could give other sightings or other coverage."""


class ScannerSetup(NamedTuple):
    """How to make the scanner; unlike the scanner itself, it can be sent to a process."""

    rules: tuple[Rule, ...] | None = None
    """None for the built-in ones."""
    cache: Path | None = None
    cache_key: bytes = b""
    confirm_seconds: float = 5.0
    decode_depth: int = TEXT_DEPTH
    """How many encodings of text are undone on top of each other."""
    archive_depth: int = ARCHIVE_DEPTH
    """How many archives and compressed streams are opened in each other."""
    lists: Lists = Lists()
    """What to ignore; the rules of a configuration in it are looked for."""
    plugins: tuple[str, ...] = ()
    """Of detect-secrets, by class name."""
    marks: bool = True
    """Whether marks beside secrets ignore them."""
    most_bytes: int | None = None
    """Larger contents are left out. Only of files and of what is new: an index keeps what was
    covered, and knows no such limit."""

    def scanner(self) -> Scanner:
        """The scanner, made once a process; a forked worker finds its parent's."""
        return _scanner(self)


@cache
def _scanner(setup: ScannerSetup) -> Scanner:
    detectors = default_detectors(setup.rules, cache=setup.cache, cache_key=setup.cache_key)
    return Scanner(
        [*detectors, *_foreign(setup.lists.config), *_plugins(setup)],
        cache=setup.cache,
        cache_key=setup.cache_key,
        confirm_seconds=setup.confirm_seconds,
        decoding=default_decoding(setup.decode_depth, setup.archive_depth),
        ignorers=_ignorers(setup.lists),
        marks=setup.marks,
    )


def _foreign(config: ForeignConfig | None) -> list[Detector]:
    """The detector of a configuration's rules, which most scans need not even import."""
    if config is None or not config.rules:
        return []
    from detectors.foreign.detector import ForeignDetector

    return [ForeignDetector(config)]


def _plugins(setup: ScannerSetup) -> list[Detector]:
    """The detector of detect-secrets' plugins, if any is asked for."""
    if not setup.plugins:
        return []
    from detectors.foreign.plugin_detector import PluginDetector
    from detectors.foreign.plugins import known_plugins

    known = known_plugins(setup.cache, setup.cache_key)
    return [PluginDetector([one for one in known if one.name in setup.plugins])]


def _ignorers(lists: Lists) -> list[Ignorer]:
    found: list[Ignorer] = []
    if lists.config is not None:
        from detectors.foreign.ignorer import ConfigIgnorer

        ours: dict[str, list[Allowlist]] = {}
        for rule, one in lists.for_rules:
            ours.setdefault(rule, []).append(one)
        found.append(ConfigIgnorer(lists.config, ours))
    if lists.baseline is not None:
        from detectors.foreign.baseline import BaselineIgnorer

        found.append(BaselineIgnorer(lists.baseline))
    return found


def allowlists_for_ours(config: ForeignConfig) -> tuple[tuple[str, Allowlist], ...]:
    """The lists of a configuration for some rules, by the ids of the built-in counterparts."""
    listed = [*config.for_built_in]
    listed += [(rule.name, one) for rule in config.rules for one in rule.allowlists]
    return tuple((ours, one) for name, one in listed for ours in sorted(rules_called(name)))


def setup_for(
    key: Key,
    cache: Path,
    rules: tuple[Rule, ...] | None = None,
    lists: Lists | None = None,
    plugins: tuple[str, ...] = (),
    *,
    decode_depth: int = TEXT_DEPTH,
    archive_depth: int = ARCHIVE_DEPTH,
    marks: bool = True,
    most_bytes: int | None = None,
) -> ScannerSetup:
    """A setup whose compiled prefilter is kept in `cache`, authenticated with `key`."""
    return ScannerSetup(
        rules,
        cache / "rules",
        key.seal("compiled rules"),
        lists=lists or Lists(),
        plugins=plugins,
        decode_depth=decode_depth,
        archive_depth=archive_depth,
        marks=marks,
        most_bytes=most_bytes,
    )


def usual_setup(key: Key) -> ScannerSetup:
    """What a scan uses unless it is told otherwise: its compiled prefilter is there already, which
    takes a second to make, and what it finds is masked."""
    return setup_for(key, cache_folder(), plugins=tuple(sorted(BY_DEFAULT)))
