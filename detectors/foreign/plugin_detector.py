"""The detector behind detect-secrets' plugins."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from detectors import filters
from detectors.anchor import Anchor
from detectors.deadline import Deadline
from detectors.detector import Spans
from detectors.foreign.installed import detect_secrets_version
from detectors.foreign.plugins import Plugin, plugin_class
from detectors.hit import Hit, Kind
from detectors.secret import Secret

__all__ = ["PluginDetector"]

_LONGEST_LINE = 8_192
_LINE_REACH = 2_048
"""Bytes around an anchor that count as its line, where that is longer than 8,192 bytes."""
_CONFIDENCE = 0.5
_CHOSEN_BY_PEOPLE = ("BasicAuthDetector", "KeywordDetector")
"""Plugins that find passwords, which may be words."""
_HEURISTICS = (
    "is_potential_uuid", "is_sequential_string", "is_templated_secret",
    "is_prefixed_with_dollar_sign", "is_not_alphanumeric_string",
)  # fmt: skip


class PluginDetector:
    """Runs plugins on the lines where their anchors stand. They see one line at a time, and their
    `verify`, which asks the provider, is never called."""

    def __init__(self, plugins: Sequence[Plugin]) -> None:
        self._plugins = tuple(plugins)
        self._owner = [plugin for plugin in self._plugins for _ in plugin.anchors]
        self._kinds = {plugin.name: _kind(plugin) for plugin in self._plugins}
        self._loaded: dict[str, Any] = {}
        self._heuristics: list[Any] = []

    @property
    def version(self) -> str:
        """The plugins, and the version of detect-secrets."""
        facts = repr((self._plugins, detect_secrets_version()))
        return "detect-secrets-" + hashlib.sha256(facts.encode()).hexdigest()[:16]

    @property
    def kinds(self) -> Sequence[Kind]:
        """One for each plugin."""
        return tuple(self._kinds.values())

    @property
    def anchors(self) -> Sequence[Anchor]:
        """Those of all plugins."""
        return tuple(anchor for plugin in self._plugins for anchor in plugin.anchors)

    def confirm(
        self, content: bytes, spans: Mapping[int, Spans], deadline: Deadline
    ) -> Iterator[Hit]:
        """Yield what the plugins find.

        Raises:
            TimeoutError: there was no time for all of it.
        """
        places: dict[str, set[tuple[int, int]]] = {}
        for index, where in spans.items():
            lines = places.setdefault(self._owner[index].name, set())
            for first, last in where:
                lines.update(_lines(content, first, last))
        for name, lines in places.items():
            for start, end in sorted(lines):
                deadline.remaining()
                yield from self._in_line(name, content[start:end], start)

    def _in_line(self, name: str, line: bytes, start: int) -> Iterator[Hit]:
        plugin = self._plugin(name)
        text = line.decode("latin-1")  # a byte a character, so that positions are the same
        for value in dict.fromkeys(plugin.analyze_string(text)):
            if not value or not self._likely(name, value):
                continue
            at = text.find(value)
            while at >= 0:
                found = value.encode("latin-1")
                first = start + at
                yield Hit(self._kinds[name], first, first + len(found), Secret(found), _CONFIDENCE)
                at = text.find(value, at + len(value))

    def _plugin(self, name: str) -> Any:
        if name not in self._loaded:
            self._loaded[name] = plugin_class(name)()
            from detect_secrets.filters import heuristic

            self._heuristics = [getattr(heuristic, one) for one in _HEURISTICS]
        return self._loaded[name]

    def _likely(self, name: str, value: str) -> bool:
        """Whether neither its own heuristics nor ours say that it is no secret."""
        plugin = self._loaded[name]
        limit = getattr(plugin, "entropy_limit", None)
        if limit is not None and plugin.calculate_shannon_entropy(value) <= limit:
            return False
        if any(unlikely(value) for unlikely in self._heuristics):
            return False
        ours = filters.ISSUED
        if name not in _CHOSEN_BY_PEOPLE:
            ours = (*ours, filters.joined_words)
        return filters.rejection(value.encode("latin-1"), ours) is None


def _kind(plugin: Plugin) -> Kind:
    return Kind(
        plugin.id,
        plugin.title,
        "medium",
        "A plugin of detect-secrets found it, which does not say what somebody can do with it.",
        "Find out what it opens, rotate it there, and let the program read it from a secret store.",
        generic="Entropy" in plugin.name or plugin.name == "KeywordDetector",
        foreign=True,
    )


def _lines(content: bytes, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The lines that `first` to `last` touch, or what is around these in a very long line."""
    position = content.rfind(b"\n", max(0, first - _LONGEST_LINE), first) + 1
    if not position and first > _LONGEST_LINE:
        position = first - _LINE_REACH
    while position <= last and position < len(content):
        end = content.find(b"\n", position, position + _LONGEST_LINE)
        if end < 0:
            end = min(len(content), position + _LONGEST_LINE)
        yield position, end
        position = end + 1
