"""What a user's forensics.toml says of environments.

    [drift.aliases]
    green = "prod"

    [drift.tiers]
    partners = 4

    [[drift.files]]
    path = "deploy/*/{environment}/settings.yaml"
    set = "settings"

    [[drift.files]]
    path = "legacy/**"
    role = "ignore"

In a path, `*` is any part of a name, `**` any folders, `{environment}` and `{set}` a name to take.
The first entry that fits a file says what it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from forensics.drift.model import Place
from forensics.drift.names import Names
from forensics.errors import UsageProblem
from forensics.settings.file import UserFile, refuse_unknown
from forensics.settings.globs import path_glob

__all__ = ["BY_USER", "FileRule", "Overrides"]

BY_USER = "forensics.toml:"
"""With this begin ids of rules that are a user's."""

_ROLES = ("environment", "base", "several", "example", "local", "ignore")
_KEYS = {"path": str, "set": str, "environment": str, "role": str, "layer": int}
_LAYERS = {"environment": 20}
_SECTION = ("aliases", "tiers", "files")
_HIGHEST_TIER = 4


class FileRule(NamedTuple):
    """What files with a path like this are."""

    id: str
    pattern: re.Pattern[str]
    set: str
    environment: str
    role: str
    layer: int


@dataclass(frozen=True, slots=True)
class Overrides:
    """Names and files as a user has them."""

    aliases: dict[str, str] = field(default_factory=dict)
    tiers: dict[str, int] = field(default_factory=dict)
    files: tuple[FileRule, ...] = ()

    @classmethod
    def of(cls, file: UserFile) -> Overrides:
        """What the file says under `drift`; nothing if it has no such part.

        Raises:
            UsageProblem: it says something that cannot be.
        """
        try:
            return _overrides(file.section("drift"))
        except ValueError as error:
            raise UsageProblem(
                f"{file.name}: {error}", "docs/drift.md shows what it may say"
            ) from None

    def place(self, path: str, names: Names) -> tuple[bool, Place | None]:
        """Whether some entry fits the path, and what it makes of the file."""
        for rule in self.files:
            match = rule.pattern.fullmatch(path)
            if match is None:
                continue
            if rule.role == "ignore":
                return True, None
            taken = match.groupdict()
            environment = names.canonical(rule.environment or taken.get("environment") or "")
            named = rule.set or taken.get("set") or path.rpartition("/")[0] or "."
            return True, Place(named, environment, rule.role, rule.layer, rule.id)
        return False, None


def _overrides(said: dict[str, Any]) -> Overrides:
    refuse_unknown(said, _SECTION, "[drift]")
    aliases = said.get("aliases", {})
    if not isinstance(aliases, dict) or not all(isinstance(v, str) for v in aliases.values()):
        raise ValueError('[drift.aliases] holds names of environments, such as green = "prod"')
    tiers = said.get("tiers", {})
    if not isinstance(tiers, dict) or not all(
        type(level) is int and 0 <= level <= _HIGHEST_TIER for level in tiers.values()
    ):
        raise ValueError("[drift.tiers] holds numbers from 0 to 4, such as partners = 4")
    files = said.get("files", [])
    if not isinstance(files, list):
        raise ValueError("[[drift.files]] is written with two brackets, one entry each")
    rules = tuple(_file_rule(number, entry) for number, entry in enumerate(files, 1))
    return Overrides(aliases, tiers, rules)


def _file_rule(number: int, entry: Any) -> FileRule:
    where = f"entry {number} of [[drift.files]]"
    if not isinstance(entry, dict):
        raise ValueError(f"{where} is no table")
    refuse_unknown(entry, _KEYS, where)
    for key, value in entry.items():
        kind = _KEYS[key]
        if type(value) is not kind:
            raise ValueError(f"{where}: {key} is {'a number' if kind is int else 'text'}")
    path = entry.get("path", "")
    if not path:
        raise ValueError(f'{where} needs a path, such as path = "deploy/{{environment}}.yaml"')
    if path.count("{environment}") > 1 or path.count("{set}") > 1:
        raise ValueError(f"{where}: the path takes each name once")
    environment = entry.get("environment", "")
    named = bool(environment) or "{environment}" in path
    role = entry.get("role", "environment" if named else "")
    if role not in _ROLES:
        raise ValueError(f"{where} needs an environment, or a role: {', '.join(_ROLES)}")
    if named != (role == "environment"):
        raise ValueError(f"{where}: only files with role environment have one, and all of those")
    layer = entry.get("layer", _LAYERS.get(role, 0))
    return FileRule(
        f"{BY_USER}{number}", path_glob(path, names=True), entry.get("set", ""), environment,
        role, layer,
    )  # fmt: skip
