"""Environments of Kubernetes objects, by their namespaces; and which object a setting is of."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from forensics.config.settings import Setting
from forensics.config.slot import document
from forensics.drift.names import Names

__all__ = ["by_namespace"]

_WANTED = ("apiVersion", "kind", "metadata.name", "metadata.namespace")
_PATCHED = re.compile(rb"(?:^|/)(?:base|overlays?)/")
_LONGEST = 253
_NUMBERED = re.compile(r"(.+)#([0-9]{1,6})")
_NAME = re.compile(r"[A-Za-z0-9_-]+")


def by_namespace(
    path: bytes, found: tuple[Setting, ...], names: Names, asked: bool
) -> tuple[tuple[str, Setting], ...] | None:
    """Each setting with the environment that its object's namespace names; None if there is no
    object.

    In the folders of Kustomize, where files of any name patch an object, keys are led by the
    object, also where a file has one only.

    Args:
        path: of the file.
        found: its settings.
        names: what environments are called.
        asked: whether namespaces count; else the file's place says the environment.
    """
    places = _objects(found)
    objects: dict[str, dict[str, str]] = defaultdict(dict)
    for each, (which, rest) in zip(found, places, strict=True):
        if rest in _WANTED:
            objects[which][rest] = each.text[:_LONGEST].decode(errors="replace")
    objects = {
        own: said for own, said in objects.items() if "apiVersion" in said and "kind" in said
    }
    if not objects:
        return None
    placed = []
    patched = _PATCHED.search(path) is not None
    for each, (which, rest) in zip(found, places, strict=True):
        own = document(each.key)
        said = objects.get(which, {})
        environment = _environment(said.get("metadata.namespace", ""), names) if asked else ""
        leading = _leading(own, said, names, bool(environment) or not asked, patched)
        key = leading + (rest if environment else each.key[len(own) :])
        placed.append((environment, each if key == each.key else replace(each, key=key)))
    return tuple(placed)


def _objects(found: tuple[Setting, ...]) -> list[tuple[str, str]]:
    """For each setting, which object it is of, and its key within.

    Objects of one name and different namespaces have the same keys, those of the second numbered:
    the first numbered key begins the object.
    """
    places = []
    current: dict[str, int] = {}
    for each in found:
        own = document(each.key)
        rest = each.key[len(own) :]
        numbered = _NUMBERED.fullmatch(rest) if own and not own.startswith("#") else None
        if numbered:
            current[own] = max(current.get(own, 1), int(numbered[2]))
            rest = numbered[1]
        places.append((f"{own}{current.get(own, 1)}", rest))
    return places


def _environment(namespace: str, names: Names) -> str:
    named = names.find(namespace.lower())
    if named is None or not (named.certain or not (named.before or named.after)):
        return ""
    return named.environment


def _leading(own: str, said: dict[str, str], names: Names, placed: bool, patched: bool) -> str:
    """The object before a key; without the environment's name where that is told otherwise."""
    name = said.get("metadata.name", "")
    kind = said.get("kind", "")
    if not (own or patched) or not (_NAME.fullmatch(name) and _NAME.fullmatch(kind)):
        return own
    named = names.find(name.lower()) if placed else None
    if named and named.certain and (named.before or named.after):
        name = "-".join(each for each in (named.before, named.after) if each)
    return f"{kind}/{name}:" if patched or not own.startswith("#") else own
