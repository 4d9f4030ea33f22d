"""Which files configure something, and what is told of each."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from forensics.config.kinds import kind_of
from forensics.config.settings import Settings
from forensics.drift.key_names import looks_secret
from forensics.inventory.records import ConfigurationFile

if TYPE_CHECKING:
    from forensics.drift.model import Place
    from forensics.git.commit_tree import TreeFile

__all__ = ["Placing", "configuration_kind", "described", "vendored"]

Placing = Callable[[bytes], "Place | None"]
"""Where a path belongs among environments."""

_LONGEST_NAME = 100
_ALWAYS = frozenset(
    ("dotenv", "properties", "ini", "conf", "netrc", "postgres", "yaml", "toml", "hcl",
     "dockerfile")
)  # fmt: skip
_NAMED = re.compile(
    rb"(?:^|/)(?:[^/]*(?:config|settings|appsettings|options|params|parameters|secrets?"
    rb"|credentials|manifest|values|deployment|docker|launch|tasks|firebase|serverless|template"
    rb"|application|context|log4j2?|logback|web|beans|vars)[^/]*\.(?:json[c5]?|xml|config)"
    rb"|(?:package|composer|deno|bower|lerna|nx|turbo|vercel|now|app|cdk|renovate|pom|project"
    rb"|tslint|jsconfig|angular|nest-cli|devcontainer|\.?\w+rc)\.(?:json[c5]?|xml)"
    rb"|\.[\w.-]+rc|[^/]+\.(?:config|csproj|fsproj|vbproj|props|targets|plist|tfstate)"
    rb"|Procfile[^/]*|Jenkinsfile[^/]*|Vagrantfile|Makefile|Caddyfile)$",
    re.IGNORECASE,
)  # fmt: skip
_NO_CONFIGURATION = re.compile(
    rb"(?:^|/)(?:[^/]*[.-]lock(?:\.\w+)?|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.ya?ml"
    rb"|yarn\.lock|[\w.-]+\.lock\.hcl|go\.sum|[^/]+\.(?:ipynb|arb|har|resx|xsd|wsdl|xaml|nuspec"
    rb"|desktop|inf|reg|map|geojson|snap))$"
    rb"|(?:^|/)(?:locales?|i18n|translations?|lang|langs|__snapshots__|cassettes)/",
    re.IGNORECASE,
)
_CODE_CONFIGURATION = re.compile(
    rb"(?:^|/)(?:[\w.-]+\.config\.[cm]?[jt]s|config/(?:environments|settings)/[^/]+\.(?:rb|py)"
    rb"|settings(?:[_.-]\w+)?\.py|config/[\w-]+\.(?:php|exs?|rb))$"
)
_VENDORED = re.compile(
    rb"(?:^|/)(?:node_modules|bower_components|vendor|third[_-]?party|site-packages|\.venv|venv"
    rb"|Pods|\.yarn|\.terraform)/"
)


@lru_cache(100_000)
def _secret(name: str) -> bool:
    return looks_secret(name)


def vendored(path: bytes) -> bool:
    """Whether a file is somebody else's, kept here."""
    return bool(_VENDORED.search(path))


def configuration_kind(path: bytes, head: bytes, *, placed: bool) -> str:
    """How a configuration file reads; empty where a file is none.

    Args:
        path: of the file.
        head: how its content begins.
        placed: whether the rules of environments know the path.
    """
    if _NO_CONFIGURATION.search(path):
        return ""
    kind = kind_of(path, head)
    always = kind in _ALWAYS and kind_of(path, b"") == kind
    named = _NAMED.search(path) or _CODE_CONFIGURATION.search(path)
    return kind if placed or always or named else ""


def described(
    file: TreeFile, kind: str, place: Place | None, settings: Settings | None, trouble: str
) -> ConfigurationFile:
    """A row for a configuration file.

    Args:
        file: of the tree.
        kind: how it reads.
        place: where it belongs, if anybody can tell.
        settings: its keys; None where it was not read.
        trouble: why it was not read, if so.
    """
    keys = secret_keys = None
    if settings is not None and settings.kind not in ("code", "text", "key"):
        keys = len(settings.settings)
        secret_keys = sum(_secret(one.key[-_LONGEST_NAME:]) for one in settings.settings)
    return ConfigurationFile(
        path=file.path,
        kind=settings.kind if settings else kind,
        set=place.set if place else "",
        environment=place.environment if place else "",
        role=place.role if place else "",
        layer=place.layer if place else None,
        keys=keys,
        secret_keys=secret_keys,
        trouble=trouble or (settings.trouble if settings else ""),
        changed_commit="",
        changed_date="",
        blob=file.oid.hex(),
        size=file.size,
    )
