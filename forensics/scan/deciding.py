"""What somebody decides, checked, and without secrets in its texts."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence

from forensics.errors import UsageProblem
from forensics.index.decision import MAY_BE_DUE, unfit
from forensics.index.decision_dates import dates_from
from forensics.index.triage import Decision, Triage, Triaged
from forensics.key import Key
from forensics.scan.texts import Texts

__all__ = ["decision_from", "without_secrets"]

_LONGEST = 2000


def decision_from(
    given: Mapping[str, str | None], triage: Triage, secrets: Sequence[str], key: Key
) -> Iterator[tuple[str, Decision]]:
    """What is decided about each secret: what is given; besides, where the state stays as it was,
    all that was said before, else what holds in any state.

    Raises:
        UsageProblem: what is given does not fit together.
    """
    known = Texts(key, triage.connection)
    texts = {
        name: _text(name, given[name], known) for name in ("owner", "reason", "note", "evidence")
    }
    now = time.time()
    expires, when, due, never = dates_from(given, now)
    before = {one.secret: one for one in triage.current(set(secrets))}
    for secret in secrets:
        earlier = before.get(secret)
        was = earlier.decision if earlier else Decision("open")
        state = given["state"] or (earlier.state() if earlier else "open")
        said = was if state == was.state else _moved(was, state)
        said = said._replace(
            **{name: text for name, text in texts.items() if text is not None},
            expires=expires if expires is not None else said.expires,
            revoked_at=when if when is not None else said.revoked_at,
            due=due if due is not None or never else said.due,
        )
        if said.expires is not None and said.expires <= now:
            said = said._replace(expires=None)
        if problem := unfit(said):
            raise UsageProblem(*problem)
        yield secret, said


def _moved(was: Decision, state: str) -> Decision:
    """What still holds of what was said when the state is another one: reasons and evidence do not,
    a due date as long as the secret is to be rotated."""
    due = was.due if was.state in MAY_BE_DUE and state in MAY_BE_DUE else None
    return Decision(state, was.owner, note=was.note, due=due)


def _text(name: str, given: str | None, known: Texts) -> str | None:
    if not given:
        return given
    if len(given) > _LONGEST:
        raise UsageProblem(f"--{name} is longer than {_LONGEST} characters", "shorten it")
    return known.masked(given)


def without_secrets(one: Triaged, known: Texts) -> Triaged:
    """What somebody else decided, any secret in its texts masked."""
    said = one.decision
    clean = said._replace(
        owner=known.masked(said.owner),
        reason=known.masked(said.reason),
        note=known.masked(said.note),
        evidence=known.masked(said.evidence),
    )
    return one._replace(decision=clean, actor=known.masked(one.actor))
