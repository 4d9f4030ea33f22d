"""What each field of a query asks, of a secret or of one of its places, as SQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from forensics.index.browse.names import Names
from forensics.index.browse.sql import Sql, joined, marks, wrap
from forensics.index.records import AWAY
from forensics.query.fields import STAGES, TO_ROTATE
from forensics.query.tree import Digits, Numbers, OneOf, Pattern, Position, Value

__all__ = ["LIST", "PLACE", "secret", "text_of_secret"]

_DIGITS = 64
"""Of a fingerprint."""

LIST = "{} IN (SELECT value FROM json_each(?))"
_STATE = "+secret.fingerprint IN (SELECT fingerprint FROM triaged WHERE state IN ({}))"
_SEVERITY = "+secret.rule_id IN (SELECT id FROM rule WHERE severity IN ({}))"
_RULE = "{} IN (SELECT id FROM secret WHERE rule_id IN (SELECT value FROM json_each(?)))"
_INTRODUCED = (
    "+place.occurrence_id IN (SELECT occurrence_id FROM introducer"
    " WHERE person_id IN (SELECT value FROM json_each(?)))"
)
_SLOT = (
    "+place.occurrence_id IN (SELECT id FROM occurrence"
    " WHERE slot IN (SELECT value FROM json_each(?)))"
)
_DECIDED = (
    "+place.secret_id IN (SELECT secret.id FROM secret JOIN triaged"
    " ON triaged.fingerprint = secret.fingerprint WHERE state IN ({}))"
)
_OWNER = (
    "+secret.fingerprint IN (SELECT fingerprint FROM triage"
    " WHERE ended_by IS NULL AND owner IN (SELECT value FROM json_each(?)))"
)
_DUE = "+secret.fingerprint IN (SELECT fingerprint FROM triage WHERE ended_by IS NULL AND {})"
_AT_STAGE = LIST.format("+secret.id")


# What asks about a secret.


def secret(field: str, names: Names, now: float, value: Value) -> Sql:
    if isinstance(value, Pattern):
        if field == "owner":
            return Sql(_OWNER, (names.owners(value),))
        return Sql(LIST.format("+secret.rule_id"), (names.fitting("rule", value),))
    if isinstance(value, OneOf):
        if field in ("stage", "overdue"):
            return _rotation(field, names, now, value.choices)
        return _CHOICES[field](sorted(value.choices))
    if isinstance(value, Numbers):
        return _tallied(_between(f"sum({field})", value.low, value.high))
    if isinstance(value, Position):
        row = names.known.visit if value.row is None else value.row
        return _new(names, names.told(after=row), untold=True)
    if isinstance(value, Digits):
        return _starting(value.text)
    low, high = value.between(now)
    if field == "new":
        untold = (low is None or low <= now) and (high is None or high > now)
        return _new(names, names.told(low=low, high=high), untold=untold)
    if field == "due":
        return wrap(_DUE, _between("due", low, high, before=True))
    return _tallied(_timed(field, low, high))


def _rotation(field: str, names: Names, now: float, choices: Collection[str]) -> Sql:
    if field == "stage":
        terms = [Sql(_AT_STAGE, (names.at_stages(choices, now),))]
        if "none" in choices:
            terms.append(Sql(f"NOT {_AT_STAGE}", (names.at_stages(STAGES, now),)))
        return joined(terms, " OR ")
    late = joined(
        (wrap(_DUE, Sql("due <= ?", (int(now),))),
         Sql(_AT_STAGE, (names.at_stages(TO_ROTATE, now),))),
        " AND ",
    )  # fmt: skip
    return late if "yes" in choices else wrap("NOT ({})", late)


def _state(states: Sequence[str]) -> Sql:
    named = tuple(one for one in states if one != "open")
    within = _STATE.format(marks(named))
    terms = [Sql(within, named)] if named else []
    if "open" in states:
        terms.append(Sql("+secret.fingerprint NOT IN (SELECT fingerprint FROM triaged)"))
    return joined(terms, " OR ") if terms else Sql("0")


def _severity(severities: Sequence[str]) -> Sql:
    return Sql(_SEVERITY.format(marks(severities)), tuple(severities))


def _live(choices: Sequence[str]) -> Sql:
    live = "+secret.id IN (SELECT secret_id FROM place WHERE status = 'present')"
    return Sql({"yes": live, "no": f"NOT {live}"}[choices[0]])


def _checksum(choices: Sequence[str]) -> Sql:
    meaning = {
        "right": "max(checksum) = 1",
        "wrong": "max(checksum) = 0",
        "none": "max(checksum) IS NULL",
    }
    return _tallied(Sql(meaning[choices[0]]))


_CHOICES: dict[str, Callable[[Sequence[str]], Sql]] = {
    "state": _state,
    "sev": _severity,
    "live": _live,
    "checksum": _checksum,
}


def _tallied(having: Sql) -> Sql:
    return wrap("+secret.id IN (SELECT secret_id FROM tally GROUP BY secret_id HAVING {})", having)


def _between(what: str, low: int | None, high: int | None, *, before: bool = False) -> Sql:
    """Not below one nor above the other; nor at that, if `before`."""
    terms = [] if low is None else [Sql(f"{what} >= ?", (_bounded(low),))]
    if high is not None:
        terms.append(Sql(f"{what} {'<' if before else '<='} ?", (_bounded(high),)))
    return joined(terms, " AND ") or Sql(f"{what} IS NOT NULL")


def _bounded(number: int) -> int:
    return max(-(1 << 62), min(number, 1 << 62))


def _timed(field: str, low: int | None, high: int | None) -> Sql:
    if field == "first":
        return _between("min(first_seen)", low, high, before=True)
    if field == "last":
        return _between("max(last_seen)", low, high, before=True)
    return joined(
        (
            _between("max(last_seen)", low, None),
            _between("min(first_seen)", None, high, before=True),
        ),
        " AND ",
    )


def _new(names: Names, told: str, *, untold: bool) -> Sql:
    """Secrets of which the journal tells that they were found; also those of which it does not
    tell yet, if `untold`."""
    terms = [Sql(LIST.format("secret.id"), (told,))]
    if untold and names.untold:
        terms.append(Sql(LIST.format("secret.id"), (names.untold,)))
    return joined(terms, " OR ")


def _starting(digits: str) -> Sql:
    low = bytes.fromhex(digits.ljust(_DIGITS, "0"))
    high = bytes.fromhex(digits.ljust(_DIGITS, "f"))
    return Sql("secret.fingerprint BETWEEN ? AND ?", (low, high))


# What asks about a place.


def _repository(names: Names, value: Value) -> Sql:
    assert isinstance(value, Pattern)
    return Sql(LIST.format("+place.repository_id"), (names.fitting("repo", value),))


def _path(names: Names, value: Value) -> Sql:
    assert isinstance(value, Pattern)
    return Sql(LIST.format("+place.path_id"), (names.fitting("path", value),))


def _environment(names: Names, value: Value) -> Sql:
    assert isinstance(value, Pattern)
    return Sql(LIST.format("+place.path_id"), (names.fitting("env", value),))


def _author(names: Names, value: Value) -> Sql:
    assert isinstance(value, Pattern)
    return _introduced_by(names.fitting("author", value))


def _introduced_by(people: str) -> Sql:
    return Sql(_INTRODUCED, (people,))


def _status(_names: Names, value: Value) -> Sql:
    assert isinstance(value, OneOf)
    chosen = value.choices
    away = tuple(sorted(chosen & AWAY))
    standing = tuple(sorted(chosen - AWAY - {"ignored"}))
    terms = []
    if "ignored" in chosen:
        terms.append(Sql("place.ignored"))
    if away:
        terms.append(Sql(f"NOT place.ignored AND {_DECIDED.format(marks(away))}", away))
    if standing:
        every = tuple(sorted(AWAY))
        terms.append(
            Sql(
                f"NOT place.ignored AND place.status IN ({marks(standing)})"
                f" AND NOT {_DECIDED.format(marks(every))}",
                (*standing, *every),
            )
        )
    return joined(terms, " OR ") or Sql("0")


def _text(names: Names, value: Value) -> Sql:
    assert isinstance(value, Pattern)
    places = [
        Sql(LIST.format(f"+place.{column}"), (found,))
        for what, column in (("path", "path_id"), ("repo", "repository_id"))
        if (found := names.fitting(what, value, within=True)) != "[]"
    ]
    if (people := names.fitting("author", value, within=True)) != "[]":
        places.append(_introduced_by(people))
    if (slots := names.fitting("slot", value, within=True)) != "[]":
        places.append(Sql(_SLOT, (slots,)))
    return joined((*places, text_of_secret(names, "+place.secret_id", value)), " OR ")


def text_of_secret(names: Names, column: str, value: Value) -> Sql:
    assert isinstance(value, Pattern)
    terms = [
        Sql(_RULE.format(column), (found,))
        for what in ("rule", "title")
        if (found := names.fitting(what, value, within=True)) != "[]"
    ]
    if (previews := names.fitting("preview", value, within=True)) != "[]":
        terms.append(Sql(LIST.format(column), (previews,)))
    return joined(terms, " OR ") or Sql("0")


PLACE: dict[str, Callable[[Names, Value], Sql]] = {
    "repo": _repository,
    "path": _path,
    "env": _environment,
    "author": _author,
    "status": _status,
    "": _text,
}
