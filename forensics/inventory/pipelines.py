"""CI pipelines: what runs when, with which secrets, and on whose code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from forensics.inventory.nodes import Node, compose
from forensics.inventory.picking import Picked, pick
from forensics.inventory.pinning import projects, used
from forensics.inventory.records import Pipeline, Used

__all__ = ["pipelines", "unread_pipeline"]

_FACTS = ("title", "jobs", "triggers", "environments", "secrets", "variables", "permissions",
          "runners")  # fmt: skip
_COMMENT = r"(?:^|(?<=[ \t]))#[^\n]*"
_MOST = 500
_LONGEST = 200


class _System(NamedTuple):
    """An entry of `pipelines.toml`."""

    name: str
    path: re.Pattern[bytes]
    content: re.Pattern[bytes] | None
    comments: re.Pattern[str]
    is_text: bool
    documents: bool
    list: str
    requires: tuple[str, str]
    kinds: frozenset[str]
    reserved: frozenset[str]
    facts: dict[str, tuple[str, ...]]
    uses: dict[str, tuple[str, ...]]


def pipelines(path: bytes, content: bytes) -> list[Pipeline]:
    """The pipelines in a file; none where it is not one of a CI system."""
    found: list[Pipeline] = []
    documents: list[Node] | None = None
    trouble = ""
    for system in _systems():
        if not system.path.search(path) or (system.content and not system.content.search(content)):
            continue
        if documents is None and not system.is_text:
            documents, trouble = compose(content)
        if system.list and not (documents and documents[0].get(system.list).items):
            continue
        text = system.comments.sub("", content.decode("utf-8", "replace"))
        if system.is_text:
            found.append(_pipeline(system, path, [], text, ""))
        elif not system.documents:
            found.append(_pipeline(system, path, documents or [], text, trouble))
        else:
            wanted = [one for one in documents or [] if _is_of(system, one)]
            found += [
                _pipeline(system, path, [one], text if len(wanted) == 1 else "", trouble)
                for one in wanted
            ]
            if trouble and not wanted:
                found.append(_pipeline(system, path, [], text, trouble))
    return found


def unread_pipeline(path: bytes, trouble: str) -> list[Pipeline]:
    """What is told of a file by its path alone."""
    return [
        Pipeline(system.name, path, "", trouble=trouble)
        for system in _systems()
        if system.path.search(path) and not system.content
    ]


def _is_of(system: _System, document: Node) -> bool:
    name, start = system.requires
    kind = document.get("kind").text
    return (not name or document.get(name).text.startswith(start)) and (
        not system.kinds or kind in system.kinds
    )


def _pipeline(
    system: _System, path: bytes, documents: Sequence[Node], text: str, trouble: str
) -> Pipeline:
    facts = {name: _texts(_found(documents, text, places)) for name, places in system.facts.items()}
    titles = facts.pop("title", ())
    jobs = tuple(
        one for one in facts.pop("jobs", ())
        if one not in system.reserved and not (system.reserved and one.startswith("."))
    )  # fmt: skip
    return Pipeline(
        system.name,
        path,
        titles[0] if titles else "",
        jobs=jobs,
        uses=_uses(system, documents, text),
        trouble=trouble,
        **facts,
    )


def _found(documents: Iterable[Node], text: str, places: Iterable[str]) -> Iterator[Picked]:
    for place in places:
        if place.startswith("~"):
            for match in _expression(place[1:]).finditer(text):
                yield Picked(match[1], text.count("\n", 0, match.start()) + 1)
        else:
            yield from pick(documents, (place,))


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE)


def _texts(found: Iterable[Picked]) -> tuple[str, ...]:
    """Each text once, in order, on one line."""
    texts = dict.fromkeys(" ".join(one.text.split())[:_LONGEST] for one in found)
    texts.pop("", None)
    return tuple(sorted(texts))[:_MOST]


def _uses(system: _System, documents: Sequence[Node], text: str) -> tuple[Used, ...]:
    taken = [
        one
        for kind, places in system.uses.items()
        for picked in _found(documents, text, places)
        if (one := used(kind, picked.text[:_LONGEST], picked.line))
    ]
    if "include" in system.uses:
        taken += [one for document in documents for one in projects(document)]
    return tuple(sorted(set(taken), key=lambda one: (one.line, one)))[:_MOST]


@cache
def _systems() -> tuple[_System, ...]:
    text = (files("forensics.inventory") / "pipelines.toml").read_text("utf-8")
    return tuple(map(_system, tomllib.loads(text)["system"]))


def _system(told: dict[str, Any]) -> _System:
    content = told.get("content")
    requires = told.get("requires", ["", ""])
    return _System(
        told["name"],
        re.compile(told["path"].encode(), re.IGNORECASE),
        re.compile(content.encode(), re.MULTILINE) if content else None,
        re.compile(told.get("comments", _COMMENT), re.MULTILINE),
        told.get("text", False),
        told.get("documents", False),
        told.get("list", ""),
        (requires[0], requires[1]),
        frozenset(told.get("requires_kind", ())),
        frozenset(told.get("reserved", ())),
        {name: tuple(told[name]) for name in _FACTS if name in told},
        {kind: tuple(places) for kind, places in told.get("uses", {}).items()},
    )
