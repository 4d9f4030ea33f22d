"""What an overlay takes away from what it is laid over, by the conventions of tools.

- Helm and Spring lay a list over a list as a whole, and what is no mapping over a mapping.
- Terraform and Ansible lay each variable over the other as a whole, mappings too.

All else is merged key by key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from forensics.drift.model import Observation

__all__ = ["NOTHING", "Replaced", "replaced", "take_away", "texts_are_lists"]

_SPRING = rb"(?:application|bootstrap)(?:[._-].*)?\.(?:ya?ml|json|properties)"
_MERGING = re.compile(rb"(?:.*[._-])?values(?:[._-].*)?\.ya?ml|" + _SPRING)
_LISTING = re.compile(rb"(?:.*/)?" + _SPRING)
_VARIABLES = re.compile(rb"(?:.*/)?(?:group_vars/.*|[^/]+\.tfvars(?:\.json)?)")
_LIST = re.compile(r"\[(?!\")")
_STEP = re.compile(r"[.\[]")


class Replaced(NamedTuple):
    """What a version of a file replaces, wherever it is laid over it."""

    mappings: frozenset[str] = frozenset()
    """Keys of which no entry of a mapping stays."""
    lists: frozenset[str] = frozenset()
    """Keys of which no item of a list stays."""


NOTHING = Replaced()


def replaced(path: bytes, observations: Mapping[str, Observation]) -> Replaced:
    """What a version of a file replaces; `observations` are what it says, by key."""
    name = path.rpartition(b"/")[2].lower()
    if _VARIABLES.fullmatch(path.lower()):
        variables = frozenset(_STEP.split(key, maxsplit=1)[0] for key in observations)
        return Replaced(variables, variables)
    if not _MERGING.fullmatch(name):
        return NOTHING
    lists = {key[: found.start()] for key in observations if (found := _LIST.search(key))}
    mappings = set()
    for key, each in observations.items():
        untyped = each.type == "untyped"
        if each.kind == "empty" and (untyped or each.type == "null"):
            lists.add(key)  # an empty mapping has no effect, and an empty list has
        if not (each.kind == "empty" and untyped) and not name.endswith(b".properties"):
            # In properties, a key may have a value, and others below.
            mappings.add(key)
            lists.add(key)
    return Replaced(frozenset(mappings), frozenset(lists))


def texts_are_lists(path: bytes) -> bool:
    """Whether a text may stand for a list in a file, with commas between items, as in Spring."""
    return _LISTING.fullmatch(path.lower()) is not None


def take_away(got: dict[str, Any], parents: Iterable[frozenset[str]], by: Replaced) -> None:
    """Drop from `got`, by key, what is replaced.

    Args:
        got: what is laid over.
        parents: of what it was made of, whatever its keys stand below.
        by: what replaces.
    """
    names = by.mappings | by.lists
    if all(names.isdisjoint(each) for each in parents):
        return
    gone = []
    for key in got:
        for step in _STEP.finditer(key):
            of_list = _LIST.match(key, step.start())
            if key[: step.start()] in (by.lists if of_list else by.mappings):
                gone.append(key)
                break
    for key in gone:
        del got[key]
