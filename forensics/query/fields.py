"""The fields that a query knows."""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = [
    "FIELDS", "SEVERITIES", "STAGES", "STATES", "STATUSES", "TO_ROTATE",
    "Field", "Kind", "field_named", "names",
]  # fmt: skip

Kind = Literal["choice", "pattern", "number", "time", "due", "point", "fingerprint"]

SEVERITIES = ("low", "medium", "high", "critical")
"""From the least."""
STATES = ("open", "confirmed", "false-positive", "accepted", "revoked", "test")
STATUSES = (
    "present", "removed", "stash", "reflog", "unreachable", "gone",
    "false-positive", "accepted", "revoked", "test", "ignored",
)  # fmt: skip
STAGES = ("detected", "assigned", "replaced", "revoked", "verified")
"""How far a rotation can have come."""
TO_ROTATE = STAGES[:3]
"""Where a due date still counts."""
_NO_ALIAS: dict[str, str] = {}


class Field(NamedTuple):
    """A field, and what may stand after its colon."""

    name: str
    kind: Kind
    what: str
    """What it asks for, in a few words."""
    expected: str
    """What may follow, for a message."""
    choices: tuple[str, ...] = ()
    ordered: bool = False
    """Whether choices can be compared."""
    called: dict[str, str] = _NO_ALIAS
    """Other words for choices."""
    aliases: tuple[str, ...] = ()


_TIME = "a date such as 2024, 2024-11 or 2024-11-19, a range such as 2019..2021, or <30d"
_COUNT = "a number, a range such as 2..5, or >10"
FIELDS = (
    Field("state", "choice", "what people decided", "one of " + ", ".join(STATES), STATES,
          called={"new": "open", "real": "confirmed", "fp": "false-positive",
                  "false": "false-positive"}),
    Field("sev", "choice", "how severe it is", "low, medium, high or critical, or >=high",
          SEVERITIES, ordered=True, aliases=("severity",)),
    Field("rule", "pattern", "what finds it", "the id of a rule, or aws*"),
    Field("repo", "pattern", "in which repository", "the name of a repository",
          aliases=("repository",)),
    Field("path", "pattern", "at which path", "a path, a name on it, or **/test/**",
          aliases=("file",)),
    Field("env", "pattern", "in which environment, as its path says", "an environment such as prod",
          aliases=("environment",)),
    Field("author", "pattern", "who introduced it", "a part of a name or address"),
    Field("seen", "time", "at some time between first and last", _TIME),
    Field("first", "time", "when it was first introduced", _TIME),
    Field("last", "time", "when it last came, went or changed", _TIME),
    Field("new", "point", "when a scan first found it",
          "visit for your last one, a row of the journal such as #137, or a time such as <7d",
          aliases=("since",)),
    Field("stage", "choice", "how far its rotation has come",
          "one of " + ", ".join(STAGES) + ", or none", (*STAGES, "none")),
    Field("owner", "pattern", "who takes care of it", "a part of a name, or * for anybody"),
    Field("due", "due", "until when it is to be rotated",
          "a date such as 2027-01-31, a range such as 2026..2027, or <14d from now"),
    Field("overdue", "choice", "whether it should have been rotated by now", "yes or no",
          ("yes", "no")),
    Field("status", "choice", "what became of it there", "one of " + ", ".join(STATUSES), STATUSES),
    Field("live", "choice", "whether it stands at the tip of a ref", "yes or no", ("yes", "no")),
    Field("sightings", "number", "in how many places of how many versions", _COUNT),
    Field("paths", "number", "at how many paths", _COUNT),
    Field("checksum", "choice", "whether its own checksum is right", "right, wrong or none",
          ("right", "wrong", "none")),
    Field("fp", "fingerprint", "the start of its fingerprint", "hexadecimal digits such as 9f3c21",
          aliases=("fingerprint",)),
)  # fmt: skip

_BY_NAME = {name: one for one in FIELDS for name in (one.name, *one.aliases)}


def field_named(name: str) -> Field | None:
    """The field of that name, or of which it is another."""
    return _BY_NAME.get(name)


def names() -> tuple[str, ...]:
    """Every name, other ones too."""
    return tuple(_BY_NAME)
