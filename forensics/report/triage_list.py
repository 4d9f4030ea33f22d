"""What was decided, as a table or as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from rich.table import Table
from rich.text import Text

from forensics.index.triage import Triaged
from forensics.report.text import iso_date, printable

__all__ = ["triage_json", "triage_table"]


def _day(seconds: int | None) -> str:
    return (iso_date(seconds, 0) or "")[:10]


def _state(one: Triaged) -> str:
    now = one.state()
    return now if now == one.decision.state else f"open (was {one.decision.state})"


def triage_table(decisions: Iterable[Triaged], known: Mapping[str, tuple[str, str]]) -> Table:
    """One row a secret.

    Args:
        decisions: to show.
        known: rule and preview by fingerprint.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("SECRET", "RULE", "STATE", "OWNER", "DUE", "EXPIRES", "SINCE", "BY", "REASON"):
        table.add_column(
            name, overflow="fold", no_wrap=name in ("SECRET", "STATE", "DUE", "EXPIRES")
        )
    for one in decisions:
        rule, preview = known.get(one.secret, ("not found here", ""))
        said = one.decision
        cells = (
            f"{preview} #{one.secret[:8]}".strip(), rule, _state(one), said.owner,
            _day(said.due), _day(said.expires), _day(one.changed), one.actor,
            said.reason or said.evidence,
        )  # fmt: skip
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table


def triage_json(
    decisions: Iterable[Triaged], known: Mapping[str, tuple[str, str]]
) -> Iterator[str]:
    """One line a secret."""
    for one in decisions:
        rule, preview = known.get(one.secret, (None, None))
        said = one.decision
        yield json.dumps(
            {
                "secret": one.secret, "rule": rule, "preview": preview, "state": one.state(),
                "decided": said.state, "owner": said.owner, "reason": said.reason,
                "note": said.note, "evidence": said.evidence,
                "revoked_at": iso_date(said.revoked_at, 0), "expires": iso_date(said.expires, 0),
                "due": iso_date(said.due, 0),
                "changed": iso_date(one.changed, 0), "by": one.actor,
                "reopened": one.reopened_by is not None,
            }
        )  # fmt: skip
