"""Environment variables: where they are read, defined, and given by CI."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from forensics.config.settings import Settings
from forensics.inventory.records import EnvironmentUse, Pipeline

__all__ = ["defined", "given", "joined", "read"]

_NAME = r"[A-Za-z_]\w{0,199}"
_ANY = re.compile(_NAME)
_IN_TABLE = re.compile(
    r"(?:^|[.:\]])(?:environment|env|envs|env_?vars|environment_?variables|variables|build_?args"
    r"|args|extraEnv|extraEnvVars|envVars|global_env|secretEnv|namespace_secrets\.[^.\[]+"
    r"|environment\.(?:clear|secret)|env\.(?:clear|global))"
    r"\.([A-Z_][A-Z0-9_]{0,199})(?:\.(?:value|valueFrom|secretKeyRef|from_secret|secure)\b.*)?(?:#\d+)?$"
)
_IN_LIST = re.compile(
    r"(?:env|environment|extraEnv|envVars|variables|env_vars|secrets|containerEnv)"
    rf"\[(?:name|key)=({_NAME})\]\.(?:value|valueFrom|val)\b"
)
_KUBERNETES_DATA = re.compile(
    r"^(?:(?:ConfigMap|Secret|SealedSecret)/[^:]+:)?(?:spec\.encryptedData|data|stringData)"
    r"\.([A-Z_][A-Z0-9_]{0,199})$"
)
_GENERATED = re.compile(
    r"(?:configMapGenerator|secretGenerator)\[[^\]]*\]\.literals\.([A-Z_][A-Z0-9_]{0,199})$"
)
_SYSTEMD = re.compile(rf"(?:^|\.)Environment\.({_NAME})(?:#\d+)?$")
_DOCKER = re.compile(rb"[ \t]*(?:ENV|ARG)[ \t]", re.IGNORECASE)
_TREES = frozenset(("yaml", "json", "toml", "hcl"))


def read(path: bytes, content: bytes) -> Iterator[EnvironmentUse]:
    """What code reads."""
    from forensics.config.env_reads import language_of, reads

    for one in reads(path, content):
        if one.name:
            yield EnvironmentUse(
                one.name, "read", path, one.line, language_of(path) or "shell", one.how,
                one.default in ("literal", "empty", "expression"), one.test, "", (),
            )  # fmt: skip


def defined(
    path: bytes, content: bytes, settings: Settings, environment: str
) -> Iterator[EnvironmentUse]:
    """What a configuration file sets for programs.

    Args:
        path: of the file.
        content: all of it.
        settings: its keys and values; of these only the keys are told.
        environment: that it is for.
    """
    manifest = settings.kind == "yaml" and any(
        one.key.rpartition(":")[2] == "apiVersion" for one in settings.settings
    )
    seen: set[str] = set()
    for one in settings.settings:
        name = _defined_name(settings.kind, one.key, content, one.start, manifest)
        if name and name not in seen:
            seen.add(name)
            yield EnvironmentUse(
                name, "defined", path, one.line, settings.kind, "", None, None, environment, ()
            )


def _defined_name(kind: str, key: str, content: bytes, start: int, manifest: bool) -> str:
    if kind == "dotenv":
        return key.partition("#")[0] if _ANY.fullmatch(key.partition("#")[0]) else ""
    if kind == "dockerfile":
        line = content.rfind(b"\n", 0, start) + 1
        fits = _ANY.fullmatch(key) and _DOCKER.match(content, line)
        return key if fits else ""
    if kind == "ini":
        match = _SYSTEMD.search(key)
    elif kind in _TREES:
        match = _IN_TABLE.search(key) or _IN_LIST.search(key) or _GENERATED.search(key)
        if match is None and manifest:
            match = _KUBERNETES_DATA.match(key)
    else:
        match = None
    return match[1] if match else ""


def given(pipeline: Pipeline, content: bytes) -> Iterator[EnvironmentUse]:
    """What a CI system gives to a pipeline that asks for it by name."""
    for how, names in (("secret", pipeline.secrets), ("variable", pipeline.variables)):
        for name in names:
            if not _ANY.fullmatch(name) or name in ("inherit", "secure"):
                continue
            at = re.search(rb"(?<!\w)" + re.escape(name.encode()) + rb"(?!\w)", content)
            line = content.count(b"\n", 0, at.start()) + 1 if at else None
            yield EnvironmentUse(
                name, "given", pipeline.path, line, pipeline.system, how, None, None, "", ()
            )


def joined(uses: Iterable[EnvironmentUse]) -> tuple[EnvironmentUse, ...]:
    """Uses in order of names, each read with the files that define its name."""
    ordered = sorted(
        set(uses), key=lambda one: (one.name, one.use, one.path, one.line or 0, one.kind, one.how)
    )
    files: dict[str, dict[bytes, None]] = defaultdict(dict)
    for one in ordered:
        if one.use == "defined":
            files[one.name][one.path] = None
    return tuple(
        one._replace(defined_in=tuple(files.get(one.name, ()))) if one.use == "read" else one
        for one in ordered
    )
