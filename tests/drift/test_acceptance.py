"""What an acceptance covers, and what it does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forensics.drift.acceptance import Acceptance, accept_events, fits, printable_glob, unused
from forensics.drift.model import Cell, DriftEvent, Matrix, Row, Step

TODAY = date(2026, 11, 22)
OPENED = Step(b"\1" * 20, "Ada Example <ada@acme.example>", 1_700_000_000, 0, ())


def event(
    kind: str, present: str = "dev staging", missing: str = "prod", **facts: Any
) -> DriftEvent:
    """Open drift of the key LOG_LEVEL in the set web."""
    given: dict[str, Any] = {
        "set": "web", "key": "LOG_LEVEL", "opened": OPENED, "closed": None, "closed_how": "",
        "days": 1.0, "severity": "high", "certain": True, "expected": "", "steps": (),
        "paths": (),
    }  # fmt: skip
    return DriftEvent(
        kind, present=tuple(present.split()), missing=tuple(missing.split()), **(given | facts)
    )


def acceptance(**facts: Any) -> Acceptance:
    """Of that key, until a month from now, unless told otherwise."""
    given: dict[str, Any] = {
        "set": "web", "key": "LOG_LEVEL", "kind": "", "environment": "", "reason": "quieter",
        "owner": "ops", "expires": date(2026, 12, 22),
    }  # fmt: skip
    return Acceptance(**(given | facts))


def accepted(one: DriftEvent, *said: Acceptance, groups: dict[str, str] | None = None) -> bool:
    """Whether the event counts as accepted."""
    cells = {
        name: Cell("value" if group else "absent", group, "", 0, "")
        for name, group in (groups or {}).items()
    }
    row = Row(one.set, one.key, cells, True, "")
    now = Matrix("main", "", tuple(cells), (row,), ()) if groups else None
    (judged,) = accept_events([one], said, TODAY, now)
    assert bool(judged.acceptance) == judged.accepted
    return judged.accepted


def test_an_event_names_who_accepted_it_and_until_when() -> None:
    """Nothing else of it changes."""
    before = event("missing")
    (judged,) = accept_events([before], [acceptance()], TODAY)
    assert judged.acceptance == "quieter (ops, until 2026-12-22)"
    assert judged._replace(accepted=False, acceptance="") == before


def test_sets_and_keys_are_globs_and_kinds_are_not() -> None:
    """An empty kind is any."""
    one = event("missing")
    assert accepted(one, acceptance(set="w*", key="LOG_*"))
    assert accepted(one, acceptance(kind="missing"))
    assert not accepted(one, acceptance(kind="value"))
    assert not accepted(one, acceptance(set="api"))
    assert not accepted(one, acceptance(key="log_*"))


def test_a_key_with_brackets_is_what_it_says() -> None:
    """Keys of lists have them, and a glob would take them for something else."""
    key = 'env[name="DB_HOST"].value'
    assert fits(key, key)
    assert accepted(event("missing", key=key), acceptance(key=key))


def test_what_expired_does_not_count_from_the_day_after() -> None:
    """On the last day it does."""
    assert accepted(event("missing"), acceptance(expires=TODAY))
    assert not accepted(event("missing"), acceptance(expires=date(2026, 11, 21)))


def test_every_environment_that_lacks_something_has_to_be_accepted() -> None:
    """By one acceptance or several; those that have it do not matter."""
    one = event("missing", "dev", "preprod prod")
    preprod, prod = (acceptance(environment=name) for name in ("preprod", "prod"))
    assert not accepted(one, prod)
    assert accepted(one, prod, preprod)
    assert not accepted(one, acceptance(environment="dev"))
    assert accepted(event("rotation", "dev", "prod"), prod)


def test_what_is_missing_no_longer_needs_no_acceptance() -> None:
    """Because it has the key by now, or is gone."""
    one, prod = event("missing", "dev", "gone preprod prod"), acceptance(environment="prod")
    assert accepted(one, prod, groups={"dev": "A", "preprod": "A", "prod": ""})
    assert not accepted(one, prod, groups={"dev": "A", "preprod": "", "prod": ""})


def test_what_is_only_there_is_accepted_of_those_that_have_it() -> None:
    """Not of those that lack it."""
    one = event("extra", "dev", "staging prod")
    assert accepted(one, acceptance(environment="dev"))
    assert not accepted(one, acceptance(environment="prod"))


def test_of_a_shared_secret_all_but_one_environment_have_to_be_accepted() -> None:
    """As long as two that are not still share it, it is wrong."""
    dev = acceptance(environment="dev")
    assert accepted(event("shared", "dev prod", ""), dev)
    assert not accepted(event("shared", "dev staging prod", ""), dev)
    same = {"dev": "A", "staging": "A", "prod": "A"}
    assert not accepted(event("shared", "dev staging prod", ""), dev, groups=same)


@pytest.mark.parametrize("kind", ["value", "stale"])
def test_of_a_difference_the_others_have_to_agree(kind: str) -> None:
    """What differs is accepted of one environment, and the rest is one value."""
    one, prod = event(kind, "dev staging prod", ""), acceptance(environment="prod")
    assert accepted(one, prod, groups={"dev": "A", "staging": "A", "prod": "B"})
    assert not accepted(one, prod, groups={"dev": "A", "staging": "B", "prod": "C"})
    assert not accepted(one, prod, groups={"dev": "", "staging": "", "prod": "C"})
    assert not accepted(one, prod)


def test_acceptances_of_nothing_open_are_told() -> None:
    """Those that expired are told elsewhere."""
    closed = event("missing", closed=OPENED)
    used, idle = acceptance(), acceptance(key="GONE")
    old = acceptance(key="OLD", expires=date(2020, 1, 1))
    assert unused([used, idle, old], [event("missing")], TODAY) == [idle]
    assert unused([used], [closed], TODAY) == [used]


@pytest.mark.parametrize("text", ["a", "a[0].b", "x\x1b[2J[0]*", "\u202e?", "*\u200b*"])
def test_a_name_that_does_not_print_has_a_glob_that_does(text: str) -> None:
    """It means that name, and none without as many characters."""
    glob = printable_glob(text)
    assert glob.isprintable()
    assert fits(text, glob)
    assert not fits(f"{text}x", glob)
