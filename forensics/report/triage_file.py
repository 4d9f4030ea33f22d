"""Triage as a file for a repository: TOML, one block a secret, sorted, so that it merges well.

It names secrets by keyed fingerprints, which tell nothing to whoever lacks the key.
"""

from __future__ import annotations

import json
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from forensics.errors import KeyProblem, UsageProblem
from forensics.index.decision import STATES, Decision, Triaged, unfit
from forensics.index.decision_dates import likely
from forensics.index.triage_places import ANY_REPOSITORY, Place, path_mark
from forensics.key import Key
from forensics.report.text import printable

__all__ = ["as_lines", "read_triage_file"]

_FORMAT = 1
_TEXTS = ("owner", "reason", "note", "evidence")
_LONGEST = 2000
_AHEAD = 2 * 86_400
"""Seconds by which another clock may be ahead of this one."""
_MOMENTS = ("revoked_at", "expires", "due", "changed", "reopened")
_FIELDS = frozenset(("state", *_TEXTS, *_MOMENTS, "by", "places", "rule"))
_INTRODUCTION = (
    "# Triage of git-forensics: `forensics triage import` takes it in. Merge it as any text.",
    "# Secrets are named by fingerprints under the key below, which tell nothing without it.",
    f"format = {_FORMAT}",
)


def _string(text: str) -> str:
    """A TOML string."""
    return json.dumps(printable(text), ensure_ascii=True)


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _place(one: Place, shown: Mapping[bytes, str]) -> str:
    """Whether it was at a tip, and its path; a keyed hash where the path is not plain text."""
    name = shown.get(one.mark, "")
    plain = name.isascii() and name.isprintable() and "\\" not in name and name[:1] not in ("", "#")
    return f"{'tip' if one.at_tip else 'past'} {name if plain else '#' + one.mark.hex()}"


def as_lines(
    key: Key,
    decisions: Iterable[Triaged],
    rules: Mapping[str, str],
    paths: Mapping[bytes, str],
    reopened: Mapping[str, float],
) -> Iterator[str]:
    """The lines of the file. A decision stands there as it was made; where it was reopened, that
    is told with its time, so that it is outlived by any later decision that is merged.

    Args:
        key: the index's.
        decisions: to write, by fingerprint.
        rules: of the secrets that the index knows, by fingerprint.
        paths: that may be shown, by their keyed hash.
        reopened: when decisions were reopened, by the fingerprints of their secrets.
    """
    yield from _INTRODUCTION
    yield f'key = "{key.id}"'
    for one in sorted(decisions, key=lambda one: one.secret):
        said = one.decision
        yield ""
        yield f"[secret.{one.secret}]"
        yield f'state = "{said.state}"'
        if one.secret in rules:
            yield f"rule = {_string(rules[one.secret])}"
        for name in _TEXTS:
            if text := getattr(said, name):
                yield f"{name} = {_string(text)}"
        if said.revoked_at is not None:
            yield f"revoked_at = {_moment(said.revoked_at)}"
        if said.expires is not None:
            yield f"expires = {_moment(said.expires)}"
        if said.due is not None:
            yield f"due = {_moment(said.due)}"
        yield f"changed = {_moment(one.changed)}"
        if one.secret in reopened:
            yield f"reopened = {_moment(max(int(reopened[one.secret]), one.changed))}"
        yield f"by = {_string(one.actor)}"
        if one.places is not None:
            yield "places = ["
            for text in sorted({_place(place, paths) for place in one.places}):
                yield f"    {_string(text)},"
            yield "]"


def read_triage_file(text: bytes, name: str, key: Key) -> list[Triaged]:
    """The decisions in a file, each checked.

    Raises:
        UsageProblem: it is not such a file, or something in it does not fit.
        KeyProblem: it was written under another key.
    """
    try:
        read = tomllib.loads(text.decode())
    except (ValueError, RecursionError) as error:  # also of a number too long to be one
        _refuse(name, f"it is not TOML: {error}")
    if read.get("format") != _FORMAT:
        _refuse(name, f"its format is {read.get('format')!r}, not {_FORMAT}")
    if read.get("key") != key.id:
        raise KeyProblem(
            f"{name} was written under the key {read.get('key')}, and yours is {key.id}",
            "import that key with `forensics key import`",
        )
    if unknown := read.keys() - {"format", "key", "secret"}:
        _refuse(name, f"nobody knows what {sorted(unknown)[0]!r} is")
    secrets = read.get("secret", {})
    if not isinstance(secrets, dict):
        _refuse(name, "[secret] is not a table")
    return [_triaged(name, secret, facts, key) for secret, facts in sorted(secrets.items())]


def _refuse(name: str, why: str) -> NoReturn:
    raise UsageProblem(
        f"{name} cannot be taken in: {why}", "write one with `forensics triage export`"
    )


def _triaged(name: str, secret: str, facts: Any, key: Key) -> Triaged:
    if len(secret) != 64 or set(secret) - set("0123456789abcdef"):
        _refuse(name, f"{secret[:80]!r} is not a fingerprint")
    where = f"#{secret[:8]}"
    if not isinstance(facts, dict):
        _refuse(name, f"{where} is not a table")
    if unknown := facts.keys() - _FIELDS:
        _refuse(name, f"nobody knows what {sorted(unknown)[0]!r} of {where} is")

    def text_of(field: str) -> str:
        found = facts.get(field, "")
        if not isinstance(found, str) or len(found) > _LONGEST:
            _refuse(name, f"{field} of {where} is not a text of at most {_LONGEST} characters")
        return found

    def moment_of(field: str) -> int | None:
        found = facts.get(field)
        if found is None:
            return None
        if not isinstance(found, datetime) or found.tzinfo is None:
            _refuse(name, f"{field} of {where} is not a date and time with its offset")
        moment = int(found.timestamp())
        if not likely(moment):
            _refuse(name, f"{field} of {where} is not between 1971 and 2199")
        return moment

    if facts.get("state") not in STATES:
        _refuse(name, f"the state of {where} is none of {', '.join(STATES)}")
    changed = moment_of("changed")
    if changed is None:
        _refuse(name, f"{where} does not say when it was changed")
    if changed > time.time() + _AHEAD:
        _refuse(name, f"{where} was changed at a time that is still to come")
    owner, reason, note, evidence = (text_of(field) for field in _TEXTS)
    decision = Decision(
        facts["state"], owner, reason, note, evidence,
        moment_of("revoked_at"), moment_of("expires"), moment_of("due"),
    )  # fmt: skip
    if problem := unfit(decision):
        _refuse(name, f"{where} says what cannot be: {problem[0]}")
    if (decision.revoked_at or 0) > time.time() + _AHEAD:
        _refuse(name, f"{where} was revoked at a time that is still to come")
    reopened = moment_of("reopened")
    return Triaged(
        secret, decision, changed, text_of("by"), _places(name, where, facts.get("places"), key),
        0, 0 if reopened is not None and reopened >= changed else None,
    )  # fmt: skip


def _places(name: str, where: str, given: Any, key: Key) -> tuple[Place, ...] | None:
    if given is None:
        return None
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        _refuse(name, f"places of {where} is not a list of texts")
    found = []
    for one in given:
        when, _, path = one.partition(" ")
        mark = path_mark(key, path.encode())
        if path.startswith("#"):
            try:
                mark = bytes.fromhex(path[1:])
            except ValueError:
                mark = b""
        if when not in ("tip", "past") or not path or len(mark) != 8:
            _refuse(name, f"{one[:80]!r} of {where} is not a place")
        found.append(Place(ANY_REPOSITORY, mark, when == "tip"))
    return tuple(found)
