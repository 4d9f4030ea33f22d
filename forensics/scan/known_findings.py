"""Findings of an earlier report, given as a baseline: gitleaks', betterleaks' or ours.

Sources: https://github.com/gitleaks/gitleaks (report/finding.go),
https://github.com/betterleaks/betterleaks (report), and `forensics.report`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

from forensics.errors import UsageProblem

__all__ = ["KnownFindings", "KnownPlace", "read_known_findings", "written"]

_COMMIT = re.compile(r"(?:[0-9a-f]{7,64})?")
_MOST_BYTES = 64 << 20
_WRITERS = "a JSON report of gitleaks or betterleaks, or our json, jsonl, sarif or gitleaks format"


class KnownPlace(NamedTuple):
    """Where a finding stood."""

    commit: str
    """Empty where none was named."""
    path: str
    rule: str
    """As the report calls it."""
    line: int


KnownSecret = tuple[str, str | None]
"""A keyed fingerprint in hexadecimal digits and a path, None for that of a message."""
_Entry = KnownPlace | KnownSecret | None
"""None where an entry names neither."""


class KnownFindings(NamedTuple):
    """What an earlier report lists."""

    file: str
    """What to call it where it ignores something."""
    places: frozenset[KnownPlace] = frozenset()
    secrets: frozenset[KnownSecret] = frozenset()
    all: int = 0
    """Entries of the report."""
    unfit: int = 0
    """Those that name no place and no secret."""


def written(path: bytes) -> str:
    """A path as reports write it."""
    return path.decode("utf-8", "backslashreplace")


def read_known_findings(file: Path) -> KnownFindings | None:
    """The findings in a report; None if it is a baseline of detect-secrets, which is another thing.

    Raises:
        UsageProblem: it cannot be read, or is no report of a known kind.
    """
    documents = _documents(file)
    if len(documents) == 1 and _is_table(documents[0]) and _is_table(documents[0].get("results")):
        return None
    places: set[KnownPlace] = set()
    secrets: set[KnownSecret] = set()
    count = unfit = 0
    for entry in _entries(file, documents):
        count += 1
        if entry is None:
            unfit += 1
        elif isinstance(entry, KnownPlace):
            places.add(entry)
        else:
            secrets.add(entry)
    if not documents or (count and count == unfit):
        raise _no_baseline(file)
    return KnownFindings(file.name, frozenset(places), frozenset(secrets), count, unfit)


def _no_baseline(file: Path) -> UsageProblem:
    return UsageProblem(
        f"{file} is no baseline", f"name a .secrets.baseline of detect-secrets, {_WRITERS}"
    )


def _documents(file: Path) -> list[Any]:
    """The one document in a file, or what stands on its lines."""
    try:
        with file.open("rb") as opened:
            data = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UsageProblem(f"{file}: {error.strerror}", "name a baseline") from None
    if len(data) > _MOST_BYTES:
        raise UsageProblem(f"{file} is larger than {_MOST_BYTES >> 20} MiB", "name another file")
    try:
        try:
            return [json.loads(data)]
        except json.JSONDecodeError:
            return [json.loads(line) for line in data.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        raise _no_baseline(file) from None


def _entries(file: Path, documents: list[Any]) -> Iterator[_Entry]:
    for one in documents:
        if isinstance(one, list):
            yield from (found for each in one for found in _finding(each))
        elif not _is_table(one):
            raise _no_baseline(file)
        elif isinstance(runs := one.get("runs"), list):
            yield from (_result(each) for run in runs for each in _listed(run, "results"))
        elif isinstance(one.get("findings"), list):
            yield from (found for each in one["findings"] for found in _finding(each))
        else:
            yield from _finding(one)


def _finding(entry: Any) -> Iterator[_Entry]:
    """One entry of any format but SARIF; ours groups the places of a secret."""
    if not _is_table(entry):
        yield None
    elif "RuleID" in entry:
        yield _place(entry.get, "Commit", "File", "RuleID", "StartLine")
    elif "rule_id" in entry:
        at, attributes = _table(entry, "location"), _table(entry, "attributes")
        facts = {**at, "rule": entry["rule_id"], "commit": attributes.get("git.sha", "")}
        found = _place(facts.get, "commit", "path", "rule", "start_line")
        yield found and found._replace(path=found.path.removeprefix("./"))
    elif isinstance(entry.get("secret"), str) and entry["secret"]:
        for one in _listed(entry, "occurrences") if "occurrences" in entry else [entry]:
            path = one.get("path", 0) if _is_table(one) else 0
            yield (entry["secret"].lower(), path) if isinstance(path, str | None) else None
    else:
        yield None


def _result(entry: Any) -> _Entry:
    """A result in SARIF; of ours and gitleaks' some fields tell the commit."""
    from urllib.parse import unquote_to_bytes

    if not _is_table(entry):
        return None
    physical = _table(next(iter(_listed(entry, "locations")), None), "physicalLocation")
    uri = _table(physical, "artifactLocation").get("uri")
    commit = _table(entry, "partialFingerprints").get("commitSha")
    facts = {
        "commit": commit or _table(entry, "properties").get("commit") or "",
        "path": written(unquote_to_bytes(uri)) if isinstance(uri, str) else None,
        "rule": entry.get("ruleId"),
        "line": _table(physical, "region").get("startLine"),
    }
    return _place(facts.get, "commit", "path", "rule", "line")


def _place(get: Callable[[str], Any], *names: str) -> KnownPlace | None:
    commit, path, rule, line = map(get, names)
    if not (isinstance(commit, str) and isinstance(path, str) and isinstance(rule, str)):
        return None
    commit = commit.lower()
    if not rule or isinstance(line, bool) or not isinstance(line, int):
        return None
    return KnownPlace(commit, path, rule, line) if _COMMIT.fullmatch(commit) else None


def _is_table(value: Any) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, dict)


def _table(value: Any, name: str) -> Mapping[str, Any]:
    found = value.get(name) if _is_table(value) else None
    return found if _is_table(found) else {}


def _listed(value: Any, name: str) -> Iterable[Any]:
    found = value.get(name) if _is_table(value) else None
    return found if isinstance(found, list) else ()
