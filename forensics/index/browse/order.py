"""In which order secrets are listed."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["ORDERS", "Order"]

_NEVER = -(1 << 62)
_WITH_RULE = "secret JOIN rule ON rule.id = secret.rule_id"
_WITH_STATE = """secret LEFT JOIN (
    SELECT secret.id AS secret_id,
        CASE state WHEN 'confirmed' THEN 1 WHEN 'accepted' THEN 2 WHEN 'test' THEN 3
            WHEN 'revoked' THEN 4 ELSE 5 END AS rank
    FROM triaged JOIN secret ON secret.fingerprint = triaged.fingerprint
) AS decided ON decided.secret_id = secret.id"""
_ROWS = "SELECT secret.id AS id, {} AS key FROM {}"
_TALLIES = "(SELECT secret_id, {} AS tallied FROM tally GROUP BY secret_id) AS tallies"


class _Sorted(NamedTuple):
    key: str
    source: str = ""
    tallied: str = ""
    """What is counted together over the repositories of a secret."""


_BY = {
    "severity": _Sorted(
        "CASE rule.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2"
        " ELSE 3 END",
        _WITH_RULE,
    ),
    "rule": _Sorted("rule.name", _WITH_RULE),
    "state": _Sorted("coalesce(rank, 0)", _WITH_STATE),
    "last": _Sorted(f"coalesce(tallied, {_NEVER})", tallied="max(last_seen)"),
    "first": _Sorted(f"coalesce(tallied, {_NEVER})", tallied="min(first_seen)"),
    "sightings": _Sorted("coalesce(tallied, 0)", tallied="sum(sightings)"),
    "paths": _Sorted("coalesce(tallied, 0)", tallied="sum(paths)"),
}
ORDERS = tuple(_BY)
"""What can be sorted by. Times and numbers start with the largest, all others with the worst or
least."""


class Order(NamedTuple):
    """What to sort by; where that is equal, by row of the secret, rising."""

    by: str = "severity"
    reverse: bool = False

    def rows(self, *, all_tallied: bool) -> str:
        """The SQL of all secrets, by row, with the key to sort by.

        Args:
            all_tallied: whether every secret that is asked for has a row of `tally`.
        """
        key, source, tallied = _BY[self.by]
        if tallied:
            tallies = _TALLIES.format(tallied)
            source = (
                f"{tallies} CROSS JOIN secret ON secret.id = tallies.secret_id"
                if all_tallied
                else f"secret LEFT JOIN {tallies} ON tallies.secret_id = secret.id"
            )
        return _ROWS.format(key, source)

    def sorted(self) -> str:
        """The terms of ORDER BY."""
        falling = bool(_BY[self.by].tallied) != self.reverse
        return f"key {'DESC' if falling else 'ASC'}, id ASC"
