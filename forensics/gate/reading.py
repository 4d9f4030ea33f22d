"""What the [gate] of a forensics.toml says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from forensics.drift.acceptance import KINDS
from forensics.errors import UsageProblem
from forensics.gate.policy import FAIL, PASS, SEVERITIES, DriftEntry, Entry, Policy
from forensics.lifecycle.status import STATUSES
from forensics.settings.file import UserFile, refuse_unknown
from forensics.settings.globs import path_glob

__all__ = ["read_policy"]

_ACTIONS = (FAIL, PASS)
_SECTION = ("default", "rules", "drift")
_MOST = 2_000
"""Entries of a kind."""
_LONGEST = 1_000
"""Characters of a text."""


class _Field(NamedTuple):
    kind: str
    """`text`, `texts`, `number`, `days` or one of what follows."""
    choice: tuple[str, ...] = ()


_RULE = {
    "paths": _Field("texts"),
    "rules": _Field("texts"),
    "severity": _Field("text", SEVERITIES),
    "confidence": _Field("share"),
    "status": _Field("texts", STATUSES),
    "new-since": _Field("text"),
    "unrotated-days": _Field("days"),
    "baseline": _Field("text"),
    "action": _Field("text", _ACTIONS),
    "reason": _Field("text"),
}
_DRIFT = {
    "kinds": _Field("texts", KINDS),
    "sets": _Field("texts"),
    "environments": _Field("texts"),
    "keys": _Field("texts"),
    "severity": _Field("text", SEVERITIES),
    "open-days": _Field("days"),
    "action": _Field("text", _ACTIONS),
    "reason": _Field("text"),
}


def read_policy(file: UserFile | None) -> Policy | None:
    """The policy in a file; None where there is no file, or no [gate] in it.

    Raises:
        UsageProblem: it says something that cannot be.
    """
    if file is None or "gate" not in file.sections:
        return None
    said = file.section("gate")
    try:
        refuse_unknown(said, _SECTION, "[gate]")
        default = said.get("default", FAIL)
        if default not in _ACTIONS:
            raise ValueError('[gate]: default is "fail" or "pass"')
        entries = tuple(_entry(*one) for one in _entries(said, "rules", _RULE))
        drift = tuple(_drift_entry(*one) for one in _entries(said, "drift", _DRIFT))
    except ValueError as error:
        raise UsageProblem(f"{file.name}: {error}", "docs/gate.md shows what it may say") from None
    return Policy(file.name, default, entries, drift, file.folder, file.own)


def _entries(
    said: Mapping[str, Any], name: str, fields: Mapping[str, _Field]
) -> list[tuple[int, dict[str, Any]]]:
    """Number and checked content of each entry."""
    found = said.get(name, [])
    if not isinstance(found, list) or len(found) > _MOST:
        raise ValueError(f"[[gate.{name}]] is written with two brackets, at most {_MOST:,} times")
    checked = []
    for number, entry in enumerate(found, 1):
        where = f"entry {number} of [[gate.{name}]]"
        if not isinstance(entry, dict):
            raise ValueError(f"{where} is no table")
        refuse_unknown(entry, fields, where)
        for key, value in entry.items():
            _check(f"{where}: {key}", value, fields[key])
        if "action" not in entry:
            raise ValueError(f'{where} needs an action, "fail" or "pass"')
        checked.append((number, entry))
    return checked


def _check(where: str, value: object, field: _Field) -> None:
    if field.kind == "days":
        if type(value) is not int or value < 0:
            raise ValueError(f"{where} is a number of days")
        return
    if field.kind == "share":
        if type(value) not in (int, float) or not 0 <= value <= 1:  # type: ignore[operator]
            raise ValueError(f"{where} is a number from 0 to 1")
        return
    if field.kind == "text":
        texts: object = [value]
    else:
        texts = value
        if not isinstance(value, list) or not value:
            raise ValueError(f'{where} is a list, such as ["one", "two"]')
    assert isinstance(texts, list)
    for one in texts:
        if not isinstance(one, str) or not one.strip() or len(one) > _LONGEST or "\0" in one:
            raise ValueError(f"{where} is text of 1 to {_LONGEST:,} characters, none of them zero")
        if field.choice:
            refuse_unknown([one], field.choice, where, "value")


def _entry(number: int, said: Mapping[str, Any]) -> Entry:
    paths = tuple(said.get("paths", ()))
    for one in paths:
        if one.startswith("/"):
            raise ValueError(
                f"entry {number} of [[gate.rules]]: {one} fits nothing: paths start at the top of"
                " the repository, without a slash"
            )
    return Entry(
        number,
        said["action"],
        said.get("reason", ""),
        paths,
        tuple(path_glob(one) for one in paths),
        tuple(said.get("rules", ())),
        said.get("severity", ""),
        float(said.get("confidence", 0.0)),
        tuple(said.get("status", ())),
        said.get("new-since", ""),
        said.get("unrotated-days"),
        said.get("baseline", ""),
    )


def _drift_entry(number: int, said: Mapping[str, Any]) -> DriftEntry:
    return DriftEntry(
        number,
        said["action"],
        said.get("reason", ""),
        tuple(said.get("kinds", ())),
        tuple(said.get("sets", ())),
        tuple(said.get("environments", ())),
        tuple(said.get("keys", ())),
        said.get("severity", ""),
        said.get("open-days", 0),
    )
