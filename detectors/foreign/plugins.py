"""What a scan needs to know of detect-secrets' plugins before one of them has to run.

Importing detect-secrets takes longer than scanning many a repository. So what its plugins look for
is read once, turned into anchors, and kept; it is imported again only where an anchor stands.
"""

from __future__ import annotations

import hashlib
import pickle
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from detectors.anchor import Anchor, widest
from detectors.errors import RuleError
from detectors.foreign.installed import detect_secrets_version
from detectors.foreign.plugin_names import PLUGINS
from detectors.sealed import read_sealed, write_sealed

__all__ = ["Plugin", "known_plugins", "plugin_class", "rule_id"]

_BETWEEN_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SPELLED = re.compile("GitHub|GitLab|OpenAI|OAuth|SendGrid")
_LEAST_ENTROPY = {"Base64HighEntropyString": 23, "HexHighEntropyString": 9}
"""Characters without which a string cannot be above the plugin's limit of entropy."""
_KEYWORDS = "(?i:key|pass|pwd|secret|token|api|contrase|credential)"


class Plugin(NamedTuple):
    """One plugin."""

    name: str
    """Its class, as `.secrets.baseline` names it."""
    id: str
    """As rules are called here."""
    title: str
    anchors: tuple[Anchor, ...]


def plugin_class(name: str) -> Any:
    """The class of a plugin, imported.

    Raises:
        RuleError: detect-secrets does not load, or lacks it.
    """
    try:
        # In this order; its modules import one another in circles.
        import detect_secrets.core.scan  # noqa: F401
        from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

        known: list[Any] = list(get_mapping_from_secret_type_to_class().values())
    except Exception as error:
        raise RuleError(f"detect-secrets does not load: {type(error).__name__}") from error
    found = next((one for one in known if one.__name__ == name), None)
    if found is None:
        raise RuleError(f"detect-secrets has no plugin {name!r}")
    return found


def known_plugins(cache: Path | None = None, cache_key: bytes = b"") -> tuple[Plugin, ...]:
    """Every plugin that can run here, by name.

    Args:
        cache: folder of the user's where the answer is kept; None asks detect-secrets.
        cache_key: authenticates what is read back from it.

    Raises:
        RuleError: detect-secrets does not load.
    """
    if cache is None or not cache_key:
        return tuple(_read())
    file = cache / f"{_digest()}.plugins"
    data = read_sealed(file, cache_key)
    if data is not None:
        with suppress(Exception):  # of another Python's making, say
            return tuple(Plugin(*one) for one in pickle.loads(data))  # noqa: S301  sealed by us
    made = tuple(_read())
    write_sealed(file, cache_key, pickle.dumps(made))
    return made


def _digest() -> str:
    """Of the version of detect-secrets, and of the code that makes anchors."""
    digest = hashlib.sha256(detect_secrets_version().encode())
    for file in sorted((files("detectors") / "foreign").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".py"):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _read() -> Iterator[Plugin]:
    plugin_class("KeywordDetector")
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

    found: dict[str, Any] = get_mapping_from_secret_type_to_class()
    for title, kind in sorted(found.items(), key=lambda item: item[1].__name__):
        name = kind.__name__
        if name in PLUGINS:
            anchors = tuple(dict.fromkeys(_anchors(name, getattr(kind, "denylist", ()))))
            yield Plugin(name, rule_id(name), title, anchors)


def rule_id(name: str) -> str:
    """What the rule of a plugin is called here, by the name of its class."""
    words = _BETWEEN_WORDS.split(_SPELLED.sub(lambda one: one[0].title(), name))
    return "detect-secrets." + "-".join(word.lower() for word in words if word != "Detector")


def _anchors(name: str, denylist: Sequence[re.Pattern[str]]) -> Iterator[Anchor]:
    """What to look for on behalf of a plugin: of each expression of its own a part."""
    from detectors.foreign.anchors import derive_anchor  # which a scan spares once they are kept
    from detectors.foreign.syntax import parse_expression

    if name in _LEAST_ENTROPY:
        alphabet = "0-9a-fA-F" if name.startswith("Hex") else "0-9a-zA-Z+/\\\\_=-"
        yield _anchor(f"[\"'][{alphabet}]{{{_LEAST_ENTROPY[name]}}}", 0)
    if name == "KeywordDetector":
        yield _anchor(_KEYWORDS, 0)
    for one in denylist:
        verbose, folded = one.flags & re.VERBOSE, one.flags & re.IGNORECASE
        text = f"(?i){one.pattern}" if folded else one.pattern
        tree = parse_expression(text, verbose=bool(verbose), around=True)
        derived = derive_anchor(tree, bounded=True) or derive_anchor(tree, loose=True)
        if derived is not None:
            yield _anchor(derived.expression, derived.lead)


def _anchor(expression: str, lead: int) -> Anchor:
    return Anchor(expression, widest(expression), lead)
